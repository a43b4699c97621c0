package export

import (
	"bufio"
	"cmp"
	"context"
	_ "embed"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
)

//go:embed report.html
var reportPage string

//go:embed report.css
var reportStyle string

// grid is a table of the report as text.
type grid struct {
	Title string
	Head  []string
	Kind  []string // class of each column, see kind
	Rows  [][]string
	Sums  []string // last row, nil none
	Note  string
	Empty string // said when there is no row
}

// figureBox is one of the large figures at the head.
type figureBox struct {
	Value, Words string
}

// report is everything the page shows.
type report struct {
	Lang, Title, Made      string
	Style                  template.CSS
	Has                    bool // there is a plan
	Lead                   []string
	Boxes                  []figureBox
	GradeMap, PlanMap      template.HTML
	GradeKey, PlanKey      []legend
	Charts                 []template.HTML
	Years, Blocks, Parcels grid
	Buildings              grid // of parcels that are not treated whole
	Placed, Unplaced       grid
	Land, Balance          grid
	Caps, Ledger, MoveSums grid
	LedgerWords            []string
	Hardship, Left, Data   grid
	Replay                 grid
	Conditions, Prices     grid // what the run was asked for; its unit prices
	Rules                  grid // rows beside the caps
	MapFoot                string
	Method                 []string
	LeftOut                string
	Certificate            []string // of a plan with a bound
	Signatures             grid
	Signed                 []string // what is signed: plan and fingerprint
}

// most rows of a table of the report; the workbook has them all.
const mostRows = 400

// writeReport writes the report as one HTML page that needs nothing else: styles
// and maps are inside, no host is asked, and it prints on A4.
func writeReport(ctx context.Context, s *Snapshot, out io.Writer) error {
	return s.writePage(ctx, out, "report", reportPage, func() any { return s.report() })
}

// writePage fills a page; it may use the parts that the report's page defines.
func (s *Snapshot) writePage(ctx context.Context, out io.Writer, name, page string, content func() any) error {
	pages, err := template.New("parts").Funcs(s.words()).Parse(reportPage)
	if err == nil {
		pages, err = pages.New(name).Parse(page)
	}
	if err != nil {
		return err
	}
	of := content()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w := bufio.NewWriter(out)
	if err := pages.ExecuteTemplate(w, name, of); err != nil {
		return err
	}
	return w.Flush()
}

// words are what a page asks for by key.
func (s *Snapshot) words() template.FuncMap {
	return template.FuncMap{"t": func(key string) string { return s.t(key) }, "section": s.numbering()}
}

// numbering numbers the sections that a report has, in the order they are asked for: a
// city without a plan has fewer.
func (s *Snapshot) numbering() func(key string) string {
	n := 0
	return func(key string) string {
		n++
		number := strconv.Itoa(n)
		if s.Options.Lang == "zh" {
			number = string([]rune("一二三四五六七八九")[n-1])
		}
		return s.t("export.section", "n", number, "title", s.t("export.section."+key))
	}
}

func (s *Snapshot) madeWords() string {
	return s.t("export.report.made", "date", plottage.DateOf(s.Now), "version", plottage.Version)
}

func (s *Snapshot) report() report {
	r := report{Lang: s.Options.Lang, Made: s.madeWords(),
		Has: s.Plan != nil && s.Plan.Status != plottage.Infeasible, LeftOut: strings.Join(s.LeftOut, ", ")}
	r.Title = s.t("export.report.title", "city", s.cityName(), "years", s.span())
	if s.Plan == nil {
		r.Title = s.t("export.report.title_land", "city", s.cityName())
	}
	r.Style = template.CSS(reportStyle + s.runningHead(r.Title))
	r.Lead, r.Method, r.MapFoot = s.lead(), s.method(), s.mapFoot()
	if s.Options.wants(Parcels, Plan, Blocks) {
		r.GradeMap, r.GradeKey = s.gradeMap()
	}
	r.Data = s.grid(s.sourcesTable(), "source", "owner_bureau", "source_class", "as_of", "age", "rows", "sha256").dense()
	r.Replay, r.Conditions, r.Prices = s.linesGrid(s.runLines()), s.linesGrid(s.optionLines()), s.linesGrid(s.priceLines())
	if !r.Has {
		return r
	}
	r.Boxes, r.Certificate = s.boxes(), s.certificateWords()
	r.Signatures, r.Signed = s.signGrid(), s.signedWords()
	r.PlanMap, r.PlanKey = s.planMap()
	r.Charts = s.capsCharts()
	r.Years = s.yearsGrid()
	r.Blocks = s.grid(s.blocksTable(), "block", "year", "ready", "town", "mode", "parcels", "area", "cost", "demolished", "firms", "workers", "value", "projects")
	r.Parcels = s.grid(s.clearedTable(), "block", "parcel", "owner", "area", "far", "stage", "grade", "grounds").dense()
	r.Buildings = s.grid(s.buildingsTable(), "block", "parcel", "building", "handling", "floor_area", "use", "condition").dense()
	r.Placed, r.Unplaced = s.projectGrids()
	r.Caps, r.Rules = s.capsGrid(), s.rulesGrid()
	r.Land = s.grid(s.landTable(), "ready", "block", "town", "mode", "usable", "taken", "reserve", "projects")
	r.Balance = s.grid(s.balanceTable(), "year", "ready_land", "taken", "free", "waiting", "waiting_land", "unplaced_n")
	r.Ledger, r.LedgerWords = s.grid(s.ledgerTable(), "year", "notice", "firm", "class", "from", "moved_floor", "to", "no_place", "moving_cost", "hardship").dense(), s.ledgerWords()
	r.MoveSums, r.Hardship = s.moveSums(), s.hardshipGrid()
	r.Left = s.leftGrid()
	return r
}

