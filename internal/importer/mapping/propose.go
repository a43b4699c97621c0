package mapping

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Sample is what a proposal is made from.
type Sample struct {
	Columns []layer.Column
	Rows    [][]any         // values of some rows, spread over the table
	Areas   []float64       // measured area of each row in square metres, 0 unknown; nil without geometry
	Shape   string          // Polygons, Lines or NoShape: what most rows carry
	Pointed bool            // some rows carry a point
	Known   map[string]bool // ids of the parcels the city has
	AreaOf  func(id string) float64
}

// Weights of a match between names; below enough nothing is proposed.
const (
	exactName  = 100
	baseName   = 95
	partOfName = 60
	plainID    = 60 // "ID" numbers the rows of many tables that are about something else
	enough     = 38
)

// geometric columns hold what a GIS computed from the shape; we measure ourselves.
var geometric = map[string]bool{"shapearea": true, "shapelength": true, "shapeleng": true, "shapelen": true, "starea": true, "stlength": true, "starea()": true, "perimeter": true, "周长": true, "ogcfid": true, "fid": true, "objectid": true, "gid": true, "rowid": true, "globalid": true}

// qualifiers make another figure of what they stand beside: tax per mu is not tax.
var qualifiers = []string{"亩均", "人均", "每亩", "单位", "占比", "比例", "比重", "增速", "增幅", "增长", "同比", "排名", "得分", "分值", "权重", "上年", "perunit", "percapita", "persqft"}

func qualified(name string) bool {
	return slices.ContainsFunc(qualifiers, func(q string) bool { return strings.Contains(name, q) })
}

// nameScore rates how well a column's name fits a field, 0..100. Of a header of two
// levels the lower one may fit alone, unless the upper makes another figure of it:
// 用地情况/用地面积（亩）, but not 亩均指标/税收 nor 税收/用地面积.
func nameScore(column string, f Field) int {
	best := ownScore(column, f)
	at := strings.LastIndex(column, "/")
	if at <= 0 || best >= baseName {
		return best
	}
	upper, lower := column[:at], column[at+1:]
	if strings.ContainsAny(upper, "(（[") || qualified(upper) || ownScore(upper, f) >= enough {
		return best
	}
	if _, isUnit := cell.ParseUnit(lower); isUnit {
		return best
	}
	return max(best, ownScore(lower, f)*baseName/exactName)
}

// ownScore rates a name as a whole.
func ownScore(column string, f Field) int {
	whole := cell.Fold(column)
	if geometric[whole] {
		return 0
	}
	split, _, _ := cell.SplitHeader(column)
	base := cell.Fold(split)
	best := 0
	for _, alias := range append([]string{strings.ReplaceAll(f.Name, "_", "")}, f.Aliases...) {
		switch {
		case alias == whole && whole == "id":
			best = max(best, plainID)
		case alias == whole:
			return exactName
		case alias == base:
			best = max(best, baseName)
		case cutName(column) && strings.HasPrefix(alias, whole):
			best = max(best, baseName)
		case strings.Contains(base, alias) && (!qualified(base) || qualified(alias)) && utf8.RuneCountInString(alias) >= minPart(alias):
			best = max(best, partOfName*utf8.RuneCountInString(alias)/utf8.RuneCountInString(base))
		}
	}
	return best
}

// dbfName is how long a column's name in a dBASE table can be; exporters cut the rest off.
const dbfName = 10

// cutName reports whether a name may be the beginning of a longer one: TOTAL_VALU.
func cutName(column string) bool {
	return len(column) == dbfName && len(cell.Fold(column)) >= dbfName-2
}

// minPart is how long an alias must be to count inside a longer name.
func minPart(alias string) int {
	if alias[0] >= utf8.RuneSelf {
		return 2
	}
	return 5 // "year" and "area" stand in names of many other things
}

// column is one column of the sample.
type column struct {
	layer.Column
	values []any // not nil, not "nothing"
}

func (s Sample) columns() []column {
	cols := make([]column, len(s.Columns))
	for i, c := range s.Columns {
		cols[i].Column = c
		for _, r := range s.Rows {
			if i < len(r) && r[i] != nil && !isNothing(r[i]) {
				cols[i].values = append(cols[i].values, r[i])
			}
		}
	}
	return cols
}

