package export

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

//go:embed frontier.html
var frontierPage string

// Study is a stored frontier with the plans of its points.
type Study struct {
	Run      plottage.Run
	Frontier workspace.FrontierStudy
	plans    map[int64]*Snapshot // the city with each plan
}

// frontierVerb is the verb of runs that keep a curve.
const frontierVerb = "renewal frontier"

// readStudy reads the curve asked for; the plan it started from becomes the plan of the
// export.
func (s *Snapshot) readStudy(ctx context.Context, store Store) error {
	if s.Options.Study == 0 {
		return nil
	}
	run, err := store.Run(ctx, s.Options.Study)
	if err != nil {
		return err
	}
	if run.Verb != frontierVerb {
		return &plottage.Error{Code: plottage.NotFound, Key: "study_other", Args: map[string]any{"run": run.ID, "verb": run.Verb, "want": frontierVerb}}
	}
	study := &Study{Run: run, plans: map[int64]*Snapshot{}}
	if err := json.Unmarshal(run.Result, &study.Frontier); err != nil {
		return fmt.Errorf("result of run %d: %w", run.ID, err)
	}
	study.Frontier.Run = run.ID
	study.Run.Input, study.Run.Result = nil, nil // they repeat the city, what may not leave it included
	s.Study, s.Options.Plan = study, study.Frontier.BasePlan.ID
	return nil
}

// readStudied reads the plans of the curve's points.
func (s *Snapshot) readStudied(ctx context.Context, store Store) error {
	if s.Study == nil {
		return nil
	}
	for _, pt := range s.Study.Frontier.Points {
		if pt.Plan == 0 || s.Study.plans[pt.Plan] != nil {
			continue
		}
		one, err := s.withPlan(ctx, store, pt.Plan)
		if plottage.CodeOf(err) == plottage.NotFound {
			continue // deleted since: the curve stands, its map is missing
		}
		if err != nil {
			return err
		}
		s.Study.plans[pt.Plan] = one
	}
	return nil
}

// thumb is the small map of a point.
type thumb struct {
	Number, Level, Value, Plan, Note string
	Knee                             bool
	Why                              string        // there is no plan
	Map                              template.HTML // "" when there is no plan to draw
}

// curve is everything the page of a frontier shows.
type curve struct {
	Lang, Title, Made string
	Style             template.CSS
	Lead              []string
	Chart             template.HTML
	Ground            template.HTML // beneath every small map, drawn once
	Thumbs            []thumb
	Years             []legend
	Points, Nested    grid
	Words             []string
	Conditions        grid
	MapFoot           string
	Replay            string
}

// writeFrontier writes the curve as one HTML page that needs nothing else.
func writeFrontier(ctx context.Context, s *Snapshot, out io.Writer) error {
	return s.writePage(ctx, out, "frontier", frontierPage, func() any { return s.curve() })
}

func (s *Snapshot) curve() curve {
	f := s.Study.Frontier
	of := s.t("study.of." + string(f.Of))
	c := curve{Lang: s.Options.Lang, Title: s.t("export.frontier.title", "city", s.cityName(), "of", of), MapFoot: s.mapFoot(),
		Made:   s.madeWords(),
		Lead:   []string{s.t("study.frontier.head", "of", of, "plan", f.BasePlan.ID, "run", f.Run)},
		Replay: s.t("export.frontier.replay", "run", f.Run, "seed", s.Study.Run.Seed, "hash", s.Study.Run.InputSHA256, "version", s.Study.Run.Version)}
	c.Style = template.CSS(reportStyle + s.runningHead(c.Title))
	varied := map[renewal.Resource]string{renewal.Money: "budget", renewal.Demolition: "demolition", renewal.Relocation: "relocation"}[f.Of]
	c.Conditions = s.linesGrid(slices.DeleteFunc(s.optionLines(), func(l [2]string) bool {
		return l[0] == s.t("export.option."+varied) || l[0] == s.t("export.option.limit")
	}))
	if len(f.Clashes) > 0 {
		c.Lead = append(c.Lead, s.t("error."+aloud.NoPlanKey(!aloud.Open(f.Clashes)), "reasons", strings.Join(s.Speaker().NoPlan(f.NoPlan, false), " ")))
		return c
	}
	c.Lead = append(c.Lead, s.kneeWords(), s.t("export.frontier.reading"), s.t(s.levelKey("study.frontier.scaled", "study.frontier.free")))
	if f.Stopped {
		c.Lead = append(c.Lead, s.t("study.stopped"))
	}
	c.Chart, c.Points = s.frontierChart(), s.pointsGrid()
	c.Words = []string{s.t("study.frontier.slope", "per", s.t("study.per."+string(f.Of)))}
	if f.Nested {
		c.Nested = s.nestedGrid()
		c.Words = append(c.Words, s.t("study.nested.head"))
	}
	c.Ground, c.Thumbs, c.Years = s.thumbs()
	return c
}

