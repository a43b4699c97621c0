package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// changed lists the flags given on the command line.
func changed(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().Visit(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// renewalPrinter writes the answers of plottage renewal as text.
type renewalPrinter struct {
	*landPrinter
	towns map[string]string // names by id
	all   bool              // also limits far from binding
}

func (a *app) renewalPrinter(ctx context.Context, w io.Writer, city *workspace.City) (renewalPrinter, error) {
	meta, err := city.Meta(ctx)
	if err != nil {
		return renewalPrinter{}, err
	}
	towns, err := city.Towns(ctx)
	p := renewalPrinter{landPrinter: a.landPrinter(w, meta.Currency), towns: map[string]string{}}
	for _, t := range towns {
		p.towns[t.ID] = t.Name.In(a.lang)
	}
	return p, err
}

// town is the name of a town, its id when it has none.
func (p renewalPrinter) town(id string) string {
	if name := p.towns[id]; name != "" {
		return name
	}
	return id
}

// farFromBinding is the share of a limit on power below which it is left out.
const farFromBinding = 0.8

// shown says whether the use of a limit is worth a line. Power has a limit for every
// town and year, most of them far away.
func (p renewalPrinter) shown(u renewal.Usage) bool {
	return p.all || !strings.HasPrefix(u.Row, "power:") || float64(u.Used) >= farFromBinding*float64(u.Limit)
}

func (p renewalPrinter) t(key string, args ...any) string { return p.a.t(key, args...) }

// plan writes the head, the blocks by year, the projects and the account.
func (p renewalPrinter) plan(s workspace.Shown) {
	plan := s.Plan
	if len(s.Clashes) > 0 {
		p.line(p.t("error."+aloud.NoPlanKey(plan.Status == plottage.Infeasible), "reasons", strings.Join(p.speaker().NoPlan(s.NoPlan, true), "\n  ")))
		return
	}
	p.line(p.t("cli.renewal.head", "plan", plan.ID, "status", p.t("renewal.status."+string(plan.Status)), "value", p.style.Money(plan.Value),
		"bound", p.style.Money(plan.Bound), "gap", strconv.FormatFloat(100*plan.Gap, 'f', 2, 64)))
	p.solver(s.Solver)
	if len(plan.Blocks) == 0 {
		p.line(p.t("renewal.empty." + cmp.Or(string(s.Empty), "plain")))
	} else {
		p.blocks(plan)
	}
	p.usage(s.Usage)
	for _, n := range s.Notes {
		p.line("  * " + p.t("renewal.note."+n))
	}
}

func (p renewalPrinter) blocks(plan plottage.Plan) {
	on := map[string][]string{}
	for _, pl := range plan.Placements {
		on[pl.Block] = append(on[pl.Block], pl.Project)
	}
	rows := [][]string{{p.t("cli.renewal.col.block"), p.t("cli.renewal.col.mode"), p.t("cli.renewal.col.parcels"), p.t("cli.renewal.col.area"),
		p.t("cli.renewal.col.cost"), p.t("cli.renewal.col.demolished"), p.t("cli.renewal.col.workers"), p.t("cli.renewal.col.value"), p.t("cli.renewal.col.projects")}}
	for _, b := range plan.Blocks {
		rows = append(rows, []string{b.ID, p.t("renewal.mode." + b.Mode), strconv.Itoa(len(b.Parcels)), p.style.Area(b.AreaM2), p.style.Money(b.Cost),
			p.style.Floor(b.DemolishedM2), strconv.FormatFloat(b.DisplacedWorkers, 'f', 0, 64), p.style.Money(b.Value), strings.Join(on[b.ID], " ")})
	}
	p.table(rows, 1, 8)
	for _, b := range plan.Blocks {
		if len(b.Kept) > 0 {
			p.line("  " + p.t("cli.renewal.kept", "block", b.ID, "parcels", strings.Join(b.Kept, ", ")))
		}
		for _, x := range b.Treated {
			p.line("  " + p.t("cli.renewal.treated", "block", b.ID, "parcel", x.Parcel, "buildings", p.handled(x)))
		}
	}
}

// handled puts what becomes of a parcel's buildings in words.
func (p renewalPrinter) handled(x plottage.Treated) string {
	var words []string
	for _, h := range x.Buildings {
		words = append(words, p.t("cli.renewal.building", "building", h.ShortIn(x.Parcel), "what", p.t("renewal.handling."+string(h.What))))
	}
	return strings.Join(words, p.t("renewal.comma"))
}

// usage writes what the plan uses of every row.
func (p renewalPrinter) usage(all []renewal.Usage) {
	rows := [][]string{{p.t("cli.renewal.col.row"), p.t("cli.renewal.col.used"), p.t("cli.renewal.col.limit"), p.t("cli.renewal.col.share")}}
	left := 0
	for _, u := range all {
		if !p.shown(u) {
			left++
			continue
		}
		share, used := "-", p.amount(u.Row, u.Used)
		switch {
		case u.Used < 0: // more is made or received than is used
			used = p.t("renewal.spare", "amount", p.amount(u.Row, -u.Used))
		case u.Limit > 0:
			share = p.style.Share(float64(u.Used) / float64(u.Limit))
		}
		rows = append(rows, []string{p.row(u.Row), used, p.amount(u.Row, u.Limit), share})
	}
	if len(rows) > 1 {
		p.table(rows)
	}
	if left > 0 {
		p.line("  " + p.t("cli.renewal.left_out", "count", left, "share", p.style.Share(farFromBinding)))
	}
}

func (p renewalPrinter) row(name string) string { return p.speaker().Row(name) }

// speaker writes in the printer's language.
func (p renewalPrinter) speaker() aloud.Speaker { return aloud.Speaker{Style: p.style, Town: p.town} }

func (p renewalPrinter) amount(row string, v int64) string { return p.speaker().Amount(row, v) }

// noPlan is the error of there being no plan: exit code 4 when that is proven, 5 when none
// was found in time.
func (p renewalPrinter) noPlan(proven bool, n renewal.NoPlan, plan int64) error {
	code := plottage.Impossible
	if !proven {
		code = plottage.Limit
	}
	return &plottage.Error{Code: code, Key: aloud.NoPlanKey(proven), Args: map[string]any{
		"reasons": strings.Join(p.speaker().NoPlan(n, true), "\n  "), "clashes": n.Clashes, "untried": n.Untried, "waive": n.Waive, "plan": plan}}
}

// exactAmount writes an amount in full: a cap has to be raised to this number, not
// to a rounded one.
func (p renewalPrinter) exactAmount(row string, v int64) string {
	return p.amount(row, v) + " (" + strconv.FormatInt(v, 10) + ")"
}

func (p renewalPrinter) check(c workspace.Checked) error {
	p.line(p.t("cli.renewal.check.head", "plan", c.Plan, "run", c.Run))
	none := c.Status == plottage.Infeasible
	for _, i := range c.Items {
		if none && i.Count == 0 {
			continue // a rule of plans
		}
		mark := p.t("cli.renewal.check.pass")
		if !i.OK {
			mark = p.t("cli.renewal.check.fail")
		}
		p.line(fmt.Sprintf("  %s %s (%d)", mark, p.t("renewal.check."+i.Check), i.Count))
		if !i.OK {
			p.line("      " + p.speaker().Failed(i, true))
		}
	}
	if none {
		key := "cli.renewal.check.none_open"
		if c.Passed {
			key = "cli.renewal.check.none"
		}
		p.line(p.t(key, "sets", c.Sets, "steps", c.Steps))
		return p.err
	}
	key := "cli.renewal.check.passed"
	if !c.Passed {
		key = "cli.renewal.check.failed"
	}
	p.line(p.t(key, "value", p.style.Money(float64(c.Value)), "bound", p.bound(c.Bound), "sets", c.Sets, "steps", c.Steps))
	return p.err
}

// bound writes a bound; a plan nobody could make has none.
func (p renewalPrinter) bound(v int64) string {
	if v == math.MaxInt64 {
		return "–"
	}
	return p.style.Money(float64(v))
}

// told tells of parcels in sentences to be read aloud, then gives the figures behind them.
func (p renewalPrinter) told(all []workspace.Told) {
	for i, t := range all {
		if i > 0 {
			p.line("")
		}
		for _, sentence := range p.speaker().Parcel(t) {
			p.line(sentence)
		}
		w := t.Why
		if len(w.Best) == 0 {
			continue
		}
		p.line("")
		p.line(p.t("renewal.why.figures"))
		p.line("  " + p.t("renewal.why.best", "parcels", strings.Join(w.Best, ", "), "year", w.Year, "mode", p.t("renewal.mode."+w.Mode), "value", p.style.Money(float64(w.Value))))
		for _, x := range w.Treated {
			if x.Parcel == w.Lot {
				p.line("    " + p.t("renewal.why.treated", "parcel", x.Parcel, "buildings", p.handled(x)))
			}
		}
		for n, c := range w.Prices {
			if n == 4 {
				break
			}
			p.line("    " + p.speaker().Charge(c))
		}
		p.line("  " + p.t("renewal.why.net", "net", p.style.Money(float64(w.Net))))
	}
}

// moves writes where displaced firms go, year by year.
func (p renewalPrinter) moves(plan plottage.Plan) {
	if len(plan.Moves) == 0 {
		return
	}
	p.line(p.t("cli.renewal.moves"))
	rows := [][]string{{p.t("cli.renewal.col.year"), p.t("cli.renewal.col.firm"), p.t("cli.renewal.col.from"), p.t("cli.renewal.col.to"), p.t("cli.renewal.col.floor")}}
	moves := slices.Clone(plan.Moves)
	slices.SortStableFunc(moves, func(a, b plottage.Move) int { return a.Year - b.Year })
	for _, m := range moves {
		kind, id, _ := strings.Cut(m.To, ":")
		if kind == "town" {
			id = p.town(id)
		}
		rows = append(rows, []string{strconv.Itoa(m.Year), m.Firm, m.From, p.t("renewal.place."+kind, "id", id), p.style.Floor(m.FloorM2)})
	}
	p.table(rows, 1, 2, 3)
}
