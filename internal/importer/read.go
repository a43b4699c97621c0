package importer

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
)

// table is one layer of the source; its rows stay encoded until they are needed.
type table struct {
	layer.Layer
	rows []child.Raw
}

// tables collects what a child sends.
type tables struct {
	list   []*table
	issues *issues
	read   func(n int)
	rows   int
}

// Layer implements child.Sink.
func (t *tables) Layer(l *layer.Layer) error {
	t.list = append(t.list, &table{Layer: *l})
	return nil
}

// Row implements child.Sink.
func (t *tables) Row(r child.Raw) error {
	last := t.list[len(t.list)-1]
	last.rows = append(last.rows, r)
	if t.rows++; t.rows%10_000 == 0 {
		t.read(t.rows)
	}
	return nil
}

// Issue implements child.Sink.
func (t *tables) Issue(i layer.Issue) error {
	t.issues.add(i)
	return nil
}

// read has the file read by a child process, through ogr2ogr where only GDAL can.
func (im *importing) read() error {
	temp, err := os.MkdirTemp("", "plottage-import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	err = im.readChild(im.path, filepath.Join(temp, "a"))
	var e *plottage.Error
	if errors.As(err, &e) && e.Key == "import_needs_gdal" {
		err = im.readGDAL(temp, e)
	}
	return err
}

func (im *importing) readChild(path, temp string) error {
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	got := &tables{issues: im.issues, read: func(n int) { im.progress("read", n, 0) }}
	q := child.Request{Path: path, Temp: temp, Only: im.Layers, AnyCRS: im.anyEPSG() != 0, Encoding: im.Encoding, Limits: im.Limits}
	u, err := child.Run(im.ctx, q, im.budget(), got)
	im.report.Reading = addUsage(im.report.Reading, u)
	im.tables = got.list
	return err
}

func addUsage(a, b child.Usage) child.Usage {
	return child.Usage{Seconds: a.Seconds + b.Seconds, PeakBytes: max(a.PeakBytes, b.PeakBytes), Killed: a.Killed + b.Killed}
}

// budget is what reading may cost, by the size of the source.
func (im *importing) budget() child.Budget {
	b := child.Budget{Time: im.Time, Memory: im.Memory}
	size := sizeOf(im.path)
	if b.Time == 0 {
		b.Time = 60*time.Second + time.Duration(size>>20)*time.Second
	}
	if b.Memory == 0 {
		b.Memory = min(512<<20+3*size, 4<<30)
	}
	return b
}

func sizeOf(path string) (n int64) {
	_ = filepath.Walk(path, func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return nil
	})
	return n
}

// choose picks the tables to import. One with rows is taken; several are asked for,
// except that tables without geometry stand back beside a single one with it.
func (im *importing) choose() ([]*table, error) {
	im.report.Layers = nil
	var full []*table
	for _, t := range im.tables {
		im.report.Layers = append(im.report.Layers, LayerInfo{Name: t.Name, Format: t.Format, Encoding: t.Encoding, CRS: shortCRS(t.CRS), Rows: len(t.rows), Geometry: t.Geometry})
		if len(t.rows) > 0 || len(t.Columns) > 0 {
			full = append(full, t)
		}
	}
	if len(im.tables) > 0 {
		im.report.Format = im.tables[0].Format
	}
	if len(full) > 1 {
		full = slices.DeleteFunc(full, func(t *table) bool { return len(t.rows) == 0 })
	}
	if len(full) == 0 {
		return nil, im.refuse("import_no_rows")
	}
	if len(im.Layers) > 0 || len(full) == 1 {
		return full, nil
	}
	if im.Mapping != nil && im.Mapping.Layer != "" {
		full = slices.DeleteFunc(full, func(t *table) bool { return !strings.EqualFold(t.Name, im.Mapping.Layer) })
		if len(full) == 1 {
			return full, nil
		}
	}
	return im.chooseByGeometry(full)
}

func (im *importing) chooseByGeometry(full []*table) ([]*table, error) {
	var drawn []*table
	for _, t := range full {
		if t.Geometry {
			drawn = append(drawn, t)
		}
	}
	if len(drawn) != 1 {
		return nil, im.ask("import_ask_layer", "layers", strings.Join(names(full), ", "))
	}
	for _, t := range full {
		if t != drawn[0] {
			im.issues.add(layer.Issue{Severity: layer.Noted, Key: "layer_left_out", Where: plottage.Where{Layer: t.Name}, Args: map[string]any{"rows": len(t.rows)}})
		}
	}
	return drawn, nil
}

func names(ts []*table) (all []string) {
	for _, t := range ts {
		all = append(all, t.Name)
	}
	return all
}

// shortCRS is a coordinate system for a report: a WKT text only by its name.
func shortCRS(s string) string {
	if _, rest, ok := strings.Cut(s, `["`); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	return s
}
