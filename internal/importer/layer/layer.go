// Package layer is the common form of what the readers of foreign files find: a
// table with a name, columns, rows and perhaps a geometry a row.
//
// Readers push: they call [Sink.Layer] once a table, then [Sink.Row] for each of its
// rows, and [Sink.Issue] for everything odd they met, so that no reader holds a
// whole file and a reader in a child process can stream to its parent.
package layer

import (
	"context"
	"io"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// Column of a table as the source declares it.
type Column struct {
	Name string        `json:"name"`
	Kind plottage.Kind `json:"kind"` // as declared; Text when the source declares nothing
	Unit string        `json:"unit,omitempty"`
}

// Layer is one table of a source.
type Layer struct {
	Name     string   `json:"name"`
	Format   string   `json:"format"`             // shapefile, geopackage, geojson, topojson, boundary, csv, xlsx
	Encoding string   `json:"encoding,omitempty"` // as decided: UTF-8, GB18030, UTF-16LE, …
	CRS      string   `json:"crs,omitempty"`      // "EPSG:4549", WKT1, or "" when the source does not say
	Geometry bool     `json:"geometry"`           // rows carry a geometry
	Columns  []Column `json:"columns"`
}

// Row is one record.
type Row struct {
	N        int          // number in the source as a person would count it, from 1
	Geometry orb.Geometry // nil when the row has none; coordinates as in the source, x first as stored
	WKB      []byte       // original bytes where the source has WKB, else nil
	Values   []any        // one a column: nil, string, float64, int64, bool, plottage.Date
}

// Issue is something odd, with what was done about it.
type Issue struct {
	Severity string         `json:"severity"` // refused: the row or file stays out; repaired; noted
	Key      string         `json:"key"`      // locale "issue.<Key>" says what, "hint.<Key>" what to do
	Args     map[string]any `json:"args,omitempty"`
	Where    plottage.Where `json:"where"`
}

// Severities of issues.
const (
	Refused  = "refused"
	Repaired = "repaired"
	Noted    = "noted"
)

// Sink takes what a reader finds. An error from it stops the reader, which returns it.
type Sink interface {
	Layer(*Layer) error
	Row(*Row) error // of the last layer; the row may be kept
	Issue(Issue) error
}

// Input is a source as readers see it: the main file and its companions.
type Input struct {
	Name string // file name for messages, no directory
	Open func() (io.ReadSeekCloser, error)
	Size int64
	// Sibling opens a companion by ending, ".dbf" beside "x.shp", in any letter case;
	// fs.ErrNotExist when there is none.
	Sibling func(ext string) (io.ReadSeekCloser, int64, error)
	Path    string // path on disk, for readers that need one (SQLite); "" when there is none
}

// Limits bound what one source may cost. The zero value means the defaults.
type Limits struct {
	FileBytes     int64 // 2 GiB
	UnpackedBytes int64 // 8 GiB, of a zip or workbook
	Ratio         int   // 200, unpacked ÷ packed, beyond the first 10 MiB unpacked
	Entries       int   // 2,000, of a zip
	Columns       int   // 512
	FieldBytes    int   // 1 MiB
	Depth         int   // 64, nesting of JSON or WKT
	Rows          int   // 5,000,000
	Vertices      int   // 2,000,000 of one geometry
}

// WithDefaults returns l with zero fields set to the defaults.
func (l Limits) WithDefaults() Limits {
	set := func(p *int64, v int64) {
		if *p == 0 {
			*p = v
		}
	}
	setInt := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&l.FileBytes, 2<<30)
	set(&l.UnpackedBytes, 8<<30)
	setInt(&l.Ratio, 200)
	setInt(&l.Entries, 2_000)
	setInt(&l.Columns, 512)
	setInt(&l.FieldBytes, 1<<20)
	setInt(&l.Depth, 64)
	setInt(&l.Rows, 5_000_000)
	setInt(&l.Vertices, 2_000_000)
	return l
}

// Reader reads one format. It never panics, whatever the bytes; a file it refuses
// comes back as a *plottage.Error with code BadInput.
type Reader interface {
	Read(ctx context.Context, in Input, lim Limits, sink Sink) error
}
