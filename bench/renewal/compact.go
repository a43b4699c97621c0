package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
)

// compact is the same problem as one mixed-integer program that names lots and not sets of
// lots. Every connected part of the lots has as many seats as blocks fit into its area; x
// says which lots sit where, y when a seat starts, z their product, a root and a flow that
// every lot takes a unit of keep a seat in one piece, and w places projects.
// docs/method/renewal.md#compact.
type compact struct {
	p     *renewal.Problem
	m     lp.Model
	seats []seat
}

type seat struct {
	lots []int   // of its part
	x    []int   // column by lot of the part
	y    []int   // by year
	w    [][]int // by project and year, -1: it does not come then
}

// money is the unit of amounts of money in the program, so that coefficients are of like
// size.
const money = 1e6

// newCompact refuses a problem with parts that the program does not state.
func newCompact(p *renewal.Problem) (*compact, error) {
	plain := len(p.Modes) == 1 && !p.Decant && p.Block.MinCompactnessPPM == 0 && len(p.Locks)+len(p.Bridges)+len(p.Pockets)+len(p.Signed)+len(p.WholeOwners)+len(p.Floors) == 0 && p.Approved == nil
	for i := range p.Lots {
		plain = plain && len(p.Lots[i].Mixes) == 0 && !p.Lots[i].In[0].Off
	}
	for _, z := range p.Towns {
		plain = plain && len(z.PowerKW) == 0 && z.MinAreaM2 == 0
	}
	for _, k := range p.Projects {
		plain = plain && k.After == "" && len(k.Misfits) == 0 && len(k.Modes) == 0
	}
	for _, c := range p.Caps {
		plain = plain && !c.Cumulative && c.Resource != renewal.Fund
	}
	if !plain {
		return nil, errors.New("the compact program states blocks, caps by year and projects only")
	}
	c := &compact{p: p, m: lp.Model{Maximise: true}}
	c.state()
	return c, nil
}

// discounted is what a yearly amount from a year on comes to.
func (c *compact) discounted(amount int64, year int) float64 {
	sum := 0.0
	for k := max(0, year-c.p.Years[0]); k < len(c.p.DiscountPPM); k++ {
		sum += float64(c.p.DiscountPPM[k]) / 1e6
	}
	return sum * float64(amount)
}

// worth is the value of a lot cleared from a year on, projects apart.
func (c *compact) worth(l *renewal.Lot, t int) float64 {
	in, year := &l.In[0], c.p.Years[t]
	once := float64(c.p.DiscountPPM[t]) / 1e6
	v := c.discounted(in.AfterCNY, year+c.p.Modes[0].BuildYears) - c.discounted(l.NowCNY, year) - once*float64(in.CostCNY)
	if ready := t + c.p.Modes[0].BuildYears; ready < len(c.p.DiscountPPM) {
		v += float64(c.p.DiscountPPM[ready]) / 1e6 * float64(in.ReceiptCNY)
	}
	return v
}

func uses(l *renewal.Lot, what renewal.Resource) (use, unit float64) {
	switch what {
	case renewal.Money:
		return float64(l.In[0].CostCNY), money
	case renewal.Demolition:
		return float64(l.In[0].DemolishedM2), 1e3
	}
	return float64(l.Workers), 1
}

// column adds a column whose entries the caller lists as row, coefficient, ….
func (c *compact) column(cost, upper float64, integer bool, entries ...any) int {
	col := lp.Column{Cost: cost, Upper: upper, Integer: integer}
	for i := 0; i < len(entries); i += 2 {
		if row := entries[i].(int32); row >= 0 {
			col.Rows, col.Coef = append(col.Rows, row), append(col.Coef, entries[i+1].(float64))
		}
	}
	return c.m.AddColumn(col)
}

