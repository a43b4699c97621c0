// Package datatest reads small cities drawn as text, for tests that anyone can check
// by looking:
//
//	# Two parcels face each other across a lane.
//	cell 20
//	aa.bb
//	aa.bb
//
//	a candidate tax=30000
//	b candidate town=north
//	way lane 2.5,0 2.5,2 width=12
//
// Letters are parcels, a dot is nothing; the first drawn row is the north. A cell is
// so many metres square (100 when not said), its lower left corner of the drawing at
// 0,0. Below the empty line, a parcel's letter is followed by fields of
// plottage.ParcelFields as name=value, and by "candidate" when it may be cleared; a
// way has a class, points in cells, and perhaps a width in metres.
package datatest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
)

// City is a drawn city. Candidate is indexed as Parcels.
type City struct {
	Parcels   []plottage.Parcel // by letter
	Candidate []bool
	Ways      []plottage.Way // W1, W2, … as drawn
}

// Load reads testdata/cities/<name>.txt of the repository.
func Load(t testing.TB, name string) City {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	b, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "testdata", "cities", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse(string(b))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// Parse reads a drawing.
func Parse(text string) (City, error) {
	d := drawing{cell: 100}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	below := false
	for n, line := range lines {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			if len(d.rows) > 0 && !below {
				below, err = true, d.outline()
			}
		case strings.HasPrefix(line, "cell ") && len(d.rows) == 0:
			d.cell, err = strconv.ParseFloat(strings.TrimPrefix(line, "cell "), 64)
		case !below:
			d.rows = append(d.rows, line)
		default:
			err = d.fact(strings.Fields(line))
		}
		if err != nil {
			return City{}, fmt.Errorf("line %d %q: %w", n+1, line, err)
		}
	}
	if !below {
		if err := d.outline(); err != nil {
			return City{}, err
		}
	}
	return d.city, nil
}

type drawing struct {
	cell float64
	rows []string
	city City
}

// outline makes the parcels once all rows are read.
func (d *drawing) outline() error {
	cells := map[byte][][2]int{}
	for r, row := range d.rows {
		if len(row) != len(d.rows[0]) {
			return fmt.Errorf("row %d has %d cells, the first has %d", r+1, len(row), len(d.rows[0]))
		}
		for x := range len(row) {
			if row[x] != '.' {
				cells[row[x]] = append(cells[row[x]], [2]int{x, len(d.rows) - 1 - r})
			}
		}
	}
	var letters []byte
	for l := range cells {
		letters = append(letters, l)
	}
	slices.Sort(letters)
	for _, l := range letters {
		g := d.scale(trace(cells[l]))
		d.city.Parcels = append(d.city.Parcels, plottage.Parcel{ID: string(l), Geometry: g, AreaM2: planar.Area(g)})
		d.city.Candidate = append(d.city.Candidate, false)
	}
	return nil
}

func (d *drawing) scale(g orb.MultiPolygon) orb.MultiPolygon {
	for _, p := range g {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{r[i][0] * d.cell, r[i][1] * d.cell}
			}
		}
	}
	return g
}

// fact reads one line below the drawing.
func (d *drawing) fact(words []string) error {
	if words[0] == "way" {
		return d.way(words[1:])
	}
	i := slices.IndexFunc(d.city.Parcels, func(p plottage.Parcel) bool { return p.ID == words[0] })
	if i < 0 {
		return fmt.Errorf("no parcel %q is drawn", words[0])
	}
	for _, w := range words[1:] {
		if w == "candidate" {
			d.city.Candidate[i] = true
			continue
		}
		name, value, _ := strings.Cut(w, "=")
		f, ok := plottage.FieldByName(plottage.ParcelFields, name)
		if !ok {
			return fmt.Errorf("no field %q", name)
		}
		v, err := read(f.Kind, value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.Set(&d.city.Parcels[i], v)
	}
	return nil
}

// read turns a word into the Go type of the kind.
func read(k plottage.Kind, s string) (any, error) {
	switch k {
	case plottage.Number:
		return strconv.ParseFloat(s, 64)
	case plottage.Whole:
		return strconv.Atoi(s)
	case plottage.Flag:
		return strconv.ParseBool(s)
	case plottage.Day:
		return plottage.ParseDate(s)
	}
	return s, nil
}

func (d *drawing) way(words []string) error {
	if len(words) < 3 {
		return fmt.Errorf("a way needs a class and two points")
	}
	w := plottage.Way{ID: fmt.Sprintf("W%d", len(d.city.Ways)+1), Class: plottage.WayClass(words[0])}
	var line orb.LineString
	for _, word := range words[1:] {
		if width, ok := strings.CutPrefix(word, "width="); ok {
			v, err := strconv.ParseFloat(width, 64)
			if err != nil {
				return err
			}
			w.WidthM = plottage.Some(v)
			continue
		}
		var p orb.Point
		if _, err := fmt.Sscanf(word, "%f,%f", &p[0], &p[1]); err != nil {
			return fmt.Errorf("point %q: want x,y in cells", word)
		}
		line = append(line, orb.Point{p[0] * d.cell, p[1] * d.cell})
	}
	w.Geometry = orb.MultiLineString{line}
	d.city.Ways = append(d.city.Ways, w)
	return nil
}
