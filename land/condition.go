package land

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/checker"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plottage/plottage"
)

// Bounds on one expression. Conditions have no loops, so that their cost is known
// before they run.
const (
	maxExpression = 2000    // characters
	maxCost       = 200_000 // steps for texts of maxText characters
	maxText       = 4096
	maxNesting    = 60
)

// knownPrefix marks the variable behind known(x); names of packs cannot begin so.
const knownPrefix = "known__"

// language is the environment conditions are checked in: the pack's inputs,
// parameters and derived values, a few operators and functions, nothing else.
type language struct {
	env  *cel.Env
	vars []variable
	at   map[string]int // name, index into vars
}

type source uint8

const (
	fromColumn source = iota
	fromParameter
	fromDerived
	fromScore // score, score_class, score_group, rated
	fromKnown // known(x): vars[ref]
)

// variable is a name conditions may use.
type variable struct {
	name   string
	source source
	ref    int // column of the pack, parameter, derived value, score value, or variable
	kind   plottage.Kind
	list   bool
}

// scoreVars stand for the pack's own score where it has one.
var scoreVars = []variable{
	{name: "score", kind: plottage.Number}, {name: "score_class", kind: plottage.Text},
	{name: "score_group", kind: plottage.Text}, {name: "rated", kind: plottage.Flag},
}

func newLanguage(p *Pack) (*language, error) {
	l := &language{at: map[string]int{}}
	for i, in := range p.Inputs {
		l.declare(variable{name: in.Name, source: fromColumn, ref: i, kind: in.Kind})
	}
	for i, par := range p.Parameters {
		kind := map[ParameterKind]plottage.Kind{NumberParameter: plottage.Number, FlagParameter: plottage.Flag}[par.Kind]
		if kind == "" {
			kind = plottage.Text
		}
		l.declare(variable{name: par.ID, source: fromParameter, ref: i, kind: kind, list: par.Kind == TextsParameter})
	}
	for i, d := range p.Derived {
		l.declare(variable{name: d.Name, source: fromDerived, ref: i, kind: d.Kind})
	}
	if p.Score != nil {
		for i, v := range scoreVars {
			v.source, v.ref = fromScore, i
			l.declare(v)
		}
	}
	for i, n := 0, len(l.vars); i < n; i++ {
		l.declare(variable{name: knownPrefix + l.vars[i].name, source: fromKnown, ref: i, kind: plottage.Flag})
	}
	opts := append(functions(),
		cel.ClearMacros(), cel.Macros(cel.GlobalMacro("known", 1, expandKnown)),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxExpression), cel.ParserRecursionLimit(maxNesting))
	for _, v := range l.vars {
		opts = append(opts, cel.Variable(v.name, celType(v)))
	}
	env, err := cel.NewEnv(opts...)
	l.env = env
	return l, err
}

func (l *language) declare(v variable) {
	l.at[v.name] = len(l.vars)
	l.vars = append(l.vars, v)
}

func celType(v variable) *cel.Type {
	t := map[plottage.Kind]*cel.Type{plottage.Text: cel.StringType, plottage.Day: cel.StringType, plottage.Flag: cel.BoolType}[v.kind]
	switch {
	case v.list:
		return cel.ListType(cel.StringType)
	case t == nil:
		return cel.DoubleType
	}
	return t
}

// expandKnown turns known(x) into the variable that says whether x is known.
func expandKnown(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[0].Kind() != ast.IdentKind {
		return nil, eh.NewError(args[0].ID(), "known(…) takes the name of an input")
	}
	return eh.NewIdent(knownPrefix + args[0].AsIdent()), nil
}

// expression is a checked condition or value.
type expression struct {
	text    string
	program cel.Program
	atoms   [][]int // variables of each part that is not itself and, or, not or a choice
	reads   []int   // variables, ascending
}

