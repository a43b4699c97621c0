// Package guard stands between a reader and its sink: it keeps the limits, watches the
// context, names columns that have no name of their own, and words what readers refuse,
// mend or note.
//
// Every reader makes one [Guard] and sends all it finds through it, so that limits
// mean the same in every format. Keys of errors and issues are given without their
// common prefix "read.".
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

const prefix = "read."

// Guard passes layers, rows and issues of one file on to a sink.
type Guard struct {
	Ctx  context.Context
	File string
	Lim  layer.Limits

	sink  layer.Sink
	layer *layer.Layer
	rows  int
}

// New returns the guard of one input; it refuses a file above the limit.
func New(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) (*Guard, error) {
	g := &Guard{Ctx: ctx, File: in.Name, Lim: lim.WithDefaults(), sink: sink}
	if in.Size > g.Lim.FileBytes {
		return nil, g.Refuse("file_bytes", plottage.Where{}, "bytes", in.Size, "limit", g.Lim.FileBytes)
	}
	return g, nil
}

// Read has a file that is one stream read under a guard: it is refused above the limit,
// opened, and closed at the end; a panic on the way becomes an error, see [Recover].
func Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink, read func(g *Guard, src io.ReadSeeker) error) (err error) {
	defer Recover(in.Name, &err)
	g, err := New(ctx, in, lim, sink)
	if err != nil {
		return err
	}
	src, err := in.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	return read(g, src)
}

// Stem is the file's name without its ending: what a format calls its one layer that
// names none.
func (g *Guard) Stem() string { return strings.TrimSuffix(g.File, filepath.Ext(g.File)) }

// Layer begins a table: at most Lim.Columns columns, each with a name that no other
// has.
func (g *Guard) Layer(l *layer.Layer) error {
	if len(l.Columns) > g.Lim.Columns {
		return g.Refuse("columns", plottage.Where{Layer: l.Name}, "count", len(l.Columns), "limit", g.Lim.Columns)
	}
	if err := g.nameColumns(l); err != nil {
		return err
	}
	g.layer, g.rows = l, 0
	return g.sink.Layer(l)
}

// nameColumns gives empty and repeated names a number and says so.
func (g *Guard) nameColumns(l *layer.Layer) error {
	taken := map[string]bool{}
	for _, c := range l.Columns {
		taken[c.Name] = true
	}
	seen := map[string]bool{"": true}
	for i := range l.Columns {
		name := l.Columns[i].Name
		if !seen[name] {
			seen[name] = true
			continue
		}
		base := name
		if base == "" {
			base = "column"
		}
		fresh := ""
		for n := i + 1; fresh == "" || taken[fresh]; n++ {
			fresh = fmt.Sprintf("%s_%d", base, n)
		}
		taken[fresh], seen[fresh] = true, true
		l.Columns[i].Name = fresh
		key := "column_repeated"
		if name == "" {
			key = "column_unnamed"
		}
		if err := g.Repair(key, plottage.Where{Layer: l.Name, Field: name}, "column", i+1, "name", fresh); err != nil {
			return err
		}
	}
	return nil
}

// Row passes a row of the layer begun last.
func (g *Guard) Row(r *layer.Row) error {
	if err := g.Ctx.Err(); err != nil {
		return err
	}
	if g.rows++; g.rows > g.Lim.Rows {
		return g.Refuse("rows", plottage.Where{Layer: g.layer.Name}, "limit", g.Lim.Rows)
	}
	if len(r.Values) != len(g.layer.Columns) {
		return fmt.Errorf("guard: row %d of %s has %d values for %d columns", r.N, g.File, len(r.Values), len(g.layer.Columns))
	}
	for i, v := range r.Values {
		if s, ok := v.(string); ok && len(s) > g.Lim.FieldBytes {
			return g.Refuse("field_bytes", g.At(r.N, g.layer.Columns[i].Name, s), "bytes", len(s), "limit", g.Lim.FieldBytes)
		}
	}
	return g.sink.Row(r)
}

// At is a place in the layer begun last.
func (g *Guard) At(row int, field, value string) plottage.Where {
	w := plottage.Where{Row: row, Field: field, Value: Short(value)}
	if g.layer != nil {
		w.Layer = g.layer.Name
	}
	return w
}

// Refuse returns the error of a file we do not read; args are names and values in turn.
func (g *Guard) Refuse(key string, w plottage.Where, args ...any) error {
	w.File = g.File
	return &plottage.Error{Code: plottage.BadInput, Key: prefix + key, Args: pairs(args), Where: w}
}

// Note, Repair and Drop tell of something odd: kept as it is, mended, or left out.
func (g *Guard) Note(key string, w plottage.Where, args ...any) error {
	return g.issue(layer.Noted, key, w, args)
}

// Repair tells of something mended.
func (g *Guard) Repair(key string, w plottage.Where, args ...any) error {
	return g.issue(layer.Repaired, key, w, args)
}

// Drop tells of a row left out.
func (g *Guard) Drop(key string, w plottage.Where, args ...any) error {
	return g.issue(layer.Refused, key, w, args)
}

// DropError tells of a row left out for the reason of a refusal; another error comes
// back.
func (g *Guard) DropError(err error, w plottage.Where) error {
	var e *plottage.Error
	if !errors.As(err, &e) || e.Code != plottage.BadInput {
		return err
	}
	w.File = g.File
	if w.Value == "" {
		w.Value = e.Where.Value
	}
	return g.sink.Issue(layer.Issue{Severity: layer.Refused, Key: e.Key, Args: e.Args, Where: w})
}

func (g *Guard) issue(severity, key string, w plottage.Where, args []any) error {
	if err := g.Ctx.Err(); err != nil {
		return err
	}
	w.File = g.File
	return g.sink.Issue(layer.Issue{Severity: severity, Key: prefix + key, Args: pairs(args), Where: w})
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}

// Recover turns a panic of a library we read with into an error that names the file;
// deferred by readers.
func Recover(file string, err *error) {
	if p := recover(); p != nil {
		*err = &plottage.Error{Code: plottage.Internal, Key: "internal", Args: map[string]any{"detail": fmt.Sprint(p)},
			Where: plottage.Where{File: file}, Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
	}
}

// Short is a value as messages show it: one line, at most 80 characters.
func Short(s string) string {
	const most = 80
	cut := len(s) > 4*most
	if cut {
		s = s[:4*most]
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			cut = true
			break
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			r = '·'
		}
		b.WriteRune(r)
	}
	if cut {
		b.WriteRune('…')
	}
	return b.String()
}

// farthest is the largest coordinate any system has use for: a Gauss-Krüger easting in
// millimetres fits, 1e308 does not.
const farthest = 1e11

// Usable reports whether a coordinate is a number a map can have.
func Usable(v float64) bool { return v >= -farthest && v <= farthest }

// Vertices counts the points of a geometry.
func Vertices(g orb.Geometry) int {
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.MultiPoint:
		return len(g)
	case orb.LineString:
		return len(g)
	case orb.Ring:
		return len(g)
	case orb.MultiLineString:
		return sum(g, func(l orb.LineString) int { return len(l) })
	case orb.Polygon:
		return sum(g, func(r orb.Ring) int { return len(r) })
	case orb.MultiPolygon:
		return sum(g, func(p orb.Polygon) int { return Vertices(p) })
	case orb.Collection:
		return sum(g, Vertices)
	}
	return 0
}

func sum[T any](all []T, f func(T) int) (n int) {
	for _, v := range all {
		n += f(v)
	}
	return n
}
