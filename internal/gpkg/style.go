package gpkg

import (
	"slices"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// styleOwner marks the styles that this program writes and may rewrite. A style that
// somebody saved in QGIS has another owner or name and is left alone.
const styleOwner = "plottage"

// Colours that people who confuse red and green can tell apart: the diverging scheme
// RdYlBu of ColorBrewer (Harrower and Brewer 2003) for grades, and for years the
// ramp viridis (Smith and van der Walt 2015) from the first year to the last.
var (
	gradeColours = map[string]string{"A": "44,123,182,255", "B": "171,217,233,255", "C": "253,174,97,255", "D": "215,25,28,255"}
	spareColours = []string{"141,160,203,255", "231,138,195,255", "166,216,84,255", "255,217,47,255", "229,196,148,255", "102,194,165,255"}
	viridis      = [][3]float64{{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}
	stageColours = map[string]string{
		string(plottage.Unsupplied): "117,107,177,255", string(plottage.SuppliedUnused): "158,154,200,255",
		string(plottage.UnderBuilt): "253,190,133,255", string(plottage.NotOperating): "253,141,60,255",
		string(plottage.BelowStandard): "217,71,1,255", string(plottage.InFullUse): "49,163,84,255",
	}
)

const (
	noVerdict = "224,224,224,255"
	hollow    = "255,255,255,0"
)

func zh(key string) string { return locale.T("zh", key, nil) }

// fixedStyles are written when a city is made.
func fixedStyles() []style {
	stages := []class{}
	for _, s := range []plottage.Stage{plottage.Unsupplied, plottage.SuppliedUnused, plottage.UnderBuilt,
		plottage.NotOperating, plottage.BelowStandard, plottage.InFullUse} {
		stages = append(stages, class{value: string(s), label: zh("style.stage." + string(s)), colour: stageColours[string(s)]})
	}
	stages = append(stages, class{label: zh("style.none"), colour: noVerdict})
	return []style{
		{table: "parcels", name: "grade", about: zh("style.parcels"), field: "grade", classes: gradeClasses(nil), label: `"id"`, labelFrom: 4000, main: true},
		gradedStyle(nil),
		{table: "parcels_graded", name: "stage", about: zh("style.by_stage"), field: "stage", classes: stages},
		{table: "towns", name: "outline", about: zh("table.towns"), classes: []class{{colour: hollow, width: "0.6"}}, label: `"name_zh"`, labelFrom: 500_000, main: true},
		{table: "ways", name: "class", about: zh("style.ways"), field: "class", line: true, classes: wayClasses(), main: true},
		{table: "links", name: "line", about: zh("table.links"), line: true, classes: []class{{colour: "231,41,138,255", width: "0.4"}}, main: true},
		yearStyle("blocks", nil),
		yearStyle("blocks_latest", nil),
	}
}

func wayClasses() (out []class) {
	for _, w := range []struct {
		class         plottage.WayClass
		colour, width string
	}{
		{plottage.Lane, "190,190,190,255", "0.3"}, {plottage.Collector, "253,174,97,255", "0.5"},
		{plottage.Arterial, "230,97,1,255", "0.9"}, {plottage.Rail, "70,70,70,255", "0.7"},
		{plottage.River, "67,147,195,255", "0.9"}, {plottage.RedLine, "178,24,43,255", "0.7"},
	} {
		out = append(out, class{string(w.class), zh("style.way." + string(w.class)), w.colour, w.width})
	}
	return append(out, class{label: zh("style.other"), colour: "150,150,150,255", width: "0.3"})
}

// gradeClasses are A to D, then whatever other grades a pack gave, then "none".
func gradeClasses(grades []string) (out []class) {
	for _, g := range []string{"A", "B", "C", "D"} {
		out = append(out, class{value: g, label: locale.T("zh", "style.grade", map[string]any{"grade": g}), colour: gradeColours[g]})
	}
	spare := 0
	for _, g := range grades {
		if _, known := gradeColours[g]; known || g == "" {
			continue
		}
		out = append(out, class{value: g, label: g, colour: spareColours[spare%len(spareColours)]})
		spare++
	}
	return append(out, class{label: zh("style.none"), colour: noVerdict})
}

func gradedStyle(grades []string) style {
	return style{table: "parcels_graded", name: "grade", about: zh("style.by_grade"), field: "grade",
		classes: gradeClasses(grades), label: `"id"`, labelFrom: 4000, main: true}
}

func yearStyle(table string, years []int) style {
	s := style{table: table, name: "year", about: zh("style.by_year"), field: "year", main: true, labelFrom: 50_000, priority: 10,
		label: `"id" || '\n' || round("area_m2" * 15 / 10000, 1) || ' 亩'`}
	for i, y := range years {
		s.classes = append(s.classes, class{value: strconv.Itoa(y), label: locale.T("zh", "style.year", map[string]any{"year": y}),
			colour: ramp(i, len(years)), width: "0.4"})
	}
	s.classes = append(s.classes, class{label: zh("style.other"), colour: noVerdict, width: "0.4"})
	return s
}

// ramp is colour i of n along viridis.
func ramp(i, n int) string {
	at := 0.0
	if n > 1 {
		at = float64(i) / float64(n-1) * float64(len(viridis)-1)
	}
	k := min(int(at), len(viridis)-2)
	f := at - float64(k)
	s := ""
	for c := range 3 {
		s += strconv.Itoa(int(viridis[k][c]*(1-f)+viridis[k+1][c]*f+0.5)) + ","
	}
	return s + "220"
}

// saveStyle writes a style in place of our earlier one of that name.
func (t *tx) saveStyle(s style) error {
	if err := t.exec("DELETE FROM layer_styles WHERE f_table_name = ? AND styleName = ? AND owner = ?", s.table, s.name, styleOwner); err != nil {
		return err
	}
	var taken int // somebody made another style the one to open with
	if err := t.row("SELECT count(*) FROM layer_styles WHERE f_table_name = ? AND useAsDefault", s.table).Scan(&taken); err != nil {
		return err
	}
	return t.exec(`INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
		styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, ?, ?)`,
		s.table, s.name, s.qml(), s.main && taken == 0, s.about, styleOwner, gpkgTime(t.now))
}

// styleGrades draws the graded parcels by the grades that were given.
func (t *tx) styleGrades(v []plottage.Verdict) error {
	var grades []string
	for i := range v {
		if !slices.Contains(grades, v[i].Grade) {
			grades = append(grades, v[i].Grade)
		}
	}
	slices.Sort(grades)
	return t.saveStyle(gradedStyle(grades))
}

// styleYears draws blocks by the years of the plan.
func (t *tx) styleYears(p *plottage.Plan) error {
	years := slices.Clone(p.Years)
	for _, b := range p.Blocks {
		years = append(years, b.Year)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	if err := t.saveStyle(yearStyle("blocks", years)); err != nil {
		return err
	}
	return t.saveStyle(yearStyle("blocks_latest", years))
}
