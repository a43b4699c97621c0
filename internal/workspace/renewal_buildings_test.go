package workspace_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// withBuildings gives every lot of the estate a sound and a worn building of 10,000 m²
// each; the firm of a lot is in the sound one. One of L22 may not be torn down.
func withBuildings(t *testing.T, city *workspace.City) {
	t.Helper()
	parcels, err := city.Parcels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b workspace.Batch
	for _, p := range parcels {
		if p.ID == "H" {
			continue
		}
		for n, c := range []plottage.Condition{plottage.Sound, plottage.Worn} {
			b.Buildings = append(b.Buildings, plottage.Building{ID: p.ID + string(rune('a'+n)), Parcel: p.ID, FloorM2: plottage.Some(10_000.0), GroundM2: plottage.Some(5_000.0), Condition: c, Protected: p.ID == "L22" && n == 0})
		}
		b.Holdings = append(b.Holdings, plottage.Holding{Firm: "F" + p.ID[1:], Parcel: p.ID, FloorM2: plottage.Some(8_000.0), Buildings: []string{p.ID + "a"}})
	}
	bring(t, city, b)
}

func lotOf(t *testing.T, p *renewal.Problem, id string) *renewal.Lot {
	t.Helper()
	i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id })
	if i < 0 {
		t.Fatalf("no lot %s", id)
	}
	return &p.Lots[i]
}

