package workspace

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// GradeSure says how firmly a parcel's grade stands under the pack that graded last.
// It is stable when every rule that counts could be decided and no parameter of the
// pack, a tenth more or less, makes it another grade or no candidate.
type GradeSure struct {
	Parcel     string   `json:"parcel"`
	Grade      string   `json:"grade"`
	Candidate  bool     `json:"candidate"`
	Confidence float64  `json:"confidence"` // share of the pack's weight that could be decided
	Missing    []string `json:"missing"`    // inputs that undecided rules would have needed
	Tips       []Tip    `json:"tips"`       // what tips it
	Stable     bool     `json:"stable"`
	Graded     bool     `json:"graded"` // false: the pack says nothing of it
}

// Tip is a parameter of the pack that gives another grade when it is a tenth less, or
// more.
type Tip struct {
	Parameter string         `json:"parameter"`
	Label     plottage.Label `json:"label"`
	More      bool           `json:"more"`
}

// mostSensitive is the size of a city whose parameters are varied; in a larger one
// only what could not be decided counts.
const mostSensitive = 100_000

// GradeSureness says how firmly the grades of parcels stand, in the order given.
func (c *City) GradeSureness(ctx context.Context, parcels []string) ([]GradeSure, error) {
	verdicts, err := c.Verdicts(ctx, "")
	if err != nil {
		return nil, err
	}
	at := map[string]*plottage.Verdict{}
	for i := range verdicts {
		at[verdicts[i].Parcel] = &verdicts[i]
	}
	out := make([]GradeSure, len(parcels))
	for i, id := range parcels {
		out[i] = GradeSure{Parcel: id, Missing: []string{}, Tips: []Tip{}}
		if v := at[id]; v != nil {
			out[i].Grade, out[i].Candidate, out[i].Confidence, out[i].Graded = v.Grade, v.Candidate, v.Confidence, true
			for _, f := range v.Findings {
				for _, m := range f.Missing {
					if !slices.Contains(out[i].Missing, m) {
						out[i].Missing = append(out[i].Missing, m)
					}
				}
			}
		}
	}
	if len(verdicts) > 0 && len(verdicts) <= mostSensitive {
		if err := c.tip(ctx, verdicts[0].Pack, out); err != nil {
			return nil, err
		}
	}
	for i := range out {
		out[i].Stable = out[i].Graded && out[i].Confidence >= 1 && len(out[i].Tips) == 0
	}
	return out, nil
}

// tip grades again with each number of the pack a tenth less and more.
func (c *City) tip(ctx context.Context, ref string, all []GradeSure) error {
	in, ok, err := c.gradedFrom(ctx, ref)
	if err != nil || !ok {
		return err
	}
	pack, err := land.Load([]byte(in.Pack))
	if err != nil {
		return err
	}
	table := &land.Table{}
	if err := json.Unmarshal(in.Table, table); err != nil {
		return err
	}
	index := map[string]int{}
	for i := range all {
		index[all[i].Parcel] = i
	}
	for _, id := range slices.Sorted(maps.Keys(in.Parameters)) {
		v, ok := in.Parameters[id].(float64)
		if !ok || v == 0 {
			continue
		}
		tip := Tip{Parameter: id, Label: plottage.Label{ZH: id, EN: id}}
		if i := slices.IndexFunc(pack.Parameters, func(p land.Parameter) bool { return p.ID == id }); i >= 0 {
			tip.Label = pack.Parameters[i].Label
		}
		for _, factor := range []float64{0.9, 1.1} {
			tip.More = factor > 1
			set := maps.Clone(in.Parameters)
			set[id] = v * factor
			g, err := land.Compile(pack, set)
			if err != nil {
				continue // the pack does not admit that value
			}
			verdicts, err := g.Grade(ctx, table, nil)
			if err != nil {
				return err
			}
			for k := range verdicts {
				if i, ok := index[verdicts[k].Parcel]; ok && all[i].Graded && (verdicts[k].Grade != all[i].Grade || verdicts[k].Candidate != all[i].Candidate) {
					all[i].Tips = append(all[i].Tips, tip)
				}
			}
		}
	}
	return nil
}

// gradedFrom finds what the pack's last grading read; ok is false when its run is gone
// or did not keep the table.
func (c *City) gradedFrom(ctx context.Context, ref string) (in gradeInput, ok bool, err error) {
	runs, err := c.Runs(ctx)
	if err != nil {
		return in, false, err
	}
	for _, head := range runs {
		if head.Verb != "land grade" {
			continue
		}
		r, err := c.Run(ctx, head.ID)
		if err != nil {
			return in, false, err
		}
		var result gradeResult
		if json.Unmarshal(r.Result, &result) != nil || result.Summary.Pack != ref {
			continue
		}
		err = json.Unmarshal(r.Input, &in)
		return in, err == nil && len(in.Table) > 0, err
	}
	return in, false, nil
}
