package server_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/plottage/plottage/internal/figure"
)

// The screens write figures by a twin of package figure; this file is what both must
// write (web/src/format/format.test.ts).
func TestScreensWriteFiguresAlike(t *testing.T) {
	const file = "../../web/src/format/figures.json"
	type row struct {
		Lang     string  `json:"lang"`
		Currency string  `json:"currency"`
		Value    float64 `json:"value"`
		Money    string  `json:"money"`
		Area     string  `json:"area"`
		Floor    string  `json:"floor"`
		Share    string  `json:"share"`
	}
	var rows []row
	for _, lang := range []string{"zh", "en"} {
		for _, currency := range []string{"CNY", "USD", "XXX"} {
			s := figure.For(lang, currency)
			for _, v := range []float64{0, 0.00041, 0.032, 0.5, 0.9999, 1, 7.25, 99.95, 999.6, 1234.5, 8183.8, 9994, 9996, 123456, 3.35e6, 99_949_999, 1.31e9, -0.00001, -42_000, 2.1e12} {
				rows = append(rows, row{lang, currency, v, s.Money(v), s.Area(v), s.Floor(v), s.Share(v)})
			}
		}
	}
	got, err := json.MarshalIndent(rows, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is old: run go test ./internal/server -run Figures -update, and mend web/src/format until its test passes", file)
	}
}
