package land

import (
	"testing"

	"github.com/plottage/plottage"
)

// A pack made for one country's codes says which codes another city has.
func TestScopeNamesTheCitysCodes(t *testing.T) {
	p, err := Choose(Builtin(), "assessed-value", "2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	g, err := Compile(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	parcels := []plottage.Parcel{{Use: "06", AreaM2: 10}, {Use: "01", AreaM2: 100}, {Use: "06", UseName: "Industrial", AreaM2: 10}, {AreaM2: 9}}
	s := g.Scope(parcels)
	if s == nil || s.Parameter != "renewal_uses" || s.Wanted != "4xx,316,33x,337,39x" || len(s.Uses) != 2 {
		t.Fatalf("scope %+v", s)
	}
	if u := s.Uses[1]; u.Code != "06" || u.Name != "Industrial" || u.Parcels != 2 || s.Uses[0].Code != "01" {
		t.Errorf("uses %+v", s.Uses)
	}
	if g.Scope(parcels[3:]) != nil {
		t.Error("a city without codes has a scope")
	}
	many := make([]plottage.Parcel, 40)
	for i := range many {
		many[i].Use = string(rune('A' + i))
	}
	if s := g.Scope(many); len(s.Uses) != mostUses || s.More != 40-mostUses {
		t.Errorf("%d listed, %d more", len(s.Uses), s.More)
	}
}

// MapPLUTO and its kin list the land and the whole.
func TestBuildingsAreTheRestOfTheTotal(t *testing.T) {
	p := plottage.Parcel{ID: "p", AreaM2: 1, LandValue: plottage.Some(100.0), TotalValue: plottage.Some(250.0)}
	if got := values(one(p), Reading{}, "improvement_to_land")[0]; got != 1.5 {
		t.Errorf("ratio %v, want 1.5", got)
	}
	p.BuildingValue = plottage.Some(20.0)
	if got := values(one(p), Reading{}, "improvement_to_land")[0]; got != 0.2 {
		t.Errorf("ratio %v, want 0.2: what is listed counts", got)
	}
	p.BuildingValue, p.TotalValue = plottage.Opt[float64]{}, plottage.Some(50.0)
	if got := values(one(p), Reading{}, "improvement_to_land")[0]; got != nil {
		t.Errorf("ratio %v of a total below the land", got)
	}
}
