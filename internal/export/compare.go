package export

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export/docx"
	"github.com/plottage/plottage/internal/figure"
)

//go:embed compare.html
var comparePage string

// comparison is two plans side by side, A the snapshot's and B the other. Every
// difference is A minus B, as on the screen and on the command line.
type comparison struct {
	Lang, Title, Made string
	Style             template.CSS
	Lead              []string
	Figures, Years    grid
	Map               template.HTML
	MapKey            []legend
	MapFoot           string
	OnlyA, OnlyB      grid
	Moved             grid // blocks of both that begin in other years
	Certificates      []certified
	Signatures        grid
	Signed            []string
}

// decided is what locks decide, notes and order apart.
func decided(locks []plottage.Lock) map[plottage.Lock]bool {
	out := map[plottage.Lock]bool{}
	for _, k := range locks {
		k.Note = ""
		out[k] = true
	}
	return out
}

// heldWords says, as the screen does, when the other plan held all locks of this one without
// being asked: they changed nothing then.
func (s *Snapshot) heldWords() string {
	if s.Problem == nil || len(s.Problem.Locks) == 0 || s.Other.Problem != nil && maps.Equal(decided(s.Problem.Locks), decided(s.Other.Problem.Locks)) {
		return ""
	}
	var blocks []string
	out := 0
	for _, k := range s.Problem.Locks {
		block := s.Other.block[k.Parcel]
		cleared := block != nil && slices.Contains(block.Parcels, k.Parcel)
		switch {
		case k.Kind == plottage.LockOut && cleared, k.Kind != plottage.LockOut && (!cleared || k.Year != 0 && k.Year != block.Year):
			return ""
		case k.Kind == plottage.LockOut:
			out++
		case !slices.Contains(blocks, block.ID):
			blocks = append(blocks, block.ID)
		}
	}
	var what []string
	if slices.Sort(blocks); len(blocks) > 0 {
		what = append(what, s.t("web.compare.locks_in", "blocks", strings.Join(blocks, s.t("renewal.comma"))))
	}
	if out > 0 {
		what = append(what, s.t("web.compare.locks_out", "n", out))
	}
	key := "web.compare.locks_held"
	if len(s.onlyGrid(s.Other).Rows)+len(s.Other.onlyGrid(s).Rows)+len(s.movedGrid().Rows) > 0 {
		key = "web.compare.locks_differ"
	}
	return s.t(key, "plan", s.Other.planName(), "n", len(s.Problem.Locks), "what", strings.Join(what, s.t("renewal.semicolon")))
}

// certified is what proves one of the plans.
type certified struct {
	Title string
	Words []string
}

func (s *Snapshot) compareTitle() string {
	return figure.Apart(s.t("export.compare.title", "a", s.planName(), "b", s.Other.planName()))
}

func (s *Snapshot) comparison() comparison {
	c := comparison{Lang: s.Options.Lang, Title: s.compareTitle(), Made: s.madeWords(), Figures: s.sideGrid(), Years: s.twoYears(),
		OnlyA: s.onlyGrid(s.Other), OnlyB: s.Other.onlyGrid(s), Moved: s.movedGrid(), MapFoot: s.mapFoot(), Signatures: s.signGrid()}
	c.OnlyA.Title, c.OnlyB.Title = s.t("export.compare.only", "name", s.planName()), s.t("export.compare.only", "name", s.Other.planName())
	c.Style = template.CSS(reportStyle + s.runningHead(c.Title))
	c.Lead = []string{s.t("export.compare.lead", "a", s.planName(), "b", s.Other.planName())}
	if held := s.heldWords(); held != "" {
		c.Lead = append(c.Lead, held)
	}
	for _, one := range []*Snapshot{s, s.Other} {
		c.Lead = append(c.Lead, s.t("export.compare.plan", "name", one.planName(), "words", one.gapWords()))
		c.Certificates = append(c.Certificates, certified{s.t("export.compare.certificate", "name", one.planName()), one.certificateWords()})
		c.Signed = append(c.Signed, one.signedWords()...)
	}
	if d, key := s.compareDrawing(); d != nil {
		c.Map, c.MapKey = d.svg(c.Title), key
	}
	return c
}

