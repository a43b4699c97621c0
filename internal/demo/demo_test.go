package demo_test

import (
	"math"
	"slices"
	"sort"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/demo"
)

var city = demo.New(1)

// industrial returns the industrial parcels.
func industrial() []plottage.Parcel {
	return slices.DeleteFunc(slices.Clone(city.Parcels), func(p plottage.Parcel) bool { return !p.Industrial.Or(false) })
}

func quantile(xs []float64, q float64) float64 {
	s := slices.Clone(xs)
	sort.Float64s(s)
	return s[int(math.Min(q*float64(len(s)), float64(len(s)-1)))]
}

func TestStatistics(t *testing.T) {
	ind := industrial()
	t.Logf("%d parcels, %d industrial, %d firms, %d holdings, %d ways", len(city.Parcels), len(ind), len(city.Firms), len(city.Holdings), len(city.Ways))
	var mu, far []float64
	total := 0.0
	for _, p := range ind {
		mu = append(mu, plottage.Mu(p.AreaM2))
		total += plottage.Mu(p.AreaM2)
		if p.FloorAreaM2.Or(0) > 0 {
			far = append(far, p.FloorAreaM2.V/p.AreaM2)
		}
	}
	tax := map[string]float64{}
	all := 0.0
	for _, y := range city.FirmYears {
		if y.Year == 2025 {
			tax[y.Firm] = y.Tax.Or(0)
			all += y.Tax.Or(0)
		}
	}
	for _, q := range []float64{0, .05, .25, .5, .75, .95, 1} {
		t.Logf("q%.2f mu %.1f far %.2f", q, quantile(mu, q), quantile(far, q))
	}
	t.Logf("industrial mu %.0f, tax wan/mu %.2f", total, all/total/1e4)
	classes := map[string]int{}
	for _, f := range city.Firms {
		classes[f.Class]++
	}
	t.Log(classes)
}
