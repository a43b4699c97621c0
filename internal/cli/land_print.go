package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/locale"
)

// landPrinter writes the answers of plottage land as text; the first error stays.
type landPrinter struct {
	a     *app
	w     io.Writer
	style figure.Style
	err   error
}

func (a *app) landPrinter(w io.Writer, currency string) *landPrinter {
	return &landPrinter{a: a, w: w, style: figure.For(a.lang, currency)}
}

func (p *landPrinter) line(s string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}

func (p *landPrinter) area(m2 float64) string { return p.style.Area(m2) }

// grading prints what a pack said of the city.
func (p *landPrinter) grading(g workspace.Grading) {
	a, s := p.a, g.Summary
	p.line(a.t("cli.land.grade.head", "title", g.Title.In(a.lang), "pack", s.Pack, "day", s.AsOf))
	tally := func(key string, t land.Tally) []string {
		return []string{a.t(key), p.style.Count(t.Parcels), p.area(t.AreaM2)}
	}
	p.table([][]string{
		tally("cli.land.grade.all", s.All), tally("cli.land.grade.in_scope", s.InScope),
		tally("cli.land.grade.undecided", s.Undecided), tally("cli.land.grade.candidates", s.Candidates),
	})
	p.line(a.t("cli.land.grade.confidence", "share", p.style.Share(s.Confidence)))
	pack := g.Pack
	for _, part := range []struct {
		key    string
		counts []land.Count
		label  func(id string) string
	}{
		{"cli.land.grade.queues", s.Queues, func(id string) string { return a.t("land.queue." + id) }},
		{"cli.land.grade.stages", s.Stages, func(id string) string { return a.t("land.stage." + id) }},
		{"cli.land.grade.grades", s.Grades, func(id string) string { return p.class(pack, id) }},
		{"cli.land.grade.disposals", s.Disposals, func(id string) string { return p.class(pack, id) }},
	} {
		if len(part.counts) == 0 {
			continue
		}
		rows := [][]string{{a.t(part.key), a.t("cli.land.col.parcels"), a.t("cli.land.col.area"), a.t("cli.land.col.confidence"), a.t("cli.land.col.possible")}}
		for _, c := range part.counts {
			rows = append(rows, []string{part.label(c.ID), p.style.Count(c.Settled.Parcels), p.area(c.Settled.AreaM2), p.confidence(c), p.possible(c)})
		}
		p.line("")
		p.table(rows)
	}
	p.missing(pack, s.Missing)
	p.scope(g)
}

// scope says what to set when a pack made for other codes applies to no parcel.
func (p *landPrinter) scope(g workspace.Grading) {
	if g.Scope == nil {
		return
	}
	var rows [][]string
	for _, u := range g.Scope.Uses {
		rows = append(rows, []string{u.Code, u.Name, p.style.Count(u.Parcels), p.area(u.AreaM2)})
	}
	p.line("")
	p.line(p.a.t("cli.land.grade.scope", "wanted", g.Scope.Wanted))
	p.table(rows)
	if g.Scope.More > 0 {
		p.line(p.a.t("cli.land.grade.scope_more", "count", g.Scope.More))
	}
	p.line(p.a.t("cli.land.grade.scope_set", "parameter", g.Scope.Parameter, "code", g.Scope.Uses[0].Code))
}

func (p *landPrinter) confidence(c land.Count) string {
	if c.Settled.Parcels == 0 {
		return "–"
	}
	return p.style.Share(c.Confidence)
}

func (p *landPrinter) possible(c land.Count) string {
	if c.Possible.Parcels == 0 {
		return "–"
	}
	return "+" + p.style.Count(c.Possible.Parcels)
}

// missing prints the inputs that would decide most land.
func (p *landPrinter) missing(pack *land.Pack, list []land.Lacking) {
	if len(list) == 0 {
		return
	}
	a := p.a
	rows := [][]string{{a.t("cli.land.grade.missing"), a.t("cli.land.col.parcels"), a.t("cli.land.col.area")}}
	for i, l := range list {
		if i == 8 {
			break
		}
		name := p.input(pack, l.Input)
		if l.Withheld {
			name += a.t("cli.land.withheld")
		}
		rows = append(rows, []string{name, p.style.Count(l.Parcels), p.area(l.AreaM2)})
	}
	p.line("")
	p.table(rows)
}

func (p *landPrinter) class(pack *land.Pack, id string) string {
	if pack != nil {
		for _, c := range slices.Concat(pack.Grades, pack.Disposals) {
			if c.ID == id {
				return c.Label.In(p.a.lang)
			}
		}
	}
	return id
}

