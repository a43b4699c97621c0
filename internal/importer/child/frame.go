package child

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// magic opens the stream, so that a parent that started the wrong program finds out
// at the first bytes.
const magic = "PLTG1\n"

// Kinds of frames. A frame is its kind, the length of its payload as a uvarint, and
// the payload; the stream ends with a failed or a done frame.
const (
	frameLayer  = 'L' // layer.Layer as JSON
	frameRow    = 'R' // see appendRow
	frameIssue  = 'I' // layer.Issue as JSON
	frameFailed = 'E' // failure as JSON
	frameDone   = 'D' // summary as JSON
)

// maxFrame bounds one frame: the largest geometry within the limits (2,000,000
// vertices) with its source bytes in four dimensions, and room for values.
const maxFrame = 256 << 20

// failure is an error on its way to the parent.
type failure struct {
	Error  plottage.Error `json:"error"`
	Detail string         `json:"detail,omitempty"`
	Peak   int64          `json:"peak_bytes"`
}

// summary ends a stream that went well.
type summary struct {
	Rows      int   `json:"rows"`
	PeakBytes int64 `json:"peak_bytes"`
}

// writer is the child's end: a layer.Sink that frames what it is given.
type writer struct {
	w    *bufio.Writer
	buf  []byte
	rows int
}

func newWriter(w io.Writer) *writer {
	b := bufio.NewWriterSize(w, 1<<20)
	b.WriteString(magic) // an error stays with the writer and comes back at Flush
	return &writer{w: b}
}

func (w *writer) frame(kind byte, payload []byte) error {
	var head [1 + binary.MaxVarintLen64]byte
	head[0] = kind
	n := binary.PutUvarint(head[1:], uint64(len(payload)))
	if _, err := w.w.Write(head[:1+n]); err != nil {
		return err
	}
	_, err := w.w.Write(payload)
	return err
}

func (w *writer) json(kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.frame(kind, b)
}

// Layer implements layer.Sink.
func (w *writer) Layer(l *layer.Layer) error { return w.json(frameLayer, l) }

// Issue implements layer.Sink.
func (w *writer) Issue(i layer.Issue) error { return w.json(frameIssue, i) }

// Row implements layer.Sink.
func (w *writer) Row(r *layer.Row) error {
	var err error
	if w.buf, err = AppendRow(w.buf[:0], r); err != nil {
		return err
	}
	w.rows++
	return w.frame(frameRow, w.buf)
}

// Tags of values in a row.
const (
	tagNil = iota
	tagString
	tagFloat
	tagInt
	tagTrue
	tagFalse
	tagDate
)

// AppendRow appends a row in the compact form that travels between the processes:
// number, geometry as WKB, source bytes when they differ from it, values.
func AppendRow(dst []byte, r *layer.Row) ([]byte, error) {
	dst = binary.AppendUvarint(dst, uint64(max(r.N, 0)))
	var geom []byte
	if r.Geometry != nil {
		var err error
		if geom, err = wkb.Marshal(r.Geometry, binary.LittleEndian); err != nil {
			return nil, fmt.Errorf("row %d: geometry: %w", r.N, err)
		}
	}
	dst = appendBytes(dst, geom)
	source := r.WKB
	if bytes.Equal(source, geom) {
		source = nil
	}
	dst = appendBytes(dst, source)
	dst = binary.AppendUvarint(dst, uint64(len(r.Values)))
	for _, v := range r.Values {
		dst = appendValue(dst, v)
	}
	return dst, nil
}

func appendBytes(dst, b []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, tagNil)
	case string:
		return append(binary.AppendUvarint(append(dst, tagString), uint64(len(v))), v...)
	case float64:
		return binary.LittleEndian.AppendUint64(append(dst, tagFloat), math.Float64bits(v))
	case int64:
		return binary.AppendVarint(append(dst, tagInt), v)
	case int:
		return binary.AppendVarint(append(dst, tagInt), int64(v))
	case bool:
		if v {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case plottage.Date:
		return append(binary.AppendUvarint(append(dst, tagDate), uint64(len(v))), v...)
	}
	return appendValue(dst, fmt.Sprint(v))
}

var errFrame = errors.New("frame cut off or malformed")

// cursor walks over a payload; the first fault sticks.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	out := c.b[:n:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) bytes() []byte { return c.take(c.uvarint()) }

