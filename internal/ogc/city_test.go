package ogc_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/ogc"
	"github.com/plottage/plottage/internal/tile"
	"github.com/plottage/plottage/kernel/crs"
)

// The test city lies at 120° E, 29.3° N in EPSG:4549: 5 by 5 lots of 100 m without
// gaps, the south-west corner at 500 km east, 3242 km north. Lot r-c is row r from
// the south, column c from the west.
const (
	epsg  = 4549
	east  = 500_000.0
	north = 3_242_000.0
	side  = 5
)

func lotID(i int) string { return fmt.Sprintf("%d-%d", i/side, i%side) }

func mercator(t testing.TB) func(orb.Point) orb.Point {
	t.Helper()
	from, err1 := crs.ByEPSG(epsg)
	to, err2 := crs.ByEPSG(3857)
	f, err3 := crs.Transform(from, to)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return f
}

func square(x, y, edge float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}, {x, y}}}}
}

func shapes(t testing.TB, areas ...orb.Geometry) *tile.Shapes {
	for i, g := range areas {
		if g != nil {
			areas[i] = crs.Apply(g, mercator(t))
		}
	}
	return tile.NewShapes(areas)
}

func collection(id string, kind ogc.Geometry, s *tile.Shapes, name func(int) string, properties ...ogc.Property) *ogc.Collection {
	at := map[string]int{}
	for i := range s.Len() {
		at[name(i)] = i
	}
	return &ogc.Collection{
		ID: id, Len: s.Len(), Kind: kind, Shapes: func() *tile.Shapes { return s }, Bound: s.Bound, FeatureID: name,
		Index: func(id string) (int, bool) { i, ok := at[id]; return i, ok }, Properties: properties,
	}
}

// lots knows no boundary of lot 4-4, no owner of row 0, and no year built at all.
func lots(t testing.TB) *ogc.Collection {
	areas := make([]orb.Geometry, side*side)
	for i := range areas[:side*side-1] {
		areas[i] = square(east+float64(i%side)*100, north+float64(i/side)*100, 100)
	}
	return collection("parcels", ogc.Areas, shapes(t, areas...), lotID,
		ogc.Property{Name: "owner", Kind: plottage.Text, Value: func(i int) any {
			if i < side {
				return nil
			}
			return fmt.Sprintf("第%d排 <\"&\">", i/side)
		}},
		ogc.Property{Name: "storeys", Kind: plottage.Number, Value: func(i int) any { return float64(i%side) + 0.5*float64(i%2) }},
		ogc.Property{Name: "plan_year", Kind: plottage.Whole, Unit: "year", Value: func(i int) any { return 2027 + i/side }},
		ogc.Property{Name: "industrial", Kind: plottage.Flag, Value: func(i int) any { return i%2 == 0 }},
		ogc.Property{Name: "started_on", Kind: plottage.Day, Value: func(i int) any { return plottage.Date(fmt.Sprintf("2020-0%d-01", 1+i%side)) }},
		ogc.Property{Name: "year_built", Kind: plottage.Whole, Value: func(int) any { return nil }},
	)
}

// blocks are three: works from 2027 to 2028, from 2028 to 2030, in 2031.
func blocks(t testing.TB) *ogc.Collection {
	years := [][2]int{{2027, 2028}, {2028, 2030}, {2031, 2031}}
	c := collection("blocks", ogc.Areas, shapes(t, square(east, north, 200), square(east+200, north, 200), square(east, north+300, 200)),
		func(i int) string { return fmt.Sprintf("b/%d", i) })
	c.Time = func(i int) (from, to time.Time) {
		return time.Date(years[i][0], 1, 1, 0, 0, 0, 0, time.UTC), time.Date(years[i][1], 12, 31, 23, 59, 59, 0, time.UTC)
	}
	return c
}

func ways(t testing.TB) *ogc.Collection {
	slanted := orb.MultiLineString{{{east - 50, north - 50}, {east + 450, north + 450}}}
	return collection("ways", ogc.Lines, shapes(t, slanted), func(int) string { return "w1" })
}

type site struct {
	t *testing.T
	h http.Handler
}

func open(t *testing.T) site { return site{t, handler(t)} }

func handler(t testing.TB) http.Handler {
	data := &ogc.Dataset{
		Name: plottage.Label{ZH: "试城", EN: "Testville"}, Tag: "v1", EPSG: epsg,
		Collections: []*ogc.Collection{lots(t), blocks(t), ways(t)},
		Tile: func(_ context.Context, id tile.ID) ([]byte, error) {
			if id.Z > 2 {
				return nil, nil
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			fmt.Fprint(z, "tile ", id)
			err := z.Close()
			return b.Bytes(), err
		},
	}
	return ogc.Handler(func(context.Context) (*ogc.Dataset, error) { return data, nil }, slog.New(slog.DiscardHandler))
}

// ask sends a GET with extra headers given as "Name: value".
func (s site) ask(path string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost:8558"+path, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

// get reads a JSON answer of status 200.
func (s site) get(path string) map[string]any {
	s.t.Helper()
	w := s.ask(path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	var v map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		s.t.Fatalf("%s: %v in %.200s", path, err, w.Body)
	}
	return v
}

// ids are the features of a page, in order.
func (s site) ids(path string) string {
	s.t.Helper()
	var out []string
	for _, f := range s.get(path)["features"].([]any) {
		out = append(out, f.(map[string]any)["id"].(string))
	}
	return strings.Join(out, " ")
}

func links(doc map[string]any) []map[string]any {
	var out []map[string]any
	list, _ := doc["links"].([]any)
	for _, l := range list {
		out = append(out, l.(map[string]any))
	}
	return out
}

// link returns the address of the link with the relation and media type.
func link(doc map[string]any, rel, media string) string {
	for _, l := range links(doc) {
		if l["rel"] == rel && l["type"] == media {
			return strings.TrimPrefix(l["href"].(string), "http://localhost:8558")
		}
	}
	return ""
}
