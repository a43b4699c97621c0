package server

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Of limits that each do alone one is raised, the least for its size; of those that do
// only together all; and none where a solve cannot be given what has to grow.
func TestOnlyTheLimitsThatNeedItAreRaised(t *testing.T) {
	alone := func(row string, limit, needed float64) Clash { return Clash{Row: row, Limit: limit, Needed: needed} }
	joint := func(row string, limit, needed float64) Clash {
		return Clash{Row: row, Limit: limit, Needed: needed, Joint: true}
	}
	var caps []renewal.Cap
	for _, y := range []int{2027, 2028, 2029} {
		caps = append(caps, renewal.Cap{Resource: renewal.Money, Year: y, Limit: 50}, renewal.Cap{Resource: renewal.Demolition, Year: y, Limit: 1000})
	}
	caps = append(caps, renewal.Cap{Resource: renewal.Money, Year: 2028, Cumulative: true, Limit: 70})
	for _, c := range []struct {
		what    string
		clashes []Clash
		rows    []string
		budget  string
		floor   string
	}{
		{"any year would do", []Clash{alone("money:2027", 50, 141), alone("money:2028", 50, 141), alone("money:2029", 50, 141)}, []string{"money:2027"}, "141,50,50", ""},
		{"a later year needs less", []Clash{alone("money:2027", 50, 141), alone("money:2029", 50, 90)}, []string{"money:2029"}, "50,50,90", ""},
		{"another limit grows less for its size", []Clash{alone("money:2027", 50, 141), alone("demolition:2028", 1000, 1200)}, []string{"demolition:2028"}, "", "1000,1200,1000"},
		{"only together", []Clash{joint("money:2027", 50, 60), joint("demolition:2027", 1000, 1100)}, []string{"money:2027", "demolition:2027"}, "60,50,50", "1100,1000,1000"},
		{"together with what no form has", []Clash{joint("money:2027", 50, 60), joint("power:T1:2027", 5, 6)}, nil, "", ""},
		{"a sum up to a year", []Clash{alone("money:<=2028", 70, 80)}, []string{"money:<=2028"}, "80 total", ""},
		{"a floor", []Clash{alone("town:T1", 900, 500)}, nil, "", ""},
		{"locks", []Clash{{Row: "locks"}}, nil, "", ""},
	} {
		a := &account{clashes: c.clashes}
		a.limits.caps = caps
		v := &view{plan: plottage.Plan{Years: []int{2027, 2028, 2029}}, reckon: func() *account { return a }}
		got := v.relaxed()
		if c.rows == nil {
			if got != nil {
				t.Errorf("%s: %+v, want none", c.what, got)
			}
			continue
		}
		if got == nil || !slices.Equal(got.Rows, c.rows) || got.Budget != c.budget || got.Demolition != c.floor || got.Relocation != "" {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}
