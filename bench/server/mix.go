package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
)

// mix draws requests as planners at work would make them.
type mix struct {
	base    string
	tileURL string
	box     [4]float64 // west, south, east, north
	plan    int64
	parcels []string
	r       *rand.Rand
}

func newMix(ctx context.Context, base string, o options) (*mix, error) {
	m := &mix{base: base, tileURL: o.tileURL, r: newRand(o.seed)}
	var city struct {
		Extent []float64
		Plan   int64
	}
	if err := fetch(ctx, base+"/api/city", &city); err != nil {
		return nil, err
	}
	if len(city.Extent) != 4 {
		return nil, fmt.Errorf("the city has nothing to show")
	}
	m.box, m.plan = [4]float64(city.Extent), city.Plan
	if m.tileURL == "" {
		m.tileURL = fmt.Sprintf("%s/tiles/{z}/{x}/{y}.mvt?plan=%d", base, m.plan)
	}
	var page struct {
		Features []struct{ ID string }
	}
	if err := fetch(ctx, base+"/ogc/collections/parcels/items?limit=10000", &page); err != nil {
		return nil, err
	}
	for _, f := range page.Features {
		m.parcels = append(m.parcels, f.ID)
	}
	if len(m.parcels) == 0 {
		return nil, fmt.Errorf("the city has no parcels")
	}
	return m, nil
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func fetch(ctx context.Context, address string, to any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, w.Status)
	}
	return json.NewDecoder(w.Body).Decode(to)
}

// zooms are how often a tile of each zoom is asked for, of 100.
var zooms = []struct{ zoom, share int }{{10, 2}, {11, 4}, {12, 10}, {13, 17}, {14, 25}, {15, 24}, {16, 18}}

func (m *mix) tile() (kind, address string) {
	pick, zoom := m.r.IntN(100), zooms[len(zooms)-1].zoom
	for _, z := range zooms {
		if pick -= z.share; pick < 0 {
			zoom = z.zoom
			break
		}
	}
	lon, lat := m.point()
	n := math.Exp2(float64(zoom))
	x := int((lon + 180) / 360 * n)
	y := int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
	a := strings.NewReplacer("{z}", fmt.Sprint(zoom), "{x}", fmt.Sprint(x), "{y}", fmt.Sprint(y)).Replace(m.tileURL)
	return fmt.Sprint("tile z", zoom), a
}

func (m *mix) point() (lon, lat float64) {
	return m.box[0] + m.r.Float64()*(m.box[2]-m.box[0]), m.box[1] + m.r.Float64()*(m.box[3]-m.box[1])
}

// api draws 40 parcels, 20 searches, 10 cities, 5 summaries, 20 pages of features in
// view and 5 single features, of 100.
func (m *mix) api() (kind, address string) {
	id := url.PathEscape(m.parcels[m.r.IntN(len(m.parcels))])
	switch n := m.r.IntN(100); {
	case n < 40:
		return "api parcel", fmt.Sprintf("%s/api/parcels/%s?plan=%d", m.base, id, m.plan)
	case n < 60:
		return "api search", fmt.Sprintf("%s/api/search?plan=%d&q=%s", m.base, m.plan, url.QueryEscape(id[len(id)-5:]))
	case n < 70:
		return "api city", m.base + "/api/city"
	case n < 75:
		return "api summary", m.base + "/api/summary"
	case n < 95:
		lon, lat := m.point()
		return "api features", fmt.Sprintf("%s/ogc/collections/parcels/items?limit=100&bbox=%f,%f,%f,%f", m.base, lon-0.01, lat-0.008, lon+0.01, lat+0.008)
	}
	return "api feature", m.base + "/ogc/collections/parcels/items/" + id
}