// compile checks an expression of the wanted type.
func (l *language) compile(text string, want *cel.Type) (*expression, error) {
	if len(text) > maxExpression {
		return nil, wrong("long", "n", maxExpression)
	}
	parsed, issues := l.env.Parse(text)
	if issues.Err() != nil {
		return nil, firstIssue(issues)
	}
	root := parsed.NativeRep().Expr()
	if err := allowed(root); err != nil {
		return nil, err
	}
	decimals(root)
	checked, issues := l.env.Check(parsed)
	if issues.Err() != nil {
		return nil, firstIssue(issues)
	}
	if got := checked.OutputType(); !got.IsExactType(want) {
		return nil, wrong("type", "got", got, "want", want)
	}
	cost, err := l.env.EstimateCost(checked, sizes{})
	if err != nil {
		return nil, err
	}
	if cost.Max > maxCost {
		return nil, wrong("cost", "got", cost.Max, "n", maxCost)
	}
	program, err := l.env.Program(checked, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	e := &expression{text: text, program: program}
	l.collect(e, checked.NativeRep().Expr())
	return e, nil
}

// firstIssue is what the language says first about an expression, with the place in it.
func firstIssue(issues *cel.Issues) error {
	e := issues.Errors()[0]
	return wrong("language", "n", e.Location.Column()+1, "name", e.Message)
}

// sizes says how long texts and lists may be, for the estimate of cost.
type sizes struct{}

func (sizes) EstimateSize(checker.AstNode) *checker.SizeEstimate {
	return &checker.SizeEstimate{Max: maxText}
}

func (sizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}

// operatorsAllowed are the operators and functions of conditions.
var operatorsAllowed = map[string]bool{
	operators.LogicalAnd: true, operators.LogicalOr: true, operators.LogicalNot: true, operators.Conditional: true,
	operators.Equals: true, operators.NotEquals: true, operators.In: true,
	operators.Less: true, operators.LessEquals: true, operators.Greater: true, operators.GreaterEquals: true,
	operators.Add: true, operators.Subtract: true, operators.Multiply: true, operators.Divide: true, operators.Negate: true,
	"startsWith": true, "endsWith": true, "contains": true, "matches": true,
	"code_in": true, "full_months": true, "add_months": true,
}

// allowed refuses everything beyond operators, literals, names and known functions.
func allowed(root ast.Expr) error {
	var err error
	ast.PostOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			if f := e.AsCall().FunctionName(); !operatorsAllowed[f] && err == nil {
				err = wrong("function", "name", strings.Trim(f, "_"))
			}
		case ast.LiteralKind, ast.IdentKind, ast.ListKind:
		default:
			err = wrong("construct")
		}
	}))
	return err
}

// decimals writes whole numbers as decimals: every number of a parcel is one.
func decimals(root ast.Expr) {
	fac := ast.NewExprFactory()
	ast.PostOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.LiteralKind {
			return
		}
		if n, ok := e.AsLiteral().(types.Int); ok {
			e.SetKindCase(fac.NewLiteral(e.ID(), types.Double(n)))
		}
	}))
}

// collect lists the variables of an expression, and those of each of its atoms.
func (l *language) collect(e *expression, root ast.Expr) {
	if root.Kind() == ast.CallKind {
		switch call := root.AsCall(); call.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional:
			for _, arg := range call.Args() {
				l.collect(e, arg)
			}
			return
		}
	}
	var atom []int
	ast.PostOrderVisit(root, ast.NewExprVisitor(func(x ast.Expr) {
		if x.Kind() == ast.IdentKind {
			if i, ok := l.at[x.AsIdent()]; ok {
				atom = append(atom, i)
			}
		}
	}))
	e.atoms = append(e.atoms, atom)
	e.reads = append(e.reads, atom...)
	slices.Sort(e.reads)
	e.reads = slices.Compact(e.reads)
}

// functions are the functions a pack may call beside CEL's own on texts.
func functions() []cel.EnvOption {
	text, number, list := cel.StringType, cel.DoubleType, cel.ListType(cel.StringType)
	return []cel.EnvOption{
		cel.Function("code_in", cel.Overload("code_in_string_list", []*cel.Type{text, list}, cel.BoolType,
			cel.BinaryBinding(func(code, patterns ref.Val) ref.Val {
				return types.Bool(codeIn(string(code.(types.String)), patterns))
			}))),
		cel.Function("full_months", cel.Overload("full_months_string_string", []*cel.Type{text, text}, number,
			cel.BinaryBinding(func(d, e ref.Val) ref.Val {
				n, ok := FullMonths(plottage.Date(d.(types.String)), plottage.Date(e.(types.String)))
				if !ok {
					return types.NewErr("full_months wants two days")
				}
				return types.Double(n)
			}))),
		cel.Function("add_months", cel.Overload("add_months_string_double", []*cel.Type{text, number}, text,
			cel.BinaryBinding(func(d, n ref.Val) ref.Val {
				day, months := plottage.Date(d.(types.String)), float64(n.(types.Double))
				if _, _, _, ok := civil(day); !ok || !(-12_000 <= months && months <= 12_000) {
					return types.NewErr("add_months wants a day and up to 12000 months")
				}
				return types.String(day.AddMonths(int(months)))
			}))),
	}
}

// codeIn says whether a land-use code is one of the patterns; x stands for any
// digit, so that "4xx" is every code from 400 to 499.
func codeIn(code string, patterns ref.Val) bool {
	if texts, ok := patterns.Value().([]string); ok {
		return slices.ContainsFunc(texts, func(p string) bool { return codeLike(code, p) })
	}
	if vals, ok := patterns.Value().([]ref.Val); ok {
		return slices.ContainsFunc(vals, func(p ref.Val) bool { return codeLike(code, string(p.(types.String))) })
	}
	return false
}

func codeLike(code, pattern string) bool {
	if len(code) != len(pattern) {
		return false
	}
	for i := range len(code) {
		digit := '0' <= code[i] && code[i] <= '9'
		if pattern[i] == 'x' && digit || pattern[i] == code[i] {
			continue
		}
		return false
	}
	return true
}
