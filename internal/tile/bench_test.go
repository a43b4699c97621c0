package tile

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"
)

// A city of 100,000 lots of 30 × 40 m, seen whole, in part and near by.
func BenchmarkEncode(b *testing.B) {
	var geoms []orb.Geometry
	for i := range 100_000 {
		x, y := float64(i%400)*33, float64(i/400)*44
		geoms = append(geoms, orb.MultiPolygon{{{{x, y}, {x + 30, y}, {x + 30, y + 40}, {x, y + 40}, {x, y}}}})
	}
	l := Layer{
		Name: "parcels", Shapes: NewShapes(geoms),
		Props:   func(dst []Prop, i int) []Prop { return append(dst, Prop{"id", fmt.Sprint("330798-", i)}) },
		Class:   make([]int32, len(geoms)),
		Classes: [][]Prop{{{"grade", "A"}}, {{"grade", "B"}}, {{"grade", "C"}}, {{"grade", "D"}}},
	}
	for i := range l.Class {
		l.Class[i] = int32(i % 4)
	}
	for _, zoom := range []int{10, 12, 13, 14, 16} {
		id := At(orb.Point{6000, 5000}, zoom)
		b.Run(fmt.Sprint("zoom", zoom), func(b *testing.B) {
			size := 0
			for b.Loop() {
				data, err := Encode(id, []Layer{l})
				if err != nil {
					b.Fatal(err)
				}
				size = len(data)
			}
			b.ReportMetric(float64(size), "bytes/tile")
		})
	}
}
