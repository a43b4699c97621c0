package demo_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/demo"
)

var city = demo.New(1)

func TestSameSeedSameCity(t *testing.T) {
	if !reflect.DeepEqual(city, demo.New(1)) {
		t.Error("seed 1 gave two cities")
	}
	if reflect.DeepEqual(city.Parcels, demo.New(2).Parcels) {
		t.Error("seeds 1 and 2 gave one city")
	}
}

// The figures are those of docs/method/demo.md; the ranges hold for any seed.
func TestCityLooksLikeAZhejiangCity(t *testing.T) {
	for seed := range uint64(4) {
		c := demo.New(seed)
		ind := industrial(c)
		var mu, far []float64
		total := 0.0
		for _, p := range ind {
			mu = append(mu, plottage.Mu(p.AreaM2))
			total += plottage.Mu(p.AreaM2)
			if f := p.FloorAreaM2.Or(0); f > 0 && p.BuiltShare.Or(1) == 1 {
				far = append(far, f/p.AreaM2)
			}
		}
		tax, perMu := taxes(c)
		for _, is := range []struct {
			what        string
			got, lo, hi float64
		}{
			{"parcels", float64(len(c.Parcels)), 2_850, 3_500},
			{"industrial share", float64(len(ind)) / float64(len(c.Parcels)), 0.6, 0.75},
			{"industrial mu", total, 28_000, 40_000},
			{"smallest lot", quantile(mu, 0), 4, 6},
			{"median lot, mu", quantile(mu, 0.5), 12, 17},
			{"largest lot", quantile(mu, 1), 33, 44},
			{"FAR, 5 %", quantile(far, 0.05), 0.35, 0.55},
			{"median FAR", quantile(far, 0.5), 0.75, 1},
			{"FAR, 95 %", quantile(far, 0.95), 1.3, 1.75},
			{"firms", float64(len(c.Firms)), 2_400, 3_400},
			{"projects", float64(len(c.Projects)), 60, 60},
			{"tax per mu, 万元", tax / total / 1e4, 7.5, 12},
			{"firms' tax per mu, 5 %", quantile(perMu, 0.05), 1, 2.6},
			{"firms' tax per mu, median", quantile(perMu, 0.5), 5, 10},
			{"firms' tax per mu, 95 %", quantile(perMu, 0.95), 18, 40},
		} {
			if is.got < is.lo || is.got > is.hi {
				t.Errorf("seed %d: %s is %.2f, want %g to %g", seed, is.what, is.got, is.lo, is.hi)
			}
		}
	}
}

func industrial(c demo.City) []plottage.Parcel {
	return slices.DeleteFunc(slices.Clone(c.Parcels), func(p plottage.Parcel) bool { return !p.Industrial.Or(false) })
}

// taxes returns the city's tax of 2025 and every firm's in 万元 per mu.
func taxes(c demo.City) (total float64, perMu []float64) {
	land, tax := map[string]float64{}, map[string]float64{}
	for _, h := range c.Holdings {
		land[h.Firm] += plottage.Mu(h.LandM2.Or(0))
	}
	for _, y := range c.FirmYears {
		if y.Year == 2025 {
			tax[y.Firm] = y.Tax.Or(0)
			total += y.Tax.Or(0)
		}
	}
	for _, f := range c.Firms {
		if land[f.ID] > 0 && tax[f.ID] > 0 {
			perMu = append(perMu, tax[f.ID]/1e4/land[f.ID])
		}
	}
	return total, perMu
}

func quantile(xs []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}

// The shares of a published evaluation: A 25, B 45, C 25, D 5 per cent.
func TestClassesHaveTheSharesOfAnEvaluation(t *testing.T) {
	n := map[string]float64{}
	for _, f := range city.Firms {
		n[f.Class]++
	}
	rated := n["A"] + n["B"] + n["C"] + n["D"]
	for class, want := range map[string]float64{"A": 0.25, "B": 0.45, "C": 0.25, "D": 0.05} {
		if got := n[class] / rated; math.Abs(got-want) > 0.002 {
			t.Errorf("class %s: %.3f of the rated firms, want %.2f", class, got, want)
		}
	}
	if n[""] == 0 {
		t.Error("every firm is rated; new firms should not be")
	}
}

// Every break on the way from approval to full use occurs, and idle land of every cause.
func TestEveryStageAndCauseOccurs(t *testing.T) {
	n := map[string]int{}
	for _, p := range industrial(city) {
		switch {
		case !p.SuppliedOn.Known():
			n["unsupplied"]++
			if p.ExpropriatedOn.Known() {
				n["expropriated"]++
			}
		case !p.StartedOn.Known() && p.StartDue.Known() && p.BuiltShare.Or(1) == 0:
			n["unused"]++
			if p.StartDue.AddMonths(12) < demo.AsOf {
				n["idle a year"]++
				n["idle by "+p.IdleCause]++
			}
			if p.StartDue.AddMonths(24) < demo.AsOf {
				n["idle two years"]++
			}
		case p.BuiltShare.Or(1) < 1.0/3 && p.SuspendedSince.Known():
			n["under-built"]++
		case !p.OperatingSince.Known():
			n["not operating"]++
		case p.FloorAreaM2.Or(p.AreaM2)/p.AreaM2 < 0.5:
			n["sparse"]++
		}
	}
	for _, key := range []string{"unsupplied", "expropriated", "unused", "idle a year", "idle two years",
		"idle by owner", "idle by government", "under-built", "not operating", "sparse"} {
		if n[key] < 3 {
			t.Errorf("%s: %d parcels", key, n[key])
		}
	}
}

