package land

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plottage/plottage"
)

// Program is a pack with its parameters fixed, ready to grade. It may be used by
// several goroutines at once.
type Program struct {
	Pack       *Pack
	Parameters map[string]any // effective values; nil is not set

	language *language
	params   []ref.Val // indexed like Pack.Parameters; nil not set
	derived  []*expression
	applies  *expression
	rules    []*expression
	rated    *expression
	groups   []group
}

type group struct {
	when  *expression // nil: always
	parts []part
}

type part struct {
	value              *expression
	weight, cap, floor float64
	base               float64
	baseOf             string // "mean", "median", "industry_mean": worked out from the group
}

// Compile fixes a pack's parameters; set replaces defaults by parameter id, as
// values of the parameter's kind or as text (lists separated by commas). The error
// is a [plottage.Error] that names the parameter.
func Compile(p *Pack, set map[string]any) (*Program, error) {
	g := &Program{Pack: p, Parameters: map[string]any{}}
	for id := range set {
		if !slices.ContainsFunc(p.Parameters, func(q Parameter) bool { return q.ID == id }) {
			return nil, &plottage.Error{Code: plottage.Usage, Key: "land_parameter_unknown",
				Args: map[string]any{"name": id, "pack": p.Ref(), "names": strings.Join(parameterIDs(p), ", ")}}
		}
	}
	for _, par := range p.Parameters {
		v, given := set[par.ID]
		if !given {
			v = par.Default
		}
		value, native, err := par.read(v)
		if err != nil {
			return nil, &plottage.Error{Code: plottage.Usage, Key: "land_parameter_value", Err: err,
				Args: map[string]any{"name": par.ID, "value": v, "pack": p.Ref(), "want": par.wants()}}
		}
		g.params = append(g.params, value)
		g.Parameters[par.ID] = native
	}
	return g, g.build()
}

func parameterIDs(p *Pack) (ids []string) {
	for _, q := range p.Parameters {
		ids = append(ids, q.ID)
	}
	return ids
}

// wants shows which values a parameter takes, in signs of no language.
func (par Parameter) wants() string {
	switch {
	case par.Kind == FlagParameter:
		return "true, false"
	case par.Kind == TextsParameter:
		return "a,b,c"
	case par.Kind == TextParameter:
		return strings.Join(par.Choices, ", ")
	}
	return bound(par.Min, "-∞") + " … " + bound(par.Max, "∞")
}

// read takes a value of the parameter's kind, or its text.
func (par Parameter) read(v any) (ref.Val, any, error) {
	if v == nil {
		return nil, nil, nil
	}
	switch par.Kind {
	case FlagParameter:
		b, err := toFlag(v)
		return types.Bool(b), b, err
	case TextParameter:
		s, ok := v.(string)
		if !ok || len(par.Choices) > 0 && !slices.Contains(par.Choices, s) {
			return nil, nil, wrong("choice", "want", strings.Join(par.Choices, ", "))
		}
		return types.String(s), s, nil
	case TextsParameter:
		list, err := toTexts(v)
		return types.NewStringList(types.DefaultTypeAdapter, list), list, err
	}
	x, err := toNumber(v)
	if err != nil {
		return nil, nil, err
	}
	if par.Min != nil && x < *par.Min || par.Max != nil && x > *par.Max {
		return nil, nil, wrong("range", "want", bound(par.Min, "-∞")+" … "+bound(par.Max, "∞"))
	}
	return types.Double(x), x, nil
}

func bound(x *float64, none string) string {
	if x == nil {
		return none
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

func toNumber(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		if finite(v) {
			return v, nil
		}
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case string:
		if x, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && finite(x) {
			return x, nil
		}
	}
	return 0, wrong("number")
}

func toFlag(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		if b, err := strconv.ParseBool(v); err == nil {
			return b, nil
		}
	}
	return false, wrong("choice", "want", "true, false")
}

func toTexts(v any) ([]string, error) {
	var list []string
	switch v := v.(type) {
	case []string:
		list = v
	case []any:
		for _, x := range v {
			list = append(list, fmt.Sprint(x))
		}
	case string:
		for s := range strings.SplitSeq(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				list = append(list, s)
			}
		}
	default:
		return nil, wrong("list")
	}
	if len(list) > 1000 {
		return nil, wrong("many", "n", 1000)
	}
	return list, nil
}

