package topology_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/kernel/topology"
)

// lot is a rectangle, as a surveyor might draw it.
func lot(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

// Two lots drawn 1 cm apart, and one across a lane of 6 m that runs along x = 83.
func Example() {
	cov, report := topology.Clean([]orb.MultiPolygon{
		lot(0, 0, 40, 30),
		lot(40.01, 0.01, 80, 30),
		lot(86, 0, 120, 30),
	}, topology.Options{})
	fmt.Println("defects:", len(report.Defects))

	for _, c := range cov.Adjacency(1) {
		fmt.Printf("%d and %d share %.1f m\n", c.A, c.B, c.SharedM)
	}
	lane := topology.Way{Lines: orb.MultiLineString{{{83, -10}, {83, 40}}}, Allowed: true}
	for _, g := range cov.Near(topology.NearOptions{MaxGapM: 8, Ways: []topology.Way{lane}}) {
		fmt.Printf("%d and %d lie %.0f m apart, across way %d\n", g.A, g.B, g.WidthM, g.Way)
	}
	blocks := cov.Dissolve([]int{0, 0, 1})
	fmt.Println("block 0:", len(blocks[0]), "part,", len(blocks[0][0])-1, "holes")
	// Output:
	// defects: 0
	// 0 and 1 share 30.0 m
	// 1 and 2 lie 6 m apart, across way 0
	// block 0: 1 part, 0 holes
}

// A bow-tie becomes the two triangles it encloses.
func ExampleRepair() {
	bowTie := orb.MultiPolygon{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}}
	sound, defects := topology.Repair(bowTie)
	for _, d := range defects {
		fmt.Println(d.Kind, "at", d.At)
	}
	fmt.Println(len(sound), "parts")
	// Output:
	// self_intersection at [2 2]
	// 2 parts
}
