package land

import (
	"cmp"
	"context"
	"math"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/plottage/plottage"
)

// ratings are the scores and classes of all parcels under a pack's score.
type ratings struct {
	pack  *Score
	rated []plottage.Outcome
	group []int // index into Score.Groups, -1 none or undecided
	value [][]plottage.Opt[float64]
	lack  []*lack // what is missing, for parcels that could not be scored
	score []plottage.Opt[float64]
	class []string // "" none
}

// val is the value of scoreVars[k] for parcel i, nil when not known.
func (s *ratings) val(k, i int) ref.Val {
	switch {
	case s == nil:
		return nil
	case scoreVars[k].name == "rated" && s.rated[i] != plottage.Undecided:
		return types.Bool(s.rated[i] == plottage.Holds)
	case scoreVars[k].name == "score" && s.score[i].Known:
		return types.Double(s.score[i].V)
	case scoreVars[k].name == "score_class" && s.class[i] != "":
		return types.String(s.class[i])
	case scoreVars[k].name == "score_group" && s.group[i] >= 0:
		return types.String(s.pack.Groups[s.group[i]].ID)
	}
	return nil
}

func (s *ratings) lacks(i int, m *lack) {
	if s != nil && s.lack[i] != nil {
		m.missing = append(m.missing, s.lack[i].missing...)
		m.withheld = append(m.withheld, s.lack[i].withheld...)
	}
}

// outcome says whether the score of a parcel is settled: scored, or not to be rated.
func (s *ratings) outcome(i int) plottage.Outcome {
	switch {
	case s.rated[i] == plottage.Fails:
		return plottage.Fails
	case s.score[i].Known:
		return plottage.Holds
	}
	return plottage.Undecided
}

// rate scores and ranks all parcels to which the pack applies.
func (g *Program) rate(ctx context.Context, t *Table) (*ratings, error) {
	n := len(t.IDs)
	s := &ratings{pack: g.Pack.Score, rated: make([]plottage.Outcome, n), group: make([]int, n),
		value: make([][]plottage.Opt[float64], n), lack: make([]*lack, n),
		score: make([]plottage.Opt[float64], n), class: make([]string, n)}
	err := inParallel(ctx, n, func(lo, hi int) {
		r := newRow(g, t)
		for i := lo; i < hi; i++ {
			r.at(i)
			s.read(r, i)
		}
	})
	if err != nil {
		return nil, err
	}
	for k := range g.groups {
		s.weigh(g, t, k)
		s.rank(k)
	}
	for i := range s.class {
		if s.rated[i] == plottage.Fails {
			s.class[i] = s.pack.Unrated
		}
	}
	return s, nil
}

// read finds a parcel's group and the values of its indicators.
func (s *ratings) read(r *row, i int) {
	g := r.g
	s.group[i] = -1
	applies, u := r.outcome(g.applies)
	cause := g.applies
	if applies == plottage.Holds {
		applies, u = r.outcome(g.rated)
		cause = g.rated
	}
	s.rated[i] = applies
	if applies != plottage.Holds {
		s.note(r, i, applies, cause, u)
		return
	}
	for k, gr := range g.groups {
		out, u := r.outcome(gr.when)
		if out == plottage.Fails {
			continue
		}
		if out == plottage.Undecided {
			s.note(r, i, out, gr.when, u)
			return
		}
		s.group[i] = k
		s.parts(r, i, gr)
		return
	}
	s.rated[i] = plottage.Fails // in no group
}

func (s *ratings) parts(r *row, i int, gr group) {
	s.value[i] = make([]plottage.Opt[float64], len(gr.parts))
	for k, p := range gr.parts {
		if p.weight == 0 {
			continue // an indicator without weight need not be known
		}
		v, u := r.eval(p.value)
		x, ok := v.(types.Double)
		if !ok || !finite(float64(x)) {
			s.note(r, i, plottage.Undecided, p.value, u)
			continue
		}
		if p.baseOf == "industry_mean" {
			if c := r.t.Column("industry"); c.State[i] != Known {
				s.noteColumn(r.t, i, c)
				continue
			}
		}
		s.value[i][k] = plottage.Some(float64(x))
	}
}

func (s *ratings) note(r *row, i int, out plottage.Outcome, e *expression, u *types.Unknown) {
	if out != plottage.Undecided {
		return
	}
	if s.lack[i] == nil {
		s.lack[i] = &lack{}
	}
	missing, withheld := r.missing(e, u)
	s.lack[i].missing = append(s.lack[i].missing, missing...)
	s.lack[i].withheld = append(s.lack[i].withheld, withheld...)
}

func (s *ratings) noteColumn(t *Table, i int, c *Column) {
	if s.lack[i] == nil {
		s.lack[i] = &lack{}
	}
	c.lacks(t, i, s.lack[i])
}

// weigh adds the indicators of a group's parcels up to scores.
func (s *ratings) weigh(g *Program, t *Table, k int) {
	parts := g.groups[k].parts
	bases := make([]func(i int) float64, len(parts))
	for j, p := range parts {
		bases[j] = s.base(t, k, j, p)
	}
	for i := range s.group {
		if s.group[i] != k {
			continue
		}
		total, ok := 0.0, true
		for j, p := range parts {
			if p.weight == 0 {
				continue
			}
			v, base := s.value[i][j], bases[j](i)
			if !v.Known || !(base > 0) {
				ok = false
				break
			}
			total += p.weight * max(p.floor, min(p.cap, v.V/base))
		}
		if ok && finite(total) {
			s.score[i] = plottage.Some(total)
		}
	}
}

// base returns what an indicator is measured against: a number, or the mean or
// median of the group's known values, or their mean within the parcel's industry.
func (s *ratings) base(t *Table, k, j int, p part) func(i int) float64 {
	if p.baseOf == "" {
		return func(int) float64 { return p.base }
	}
	var all []float64
	sum, count := map[string]float64{}, map[string]int{}
	industry := t.Column("industry")
	for i := range s.group {
		if s.group[i] != k || !s.value[i][j].Known {
			continue
		}
		all = append(all, s.value[i][j].V)
		if industry != nil {
			sum[industry.Text[i]] += s.value[i][j].V
			count[industry.Text[i]]++
		}
	}
	x := math.NaN()
	switch {
	case p.baseOf == "industry_mean":
		return func(i int) float64 { return sum[industry.Text[i]] / float64(count[industry.Text[i]]) }
	case len(all) == 0:
	case p.baseOf == "mean":
		x = mean(all)
	default:
		x = median(all)
	}
	return func(int) float64 { return x }
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// rank gives classes by rank within a group: the first share of the list takes the
// first class, and so on, rounded to the nearest parcel. Equal scores get the
// better class of the two.
func (s *ratings) rank(k int) {
	var list []int
	for i := range s.group {
		if s.group[i] == k && s.score[i].Known {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(s.score[b].V, s.score[a].V) })
	class, end, cumulative := -1, 0, 0.0
	for at, i := range list {
		for at >= end && class+1 < len(s.pack.Classes) {
			class++
			cumulative += s.pack.Classes[class].Share
			end = int(math.Floor(cumulative*float64(len(list)) + 0.5 + 1e-9))
			if class == len(s.pack.Classes)-1 {
				end = len(list)
			}
		}
		s.class[i] = s.pack.Classes[class].Grade
		if at > 0 && s.score[i].V == s.score[list[at-1]].V {
			s.class[i] = s.class[list[at-1]]
		}
	}
}
