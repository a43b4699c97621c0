// Package source finds out what a path leads to (a file, a folder, an archive), in
// which format, and has it read by the reader of that format.
//
// It runs in the reading child (package child). What GDAL alone can read it refuses
// with the key "import_needs_gdal"; the parent then converts it and comes back.
package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/boundary"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/delimited"
	"github.com/plottage/plottage/internal/importer/geojson"
	"github.com/plottage/plottage/internal/importer/geopackage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/shapefile"
	"github.com/plottage/plottage/internal/importer/topojson"
	"github.com/plottage/plottage/internal/importer/wkt"
	"github.com/plottage/plottage/internal/importer/workbook"
)

// reader returns the reader of a format, nil when there is none.
func reader(format string, q child.Request) layer.Reader {
	switch format {
	case Shapefile, DBF:
		return shapefile.Reader{Encoding: q.Encoding}
	case GeoPackage:
		return geopackage.Reader{}
	case GeoJSON:
		return geojson.Reader{Encoding: q.Encoding, AnyCRS: q.AnyCRS}
	case TopoJSON:
		return topojson.Reader{}
	case Boundary:
		return boundary.Reader{Encoding: q.Encoding}
	case CSV, Text:
		return delimited.Reader{Encoding: q.Encoding}
	case WKT:
		return wkt.Reader{Encoding: q.Encoding}
	case XLSX:
		return workbook.Reader{}
	}
	return nil
}

// containers hold several layers, so that only reading tells their names.
var containers = map[string]bool{GeoPackage: true, TopoJSON: true, XLSX: true}

// Read reads what the request names into sink. It is a child.ReadFunc.
func Read(ctx context.Context, q child.Request, sink layer.Sink) error {
	lim := q.Limits.WithDefaults()
	b, err := open(q, lim, sink)
	if err != nil {
		return err
	}
	sets, err := b.datasets(sink)
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		return refuse("import_nothing", filepath.Base(q.Path), nil)
	}
	names := layerNames(sets)
	found := &chosen{Sink: sink, only: q.Only}
	for i, d := range sets {
		found.prefix = names[i]
		if len(q.Only) > 0 && !containers[d.format] && !found.wants(names[i]) {
			found.offered = append(found.offered, names[i])
			continue
		}
		if err := readSet(ctx, b, d, q, lim, found); err != nil {
			return err
		}
	}
	if len(q.Only) > 0 && !found.any {
		return refuse("import_no_layer", filepath.Base(q.Path), nil, "layer", strings.Join(q.Only, ", "), "layers", strings.Join(found.offered, ", "))
	}
	return nil
}

// open finds the files behind a path; archives are unpacked into the child's folder.
func open(q child.Request, lim layer.Limits, sink layer.Sink) (bundle, error) {
	info, err := os.Stat(q.Path)
	if err != nil {
		return bundle{}, noFile(q.Path, err)
	}
	if info.IsDir() {
		if strings.EqualFold(filepath.Ext(filepath.Clean(q.Path)), ".gdb") {
			f := file{name: filepath.Base(filepath.Clean(q.Path)), path: q.Path, size: 1}
			return bundle{files: []file{f}}, nil
		}
		return folder(q.Path, lim, sink)
	}
	if info.Size() > lim.FileBytes {
		return bundle{}, refuse("import_too_large", filepath.Base(q.Path), nil, "megabytes", lim.FileBytes>>20)
	}
	b, err := single(q.Path, info)
	if err != nil {
		return b, err
	}
	return unpackIfZip(b, q, lim)
}

func unpackIfZip(b bundle, q child.Request, lim layer.Limits) (bundle, error) {
	f := b.files[0]
	head, err := readHead(f.path)
	if err != nil {
		return b, noFile(q.Path, err)
	}
	if format := Detect(head, f.size, f.name); format != Zip || contradicts(format, f.name) {
		return b, nil
	}
	a, err := openArchive(f, lim)
	if err != nil {
		return b, err
	}
	defer a.close()
	if a.isWorkbook() || a.isKMZ() || a.isODS() || strings.EqualFold(path.Ext(f.name), ".xlsx") {
		return b, nil
	}
	if err := a.judge(); err != nil {
		return b, err
	}
	return a.unpack(q.Temp)
}

