package land

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

var (
	packID   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	nameID   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	ruleID   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	codeID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_+-]{0,39}$`)
	version  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$`)
	reserved = []string{"true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while", "known"}
)

// check says what is wrong with the pack beside its expressions.
func (p *Pack) check() error {
	c := &inspector{p: p}
	c.head()
	names := c.names()
	c.list("grades", len(p.Grades), func(i int) (string, error) { return classOf(p.Grades[i]) })
	c.list("disposals", len(p.Disposals), func(i int) (string, error) { return classOf(p.Disposals[i]) })
	c.list("rules", len(p.Rules), func(i int) (string, error) { return p.Rules[i].ID, p.checkRule(&p.Rules[i]) })
	if p.Score != nil {
		c.score(p.Score)
	}
	c.list("examples", len(p.Examples), func(i int) (string, error) { return p.Examples[i].Name, p.checkExample(&p.Examples[i], names) })
	if len(p.Rules) == 0 && p.Score == nil {
		c.fail("rules", "", wrong("no_rule"))
	}
	return c.err
}

type inspector struct {
	p   *Pack
	err error
}

func (c *inspector) fail(field, value string, err error) {
	if c.err == nil && err != nil {
		c.err = packError(c.p, field, value, err)
	}
}

func (c *inspector) match(field string, re *regexp.Regexp, s string) {
	if !re.MatchString(s) {
		c.fail(field, s, wrong("name", "want", re))
	}
}

func (c *inspector) label(field string, l plottage.Label) {
	if l.ZH == "" || l.EN == "" {
		c.fail(field, l.ZH+l.EN, wrong("languages"))
	}
}

func (c *inspector) head() {
	p := c.p
	if p.Format != 1 {
		c.fail("format", fmt.Sprint(p.Format), wrong("choice", "want", "1"))
	}
	c.match("id", packID, p.ID)
	c.match("version", version, p.Version)
	c.label("title", p.Title)
	for _, d := range []plottage.Date{p.InForce.From, p.InForce.To} {
		if _, _, _, ok := civil(d); d != "" && !ok {
			c.fail("in_force", string(d), wrong("day"))
		}
	}
	if p.InForce.From != "" && p.InForce.To != "" && p.InForce.To < p.InForce.From {
		c.fail("in_force", string(p.InForce.To), wrong("period"))
	}
	if len(p.Sources) == 0 {
		c.fail("sources", "", wrong("no_source"))
	}
	for i, s := range p.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		c.label(at+".text", s.Text)
		if !slices.Contains([]Status{Seen, Partly, Unverified, Sample, Choice}, s.Status) {
			c.fail(at+".status", string(s.Status), wrong("choice", "want", "seen, partly, unverified, example, choice"))
		}
	}
}

// list checks the items of a list: not too many, each id once.
func (c *inspector) list(field string, n int, item func(i int) (string, error)) {
	if n > maxItems {
		c.fail(field, fmt.Sprint(n), wrong("many", "n", maxItems))
		return
	}
	seen := map[string]bool{}
	for i := range n {
		id, err := item(i)
		if err == nil && seen[id] {
			err = wrong("twice")
		}
		seen[id] = true
		c.fail(fmt.Sprintf("%s[%d]", field, i), id, err)
	}
}

// names checks inputs, parameters and derived values, and returns what they are called.
func (c *inspector) names() map[string]bool {
	p, names := c.p, map[string]bool{}
	once := func(name string) error {
		if names[name] || slices.Contains(reserved, name) || strings.HasPrefix(name, knownPrefix) || p.Score != nil && isScoreVar(name) {
			return wrong("twice")
		}
		names[name] = true
		return nil
	}
	c.list("inputs", len(p.Inputs), func(i int) (string, error) {
		d := p.Inputs[i]
		in, ok := InputByName(d.Name)
		if !ok {
			return d.Name, wrong("no_input")
		}
		if in.Kind != d.Kind || in.Unit != d.Unit {
			return d.Name, wrong("input_kind", "want", fmt.Sprintf("kind: %s, unit: %q", in.Kind, in.Unit))
		}
		return d.Name, once(d.Name)
	})
	c.list("parameters", len(p.Parameters), func(i int) (string, error) {
		q := p.Parameters[i]
		return q.ID, errors.Join(checkParameter(q), once(q.ID))
	})
	c.list("derived", len(p.Derived), func(i int) (string, error) {
		d := p.Derived[i]
		if !nameID.MatchString(d.Name) || d.Label.ZH == "" || d.Label.EN == "" {
			return d.Name, wrong("labelled")
		}
		if !slices.Contains([]plottage.Kind{plottage.Number, plottage.Text, plottage.Flag}, d.Kind) {
			return d.Name, wrong("choice", "want", "number, text, flag")
		}
		return d.Name, once(d.Name)
	})
	return names
}

