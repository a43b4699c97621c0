package cell

import (
	"math"
	"strings"
	"testing"

	"github.com/plottage/plottage"
)

func TestNumbersPeopleType(t *testing.T) {
	for _, c := range []struct {
		in    string
		want  float64 // in the unit's base
		notes Note
	}{
		{"12.5", 12.5, 0},
		{"1,234.5", 1234.5, Thousands},
		{"１２３", 123, Wide},
		{"1，234", 1234, Wide | Thousands},
		{"12,3456", 123456, Thousands},
		{"1.2亩", 800, OwnUnit},
		{"3 公顷", 30000, OwnUnit},
		{"500㎡", 500, OwnUnit},
		{"340万元", 3.4e6, OwnUnit},
		{"$1,200", 1200, OwnUnit | Thousands},
		{"(1,234)", -1234, Thousands | Accounting},
		{"-7", -7, 0},
		{"80%", 0.8, OwnUnit},
		{"1e3", 1000, Scientific},
		{".5", 0.5, 0},
	} {
		n, err := ParseNumber(c.in, false)
		got := n.V
		if n.Notes&OwnUnit != 0 {
			got *= n.Unit.Factor
		}
		if err != nil || math.Abs(got-c.want) > 1e-9*math.Abs(c.want) || n.Notes != c.notes {
			t.Errorf("%q: got %v notes %b %v, want %v notes %b", c.in, got, n.Notes, err, c.want, c.notes)
		}
	}
	for _, s := range []string{"约12", "1,23", "12-15", "十二", "1.2.3", "abc", "12 apples", "1e999", "", ".", "+", "--5"} {
		if n, err := ParseNumber(s, false); err == nil {
			t.Errorf("%q: got %v, want unreadable", s, n.V)
		}
	}
	if n, err := ParseNumber("1,5", true); err != nil || n.V != 1.5 || n.Notes&DecimalComma == 0 {
		t.Errorf("decimal comma: %v %v", n, err)
	}
}

func TestDatesPeopleType(t *testing.T) {
	for in, want := range map[string]plottage.Date{
		"2017-03-02": "2017-03-02", "2017/3/2": "2017-03-02", "2017.3.2": "2017-03-02", "20170302": "2017-03-02",
		"2017年3月2日": "2017-03-02", "2017-03-02 00:00:00": "2017-03-02", "2 Mar 2017": "2017-03-02", "２０１７/３/２": "2017-03-02",
		"2017-03-02T08:00:00Z": "2017-03-02",
	} {
		if got, err := ParseDate(in, Unordered); err != nil || got != want {
			t.Errorf("%q: got %q %v, want %q", in, got, err, want)
		}
	}
	for _, s := range []string{"2017年3月", "2017", "2017-02-30", "3/4/2019", "0000-01-01", "yesterday", ""} {
		if got, err := ParseDate(s, Unordered); err == nil {
			t.Errorf("%q: got %q, want unreadable", s, got)
		}
	}
	if got, err := ParseDate("11/21/1979 0:00:00", MonthFirst); err != nil || got != "1979-11-21" {
		t.Errorf("month first: %q %v", got, err)
	}
	if got, err := SerialDate(42796); err != nil || got != "2017-03-02" {
		t.Errorf("serial: %q %v", got, err)
	}
}

func TestOrderNeedsOneValueThatTells(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Order
	}{{"1/2/2019 3/4/2019", Unordered}, {"1/2/2019 11/21/1979", MonthFirst}, {"21/11/1979", DayFirst}, {"21/11/1979 11/21/1979", Unordered}} {
		if got := OrderOf(strings.Fields(c.in)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.in, got, c.want)
		}
	}
}

func TestHeadersCarryUnits(t *testing.T) {
	for _, c := range []struct{ in, base, unit string }{
		{"用地面积(亩)", "用地面积", "mu"}, {"用地面积（亩）", "用地面积", "mu"}, {"面积亩", "面积", "mu"}, {"税收（万元）", "税收", "10k CNY"},
		{"land_ft2", "land", "ft2"}, {"area_m2", "area", "m2"}, {"Area (ha)", "Area", "ha"}, {"formula", "formula", ""},
		{"建筑面积㎡", "建筑面积", "m2"}, {"人", "人", ""}, {"note (old)", "note (old)", ""}, {"综合能耗(吨标煤)", "综合能耗", "tce"},
	} {
		base, u, _ := SplitHeader(c.in)
		if base != c.base || u.Name != c.unit {
			t.Errorf("%q: got %q %q, want %q %q", c.in, base, u.Name, c.base, c.unit)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"1,234.5亩", "１２", "2017年3月2日", "11/21/1979 0:00", "(3)", "$5", "3.3E+17", "—", "用地面积（亩）", "\xff\xfe"} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, comma bool) {
		if n, err := ParseNumber(s, comma); err == nil && (math.IsNaN(n.V) || math.IsInf(n.V, 0)) {
			t.Fatalf("%q gives %v", s, n.V)
		}
		for _, o := range []Order{Unordered, DayFirst, MonthFirst} {
			if d, err := ParseDate(s, o); err == nil {
				if again, err := plottage.ParseDate(string(d)); err != nil || again != d {
					t.Fatalf("%q gives %q, no calendar day", s, d)
				}
			}
		}
		_, _ = ParseFlag(s)
		_ = Nothing(s)
		_ = MangledCode(s)
		if base, _, ok := SplitHeader(s); ok && base == "" {
			t.Fatalf("%q leaves no name", s)
		}
	})
}