// readSet hands one data set to its reader.
func readSet(ctx context.Context, b bundle, d dataset, q child.Request, lim layer.Limits, sink layer.Sink) error {
	format := d.format
	if format == Zip { // a workbook, or a zip that a folder holds
		var err error
		if format, err = zipFormat(d.file, lim); err != nil {
			return err
		}
	}
	switch {
	case format == Empty:
		return refuse("import_empty", d.name, nil)
	case format == HTML:
		return refuse("import_html", d.name, nil)
	case format == Zip:
		return refuse("zip_nested", d.name, nil, "entry", d.name)
	case format == XLS && strings.EqualFold(path.Ext(d.name), ".xlsx"): // OLE around an encrypted package
		return refuse("import_password", d.name, nil)
	case d.format != Zip && contradicts(format, d.name):
		return refuse("import_misnamed", d.name, nil, "format", shown(format), "ending", path.Ext(d.name))
	case throughGDAL[format]:
		return &plottage.Error{Code: plottage.BadInput, Key: "import_needs_gdal", Where: plottage.Where{File: d.name}, Args: map[string]any{"format": format, "path": d.path}}
	}
	r := reader(format, q)
	if r == nil {
		return refuse("import_format", d.name, nil, "format", shown(format))
	}
	err := readPlaced(ctx, r, b.input(d), lim, sink)
	var e *plottage.Error
	if errors.As(err, &e) && e.Where.File == "" {
		e.Where.File = d.name
	}
	return err
}

// readPlaced reads and gives tables without geometry what their columns say of it.
func readPlaced(ctx context.Context, r layer.Reader, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	p := &placed{Sink: sink, lim: lim, text: -1, x: -1, y: -1}
	if err := r.Read(ctx, in, lim, p); err != nil {
		return err
	}
	return p.flush()
}

// shown is a format's name for people; "?" for one we do not know.
func shown(format string) string {
	if format == Unknown {
		return "?"
	}
	return format
}

func zipFormat(f file, lim layer.Limits) (string, error) {
	a, err := openArchive(f, lim)
	if err != nil {
		return "", err
	}
	defer a.close()
	switch {
	case a.isWorkbook() || strings.EqualFold(path.Ext(f.name), ".xlsx"):
		return XLSX, nil
	case a.isKMZ():
		return KML, nil
	case a.isODS():
		return ODS, nil
	}
	return Zip, nil
}

// layerNames names each data set for people: its stem, with folders only where stems
// repeat.
func layerNames(sets []dataset) []string {
	count := map[string]int{}
	for _, d := range sets {
		count[strings.ToLower(path.Base(d.stem()))]++
	}
	names := make([]string, len(sets))
	for i, d := range sets {
		names[i] = path.Base(d.stem())
		if count[strings.ToLower(names[i])] > 1 {
			names[i] = d.name
		}
	}
	return names
}

// chosen passes on the layers that were asked for.
type chosen struct {
	layer.Sink
	only    []string
	prefix  string // name of the data set
	offered []string
	skip    bool
	any     bool
}

func (c *chosen) wants(name string) bool {
	return len(c.only) == 0 || slices.ContainsFunc(c.only, func(s string) bool {
		return strings.EqualFold(s, name) || s == "all" || s == "*"
	})
}

// Layer implements layer.Sink.
func (c *chosen) Layer(l *layer.Layer) error {
	if !containers[l.Format] {
		l.Name = c.prefix
	}
	c.offered = append(c.offered, l.Name)
	c.skip = !c.wants(l.Name) && !c.wants(c.prefix)
	if c.skip {
		return nil
	}
	c.any = true
	return c.Sink.Layer(l)
}

// Row implements layer.Sink.
func (c *chosen) Row(r *layer.Row) error {
	if c.skip {
		return nil
	}
	return c.Sink.Row(r)
}

func refuse(key, name string, err error, args ...any) error {
	e := &plottage.Error{Code: plottage.BadInput, Key: key, Where: plottage.Where{File: name}, Err: err}
	if len(args) > 0 {
		e.Args = map[string]any{}
		for i := 0; i+1 < len(args); i += 2 {
			e.Args[args[i].(string)] = args[i+1]
		}
	}
	return e
}

func noFile(p string, err error) error {
	e := &plottage.Error{Code: plottage.BadInput, Key: "import_unreadable", Where: plottage.Where{File: filepath.Base(p)}, Err: err}
	if errors.Is(err, fs.ErrNotExist) {
		e.Key = "import_no_file"
	}
	return e
}
