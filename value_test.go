package plottage

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestUnknownIsNotZero(t *testing.T) {
	type record struct {
		A Opt[float64] `json:"a"`
		B Opt[float64] `json:"b"`
	}
	b, err := json.Marshal(record{A: Some(0.0)})
	if err != nil || string(b) != `{"a":0,"b":null}` {
		t.Fatalf("%s %v", b, err)
	}
	var back record
	if err := json.Unmarshal(b, &back); err != nil || !back.A.Known || back.B.Known {
		t.Errorf("%+v %v", back, err)
	}
	if back.B.Or(7) != 7 || back.A.Or(7) != 0 {
		t.Error("Or")
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		want   Date
	}{
		{"2024-01-31", 1, "2024-02-29"}, // the last day of a shorter month
		{"2023-01-31", 1, "2023-02-28"},
		{"2026-11-23", 12, "2027-11-23"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 2, "2027-02-15"},
	} {
		if got := c.from.AddMonths(c.months); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
	if d := Date("2024-02-28").DaysUntil("2024-03-01"); d != 2 {
		t.Errorf("%d days over a leap day", d)
	}
	if _, err := ParseDate("2026-02-30"); err == nil {
		t.Error("30 February was read")
	}
	if Date("").Year() != 0 || Date("").Known() || DateOf(time.Date(2026, 5, 1, 23, 0, 0, 0, time.UTC)) != "2026-05-01" {
		t.Error("unknown dates")
	}
}

// Every field of a catalogue gives back what was set, and nothing when unset.
func TestFieldsRoundTrip(t *testing.T) {
	roundTrip(t, ParcelFields)
	roundTrip(t, FirmFields)
	roundTrip(t, FirmYearFields)
	roundTrip(t, HoldingFields)
	roundTrip(t, ProjectFields)
	roundTrip(t, TownFields)
	roundTrip(t, WayFields)
}

func roundTrip[T any](t *testing.T, fields []Field[T]) {
	t.Helper()
	values := map[Kind]any{Text: "x", Number: 1.5, Whole: 7, Day: Date("2026-01-02"), Flag: true}
	names := map[string]bool{}
	for i, f := range fields {
		if names[f.Name] {
			t.Errorf("%s stands twice", f.Name)
		}
		names[f.Name] = true
		var record T
		f.Set(&record, values[f.Kind])
		if got := f.Get(&record); got != values[f.Kind] {
			t.Errorf("%s: got %v, want %v", f.Name, got, values[f.Kind])
		}
		for k, other := range fields {
			if k != i && f.Kind != Flag && other.Get(&record) != nil && other.Kind != Flag {
				t.Errorf("setting %s set %s", f.Name, other.Name)
			}
		}
		f.Set(&record, nil)
		if got := f.Get(&record); got != nil && f.Kind != Flag {
			t.Errorf("%s: %v after it was unset", f.Name, got)
		}
	}
}

func TestSurveyDataAreForStatisticsOnly(t *testing.T) {
	for _, u := range []Use{UseScore, UsePlan, UseExport} {
		if Statistical.Permits(u) {
			t.Errorf("survey data may be used for %s", u)
		}
		if !Administrative.Permits(u) {
			t.Errorf("administrative data may not be used for %s", u)
		}
	}
	if !Statistical.Permits(UseStatistics) {
		t.Error("survey data may not be used for statistics")
	}
}

func TestErrorsNameTheirPlace(t *testing.T) {
	err := fmt.Errorf("import: %w", &Error{Code: BadInput, Key: "bad_date", Where: Where{File: "lots.shp", Row: 3, Field: "供地日期", Value: "2026-13-01"}})
	if CodeOf(err) != BadInput || CodeOf(fmt.Errorf("x")) != Internal {
		t.Error("codes")
	}
	want := `import: bad_date in lots.shp row 3 field 供地日期 value "2026-13-01"`
	if err.Error() != want {
		t.Errorf("got %s", err)
	}
}

func ExampleMu() {
	fmt.Printf("%.1f mu, %.2f ha\n", Mu(66_667), Ha(66_667))
	// Output: 100.0 mu, 6.67 ha
}
