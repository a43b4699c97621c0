package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/plottage/plottage/internal/server"
)

// around returns the corners of a box a little larger than the one given.
func around(box []float64) [][]float64 {
	w, s, e, n := box[0], box[1], box[2], box[3]
	return [][]float64{{w, s}, {e, s}, {e, n}, {w, n}}
}

func TestADrawnAreaSelectsWhatLiesInIt(t *testing.T) {
	s, desk := bench(t)
	block := read[server.PlanInfo](t, s.ask("/api/plans/3")).Blocks[0]
	got := read[server.Within](t, s.give(http.MethodPost, "/api/within", server.WithinAsk{Ring: around(block.Box)}))
	for _, id := range block.Parcels {
		if !slices.Contains(got.Parcels, id) {
			t.Errorf("%s lies in the box of its block and was not selected", id)
		}
	}
	whole := read[server.CityInfo](t, s.ask("/api/city")).Extent
	all := read[server.Within](t, s.give(http.MethodPost, "/api/within", server.WithinAsk{Ring: around(whole)}))
	if all.Found != len(desk.Land) || len(all.Parcels) != all.Found {
		t.Errorf("the whole city selects %d of %d", all.Found, len(desk.Land))
	}
	some := read[server.Within](t, s.give(http.MethodPost, "/api/within", server.WithinAsk{Ring: around(whole), Candidates: true}))
	if some.Found != all.Candidates || some.Found == 0 || some.Found == all.Found {
		t.Errorf("candidates alone: %d, among all: %d", some.Found, all.Candidates)
	}
	problem(t, s.give(http.MethodPost, "/api/within", server.WithinAsk{Ring: [][]float64{{0, 0}, {1}, {2, 2}}}), http.StatusBadRequest, "serve_request")
	problem(t, s.give(http.MethodPost, "/api/within", server.WithinAsk{Ring: [][]float64{{0, 0}, {1, 0}}}), http.StatusBadRequest, "serve_request")
}

func TestALineCutsABlockInTwo(t *testing.T) {
	s, _ := bench(t)
	block := read[server.PlanInfo](t, s.ask("/api/plans/3")).Blocks[0]
	at := read[server.Places](t, s.give(http.MethodPost, "/api/places", server.PlacesAsk{Parcels: append(slices.Clone(block.Parcels), "none")})).At
	if len(at) != len(block.Parcels)+1 || len(at[len(at)-1]) != 0 {
		t.Fatalf("places: %v", at)
	}
	// From south to north through the widest gap between two of its parcels.
	xs := []float64{}
	for _, p := range at[:len(block.Parcels)] {
		xs = append(xs, p[0])
	}
	slices.Sort(xs)
	west := 1
	for i := 1; i < len(xs); i++ {
		if xs[i]-xs[i-1] > xs[west]-xs[west-1] {
			west = i
		}
	}
	x := (xs[west-1] + xs[west]) / 2
	line := [][]float64{{x, block.Box[1] - 0.01}, {x, block.Box[3] + 0.01}}
	got := read[server.Cut](t, s.give(http.MethodPost, "/api/cut", server.CutAsk{Line: line, Parcels: block.Parcels}))
	if len(got.Left) != west || len(got.Right) != len(block.Parcels)-west {
		t.Errorf("left %v, right %v", got.Left, got.Right)
	}
	slices.Reverse(line)
	if back := read[server.Cut](t, s.give(http.MethodPost, "/api/cut", server.CutAsk{Line: line, Parcels: block.Parcels})); !slices.Equal(back.Left, got.Right) {
		t.Errorf("drawn the other way: left %v, right %v", back.Left, back.Right)
	}
	problem(t, s.give(http.MethodPost, "/api/cut", server.CutAsk{Line: line, Parcels: []string{"none"}}), http.StatusNotFound, "serve_missing_parcel")
}

func TestAClickFindsTheParcelUnderIt(t *testing.T) {
	s, desk := bench(t)
	id := desk.Land[7].ID
	at := read[server.Places](t, s.give(http.MethodPost, "/api/places", server.PlacesAsk{Parcels: []string{id}})).At[0]
	if got := read[server.At](t, s.ask(fmt.Sprintf("/api/at?lon=%f&lat=%f", at[0], at[1]))); got.Parcel != id {
		t.Errorf("at the middle of %s lies %q", id, got.Parcel)
	}
	if got := read[server.At](t, s.ask("/api/at?lon=0&lat=0")); got.Parcel != "" {
		t.Errorf("in the Gulf of Guinea lies %q", got.Parcel)
	}
}
