package dataroom

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/kernel/crs"
)

// Files of a review.
const (
	summaryFile = "summary.json"
	issuesFile  = "issues.json"
	digestFile  = "digest.bin"
	backFile    = "refused.xlsx"
)

// Findings is a review in figures.
type Findings struct {
	Version  int64                `json:"version"` // of the city that was reviewed against
	File     string               `json:"file"`
	Format   string               `json:"format"`
	SHA256   string               `json:"sha256"`
	Layers   []importer.LayerInfo `json:"layers"`
	Tables   []importer.TableInfo `json:"tables"`
	Mappings []mapping.Mapping    `json:"mappings"`
	Rows     int                  `json:"rows"`
	Counts   map[string]int       `json:"counts"`  // of lines by kind: refused, repaired, new, changed, same
	Records  map[string]int       `json:"records"` // in the batch, by noun
	Kinds    []IssueKind          `json:"kinds"`   // of issues, most serious first
	Box      []float64            `json:"box"`     // west, south, east, north of all geometry; empty when there is none
}

// IssueKind is one kind of issue with how often it was met and its first.
type IssueKind struct {
	Severity string      `json:"severity"`
	Key      string      `json:"key"`
	Count    int         `json:"count"`
	First    layer.Issue `json:"first"`
}

// ReviewLine is one row or record of a review, as a page shows it.
type ReviewLine struct {
	importer.Change
	Layer  string            `json:"layer,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	Issues []layer.Issue     `json:"issues,omitempty"`
	Before *ReviewShape      `json:"before,omitempty"`
	After  *ReviewShape      `json:"after,omitempty"`
}

// ReviewShape is a geometry in degrees, as GeoJSON writes it. Rough: only its box, because it
// has more points than a page should carry.
type ReviewShape struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
	Rough       bool   `json:"rough,omitempty"`
}

// kinds of lines that can be paged through; records that stay the same are only counted.
var pagedKinds = []string{importer.Refused, importer.Repaired, importer.New, importer.Changed}

// Review imports q's file into the city for show: nothing is saved but a review in
// q.Dir. It is for the reviewing process.
func Review(ctx context.Context, store importer.Store, now func() time.Time, q Request, step func(IntakeStep)) error {
	o, err := q.Choices.options()
	if err != nil {
		return err
	}
	meta, err := store.Meta(ctx)
	if err != nil {
		return err
	}
	w, err := newWriter(q.Dir)
	if err != nil {
		return err
	}
	w.version = meta.Version
	o.DryRun, o.Review = true, w
	o.Progress = func(stage string, done, total int) { step(IntakeStep{stage, done, total}) }
	report, err := importer.Import(ctx, store, "", now, q.Path, o)
	if closed := w.close(); err == nil {
		err = closed
	}
	if err != nil { // what was found so far helps to decide
		_ = w.summarise(report)
	}
	return err
}

// writer puts a review on disk, line by line.
type writer struct {
	dir     string
	version int64
	counts  map[string]int
	lists   map[string]*list
	digests *bufio.Writer
	digest  *os.File
	move    func(orb.Point) orb.Point
	bound   orb.Bound
	any     bool
}

// list is one kind's lines and where each begins.
type list struct {
	lines, starts *bufio.Writer
	files         [2]*os.File
	at            int64
}

func newWriter(dir string) (*writer, error) {
	w := &writer{dir: dir, counts: map[string]int{}, lists: map[string]*list{}}
	for _, k := range append([]string{importer.Same}, pagedKinds...) {
		w.counts[k] = 0
	}
	for _, kind := range pagedKinds {
		l := &list{}
		for i, ending := range []string{".jsonl", ".idx"} {
			f, err := os.Create(filepath.Join(dir, kind+ending))
			if err != nil {
				return nil, err
			}
			l.files[i] = f
		}
		l.lines, l.starts = bufio.NewWriterSize(l.files[0], 1<<16), bufio.NewWriter(l.files[1])
		w.lists[kind] = l
	}
	var err error
	if w.digest, err = os.Create(filepath.Join(dir, digestFile)); err != nil {
		return nil, err
	}
	w.digests = bufio.NewWriter(w.digest)
	return w, nil
}

// Place implements importer.Reviewer.
func (w *writer) Place(epsg int) error {
	if epsg == 0 {
		return nil
	}
	from, err := crs.ByEPSG(epsg)
	if err != nil {
		return err
	}
	to, err := crs.ByEPSG(4326)
	if err != nil {
		return err
	}
	if w.move, err = crs.Transform(from, to); err != nil { // some metres off on a map of the world, as the map itself is
		w.move, err = crs.Transform(from.Unshifted(), to)
	}
	return err
}

// Change implements importer.Reviewer.
func (w *writer) Change(c importer.Change) error {
	w.counts[c.Kind]++
	name, content := digestOf(c)
	var both [16]byte
	binary.LittleEndian.PutUint64(both[:8], name)
	binary.LittleEndian.PutUint64(both[8:], content)
	if _, err := w.digests.Write(both[:]); err != nil {
		return err
	}
	after := w.shape(c.After)
	if c.Kind == importer.Same {
		return nil
	}
	return w.line(c.Kind, ReviewLine{Change: c, Before: w.shape(c.Before), After: after})
}

// Row implements importer.Reviewer.
func (w *writer) Row(r importer.Row) error {
	w.counts[r.Kind]++
	line := ReviewLine{Change: importer.Change{Key: r.Key, Row: r.Row, Kind: r.Kind, Fields: []importer.FieldChange{}}, Layer: r.Layer, Values: r.Values, Issues: r.Issues}
	line.Before, line.After = w.shape(r.Before), w.shape(r.After)
	return w.line(r.Kind, line)
}

// Done implements importer.Reviewer.
func (w *writer) Done(r *importer.Report) error {
	if r.RefusedRows() > 0 {
		if err := r.WriteRefused(filepath.Join(w.dir, backFile)); err != nil {
			return err
		}
	}
	return w.summarise(r)
}

func (w *writer) summarise(r *importer.Report) error {
	s := Findings{Version: w.version, File: r.File, Format: r.Format, SHA256: r.SHA256,
		Layers: append([]importer.LayerInfo{}, r.Layers...), Tables: append([]importer.TableInfo{}, r.Tables...), Mappings: append([]mapping.Mapping{}, r.Mappings...),
		Rows: r.Rows, Counts: w.counts, Records: r.Records, Kinds: kindsOf(r), Box: []float64{}}
	if w.any {
		s.Box = []float64{w.bound.Min[0], w.bound.Min[1], w.bound.Max[0], w.bound.Max[1]}
	}
	if err := writeJSON(filepath.Join(w.dir, issuesFile), importer.Issues(r.Issues)); err != nil {
		return err
	}
	return writeJSON(filepath.Join(w.dir, summaryFile), s)
}

func kindsOf(r *importer.Report) []IssueKind {
	kinds := []IssueKind{}
	at := map[string]int{}
	for _, severity := range []string{layer.Refused, layer.Repaired, layer.Noted} {
		for _, i := range r.Issues {
			if i.Severity != severity || i.Key == "more" {
				continue
			}
			name := severity + "/" + i.Key
			if _, seen := at[name]; !seen {
				at[name] = len(kinds)
				kinds = append(kinds, IssueKind{severity, i.Key, r.Kinds[name], layer.Issue(i)})
			}
		}
	}
	return kinds
}

func (w *writer) line(kind string, v ReviewLine) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l := w.lists[kind]
	var start [8]byte
	binary.LittleEndian.PutUint64(start[:], uint64(l.at))
	if _, err := l.starts.Write(start[:]); err != nil {
		return err
	}
	l.at += int64(len(b)) + 1
	_, err = l.lines.Write(append(b, '\n'))
	return err
}

func (w *writer) close() (err error) {
	flush := func(b *bufio.Writer, f *os.File) {
		for _, e := range []error{b.Flush(), f.Close()} {
			if err == nil {
				err = e
			}
		}
	}
	for _, l := range w.lists {
		flush(l.lines, l.files[0])
		flush(l.starts, l.files[1])
	}
	flush(w.digests, w.digest)
	return err
}

// mostPoints is how many points of one geometry a page carries.
const mostPoints = 5_000

func (w *writer) shape(g orb.Geometry) *ReviewShape {
	if g == nil || w.move == nil {
		return nil
	}
	b := g.Bound()
	rough := points(g) > mostPoints
	if rough {
		g = b.ToPolygon()
	}
	g = crs.Apply(orb.Clone(g), func(p orb.Point) orb.Point {
		q := w.move(p)
		return orb.Point{round7(q[0]), round7(q[1])}
	})
	if b = g.Bound(); b.IsEmpty() || !crs.Finite(b.Min) || !crs.Finite(b.Max) {
		return nil
	}
	if w.any {
		w.bound = w.bound.Union(b)
	} else {
		w.bound, w.any = b, true
	}
	return &ReviewShape{Type: g.GeoJSONType(), Coordinates: g, Rough: rough}
}

// round7 keeps a centimetre of a degree.
func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

func points(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				n += len(r)
			}
		}
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	}
	return n
}

// digestOf names a record and what the import does to it, both as 64 bits of FNV-1a.
func digestOf(c importer.Change) (name, content uint64) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s", c.Noun, c.Key)
	name = h.Sum64()
	h.Reset()
	fmt.Fprintf(h, "%s\x00%t", c.Kind, c.Moved)
	for _, f := range c.Fields {
		fmt.Fprintf(h, "\x00%s\x00%v\x00%v", f.Field, f.Before, f.After)
	}
	for _, g := range []orb.Geometry{c.Before, c.After} {
		if g == nil {
			h.Write([]byte{0})
		} else if b, err := wkb.Marshal(g); err == nil {
			h.Write(b)
		}
	}
	return name, h.Sum64()
}

func writeJSON(path string, v any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = json.NewEncoder(w).Encode(v)
	if e := w.Flush(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func readJSON(path string, v any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewDecoder(bufio.NewReader(f)).Decode(v)
}

func readSummary(dir string) (*Findings, error) {
	var s Findings
	if err := readJSON(filepath.Join(dir, summaryFile), &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// Page returns lines of a kind from a place on, and how many there are. mostLines
// bounds a page.
func (u *Upload) Page(kind string, from, n int) (lines []ReviewLine, total int, err error) {
	lines = []ReviewLine{}
	info := u.Look()
	if info.Findings == nil {
		return lines, 0, nil
	}
	total = info.Findings.Counts[kind]
	if n = min(n, mostLines, total-from); n <= 0 || from < 0 {
		return lines, total, nil
	}
	dir := u.current()
	start, err := startOf(filepath.Join(dir, kind+".idx"), from)
	if err != nil {
		return nil, 0, u.lostReview(err)
	}
	f, err := os.Open(filepath.Join(dir, kind+".jsonl"))
	if err != nil {
		return nil, 0, u.lostReview(err)
	}
	defer f.Close()
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return nil, 0, err
	}
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<16))
	for range n {
		var l ReviewLine
		if err := d.Decode(&l); err != nil {
			return nil, 0, err
		}
		lines = append(lines, l)
	}
	return lines, total, nil
}

// mostLines is the longest page.
const mostLines = 100

// lostReview: a page was asked for while the review was done anew.
func (u *Upload) lostReview(error) error {
	return &plottage.Error{Code: plottage.Conflict, Key: "data_not_ready"}
}

func (u *Upload) current() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.reviewDir(u.round)
}

func startOf(path string, line int) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var b [8]byte
	if _, err := f.ReadAt(b[:], int64(line)*8); err != nil {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint64(b[:])), nil
}

// WriteFixes writes the list of what should be mended as a workbook.
func (u *Upload) WriteFixes(w io.Writer, lang string) error {
	var issues []importer.Issue
	if err := readJSON(filepath.Join(u.current(), issuesFile), &issues); err != nil {
		return u.lostReview(err)
	}
	return importer.WriteFixes(w, lang, issues)
}

// Refused is the path of the workbook of rows that stay out, "" when there are none.
func (u *Upload) Refused() string {
	path := filepath.Join(u.current(), backFile)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}