func (c *compact) state() {
	p, m, T := c.p, &c.m, len(c.p.Years)
	parts, near := parts(p)
	caps := make([]int32, len(p.Caps))
	for i, k := range p.Caps {
		_, unit := uses(&p.Lots[0], k.Resource)
		caps[i] = m.AddRow(math.Inf(-1), float64(k.Limit)/unit)
	}
	project := make([]int32, len(p.Projects))
	for k := range project {
		project[k] = m.AddRow(math.Inf(-1), 1)
	}
	once := make([]int32, len(p.Lots)) // a lot sits once
	for i := range once {
		once[i] = m.AddRow(math.Inf(-1), 1)
	}
	for _, lots := range parts {
		var land int64
		for _, i := range lots {
			land += p.Lots[i].AreaM2
		}
		before := int32(-1)
		for range land / p.Block.MinAreaM2 {
			before = c.seat(lots, near, caps, project, once, before, T)
		}
	}
}

// seat states one seat; seats of a part are taken in order of their land, which before
// holds for the last.
func (c *compact) seat(lots []int, near map[int][]int, caps, project, once []int32, before int32, T int) int32 {
	p, m, n := c.p, &c.m, float64(len(lots))
	s := seat{lots: lots}
	free := math.Inf(-1)
	starts := m.AddRow(free, 1)           // Σ_t y ≤ 1
	root := m.AddRow(0, 0)                // Σ_i r = Σ_t y
	least := m.AddRow(0, 1e9)             // Σ a x ≥ min Σ y, in 1,000 m²
	most := m.AddRow(free, 0)             // Σ a x ≤ max Σ y
	order := m.AddRow(free, 0)            // land of the next seat ≤ land of this one
	room := make([]int32, T)              // Σ area w ≤ Σ usable z
	sits := make([]int32, 0, T)           // z ≤ y, by lot and year
	is := make([]int32, 0, len(lots))     // Σ_t z = x
	flow := make([]int32, 0, len(lots))   // in + n r − out = x
	gate := make([]int32, 0, len(lots))   // what enters a lot ≤ n x
	rooted := make([]int32, 0, len(lots)) // r ≤ x
	for t := range T {
		room[t] = m.AddRow(free, 0)
	}
	for range lots {
		is, flow = append(is, m.AddRow(0, 0)), append(flow, m.AddRow(0, 1e9))
		gate, rooted = append(gate, m.AddRow(free, 0)), append(rooted, m.AddRow(free, 0))
		for range T {
			sits = append(sits, m.AddRow(free, 0))
		}
	}
	for t := range T {
		e := []any{starts, 1.0, root, -1.0, least, -float64(p.Block.MinAreaM2) / 1e3, most, -float64(p.Block.MaxAreaM2) / 1e3}
		for i := range lots {
			e = append(e, sits[i*T+t], -1.0)
		}
		s.y = append(s.y, c.column(0, 1, true, e...))
	}
	for i, lot := range lots {
		l := &p.Lots[lot]
		area := float64(l.AreaM2) / 1e3
		s.x = append(s.x, c.column(0, 1, true, once[lot], 1.0, least, area, most, area, order, -area, before, area, is[i], -1.0, flow[i], -1.0, gate[i], -n, rooted[i], -1.0))
		c.column(0, 1, true, root, 1.0, rooted[i], 1.0, flow[i], n) // r
		for t := range T {
			e := []any{is[i], 1.0, sits[i*T+t], 1.0, room[t], -float64(l.In[0].UsableM2) / 1e3}
			for k, row := range caps {
				if p.Caps[k].Year == p.Years[t] {
					use, unit := uses(l, p.Caps[k].Resource)
					e = append(e, row, use/unit)
				}
			}
			c.column(c.worth(l, t)/money, 1, false, e...) // z
		}
		for _, to := range near[lot] {
			j := slices.Index(lots, to)
			c.column(0, n, false, flow[i], -1.0, flow[j], 1.0, gate[j], 1.0)
		}
	}
	town := p.Lots[lots[0]].Town
	for k := range p.Projects {
		q := &p.Projects[k]
		list := slices.Repeat([]int{-1}, T)
		for t := range T {
			year := max(p.Years[t]+p.Modes[0].BuildYears, q.Release)
			if year > q.Deadline || len(q.Towns) > 0 && !slices.Contains(q.Towns, town) {
				continue
			}
			list[t] = c.column(c.discounted(q.GainCNY, year)/money, 1, true, project[k], 1.0, room[t], float64(q.AreaM2)/1e3)
		}
		s.w = append(s.w, list)
	}
	c.seats = append(c.seats, s)
	return order
}

