package source

import (
	"encoding/hex"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/wkb"
	"github.com/plottage/plottage/internal/importer/wkt"
)

// smallestWKB is the length of a point in well-known binary written as hexadecimal digits.
const smallestWKB = 2 * 21

// hexForm reports whether a text looks like well-known binary written as hexadecimal
// digits, the form in which spatial databases hand tables out: a byte order mark first,
// then a type below 256.
func hexForm(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < smallestWKB || len(s)%2 != 0 {
		return false
	}
	head, err := hex.DecodeString(s[:10])
	if err != nil || head[0] > 1 {
		return false
	}
	low := head[1]
	if head[0] == 0 {
		low = head[4]
	}
	return low != 0 && head[2] < 0x10 && head[3] < 0x10
}

// geometryOf reads well-known text, or well-known binary in hexadecimal digits.
func geometryOf(s string, lim layer.Limits) (wkt.Geometry, error) {
	if !hexForm(s) {
		return wkt.Parse(s, lim)
	}
	lim = lim.WithDefaults()
	raw, err := hex.DecodeString(strings.TrimSpace(s))
	if err == nil {
		var g wkb.Geometry
		if g, err = wkb.Parse(raw, lim.Vertices, lim.Depth); err == nil {
			out := wkt.Geometry{Geometry: g.Geometry, SRID: g.SRID}
			if g.ZM {
				out.Notes = append(out.Notes, "read.zm_dropped")
			}
			return out, nil
		}
	}
	return wkt.Geometry{}, &plottage.Error{Code: plottage.BadInput, Key: "read.wkt_syntax", Err: err}
}

// columnSystems are words that registers write into a column for the coordinate system.
var columnSystems = map[string]string{
	"wgs84": "EPSG:4326", "wgs1984": "EPSG:4326", "epsg4326": "EPSG:4326", "4326": "EPSG:4326", "crs84": "EPSG:4326",
	"etrs89": "EPSG:4258", "epsg4258": "EPSG:4258",
	"osgb36": "EPSG:27700", "osgb1936": "EPSG:27700", "osgb": "EPSG:27700", "bng": "EPSG:27700", "britishnationalgrid": "EPSG:27700", "epsg27700": "EPSG:27700", "27700": "EPSG:27700",
}

// statedCRS is the coordinate system that a column of the table says for all rows, ""
// when none does or rows differ.
func statedCRS(l *layer.Layer, rows []*layer.Row) string {
	for i, c := range l.Columns {
		switch cell.Fold(c.Name) {
		case "coordinatereferencesystem", "crs", "srs", "srid", "epsg":
			return commonSystem(rows, i)
		}
	}
	return ""
}

func commonSystem(rows []*layer.Row, i int) (common string) {
	for _, r := range rows {
		s, ok := r.Values[i].(string)
		if !ok || cell.Nothing(s) {
			continue
		}
		system := columnSystems[cell.Fold(s)]
		if system == "" || common != "" && common != system {
			return ""
		}
		common = system
	}
	return common
}