func isNothing(v any) bool {
	s, ok := v.(string)
	return ok && cell.Nothing(s)
}

// plausible is the share of a column's values that the field's kind can take.
func (c column) plausible(f Field) float64 {
	if len(c.values) == 0 {
		return 0.5 // an empty column says nothing against
	}
	ok := 0
	for _, v := range c.values {
		if fits(v, f) {
			ok++
		}
	}
	return float64(ok) / float64(len(c.values))
}

func fits(v any, f Field) bool {
	switch f.Kind {
	case plottage.Number:
		return isNumber(v)
	case plottage.Whole:
		n, ok := numberOf(v)
		return ok && (n == 0 || n >= 1000 && n < 2200)
	case plottage.Day:
		return isDay(v)
	case plottage.Flag:
		if _, ok := v.(bool); ok {
			return true
		}
		_, err := cell.ParseFlag(TextOf(v))
		return err == nil
	}
	return true
}

func isNumber(v any) bool { _, ok := numberOf(v); return ok }

func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case string:
		n, err := cell.ParseNumber(v, strings.Count(v, ",") == 1 && !strings.Contains(v, "."))
		return n.V, err == nil
	}
	return 0, false
}

func isDay(v any) bool {
	switch v := v.(type) {
	case plottage.Date:
		return true
	case float64:
		_, err := cell.SerialDate(v)
		return err == nil
	case int64:
		_, err := cell.SerialDate(float64(v))
		_, err2 := cell.ParseDate(TextOf(v), cell.Unordered)
		return err == nil || err2 == nil
	case string:
		_, err := cell.ParseDate(v, cell.DayFirst)
		_, err2 := cell.ParseDate(v, cell.MonthFirst)
		return err == nil || err2 == nil
	}
	return false
}

// candidate is one possible pair of column and field.
type candidate struct {
	column, field int
	score         float64
	why           string
}

// Propose maps a sample's columns to a noun's fields. Every column of the sample
// stands in the result, in order, those without a field too.
func Propose(s Sample, noun Noun) Mapping {
	m := Mapping{Noun: noun.Name, DecimalComma: s.decimalComma()}
	cols := s.columns()
	chosen := assign(s.candidates(cols, noun), len(cols), len(noun.Fields))
	for i, c := range cols {
		mc := Column{Column: c.Name}
		if k := chosen[i]; k != nil {
			f := noun.Fields[k.field]
			mc.Field, mc.Why = f.Name, k.why
			if f.Kind == plottage.Day {
				mc.Dates = orderName(c)
			}
		}
		m.Columns = append(m.Columns, mc)
	}
	s.units(&m, cols, noun)
	return m
}

func (s Sample) candidates(cols []column, noun Noun) (all []candidate) {
	for i, c := range cols {
		for j, f := range noun.Fields {
			score := float64(nameScore(c.Name, f))
			why := "name"
			if known := s.knownShare(c, noun, f); known >= 0.3 {
				score, why = 100+100*known, "city" // a column that holds the city's own numbers is the key
			}
			if score < enough {
				continue
			}
			p := c.plausible(f)
			if p < 0.5 {
				continue
			}
			all = append(all, candidate{i, j, score * (0.5 + p/2), why})
		}
	}
	return all
}

// knownShare is the share of a column's values that are ids of parcels the city has,
// for the field that refers to parcels.
func (s Sample) knownShare(c column, noun Noun, f Field) float64 {
	refers := noun.Name == "parcel" && f.Name == "id" && s.Shape == NoShape || f.Name == "parcel"
	if !refers || len(s.Known) == 0 || len(c.values) == 0 {
		return 0
	}
	hit := 0
	for _, v := range c.values {
		if s.Known[strings.TrimSpace(TextOf(v))] {
			hit++
		}
	}
	return float64(hit) / float64(len(c.values))
}

