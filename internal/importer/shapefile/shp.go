package shapefile

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/rings"
)

type geometry = orb.Geometry

const (
	shpHeader = 100
	shpCode   = 9994
)

// Shape types; +10 carries Z (and M), +20 carries M.
const (
	nullShape  = 0
	point      = 1
	polyline   = 3
	polygon    = 5
	multipoint = 8
	multipatch = 31
)

// shapes is what a first walk over the record headers found.
type shapes struct {
	kind  int32 // shape type of the file
	count int   // whole records
	cut   bool  // the file ends inside a record
	limit int64 // where records end
}

// openShapes checks the header and walks the records once: their lengths must lead from
// one to the next, to the end.
func (f *file) openShapes(r io.ReadSeeker) (*shapes, error) {
	var h [shpHeader]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, f.Refuse("shp_header", plottage.Where{}, "bytes", f.in.Size)
	}
	if binary.BigEndian.Uint32(h[:]) != shpCode {
		return nil, f.Refuse("shp_header", plottage.Where{Value: guard.Short(string(h[:16]))}, "bytes", f.in.Size)
	}
	s := &shapes{kind: int32(binary.LittleEndian.Uint32(h[32:]))}
	stated := int64(binary.BigEndian.Uint32(h[24:])) * 2
	s.limit = min(stated, f.in.Size)
	x := &index{}
	shx, size, err := f.sibling(".shx")
	if err != nil {
		return nil, err
	}
	if shx != nil {
		defer shx.Close()
		x.r = bufio.NewReader(shx)
		x.r.Discard(min(shpHeader, int(size)))
	}
	end, err := f.walk(bufio.NewReaderSize(r, 256<<10), s, stated, x)
	if err != nil {
		return nil, err
	}
	if stated > f.in.Size && !s.cut {
		return nil, f.Refuse("shp_length", plottage.Where{}, "stated", stated, "bytes", f.in.Size)
	}
	return s, f.noteEnd(s, x, shx == nil, end)
}

// noteEnd tells of the small things: bytes after the last record, the index.
func (f *file) noteEnd(s *shapes, x *index, noIndex bool, end int64) error {
	if !s.cut && end < f.in.Size {
		if err := f.Note("shp_trailing", plottage.Where{}, "bytes", f.in.Size-end); err != nil {
			return err
		}
	}
	switch {
	case noIndex:
		return f.Repair("shx_missing", plottage.Where{})
	case x.wrong:
		return f.Repair("shx_wrong", plottage.Where{})
	}
	return nil
}

func (f *file) walk(r *bufio.Reader, s *shapes, stated int64, x *index) (at int64, err error) {
	at = shpHeader
	for at < s.limit {
		if s.count&1023 == 0 && f.Ctx.Err() != nil {
			return at, f.Ctx.Err()
		}
		var h [8]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			s.cut = true
			return at, nil
		}
		words := int64(int32(binary.BigEndian.Uint32(h[4:])))
		next := at + 8 + 2*words
		if words < 2 || next > max(stated, f.in.Size) {
			return at, f.Refuse("shp_record", f.At(s.count+1, "", ""), "bytes", 2*words, "offset", at)
		}
		if next > f.in.Size {
			s.cut = true
			return at, nil
		}
		if _, err := r.Discard(int(2 * words)); err != nil {
			return at, err
		}
		x.compare(at, words)
		s.count++
		at = next
		if s.count > f.Lim.Rows {
			return at, f.Refuse("rows", plottage.Where{}, "limit", f.Lim.Rows)
		}
	}
	return at, nil
}

// shape reads the next record; keep is false when the row is left out.
func (f *file) shape(r *bufio.Reader, n int) (g geometry, keep bool, err error) {
	var h [8]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, false, err
	}
	size := int(binary.BigEndian.Uint32(h[4:])) * 2
	if size > 64*f.Lim.Vertices+1024 { // a vertex with Z and M takes 32 bytes, a part at most 4
		return nil, false, f.Refuse("vertices", f.At(n, "", ""), "limit", f.Lim.Vertices)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, false, err
	}
	kind := int32(binary.LittleEndian.Uint32(b))
	if kind == nullShape {
		return nil, true, f.Note("shape_null", f.At(n, "", ""))
	}
	if kind != f.shp.kind {
		if err := f.Repair("shape_mixed", f.At(n, "", ""), "type", kind, "file_type", f.shp.kind); err != nil {
			return nil, false, err
		}
	}
	if kind == multipatch {
		return nil, false, f.Drop("shape_multipatch", f.At(n, "", ""))
	}
	g, err = f.decode(b, kind, n)
	return g, true, err
}

