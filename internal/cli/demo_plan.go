package cli

import (
	"context"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// demoPlanReport is the plan in figures.
type demoPlanReport struct {
	ID       int64           `json:"id"`
	Status   plottage.Status `json:"status"`
	Years    []int           `json:"years"`
	Blocks   int             `json:"blocks"`
	Parcels  int             `json:"parcels"`
	AreaM2   float64         `json:"area_m2"`
	Cost     float64         `json:"cost"`
	Firms    int             `json:"firms"` // that have to move
	Placed   int             `json:"placed"`
	Value    float64         `json:"value"`
	Bound    float64         `json:"bound"`
	Gap      float64         `json:"gap"`
	Checked  bool            `json:"checked"`            // the independent checker passed it
	Problems []string        `json:"problems,omitempty"` // what it objects to
}

// demoOptions are the caps of the demo: what a city of this size might spend, tear
// down and move in a year, and blocks of 60 to 300 mu.
func demoOptions(f demoFlags) workspace.SolveOptions {
	o := workspace.DefaultSolveOptions()
	o.Years, o.Budget, o.Demolition, o.Relocation = "2027-2031", "10亿", "300000", "900"
	o.MinMu, o.MaxMu = 60, 300
	o.Limit, o.Seed = f.time, f.seed
	return o
}

// planDemo plans the city, checks the plan, keeps what the checker says with it, and
// notes its figures.
func (a *app) planDemo(ctx context.Context, city *workspace.City, f demoFlags, r *demoReport) error {
	o := demoOptions(f)
	a.step("plan", "years", strings.Replace(o.Years, "-", "–", 1))
	solved, err := city.SolveRenewal(ctx, o, a.demoProgress(f))
	if err != nil {
		return err
	}
	_, _ = a.progress().Write([]byte("\n"))
	a.step("check")
	// An interrupt ends the search, not the demo: what was found is checked and shown.
	checked, err := city.KeepCheck(context.WithoutCancel(ctx), solved.Plan.ID)
	if err != nil {
		return err
	}
	r.Plan = demoPlanOf(solved.Plan)
	p, err := a.renewalPrinter(context.WithoutCancel(ctx), a.stdout, city)
	if err != nil {
		return err
	}
	if r.Plan.Checked = checked.Passed; !checked.Passed {
		r.Plan.Problems = []string{p.speaker().Failed(*checked.FirstFailed(), false)}
	}
	return nil
}

func demoPlanOf(p plottage.Plan) *demoPlanReport {
	r := &demoPlanReport{ID: p.ID, Status: p.Status, Years: p.Years, Blocks: len(p.Blocks), Placed: len(p.Placements),
		Firms: len(p.DisplacedFirms()), Value: p.Value, Bound: p.Bound, Gap: p.Gap}
	for _, b := range p.Blocks {
		r.Parcels += len(b.Parcels)
		r.AreaM2 += b.AreaM2
		r.Cost += b.Cost
	}
	return r
}

// demoProgress shows value and gap on a terminal while the search goes on.
func (a *app) demoProgress(f demoFlags) func(renewal.Progress) {
	w, style := a.progress(), figure.For(a.lang, "CNY")
	return func(p renewal.Progress) {
		gap := style.Share(p.Gap)
		_, _ = w.Write([]byte("\r  " + a.t("cli.demo.progress", "seconds", int(p.Seconds), "of", int(f.time.Seconds()), "value", style.Money(float64(p.Value)), "gap", gap) + "   "))
	}
}

func (a *app) planLines(r demoReport, f figure.Style) []string {
	p := r.Plan
	if p == nil {
		return nil
	}
	checked := a.t("cli.demo.checked")
	if !p.Checked {
		checked = a.t("cli.demo.unchecked", "what", strings.Join(p.Problems, "; "))
	}
	years := ""
	if n := len(p.Years); n > 0 {
		years = a.t("export.years", "first", p.Years[0], "last", p.Years[n-1])
	}
	return []string{
		a.t("cli.demo.planned", "years", years, "blocks", p.Blocks, "area", f.Area(p.AreaM2), "cost", f.Money(p.Cost), "placed", p.Placed, "firms", f.Count(p.Firms)),
		a.t("cli.demo.gap", "value", f.Money(p.Value), "bound", f.Money(p.Bound), "gap", f.Share(p.Gap), "checked", checked),
	}
}
