// Package cell reads the values people type into tables: numbers with thousands
// commas, full-width digits and units, dates in many orders, marks for yes and for
// "nothing here". What it cannot read it says so; it never guesses.
package cell

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// Note is something about a value's form that was understood and is worth telling.
type Note uint8

// The notes.
const (
	Wide         Note = 1 << iota // full-width digits or signs
	Thousands                     // thousands separators
	OwnUnit                       // a unit beside the number
	Scientific                    // 3.3E+17: a code that a spreadsheet took for a number
	DecimalComma                  // 1,5 for one and a half
	Accounting                    // (1,234) for a negative number
)

// ErrUnreadable says that a value is none of the forms we know.
var ErrUnreadable = errors.New("cannot be read")

// Number is a number as read.
type Number struct {
	V     float64
	Unit  Unit // with the OwnUnit note
	Notes Note
}

// Narrow folds full-width and compatibility forms of Latin letters, digits and signs
// to the usual ones, and unifies the blanks.
func Narrow(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	s = width.Narrow.String(s)
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u3000', '\u2007', '\u202f', '\u2002', '\u2003', '\u2009':
			return ' '
		case '\u200b', '\ufeff', '\u200e', '\u200f':
			return -1
		case '−', '–', '－':
			return '-'
		}
		return r
	}, s)
}

// Fold makes names comparable: narrow, lower case, without blanks, underscores,
// hyphens, dots and parentheses.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '.', ':', '(', ')', '[', ']', '\t', '\n', '\r', '、', '·', '"', '\'', '：':
			return -1
		}
		return r
	}, strings.ToLower(Narrow(s)))
}

// nothing are the ways to write "no value".
var nothing = map[string]bool{
	"": true, "-": true, "--": true, "---": true, "—": true, "——": true, "/": true, "\\": true, "无": true, "空": true, "未知": true, "不详": true, "暂无": true,
	"n/a": true, "na": true, "#n/a": true, "null": true, "none": true, "nil": true, "<null>": true, "(null)": true, "nan": true, "?": true, "*": true, "…": true, "...": true,
}

// Nothing reports whether a text says that there is no value.
func Nothing(s string) bool { return nothing[strings.ToLower(strings.TrimSpace(Narrow(s)))] }

var (
	numberForm    = regexp.MustCompile(`^([+-]?)([0-9][0-9,' ]*|)(\.[0-9]+|\.|)(?:[eE]([+-]?[0-9]{1,3}))?\s*(.*)$`)
	thousandsForm = regexp.MustCompile(`^[0-9]{1,3}([,' ][0-9]{3})+$`)
	groupedBy4    = regexp.MustCompile(`^[0-9]{1,4}(,[0-9]{4})+$`) // by 万, as some clerks write
	commaForm     = regexp.MustCompile(`^([+-]?[0-9]+),([0-9]+)$`)
	prefixSigns   = []string{"¥", "￥", "$", "£", "€", "US$", "RMB"}
)

// ParseNumber reads a number. decimalComma says that this column writes 1,5 for one
// and a half. A text that says "no value" is not a number: ask [Nothing] first.
func ParseNumber(text string, decimalComma bool) (Number, error) {
	s := strings.TrimSpace(Narrow(text))
	var n Number
	if s != strings.TrimSpace(text) {
		n.Notes |= Wide
	}
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s, n.Notes = "-"+s[1:len(s)-1], n.Notes|Accounting
	}
	for _, sign := range prefixSigns {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			n.Unit, _ = ParseUnit(sign)
			s, n.Notes = strings.TrimSpace(rest), n.Notes|OwnUnit
			break
		}
	}
	if decimalComma {
		if m := commaForm.FindStringSubmatch(s); m != nil {
			s, n.Notes = m[1]+"."+m[2], n.Notes|DecimalComma
		}
	}
	return n.parse(s)
}

func (n Number) parse(s string) (Number, error) {
	m := numberForm.FindStringSubmatch(s)
	if m == nil || m[2] == "" && len(m[3]) < 2 {
		return n, ErrUnreadable
	}
	whole, unit := strings.TrimRight(m[2], " "), m[5]
	if strings.ContainsAny(whole, ",' ") {
		if !thousandsForm.MatchString(whole) && !groupedBy4.MatchString(whole) {
			return n, ErrUnreadable
		}
		whole, n.Notes = strings.NewReplacer(",", "", "'", "", " ", "").Replace(whole), n.Notes|Thousands
	}
	digits := m[1] + whole + strings.TrimSuffix(m[3], ".")
	if m[4] != "" {
		digits, n.Notes = digits+"e"+m[4], n.Notes|Scientific
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return n, ErrUnreadable
	}
	if n.V = v; unit != "" {
		u, ok := ParseUnit(unit)
		if !ok {
			return n, ErrUnreadable
		}
		n.Unit, n.Notes = u, n.Notes|OwnUnit
	}
	return n, nil
}

var flags = map[string]bool{
	"是": true, "否": false, "有": true, "无": false, "y": true, "n": false, "yes": true, "no": false, "true": true, "false": false,
	"t": true, "f": false, "1": true, "0": false, "√": true, "✓": true, "×": false, "✗": false, "对": true, "错": false,
	"承租": true, "租赁": true, "自有": false, "tenant": true, "owner": false, "租用": true,
}

// ParseFlag reads a yes or no.
func ParseFlag(text string) (bool, error) {
	v, ok := flags[strings.ToLower(strings.TrimSpace(Narrow(text)))]
	if !ok {
		return false, ErrUnreadable
	}
	return v, nil
}

// scientificCode is a long code that went through a spreadsheet: digits are gone.
var scientificCode = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$`)

// MangledCode reports whether a code has lost digits in a spreadsheet: 3.30782E+17.
func MangledCode(text string) bool {
	return scientificCode.MatchString(strings.TrimSpace(Narrow(text)))
}
