package figure_test

import (
	"math"
	"testing"

	"github.com/plottage/plottage/internal/figure"
)

func TestFiguresReadAsInAnOffice(t *testing.T) {
	zh, en, usd := figure.For("zh", "CNY"), figure.For("en", ""), figure.For("en", "USD")
	for _, c := range []struct{ got, want string }{
		{zh.Money(345_000_000), "3.45 亿元"},
		{zh.Money(12_500_000), "1,250 万元"},
		{zh.Money(99_999_999), "1 亿元"},
		{zh.Money(9_300), "9,300 元"},
		{zh.Money(-2e9), "-20 亿元"},
		{zh.Money(0), "0 元"},
		{en.Money(345_000_000), "CNY 345 mn"},
		{en.Money(2_040_000_000), "CNY 2.04 bn"},
		{usd.Money(999), "USD 999"},
		{figure.For("zh", "USD").Money(3e6), "300 万美元"},
		{zh.Area(66_666.67), "100 亩（6.67 公顷）"},
		{en.Area(66_666.67), "100 mu (6.67 ha)"},
		{usd.Area(12_345), "1.23 ha"},
		{zh.Floor(12_500), "1.25 万平方米"},
		{en.Floor(12_500), "12,500 m²"},
		{zh.Share(0.0784), "7.8%"},
		{en.Share(1), "100 %"},
		{en.Share(0), "0 %"},
		{zh.Count(1_234_567), "1,234,567"},
		{figure.Fixed(-0.001, 1), "0.0"},
		{figure.Fixed(math.NaN(), 1), "–"},
		{figure.Digits(0.00012, 2), "0.00012"},
		{figure.Digits(1234.5, 3), "1,235"},
		{figure.Digits(100, 3), "100"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAmountsReadApart(t *testing.T) {
	for _, c := range []struct {
		lang string
		a, b float64
		want [2]string
	}{
		{"zh", 3_450_000, 3_446_211, [2]string{"3,450,000 元", "3,446,211 元"}},
		{"en", 3_450_000, 3_446_211, [2]string{"CNY 3,450,000", "CNY 3,446,211"}},
		{"en", 3_450_000, 3_540_000, [2]string{"CNY 3.45 mn", "CNY 3.54 mn"}},
		{"zh", 2, 2, [2]string{"2 元", "2 元"}},
	} {
		if x, y := figure.For(c.lang, "CNY").MoneyApart(c.a, c.b); x != c.want[0] || y != c.want[1] {
			t.Errorf("got %s and %s, want %v", x, y, c.want)
		}
	}
}

func TestLatinStandsApartFromChinese(t *testing.T) {
	for in, want := range map[string]string{
		"方案 2与方案 1对比":          "方案 2 与方案 1 对比",
		"一半拆除与B 版对比":           "一半拆除与 B 版对比",
		"Plan 2 beside Plan 1": "Plan 2 beside Plan 1",
	} {
		if got := figure.Apart(in); got != want {
			t.Errorf("Apart(%q) = %q, want %q", in, got, want)
		}
	}
}
