package renewal

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// wholeTolerance is how far from a whole number solvers leave what has to be one.
const wholeTolerance = 1e-5

// Plan reads a point of the program, values by the names of columns, those that are
// missing 0, as a plan: which blocks start, with which lots, in which mixes, and which
// projects take their land. Flows are not looked at, and neither is whether the plan keeps
// the rules: Evaluate says. Bridges that a block does not need are left out. The error, a
// *plottage.Error of code BadInput, names the column that is unknown, not whole or out of
// bounds, or the seat that makes no block.
func (g *Program) Plan(values map[string]float64) (plottage.Plan, error) {
	x, err := g.point(values)
	if err != nil {
		return plottage.Plan{}, err
	}
	r := &programReader{g: g, x: x, keeper: newKeeper(g.p), block: map[int32]int{}}
	for n := range g.seats {
		if err := r.seat(int32(n)); err != nil {
			return plottage.Plan{}, err
		}
	}
	if err := r.projects(); err != nil {
		return plottage.Plan{}, err
	}
	r.name()
	return complete(g.p, SketchesOf(&r.plan), &r.plan), nil
}

// point puts values in the order of the columns; of those that have to be whole it asks
// that they are.
func (g *Program) point(values map[string]float64) ([]float64, error) {
	at := make(map[string]int, len(g.Columns))
	for j, name := range g.Columns {
		at[name] = j
	}
	x := make([]float64, len(g.Columns))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		j, known := at[name]
		if !known {
			return nil, notAPlan("renewal_take_column", name, values[name])
		}
		x[j] = values[name]
	}
	for j := range x {
		c := &g.Model.Columns[j]
		switch {
		case !c.Integer:
		case !(math.Abs(x[j]-math.Round(x[j])) <= wholeTolerance): // NaN too
			return nil, notAPlan("renewal_take_fraction", g.Columns[j], x[j])
		case math.Round(x[j]) < c.Lower || math.Round(x[j]) > c.Upper:
			return nil, notAPlan("renewal_take_bounds", g.Columns[j], x[j])
		}
	}
	return x, nil
}

// notAPlan says of a column or seat why the answer is no plan.
func notAPlan(key, name string, value any) error {
	return &plottage.Error{Code: plottage.BadInput, Key: key, Args: map[string]any{"name": name, "value": fmt.Sprint(value)},
		Where: plottage.Where{Field: name, Value: fmt.Sprint(value)}}
}

// programReader reads a point as a plan.
type programReader struct {
	g      *Program
	x      []float64
	keeper *keeper
	plan   plottage.Plan
	block  map[int32]int // of the plan, by seat
}

func (r *programReader) is(column int) bool { return column >= 0 && r.x[column] > 0.5 }

// seat makes the block of a seat, if there is one.
func (r *programReader) seat(n int32) error {
	g, s := r.g, &r.g.seats[n]
	start, starts := -1, 0
	for q, column := range s.start {
		if r.is(column) {
			start, starts = q, starts+1
		}
	}
	b := plottage.Block{Treated: s.as, Cluster: len(r.plan.Blocks)} // its number while reading
	if s.in == nil && starts == 0 {
		return nil
	}
	for k, v := range s.nodes {
		switch {
		case s.in != nil && !r.is(s.in[k]):
		case g.bridge(v):
			b.Kept = append(b.Kept, g.m.lots[v].ID)
		default:
			b.Parcels = append(b.Parcels, g.m.lots[v].ID)
		}
	}
	switch {
	case len(b.Parcels) == 0 && len(b.Kept) == 0 && starts == 0:
		return nil
	case starts != 1:
		return notAPlan("renewal_take_starts", s.name, starts)
	case len(b.Parcels) == 0:
		return notAPlan("renewal_take_empty", s.name, 0)
	}
	b.Year, b.Mode, b.Town = g.p.Years[g.m.year(start)], g.p.Modes[g.m.mode(start)].Name, g.m.towns[s.town]
	for _, c := range s.mixed {
		if x := g.m.entry(c.entry); r.is(int(c.column)) {
			b.Treated = append(b.Treated, plottage.Treated{Parcel: x.ID, Buildings: g.m.lots[x.place].Mixes[x.mix].Buildings})
		}
	}
	if s.in != nil {
		r.dropUnneeded(&b)
	}
	slices.Sort(b.Parcels)
	slices.Sort(b.Kept)
	r.block[n] = len(r.plan.Blocks)
	r.plan.Blocks = append(r.plan.Blocks, b)
	return nil
}

// dropUnneeded takes bridges out of a block one by one while it needs them not.
func (r *programReader) dropUnneeded(b *plottage.Block) {
	in := map[string]bool{}
	for _, id := range slices.Concat(b.Parcels, b.Kept) {
		in[id] = true
	}
	for {
		free := r.keeper.unneeded(in, b.Kept)
		if len(free) == 0 {
			return
		}
		delete(in, free[0])
		b.Kept = slices.DeleteFunc(b.Kept, func(id string) bool { return id == free[0] })
	}
}

func (r *programReader) projects() error {
	g := r.g
	for _, p := range g.put {
		if !r.is(p.column) {
			continue
		}
		n, stands := r.block[p.seat]
		if !stands || !r.is(g.seats[p.seat].start[p.start]) {
			return notAPlan("renewal_take_project", g.Columns[p.column], g.seats[p.seat].name)
		}
		k := &g.m.projects[p.project]
		r.plan.Placements = append(r.plan.Placements, plottage.Placement{Project: k.ID, Block: fmt.Sprint(n)})
	}
	slices.SortStableFunc(r.plan.Placements, func(a, b plottage.Placement) int { return cmp.Compare(a.Project, b.Project) })
	for i := 1; i < len(r.plan.Placements); i++ {
		if id := r.plan.Placements[i].Project; id == r.plan.Placements[i-1].Project {
			return notAPlan("renewal_take_twice", id, 2)
		}
	}
	return nil
}

// name orders the blocks by year and land and names them as those of any plan.
func (r *programReader) name() {
	blocks, id := r.plan.Blocks, map[string]string{}
	slices.SortStableFunc(blocks, func(a, b plottage.Block) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), slices.Compare(a.Parcels, b.Parcels))
	})
	r.g.p.name(blocks, nil)
	for i := range blocks {
		id[fmt.Sprint(blocks[i].Cluster)] = blocks[i].ID
	}
	for i := range r.plan.Placements {
		r.plan.Placements[i].Block = id[r.plan.Placements[i].Block]
	}
}
