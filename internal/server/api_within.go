package server

import (
	"context"
	"math"
	"net/http"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/kernel/crs"
)

// mostWithin is how many parcels one drawn area can select: as many as can be locked
// at once.
const mostWithin = 20_000

// WithinAsk is an area drawn on the map.
type WithinAsk struct {
	Ring       [][]float64 `json:"ring" doc:"longitude and latitude of its corners; closed by itself" minItems:"3" maxItems:"4000"`
	Candidates bool        `json:"candidates" doc:"only parcels that may be cleared"`
}

// Within is what lies in a drawn area: parcels whose label point does.
type Within struct {
	Parcels    []string `json:"parcels" doc:"by id, at most 20,000"`
	Found      int      `json:"found"`
	Candidates int      `json:"candidates" doc:"of those found"`
}

type withinInput struct{ Body WithinAsk }

func (s *Server) postWithin(_ context.Context, snap *snapshot, in *withinInput) (Within, error) {
	ring, err := worldLine(in.Body.Ring)
	if err != nil {
		return Within{}, err
	}
	ring = append(ring, ring[0])
	out := Within{Parcels: []string{}}
	for _, i := range snap.shapes.parcelLabels.In(ring.Bound()) {
		at, ok := snap.shapes.parcelLabels.Geometry(i).(orb.Point)
		if !ok || !planar.RingContains(orb.Ring(ring), at) {
			continue
		}
		v := snap.verdicts[i]
		candidate := v != nil && v.Candidate
		if in.Body.Candidates && !candidate {
			continue
		}
		out.Found++
		if candidate {
			out.Candidates++
		}
		if len(out.Parcels) < mostWithin {
			out.Parcels = append(out.Parcels, snap.parcels[i].ID)
		}
	}
	return out, nil
}

// At is the parcel at a place of the map.
type At struct {
	Parcel string `json:"parcel" doc:"empty: none lies there"`
}

type atInput struct {
	Lon float64 `query:"lon" minimum:"-180" maximum:"180"`
	Lat float64 `query:"lat" minimum:"-85" maximum:"85"`
}

// getAt finds the parcel under a click where the map draws parcels in groups.
func (s *Server) getAt(_ context.Context, snap *snapshot, in *atInput) (At, error) {
	line, err := worldLine([][]float64{{in.Lon, in.Lat}})
	if err != nil {
		return At{}, err
	}
	for _, i := range snap.shapes.parcels.In(line[0].Bound()) {
		if mp, ok := snap.shapes.parcels.Geometry(i).(orb.MultiPolygon); ok && planar.MultiPolygonContains(mp, line[0]) {
			return At{Parcel: snap.parcels[i].ID}, nil
		}
	}
	return At{}, nil
}

// PlacesAsk names parcels.
type PlacesAsk struct {
	Parcels []string `json:"parcels" maxItems:"20000"`
}

// Places is where parcels lie: their label points, so that they can be marked where
// the map draws parcels in groups.
type Places struct {
	At [][]float64 `json:"at" doc:"longitude and latitude, one for each parcel asked for; empty when it is not known"`
}

type placesInput struct{ Body PlacesAsk }

func (s *Server) postPlaces(_ context.Context, snap *snapshot, in *placesInput) (Places, error) {
	out := Places{At: make([][]float64, len(in.Body.Parcels))}
	for n, id := range in.Body.Parcels {
		out.At[n] = []float64{}
		if i := snap.at(id); i >= 0 {
			if p, ok := snap.shapes.parcelLabels.Geometry(i).(orb.Point); ok {
				d := degrees(p.Bound())
				out.At[n] = []float64{micro(d[0]), micro(d[1])}
			}
		}
	}
	return out, nil
}

// micro rounds degrees to a tenth of a metre.
func micro(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// CutAsk is a line drawn through a set of parcels.
type CutAsk struct {
	Line    [][]float64 `json:"line" doc:"longitude and latitude of its points" minItems:"2" maxItems:"4000"`
	Parcels []string    `json:"parcels" maxItems:"20000"`
}

// Cut is the parcels on either side of a line; those without a place on the map are
// on the left.
type Cut struct {
	Left  []string `json:"left"`
	Right []string `json:"right"`
}

type cutInput struct{ Body CutAsk }

func (s *Server) postCut(_ context.Context, snap *snapshot, in *cutInput) (Cut, error) {
	line, err := worldLine(in.Body.Line)
	if err != nil {
		return Cut{}, err
	}
	out := Cut{Left: []string{}, Right: []string{}}
	for _, id := range in.Body.Parcels {
		i := snap.at(id)
		if i < 0 {
			return Cut{}, notFound("parcel", id)
		}
		if at, ok := snap.shapes.parcelLabels.Geometry(i).(orb.Point); ok && rightOf(line, at) {
			out.Right = append(out.Right, id)
			continue
		}
		out.Left = append(out.Left, id)
	}
	return out, nil
}

// rightOf says whether a point lies to the right of a line, as seen from the segment
// nearest to it.
func rightOf(line orb.LineString, p orb.Point) bool {
	best, side := -1.0, 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := planar.DistanceFromSegmentSquared(a, b, p)
		cross := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
		if best < 0 || d < best {
			best, side = d, cross
		}
	}
	return side < 0
}

// worldLine takes degrees to web Mercator metres.
func worldLine(degrees [][]float64) (orb.LineString, error) {
	m, err := crs.ByEPSG(webMercator)
	if err != nil {
		return nil, err
	}
	line := make(orb.LineString, 0, len(degrees))
	for _, d := range degrees {
		if len(d) != 2 || d[0] < -180 || d[0] > 180 || d[1] < -85 || d[1] > 85 {
			return nil, newProblem(http.StatusBadRequest, "serve_request", map[string]any{"detail": "a point is not [longitude, latitude]"})
		}
		x, y := m.Forward(d[0], d[1])
		line = append(line, orb.Point{x, y})
	}
	return line, nil
}