func (c *cursor) value() any {
	tag := c.take(1)
	if tag == nil {
		return nil
	}
	switch tag[0] {
	case tagString:
		return string(c.bytes())
	case tagDate:
		return plottage.Date(c.bytes())
	case tagFloat:
		if b := c.take(8); b != nil {
			return math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	case tagInt:
		v, n := binary.Varint(c.b)
		if n > 0 {
			c.b = c.b[n:]
			return v
		}
		c.bad = true
	case tagTrue:
		return true
	case tagFalse:
		return false
	case tagNil:
	default:
		c.bad = true
	}
	return nil
}

// Raw is a row as it came from the child; keeping it costs its bytes only.
type Raw []byte

// Row decodes the row. Its WKB is the source's bytes where they differ from the
// geometry, else the geometry's.
func (r Raw) Row() (*layer.Row, error) {
	c := cursor{b: r}
	row := &layer.Row{N: int(min(c.uvarint(), math.MaxInt32))}
	geom := c.bytes()
	row.WKB = c.bytes()
	n := c.uvarint()
	if c.bad || n > uint64(len(c.b)) { // a value takes one byte at least
		return nil, errFrame
	}
	if len(geom) > 0 {
		g, err := wkb.Unmarshal(geom)
		if err != nil {
			return nil, fmt.Errorf("geometry of row %d: %w", row.N, err)
		}
		row.Geometry = g
		if len(row.WKB) == 0 {
			row.WKB = geom
		}
	}
	row.Values = make([]any, n)
	for i := range row.Values {
		row.Values[i] = c.value()
	}
	if c.bad || len(c.b) != 0 {
		return nil, errFrame
	}
	return row, nil
}

// Geometry decodes the geometry alone, nil when the row has none.
func (r Raw) Geometry() (orb.Geometry, error) {
	c := cursor{b: r}
	c.uvarint()
	geom := c.bytes()
	if c.bad {
		return nil, errFrame
	}
	if len(geom) == 0 {
		return nil, nil
	}
	return wkb.Unmarshal(geom)
}

// Sink takes what a child sends. Unlike layer.Sink its rows stay encoded.
type Sink interface {
	Layer(*layer.Layer) error
	Row(Raw) error
	Issue(layer.Issue) error
}

// Bounds are what the parent accepts from a child, whatever it sends.
type Bounds struct {
	Rows   int   // 5,000,000
	Bytes  int64 // 4 GiB in all
	Issues int   // 1,000,000
	Layers int   // 10,000
}

func (b Bounds) withDefaults() Bounds {
	if b.Rows == 0 {
		b.Rows = 5_000_000
	}
	if b.Bytes == 0 {
		b.Bytes = 4 << 30
	}
	if b.Issues == 0 {
		b.Issues = 1_000_000
	}
	if b.Layers == 0 {
		b.Layers = 10_000
	}
	return b
}

// errBounds says that the child sent more than it may.
var errBounds = errors.New("more than the bounds allow")

// Decode reads a child's stream to its end and hands it to sink. It returns the
// failure the child reports as a *plottage.Error, and an error of its own when the
// stream is malformed, cut off or larger than the bounds.
func Decode(r io.Reader, b Bounds, sink Sink) error {
	_, err := decode(r, b, sink)
	return err
}

func decode(r io.Reader, b Bounds, sink Sink) (summary, error) {
	b = b.withDefaults()
	br := bufio.NewReaderSize(r, 1<<20)
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(br, head); err != nil || string(head) != magic {
		return summary{}, fmt.Errorf("stream does not open with its mark: %w", errFrame)
	}
	d := decoder{r: br, left: b, sink: sink}
	for {
		end, sum, err := d.next()
		if end || err != nil {
			return sum, err
		}
	}
}

type decoder struct {
	r     *bufio.Reader
	left  Bounds
	sink  Sink
	layer bool
}

func (d *decoder) next() (end bool, sum summary, err error) {
	kind, payload, err := d.frame()
	if err != nil {
		return true, sum, err
	}
	switch kind {
	case frameLayer:
		var l layer.Layer
		if d.left.Layers--; d.left.Layers < 0 {
			return true, sum, errBounds
		}
		if err := json.Unmarshal(payload, &l); err != nil {
			return true, sum, errFrame
		}
		d.layer = true
		return false, sum, d.sink.Layer(&l)
	case frameRow:
		if d.left.Rows--; d.left.Rows < 0 {
			return true, sum, errBounds
		}
		if !d.layer {
			return true, sum, errFrame
		}
		return false, sum, d.sink.Row(payload)
	case frameIssue:
		var i layer.Issue
		if d.left.Issues--; d.left.Issues < 0 {
			return true, sum, errBounds
		}
		if err := json.Unmarshal(payload, &i); err != nil {
			return true, sum, errFrame
		}
		return false, sum, d.sink.Issue(i)
	case frameFailed:
		var f failure
		if err := json.Unmarshal(payload, &f); err != nil {
			return true, sum, errFrame
		}
		if f.Detail != "" {
			f.Error.Err = errors.New(f.Detail)
		}
		return true, summary{PeakBytes: f.Peak}, &f.Error
	case frameDone:
		if err := json.Unmarshal(payload, &sum); err != nil {
			return true, sum, errFrame
		}
		return true, sum, nil
	}
	return true, sum, errFrame
}

func (d *decoder) frame() (kind byte, payload []byte, err error) {
	if kind, err = d.r.ReadByte(); err != nil {
		return 0, nil, fmt.Errorf("stream ends early: %w", errFrame)
	}
	n, err := binary.ReadUvarint(d.r)
	if err != nil || n > maxFrame {
		return 0, nil, errFrame
	}
	if d.left.Bytes -= int64(n); d.left.Bytes < 0 {
		return 0, nil, errBounds
	}
	payload, err = readPayload(d.r, int(n))
	return kind, payload, err
}

// readPayload reads n bytes, allocating as they arrive: a length that lies costs
// nothing.
func readPayload(r io.Reader, n int) ([]byte, error) {
	const step = 1 << 20
	if n <= step {
		b := make([]byte, n)
		_, err := io.ReadFull(r, b)
		if err != nil {
			return nil, errFrame
		}
		return b, nil
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, int64(n)); err != nil {
		return nil, errFrame
	}
	return b.Bytes(), nil
}