// build compiles every expression of the pack.
func (g *Program) build() error {
	l, err := newLanguage(g.Pack)
	if err != nil {
		return packError(g.Pack, "inputs", "", err)
	}
	g.language = l
	p := g.Pack
	for i, d := range p.Derived {
		e, err := l.compile(d.Value, celType(variable{kind: d.Kind}))
		if err == nil {
			err = l.earlier(e, i)
		}
		if err != nil {
			return packError(p, fmt.Sprintf("derived[%s].value", d.Name), d.Value, err)
		}
		g.derived = append(g.derived, e)
	}
	if g.applies, err = g.condition("applies", p.Applies); err != nil {
		return err
	}
	if err := g.buildScore(); err != nil {
		return err
	}
	for _, r := range p.Rules {
		e, err := g.condition(fmt.Sprintf("rules[%s].when", r.ID), r.When)
		if err != nil {
			return err
		}
		g.rules = append(g.rules, e)
	}
	return nil
}

// earlier holds a derived value to those before it, so that none turns on itself.
func (l *language) earlier(e *expression, i int) error {
	for _, v := range e.reads {
		x := l.vars[v]
		if x.source == fromKnown {
			x = l.vars[x.ref]
		}
		if x.source == fromDerived && x.ref >= i || x.source == fromScore {
			return wrong("later", "name", x.name)
		}
	}
	return nil
}

// condition compiles a condition; an empty one is nil.
func (g *Program) condition(field, text string) (*expression, error) {
	if text == "" {
		return nil, nil
	}
	e, err := g.language.compile(text, cel.BoolType)
	if err != nil {
		return nil, packError(g.Pack, field, text, err)
	}
	return e, nil
}

func (g *Program) buildScore() error {
	s := g.Pack.Score
	if s == nil {
		return nil
	}
	var err error
	if g.rated, err = g.unscored("score.rated", s.Rated); err != nil {
		return err
	}
	for _, gr := range s.Groups {
		at := fmt.Sprintf("score.groups[%s]", gr.ID)
		when, err := g.unscored(at+".when", gr.When)
		if err != nil {
			return err
		}
		built := group{when: when}
		for _, pt := range gr.Parts {
			b, err := g.part(fmt.Sprintf("%s.parts[%s]", at, pt.ID), pt)
			if err != nil {
				return err
			}
			built.parts = append(built.parts, b)
		}
		g.groups = append(g.groups, built)
	}
	return nil
}

// unscored is a condition that may not read the score it helps to make.
func (g *Program) unscored(field, text string) (*expression, error) {
	e, err := g.condition(field, text)
	if err == nil && e != nil {
		if err = g.language.earlier(e, len(g.Pack.Derived)); err != nil {
			err = packError(g.Pack, field, text, err)
		}
	}
	return e, err
}

func (g *Program) part(at string, pt Part) (b part, err error) {
	if b.value, err = g.language.compile(pt.Value, cel.DoubleType); err == nil {
		err = g.language.earlier(b.value, len(g.Pack.Derived))
	}
	if err != nil {
		return b, packError(g.Pack, at+".value", pt.Value, err)
	}
	b.cap = math.Inf(1)
	for _, q := range []struct {
		name string
		v    any
		to   *float64
	}{{"weight", pt.Weight, &b.weight}, {"cap", pt.Cap, &b.cap}, {"floor", pt.Floor, &b.floor}} {
		if q.v == nil && q.name != "weight" {
			continue
		}
		if *q.to, err = g.quantity(q.v); err != nil {
			return b, packError(g.Pack, at+"."+q.name, fmt.Sprint(q.v), err)
		}
	}
	if s, ok := pt.Base.(string); ok && slices.Contains([]string{"mean", "median", "industry_mean"}, s) {
		b.baseOf = s
		if s == "industry_mean" && !g.Pack.declares("industry") {
			err = wrong("undeclared", "name", "industry")
		}
	} else {
		b.base, err = g.quantity(pt.Base)
	}
	if err != nil {
		return b, packError(g.Pack, at+".base", fmt.Sprint(pt.Base), err)
	}
	return b, nil
}

func (p *Pack) declares(input string) bool {
	return slices.ContainsFunc(p.Inputs, func(d Declaration) bool { return d.Name == input })
}

// quantity is a number or the name of a parameter that is one.
func (g *Program) quantity(v any) (float64, error) {
	if name, ok := v.(string); ok {
		x, ok := g.Parameters[name].(float64)
		if !ok {
			return 0, wrong("quantity", "name", name)
		}
		return x, nil
	}
	return toNumber(v)
}

// Reads lists the inputs to tabulate for the program, in the order declared.
func (g *Program) Reads() []string {
	names := make([]string, len(g.Pack.Inputs))
	for i, in := range g.Pack.Inputs {
		names[i] = in.Name
	}
	return names
}
