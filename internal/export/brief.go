package export

import (
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
	"github.com/plottage/plottage/internal/export/docx"
	"github.com/plottage/plottage/renewal"
)

//go:embed brief.html
var briefPage string

//go:embed brief.css
var briefStyle string

// brief is the report on two pages, for who decides: what is asked, on which figures,
// whom it hits, what may go wrong.
type brief struct {
	Lang, Title, Made  string
	Style              template.CSS
	Has                bool
	Lead               []string // what stands in the way of deciding
	Asked              []string
	Keys               grid
	Map                template.HTML
	MapKey             []legend
	MapFoot            string
	Years, Leaving     grid
	Risks, Certificate []string
	Signatures         grid
	Signed             []string
}

// briefForms are the endings of files that can be short.
var briefForms = []string{".html", ".docx"}

// Limits that keep the report on two pages of A4.
const (
	mostLeaving = 30   // blocks, one a line
	nameLetters = 57.0 // of the firms named on a line
	goalLetters = 28.0 // of the places they go to
)

// Shares and days from which something is a risk.
const (
	tightShare = 0.97
	oldDays    = 365
)

func (s *Snapshot) brief() brief {
	b := brief{Lang: s.Options.Lang, Title: s.briefTitle(), Made: s.madeWords(), Has: s.Plan != nil && s.Plan.Status != plottage.Infeasible && len(s.Plan.Years) > 0}
	b.Style = template.CSS(reportStyle + briefStyle + s.runningHead(b.Title))
	if !b.Has {
		b.Lead = s.lead()
		return b
	}
	if s.Plan.Status == plottage.Draft {
		b.Lead = []string{s.gapWords() + s.checkedWords()}
	}
	b.Asked, b.Keys, b.Years, b.Leaving, b.Risks = s.asked(), s.keyGrid(), s.yearsGrid(), s.leavingGrid(), s.risks()
	b.Map, b.MapKey = s.planMap()
	b.MapFoot, b.Certificate = s.mapFoot(), s.certificateWords()
	b.Signatures, b.Signed = s.signGrid(), s.signedWords()
	return b
}

func writeBrief(ctx context.Context, s *Snapshot, out io.Writer) error {
	return s.writePage(ctx, out, "brief", briefPage, func() any { return s.brief() })
}

func (s *Snapshot) briefTitle() string {
	if s.Plan == nil {
		return s.t("export.report.title_land", "city", s.cityName())
	}
	return s.t("export.brief.title", "city", s.cityName(), "years", s.span())
}

// asked is what is to be decided, a sentence each.
func (s *Snapshot) asked() []string {
	t, f := s.totalAll(), s.figures
	most := slices.MaxFunc(s.Plan.Years, func(a, b int) int {
		return cmp.Compare(s.used(renewal.Money, a, false), s.used(renewal.Money, b, false))
	})
	words := []string{s.t("export.asked.plan", "plan", s.planTitle(), "years", s.span(), "blocks", t.blocks, "parcels", f.Count(t.parcels), "area", f.Area(t.area)),
		s.t("export.asked.money", "cost", f.Money(t.cost), "year", most, "most", f.Money(s.used(renewal.Money, most, false)))}
	if t.firms > 0 {
		firms := s.t("export.asked.firms", "firms", f.Count(t.firms), "workers", f.Count(int(math.Round(t.workers))))
		if first, late := s.notices(); first != "" && late == 0 {
			firms += s.t("export.asked.notice", "date", first)
		}
		words = append(words, firms)
	}
	if t.projects > 0 {
		words = append(words, s.t("export.asked.projects", "placed", t.placed, "all", t.projects, "tax", f.Money(t.tax)))
	}
	return words
}

// planTitle is the plan's name and number.
func (s *Snapshot) planTitle() string {
	if s.Plan.Name == "" {
		return s.planName()
	}
	return s.t("export.asked.named", "name", s.Plan.Name, "id", s.Plan.ID)
}

// notices are the day by which the first firm has to be told, and how many should have
// been told already.
func (s *Snapshot) notices() (first string, late int) {
	today := string(plottage.DateOf(s.Now))
	for _, d := range s.displaced() {
		if first == "" || d.Notice < first {
			first = d.Notice
		}
		if d.Notice < today {
			late++
		}
	}
	return first, late
}

// keyGrid sets what the plan takes beside the caps: of all years, and in the year in
// which most of the cap is used. What has no cap follows.
func (s *Snapshot) keyGrid() grid {
	g := grid{Head: []string{s.t("export.col.item"), s.t("export.line.plan"), s.t("export.col.limit"), s.t("export.col.used_share")}, Kind: []string{"t", "r", "r", "r"}}
	amount := func(r renewal.Resource, v float64) string { return s.Speaker().Amount(string(r), int64(math.Round(v))) }
	for _, r := range resources {
		name := s.word("export.resource.", string(r))
		row := func(words string, used float64, limit plottage.Opt[float64]) {
			cells := []string{words, amount(r, used), s.t("export.no_cap"), ""}
			if limit.Known {
				cells[2] = amount(r, limit.V)
			}
			if limit.Known && limit.V > 0 {
				cells[3] = s.figures.Share(used / limit.V)
			}
			g.Rows = append(g.Rows, cells)
		}
		row(s.t("export.keys.all", "name", name), s.used(r, math.MaxInt, true), s.limitOfAll(r))
		y := s.fullestYear(r)
		row(s.t("export.keys.fullest", "name", name, "year", y), s.used(r, y, false), s.limit(r, y, false))
	}
	t, f := s.totalAll(), s.figures
	for _, l := range [][2]string{s.line("area", f.Area(t.area)), s.line("new_floor", f.Floor(t.floor)), s.line("displaced_firms", f.Count(t.firms)),
		s.line("placed", s.t("export.placed", "placed", t.placed, "all", t.projects)), s.line("tax", f.Money(t.tax))} {
		g.Rows = append(g.Rows, []string{l[0], l[1], "", ""})
	}
	return g
}

