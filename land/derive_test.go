package land

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/plottage/plottage"
)

func TestFullMonths(t *testing.T) {
	for _, c := range []struct {
		from, to plottage.Date
		want     int
	}{
		{"2025-03-10", "2026-03-10", 11}, // the last day of the twelfth month has not passed
		{"2025-03-10", "2026-03-11", 12},
		{"2024-02-29", "2025-02-28", 11}, // no 29th: the month ends with its last day
		{"2024-02-29", "2025-03-01", 12},
		{"2025-01-31", "2025-02-28", 0},
		{"2025-01-31", "2025-03-01", 1},
		{"2025-05-05", "2025-05-05", 0},
		{"2025-05-05", "2025-05-06", 0},
		{"2026-12-01", "2026-11-23", -1},
		{"2027-11-23", "2026-11-23", -13},
	} {
		if got, ok := FullMonths(c.from, c.to); !ok || got != c.want {
			t.Errorf("from %s to %s: %d full months, want %d", c.from, c.to, got, c.want)
		}
	}
	for _, bad := range []plottage.Date{"", "2025", "2025-13-01", "2025-02-30", "2025/01/01", "20a5-01-01"} {
		if _, ok := FullMonths(bad, "2026-01-01"); ok {
			t.Errorf("%q was read as a day", bad)
		}
	}
}

// n months are full when the day n months later has passed; plottage.Date.AddMonths
// says which day that is.
func TestFullMonthsAgainstAddMonths(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		d := plottage.DateOf(time.Date(2019, 1, 1+rng.IntN(2000), 0, 0, 0, 0, time.UTC))
		e := plottage.DateOf(d.Time().AddDate(0, 0, 1+rng.IntN(1500)))
		n, ok := FullMonths(d, e)
		if !ok || d.AddMonths(n) >= e || d.AddMonths(n+1) < e {
			t.Fatalf("from %s to %s: %d full months", d, e, n)
		}
	}
}

func one(p plottage.Parcel) Facts { return Facts{Parcels: []plottage.Parcel{p}} }

func values(f Facts, r Reading, names ...string) []any {
	if r.AsOf == "" {
		r.AsOf = "2026-11-23"
	}
	t := Tabulate(f, names, r)
	var v []any
	for _, name := range names {
		v = append(v, t.Column(name).Value(0))
	}
	return v
}

func TestRatios(t *testing.T) {
	p := plottage.Parcel{ID: "p", AreaM2: 10_000.0 / 15 * 3, FloorAreaM2: plottage.Some(4000.0), LandValue: plottage.Some(0.0),
		BuildingValue: plottage.Some(5.0), YearBuilt: plottage.Some(0), RegisteredAreaM2: plottage.Some(4000.0), Tax: plottage.Some(90_000.0)}
	got := values(one(p), Reading{}, "land_mu", "far", "improvement_to_land", "age_years", "tax_per_mu", "tax_per_mu_3y", "coverage")
	want := []any{3.0, 2.0, nil, nil, 30_000.0, 30_000.0, nil}
	for i := range want {
		g, isNumber := got[i].(float64)
		w, wantNumber := want[i].(float64)
		if isNumber != wantNumber || isNumber && abs(g-w) > 1e-9*w {
			t.Errorf("value %d: %v, want %v", i, got[i], want[i])
		}
	}
	if got := values(one(p), Reading{Registered: true}, "far"); got[0] != 1.0 {
		t.Errorf("plot ratio by the title's area %v, want 1", got[0])
	}
}

func TestEvents(t *testing.T) {
	all := Facts{Parcels: []plottage.Parcel{{ID: "p"}, {ID: "q", SuppliedOn: "2020-01-01", StartedOn: "2020-01-01", OperatingSince: "2026-11-24"}}}
	for _, c := range []struct {
		name string
		p    plottage.Parcel
		r    Reading
		want []any // supplied, started, operating
	}{
		{"no date of the parcel, dates kept of others", plottage.Parcel{}, Reading{}, []any{nil, nil, nil}},
		{"approved, dates kept", plottage.Parcel{ApprovedOn: "2020-01-01"}, Reading{}, []any{false, false, false}},
		{"nothing known, blanks not known", plottage.Parcel{}, Reading{BlankUnknown: true}, []any{nil, nil, nil}},
		{"a start agreed shows the supply", plottage.Parcel{StartDue: "2027-01-01"}, Reading{}, []any{true, false, false}},
		{"completion shows supply and start", plottage.Parcel{CompletedOn: "2025-01-01"}, Reading{BlankUnknown: true}, []any{true, true, nil}},
		{"what comes after the day has not happened", plottage.Parcel{SuppliedOn: "2026-11-24"}, Reading{BlankUnknown: true}, []any{false, nil, nil}},
		{"the day itself counts", plottage.Parcel{SuppliedOn: "2026-11-23"}, Reading{}, []any{true, false, false}},
		{"part built is started", plottage.Parcel{BuiltShare: plottage.Some(0.1)}, Reading{BlankUnknown: true}, []any{nil, true, nil}},
	} {
		c.p.ID = "p"
		all.Parcels[0] = c.p
		if got := values(all, c.r, "supplied", "started", "operating"); !slices.Equal(got, c.want) {
			t.Errorf("%s: supplied, started, operating %v, want %v", c.name, got, c.want)
		}
	}
	alone := one(plottage.Parcel{ID: "p", ApprovedOn: "2020-01-01"})
	if got := values(alone, Reading{}, "supplied"); got[0] != nil {
		t.Errorf("supplied %v in a city that keeps no supplies, want not known", got[0])
	}
}

