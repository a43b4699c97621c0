package workspace

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// Explanation is a parcel's verdict with everything needed to put it in words.
type Explanation struct {
	Parcel     string             `json:"parcel"`
	Name       string             `json:"name,omitempty"`
	AreaM2     float64            `json:"area_m2"`
	Title      plottage.Label     `json:"title"` // of the pack
	Verdict    plottage.Verdict   `json:"verdict"`
	Grade      plottage.Label     `json:"grade"`    // label of the grade
	Disposal   plottage.Label     `json:"disposal"` // label of the way of disposal
	Findings   []ExplainedFinding `json:"findings"`
	Firms      []land.FirmOn      `json:"firms,omitempty"`
	Parameters map[string]any     `json:"parameters,omitempty"` // of the grading
	Pack       *land.Pack         `json:"-"`                    // nil when the city no longer has it
}

// ExplainedFinding is a finding with the text of its rule.
type ExplainedFinding struct {
	plottage.Finding
	Text   plottage.Label `json:"text"`
	Status land.Status    `json:"status,omitempty"` // how well the rule is founded
}

// Explain returns the verdict of one parcel under a pack, "" the pack graded last.
func (c *City) Explain(ctx context.Context, parcel, pack string) (Explanation, error) {
	p, err := c.Parcel(ctx, parcel)
	if err != nil {
		return Explanation{}, err
	}
	verdicts, err := c.graded(ctx, pack)
	if err != nil {
		return Explanation{}, err
	}
	i := slices.IndexFunc(verdicts, func(v plottage.Verdict) bool { return v.Parcel == parcel })
	if i < 0 {
		return Explanation{}, &plottage.Error{Code: plottage.NotFound, Key: "land_not_graded_parcel",
			Args: map[string]any{"parcel": parcel, "pack": verdicts[0].Pack}}
	}
	v := verdicts[i]
	e := Explanation{Parcel: parcel, Name: p.Name, AreaM2: p.AreaM2, Verdict: v}
	packs, err := c.Packs(ctx)
	if err != nil {
		return Explanation{}, err
	}
	if i := slices.IndexFunc(packs, func(q *land.Pack) bool { return q.Ref() == v.Pack }); i >= 0 {
		e.Pack = packs[i]
	}
	if e.Parameters, err = c.parametersOf(ctx, v.Pack); err != nil {
		return Explanation{}, err
	}
	e.fill()
	firms, err := c.Firms(ctx)
	if err != nil {
		return Explanation{}, err
	}
	holdings, err := c.Holdings(ctx)
	e.Firms = land.FirmsOn(parcel, v.Grade, firms, holdings)
	return e, err
}

func (e *Explanation) fill() {
	for _, f := range e.Verdict.Findings {
		x := ExplainedFinding{Finding: f}
		if e.Pack != nil {
			x.Text = e.Pack.RuleText(f.Rule, e.Parameters)
			if i := slices.IndexFunc(e.Pack.Rules, func(r land.Rule) bool { return r.ID == f.Rule }); i >= 0 {
				x.Status = e.Pack.Rules[i].Status
			}
		}
		e.Findings = append(e.Findings, x)
	}
	if e.Pack != nil {
		e.Title = e.Pack.Title
		e.Grade = classLabel(e.Pack.Grades, e.Verdict.Grade)
		e.Disposal = classLabel(e.Pack.Disposals, e.Verdict.Disposal)
	}
}

func classLabel(classes []land.Class, id string) plottage.Label {
	for _, c := range classes {
		if c.ID == id {
			return c.Label
		}
	}
	return plottage.Label{ZH: id, EN: id}
}

// parametersOf finds what the pack's last grading was run with; nil when its run is
// gone.
func (c *City) parametersOf(ctx context.Context, ref string) (map[string]any, error) {
	runs, err := c.Runs(ctx)
	if err != nil {
		return nil, err
	}
	for _, head := range runs {
		if head.Verb != "land grade" {
			continue
		}
		r, err := c.Run(ctx, head.ID)
		if err != nil {
			return nil, err
		}
		var result gradeResult
		var in gradeInput
		if json.Unmarshal(r.Result, &result) != nil || result.Summary.Pack != ref {
			continue
		}
		err = json.Unmarshal(r.Input, &in)
		return in.Parameters, err
	}
	return nil, nil
}