func writeComparison(ctx context.Context, s *Snapshot, out io.Writer) error {
	return s.writePage(ctx, out, "compare", comparePage, func() any { return s.comparison() })
}

// documentOfTwo sets two plans side by side.
func (s *Snapshot) documentOfTwo(ctx context.Context, d *docx.Document, c comparison) error {
	section := s.numbering()
	d.Heading(1, section("overview"))
	for _, p := range c.Lead {
		d.Text(p)
	}
	s.put(d, c.Figures)
	if err := s.picture(ctx, d, 0.8); err != nil {
		return err
	}
	d.Heading(1, section("years"))
	s.put(d, c.Years)
	d.Heading(1, section("differ"))
	for _, g := range []grid{c.OnlyA, c.OnlyB, c.Moved} {
		d.Heading(2, g.Title)
		s.put(d, g)
	}
	for _, one := range c.Certificates {
		d.Heading(1, one.Title)
		for _, w := range one.Words {
			d.Text(w)
		}
	}
	return nil
}

// sideFigure is one figure of both plans; cells carry their unit.
type sideFigure struct {
	key  string
	a, b float64
	cell func(float64) any
	say  func(float64) string
	less func(float64) string // says a difference, nil as say
}

func (s *Snapshot) sideFigures() []sideFigure {
	a, b, f := s.totalAll(), s.Other.totalAll(), s.figures
	count := func(v float64) string { return figure.Fixed(v, 0) }
	ofMoney := func(key string, x, y float64) sideFigure {
		return sideFigure{key, x, y, func(v float64) any { return money(v) }, f.Money, nil}
	}
	ofFloor := func(key string, x, y float64) sideFigure {
		return sideFigure{key, x, y, func(v float64) any { return floor(v) }, f.Floor, nil}
	}
	ofCount := func(key string, x, y int) sideFigure {
		return sideFigure{key, float64(x), float64(y), func(v float64) any { return whole(v) }, count, nil}
	}
	return []sideFigure{
		ofMoney("value", s.Plan.Value, s.Other.Plan.Value),
		ofMoney("bound", s.Plan.Bound, s.Other.Plan.Bound),
		{"gap", s.Plan.Gap, s.Other.Plan.Gap, func(v float64) any { return share(v) }, f.Share, f.Points},
		ofCount("blocks", a.blocks, b.blocks),
		ofCount("cleared", a.parcels, b.parcels),
		{"area", a.area, b.area, func(v float64) any { return area(v) }, f.Area, nil},
		ofMoney("cost", a.cost, b.cost),
		ofFloor("demolished", a.demolished, b.demolished),
		ofCount("displaced_firms", a.firms, b.firms),
		ofCount("workers", int(math.Round(a.workers)), int(math.Round(b.workers))),
		ofFloor("new_floor", a.floor, b.floor),
		ofCount("placed", a.placed, b.placed),
		ofMoney("tax", a.tax, b.tax),
	}
}

// sideGrid has a figure a row: plan A, plan B, and A minus B.
func (s *Snapshot) sideGrid() grid {
	g := grid{Head: []string{s.t("export.col.item"), s.t("export.compare.a", "name", s.planName()), s.t("export.compare.b", "name", s.Other.planName()), s.t("export.col.a_minus_b")}, Kind: []string{"t", "r", "r", "r"}}
	for _, f := range s.sideFigures() {
		less := f.say
		if f.less != nil {
			less = f.less
		}
		g.Rows = append(g.Rows, []string{s.t("export.line." + f.key), f.say(f.a), f.say(f.b), s.differenceWords(f.a-f.b, less)})
	}
	g.Rows = append(g.Rows, []string{s.t("export.line.checked"), s.checkedShort(), s.Other.checkedShort(), ""})
	return g
}

// differenceWords writes a difference with its sign.
func (s *Snapshot) differenceWords(d float64, say func(float64) string) string {
	if math.IsNaN(d) || math.IsInf(d, 0) {
		return "–" // a plan without a bound
	}
	if words := figure.Signed(d, say); words != "" {
		return words
	}
	return s.t("export.compare.same")
}

