package export

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/crs"
)

// writeGeoJSON writes RFC 7946: longitude and latitude of WGS 84 with seven decimals
// (1 cm), outer rings counter-clockwise, holes clockwise. Each feature's property
// "layer" is parcel or block. Properties have the city file's names and SI units.
func writeGeoJSON(ctx context.Context, s *Snapshot, out io.Writer) error {
	to, err := s.toWGS84()
	if err != nil {
		return err
	}
	w := &featureWriter{w: bufio.NewWriterSize(out, 1<<16), to: to}
	w.text(`{"type":"FeatureCollection","features":[`)
	if s.Options.wants(Parcels) {
		for i := range s.Parcels {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			w.feature(s.Parcels[i].ID, s.Parcels[i].Geometry, s.parcelProperties(&s.Parcels[i]))
		}
	}
	if s.Plan != nil && s.Options.wants(Blocks, Plan) {
		for _, b := range s.blocks() {
			w.feature(b.ID, s.outline(b), s.blockProperties(b))
		}
	}
	w.text("\n]}\n")
	if w.err != nil {
		return w.err
	}
	return w.w.Flush()
}

// toWGS84 returns the way from the city's CRS to longitude and latitude.
func (s *Snapshot) toWGS84() (func(orb.Point) orb.Point, error) {
	noCRS := &plottage.Error{Code: plottage.Conflict, Key: "export_no_crs", Args: map[string]any{"epsg": s.Meta.EPSG}}
	from, err := crs.ByEPSG(s.Meta.EPSG)
	if err != nil {
		noCRS.Err = err
		return nil, noCRS
	}
	wgs84, err := crs.ByEPSG(4326)
	if err != nil {
		return nil, err
	}
	to, err := crs.Transform(from, wgs84)
	if err != nil {
		noCRS.Err = err
		return nil, noCRS
	}
	return to, nil
}

// properties in a fixed order, so that files can be compared.
type properties []struct {
	name  string
	value any
}

func (p *properties) add(name string, value any) {
	if value != nil {
		*p = append(*p, struct {
			name  string
			value any
		}{name, value})
	}
}

func (s *Snapshot) parcelProperties(p *plottage.Parcel) properties {
	var ps properties
	ps.add("layer", "parcel")
	for _, f := range plottage.ParcelFields {
		ps.add(f.Name, f.Get(p))
	}
	ps.add("area_m2", math.Round(p.AreaM2*100)/100)
	if v := s.verdict[p.ID]; v != nil {
		ps.add("verdict_stage", string(v.Stage))
		ps.add("verdict_queue", string(v.Queue))
		ps.add("verdict_grade", v.Grade)
		ps.add("verdict_candidate", v.Candidate)
		ps.add("verdict_confidence", v.Confidence)
		ps.add("verdict_pack", v.Pack)
		ps.add("verdict_as_of", string(v.AsOf))
		ps.add("grounds", s.grounds(v))
	}
	if b := s.block[p.ID]; b != nil {
		ps.add("plan_block", b.ID) // not "year": an import would take it for the year built
		ps.add("plan_year", b.Year)
	}
	if s.Plan != nil {
		ps.add("plan_why", s.why(p.ID))
	}
	return ps
}

func (s *Snapshot) blockProperties(b plottage.Block) properties {
	var ps properties
	ps.add("layer", "block")
	ps.add("id", b.ID)
	ps.add("plan", s.Plan.ID)
	ps.add("plan_year", b.Year)
	ps.add("ready_year", b.Ready)
	ps.add("mode", b.Mode)
	ps.add("town", b.Town)
	ps.add("area_m2", math.Round(b.AreaM2*100)/100)
	ps.add("parcels", b.Parcels)
	ps.add("kept", b.Kept)
	ps.add("treated", b.Handled())
	ps.add("compactness", b.Compactness)
	ps.add("cost", b.Cost)
	ps.add("demolished_m2", b.DemolishedM2)
	ps.add("displaced_workers", b.DisplacedWorkers)
	ps.add("displaced_firms", len(b.DisplacedFirms))
	ps.add("new_floor_m2", b.NewFloorM2)
	ps.add("value", b.Value)
	ps.add("projects", s.placedOn(b.ID))
	return ps
}

// outline is the block's outline, or its parcels where a plan brought none.
func (s *Snapshot) outline(b plottage.Block) orb.MultiPolygon {
	if len(b.Geometry) > 0 {
		return b.Geometry
	}
	var all orb.MultiPolygon
	for _, id := range slices.Concat(b.Parcels, b.Kept) {
		if i, ok := s.parcelAt[id]; ok {
			all = append(all, s.Parcels[i].Geometry...)
		}
	}
	return all
}

// featureWriter writes features one by one and keeps the first error.
type featureWriter struct {
	w   *bufio.Writer
	to  func(orb.Point) orb.Point
	n   int
	err error
}

func (w *featureWriter) text(s string) {
	if w.err == nil {
		_, w.err = w.w.WriteString(s)
	}
}

func (w *featureWriter) value(v any) {
	b, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("value %v: %w", v, err)
		return
	}
	w.text(string(b))
}

func (w *featureWriter) feature(id string, g orb.MultiPolygon, ps properties) {
	if w.n++; w.n > 1 {
		w.text(",")
	}
	w.text("\n{\"type\":\"Feature\",\"id\":")
	w.value(id)
	w.text(`,"geometry":`)
	w.geometry(g)
	w.text(`,"properties":{`)
	for i, p := range ps {
		if i > 0 {
			w.text(",")
		}
		w.value(p.name)
		w.text(":")
		w.value(p.value)
	}
	w.text("}}")
}

// geometry writes null for none, a Polygon for one part, else a MultiPolygon.
func (w *featureWriter) geometry(g orb.MultiPolygon) {
	switch len(g) {
	case 0:
		w.text("null")
	case 1:
		w.text(`{"type":"Polygon","coordinates":`)
		w.polygon(g[0])
		w.text("}")
	default:
		w.text(`{"type":"MultiPolygon","coordinates":[`)
		for i, p := range g {
			if i > 0 {
				w.text(",")
			}
			w.polygon(p)
		}
		w.text("]}")
	}
}

func (w *featureWriter) polygon(p orb.Polygon) {
	w.text("[")
	for i, r := range p {
		if i > 0 {
			w.text(",")
		}
		w.ring(r, i > 0)
	}
	w.text("]")
}

// ring writes a ring turned the right way, without points that rounding made equal.
func (w *featureWriter) ring(r orb.Ring, hole bool) {
	const e7 = 1e7
	ps := make(orb.Ring, 0, len(r))
	for _, p := range r {
		q := w.to(p)
		q = orb.Point{math.Round(q[0]*e7) / e7, math.Round(q[1]*e7) / e7}
		if len(ps) == 0 || ps[len(ps)-1] != q {
			ps = append(ps, q)
		}
	}
	if (ps.Orientation() == orb.CCW) == hole {
		ps.Reverse()
	}
	w.text("[")
	for i, p := range ps {
		if i > 0 {
			w.text(",")
		}
		w.text("[" + degrees(p[0]) + "," + degrees(p[1]) + "]")
	}
	w.text("]")
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