// grid writes the named columns of a table as text, at most mostRows rows.
func (s *Snapshot) grid(t table, keys ...string) grid {
	g := grid{Title: s.t("export.table." + t.key), Empty: s.emptyWords(t.key)}
	at := make([]int, len(keys))
	for i, key := range keys {
		at[i] = slices.IndexFunc(t.columns, func(c column) bool { return c.key == key })
		c := t.columns[at[i]]
		g.Head = append(g.Head, s.title(c))
		g.Kind = append(g.Kind, kind(c))
	}
	for cells := range t.rows {
		if len(g.Rows) == mostRows {
			g.Note = s.t("export.report.more", "n", s.figures.Count(t.n), "shown", mostRows)
			break
		}
		row := make([]string, len(at))
		for i, k := range at {
			row[i] = s.show(cells[k])
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// emptyWords say why a table has no row.
func (s *Snapshot) emptyWords(table string) string {
	switch {
	case table == "placements" && len(s.Projects) == 0:
		return s.t("export.empty.no_projects")
	case slices.Contains([]string{"placements", "move_sums", "sources", "blocks"}, table):
		return s.t("export.empty." + table)
	}
	return s.t("export.empty")
}

// kind is the class of a column: r numbers, on the right; k short words, not broken;
// i lists of ids; w sentences, given room; t other text.
func kind(c column) string {
	switch c.of.(type) {
	case money, area, floor, share, ratio, number, whole, year:
		return "r"
	case date:
		return "k"
	}
	switch c.key {
	case "used", "limit":
		return "r"
	case "item", "block", "parcel", "town", "mode", "stage", "grade", "class", "project_id", "firm_id", "industry", "span", "sha256":
		return "k"
	case "from":
		return "i"
	case "projects", "grounds", "hardship", "content", "leaving", "to", "why_no_land", "parcel_ids":
		return "w"
	}
	return "t"
}

// dense drops columns in which no row says anything.
func (g grid) dense() grid {
	out := grid{Title: g.Title, Note: g.Note, Empty: g.Empty, Rows: make([][]string, len(g.Rows))}
	for i := range g.Head {
		if !slices.ContainsFunc(g.Rows, func(r []string) bool { return r[i] != "" }) {
			continue
		}
		out.Head, out.Kind = append(out.Head, g.Head[i]), append(out.Kind, g.Kind[i])
		for k, r := range g.Rows {
			out.Rows[k] = append(out.Rows[k], r[i])
		}
	}
	return out
}

// lead is the overview in sentences.
func (s *Snapshot) lead() []string {
	candidates, land := 0, 0.0
	for i := range s.Verdicts {
		if k, ok := s.parcelAt[s.Verdicts[i].Parcel]; ok && s.Verdicts[i].Candidate {
			candidates++
			land += s.Parcels[k].AreaM2
		}
	}
	var out []string
	if len(s.Verdicts) > 0 {
		out = append(out, s.t("export.lead.land", "city", s.cityName(), "parcels", s.figures.Count(len(s.Parcels)), "pack", s.packName(),
			"date", s.Verdicts[0].AsOf, "candidates", s.figures.Count(candidates), "area", s.figures.Area(land)))
	}
	if s.Clusters != nil {
		out = append(out, s.t("export.lead.clusters", "rule", s.ruleWords(), "n", s.figures.Count(len(s.Clusters.Clusters))))
	}
	if s.Plan == nil {
		return append(out, s.t("export.lead.no_plan"))
	}
	if s.Plan.Status == plottage.Infeasible {
		return append(out, s.gapWords())
	}
	t, f := s.totalAll(), s.figures
	return append(out, s.t("export.lead.plan", "years", s.span(), "blocks", t.blocks, "parcels", f.Count(t.parcels), "area", f.Area(t.area), "cost", f.Money(t.cost)),
		s.t("export.lead.people", "firms", f.Count(t.firms), "workers", figure.Fixed(t.workers, 0), "moved", f.Floor(t.moved)),
		s.t("export.lead.projects", "placed", t.placed, "all", t.projects, "tax", f.Money(t.tax)),
		s.gapWords()+s.checkedWords())
}

// method states the rules, the limits and how the plan was found and checked.
func (s *Snapshot) method() []string {
	var out []string
	if len(s.Verdicts) > 0 {
		out = append(out, s.t("export.method.grading", "pack", s.packName(), "date", s.Verdicts[0].AsOf))
		if s.pack != nil {
			for _, c := range s.pack.Sources {
				out = append(out, s.t("export.method.source", "text", c.Text.In(s.Options.Lang)))
			}
		}
	}
	if s.Clusters != nil {
		out = append(out, s.t("export.method.contiguity", "rule", s.ruleWords()))
	}
	if p := s.Problem; p != nil {
		out = append(out, s.t("export.method.blocks", "min", s.figures.Area(float64(p.Block.MinAreaM2)), "max", s.figures.Area(float64(p.Block.MaxAreaM2))))
		if p.Decant {
			out = append(out, s.t("export.method.decant"))
		}
	}
	if s.Plan != nil {
		out = append(out, s.t("export.method.solve"), s.t("export.method.limits"))
	}
	return out
}

func (s *Snapshot) boxes() []figureBox {
	t, f := s.totalAll(), s.figures
	unit, per := f.AreaColumn()
	land := f.Area(t.area)
	if per == plottage.M2PerMu {
		land = figure.Fixed(plottage.Mu(t.area), 0) + " " + unit
	}
	gap := f.Share(s.Plan.Gap)
	if s.Plan.Gap == 0 {
		gap = s.word("export.status.", string(s.Plan.Status))
	}
	return []figureBox{{f.Count(t.blocks), s.t("export.box.blocks")}, {land, s.t("export.box.area")}, {f.Money(t.cost), s.t("export.box.cost")},
		{f.Count(t.firms), s.t("export.box.firms")}, {s.t("export.placed", "placed", t.placed, "all", t.projects), s.t("export.box.projects")}, {gap, s.t("export.box.gap")}}
}

// yearsGrid has one row a year and their sum.
func (s *Snapshot) yearsGrid() grid {
	columns := []column{{"year", year(0), 0}, {"blocks", whole(0), 0}, {"parcels", whole(0), 0}, {"area", area(0), 0}, {"cost", money(0), 0}, {"demolished", floor(0), 0},
		{"firms", whole(0), 0}, {"workers", number(0), 0}, {"new_floor", floor(0), 0}, {"projects_n", whole(0), 0}, {"tax_placed", money(0), 0}}
	row := func(first any, t totals) []any {
		return []any{first, whole(t.blocks), whole(t.parcels), area(t.area), money(t.cost), floor(t.demolished), whole(t.firms), whole(math.Round(t.workers)), floor(t.floor), whole(t.placed), money(t.tax)}
	}
	years := slices.Sorted(slices.Values(s.Plan.Years))
	t := of("years", columns, years, func(y int) []any { return row(year(y), s.totalYear(y)) })
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = c.key
	}
	g := s.grid(t, keys...)
	for _, c := range row(text(s.t("export.sum")), s.totalAll()) {
		g.Sums = append(g.Sums, s.show(c))
	}
	return g
}

// clearedTable is the parcels table cut to the plan's parcels, by block.
func (s *Snapshot) clearedTable() table {
	t := s.parcelsTable()
	at := func(key string) int {
		return slices.IndexFunc(t.columns, func(c column) bool { return c.key == key })
	}
	block, id := at("block"), at("parcel")
	var rows [][]any
	for cells := range t.rows {
		if cells[block] != nil {
			rows = append(rows, s.undecided(cells, at))
		}
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(strings.Compare(s.show(a[block]), s.show(b[block])), strings.Compare(s.show(a[id]), s.show(b[id])))
	})
	return of("parcels", t.columns, rows, func(r []any) []any { return r })
}

// undecided says of a parcel whose stage could not be decided so, and for want of what.
func (s *Snapshot) undecided(cells []any, at func(key string) int) []any {
	stage, grounds, missing := at("stage"), at("grounds"), at("missing")
	if cells[stage] != nil || cells[missing] == nil {
		return cells
	}
	cells[stage] = text(s.t("export.undecided"))
	words := s.t("export.wanting", "fields", s.show(cells[missing]))
	if g := s.show(cells[grounds]); g != "" {
		words = g + s.t("export.list") + words
	}
	cells[grounds] = text(words)
	return cells
}

// projectGrids part the projects into those with a place and those without.
func (s *Snapshot) projectGrids() (placed, unplaced grid) {
	t := s.placementsTable()
	takes := slices.IndexFunc(t.columns, func(c column) bool { return c.key == "takes_land" })
	split := func(has bool) table {
		var rows [][]any
		for cells := range t.rows {
			if (cells[takes] != nil) == has {
				rows = append(rows, cells)
			}
		}
		return of("placements", t.columns, rows, func(r []any) []any { return r })
	}
	placed = s.grid(split(true), "project_id", "project", "industry", "needs", "power", "promised_tax", "release", "deadline", "block", "takes_land", "town", "waits", "land_waits").dense()
	unplaced = s.grid(split(false), "project_id", "project", "industry", "needs", "power", "promised_tax", "release", "deadline", "why_no_land").dense()
	unplaced.Title = s.t("export.table.unplaced")
	return placed, unplaced
}
