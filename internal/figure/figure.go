// Package figure writes numbers as people in an office read them: money in 万元 and
// 亿元 and land in 亩 in Chinese, millions and hectares in English. The command
// line, the exports and the server all write through it, so that one figure looks
// the same everywhere.
//
// The words are keys "figure.…" of the locale catalogue. Rounding is half away from
// zero; a figure never shows "-0".
package figure

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// Style is a language and a currency; it has the methods that write figures.
type Style struct {
	Lang     string // "zh" or "en"
	Currency string // ISO 4217; "" is CNY
}

// For returns the style of a language and a currency.
func For(lang, currency string) Style {
	if lang != "zh" {
		lang = "en"
	}
	if currency == "" {
		currency = "CNY"
	}
	return Style{Lang: lang, Currency: currency}
}

// Apart sets Latin letters and digits apart from the Chinese beside them by a space, as
// Chinese is set: "方案 2 与方案 1 对比".
func Apart(words string) string {
	var b strings.Builder
	var before rune
	for _, r := range words {
		if unicode.Is(unicode.Han, before) && latin(r) || latin(before) && unicode.Is(unicode.Han, r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func latin(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (s Style) say(key string, args map[string]any) string {
	return locale.T(s.Lang, "figure."+key, args)
}

// CurrencyWord returns the word of the currency: 元, 美元; CNY, USD.
func (s Style) CurrencyWord() string {
	if s.Lang == "zh" {
		if word, ok := locale.Catalogue("zh")["figure.currency."+strings.ToLower(s.Currency)]; ok {
			return word
		}
	}
	return s.Currency
}

// Money writes an amount with its unit: "3.45 亿元", "1,250 万元"; "CNY 345 mn".
func (s Style) Money(v float64) string {
	key, unit := s.moneySize(math.Abs(v))
	return s.say("money."+key, map[string]any{"n": Digits(v/unit, 3), "currency": s.CurrencyWord()})
}

// MoneyApart writes two amounts so that they read apart: in full where both would read the
// same.
func (s Style) MoneyApart(a, b float64) (string, string) {
	x, y := s.Money(a), s.Money(b)
	if x != y || a == b {
		return x, y
	}
	full := func(v float64) string {
		return s.say("money.one", map[string]any{"n": Fixed(v, 0), "currency": s.CurrencyWord()})
	}
	return full(a), full(b)
}

func (s Style) moneySize(v float64) (key string, unit float64) {
	sizes := []struct {
		key  string
		unit float64
	}{{"bn", 1e9}, {"m", 1e6}, {"one", 1}}
	if s.Lang == "zh" {
		sizes = []struct {
			key  string
			unit float64
		}{{"yi", 1e8}, {"wan", 1e4}, {"one", 1}}
	}
	for _, size := range sizes {
		if v >= size.unit*0.9995 {
			return size.key, size.unit
		}
	}
	return "one", 1
}

// MoneyColumn returns the unit of a column of money and what to divide by: 万元 and
// 10,000, or "CNY mn" and a million.
func (s Style) MoneyColumn() (unit string, per float64) {
	if s.Lang == "zh" {
		return s.say("column.money", map[string]any{"currency": s.CurrencyWord()}), 1e4
	}
	return s.say("column.money", map[string]any{"currency": s.CurrencyWord()}), 1e6
}

// AreaColumn returns the unit of a column of land and what to divide by: 亩 for a
// city that counts in CNY, else hectares.
func (s Style) AreaColumn() (unit string, per float64) {
	if s.mu() {
		return s.say("column.mu", nil), plottage.M2PerMu
	}
	return s.say("column.ha", nil), plottage.M2PerHa
}

// mu says whether land is counted in mu first.
func (s Style) mu() bool { return s.Currency == "CNY" }

// Area writes an area of land: "123 亩"; "123 mu (8.2 ha)"; "8.2 ha" outside China.
func (s Style) Area(m2 float64) string {
	key := "area.ha"
	if s.mu() {
		key = "area.mu"
	}
	return s.say(key, map[string]any{"mu": Digits(plottage.Mu(m2), 3), "ha": Digits(plottage.Ha(m2), 3)})
}

// Floor writes a floor area: "1.25 万平方米", "12,500 m²".
func (s Style) Floor(m2 float64) string {
	if s.Lang == "zh" && math.Abs(m2) >= 1e4 {
		return s.say("floor.wan", map[string]any{"n": Digits(m2/1e4, 3)})
	}
	return s.say("floor.one", map[string]any{"n": Digits(m2, 3)})
}

// Share writes a share of one in per cent with two significant digits: "7.8 %".
func (s Style) Share(x float64) string {
	p := 100 * x
	digits := 1
	if a := math.Abs(p); a >= 99.95 || a < 0.05 {
		digits = 0
	}
	return s.say("share", map[string]any{"n": Fixed(p, digits)})
}

// Points writes a difference of shares: "1.2 percentage points", "1.2 个百分点".
func (s Style) Points(x float64) string {
	return s.say("points", map[string]any{"n": Fixed(100*x, 1)})
}

// Signed writes a difference with its sign as say writes its amount, "" when it reads
// as nothing: "+3", "−1.2 percentage points".
func Signed(d float64, say func(float64) string) string {
	words := say(math.Abs(d))
	switch {
	case words == say(0):
		return ""
	case d > 0:
		return "+" + words
	}
	return "−" + words
}

// Count writes a whole number: "12,345".
func (s Style) Count(n int) string { return Fixed(float64(n), 0) }

// Digits writes v with at least the significant digits and every digit before the
// point: Digits(1234.5, 3) is "1,235", Digits(1.2345, 3) is "1.23".
func Digits(v float64, significant int) string {
	a := math.Abs(v)
	if a == 0 || math.IsNaN(a) || math.IsInf(a, 0) {
		return Fixed(v, 0)
	}
	before := int(math.Floor(math.Log10(a))) + 1
	return trimZeros(Fixed(v, min(max(0, significant-before), 6)))
}

// Fixed writes v with so many digits after the point and a comma every three
// digits before it. What is no number is a dash.
func Fixed(v float64, after int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	scale := math.Pow(10, float64(after))
	s := strconv.FormatFloat(math.Round(math.Abs(v)*scale)/scale, 'f', after, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteByte('-')
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if after > 0 {
		b.WriteString("." + fraction)
	}
	return b.String()
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