// parts lists the connected parts of the lots of one town, and the neighbours of each lot.
func parts(p *renewal.Problem) (all [][]int, near map[int][]int) {
	at := map[string]int{}
	for i := range p.Lots {
		at[p.Lots[i].ID] = i
	}
	near = map[int][]int{}
	for _, l := range p.Links {
		if a, b := at[l.A], at[l.B]; p.Lots[a].Town == p.Lots[b].Town {
			near[a], near[b] = append(near[a], b), append(near[b], a)
		}
	}
	seen := make([]bool, len(p.Lots))
	for i := range p.Lots {
		if seen[i] {
			continue
		}
		part := []int{i}
		seen[i] = true
		for n := 0; n < len(part); n++ {
			for _, j := range near[part[n]] {
				if !seen[j] {
					seen[j] = true
					part = append(part, j)
				}
			}
		}
		all = append(all, part)
	}
	return all, near
}

// plan reads a point of the program as a plan.
func (c *compact) plan(x []float64) plottage.Plan {
	p := c.p
	plan := plottage.Plan{Years: p.Years}
	for n, s := range c.seats {
		t := slices.IndexFunc(s.y, func(j int) bool { return x[j] > 0.5 })
		if t < 0 {
			continue
		}
		b := plottage.Block{ID: fmt.Sprint("B", n), Mode: p.Modes[0].Name, Year: p.Years[t], Town: p.Lots[s.lots[0]].Town}
		for i, lot := range s.lots {
			if x[s.x[i]] > 0.5 {
				b.Parcels = append(b.Parcels, p.Lots[lot].ID)
			}
		}
		slices.Sort(b.Parcels)
		plan.Blocks = append(plan.Blocks, b)
		for k, list := range s.w {
			if list[t] >= 0 && x[list[t]] > 0.5 {
				q := &p.Projects[k]
				plan.Placements = append(plan.Placements, plottage.Placement{Project: q.ID, Block: b.ID, Year: max(b.Year+p.Modes[0].BuildYears, q.Release), AreaM2: float64(q.AreaM2)})
			}
		}
	}
	plan.Moves = renewal.Ledger(p, plan.Blocks)
	return plan
}

// beside runs the compact program and prints its row: value and bound as the engine says
// them, and what the evaluator says of the plan.
func beside(p renewal.Problem, label string, engine lp.Engine, limit time.Duration) error {
	c, err := newCompact(&p)
	if err != nil {
		return err
	}
	if engine == nil {
		return errors.New("the compact program needs HiGHS")
	}
	session, err := engine.Open(context.Background())
	if err != nil {
		return err
	}
	defer session.Close()
	start := time.Now()
	if err := session.Load(context.Background(), &c.m); err != nil {
		return err
	}
	sol, err := session.Solve(context.Background(), lp.Options{Limit: limit, Gap: 1e-6})
	if err != nil {
		return err
	}
	said, gap, value := "no plan", math.Inf(1), 0.0
	if sol.X != nil {
		plan := c.plan(sol.X)
		e := renewal.Evaluate(&p, &plan)
		value, said = float64(e.Value), "kept"
		gap = (sol.Bound*money - value) / math.Max(1, math.Abs(value))
		switch {
		case len(e.Broken) > 0:
			said = fmt.Sprint("breaks ", e.Broken[0])
		case math.Abs(value-sol.Value*money) > 1e-5*math.Abs(value)+10*float64(len(p.Lots)):
			said = fmt.Sprintf("worth %.0f to the program", sol.Value*money)
		}
	}
	fmt.Printf("%s compact\t%.0f\t%.0f\t%.4f%%\t%.1f\t%d\t%d columns, %d rows\t-\t%s\t%d nodes\t%s\n", label, value, sol.Bound*money, 100*gap,
		time.Since(start).Seconds(), len(p.Lots), len(c.m.Columns), len(c.m.Rows), sol.Status, sol.Nodes, said)
	return nil
}