// Real registers have holes: some of nearly every attribute, never the key.
func TestRegistersHaveHoles(t *testing.T) {
	for _, name := range []string{"floor_area_m2", "year_built", "grant_price", "registered_area_m2", "storeys", "land_value", "approved_on"} {
		f, _ := plottage.FieldByName(plottage.ParcelFields, name)
		missing, parcels := 0, industrial(city)
		for i := range parcels {
			if f.Get(&parcels[i]) == nil {
				missing++
			}
		}
		if share := float64(missing) / float64(len(parcels)); share < 0.01 || share > 0.45 {
			t.Errorf("%s is missing on %.3f of the parcels", name, share)
		}
	}
}

func TestHoldingsAreManyToMany(t *testing.T) {
	firms, parcels, tenants := map[string]int{}, map[string]int{}, 0
	for _, h := range city.Holdings {
		firms[h.Firm]++
		parcels[h.Parcel]++
		if h.Tenant {
			tenants++
		}
	}
	several := func(m map[string]int) (n int) {
		for _, k := range m {
			if k > 1 {
				n++
			}
		}
		return n
	}
	if several(firms) < 100 || several(parcels) < 300 || tenants < 500 {
		t.Errorf("%d firms on several parcels, %d parcels with several firms, %d tenants", several(firms), several(parcels), tenants)
	}
}

// A directed edge that two parcels run in the same direction would be an overlap;
// neighbours in a street block run each shared edge in opposite directions.
func TestNeighboursShareEdgesExactly(t *testing.T) {
	type edge [2]orb.Point
	owner := map[edge]string{}
	for _, p := range city.Parcels {
		r := p.Geometry[0][0]
		if r.Orientation() != orb.CCW || r[0] != r[len(r)-1] {
			t.Fatalf("%s is not a closed counter-clockwise ring", p.ID)
		}
		for i := range len(r) - 1 {
			e := edge{r[i], r[i+1]}
			if other, twice := owner[e]; twice {
				t.Fatalf("%s and %s overlap along %v", other, p.ID, e)
			}
			owner[e] = p.ID
		}
	}
	shared := map[string]bool{}
	for e, id := range owner {
		if other, ok := owner[edge{e[1], e[0]}]; ok {
			shared[id], shared[other] = true, true
		}
	}
	if alone := len(city.Parcels) - len(shared); alone > len(city.Parcels)/100 {
		t.Errorf("%d of %d parcels touch no other", alone, len(city.Parcels))
	}
}

func TestProjectsAskForWhatTheFieldKnows(t *testing.T) {
	vertical, choosy := 0, 0
	for _, p := range city.Projects {
		mu := plottage.Mu(p.AreaM2)
		if mu < 29.9 || mu > 150.1 || p.Release < 2027 || p.Deadline > 2031 || p.Release > p.Deadline || p.PowerMW <= 0 || p.Tax <= 0 {
			t.Errorf("project %+v", p)
		}
		if slices.Contains(p.Modes, "vertical") {
			vertical++
		}
		if len(p.Towns) > 0 {
			choosy++
		}
	}
	if vertical < 4 || choosy < 12 {
		t.Errorf("%d vertical, %d with towns", vertical, choosy)
	}
}

func TestIDsAreUniqueAndOrdered(t *testing.T) {
	ids := func(n int, id func(int) string) {
		t.Helper()
		for i := 1; i < n; i++ {
			if id(i-1) >= id(i) {
				t.Fatalf("%s before %s", id(i-1), id(i))
			}
		}
	}
	ids(len(city.Parcels), func(i int) string { return city.Parcels[i].ID })
	ids(len(city.Firms), func(i int) string { return city.Firms[i].ID })
	ids(len(city.Ways), func(i int) string { return city.Ways[i].ID })
	ids(len(city.Projects), func(i int) string { return city.Projects[i].ID })
	ids(len(city.Holdings), func(i int) string { return city.Holdings[i].Firm + city.Holdings[i].Parcel })
}

func TestEmissionsAreForStatisticsOnly(t *testing.T) {
	for _, b := range city.Batches() {
		for _, c := range b.Classes {
			if c.Noun == "firm_year" && c.Field == "emission_t" && !c.Class.Permits(plottage.UseExport) {
				return
			}
		}
	}
	t.Error("emissions may be exported")
}