// input is the label of an input, a derived value or a parameter.
func (p *landPrinter) input(pack *land.Pack, name string) string {
	if pack != nil {
		for _, d := range pack.Derived {
			if d.Name == name {
				return d.Label.In(p.a.lang)
			}
		}
		for _, q := range pack.Parameters {
			if q.ID == name {
				return q.Label.In(p.a.lang)
			}
		}
	}
	for _, key := range []string{"field." + name, "land.input." + name} {
		if s, ok := locale.Catalogue(p.a.lang)[key]; ok {
			return s
		}
	}
	return name
}

// value writes an input's value with its unit.
func (p *landPrinter) value(pack *land.Pack, name string, v any) string {
	unit := ""
	if in, ok := land.InputByName(name); ok {
		unit = in.Unit
	} else if pack != nil {
		for _, d := range pack.Derived {
			if d.Name == name {
				unit = d.Unit
			}
		}
	}
	switch v := v.(type) {
	case bool:
		return p.a.t(map[bool]string{true: "land.yes", false: "land.no"}[v])
	case float64:
		return p.number(v, unit)
	case string:
		if word, ok := locale.Catalogue(p.a.lang)["land.value."+v]; ok {
			return word
		}
	}
	return fmt.Sprint(v)
}

func (p *landPrinter) number(v float64, unit string) string {
	switch unit {
	case "":
		return figure.Digits(v, 3)
	case "share":
		return p.style.Share(v)
	case "year":
		return fmt.Sprint(v)
	case "money":
		return p.style.Money(v)
	}
	return p.a.t("land.unit."+strings.ReplaceAll(unit, "/", "_per_"), "n", figure.Digits(v, 4), "currency", p.style.CurrencyWord())
}

// explanation puts one parcel's verdict in words.
func (p *landPrinter) explanation(e workspace.Explanation) {
	a, v := p.a, e.Verdict
	p.line(a.t("cli.land.show.head", "parcel", strings.TrimSpace(e.Parcel+" "+e.Name), "area", p.area(e.AreaM2)))
	p.line(a.t("cli.land.show.pack", "title", e.Title.In(a.lang), "pack", v.Pack, "day", v.AsOf))
	rows := [][]string{}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, []string{a.t(key), value})
		}
	}
	if v.Stage != "" {
		add("cli.land.show.stage", a.t("land.stage."+string(v.Stage)))
	}
	if v.Queue != "" {
		add("cli.land.show.queue", a.t("land.queue."+string(v.Queue)))
	}
	add("cli.land.show.grade", e.Grade.In(a.lang))
	add("cli.land.show.disposal", e.Disposal.In(a.lang))
	if v.Score.Known {
		add("cli.land.show.score", figure.Fixed(v.Score.V, 1))
	}
	add("cli.land.show.candidate", a.t(map[bool]string{true: "land.yes", false: "land.no"}[v.Candidate]))
	add("cli.land.show.confidence", p.style.Share(v.Confidence))
	for _, r := range rows {
		p.line("  " + a.t("cli.land.show.fact", "name", r[0], "value", r[1]))
	}
	p.line("")
	for _, f := range e.Findings {
		p.finding(e.Pack, f)
	}
	if len(e.Findings) == 0 {
		p.line(a.t("cli.land.show.nothing"))
	}
	p.firms(e.Firms)
}

// firms lists who uses the land and which class counts for each.
func (p *landPrinter) firms(list []land.FirmOn) {
	a := p.a
	if len(list) > 0 {
		p.line("")
		p.line(a.t("cli.land.show.firms"))
	}
	for _, f := range list {
		key := "cli.land.show.holder"
		if f.Tenant {
			key = "cli.land.show.tenant"
		}
		class := f.Class
		if class == "" {
			class = "–"
		}
		p.line("  " + a.t(key, "firm", strings.TrimSpace(f.Firm+" "+f.Name), "class", class))
	}
}

func (p *landPrinter) finding(pack *land.Pack, f workspace.ExplainedFinding) {
	a := p.a
	text := f.Text.In(a.lang)
	if text == "" {
		text = f.Rule
	}
	if f.Article != "" {
		text = a.t("cli.land.show.article", "text", text, "article", f.Article)
	}
	p.line(a.t("land.outcome."+string(f.Outcome)) + " " + text)
	var read []string
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		read = append(read, a.t("cli.land.show.fact", "name", p.input(pack, name), "value", p.value(pack, name, f.Inputs[name])))
	}
	if len(read) > 0 {
		p.line("    " + strings.Join(read, a.t("land.list")))
	}
	var missing []string
	for _, name := range f.Missing {
		s := p.input(pack, name)
		if slices.Contains(f.Withheld, name) {
			s += a.t("cli.land.withheld")
		}
		missing = append(missing, s)
	}
	if len(missing) > 0 {
		p.line("    " + a.t("cli.land.show.missing", "names", strings.Join(missing, a.t("land.list"))))
	}
	if f.Status == land.Unverified || f.Status == land.Sample || f.Status == land.Choice {
		p.line("    " + a.t("land.status."+string(f.Status)))
	}
}

