package cell

import (
	"strings"

	"github.com/plottage/plottage"
)

// Unit is how a column counts.
type Unit struct {
	Name     string  // as written in mapping files: "mu", "ha", "10k CNY"
	Measure  string  // what it measures: area, money, energy, mass, power, length, share, person
	Factor   float64 // to the catalogue's unit of the measure
	Currency string  // ISO 4217, for money that names one
}

// Sources of the factors: 15 mu = 1 ha; foot 0.3048 m (international, 1959); acre
// 4,046.8564224 m2; 1 MW = 1,000 kW.
var units = []struct {
	Unit
	words string // parted by spaces, folded as Fold does
}{
	{Unit{"m2", "area", 1, ""}, "m2 ㎡ 平方米 平米 sqm sqmetres squaremetres squaremeters m^2"},
	{Unit{"mu", "area", plottage.M2PerMu, ""}, "mu 亩 市亩"},
	{Unit{"ha", "area", plottage.M2PerHa, ""}, "ha 公顷 hectare hectares hm2 hm^2"},
	{Unit{"km2", "area", 1e6, ""}, "km2 平方公里 平方千米 sqkm"},
	{Unit{"10k m2", "area", 1e4, ""}, "万平方米 万平 万m2 万㎡"},
	{Unit{"ft2", "area", plottage.M2PerFt2, ""}, "ft2 sqft sqfeet sf 平方英尺 ft^2 squarefeet"},
	{Unit{"acre", "area", 4046.8564224, ""}, "acre acres ac acreage 英亩"},
	{Unit{"CNY", "money", 1, "CNY"}, "元 cny rmb yuan 人民币 ¥ 元/年"},
	{Unit{"1k CNY", "money", 1e3, "CNY"}, "千元"},
	{Unit{"10k CNY", "money", 1e4, "CNY"}, "万元 万元/年 10kcny"},
	{Unit{"100M CNY", "money", 1e8, "CNY"}, "亿元 亿"},
	{Unit{"USD", "money", 1, "USD"}, "usd $ us$ 美元 dollar dollars"},
	{Unit{"1k USD", "money", 1e3, "USD"}, "kusd 千美元"},
	{Unit{"10k USD", "money", 1e4, "USD"}, "万美元"},
	{Unit{"GBP", "money", 1, "GBP"}, "gbp £ pounds"},
	{Unit{"EUR", "money", 1, "EUR"}, "eur € euro"},
	{Unit{"tce", "energy", 1, ""}, "tce 吨标准煤 吨标煤"},
	{Unit{"10k tce", "energy", 1e4, ""}, "万吨标准煤 万吨标煤"},
	{Unit{"kgce", "energy", 1e-3, ""}, "kgce 千克标准煤 公斤标准煤"},
	{Unit{"t", "mass", 1, ""}, "t 吨 tonnes tons"},
	{Unit{"kg", "mass", 1e-3, ""}, "kg 千克 公斤"},
	{Unit{"MW", "power", 1, ""}, "mw 兆瓦"},
	{Unit{"kW", "power", 1e-3, ""}, "kw 千瓦"},
	{Unit{"m", "length", 1, ""}, "m 米 metres meters"},
	{Unit{"ft", "length", 0.3048, ""}, "ft feet 英尺"},
	{Unit{"%", "share", 0.01, ""}, "% ％ percent pct 百分比"},
	{Unit{"share", "share", 1, ""}, "share"},
	{Unit{"person", "person", 1, ""}, "人 person people 名"},
	{Unit{"10k person", "person", 1e4, ""}, "万人"},
}

var unitByWord = func() map[string]Unit {
	m := map[string]Unit{}
	for _, u := range units {
		m[Fold(u.Name)] = u.Unit
		for w := range strings.SplitSeq(u.words, " ") {
			m[Fold(w)] = u.Unit
		}
	}
	return m
}()

// ParseUnit returns the unit a word stands for: "亩", "万元", "sq ft", "USD".
func ParseUnit(word string) (Unit, bool) {
	u, ok := unitByWord[strings.TrimSuffix(Fold(word), ".")]
	return u, ok
}

// MeasureOf returns what a catalogue unit measures; "" for a plain number or a year.
func MeasureOf(fieldUnit string) string {
	switch fieldUnit {
	case "m2":
		return "area"
	case "money", "money/year":
		return "money"
	case "tce":
		return "energy"
	case "t":
		return "mass"
	case "MW":
		return "power"
	case "m":
		return "length"
	case "share", "person":
		return fieldUnit
	}
	return ""
}

// headerUnits are units that headers end in without a parenthesis, longest first.
var headerUnits = []string{"平方公里", "平方米", "万平方米", "平方英尺", "square feet", "squarefeet", "sq_ft", "sq ft", "吨标准煤", "吨标煤", "万元", "亿元", "千元", "公顷", "sqft", "sf", "ft2", "sqm", "km2", "hm2", "m2", "㎡", "亩", "ha", "mu", "acres", "acre", "usd", "cny", "tce", "mw", "kw", "元", "吨", "人"}

// plainUnits end no other word, so they need no mark in front: LOTSQFT.
var plainUnits = map[string]bool{"sqft": true, "squarefeet": true, "acres": true, "sqm": true}

// SplitHeader parts a column's name into what it names and its unit: "用地面积（亩）",
// "land_ft2", "税收_万元", "area (ha)". A parenthesis that is no unit stays.
func SplitHeader(name string) (base string, unit Unit, ok bool) {
	s := strings.TrimSpace(Narrow(name))
	if open := strings.LastIndexAny(s, "(["); open > 0 {
		inner, tail := s[open+1:], ""
		if end := strings.IndexAny(inner, ")]"); end >= 0 {
			inner, tail = inner[:end], inner[end+1:]
		}
		inner = strings.TrimPrefix(strings.TrimPrefix(inner, "单位:"), "单位")
		if u, found := ParseUnit(inner); found && strings.TrimSpace(tail) == "" {
			return strings.TrimSpace(s[:open]), u, true
		}
	}
	lower := strings.ToLower(s)
	for _, w := range headerUnits {
		head, found := strings.CutSuffix(lower, w)
		if !found || head == "" {
			continue
		}
		if han := w[0] >= 0x80; !han && !strings.ContainsAny(head[len(head)-1:], "_ -./,") && head[len(head)-1] < 0x80 && !plainUnits[w] {
			continue // "formula" does not end in ha
		}
		u, _ := ParseUnit(w)
		return strings.TrimRight(s[:len(head)], "_ -./,"), u, true
	}
	return s, Unit{}, false
}

// UnitNames returns the units of a measure as mapping files write them.
func UnitNames(measure string) []string {
	var names []string
	for _, u := range units {
		if u.Measure == measure && measure != "" {
			names = append(names, u.Name)
		}
	}
	return names
}