// Floors are rounded: buildings that stay with all but a square metre of what is stated of
// their parcel tear nothing down, and one that stays beside floor of no building does.
func TestRoundedFloorsTearNothingDown(t *testing.T) {
	for missing, torn := range map[float64]int64{1: 0, 400: 400} {
		city := estate(t)
		withBuildings(t, city)
		parcels, err := city.Parcels(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(parcels, func(p plottage.Parcel) bool { return p.ID == "L22" })
		parcels[i].FloorAreaM2 = plottage.Some(20_000 + missing)
		bring(t, city, workspace.Batch{Parcels: parcels[i : i+1]})
		built, err := city.BuildProblem(t.Context(), estateOptions())
		if err != nil {
			t.Fatal(err)
		}
		l := lotOf(t, &built.Problem, "L22") // one of its buildings is protected: all may stay
		found := false
		for _, x := range l.Mixes {
			if !slices.ContainsFunc(x.Buildings, func(h plottage.Handled) bool { return h.What == plottage.Clear }) {
				found = true
				if got := x.In[0].DemolishedM2; got != torn {
					t.Errorf("%.0f m² in no building: %d m² are torn down, want %d", missing, got, torn)
				}
			}
		}
		if !found {
			t.Errorf("%.0f m² in no building: no mix keeps all: %+v", missing, l.Mixes)
		}
	}
}

// A city without buildings on record has the problem it had; with them lots have mixes
// whose amounts follow from what goes and what stays.
func TestBuildingsMakeMixes(t *testing.T) {
	city, bare := estate(t), estate(t)
	withBuildings(t, city)
	o := estateOptions()
	without, err := bare.BuildProblem(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range without.Problem.Lots {
		if len(without.Problem.Lots[i].Mixes) > 0 {
			t.Errorf("%s has mixes without buildings", without.Problem.Lots[i].ID)
		}
	}
	built, err := city.BuildProblem(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l := lotOf(t, &built.Problem, "L00")
	if len(l.Mixes) == 0 || len(l.Mixes) > o.Mixes {
		t.Fatalf("got %d mixes, want 1 to %d", len(l.Mixes), o.Mixes)
	}
	if l.In[0].DemolishedM2 != 20_000 || l.In[0].Off || len(l.Firms) != 1 || l.Firms[0].FloorM2 != 8_000 {
		t.Errorf("whole: %+v %v", l.In[0], l.Firms)
	}
	kept := slices.IndexFunc(l.Mixes, func(x renewal.Mix) bool {
		return slices.Equal(x.Buildings, []plottage.Handled{{ID: "L00a", What: plottage.Keep}, {ID: "L00b", What: plottage.Clear}})
	})
	if kept < 0 {
		t.Fatalf("no mix keeps the sound building and clears the worn one: %+v", l.Mixes)
	}
	// 40,000 m² less 5,000 × 1.5 of land and 10,000 of 20,000 m² of floor go; the firm stays.
	x, e := l.Mixes[kept], o.Economy
	want := renewal.Treatment{CostCNY: int64(32_500*e.Land + 10_000*e.Building + 10_000*e.Demolish), DemolishedM2: 10_000, UsableM2: 27_625, AfterCNY: int64(32_500 * e.After)}
	if x.In[0] != want || len(x.Firms) != 0 || x.Workers != 0 || x.NowCNY != l.NowCNY/2 {
		t.Errorf("got %+v, firms %v, workers %d, now %d of %d, want %+v", x.In[0], x.Firms, x.Workers, x.NowCNY, l.NowCNY, want)
	}
	for _, x := range l.Mixes {
		if i := slices.IndexFunc(x.Buildings, func(h plottage.Handled) bool { return h.ID == "L00b" }); x.Buildings[i].What == plottage.Keep || x.Buildings[i].What == plottage.Raise {
			t.Errorf("the worn building is left as it is: %+v", x.Buildings)
		}
	}
	protected := lotOf(t, &built.Problem, "L22")
	if !protected.In[0].Off || len(protected.Mixes) == 0 {
		t.Errorf("L22: %+v, %d mixes", protected.In[0], len(protected.Mixes))
	}
	for _, x := range protected.Mixes {
		if len(x.Buildings) != 2 {
			t.Errorf("L22: %+v", x.Buildings)
		}
		if h := x.Buildings[0]; h.What == plottage.Clear || h.What == plottage.Raise {
			t.Errorf("L22a: %s", h.What)
		}
	}
	o.Mixes = 0
	whole, err := city.BuildProblem(t.Context(), o)
	if err != nil || len(lotOf(t, &whole.Problem, "L00").Mixes) > 0 {
		t.Errorf("parcels treated whole: %v", err)
	}
}

// What becomes of buildings is kept with the plan, checked, replayed, and tells who has
// to leave; a signed block keeps it.
func TestAPlanSaysWhatBecomesOfBuildings(t *testing.T) {
	city := estate(t)
	withBuildings(t, city)
	o := estateOptions()
	o.Gap, o.Mixes = 0.1, 2 // all lots alike are slow to prove
	s, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.Plan.Blocks, func(b plottage.Block) bool { return len(b.Treated) > 0 })
	if i < 0 {
		t.Fatal("no parcel is treated building by building")
	}
	stored, err := city.Plan(t.Context(), 0)
	if err != nil || len(stored.Blocks[i].Treated) != len(s.Plan.Blocks[i].Treated) {
		t.Fatalf("stored: %v %v", err, stored.Blocks[i].Treated)
	}
	if checked, err := city.CheckRenewal(t.Context(), 0); err != nil || !checked.Passed {
		t.Errorf("check: %v %s", err, checked.FirstFailure())
	}
	if again, err := city.ReplayRenewal(t.Context(), s.Plan.Run); err != nil || !again.Same {
		t.Errorf("replay: %v same=%v", err, again.Same)
	}
	for _, b := range stored.Blocks {
		for _, x := range b.Treated {
			stays := slices.ContainsFunc(x.Buildings, func(h plottage.Handled) bool { return h.ID == x.Parcel+"a" && h.What != plottage.Clear })
			if stays && slices.Contains(b.DisplacedFirms, "F"+x.Parcel[1:]) {
				t.Errorf("%s: the firm in a building that stays has to leave", x.Parcel)
			}
		}
	}
	o.Signed = []string{"1/" + stored.Blocks[i].ID}
	o.Economy.After *= 1.1 // other mixes may now be the best
	again, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(again.Plan.Blocks, func(b plottage.Block) bool {
		return slices.Equal(b.Parcels, stored.Blocks[i].Parcels) && renewal.SameTreatment(b.Treated, stored.Blocks[i].Treated)
	}) {
		t.Error("the signed block is not in the plan as it was signed")
	}
}