// assign gives each column at most one field and each field at most one column, best
// pairs first; of equals the earlier column wins.
func assign(all []candidate, columns, fields int) []*candidate {
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	byColumn, taken := make([]*candidate, columns), make([]bool, fields)
	for i := range all {
		c := &all[i]
		if byColumn[c.column] == nil && !taken[c.field] {
			byColumn[c.column], taken[c.field] = c, true
		}
	}
	return byColumn
}

// Guess returns the noun a table most likely holds; ok is false when nothing in it is
// telling, so that a person must say.
func Guess(s Sample) (Noun, bool) {
	cols := s.columns()
	best, bestScore := Noun{}, 0.0
	for _, n := range Nouns {
		if n.Shape != s.Shape && !(s.Shape == NoShape && n.Name == "parcel" && len(s.Known) > 0) {
			continue
		}
		score := s.nounScore(cols, n)
		if score > bestScore {
			best, bestScore = n, score
		}
	}
	if parcel, score := s.pointedParcels(cols); s.Pointed && score > bestScore+plainID && score >= 300 {
		return parcel, true
	}
	if s.Shape == Polygons && (best.Name != "town" || bestScore < 150) {
		best, _ = ByName("parcel") // land is what polygons are, unless their columns say towns
		return best, true
	}
	if s.Shape == Lines {
		best, _ = ByName("way")
		return best, true
	}
	return best, bestScore >= 150
}

// pointedParcels scores a table as parcels that are given as points, as registers of
// sites are: they have a number and an area.
func (s Sample) pointedParcels(cols []column) (Noun, float64) {
	n, _ := ByName("parcel")
	has := map[string]bool{}
	for _, c := range assign(s.candidates(cols, n), len(cols), len(n.Fields)) {
		if c != nil {
			has[n.Fields[c.field].Name] = true
		}
	}
	if !has["id"] || !has["registered_area_m2"] || s.Shape != NoShape {
		return n, 0
	}
	return n, s.nounScore(cols, n)
}

// nounScore adds the scores of a noun's assigned columns; a table without the key's
// column is worth half.
func (s Sample) nounScore(cols []column, n Noun) float64 {
	total, keys := 0.0, 0
	for _, c := range assign(s.candidates(cols, n), len(cols), len(n.Fields)) {
		if c == nil {
			continue
		}
		total += c.score
		if slices.Contains(n.Key, n.Fields[c.field].Name) && c.score > plainID {
			keys++
		}
		if n.Name == "parcel" && c.why == "city" {
			total += 150
		}
	}
	if n.Name == "parcel" && s.Shape == NoShape {
		total -= 100 // attributes alone are rather a firm's, unless the city knows the keys
	}
	if keys < len(n.Key) {
		total /= 2
	}
	return total
}

func orderName(c column) string {
	var texts []string
	for _, v := range c.values {
		texts = append(texts, TextOf(v))
	}
	switch cell.OrderOf(texts) {
	case cell.DayFirst:
		return "day_first"
	case cell.MonthFirst:
		return "month_first"
	}
	return ""
}

// decimalComma reports whether some column writes 1,5 for one and a half: values with
// one comma, never followed by three digits.
func (s Sample) decimalComma() bool {
	seen := false
	for _, r := range s.Rows {
		for _, v := range r {
			text, ok := v.(string)
			if !ok || strings.Count(text, ",") != 1 {
				continue
			}
			if _, err := cell.ParseNumber(text, false); err == nil {
				return false
			}
			if _, err := cell.ParseNumber(text, true); err == nil {
				seen = true
			}
		}
	}
	return seen
}

// medianRatio is the median of value ÷ measured area, how many rows it stands on, and
// the share of them within tolerance of it.
func medianRatio(values, areas []float64, tolerance float64) (ratio float64, n int, agree float64) {
	var ratios []float64
	for i, v := range values {
		if v > 0 && areas[i] > 0 {
			ratios = append(ratios, v/areas[i])
		}
	}
	if len(ratios) == 0 {
		return math.NaN(), 0, 0
	}
	slices.Sort(ratios)
	ratio = ratios[len(ratios)/2]
	for _, r := range ratios {
		if math.Abs(r/ratio-1) <= tolerance {
			agree++
		}
	}
	return ratio, len(ratios), agree / float64(len(ratios))
}
