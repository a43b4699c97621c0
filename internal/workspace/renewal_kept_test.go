package workspace_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// lattice opens a city of lots of 100 m side, of 15 mu each, drawn as text: a letter is
// a candidate, a digit a parcel that is none, a dot ground that is no parcel.
func lattice(t *testing.T, rows ...string) *workspace.City {
	t.Helper()
	city := openCity(t)
	b := workspace.Batch{Towns: []plottage.Town{{ID: "T"}}}
	at := map[[2]int]string{}
	cl := workspace.Clustering{Rule: plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 0.5}}
	var all []string
	for r, row := range rows {
		for c, x := range row {
			if x == '.' {
				continue
			}
			p := square(string(x), float64(c)*100, -float64(r)*100, 100)
			p.Town, p.FloorAreaM2, p.Tax = "T", plottage.Some(5_000.0), plottage.Some(100_000.0)
			b.Parcels = append(b.Parcels, p)
			if x < 'A' {
				continue
			}
			id := string(x)
			all = append(all, id)
			at[[2]int{r, c}] = id
			for _, d := range [][2]int{{r - 1, c}, {r, c - 1}} {
				if other := at[d]; other != "" {
					cl.Links = append(cl.Links, plottage.Link{A: min(id, other), B: max(id, other), SharedM: 100})
				}
			}
		}
	}
	cl.Clusters = []plottage.Cluster{{ID: 1, Parcels: all, AreaM2: 10_000 * float64(len(all))}}
	bring(t, city, b)
	run := plottage.Run{Verb: "land clusters", Version: plottage.Version, Status: "done", Started: "2026-11-23T09:00:00Z"}
	if _, err := city.SaveClustering(t.Context(), "tester", run, cl); err != nil {
		t.Fatal(err)
	}
	return city
}

func latticeOptions(minMu float64) workspace.SolveOptions {
	o := workspace.DefaultSolveOptions()
	o.Years, o.Modes, o.MinMu, o.MaxMu = "2027", []string{"clear"}, minMu, 200
	o.Budget, o.Demolition, o.Relocation = "none", "none", "none"
	return o
}

// Two pairs of candidates become one block across a parcel that stays; the outline
// takes it in, and the checker and a replay agree.
func TestAParcelIsKeptToHoldABlockTogether(t *testing.T) {
	city := lattice(t, "ab1cd", "..2..")
	o := latticeOptions(60)
	alone, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil || len(alone.Plan.Blocks) != 0 {
		t.Fatalf("got %v and %d blocks of 30 mu", err, len(alone.Plan.Blocks))
	}
	o.MaxKept = 0.25
	s, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil || len(s.Plan.Blocks) != 1 {
		t.Fatalf("got %v and %d blocks", err, len(s.Plan.Blocks))
	}
	b := s.Plan.Blocks[0]
	if !slices.Equal(b.Kept, []string{"1"}) || b.AreaM2 != 40_000 || len(b.Geometry) != 1 || b.DemolishedM2 != 20_000 {
		t.Errorf("got kept %v, %v m², %d outlines, %v m² torn down", b.Kept, b.AreaM2, len(b.Geometry), b.DemolishedM2)
	}
	if n := s.Built.Problem.Bridges; len(n) != 1 {
		t.Errorf("got bridges %v: parcel 2 borders no candidate", n)
	}
	if checked, err := city.CheckRenewal(t.Context(), 0); err != nil || !checked.Passed {
		t.Errorf("check: %v %s", err, checked.FirstFailure())
	}
	if again, err := city.ReplayRenewal(t.Context(), s.Plan.Run); err != nil || !again.Same {
		t.Errorf("replay: %v same=%v", err, again.Same)
	}
	told, err := city.ShowRenewal(t.Context(), 0, []string{"1", "a"})
	if err != nil || told.Why[0].Reason != renewal.KeptInside || told.Why[0].Block != "2027-01" || !told.Told[0].Joins || told.Why[1].Reason != renewal.Chosen {
		t.Errorf("told of the parcel kept: %v, %+v", err, told.Told)
	}
	if _, err := city.ShowRenewal(t.Context(), 0, []string{"2"}); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("a parcel outside all blocks: %v", err)
	}
	meta, err := city.Meta(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := city.SetLocks(t.Context(), "tester", meta.Version, []plottage.Lock{{Parcel: "1", Kind: plottage.LockOut}}); err != nil {
		t.Fatal(err)
	}
	if built, err := city.BuildProblem(t.Context(), o); err != nil || len(built.Problem.Bridges) != 0 {
		t.Errorf("locked out: %v, bridges %v", err, built.Problem.Bridges)
	}
	o.Signed, o.MaxKept = []string{"2/2027-01"}, 0
	signed, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil || len(signed.Plan.Blocks) != 1 || !slices.Equal(signed.Plan.Blocks[0].Kept, []string{"1"}) {
		t.Errorf("signed: %v, %+v", err, signed.Plan.Blocks)
	}
}

// A ring of candidates is no block around a parcel that is none, unless that parcel is
// kept or may be enclosed. With a way out there is no enclave.
func TestNoBlockEnclosesAParcel(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   []string
		set    func(*workspace.SolveOptions)
		blocks int
		kept   []string
	}{
		{"enclosed", []string{"abc", "d1e", "fgh"}, func(*workspace.SolveOptions) {}, 0, nil},
		{"kept", []string{"abc", "d1e", "fgh"}, func(o *workspace.SolveOptions) { o.MaxKept = 0.2 }, 1, []string{"1"}},
		{"allowed", []string{"abc", "d1e", "fgh"}, func(o *workspace.SolveOptions) { o.Enclaves = []string{"1"} }, 1, nil},
		{"all allowed", []string{"abc", "d1e", "fgh"}, func(o *workspace.SolveOptions) { o.Enclaves = []string{"all"} }, 1, nil},
		{"a court of ground nobody owns", []string{"abc", "d.e", "fgh"}, func(*workspace.SolveOptions) {}, 1, nil},
		{"two inside", []string{"abij", "d12e", "fgkh"}, func(o *workspace.SolveOptions) { o.MinMu = 150 }, 0, nil},
		{"two kept", []string{"abij", "d12e", "fgkh"}, func(o *workspace.SolveOptions) { o.MinMu, o.MaxKept = 150, 0.2 }, 1, []string{"1", "2"}},
		{"a way out over another parcel", []string{"abij", "d12.", "fgkh"}, func(o *workspace.SolveOptions) { o.MinMu = 135 }, 1, nil},
	} {
		o := latticeOptions(120)
		c.set(&o)
		city := lattice(t, c.rows...)
		s, err := city.SolveRenewal(t.Context(), o, nil)
		if err != nil || len(s.Plan.Blocks) != c.blocks {
			t.Errorf("%s: got %v and %d blocks, want %d", c.name, err, len(s.Plan.Blocks), c.blocks)
			continue
		}
		if c.blocks > 0 && !slices.Equal(s.Plan.Blocks[0].Kept, c.kept) {
			t.Errorf("%s: kept %v, want %v", c.name, s.Plan.Blocks[0].Kept, c.kept)
		}
		if told, err := city.ShowRenewal(t.Context(), 0, c.kept); err != nil || len(told.Told) != len(c.kept) || len(c.kept) > 0 && told.Told[0].Joins {
			t.Errorf("%s: told of what it would enclose: %v, %+v", c.name, err, told.Told)
		}
	}
}
