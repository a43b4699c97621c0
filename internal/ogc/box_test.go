package ogc_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/kernel/crs"
)

const cityURI = "http://www.opengis.net/def/crs/EPSG/0/4549"

// boxes tests bbox in the city's own plane, where lots are squares and the right
// answer is arithmetic, and in degrees around the same places.
func boxes(t *testing.T, s site) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		x0, y0 := east-150+r.Float64()*700, north-150+r.Float64()*700
		x1, y1 := x0+r.Float64()*300, y0+r.Float64()*300
		want := []string{}
		for i := range side*side - 1 { // the last has no boundary
			lx, ly := east+float64(i%side)*100, north+float64(i/side)*100
			if x0 <= lx+100 && x1 >= lx && y0 <= ly+100 && y1 >= ly {
				want = append(want, lotID(i))
			}
		}
		// EPSG:4549 puts the northing first.
		query := fmt.Sprintf("?bbox=%.6f,%.6f,%.6f,%.6f&bbox-crs=%s", y0, x0, y1, x1, url.QueryEscape(cityURI))
		if got := s.ids(items + query); got != strings.Join(want, " ") {
			t.Fatalf("%s: %q, want %q", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"bbox=119,29,120,30":                     "0-0 1-0 2-0 3-0 4-0", // touches their western side
		"bbox=119,29,-200,120,30,9000":           "0-0 1-0 2-0 3-0 4-0", // six numbers: heights do not count
		"bbox=119,29,119.9999999,30":             "",
		"bbox=179,-90,-179,90":                   "",
		"bbox=-180,-90,180,90&limit=2&offset=22": "4-2 4-3",
	} {
		if got := s.ids(items + "?" + query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// A box beside a slanted line lies in the line's own box, and does not meet it.
func TestABoxMustMeetTheGeometryItself(t *testing.T) {
	s := open(t)
	ask := func(x0, y0, x1, y1 float64) string {
		return s.ids(fmt.Sprintf("/ogc/collections/ways/items?bbox=%f,%f,%f,%f&bbox-crs=%s", y0, x0, y1, x1, url.QueryEscape(cityURI)))
	}
	if got := ask(east+300, north, east+400, north+100); got != "" {
		t.Errorf("a box off the line finds %q", got)
	}
	if got := ask(east+40, north+40, east+60, north+60); got != "w1" {
		t.Errorf("a box across the line finds %q", got)
	}
}

// A box wholly inside one lot meets no boundary, and finds it.
func TestABoxInsideALot(t *testing.T) {
	s := open(t)
	query := fmt.Sprintf("?bbox=%f,%f,%f,%f&bbox-crs=%s", north+140, east+240, north+150, east+260, url.QueryEscape(cityURI))
	if got := s.ids(items + query); got != "1-2" {
		t.Errorf("%q", got)
	}
}

// The same box in every system finds the same lots, if none lies on its edge.
func TestABoxInEverySystem(t *testing.T) {
	s := open(t)
	own, _ := crs.ByEPSG(epsg)
	world, _ := crs.ByEPSG(4326)
	to, err := crs.Transform(own, world)
	if err != nil {
		t.Fatal(err)
	}
	a, b := to(orb.Point{east + 110, north + 110}), to(orb.Point{east + 290, north + 190})
	ma, mb := mercator(t)(orb.Point{east + 110, north + 110}), mercator(t)(orb.Point{east + 290, north + 190})
	for _, query := range []string{
		fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f", a[0], a[1], b[0], b[1]),
		fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f&bbox-crs=%s", a[0], a[1], b[0], b[1], crs84),
		fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", a[1], a[0], b[1], b[0]),
		fmt.Sprintf("bbox=%.4f,%.4f,%.4f,%.4f&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857", ma[0], ma[1], mb[0], mb[1]),
		fmt.Sprintf("bbox=%f,%f,%f,%f&bbox-crs=%s", north+110, east+110, north+190, east+290, cityURI),
	} {
		if got := s.ids(items + "?" + query); got != "1-1 1-2" {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// All pages together are the collection, in order, once.
func TestPagesFollowEachOther(t *testing.T) {
	s := open(t)
	for _, limit := range []string{"1", "4", "24", "25", "100"} {
		var got []string
		next := items + "?limit=" + limit
		for next != "" {
			got = append(got, strings.Fields(s.ids(next))...)
			next = link(s.get(next), "next", geojsonType)
		}
		var want []string
		for i := range side * side {
			want = append(want, lotID(i))
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %s: %v", limit, got)
		}
	}
	if prev := link(s.get(items+"?limit=4&offset=6"), "prev", geojsonType); s.ids(prev) != "0-2 0-3 0-4 1-0" {
		t.Errorf("the page before is %s", prev)
	}
}

func FuzzItems(f *testing.F) {
	h := handler(f)
	for _, q := range []string{"bbox=1,2,3,4", "bbox=-180,-90,180,90&datetime=../2027-01-01", "limit=3&offset=2&storeys=1.5", "crs=" + cityURI, "bbox=0,0,1e308,1e308&bbox-crs=" + cityURI, "%", "f=html;x"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{items, "/ogc/collections/blocks/items"} {
			u, err := url.Parse("http://localhost" + path + "?" + query)
			if err != nil || u.Path != path {
				return
			}
			if w := (site{t, h}).ask(path + "?" + u.RawQuery); w.Code != 200 && w.Code != 400 {
				t.Errorf("%q: %d %s", query, w.Code, w.Body)
			}
		}
	})
}
