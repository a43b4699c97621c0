package land

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage"
)

// assessed makes parcels with what an assessor's roll knows; one in thirty has a use
// that may be renewed.
func assessed(n int) []plottage.Parcel {
	rng := rand.New(rand.NewPCG(1, 2))
	uses := []string{"101", "104", "105", "102", "111", "340", "400", "337", "404", "931"}
	parcels := make([]plottage.Parcel, n)
	for i := range parcels {
		p := &parcels[i]
		p.ID, p.AreaM2 = fmt.Sprint(i), 100+900*rng.Float64()
		p.Use = uses[rng.IntN(len(uses))]
		p.LandValue, p.BuildingValue = plottage.Some(1e5+1e6*rng.Float64()), plottage.Some(2e6*rng.Float64())
		p.FloorAreaM2, p.YearBuilt = plottage.Some(1000*rng.Float64()), plottage.Some(1850+rng.IntN(170))
	}
	return parcels
}

func BenchmarkGrade(b *testing.B) {
	parcels := assessed(100_000)
	for _, id := range []string{"assessed-value", "order53", "huzhou-five"} {
		p, err := Choose(Builtin(), id, "2026-11-23")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g, err := Compile(p, nil)
				if err != nil {
					b.Fatal(err)
				}
				t := Tabulate(Facts{Parcels: parcels}, g.Reads(), Reading{AsOf: "2026-11-23"})
				if _, err := g.Grade(context.Background(), t, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