// clusters prints the sizes and the largest clusters.
func (p *landPrinter) clusters(c workspace.Clustered, warn int) {
	a := p.a
	var across []string
	for _, class := range c.Rule.Across {
		across = append(across, a.t("land.way."+string(class)))
	}
	if len(across) == 0 {
		across = []string{a.t("cli.land.clusters.no_way")}
	}
	p.line(a.t("cli.land.clusters.rule", "shared", figure.Digits(c.Rule.MinSharedM, 3), "gap", figure.Digits(c.Rule.MaxGapM, 3), "across", strings.Join(across, a.t("land.list"))))
	p.line(a.t("cli.land.clusters.links", "candidates", c.Candidates.Parcels, "area", p.area(c.Candidates.AreaM2), "links", c.Links, "touching", c.Touching, "gap", c.AcrossGap, "way", c.AcrossWay, "clusters", len(c.Clusters)))
	p.line("")
	p.clusterTables(c)
	if len(c.Large) > 0 {
		p.line("")
		p.line(a.t("cli.land.clusters.large", "clusters", strings.Trim(fmt.Sprint(c.Large), "[]"), "lots", warn))
	}
}

// clusterTables writes the clusters by size and the ten largest. Land is counted in
// mu first, or in hectares alone where neither language nor city counts in mu.
func (p *landPrinter) clusterTables(c workspace.Clustered) {
	a := p.a
	sizes, per, key := c.Sizes, plottage.M2PerMu, "cli.land.clusters.at_least"
	if p.hectares() {
		sizes, per, key = land.SizesOf(c.Clusters, sizesM2...), plottage.M2PerHa, "cli.land.clusters.at_least_ha"
	}
	rows := [][]string{append([]string{a.t("cli.land.col.size"), a.t("cli.land.col.clusters"), a.t("cli.land.col.parcels")}, p.landColumns()...)}
	for _, s := range sizes {
		name := a.t("cli.land.clusters.all")
		if s.MinM2 > 0 {
			name = a.t(key, "n", figure.Digits(s.MinM2/per, 3))
		}
		rows = append(rows, append([]string{name, p.style.Count(s.Clusters), p.style.Count(s.Parcels)}, p.landCells(s.AreaM2)...))
	}
	p.table(rows)
	p.line("")
	rows = [][]string{append([]string{a.t("cli.land.col.cluster"), a.t("cli.land.col.parcels")}, p.landColumns()...)}
	for _, cl := range c.Clusters[:min(10, len(c.Clusters))] {
		rows = append(rows, append([]string{fmt.Sprint(cl.ID), p.style.Count(len(cl.Parcels))}, p.landCells(cl.AreaM2)...))
	}
	p.table(rows)
}

// sizesM2 are the sizes clusters are counted by in hectares: 0, ½, 1, 2, 5 and 10.
var sizesM2 = []float64{0, 5_000, 10_000, 20_000, 50_000, 100_000}

// hectares says whether tables count land in hectares alone.
func (p *landPrinter) hectares() bool { return p.style.Lang != "zh" && p.style.Currency != "CNY" }

func (p *landPrinter) landColumns() []string {
	if p.hectares() {
		return []string{p.a.t("cli.land.col.ha")}
	}
	return []string{p.a.t("cli.land.col.mu"), p.a.t("cli.land.col.ha")}
}

// landCells is an area in the units of landColumns.
func (p *landPrinter) landCells(m2 float64) []string {
	ha := figure.Fixed(plottage.Ha(m2), 2)
	if p.hectares() {
		return []string{ha}
	}
	return []string{figure.Fixed(plottage.Mu(m2), 1), ha}
}

// packs lists rule packs.
func (p *landPrinter) packs(packs []*land.Pack) {
	a := p.a
	rows := [][]string{}
	for _, q := range packs {
		from, to := string(q.InForce.From), string(q.InForce.To)
		rows = append(rows, []string{q.Ref(), q.Title.In(a.lang), strings.TrimSpace(from + " – " + to)})
	}
	for _, r := range rows {
		p.line(r[0])
		when := ""
		if r[2] != "–" {
			when = a.t("cli.land.packs.in_force", "period", r[2])
		}
		p.line("    " + r[1] + when)
	}
	p.line("")
	p.line(a.t("cli.land.packs.next"))
}
