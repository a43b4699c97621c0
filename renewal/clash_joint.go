package renewal

import (
	"context"
	"math"
	"slices"
	"strings"
)

// raising begins the goal under which some limits are lifted together and plans are worth
// minus what they use of them; the names of the rows follow, parted by lines.
const raising = "limits raised\n"

// mostRaises is how many limits are put back one by one: each is a question of its own.
const mostRaises = 12

// scaledRow is a row that a goal counts, in parts of its scale.
type scaledRow struct {
	row
	scale float64
}

// raise lifts the rows named. It returns the goal of using little of them.
func (m *model) raise(names []string) *row {
	goal := &row{name: raising}
	for i := range m.rows {
		if r := &m.rows[i]; slices.Contains(names, r.name) {
			goal.shares = append(goal.shares, scaledRow{*r, m.p.scaleOf(r)})
			r.limit = unlimited
		}
	}
	return goal
}

// scaleOf is the limit of a row, or a fiftieth of all that could be used where that is more.
func (p *Problem) scaleOf(r *row) float64 {
	var all int64
	for i := range p.Lots {
		most := int64(0)
		for mode := range p.Modes {
			q := p.quantitiesOf(&p.Lots[i], mode)
			for t := range p.Years {
				most = max(most, -r.worth(&q, i, p.Lots[i].Town, mode, t, t+p.Modes[mode].BuildYears))
			}
		}
		all += most
	}
	return max(float64(r.limit+r.base), float64(all)/50, 1)
}

// sharesWorth is minus what a lot counts in the rows of the goal, in millionths of their
// scales.
func (r *row) sharesWorth(q *quantities, lot int, town string, mode, t, ready int) int64 {
	var sum float64
	for i := range r.shares {
		s := &r.shares[i]
		sum += float64(s.worth(q, lot, town, mode, t, ready)) * 1e6 / s.scale
	}
	return int64(math.Floor(sum))
}

// raised is a limit, and what a plan takes of it.
type raised struct {
	row           string
	limit, needed int64
}

// jointly finds limits that have to be raised together, where raising one alone does not
// do, so that a plan is found: none of them could be left as it is, as far as was found
// out. nil: not found, or limits are not what stands in the way.
func (s *solver) jointly(ctx context.Context, q *inquiry) []Clash {
	var names []string
	for i := range s.m.rows {
		switch r := &s.m.rows[i]; r.kind {
		case yearCap, cumCap, fundRow, decantRow, changeRow:
			names = append(names, r.name)
		}
	}
	all := s.raises(ctx, q, names, jointRounds)
	if len(all) < len(names) && len(all) > 0 { // the others as they stand: less of these may do
		if less := s.raises(ctx, q, namesOf(all), jointRounds); len(less) > 0 {
			all = less
		}
	}
	for n := 0; n < len(all) && n < mostRaises && len(all) > 1; {
		rest := slices.Delete(namesOf(all), n, n+1)
		if s.stands(rest...) {
			n++
		} else if fewer := s.raises(ctx, q, rest, clashRounds); len(fewer) > 0 {
			all, n = fewer, 0
		} else {
			n++
		}
	}
	asks := s.m.asking()
	var clashes []Clash
	for _, r := range all {
		c := asks
		c.Row, c.Limit, c.Needed, c.Joint = r.row, r.limit, r.needed, len(all) > 1
		clashes = append(clashes, c)
		q.name(c)
	}
	return clashes
}

// rowsWhere are the numbers of the rows for which a condition holds.
func (m *model) rowsWhere(holds func(r *row) bool) []int {
	var all []int
	for i := range m.rows {
		if holds(&m.rows[i]) {
			all = append(all, i)
		}
	}
	return all
}

// raises lifts the limits named and returns those that a plan found so takes more of.
func (s *solver) raises(ctx context.Context, q *inquiry, names []string, rounds int) []raised {
	if len(names) == 0 {
		return nil
	}
	p := withoutProjects(s.p)
	g := q.ask(ctx, p, question{goal: raising + strings.Join(names, "\n"), share: 3, rounds: rounds})
	if g == nil || g.search.best.short > 0 {
		return nil
	}
	plan := g.drawn(p)
	var all []raised
	for _, b := range evaluate(p, &plan).Broken {
		switch {
		case b.Rule == "row" && slices.Contains(names, b.Object):
			all = append(all, raised{b.Object, b.Want, b.Got})
		case b.Rule != "firm_without_place": // it has one where the limit on floor that waits is raised
			return nil
		}
	}
	return all
}

// asksLand reports whether a row asks for land: its limit is reached, not kept.
func asksLand(row string) bool {
	return strings.HasPrefix(row, "town:") || strings.HasPrefix(row, "floor:")
}

func namesOf(all []raised) []string {
	var names []string
	for _, r := range all {
		names = append(names, r.row)
	}
	return names
}
