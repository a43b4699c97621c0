package mapping

import (
	"math"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
)

// TextOf writes a value as a person would: whole numbers without a point.
func TextOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.FormatInt(int64(v), 10)
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case plottage.Date:
		return string(v)
	}
	return ""
}

// measuredTolerance is how far the median of registered ÷ measured area may lie from a
// unit's factor for the unit to be believed without a word in the file.
const measuredTolerance = 0.05

// measuredRows is how many rows such a belief needs.
const measuredRows = 3

// units proposes the unit of each mapped column: what the header or the source says;
// for areas else what fits the measured geometry, else what the table's other areas
// are in, floors apart. An area whose unit stays unknown is not mapped: it is never guessed.
func (s Sample) units(m *Mapping, cols []column, noun Noun) {
	table := "" // unit of the table's areas, when they agree
	for i := range m.Columns {
		mc := &m.Columns[i]
		if mc.Field == "" {
			continue
		}
		f := noun.Fields[noun.Field(mc.Field)]
		measure := cell.MeasureOf(f.Unit)
		if measure == "" {
			continue
		}
		if u, ok := statedUnit(cols[i], measure); ok {
			mc.Unit, mc.Why = u, "header"
		} else if measure == "area" {
			if u, ok := s.measuredUnit(cols[i], i, m, mc.Field); ok {
				mc.Unit, mc.Why = u, "measured"
			}
		} else {
			mc.Unit = assumedUnit(cols[i], measure)
		}
		if measure == "area" && mc.Unit != "" && table == "" {
			table = mc.Unit
		}
	}
	s.undecidedAreas(m, cols, noun, table)
}

func (s Sample) undecidedAreas(m *Mapping, cols []column, noun Noun, table string) {
	for i := range m.Columns {
		mc := &m.Columns[i]
		if mc.Field == "" || mc.Unit != "" {
			continue
		}
		if cell.MeasureOf(noun.Fields[noun.Field(mc.Field)].Unit) != "area" {
			continue
		}
		switch {
		case table != "" && floorFields[mc.Field]:
			mc.Unit, mc.Why = floorUnit(table), "floor"
		case table != "":
			mc.Unit, mc.Why = table, "table"
		case cols[i].ownUnits():
			mc.Why = "values" // each value says its own; those that do not are left out
		default:
			*mc = Column{Column: mc.Column, Why: "unit?"}
		}
	}
}

// floorFields are areas of buildings. Nobody counts floors in mu or hectares, so they
// do not follow the unit of the table's land.
var floorFields = map[string]bool{"floor_area_m2": true, "footprint_m2": true, "floor_m2": true}

// floorUnit is the unit of floors where land is counted in the given one.
func floorUnit(land string) string {
	if land == "ft2" || land == "acre" {
		return "ft2"
	}
	return "m2"
}

// ownUnits reports whether all values of a column name their unit.
func (c column) ownUnits() bool {
	for _, v := range c.values {
		text, ok := v.(string)
		if !ok {
			return false
		}
		if n, err := cell.ParseNumber(text, false); err == nil && n.Notes&cell.OwnUnit == 0 {
			return false
		}
	}
	return len(c.values) > 0
}

// statedUnit is the unit that the source or the column's name says.
func statedUnit(c column, measure string) (string, bool) {
	if u, ok := cell.ParseUnit(c.Unit); ok && u.Measure == measure {
		return u.Name, true
	}
	if _, u, ok := cell.SplitHeader(c.Name); ok && u.Measure == measure {
		return u.Name, true
	}
	if u, ok := cell.ParseUnit(c.Name); ok && u.Measure == measure && measure == "area" {
		return u.Name, true // a column called "hectares"
	}
	if folded := cell.Fold(c.Name); measure == "area" && (strings.Contains(folded, "sqft") || strings.Contains(folded, "squarefeet")) {
		return "ft2", true // SQFTmain
	}
	if measure == "area" && strings.HasPrefix(c.Name, "亩") {
		return "mu", true
	}
	return "", false
}

// measuredUnit finds the unit in which a column of land areas agrees with the
// geometry: of the rows themselves, or of the city's parcels they refer to.
func (s Sample) measuredUnit(c column, at int, m *Mapping, field string) (string, bool) {
	if field != "registered_area_m2" && field != "land_m2" {
		return "", false
	}
	areas := s.Areas
	if areas == nil {
		areas = s.areasByKey(m)
	}
	if areas == nil {
		return "", false
	}
	values := make([]float64, len(s.Rows))
	for i, r := range s.Rows {
		if at < len(r) {
			values[i], _ = numberOf(r[at])
		}
	}
	ratio, n, agree := medianRatio(values, areas, measuredTolerance)
	if n < measuredRows || agree < 0.5 {
		return "", false
	}
	for _, name := range []string{"m2", "mu", "ha", "ft2", "acre", "km2"} {
		u, _ := cell.ParseUnit(name)
		if math.Abs(ratio*u.Factor-1) <= measuredTolerance {
			return name, true
		}
	}
	return "", false
}

// areasByKey measures each row by the city's parcel that its key names.
func (s Sample) areasByKey(m *Mapping) []float64 {
	if s.AreaOf == nil {
		return nil
	}
	for i, c := range m.Columns {
		if (c.Field != "id" || m.Noun != "parcel") && c.Field != "parcel" {
			continue
		}
		areas := make([]float64, len(s.Rows))
		for j, r := range s.Rows {
			if i < len(r) {
				areas[j] = s.AreaOf(strings.TrimSpace(TextOf(r[i])))
			}
		}
		return areas
	}
	return nil
}

// assumedUnit is the unit of a column that says none: the catalogue's own, which the
// report states; a share above 1.5 is a percentage.
func assumedUnit(c column, measure string) string {
	if measure != "share" {
		return ""
	}
	for _, v := range c.values {
		if x, ok := numberOf(v); ok && x > 1.5 {
			return "%"
		}
	}
	return ""
}
