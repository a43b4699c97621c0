package datatest_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/internal/datatest"
)

func TestDrawnParcels(t *testing.T) {
	c, err := datatest.Parse("cell 10\nbaaa\nbaba\nbaaa\n\na candidate tax=30000 year_built=1998 started_on=2020-05-01 industrial=true\nway lane 1,0 1,3 width=12\n")
	if err != nil {
		t.Fatal(err)
	}
	a, b := c.Parcels[0], c.Parcels[1]
	if a.AreaM2 != 800 || len(a.Geometry) != 1 || len(a.Geometry[0]) != 2 {
		t.Errorf("a: %v m2, %d parts, want a ring of 800 m2 with one hole", a.AreaM2, len(a.Geometry))
	}
	if b.AreaM2 != 400 || len(b.Geometry) != 2 {
		t.Errorf("b: %v m2 in %d parts, want 400 in 2", b.AreaM2, len(b.Geometry))
	}
	if !c.Candidate[0] || c.Candidate[1] || a.Tax.V != 30000 || a.YearBuilt.V != 1998 || a.StartedOn != "2020-05-01" || !a.Industrial.V {
		t.Errorf("facts of a: %+v %v", a, c.Candidate)
	}
	if w := c.Ways[0]; w.Class != "lane" || w.WidthM.V != 12 || w.Geometry[0][1] != (orb.Point{10, 30}) {
		t.Errorf("way %+v", w)
	}
}

// Parts that touch at a corner stay apart, and every ring turns the right way.
func TestCornersPartShapes(t *testing.T) {
	c, err := datatest.Parse("a.\n.a\n")
	if err != nil {
		t.Fatal(err)
	}
	g := c.Parcels[0].Geometry
	if len(g) != 2 || planar.Area(g) != 20_000 {
		t.Errorf("%d parts of %v m2", len(g), planar.Area(g))
	}
	for _, p := range g {
		if p[0].Orientation() != orb.CCW || !p[0].Closed() {
			t.Errorf("ring %v", p[0])
		}
	}
}

func TestWrongDrawingsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"aa\na\n\n":               "row 2 has 1 cells",
		"aa\n\nb candidate\n":     "no parcel",
		"aa\n\na colour=red\n":    "no field",
		"aa\n\na tax=much\n":      "tax",
		"aa\n\nway lane 1,0\n":    "two points",
		"aa\n\nway lane 1 2,2 \n": "want x,y",
	} {
		if _, err := datatest.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestCitiesOfTheRepository(t *testing.T) {
	for name, parcels := range map[string]int{"street": 8, "enclave": 4} {
		if c := datatest.Load(t, name); len(c.Parcels) != parcels {
			t.Errorf("%s: %d parcels, want %d", name, len(c.Parcels), parcels)
		}
	}
}