// per is for how much of a resource a slope is written, as on the command line.
func per(r renewal.Resource) float64 {
	switch r {
	case renewal.Demolition:
		return 10_000
	case renewal.Relocation:
		return 100
	}
	return 1
}

// kneeWords say where more stops paying.
func (s *Snapshot) kneeWords() string {
	f := s.Study.Frontier
	if f.Knee < 0 || f.Knee >= len(f.Points) {
		return s.t("study.frontier.no_knee")
	}
	k, after := f.Points[f.Knee], 0.0
	for _, pt := range f.Points[f.Knee+1:] {
		if pt.Hull {
			after = pt.Slope
			break
		}
	}
	return s.t("study.frontier.knee", "of", s.t("study.of."+string(f.Of)), "level", s.level(k.Level), "before", s.figures.Money(k.Slope*per(f.Of)),
		"after", s.figures.Money(after*per(f.Of)), "per", s.t("study.per."+string(f.Of)), "plan", k.Plan)
}

func (s *Snapshot) level(v int64) string { return s.Speaker().Amount(string(s.Study.Frontier.Of), v) }

// reached reports whether a point has a plan that was found in time; one that clears
// nothing is a plan only at the level of nothing.
func reached(pt renewal.FrontierPoint) bool { return pt.Found && (pt.Plan > 0 || pt.Level == 0) }

// whyNone is the end of the key that says why a point is not reached.
func whyNone(pt renewal.FrontierPoint) string {
	switch {
	case !pt.Found && pt.Status == plottage.Infeasible:
		return "rules"
	case !pt.Found:
		return "time"
	case pt.Status == plottage.Optimal:
		return "pays"
	}
	return "better"
}

// levelKey picks the words of what a level is: what caps that grow in proportion add up
// to, or one cap on all years where the problem has none of its own.
func (s *Snapshot) levelKey(scaled, free string) string {
	if s.Study.Frontier.Base > 0 {
		return scaled
	}
	return free
}

// marks are what a point stands out by.
func (s *Snapshot) marks(i int) string {
	f := s.Study.Frontier
	words := ""
	if f.Points[i].Own {
		words = s.t("study.mark.own")
	}
	if i == f.Knee {
		if words != "" {
			words += s.t("renewal.comma")
		}
		words += s.t("study.mark.knee")
	}
	return words
}

// pointsGrid has a row a level: what the plan is worth and at most could be, and what it
// takes of every resource.
func (s *Snapshot) pointsGrid() grid {
	f := s.Study.Frontier
	g := grid{Head: []string{s.t("export.col.number"), s.t(s.levelKey("study.col.level_sum", "study.col.level"), "of", s.t("study.of."+string(f.Of))), s.title(column{"value", money(0), 0}), s.title(column{"bound", money(0), 0}), s.t("export.line.gap"),
		s.t("export.line.blocks"), s.title(column{"area", area(0), 0}), s.resourceName(renewal.Money), s.resourceName(renewal.Demolition), s.resourceName(renewal.Relocation),
		s.t("export.line.displaced_firms"), s.t("export.line.placed"), s.t("study.col.slope"), s.t("export.line.plan"), ""},
		Kind: []string{"r", "r", "r", "r", "r", "r", "r", "r", "r", "r", "r", "r", "r", "r", "k"}}
	for i, pt := range f.Points {
		row := []string{strconv.Itoa(i + 1), s.level(pt.Level)}
		if !reached(pt) {
			row = append(row, s.word("export.status.", string(pt.Status)), s.mostWorth(pt.Bound))
			g.Rows = append(g.Rows, append(row, make([]string, len(g.Head)-len(row))...))
			continue
		}
		t, slope := pt.Totals, ""
		if pt.Hull && pt.Slope != 0 {
			slope = s.figures.Money(pt.Slope * per(f.Of))
		}
		g.Rows = append(g.Rows, append(row, s.show(money(pt.Value)), s.mostWorth(pt.Bound), s.figures.Share(pt.Gap), s.figures.Count(t.Blocks), s.show(area(t.AreaM2)),
			s.show(money(t.Money)), s.show(floor(t.DemolishedM2)), s.show(number(t.Workers)), s.figures.Count(t.Firms), s.figures.Count(t.Projects), slope, s.planNumber(pt.Plan), s.marks(i)))
	}
	return g
}