// limitOfAll is the cap of all years together: that up to the last, else the sum of
// those of each; not known when a year has none.
func (s *Snapshot) limitOfAll(r renewal.Resource) plottage.Opt[float64] {
	if whole := s.limit(r, slices.Max(s.Plan.Years), true); whole.Known {
		return whole
	}
	sum := 0.0
	for _, y := range s.Plan.Years {
		l := s.limit(r, y, false)
		if !l.Known {
			return l
		}
		sum += l.V
	}
	return plottage.Some(sum)
}

// fullestYear is the year that takes most of its cap, or most where there is none.
func (s *Snapshot) fullestYear(r renewal.Resource) int {
	part := func(y int) float64 {
		used := s.used(r, y, false)
		if l := s.limit(r, y, false); l.Known && l.V > 0 {
			return used / l.V
		}
		return used
	}
	return slices.MaxFunc(slices.Sorted(slices.Values(s.Plan.Years)), func(a, b int) int { return cmp.Compare(part(a), part(b)) })
}

// leavingGrid says of each block in one line which firms leave and where they go. Of
// many blocks those with most workers are listed, and the others counted.
func (s *Snapshot) leavingGrid() grid {
	var blocks []plottage.Block
	for _, b := range s.blocks() {
		if len(b.DisplacedFirms) > 0 {
			blocks = append(blocks, b)
		}
	}
	byWorkers := slices.SortedStableFunc(slices.Values(blocks), func(a, b plottage.Block) int { return cmp.Compare(b.DisplacedWorkers, a.DisplacedWorkers) })
	rest, left := byWorkers[min(len(blocks), mostLeaving):], map[string]bool{}
	firms, workers := 0, 0.0
	for _, b := range rest {
		left[b.ID] = true
		firms, workers = firms+len(b.DisplacedFirms), workers+b.DisplacedWorkers
	}
	blocks = slices.DeleteFunc(blocks, func(b plottage.Block) bool { return left[b.ID] })
	columns := []column{{"block", text(""), 0}, {"town", text(""), 0}, {"firms", whole(0), 0}, {"workers", whole(0), 0}, {"leaving", text(""), 0}, {"to", text(""), 0}}
	t := of("leaving", columns, blocks, func(b plottage.Block) []any {
		return []any{text(b.ID), some(s.townName(b.Town)), whole(len(b.DisplacedFirms)), whole(math.Round(b.DisplacedWorkers)), some(s.leavers(b)), some(s.goals(b))}
	})
	g := s.grid(t, "block", "town", "firms", "workers", "leaving", "to").dense()
	if len(rest) > 0 {
		g.Note = s.t("export.leaving.rest", "n", len(rest), "firms", s.figures.Count(firms), "workers", s.figures.Count(int(math.Round(workers))))
	}
	return g
}

// leavers names the firms of a block as far as a line goes, those with most floor first.
func (s *Snapshot) leavers(b plottage.Block) string {
	floor := map[string]float64{}
	for _, d := range s.displaced() {
		floor[d.Firm] = d.FloorM2
	}
	ids := slices.SortedStableFunc(slices.Values(b.DisplacedFirms), func(x, y string) int { return cmp.Compare(floor[y], floor[x]) })
	var names []string
	room := nameLetters
	for _, id := range ids {
		name := s.firmName(id)
		if room -= letters(name) + 2; room < 0 && len(names) > 0 {
			break
		}
		names = append(names, name)
	}
	words := strings.Join(names, s.t("renewal.comma"))
	if n := len(ids) - len(names); n > 0 {
		words = s.t("export.leaving.more", "names", words, "n", n)
	}
	return words
}

