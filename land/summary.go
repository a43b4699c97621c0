package land

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// Tally counts parcels and their land.
type Tally struct {
	Parcels int     `json:"parcels"`
	AreaM2  float64 `json:"area_m2"`
}

func (t *Tally) add(m2 float64) { t.Parcels, t.AreaM2 = t.Parcels+1, t.AreaM2+m2 }

// Count is how much of the city a pack puts into one class, how much more may fall
// there once what is missing is known, and how sure the settled part is.
type Count struct {
	ID         string  `json:"id"`
	Settled    Tally   `json:"settled"`
	Possible   Tally   `json:"possible"`   // not settled; an undecided rule would put it here
	Confidence float64 `json:"confidence"` // mean over the settled, by number; 0 when none
}

// Lacking is an input that left rules undecided.
type Lacking struct {
	Input    string `json:"input"`
	Withheld bool   `json:"withheld"` // known perhaps, but not permitted for grading
	Tally
}

// Summary says what a grading came to.
type Summary struct {
	Pack       string        `json:"pack"`
	AsOf       plottage.Date `json:"as_of"`
	All        Tally         `json:"all"`
	InScope    Tally         `json:"in_scope"`   // the pack applies
	OutOfScope Tally         `json:"out_scope"`  // it does not
	Undecided  Tally         `json:"undecided"`  // nobody can say whether it does
	Candidates Tally         `json:"candidates"` // may be cleared by a plan
	Confidence float64       `json:"confidence"` // mean over all but those out of scope
	Stages     []Count       `json:"stages,omitempty"`
	Queues     []Count       `json:"queues,omitempty"`
	Grades     []Count       `json:"grades,omitempty"`
	Disposals  []Count       `json:"disposals,omitempty"`
	Missing    []Lacking     `json:"missing,omitempty"` // most land first
}

// Summarise counts the verdicts of a pack; areaM2 is indexed like them.
func Summarise(p *Pack, verdicts []plottage.Verdict, areaM2 []float64) Summary {
	s := Summary{Pack: p.Ref()}
	c := counts{rules: map[string]*Then{}, missing: map[string]*Lacking{}}
	for i := range p.Rules {
		c.rules[p.Rules[i].ID] = &p.Rules[i].Then
	}
	for k := range c.of {
		c.of[k] = map[string]*Count{}
	}
	confidence := 0.0
	for i := range verdicts {
		v, m2 := &verdicts[i], areaM2[i]
		s.AsOf = v.AsOf
		s.All.add(m2)
		switch scope(v) {
		case plottage.Fails:
			s.OutOfScope.add(m2)
			continue
		case plottage.Undecided:
			s.Undecided.add(m2)
		default:
			s.InScope.add(m2)
		}
		confidence += v.Confidence
		if v.Candidate {
			s.Candidates.add(m2)
		}
		c.add(v, m2)
	}
	if n := s.InScope.Parcels + s.Undecided.Parcels; n > 0 {
		s.Confidence = confidence / float64(n)
	}
	s.Stages = c.list(stagePart, order(stages))
	s.Queues = c.list(queuePart, order(queues))
	s.Grades = c.list(gradePart, classIDs(p.Grades))
	s.Disposals = c.list(disposalPart, classIDs(p.Disposals))
	s.Missing = c.lacking()
	return s
}

// scope says whether the pack applies to the parcel, by the finding on that.
func scope(v *plottage.Verdict) plottage.Outcome {
	if len(v.Findings) > 0 && v.Findings[0].Rule == scopeRule {
		return v.Findings[0].Outcome
	}
	return plottage.Holds
}

type counts struct {
	rules   map[string]*Then
	of      [5]map[string]*Count
	missing map[string]*Lacking
}

func (c *counts) add(v *plottage.Verdict, m2 float64) {
	settled := [5]string{string(v.Stage), string(v.Queue), v.Grade, v.Disposal, ""}
	for k, id := range settled {
		if id != "" {
			n := c.at(k, id)
			n.Settled.add(m2)
			n.Confidence += v.Confidence
		}
	}
	lacks := map[string]bool{}
	possible := map[[2]string]bool{}
	for _, f := range v.Findings {
		if f.Outcome != plottage.Undecided {
			continue
		}
		for _, name := range f.Missing {
			lacks[name] = lacks[name] || slices.Contains(f.Withheld, name)
		}
		if then := c.rules[f.Rule]; then != nil {
			for k, id := range then.parts() {
				key := [2]string{string(rune('0' + k)), id}
				if id != "" && id != noQueue && k != candidatePart && settled[k] == "" && !possible[key] {
					possible[key] = true
					c.at(k, id).Possible.add(m2)
				}
			}
		}
	}
	for name, withheld := range lacks {
		l := c.missing[name]
		if l == nil {
			l = &Lacking{Input: name}
			c.missing[name] = l
		}
		l.Withheld = l.Withheld || withheld
		l.add(m2)
	}
}

func (c *counts) at(k int, id string) *Count {
	n := c.of[k][id]
	if n == nil {
		n = &Count{ID: id}
		c.of[k][id] = n
	}
	return n
}

// list returns the counts of one part in the given order.
func (c *counts) list(k int, ids []string) []Count {
	var list []Count
	for _, id := range ids {
		if n := c.of[k][id]; n != nil {
			if n.Settled.Parcels > 0 {
				n.Confidence /= float64(n.Settled.Parcels)
			}
			list = append(list, *n)
		}
	}
	return list
}

func (c *counts) lacking() []Lacking {
	var list []Lacking
	for _, l := range c.missing {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b Lacking) int {
		return cmp.Or(cmp.Compare(b.AreaM2, a.AreaM2), cmp.Compare(b.Parcels, a.Parcels), cmp.Compare(a.Input, b.Input))
	})
	return list
}

func order[T ~string](all []T) []string {
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = string(x)
	}
	return ids
}

func classIDs(all []Class) []string {
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	return ids
}