// twoYears has a year a row, with what both plans take of every resource.
func (s *Snapshot) twoYears() grid {
	g := grid{Head: []string{s.t("export.col.year")}, Kind: []string{"r"}}
	for _, r := range resources {
		for _, side := range []string{"A", "B", "A\u00a0−\u00a0B"} {
			g.Head, g.Kind = append(g.Head, side+" · "+s.resourceName(r)), append(g.Kind, "r")
		}
	}
	for _, y := range s.bothYears() {
		row := []string{fmt.Sprint(y)}
		for _, r := range resources {
			a, b := s.used(r, y, false), s.Other.used(r, y, false)
			say := func(v float64) string { return s.show(cell(r, v)) }
			row = append(row, say(a), say(b), s.differenceWords(a-b, say))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (s *Snapshot) bothYears() []int {
	years := append(slices.Clone(s.Plan.Years), s.Other.Plan.Years...)
	slices.Sort(years)
	return slices.Compact(years)
}

// onlyGrid lists the blocks that hold parcels which the other plan does not clear.
func (s *Snapshot) onlyGrid(other *Snapshot) grid {
	var mine []plottage.Block
	for _, b := range s.blocks() {
		if slices.ContainsFunc(b.Parcels, func(id string) bool { return other.block[id] == nil }) {
			mine = append(mine, b)
		}
	}
	columns := []column{{"block", text(""), 0}, {"year", year(0), 0}, {"town", text(""), 0}, {"parcels", whole(0), 0}, {"area", area(0), 0}, {"cost", money(0), 0}, {"parcel_ids", text(""), 0}}
	t := of("blocks", columns, mine, func(b plottage.Block) []any {
		var ids []string
		for _, id := range b.Parcels {
			if other.block[id] == nil {
				ids = append(ids, id)
			}
		}
		return []any{text(b.ID), year(b.Year), some(s.townName(b.Town)), whole(len(ids)), area(b.AreaM2), money(b.Cost), text(strings.Join(ids, " "))}
	})
	g := s.grid(t, "block", "year", "town", "parcels", "area", "cost", "parcel_ids")
	g.Empty = s.t("export.compare.none")
	return g
}

// movedGrid lists what both plans clear in different years, by the blocks that hold it.
func (s *Snapshot) movedGrid() grid {
	type pair struct{ a, b *plottage.Block }
	var order []pair
	moved := map[pair][]string{}
	for i := range s.Plan.Blocks {
		a := &s.Plan.Blocks[i]
		for _, id := range a.Parcels {
			b := s.Other.block[id]
			if b == nil || b.Year == a.Year {
				continue
			}
			p := pair{a, b}
			if moved[p] == nil {
				order = append(order, p)
			}
			moved[p] = append(moved[p], id)
		}
	}
	g := grid{Title: s.t("export.compare.moved"), Empty: s.t("export.compare.none"), Kind: []string{"k", "r", "k", "r", "k", "r", "w"}}
	for _, key := range []string{"block_a", "year_a", "block_b", "year_b", "town", "parcels", "parcel_ids"} {
		g.Head = append(g.Head, s.t("export.col."+key))
	}
	for _, p := range order {
		if len(g.Rows) == mostRows {
			g.Note = s.t("export.report.more", "n", s.figures.Count(len(order)), "shown", mostRows)
			break
		}
		g.Rows = append(g.Rows, []string{p.a.ID, strconv.Itoa(p.a.Year), p.b.ID, strconv.Itoa(p.b.Year), s.townName(p.a.Town), strconv.Itoa(len(moved[p])), strings.Join(moved[p], " ")})
	}
	return g
}

// compareTables are the sheets of a workbook of two plans: their figures, what each
// year takes, and every parcel that either clears.
func (s *Snapshot) compareTables() []table {
	columns := []column{{"item", text(""), 30}, {"year", year(0), 8}, {"unit", text(""), 10}, {"plan_a", number(0), 18}, {"plan_b", number(0), 18}, {"a_minus_b", number(0), 18}}
	rows := [][]any{{text(s.t("export.line.plan")), nil, nil, text(s.planName()), text(s.Other.planName()), nil},
		{text(s.t("export.line.checked")), nil, nil, text(s.checkedShort()), text(s.Other.checkedShort()), nil}}
	add := func(name string, y any, c func(float64) any, a, b float64) {
		unit, _ := s.unit(c(0))
		if _, is := c(0).(share); is { // a difference of 2 % is not one of 2 points
			unit, c = s.t("export.unit.points"), func(v float64) any { return number(100 * v) }
		}
		rows = append(rows, []any{text(name), y, some(unit), c(a), c(b), c(a - b)})
	}
	for _, f := range s.sideFigures() {
		add(s.t("export.line."+f.key), nil, f.cell, f.a, f.b)
	}
	for _, r := range resources {
		for _, y := range s.bothYears() {
			add(s.word("export.resource.", string(r)), year(y), func(v float64) any { return cell(r, v) }, s.used(r, y, false), s.Other.used(r, y, false))
		}
	}
	return []table{of("compare", columns, rows, func(r []any) []any { return r }), s.compareParcels()}
}

// compareParcels has every parcel that either plan clears, and which of them in which year.
func (s *Snapshot) compareParcels() table {
	var in []*plottage.Parcel
	for i := range s.Parcels {
		if id := s.Parcels[i].ID; s.block[id] != nil || s.Other.block[id] != nil {
			in = append(in, &s.Parcels[i])
		}
	}
	columns := []column{{"parcel", text(""), 18}, {"town", text(""), 14}, {"area", area(0), 12}, {"chosen", text(""), 26}, {"block_a", text(""), 12}, {"year_a", year(0), 10}, {"block_b", text(""), 12}, {"year_b", year(0), 10}}
	at := func(b *plottage.Block) (id, y any) {
		if b == nil {
			return nil, nil
		}
		return text(b.ID), year(b.Year)
	}
	return of("compare_parcels", columns, in, func(p *plottage.Parcel) []any {
		blockA, yearA := at(s.block[p.ID])
		blockB, yearB := at(s.Other.block[p.ID])
		return []any{text(p.ID), some(s.townName(p.Town)), area(p.AreaM2), text(s.compareWords(s.compareKey(p.ID))), blockA, yearA, blockB, yearB}
	})
}

// compareDrawing draws the blocks of two plans: in both, in both but in another year,
// in one alone.
func (s *Snapshot) compareDrawing() (*drawing, []legend) {
	d, ok := newDrawing(s.bound())
	if !ok {
		return nil, nil
	}
	d.ground()
	d.ways(s.Ways)
	groups := map[string][]orb.MultiPolygon{}
	for i := range s.Parcels {
		groups[s.compareKey(s.Parcels[i].ID)] = append(groups[s.compareKey(s.Parcels[i].ID)], s.Parcels[i].Geometry)
	}
	d.shape("parcel", noColor, groups[""])
	var key []legend
	for _, k := range []string{"a", "b", "both", "year"} {
		d.shape("parcel", compareColors[k], groups[k])
		key = append(key, legend{compareColors[k], s.t("export.legend", "name", s.compareWords(k), "n", s.figures.Count(len(groups[k])))})
	}
	for _, one := range []*Snapshot{s, s.Other} {
		for _, b := range one.blocks() {
			if g := one.outline(b); len(g) > 0 {
				d.shape("block", "", []orb.MultiPolygon{g})
			}
		}
	}
	d.towns(s) // above the blocks, which have no numbers here
	d.ornaments(s)
	return d, key
}

// compareWords puts a class of [Snapshot.compareKey] in words.
func (s *Snapshot) compareWords(key string) string {
	return s.t("export.compare.key."+key, "a", s.planName(), "b", s.Other.planName())
}

// compareColors are those of the map in the browser (web/src/map/palette.ts).
var compareColors = map[string]string{"a": "#0072b2", "b": "#e69f00", "both": "#a9b8bd", "year": "#8fc7b5"}

// compareKey is the class of a parcel when two plans are compared.
func (s *Snapshot) compareKey(id string) string {
	a, b := s.block[id], s.Other.block[id]
	switch {
	case a != nil && b != nil && a.Year == b.Year:
		return "both"
	case a != nil && b != nil:
		return "year"
	case a != nil:
		return "a"
	case b != nil:
		return "b"
	}
	return ""
}
