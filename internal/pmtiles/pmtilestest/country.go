package pmtilestest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"github.com/plottage/plottage/internal/pmtiles"
	"github.com/plottage/plottage/internal/tile"
)

// deepest is the zoom of the deepest tiles of a made-up country, and reach how far it
// goes from its middle, in degrees.
const (
	deepest = 13
	reach   = 0.12
)

// Attribution is what made-up archives state, in the form that writers use.
const Attribution = `<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap</a> <b>made up</b>`

// Country is a made-up country around a place, in vector tiles with the layers of the
// Protomaps basemap: land, a river, a forest, roads, buildings, a town.
func Country(lon, lat float64) Archive {
	return vector(lon, lat, map[string]string{})
}

// OtherCountry is the same with layers of names that no schema has.
func OtherCountry(lon, lat float64) Archive {
	return vector(lon, lat, map[string]string{"earth": "boden", "water": "gewaesser", "landuse": "nutzung", "roads": "wege", "buildings": "haeuser", "places": "orte"})
}

func vector(lon, lat float64, names map[string]string) Archive {
	named := func(layer string) string {
		if n, ok := names[layer]; ok {
			return n
		}
		return layer
	}
	layers := layersAround(lon, lat)
	a := Archive{Kind: pmtiles.Vector, Gzip: true, Leaf: 50, Bounds: around(lon, lat), Tiles: map[Tile][]byte{}}
	var said []map[string]any
	for i := range layers {
		layers[i].Name = named(layers[i].Name)
		said = append(said, map[string]any{"id": layers[i].Name, "fields": map[string]string{"kind": "String"}})
	}
	a.Metadata = map[string]any{"name": "Made-up country", "attribution": Attribution, "vector_layers": said}
	a.fill(lon, lat, func(t Tile) []byte {
		data, err := tile.Encode(tile.ID(t), layers)
		if err != nil {
			panic(err) // every tile asked for is one
		}
		return data
	})
	return a
}

// Pictures is the place in PNG pictures: a chequered ground, as loud as a photograph.
func Pictures(lon, lat float64) Archive {
	a := Archive{Kind: pmtiles.PNG, Bounds: around(lon, lat), Tiles: map[Tile][]byte{}, Metadata: map[string]any{"name": "Made-up photograph", "attribution": "© Surveyor"}}
	a.fill(lon, lat, func(t Tile) []byte {
		m := image.NewPaletted(image.Rect(0, 0, 256, 256), color.Palette{color.RGBA{30, 90, 40, 255}, color.RGBA{190, 150, 90, 255}})
		for i := range m.Pix {
			m.Pix[i] = uint8((i/256/32 + i%256/32) % 2)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			panic(err) // a bytes.Buffer takes everything
		}
		return b.Bytes()
	})
	return a
}

func around(lon, lat float64) [4]float64 {
	return [4]float64{lon - reach, lat - reach, lon + reach, lat + reach}
}

func (a *Archive) fill(lon, lat float64, draw func(Tile) []byte) {
	b := around(lon, lat)
	for z := 0; z <= deepest; z++ {
		west, north := at(b[0], b[3], z)
		east, south := at(b[2], b[1], z)
		for x := west; x <= east; x++ {
			for y := north; y <= south; y++ {
				if data := draw(Tile{z, x, y}); len(data) > 0 {
					a.Tiles[Tile{z, x, y}] = data
				}
			}
		}
	}
}

// at is the tile of a zoom in which a place lies.
func at(lon, lat float64, z int) (x, y int) {
	n := float64(int(1) << z)
	sin := math.Sin(lat * math.Pi / 180)
	return int((lon + 180) / 360 * n), int((0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * n)
}

func layersAround(lon, lat float64) []tile.Layer {
	to := func(dx, dy float64) orb.Point { return project.WGS84.ToMercator(orb.Point{lon + dx, lat + dy}) }
	box := func(w, s, e, n float64) orb.Geometry {
		return orb.MultiPolygon{{{to(w, s), to(e, s), to(e, n), to(w, n), to(w, s)}}}
	}
	line := func(points ...float64) orb.Geometry {
		var l orb.LineString
		for i := 0; i < len(points); i += 2 {
			l = append(l, to(points[i], points[i+1]))
		}
		return orb.MultiLineString{l}
	}
	layer := func(name string, kinds []string, geoms ...orb.Geometry) tile.Layer {
		return tile.Layer{Name: name, Shapes: tile.NewShapes(geoms), Props: func(dst []tile.Prop, i int) []tile.Prop {
			dst = append(dst, tile.Prop{Key: "kind", Value: kinds[i%len(kinds)]})
			if name == "places" {
				dst = append(dst, tile.Prop{Key: "name", Value: "外镇"}, tile.Prop{Key: "name:en", Value: "Outer Town"})
			}
			return dst
		}}
	}
	var houses []orb.Geometry
	for i := range 8 {
		x := -0.05 + 0.012*float64(i)
		houses = append(houses, box(x, 0.031, x+0.004, 0.034))
	}
	return []tile.Layer{
		layer("earth", []string{"earth"}, box(-reach, -reach, reach, reach)),
		layer("landuse", []string{"forest", "residential"}, box(-0.1, 0.02, -0.06, 0.09), box(-0.055, 0.028, 0.055, 0.045)),
		layer("water", []string{"river"}, box(-reach, -0.05, reach, -0.044)),
		layer("roads", []string{"highway", "major_road", "minor_road"}, line(-reach, 0.025, reach, 0.02), line(0.03, -reach, 0.035, reach), line(-0.05, 0.03, 0.06, 0.03)),
		layer("buildings", []string{"building"}, houses...),
		layer("places", []string{"locality"}, to(0, 0.04)),
	}
}
