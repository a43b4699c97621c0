package land

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plottage/plottage"
)

// row gives conditions the values of one parcel at a time. It works values out when
// they are asked for, remembers them for the parcel, and notes what was read. A
// value nobody knows comes as CEL's unknown, which spreads through everything that
// turns on it: true || unknown is true, false || unknown is unknown.
type row struct {
	g    *Program
	cols []*Column // indexed like Pack.Inputs
	t    *Table
	i    int

	score   *ratings
	values  []ref.Val // indexed like language.vars; nil not asked for yet
	touched []int     // vars with a value
	read    []int     // vars read since the last start
	isRead  []bool
	unknown []*types.Unknown // one a variable, made once
}

func newRow(g *Program, t *Table) *row {
	n := len(g.language.vars)
	r := &row{g: g, t: t, values: make([]ref.Val, n), isRead: make([]bool, n), unknown: make([]*types.Unknown, n)}
	for _, in := range g.Pack.Inputs {
		c := t.Column(in.Name)
		if c == nil {
			panic("land: the table lacks the input " + in.Name)
		}
		r.cols = append(r.cols, c)
	}
	for k, v := range g.language.vars {
		r.unknown[k] = types.NewUnknown(int64(k+1), types.NewAttributeTrail(v.name))
	}
	return r
}

// at moves to a parcel.
func (r *row) at(i int) {
	r.i = i
	for _, k := range r.touched {
		r.values[k] = nil
	}
	r.touched = r.touched[:0]
}

// ResolveName gives CEL the value of a variable.
func (r *row) ResolveName(name string) (any, bool) {
	k, ok := r.g.language.at[name]
	if !ok {
		return nil, false
	}
	return r.value(k), true
}

// Parent is nil: there is no outer scope.
func (r *row) Parent() cel.Activation { return nil }

func (r *row) value(k int) ref.Val {
	if !r.isRead[k] {
		r.isRead[k] = true
		r.read = append(r.read, k)
	}
	if v := r.values[k]; v != nil {
		return v
	}
	v := r.work(k)
	if v == nil {
		v = r.unknown[k]
	}
	r.values[k] = v
	r.touched = append(r.touched, k)
	return v
}

// work returns the value of a variable, nil when it is not known.
func (r *row) work(k int) ref.Val {
	switch v := r.g.language.vars[k]; v.source {
	case fromColumn:
		return r.cols[v.ref].val(r.i)
	case fromParameter:
		return r.g.params[v.ref]
	case fromDerived:
		out, _, err := r.g.derived[v.ref].program.Eval(r)
		if err != nil || types.IsUnknown(out) {
			return nil
		}
		return out
	case fromScore:
		return r.score.val(v.ref, r.i)
	default: // known(x)
		return types.Bool(!types.IsUnknown(r.value(v.ref)))
	}
}

// val is the value as CEL knows it, nil when not known.
func (c *Column) val(i int) ref.Val {
	switch {
	case c.State[i] != Known:
		return nil
	case c.Text != nil:
		return types.String(c.Text[i])
	case c.Kind == plottage.Flag:
		return types.Bool(c.Num[i] != 0)
	}
	return types.Double(c.Num[i])
}

// eval applies an expression to the parcel. It returns nil when the answer turns on
// something unknown, or cannot be worked out. After it, read lists what it read.
func (r *row) eval(e *expression) (ref.Val, *types.Unknown) {
	for _, k := range r.read {
		r.isRead[k] = false
	}
	r.read = r.read[:0]
	out, _, err := e.program.Eval(r)
	if err != nil {
		return nil, nil
	}
	if u, ok := out.(*types.Unknown); ok {
		return nil, u
	}
	return out, nil
}

// outcome applies a condition; nil holds.
func (r *row) outcome(e *expression) (plottage.Outcome, *types.Unknown) {
	if e == nil {
		return plottage.Holds, nil
	}
	out, u := r.eval(e)
	switch out {
	case nil:
		return plottage.Undecided, u
	case types.True:
		return plottage.Holds, nil
	}
	return plottage.Fails, nil
}

// missing names the inputs an undecided expression would have needed: for each of
// its comparisons that could not be made, what of it is not known.
func (r *row) missing(e *expression, u *types.Unknown) (missing, withheld []string) {
	var m lack
	r.lacks(e, u, &m)
	slices.Sort(m.missing)
	slices.Sort(m.withheld)
	return slices.Compact(m.missing), slices.Compact(m.withheld)
}

type lack struct{ missing, withheld []string }

func (r *row) lacks(e *expression, u *types.Unknown, m *lack) {
	turnsOn := map[int]bool{}
	if u != nil {
		for _, id := range u.IDs() {
			turnsOn[int(id-1)] = true
		}
	}
	for _, atom := range e.atoms {
		if u != nil && !slices.ContainsFunc(atom, func(k int) bool { return turnsOn[k] }) {
			continue
		}
		for _, k := range atom {
			if types.IsUnknown(r.value(k)) {
				r.lacksVar(k, m)
			}
		}
	}
}

// lacksVar adds what to fill in so that a variable becomes known.
func (r *row) lacksVar(k int, m *lack) {
	v := r.g.language.vars[k]
	switch v.source {
	case fromDerived:
		e := r.g.derived[v.ref]
		out, _, _ := e.program.Eval(r)
		u, _ := out.(*types.Unknown)
		r.lacks(e, u, m)
	case fromScore:
		r.score.lacks(r.i, m)
		if len(m.missing) == 0 {
			m.missing = append(m.missing, v.name)
		}
	case fromColumn:
		r.cols[v.ref].lacks(r.t, r.i, m)
	default:
		m.missing = append(m.missing, v.name)
	}
}

// lacks names the input, or the inputs it is worked out from that are not known.
func (c *Column) lacks(t *Table, i int, m *lack) {
	found := false
	for _, name := range c.From {
		if src := t.Column(name); src != nil && src.State[i] != Known {
			src.lacks(t, i, m)
			found = true
		}
	}
	if found {
		return
	}
	m.missing = append(m.missing, c.Name)
	if c.State[i] == Withheld {
		m.withheld = append(m.withheld, c.Name)
	}
}

// inputs are the known values among the first n that the last evaluation read.
func (r *row) inputs(n int) map[string]any {
	var m map[string]any
	for _, k := range r.read[:n] {
		v := r.g.language.vars[k]
		if v.source == fromKnown || v.source == fromParameter || types.IsUnknown(r.values[k]) {
			continue
		}
		if m == nil {
			m = make(map[string]any, n)
		}
		m[v.name] = native(r.values[k])
	}
	return m
}

func native(v ref.Val) any {
	switch v := v.(type) {
	case types.Double:
		return float64(v)
	case types.String:
		return string(v)
	case types.Bool:
		return bool(v)
	}
	return v.Value()
}
