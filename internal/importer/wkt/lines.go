package wkt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// Reader reads a text file of one well-known text a line. The zero Reader is ready.
type Reader struct {
	Encoding string // "" detects
}

// Read implements [layer.Reader]. A line that does not read is left out with an issue.
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		l := &layer.Layer{Name: g.Stem(), Format: "wkt", Geometry: true}
		if name, ok := textenc.Lookup(r.Encoding); ok {
			l.Encoding = name
		} else if l.Encoding, err = textenc.Sniff(src); err != nil {
			return err
		}
		good := 0
		if err := each(g, src, l.Encoding, func(n int, geom Geometry, err error) error {
			if err == nil && l.CRS == "" && geom.SRID > 0 {
				l.CRS = fmt.Sprintf("EPSG:%d", geom.SRID)
			}
			if err == nil {
				good++
			}
			return nil
		}); err != nil {
			return err
		}
		if good == 0 {
			return g.Refuse("wkt_none", plottage.Where{})
		}
		if err := g.Layer(l); err != nil {
			return err
		}
		return each(g, src, l.Encoding, func(n int, geom Geometry, err error) error { return row(g, l, n, geom, err) })
	})
}

// each parses every line that is not empty.
func each(g *guard.Guard, src io.ReadSeeker, encoding string, do func(n int, geom Geometry, err error) error) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	s := bufio.NewScanner(textenc.NewReader(src, encoding))
	// A vertex of a well-known text takes some 40 bytes.
	s.Buffer(make([]byte, 0, 64<<10), 64*g.Lim.Vertices)
	n := 0
	for s.Scan() {
		if n++; g.Ctx.Err() != nil {
			return g.Ctx.Err()
		}
		if strings.TrimSpace(s.Text()) == "" {
			continue
		}
		geom, err := Parse(s.Text(), g.Lim)
		if err := do(n, geom, err); err != nil {
			return err
		}
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return g.Refuse("vertices", plottage.Where{Row: n + 1}, "limit", g.Lim.Vertices)
	}
	return s.Err()
}

func row(g *guard.Guard, l *layer.Layer, n int, geom Geometry, err error) error {
	if err != nil {
		return g.DropError(err, g.At(n, "", ""))
	}
	for _, key := range geom.Notes {
		tell := g.Note
		if key == "read.full_width" {
			tell = g.Repair
		}
		if err := tell(strings.TrimPrefix(key, "read."), g.At(n, "", "")); err != nil {
			return err
		}
	}
	if geom.SRID > 0 && l.CRS != fmt.Sprintf("EPSG:%d", geom.SRID) {
		return g.Drop("wkt_srid", g.At(n, "", ""), "srid", geom.SRID, "crs", l.CRS)
	}
	return g.Row(&layer.Row{N: n, Geometry: geom.Geometry, Values: []any{}})
}