func TestFiguresOfFirms(t *testing.T) {
	some := plottage.Some[float64]
	year := func(firm string, y int, tax float64) plottage.FirmYear {
		return plottage.FirmYear{Firm: firm, Year: y, Tax: some(tax)}
	}
	f := Facts{
		Parcels: []plottage.Parcel{{ID: "p", AreaM2: 2000, Tax: some(7)}, {ID: "q", AreaM2: 1000}},
		Firms:   []plottage.Firm{{ID: "a", Class: "B", Industry: "33"}, {ID: "b", Class: "D", Since: "2025-06-01"}, {ID: "c"}},
		FirmYears: []plottage.FirmYear{
			year("a", 2025, 900), year("a", 2024, 600), year("a", 2023, 300), year("a", 2022, 1e9), year("a", 2026, 1e9), year("b", 2025, 50)},
		Holdings: []plottage.Holding{
			{Firm: "a", Parcel: "p", LandM2: some(1500)}, {Firm: "a", Parcel: "q", LandM2: some(500)},
			{Firm: "b", Parcel: "p", Tenant: true, FloorM2: some(300)}},
	}
	// a brings three quarters: 675, 450, 225; b 50 in 2025 and nothing before it was founded.
	want := []any{725.0, (725.0 + 450 + 225) / 3 / 3, 2.0, 1.0, "B", "33"}
	got := values(f, Reading{}, "tax", "tax_per_mu_3y", "firms", "tenants", "class", "industry")
	for i := range want {
		g, ok := got[i].(float64)
		if ok && abs(g-want[i].(float64)) > 1e-9 || !ok && got[i] != want[i] {
			t.Errorf("value %d: %v, want %v", i, got[i], want[i])
		}
	}
	f.Holdings = append(f.Holdings, plottage.Holding{Firm: "c", Parcel: "p", Tenant: true})
	if got := values(f, Reading{}, "tax"); got[0] != 7.0 {
		t.Errorf("tax %v with a firm of unknown tax, want the parcel's own figure 7", got[0])
	}
	f.Parcels[0].Tax = plottage.Opt[float64]{}
	if got := values(f, Reading{}, "tax"); got[0] != nil {
		t.Errorf("tax %v with a firm of unknown tax and no own figure, want not known", got[0])
	}
	f.Holdings = []plottage.Holding{{Firm: "b", Parcel: "p", Tenant: true}}
	if got := values(f, Reading{}, "class", "industry", "months_since_firm"); got[0] != nil || got[2] != 17.0 {
		t.Errorf("class, industry, months %v, want no class from a tenant, 17 months", got)
	}
}

// Whatever the holdings state, a firm's figures are divided and never multiplied.
func TestSharesAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for range 200 {
		f := Facts{Firms: []plottage.Firm{{ID: "a"}}, FirmYears: []plottage.FirmYear{{Firm: "a", Year: 2025, Tax: plottage.Some(100.0)}}}
		for i := range 1 + rng.IntN(5) {
			p := plottage.Parcel{ID: fmt.Sprint(i), AreaM2: float64(rng.IntN(3)) * 500}
			f.Parcels = append(f.Parcels, p)
			h := plottage.Holding{Firm: "a", Parcel: p.ID, Tenant: rng.IntN(2) == 0}
			h.LandM2.Known, h.FloorM2.Known = rng.IntN(4) > 0, rng.IntN(4) > 0
			h.LandM2.V, h.FloorM2.V = float64(rng.IntN(4))*100, float64(rng.IntN(4))*100
			f.Holdings = append(f.Holdings, h)
		}
		c := Tabulate(f, []string{"tax"}, Reading{AsOf: "2026-11-23"}).Column("tax")
		sum := 0.0
		for i := range f.Parcels {
			sum += c.Num[i]
		}
		if abs(sum-100) > 1e-9 {
			t.Fatalf("tax of 100 became %v over %+v", sum, f.Holdings)
		}
	}
}