// goals counts a block's firms by the place they go to.
func (s *Snapshot) goals(b plottage.Block) string {
	firms := map[string]map[string]bool{}
	placed := map[string]bool{}
	for _, m := range s.Plan.Moves {
		if m.Block != b.ID {
			continue
		}
		if firms[m.To] == nil {
			firms[m.To] = map[string]bool{}
		}
		firms[m.To][m.Firm], placed[m.Firm] = true, true
	}
	var places []string
	for to := range firms {
		places = append(places, to)
	}
	slices.SortFunc(places, func(x, y string) int { return cmp.Or(cmp.Compare(len(firms[y]), len(firms[x])), strings.Compare(x, y)) })
	var words []string
	nowhere := len(b.DisplacedFirms) - len(placed)
	if nowhere > 0 && len(s.Plan.Moves) > 0 {
		words = append(words, s.t("export.leaving.nowhere", "n", nowhere))
	}
	for i, to := range places {
		_, id, _ := strings.Cut(to, ":")
		one := s.t("export.leaving.to", "place", s.townName(id), "n", len(firms[to]))
		if i > 0 && letters(strings.Join(append(words, one), ", ")) > goalLetters {
			words = append(words, s.t("export.leaving.elsewhere", "n", len(places)-i))
			break
		}
		words = append(words, one)
	}
	return strings.Join(words, s.t("renewal.comma"))
}

// risks are what who decides should know may go wrong.
func (s *Snapshot) risks() (words []string) {
	add := func(key string, args ...any) { words = append(words, s.t("export.risk."+key, args...)) }
	if s.check().Outcome == plottage.Failed {
		words = append(words, strings.TrimSpace(s.checkedWords()))
	}
	if tight := s.tightYears(); tight != "" {
		add("tight", "caps", tight, "share", s.figures.Share(tightShare))
	}
	if l := s.Ledger; l != nil && len(l.Firms) > 0 {
		switch {
		case !l.Decant:
			words = append(words, s.t("renewal.ledger.no_decant"))
		case l.NoPlace > 0:
			words = append(words, s.t("renewal.ledger.no_place", "n", l.NoPlace))
		}
		if first, late := s.notices(); late > 0 {
			add("late", "n", late, "date", first)
		}
		if l.Hard > 0 {
			add("hard", "n", l.Hard)
		}
	}
	if n, land, tax := s.landless(); n > 0 {
		add("landless", "n", n, "area", s.figures.Area(land), "tax", s.figures.Money(tax))
	}
	if n := s.incomplete(); n > 0 {
		add("incomplete", "n", s.figures.Count(n), "all", s.figures.Count(s.totalAll().parcels))
	}
	if day := s.oldest(); day != "" {
		add("old", "date", day)
	}
	if len(words) == 0 {
		add("none")
	}
	return words
}

// tightYears names the years in which hardly anything of a cap is left.
func (s *Snapshot) tightYears() string {
	var words []string
	for _, r := range resources {
		var years []string
		for _, y := range slices.Sorted(slices.Values(s.Plan.Years)) {
			if l := s.limit(r, y, false); l.Known && l.V > 0 && s.used(r, y, false) >= tightShare*l.V {
				years = append(years, strconv.Itoa(y))
			}
		}
		if len(years) > 0 {
			words = append(words, s.t("export.risk.years", "name", s.word("export.resource.", string(r)), "years", strings.Join(years, s.t("renewal.comma"))))
		}
	}
	return strings.Join(words, s.t("export.list"))
}

// landless counts the projects that get no land, with the land they want and the tax
// they promise a year.
func (s *Snapshot) landless() (n int, land, tax float64) {
	placed := map[string]bool{}
	for _, p := range s.Plan.Placements {
		placed[p.Project] = true
	}
	for i := range s.Projects {
		if p := &s.Projects[i]; !placed[p.ID] {
			n, land, tax = n+1, land+p.AreaM2, tax+p.Tax
		}
	}
	return n, land, tax
}

// incomplete counts the plan's parcels whose grading wanted data that nobody has.
func (s *Snapshot) incomplete() (n int) {
	for _, b := range s.Plan.Blocks {
		for _, id := range b.Parcels {
			if v := s.verdict[id]; v != nil && s.missing(v) != "" {
				n++
			}
		}
	}
	return n
}

// oldest is the day of the oldest source, "" when none is old.
func (s *Snapshot) oldest() (day plottage.Date) {
	for _, src := range s.Sources {
		if src.AsOf.Known() && (day == "" || src.AsOf < day) {
			day = src.AsOf
		}
	}
	if day == "" || day.DaysUntil(plottage.DateOf(s.Now)) <= oldDays {
		return ""
	}
	return day
}

// documentBrief writes the report on two pages into a Word document.
func (s *Snapshot) documentBrief(ctx context.Context, d *docx.Document, b brief) error {
	for _, p := range b.Lead {
		d.Text(p)
	}
	if !b.Has {
		return nil
	}
	d.Heading(2, s.t("export.section.asked"))
	for i, p := range b.Asked {
		d.Text(s.t("export.asked", "n", i+1, "words", p))
	}
	d.Heading(2, s.t("export.section.keys"))
	s.put(d, b.Keys)
	if err := s.picture(ctx, d, 0.32); err != nil {
		return err
	}
	d.Heading(2, s.t("export.section.years"))
	s.put(d, b.Years)
	d.Heading(2, s.t("export.section.risks"))
	for _, p := range b.Risks {
		d.Text(s.t("export.risk", "words", p))
	}
	if len(b.Leaving.Rows) > 0 {
		d.Heading(2, s.t("export.section.leaving"))
		s.put(d, b.Leaving)
	}
	d.Heading(2, s.t("export.section.proof"))
	d.Note(strings.Join(b.Certificate, " "))
	return nil
}
