package crs

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const golden = "testdata/proj.tsv"

// The codes compared with PROJ: every Chinese zone, some UTM zones of both hemispheres,
// state planes in metres and feet, national grids, cones of one and two parallels.
func goldenCodes() (codes []int) {
	for code := 4491; code <= 4554; code++ {
		codes = append(codes, code)
	}
	return append(codes, 32601, 32631, 32650, 32651, 32660, 32719, 32756, 25832, 26919, 26986, 2249, 6491, 2263, 2227, 26943,
		2154, 3034, 3857, 27700, 2326, 3414, 3826, 2157, 5186, 6677, 7855, 28355, 3112, 2193, 3006, 31983, 3347, 2232)
}

// Points round a system's middle: to 6° from the central meridian, from the far
// south of China to the far north, shifted to the system's half of the earth.
func goldenPoints(c CRS) (lonlat [][2]float64) {
	mid := c.param.lon0
	lats := []float64{4.123456789, 22.5, 39.9, 53.5}
	switch {
	case c.param.method == mercatorMethod:
		return [][2]float64{{-179.5, -84}, {0.25, 0.5}, {120.07, 29.3}, {179.9, 85}}
	case c.param.method == lccMethod:
		lats = []float64{c.param.lat1 - 3, c.param.lat2 + 0.5, c.param.lat0 + 7}
	case c.param.fn > 5e6 || c.param.lat0 < 0:
		lats = []float64{-4.123456789, -33.9, -53.5}
	}
	for _, lat := range lats {
		for _, d := range []float64{-6, -1.6, 0, 0.7, 3} {
			lonlat = append(lonlat, [2]float64{math.Remainder(mid+d, 360), lat})
		}
	}
	return lonlat
}

// cs2cs projects degrees to a system by PROJ, without any change of datum.
func cs2cs(t *testing.T, code int, lonlat [][2]float64) (xy [][2]float64) {
	def, err := exec.Command("projinfo", "-o", "PROJ", "--single-line", "-q", fmt.Sprintf("EPSG:%d", code)).Output()
	if err != nil {
		t.Fatal(err)
	}
	var to, from []string
	for _, w := range strings.Fields(string(def)) {
		if strings.HasPrefix(w, "+towgs84") || strings.HasPrefix(w, "+type") || strings.HasPrefix(w, "+nadgrids") {
			continue
		}
		to = append(to, strings.Replace(w, "+datum=NAD83", "+ellps=GRS80", 1))
	}
	from = []string{"+proj=longlat"}
	for _, w := range to {
		if strings.HasPrefix(w, "+ellps") || strings.HasPrefix(w, "+datum") {
			from = append(from, w)
		}
	}
	if code == 3857 {
		from = append(from, "+a=6378137", "+b=6378137")
	}
	cmd := exec.Command("cs2cs", append(append(append([]string{"-f", "%.10f"}, from...), "+to"), to...)...)
	var in strings.Builder
	for _, p := range lonlat {
		fmt.Fprintf(&in, "%.12f %.12f\n", p[0], p[1])
	}
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("cs2cs EPSG:%d: %v", code, err)
	}
	for line := range strings.Lines(string(out)) {
		var x, y float64
		if _, err := fmt.Sscan(line, &x, &y); err != nil {
			t.Fatalf("cs2cs EPSG:%d says %q", code, line)
		}
		xy = append(xy, [2]float64{x, y})
	}
	return xy
}

func needPROJ(t *testing.T) {
	for _, tool := range []string{"cs2cs", "projinfo"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (package proj-bin)", tool)
		}
	}
}

// compare holds one point to PROJ's answer, both ways, within tol metres.
func compare(t *testing.T, c CRS, lonlat, want [2]float64, tol float64) {
	t.Helper()
	x, y := c.Forward(lonlat[0], lonlat[1])
	if d := math.Hypot(x-want[0], y-want[1]) * c.UnitM; !(d <= tol) {
		t.Errorf("%s %v: got (%.9f, %.9f), PROJ says %v: %.3g m off", c, lonlat, x, y, want, d)
	}
	lon, lat := c.Inverse(want[0], want[1])
	d := math.Hypot(math.Remainder(lon-lonlat[0], 360)*math.Cos(radians(lat)), lat-lonlat[1]) * 111_320
	if !(d <= tol) {
		t.Errorf("%s back from %v: got (%.13f, %.13f), want %v: %.3g m off", c, want, lon, lat, lonlat, d)
	}
}

// tolerance in metres: a micrometre, and the rounding of numbers of tens of millions.
func tolerance(c CRS) float64 {
	if c.param.fe > 1e7 || c.param.method == mercatorMethod {
		return 2e-6 // the unit in the last place of 4e7 is 7e-9, of degrees 1.4e-14 = 1.6e-9 m
	}
	return 1e-6
}

func TestAgainstGoldenPROJ(t *testing.T) {
	if *update {
		needPROJ(t)
		writeGolden(t)
	}
	f, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		var code int
		var p, q [2]float64
		if _, err := fmt.Sscan(s.Text(), &code, &p[0], &p[1], &q[0], &q[1]); err != nil {
			t.Fatalf("%s: %q: %v", golden, s.Text(), err)
		}
		c, err := ByEPSG(code)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, c, p, q, tolerance(c))
		n++
	}
	if n < 1000 {
		t.Errorf("only %d points", n)
	}
}

func writeGolden(t *testing.T) {
	release, _ := exec.Command("cs2cs").CombinedOutput()
	var b strings.Builder
	fmt.Fprintf(&b, "# EPSG code, degrees, plane coordinates. %s\n", strings.SplitN(string(release), "\n", 2)[0])
	b.WriteString("# cs2cs -f %.10f +proj=longlat +ellps=… +to $(projinfo -o PROJ EPSG:code); written by go test -update\n")
	for _, code := range goldenCodes() {
		c, err := ByEPSG(code)
		if err != nil {
			t.Fatal(err)
		}
		points := goldenPoints(c)
		for i, xy := range cs2cs(t, code, points) {
			fmt.Fprintf(&b, "%d\t%.12f\t%.12f\t%.10f\t%.10f\n", code, points[i][0], points[i][1], xy[0], xy[1])
		}
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The same live, at points the golden table has not, for a handful of systems.
func TestAgainstLivePROJ(t *testing.T) {
	needPROJ(t)
	for _, code := range []int{4549, 4528, 4508, 4497, 32651, 32756, 26986, 2249, 27700, 3857} {
		c, err := ByEPSG(code)
		if err != nil {
			t.Fatal(err)
		}
		var points [][2]float64
		for i := range 60 {
			d := math.Mod(float64(i)*0.7548776662, 1) // a low-discrepancy walk
			e := math.Mod(float64(i)*0.5698402910, 1)
			lat := 4 + 49*e
			if c.param.fn > 5e6 {
				lat = -lat
			}
			lon := math.Round((c.param.lon0-6+12*d)*1e12) / 1e12
			points = append(points, [2]float64{lon, math.Round(lat*1e12) / 1e12})
		}
		for i, xy := range cs2cs(t, code, points) {
			compare(t, c, points[i], xy, tolerance(c))
		}
	}
}