// decode reads the body of a record by its type; Z and M are left out.
func (f *file) decode(b []byte, kind int32, n int) (geometry, error) {
	if kind > 10 && kind < 30 {
		if f.once("zm") {
			if err := f.Note("zm_dropped", f.At(n, "", "")); err != nil {
				return nil, err
			}
		}
		kind %= 10
	}
	switch kind {
	case point:
		if len(b) < 20 {
			return nil, f.counts(n, len(b))
		}
		ps, err := f.points(b[4:20], n)
		if err != nil {
			return nil, err
		}
		return ps[0], nil
	case multipoint:
		if len(b) < 40 || !fits(b[36:], 0, len(b)-40) {
			return nil, f.counts(n, len(b))
		}
		ps, err := f.points(b[40:40+16*int(binary.LittleEndian.Uint32(b[36:]))], n)
		return orb.MultiPoint(ps), err
	case polyline, polygon:
		parts, err := f.parts(b, n)
		if err != nil || len(parts) == 0 {
			return nil, err
		}
		if kind == polyline {
			return lines(parts), nil
		}
		g, wrong, ok := rings.Assemble(parts)
		if !ok {
			return nil, f.Refuse("shape_complex", f.At(n, "", ""), "rings", len(parts))
		}
		if wrong > 0 {
			err = f.Repair("ring_winding", f.At(n, "", ""), "rings", wrong)
		}
		return g, err
	}
	return nil, f.Refuse("shape_type", f.At(n, "", ""), "type", kind)
}

func (f *file) counts(n, bytes int) error {
	return f.Refuse("shape_counts", f.At(n, "", ""), "bytes", bytes)
}

// fits reports whether the count at b, plus parts of four bytes, leads no further than
// room bytes.
func fits(b []byte, parts, room int) bool {
	count := int64(binary.LittleEndian.Uint32(b))
	return count*16+int64(parts)*4 <= int64(room)
}

// parts reads the point lists of a polyline or polygon.
func (f *file) parts(b []byte, n int) ([][]orb.Point, error) {
	if len(b) < 44 {
		return nil, f.counts(n, len(b))
	}
	count := int64(binary.LittleEndian.Uint32(b[36:]))
	if count > int64(len(b)-44)/4 || !fits(b[40:], int(count), len(b)-44) {
		return nil, f.counts(n, len(b))
	}
	starts := b[44 : 44+4*count]
	total := int(binary.LittleEndian.Uint32(b[40:]))
	if total > f.Lim.Vertices {
		return nil, f.Refuse("vertices", f.At(n, "", ""), "limit", f.Lim.Vertices)
	}
	ps, err := f.points(b[44+4*count:44+4*int(count)+16*total], n)
	if err != nil {
		return nil, err
	}
	var parts [][]orb.Point
	for i := range int(count) {
		from, to := int32(binary.LittleEndian.Uint32(starts[4*i:])), int32(total)
		if i+1 < int(count) {
			to = int32(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if from < 0 || from > to || int(to) > total || (i == 0 && from != 0) {
			return nil, f.Refuse("shape_parts", f.At(n, "", ""), "part", i+1, "start", from)
		}
		if from < to {
			parts = append(parts, ps[from:to:to])
		}
	}
	return parts, nil
}

func (f *file) points(b []byte, n int) ([]orb.Point, error) {
	ps := make([]orb.Point, len(b)/16)
	for i := range ps {
		x := math.Float64frombits(binary.LittleEndian.Uint64(b[16*i:]))
		y := math.Float64frombits(binary.LittleEndian.Uint64(b[16*i+8:]))
		for _, v := range [2]float64{x, y} {
			if !guard.Usable(v) {
				return nil, f.Refuse("coordinate", f.At(n, "", number(v)), "vertex", i+1)
			}
		}
		ps[i] = orb.Point{x, y}
	}
	return ps, nil
}

func lines(parts [][]orb.Point) geometry {
	if len(parts) == 1 {
		return orb.LineString(parts[0])
	}
	ml := make(orb.MultiLineString, len(parts))
	for i, p := range parts {
		ml[i] = p
	}
	return ml
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