func (s *Snapshot) mostWorth(v int64) string {
	if v >= math.MaxInt64/2 {
		return "–"
	}
	return s.show(money(v))
}

func (s *Snapshot) planNumber(id int64) string {
	if id == 0 {
		return "–"
	}
	return strconv.FormatInt(id, 10)
}

// nestedGrid says what it costs to keep what the smaller level clears.
func (s *Snapshot) nestedGrid() grid {
	g := grid{Head: []string{s.t(s.levelKey("study.col.level_sum", "study.col.level"), "of", s.t("study.of."+string(s.Study.Frontier.Of))), s.title(column{"value", money(0), 0}), s.t("study.col.nested_cost"), s.t("study.col.nested_most"), s.t("export.line.plan")},
		Kind: []string{"r", "r", "r", "r", "r"}, Empty: s.t("export.empty")}
	for _, pt := range s.Study.Frontier.Points {
		if n := pt.Nested; n != nil {
			g.Rows = append(g.Rows, []string{s.level(pt.Level), s.show(money(n.Value)), s.show(money(n.Cost)), s.mostWorth(n.AtMost), s.planNumber(n.Plan)})
		}
	}
	return g
}

// thumbs draws a small map for every point: the same ground under each, drawn once, and
// the plan's blocks by year on it.
func (s *Snapshot) thumbs() (ground template.HTML, all []thumb, key []legend) {
	d, ok := newDrawing(s.bound())
	if !ok {
		return "", nil, nil
	}
	s.pale(d)
	for _, t := range s.Towns {
		d.shape("town", "", []orb.MultiPolygon{t.Geometry})
	}
	ground = template.HTML(fmt.Sprintf(`<svg class="ground" width="0" height="0" aria-hidden="true"><defs><symbol id="ground" viewBox="0 0 %.0f %.0f">`, d.width(), d.height) + d.shapes() + `</symbol></defs></svg>`)
	for i, pt := range s.Study.Frontier.Points {
		one := thumb{Number: strconv.Itoa(i + 1), Level: s.level(pt.Level), Knee: i == s.Study.Frontier.Knee, Note: s.marks(i), Plan: s.planNumber(pt.Plan)}
		city := s.Study.plans[pt.Plan]
		switch {
		case !reached(pt):
			one.Value, one.Why = "–", s.t("web.study.none_"+whyNone(pt))
		default:
			one.Value = s.figures.Money(float64(pt.Value))
			if city == nil {
				city = s.withoutBlocks()
			}
			one.Map = city.thumbMap(d, s.t("export.frontier.map", "level", one.Level))
			key = city.yearKey()
		}
		all = append(all, one)
	}
	return ground, all, key
}

// withoutBlocks is the city under the plan that clears nothing.
func (s *Snapshot) withoutBlocks() *Snapshot {
	none := *s
	none.Plan = &plottage.Plan{Years: s.Plan.Years}
	return &none
}

func (s *Snapshot) thumbMap(base *drawing, title string) template.HTML {
	d := drawing{bound: base.bound, k: base.k, height: base.height}
	for _, y := range s.yearAreas() {
		d.shape("thumb", y.color, y.areas)
	}
	return template.HTML(fmt.Sprintf(`<svg class="map" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s"><use href="#ground" width="%.0f" height="%.0f"/>`,
		d.width(), d.height, html.EscapeString(title), d.width(), d.height) + d.shapes() + "</svg>")
}

func (s *Snapshot) yearKey() (key []legend) {
	for _, y := range s.yearAreas() {
		key = append(key, legend{y.color, strconv.Itoa(y.year)})
	}
	return append(key, legend{candidateColor, s.t("export.map.left")})
}