func isScoreVar(name string) bool {
	return slices.ContainsFunc(scoreVars, func(v variable) bool { return v.name == name })
}

func checkParameter(q Parameter) error {
	if !nameID.MatchString(q.ID) || q.Label.ZH == "" || q.Label.EN == "" {
		return wrong("labelled")
	}
	if !slices.Contains([]ParameterKind{NumberParameter, TextParameter, FlagParameter, TextsParameter}, q.Kind) {
		return wrong("choice", "want", "number, text, flag, texts")
	}
	return nil
}

func classOf(c Class) (string, error) {
	if !codeID.MatchString(c.ID) || c.Label.ZH == "" || c.Label.EN == "" {
		return c.ID, wrong("labelled")
	}
	return c.ID, nil
}

var (
	stages = []plottage.Stage{"", plottage.Unsupplied, plottage.SuppliedUnused, plottage.UnderBuilt, plottage.NotOperating, plottage.BelowStandard, plottage.InFullUse}
	queues = []plottage.Queue{"", noQueue, plottage.QueueUnsupplied, plottage.QueueStock, plottage.QueueIdle, plottage.QueueInefficient}
)

func (p *Pack) checkRule(r *Rule) error {
	switch {
	case !ruleID.MatchString(r.ID) || r.ID == scoreRule || r.ID == scopeRule:
		return wrong("name", "want", ruleID)
	case r.Text.ZH == "" || r.Text.EN == "":
		return wrong("languages")
	case r.When == "":
		return wrong("no_condition")
	case !slices.Contains(stages, r.Then.Stage):
		return wrong("choice", "want", strings.Join(order(stages)[1:], ", "))
	case !slices.Contains(queues, r.Then.Queue):
		return wrong("choice", "want", strings.Join(order(queues)[1:], ", "))
	case r.Then.Grade != "" && !hasClass(p.Grades, r.Then.Grade):
		return wrong("listed", "name", r.Then.Grade, "list", "grades")
	case r.Then.Disposal != "" && !hasClass(p.Disposals, r.Then.Disposal):
		return wrong("listed", "name", r.Then.Disposal, "list", "disposals")
	case r.Weight != nil && !(*r.Weight >= 0 && *r.Weight <= 1e6):
		return wrong("range", "want", "0 … 1000000")
	}
	return nil
}

func hasClass(list []Class, id string) bool {
	return slices.ContainsFunc(list, func(c Class) bool { return c.ID == id })
}

func (c *inspector) score(s *Score) {
	if len(s.Groups) == 0 || len(s.Groups) > maxItems {
		c.fail("score.groups", fmt.Sprint(len(s.Groups)), wrong("no_group"))
		return
	}
	c.list("score.groups", len(s.Groups), func(i int) (string, error) {
		g := s.Groups[i]
		if !ruleID.MatchString(g.ID) || len(g.Parts) == 0 || len(g.Parts) > 50 {
			return g.ID, wrong("no_group")
		}
		seen := map[string]bool{}
		for _, part := range g.Parts {
			if !nameID.MatchString(part.ID) || seen[part.ID] {
				return part.ID, wrong("twice")
			}
			seen[part.ID] = true
		}
		return g.ID, nil
	})
	total := 0.0
	for _, cl := range s.Classes {
		total += cl.Share
		if !hasClass(c.p.Grades, cl.Grade) || !(cl.Share > 0) {
			c.fail("score.classes", cl.Grade, wrong("listed", "name", cl.Grade, "list", "grades"))
		}
	}
	if len(s.Classes) > 0 && math.Abs(total-1) > 1e-9 {
		c.fail("score.classes", fmt.Sprint(total), wrong("shares"))
	}
	if s.Unrated != "" && !hasClass(c.p.Grades, s.Unrated) {
		c.fail("score.unrated", s.Unrated, wrong("listed", "name", s.Unrated, "list", "grades"))
	}
}

func (p *Pack) checkExample(e *Example, names map[string]bool) error {
	if e.Name == "" {
		return wrong("labelled")
	}
	if _, _, _, ok := civil(e.AsOf); e.AsOf != "" && !ok {
		return wrong("day")
	}
	for name := range e.Given {
		if _, ok := InputByName(name); !ok {
			return wrong("no_input")
		}
	}
	for name := range e.Set {
		if !names[name] {
			return wrong("listed", "name", name, "list", "parameters")
		}
	}
	return nil
}
