package crs

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func mustEPSG(t testing.TB, code int) CRS {
	t.Helper()
	c, err := ByEPSG(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func Example() {
	yiwu, _ := ByEPSG(4549)
	x, y := yiwu.Forward(120.0744, 29.3056)
	fmt.Printf("%.3f %.3f m in %s\n", x, y, yiwu)
	_, err := ByEPSG(4610)
	fmt.Println(err)
	// Output:
	// 507228.030 3243143.803 m in EPSG:4549
	// crs: no public shift from Xi'an 80 to WGS 84 (EPSG:4610)
}

// Property: there and back is where you were, within a micrometre, anywhere in a zone.
func TestRoundTrip(t *testing.T) {
	for _, code := range []int{4549, 4528, 4497, 32651, 32719, 26986, 2249, 2154, 3857, 27700} {
		c := mustEPSG(t, code)
		for dlon := -6.0; dlon <= 6; dlon += 0.75 {
			for lat := -80.0; lat <= 84; lat += 3.7 {
				if c.param.method == lccMethod && lat < -40 {
					continue // the far end of a cone runs to infinity
				}
				lon := math.Remainder(c.param.lon0+dlon, 360)
				x, y := c.Forward(lon, lat)
				lon2, lat2 := c.Inverse(x, y)
				if d := math.Hypot(math.Remainder(lon2-lon, 360), lat2-lat) * 111_320; !(d < 1e-6) {
					t.Errorf("%s (%v, %v) comes back %.3g m off", c, lon, lat, d)
				}
			}
		}
	}
}

func TestTransform(t *testing.T) {
	from, to := mustEPSG(t, 4528), mustEPSG(t, 4549)
	f, err := Transform(from, to)
	if err != nil {
		t.Fatal(err)
	}
	g := orb.MultiPolygon{{{{40_500_000, 3_240_000}, {40_500_100, 3_240_000}, {40_500_100, 3_240_100}, {40_500_000, 3_240_000}}}}
	Apply(g, f)
	for i, want := range []orb.Point{{500_000, 3_240_000}, {500_100, 3_240_000}, {500_100, 3_240_100}, {500_000, 3_240_000}} {
		if got := g[0][0][i]; math.Hypot(got[0]-want[0], got[1]-want[1]) > 1e-6 {
			t.Errorf("vertex %d: got %v, want %v", i, got, want)
		}
	}
}

// Xi'an 80 moves only when somebody gives the parameters; within itself it may be
// projected.
func TestDatums(t *testing.T) {
	_, err := ByEPSG(2364)
	var de *DatumError
	if !errors.As(err, &de) {
		t.Fatalf("got %v, want a DatumError", err)
	}
	cgcs := mustEPSG(t, 4549)
	if _, err := Transform(de.CRS, cgcs); !errors.As(err, &de) {
		t.Errorf("an unshifted Xi'an 80 went through: %v", err)
	}
	_, err = ByEPSG(4610)
	var geo *DatumError
	errors.As(err, &geo)
	if _, err := Transform(de.CRS, geo.CRS); err != nil {
		t.Errorf("within Xi'an 80: %v", err)
	}
	shifted := de.CRS.WithHelmert(Helmert{DX: 100}, 3)
	f, err := Transform(shifted, cgcs)
	if err != nil {
		t.Fatal(err)
	}
	// 100 m along the X axis (towards 0° longitude) is 100·sin 120° west at longitude 120°.
	p := f(orb.Point{40_500_000, 3_240_000})
	if west := 500_000 - p[0]; math.Abs(west-86.6) > 0.1 {
		t.Errorf("moved %.2f m west, want 86.6", west)
	}
}

// The shift of OSGB36 as PROJ does it with the same seven parameters.
func TestHelmertAgainstPROJ(t *testing.T) {
	needPROJ(t)
	grid := mustEPSG(t, 27700)
	f, err := Transform(mustEPSG(t, 4326), grid)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Transform(grid, mustEPSG(t, 4326))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []orb.Point{{-0.1276, 51.5072}, {-5.7, 50.06}, {-3.19, 55.95}, {1.75, 52.48}} {
		cmd := exec.Command("cs2cs", "-f", "%.6f", "+proj=longlat", "+datum=WGS84", "+to", "+proj=tmerc", "+lat_0=49", "+lon_0=-2",
			"+k=0.9996012717", "+x_0=400000", "+y_0=-100000", "+ellps=airy", "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489")
		cmd.Stdin = strings.NewReader(fmt.Sprintf("%.9f %.9f\n", p[0], p[1]))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var want orb.Point
		if _, err := fmt.Sscan(string(out), &want[0], &want[1]); err != nil {
			t.Fatal(err)
		}
		got := f(p)
		if math.Hypot(got[0]-want[0], got[1]-want[1]) > 1e-3 {
			t.Errorf("%v: got %v, PROJ says %v", p, got, want)
		}
		again := back(got)
		if d := math.Hypot(again[0]-p[0], again[1]-p[1]) * 111_320; d > 2e-3 {
			t.Errorf("%v comes back %.2g m off", p, d)
		}
	}
}

func TestSuggest(t *testing.T) {
	for _, tt := range []struct {
		city     string
		lon, lat float64
		want     int
	}{
		{"Yiwu", 120.07, 29.3, 4549}, {"Huzhou", 120.1, 30.87, 4549}, {"Shenzhen", 114.06, 22.54, 4547}, {"Ürümqi", 87.6, 43.8, 4538},
		{"Harbin", 126.6, 45.8, 4551}, {"Haikou", 110.3, 20.0, 4546}, {"Qingdao", 120.4, 36.1, 4549}, {"Kunming", 102.8, 24.9, 4543},
		{"Cambridge", -71.1, 42.37, 32619}, {"Seoul", 126.98, 37.57, 32652}, {"Hanoi", 105.85, 21.03, 32648}, {"Osaka", 135.5, 34.7, 32653},
		{"Sydney", 151.2, -33.9, 32756}, {"Ulaanbaatar", 106.9, 47.9, 32648}, {"Taipei", 121.5, 25.05, 32651}, {"Leeds", -1.55, 53.8, 32630},
	} {
		if got := Suggest(tt.lon, tt.lat); got.EPSG != tt.want || !got.Metric() {
			t.Errorf("%s: got %s, want EPSG:%d", tt.city, got, tt.want)
		}
	}
}

// Known pairs of the public formula (degrees north, east), from the published test points of
// the open implementations.
func TestGCJ02(t *testing.T) {
	for _, tt := range [][4]float64{
		{31.1774276, 121.5272106, 31.17530398364597, 121.531541859215},
		{22.543847, 113.912316, 22.540796131694766, 113.9171764808363},
		{39.911954, 116.377817, 39.91334545536069, 116.38404722455657},
	} {
		lon, lat := GCJ02FromWGS84(tt[1], tt[0])
		if math.Abs(lat-tt[2]) > 1e-9 || math.Abs(lon-tt[3]) > 1e-9 {
			t.Errorf("got (%v, %v), want (%v, %v)", lat, lon, tt[2], tt[3])
		}
		if lon, lat = WGS84FromGCJ02(lon, lat); math.Abs(lat-tt[0]) > 1e-10 || math.Abs(lon-tt[1]) > 1e-10 {
			t.Errorf("back: got (%v, %v), want (%v, %v)", lat, lon, tt[0], tt[1])
		}
		lon, lat = WGS84FromBD09(BD09FromGCJ02(GCJ02FromWGS84(tt[1], tt[0])))
		if math.Abs(lat-tt[0]) > 1e-10 || math.Abs(lon-tt[1]) > 1e-10 {
			t.Errorf("back from Baidu: got (%v, %v), want (%v, %v)", lat, lon, tt[0], tt[1])
		}
	}
	if lon, lat := WGS84FromGCJ02(-71.1, 42.4); lon != -71.1 || lat != 42.4 {
		t.Error("a point of Massachusetts moved")
	}
}

func TestGuesses(t *testing.T) {
	none := CRS{}
	for _, tt := range []struct {
		what     string
		sample   []orb.Point
		declared CRS
		want     string
	}{
		{"degrees", []orb.Point{{120.1, 29.3}, {120.2, 29.4}}, none, "EPSG:4326 lonlat"},
		{"latitude first", []orb.Point{{29.3, 120.1}, {29.4, 120.2}}, none, "EPSG:4326 lonlat swapped"},
		{"zone prefix, no .prj", []orb.Point{{40_512_000, 3_240_000}}, none, "EPSG:4528 zone_prefix"},
		{"northing first", []orb.Point{{3_240_000, 40_512_000}}, none, "EPSG:4528 zone_prefix swapped"},
		{"6-degree zone", []orb.Point{{20_512_000, 4_400_000}}, none, "EPSG:4498 zone_prefix"},
		{"metres of nowhere", []orb.Point{{512_000, 3_240_000}}, none, ""},
		{"declared and right", []orb.Point{{512_000, 3_240_000}}, mustEPSG(t, 4549), "EPSG:4549 declared"},
		{"declared, axes swapped", []orb.Point{{3_240_000, 512_000}}, mustEPSG(t, 4549), "EPSG:4549 declared swapped"},
		{"declared without prefix, has it", []orb.Point{{40_512_000, 3_240_000}}, mustEPSG(t, 4549), "EPSG:4528 zone_prefix"},
		{"declared with prefix, lacks it", []orb.Point{{512_000, 3_240_000}}, mustEPSG(t, 4528), "EPSG:4549 zone_prefix_missing"},
		{"declared metres, are degrees", []orb.Point{{120.1, 29.3}}, mustEPSG(t, 4549), "EPSG:4326 lonlat"},
		{"web Mercator undeclared could be feet", []orb.Point{{-7_915_000, 5_215_000}}, none, ""},
		{"out of range", []orb.Point{{220, 95}}, none, ""},
		{"state plane feet", []orb.Point{{760_000, 2_960_000}}, mustEPSG(t, 2249), "EPSG:2249 declared"},
		{"numbers that are none", []orb.Point{{math.NaN(), 1}, {math.Inf(1), 2}}, none, ""},
		{"nothing", nil, none, ""},
	} {
		got := ""
		if all := Guesses(tt.sample, tt.declared); len(all) > 0 {
			got = all[0].CRS.String() + " " + all[0].Why
			if all[0].Swapped {
				got += " swapped"
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.what, got, tt.want)
		}
	}
}

// No number makes a projection panic or loop.
func TestHostileNumbers(t *testing.T) {
	odd := []float64{0, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 90, -90, 180, 1e-300}
	for _, code := range []int{4549, 26986, 3857, 27700} {
		c := mustEPSG(t, code)
		f, _ := Transform(c, mustEPSG(t, 4326))
		for _, a := range odd {
			for _, b := range odd {
				c.Forward(a, b)
				c.Inverse(a, b)
				f(orb.Point{a, b})
			}
		}
	}
	if _, ok := ZonePrefix(math.NaN()); ok {
		t.Error("NaN carries a zone prefix")
	}
}