// frontierChart draws the curve: what plans are worth, what none can be worth more than,
// the knee, and the problem's own cap.
func (s *Snapshot) frontierChart() template.HTML {
	const w, h, left, right, top, bottom = 920.0, 380.0, 96.0, 30.0, 26.0, 58.0
	f := s.Study.Frontier
	most, high, low := int64(1), 1.0, 0.0
	for _, pt := range f.Points {
		most = max(most, pt.Level)
		if pt.Bound < math.MaxInt64/2 {
			high, low = max(high, float64(pt.Bound)), min(low, float64(pt.Bound))
		}
		if reached(pt) {
			high, low = max(high, float64(pt.Value)), min(low, float64(pt.Value))
		}
	}
	x := func(level int64) float64 { return left + (w-left-right)*float64(level)/float64(most) }
	y := func(v float64) float64 { return h - bottom - (h-top-bottom)*(v-low)/(high-low) }
	var b bytes.Buffer
	text := func(class string, x, y float64, words string) {
		fmt.Fprintf(&b, `<text class="%s" x="%.1f" y="%.1f">%s</text>`, class, x, y, html.EscapeString(words))
	}
	title := s.t("export.frontier.title", "city", s.cityName(), "of", s.t("study.of."+string(f.Of)))
	fmt.Fprintf(&b, `<svg class="curve" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, w, h, html.EscapeString(title))
	for v := range ticks(low, high) {
		fmt.Fprintf(&b, `<path class="rule" d="M%.1f %.1fH%.1f"/>`, left, y(v), w-right)
		text("end", left-8, y(v)+4, s.figures.Money(v))
	}
	for v := range ticks(0, float64(most)) {
		at := int64(v)
		fmt.Fprintf(&b, `<path class="axis" d="M%.1f %.1fv5"/>`, x(at), h-bottom)
		text("middle", x(at), h-bottom+20, s.level(at))
	}
	var bounds, values [][2]float64
	for _, pt := range f.Points {
		if pt.Bound < math.MaxInt64/2 {
			bounds = append(bounds, [2]float64{x(pt.Level), y(float64(pt.Bound))})
		}
		if reached(pt) {
			values = append(values, [2]float64{x(pt.Level), y(float64(pt.Value))})
		}
	}
	back := slices.Clone(values)
	slices.Reverse(back)
	fmt.Fprintf(&b, `<path class="band" d="%sz"/><path class="bound" d="%s"/><path class="value" d="%s"/>`, polyline(slices.Concat(bounds, back)), polyline(bounds), polyline(values))
	fmt.Fprintf(&b, `<path class="axis" d="M%.1f %.1fH%.1f"/>`, left, h-bottom, w-right)
	for i, pt := range f.Points {
		if !reached(pt) {
			continue
		}
		px, py, class := x(pt.Level), y(float64(pt.Value)), "point"
		if i == f.Knee {
			class = "point knee"
			fmt.Fprintf(&b, `<path class="knee" d="M%.1f %.1fV%.1f"/>`, px, py, h-bottom)
			text("knee middle", px, h-bottom-8, s.t("study.mark.knee"))
		}
		fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%.1f" r="6"/>`, class, px, py)
		text("number middle", px, py+22, strconv.Itoa(i+1))
		if pt.Own {
			text("own middle", px, py-14, s.t("study.mark.own"))
		}
	}
	fmt.Fprintf(&b, `<path class="value" d="M%.1f 12h26"/>`, left)
	text("", left+32, 16, s.t("export.line.value"))
	fmt.Fprintf(&b, `<path class="bound" d="M%.1f 12h26"/>`, left+260)
	text("", left+292, 16, s.t("export.line.bound"))
	text("middle", (left+w-right)/2, h-14, s.t(s.levelKey("study.col.level_sum", "study.col.level"), "of", s.t("study.of."+string(f.Of))))
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func polyline(points [][2]float64) string {
	var b bytes.Buffer
	for i, p := range points {
		c := 'L'
		if i == 0 {
			c = 'M'
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", c, p[0], p[1])
	}
	return b.String()
}

// ticks yields round numbers between two, four to six of them.
func ticks(low, high float64) func(yield func(float64) bool) {
	return func(yield func(float64) bool) {
		step := niceStep((high - low) / 5)
		for v := math.Ceil(low/step) * step; v <= high*(1+1e-9); v += step {
			if !yield(v) {
				return
			}
		}
	}
}

// niceStep returns the least of 1, 2, 5, 10 times a power of ten that is no smaller.
func niceStep(raw float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= raw {
			return m * p
		}
	}
	return 10 * p
}
