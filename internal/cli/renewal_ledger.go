package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

func renewalLedgerCommand(a *app) *cobra.Command {
	o := workspace.DefaultLedgerOptions()
	cmd := &cobra.Command{
		Use:   "ledger CITY.gpkg",
		Short: a.t("cli.renewal.ledger.short"),
		Long:  a.t("cli.renewal.ledger.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, _ []string) error {
			l, err := city.FirmLedger(cmd.Context(), o)
			if err != nil {
				return err
			}
			return a.print(l, func(w io.Writer) error {
				p, err := a.renewalPrinter(cmd.Context(), w, city)
				if err != nil {
					return err
				}
				p.ledger(l)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.renewal.flag.plan"))
	a.optionFlags(cmd.Flags(), &o, "study.option", "")
	return cmd
}

// ledger writes one line a firm, then the parcels whose grade is not stable.
func (p renewalPrinter) ledger(l workspace.FirmLedger) {
	p.line(p.t("renewal.ledger.head", "plan", l.Plan.ID, "n", len(l.Firms), "floor", p.style.Floor(l.FloorM2), "cost", p.style.Money(l.Cost), "hard", l.Hard))
	switch {
	case !l.Decant && len(l.Firms) > 0:
		p.line(p.t("renewal.ledger.no_decant"))
	case l.NoPlace > 0:
		p.line(p.t("renewal.ledger.no_place", "n", l.NoPlace))
	}
	if l.Late > 0 {
		p.line(p.t("renewal.ledger.late", "n", l.Late))
	}
	rows := [][]string{{p.t("cli.renewal.col.year"), p.t("renewal.ledger.notice"), p.t("cli.renewal.col.firm"), p.t("cli.renewal.col.from"), p.t("cli.renewal.col.to"), p.t("cli.renewal.col.floor"), p.t("cli.renewal.col.cost"), p.t("renewal.ledger.hardship")}}
	for _, f := range l.Firms {
		name := f.Firm
		if f.Name != "" && f.Name != f.Firm {
			name += " " + f.Name
		}
		rows = append(rows, []string{strconv.Itoa(f.Year), p.notice(f), name, p.idList(f.Parcels), p.places(f, l.Decant), p.style.Floor(f.FloorM2), p.style.Money(f.Cost), p.hardship(f.Hardship)})
	}
	if len(rows) > 1 {
		p.table(rows, 1, 2, 3, 4, 7)
	}
	if len(l.Unsure) == 0 {
		p.line(p.t("renewal.unsure.none", "n", l.Cleared))
	}
	p.all = true // nothing else lists the rest
	p.unsure(l.Unsure, l.Cleared)
}

// notice is the day by which a firm is told; one that is past is told at once.
func (p renewalPrinter) notice(f workspace.DisplacedFirm) string {
	if f.Late {
		return p.t("renewal.ledger.past", "day", f.Notice)
	}
	return f.Notice
}

// places says where a firm goes, or why nowhere.
func (p renewalPrinter) places(f workspace.DisplacedFirm, decant bool) string {
	var words []string
	for _, m := range f.Places {
		kind, id, _ := strings.Cut(m.To, ":")
		if kind == "town" {
			id = p.town(id)
		}
		words = append(words, p.t("renewal.place."+kind, "id", id))
	}
	switch {
	case len(words) > 0:
	case f.FloorM2 == 0:
		return p.t("renewal.place.no_floor")
	case decant:
		return p.t("renewal.place.none")
	default:
		return p.t("renewal.place.open")
	}
	return strings.Join(words, p.t("renewal.comma"))
}

func (p renewalPrinter) hardship(list []workspace.Hardship) string {
	var words []string
	for _, h := range list {
		words = append(words, p.t("renewal.hardship."+h.Key, "day", h.On))
	}
	return strings.Join(words, p.t("renewal.comma"))
}

// unsure warns of parcels that are cleared or forced on a grade that is not stable, and
// says what to do about each.
func (p renewalPrinter) unsure(list []workspace.UnsureParcel, of int) {
	if len(list) == 0 {
		return
	}
	p.line(p.t("renewal.unsure.head", "n", len(list), "of", of))
	for i, u := range list {
		if i == mostIDs && !p.all {
			p.line("  " + p.t("renewal.unsure.more", "n", len(list)-mostIDs))
			break
		}
		p.line("  " + p.unsureWords(u))
	}
}

func (p renewalPrinter) unsureWords(u workspace.UnsureParcel) string {
	key := "renewal.unsure.cleared"
	switch {
	case u.Locked && u.Block == "":
		key = "renewal.unsure.locked_only"
	case u.Locked:
		key = "renewal.unsure.locked"
	}
	words := p.t(key, "parcel", u.Parcel, "block", u.Block)
	var tips, fields []string
	for _, tip := range u.Tips {
		side := "renewal.unsure.less"
		if tip.More {
			side = "renewal.unsure.more_than"
		}
		tips = append(tips, p.t(side, "parameter", tip.Label.In(p.a.lang)))
	}
	for _, f := range u.Missing {
		fields = append(fields, p.input(nil, f))
	}
	list := func(words []string) string { return strings.Join(words, p.t("renewal.comma")) }
	ungraded := "" // a pack may tell stages and give no grades
	if u.Grade == "" {
		ungraded = "_stage"
	}
	switch {
	case !u.Graded:
		words += p.t("renewal.unsure.ungraded")
	case len(tips) > 0:
		words += p.t("renewal.unsure.tips"+ungraded, "grade", u.Grade, "tips", list(tips))
	default:
		words += p.t("renewal.unsure.undecided"+ungraded, "grade", u.Grade, "share", p.style.Share(u.Confidence))
	}
	if len(fields) > 0 {
		words += p.t("renewal.unsure.bring", "fields", list(fields))
	} else if len(tips) > 0 {
		words += p.t("renewal.unsure.settle")
	}
	if u.Locked {
		words += p.t("renewal.unsure.unlock")
	}
	return words
}

// cleared is the number of parcels in the plan's blocks.
func cleared(plan *plottage.Plan) (n int) {
	for _, b := range plan.Blocks {
		n += len(b.Parcels)
	}
	return n
}

func renewalCalendarCommand(a *app) *cobra.Command {
	var plan int64
	cmd := &cobra.Command{
		Use:   "calendar CITY.gpkg",
		Short: a.t("cli.renewal.calendar.short"),
		Long:  a.t("cli.renewal.calendar.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, _ []string) error {
			c, err := city.Calendar(cmd.Context(), plan)
			if err != nil {
				return err
			}
			return a.print(c, func(w io.Writer) error {
				p, err := a.renewalPrinter(cmd.Context(), w, city)
				if err != nil {
					return err
				}
				p.calendar(c)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&plan, "plan", 0, a.t("cli.renewal.flag.plan"))
	return cmd
}

// calendar writes land and projects by year, the dated list, and both reserve lists.
func (p renewalPrinter) calendar(c workspace.PlanCalendar) {
	area := func(v int64) string { return p.style.Area(float64(v)) }
	p.line(p.t("renewal.calendar.head", "plan", c.Plan.ID))
	rows := [][]string{{p.t("cli.renewal.col.year"), p.t("renewal.calendar.ready"), p.t("renewal.calendar.taken"), p.t("renewal.calendar.free"), p.t("renewal.calendar.waiting"), p.t("renewal.calendar.unplaced")}}
	for _, y := range c.Years {
		rows = append(rows, []string{strconv.Itoa(y.Year), area(y.ReadyM2), area(y.TakenM2), area(y.FreeM2), p.style.Count(y.Waiting), p.style.Count(y.Unplaced)})
	}
	p.table(rows)
	p.line("")
	p.line(p.t("renewal.calendar.dated"))
	rows = [][]string{{p.t("renewal.calendar.ready_in"), p.t("cli.renewal.col.block"), p.t("cli.renewal.col.mode"), p.t("renewal.calendar.town"), p.t("renewal.calendar.usable"), p.t("renewal.calendar.left"), p.t("cli.renewal.col.projects")}}
	for _, l := range c.Land {
		rows = append(rows, []string{strconv.Itoa(l.Ready), l.Block, p.t("renewal.mode." + l.Mode), p.town(l.Town), area(l.UsableM2), area(l.FreeM2), p.idList(l.Projects)})
	}
	p.table(rows, 1, 2, 3, 6)
	p.line("")
	p.line(p.t("renewal.calendar.waits"))
	rows = [][]string{{p.t("cli.renewal.col.year"), p.t("cli.renewal.col.projects"), p.t("cli.renewal.col.block"), p.t("cli.renewal.col.area"), p.t("renewal.calendar.released"), p.t("renewal.calendar.project_waits"), p.t("renewal.calendar.land_waits")}}
	for _, w := range c.Waiting {
		rows = append(rows, []string{strconv.Itoa(w.Year), w.Project, w.Block, area(w.AreaM2), strconv.Itoa(w.Release), strconv.Itoa(w.Waits), strconv.Itoa(w.Idle)})
	}
	p.table(rows, 1, 2)
	if len(c.Reserve) == 0 {
		return
	}
	p.line("")
	p.line(p.t("renewal.calendar.reserve"))
	for _, u := range c.Reserve {
		p.line("  " + p.t("renewal.unplaced."+u.Why, "project", u.Project, "area", area(u.AreaM2), "deadline", u.Deadline, "largest", area(u.Largest)))
	}
}
