// Package shapefile reads ESRI shapefiles: .shp with .dbf, .shx, .prj and .cpg beside it.
//
// The format is that of the ESRI Shapefile Technical Description (July 1998) and dBASE
// III; what files really hold is wider. The .shx only repeats what the .shp says, so it is
// compared and otherwise ignored. Attributes are decoded as the .cpg or the language
// driver byte say, unless the bytes say otherwise. Counts and lengths that do not fit the
// file are refused, never believed: nothing is allocated for a number that the file is too
// short to back. Rings are sorted into shells and holes by which lies in which; the
// winding only confirms it. Rings are not closed or cleaned here, coordinates are as they
// stand.
package shapefile

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
	"github.com/plottage/plottage/kernel/crs"
)

// Reader reads ESRI shapefiles, and dBASE tables without shapes. The zero Reader is ready
// and finds everything out by itself.
type Reader struct {
	Encoding string // of the attributes: "", "UTF-8", "GB18030", …; "" detects
}

// Read implements [layer.Reader]. The input is the .shp, its companions are siblings; an
// input whose name ends in .dbf is read as a table.
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) (err error) {
	defer guard.Recover(in.Name, &err)
	g, err := guard.New(ctx, in, lim, sink)
	if err != nil {
		return err
	}
	main, err := in.Open()
	if err != nil {
		return err
	}
	defer main.Close()
	f := &file{Guard: g, in: in, encoding: r.Encoding}
	f.layer = &layer.Layer{Name: g.Stem(), Format: "shapefile"}
	if strings.EqualFold(filepath.Ext(in.Name), ".dbf") {
		return f.readTable(main)
	}
	return f.readShapes(main)
}

// file is one shapefile being read.
type file struct {
	*guard.Guard
	in       layer.Input
	encoding string
	layer    *layer.Layer
	shp      *shapes
	dbf      *table // nil when there is none
	noted    map[string]bool
}

func (f *file) readTable(r io.ReadSeeker) error {
	var err error
	if f.dbf, err = f.openTable(r, f.in.Size); err != nil {
		return err
	}
	f.layer.Columns, f.layer.Encoding = f.dbf.columns(), f.dbf.encoding
	if err := f.Layer(f.layer); err != nil {
		return err
	}
	for n := 1; n <= f.dbf.count; n++ {
		if err := f.row(n, nil, true); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) readShapes(r io.ReadSeeker) error {
	var err error
	if f.shp, err = f.openShapes(r); err != nil {
		return err
	}
	dbf, size, err := f.sibling(".dbf")
	if err != nil {
		return err
	}
	if dbf != nil {
		defer dbf.Close()
		if f.dbf, err = f.openTable(dbf, size); err != nil {
			return err
		}
		f.layer.Columns, f.layer.Encoding = f.dbf.columns(), f.dbf.encoding
	}
	f.layer.Geometry = true
	if err := f.readPRJ(); err != nil {
		return err
	}
	if err := f.compareCounts(); err != nil {
		return err
	}
	if err := f.Layer(f.layer); err != nil {
		return err
	}
	if dbf == nil {
		if err := f.Repair("dbf_missing", f.At(0, "", "")); err != nil {
			return err
		}
	}
	return f.readRows(r)
}

// compareCounts holds the two halves of the file together: rows are joined by their place
// alone, so a count that differs would give parcels to the wrong owners.
func (f *file) compareCounts() error {
	cut := f.shp.cut
	if f.dbf == nil || f.dbf.count == f.shp.count || (cut && f.dbf.count > f.shp.count) {
		return nil
	}
	return f.Refuse("dbf_count", plottage.Where{}, "rows", f.dbf.count, "shapes", f.shp.count)
}

func (f *file) readRows(r io.ReadSeeker) error {
	if _, err := r.Seek(shpHeader, io.SeekStart); err != nil {
		return err
	}
	br := bufio.NewReaderSize(r, 256<<10)
	for n := 1; n <= f.shp.count; n++ {
		g, keep, err := f.shape(br, n)
		if err != nil {
			return err
		}
		if err := f.row(n, g, keep); err != nil {
			return err
		}
	}
	if !f.shp.cut {
		return nil
	}
	last := f.shp.count + 1
	if f.dbf != nil {
		last = max(last, f.dbf.count)
	}
	return f.Drop("shp_cut", f.At(f.shp.count+1, "", ""), "first", f.shp.count+1, "last", last)
}

// row sends row n with the next row of the table.
func (f *file) row(n int, g geometry, keep bool) error {
	row := &layer.Row{N: n, Geometry: g}
	if f.dbf != nil {
		values, deleted, err := f.dbf.next(f, n)
		if err != nil {
			return err
		}
		if deleted {
			return f.Drop("row_deleted", f.At(n, "", ""))
		}
		row.Values = values
	}
	if !keep {
		return nil
	}
	return f.Row(row)
}

// once reports whether a thing is noted for the first time in the file.
func (f *file) once(key string) bool {
	if f.noted == nil {
		f.noted = map[string]bool{}
	}
	first := !f.noted[key]
	f.noted[key] = true
	return first
}

// sibling opens a companion; nil when there is none.
func (f *file) sibling(ext string) (io.ReadSeekCloser, int64, error) {
	if f.in.Sibling == nil {
		return nil, 0, nil
	}
	r, size, err := f.in.Sibling(ext)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	return r, size, err
}

// text reads a small companion whole.
func (f *file) text(ext string, most int64) (s string, there bool, err error) {
	r, _, err := f.sibling(ext)
	if err != nil || r == nil {
		return "", false, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return "", false, err
	}
	s, _ = textenc.Decode(b, textenc.Detect(b, true))
	return strings.Trim(s, "\ufeff \t\r\n\x00"), true, nil
}

// readPRJ takes the coordinate reference system as the .prj words it.
func (f *file) readPRJ() error {
	s, there, err := f.text(".prj", 64<<10)
	if err != nil || !there {
		return err // the pipeline asks for a system, or finds it in the coordinates
	}
	_, err = crs.Parse(s)
	var no *crs.UnsupportedError
	if errors.As(err, &no) && no.What == "wkt" && !strings.HasPrefix(strings.ToUpper(s), "PROJ") && !strings.HasPrefix(strings.ToUpper(s), "GEO") {
		return f.Repair("prj_unreadable", plottage.Where{Layer: f.layer.Name, Field: ".prj", Value: guard.Short(s)})
	}
	f.layer.CRS = s
	return nil
}

// index is the .shx, read beside the walk over the records to say when it differs.
type index struct {
	r     *bufio.Reader
	wrong bool
}

func (x *index) compare(offset, words int64) {
	var b [8]byte
	if x.r == nil || x.wrong {
		return
	}
	if _, err := io.ReadFull(x.r, b[:]); err != nil ||
		int64(binary.BigEndian.Uint32(b[:4]))*2 != offset || int64(binary.BigEndian.Uint32(b[4:])) != words {
		x.wrong = true
	}
}
