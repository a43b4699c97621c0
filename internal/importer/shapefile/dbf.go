package shapefile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// table is a dBASE table being read.
type table struct {
	r        *bufio.Reader
	count    int
	length   int // bytes of a record
	fields   []dbfField
	encoding string
	buf      []byte
}

// dbfField is a column of the table.
type dbfField struct {
	raw      []byte // name as stored, at most 11 bytes
	name     string
	kind     byte // C N F D L I O B Y …
	offset   int  // in a record
	width    int
	decimals int
}

// openTable reads the header, decides on the encoding, and stands at the first record.
func (f *file) openTable(r io.ReadSeeker, size int64) (*table, error) {
	t, dataAt, ldid, err := f.tableHeader(r, size)
	if err != nil {
		return nil, err
	}
	if err := f.decideEncoding(t, r, dataAt, ldid); err != nil {
		return nil, err
	}
	if err := f.nameFields(t); err != nil {
		return nil, err
	}
	if _, err := r.Seek(dataAt, io.SeekStart); err != nil {
		return nil, err
	}
	t.r = bufio.NewReaderSize(r, 256<<10)
	t.buf = make([]byte, t.length)
	return t, nil
}

const tableHeader = 32

func (f *file) tableHeader(r io.ReadSeeker, size int64) (t *table, dataAt int64, ldid byte, err error) {
	bad := func(key string, args ...any) error { return f.Refuse(key, plottage.Where{Field: ".dbf"}, args...) }
	var h [tableHeader]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, 0, 0, bad("dbf_header", "bytes", size)
	}
	t = &table{length: int(binary.LittleEndian.Uint16(h[10:]))}
	dataAt = int64(binary.LittleEndian.Uint16(h[8:]))
	count := int64(binary.LittleEndian.Uint32(h[4:]))
	if dataAt < tableHeader+1 || dataAt > size || t.length < 1 {
		return nil, 0, 0, bad("dbf_header", "bytes", size)
	}
	if count*int64(t.length) > size-dataAt {
		return nil, 0, 0, bad("dbf_length", "rows", count, "bytes", size)
	}
	t.count = int(count)
	b := make([]byte, dataAt-tableHeader)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, 0, 0, err
	}
	if err := f.fields(t, b); err != nil {
		return nil, 0, 0, err
	}
	return t, dataAt, h[29], nil
}

// fields reads the descriptors, 32 bytes each up to a carriage return.
func (f *file) fields(t *table, b []byte) error {
	for offset := 1; len(b) >= 32 && b[0] != '\r'; b = b[32:] {
		fd := dbfField{raw: bytes.TrimRight(cutNUL(b[:11]), " "), kind: b[11] &^ 0x20, offset: offset, width: int(b[16]), decimals: int(b[17])}
		if b[11] == '0' || b[11] == '@' || b[11] == '+' {
			fd.kind = b[11]
		}
		if fd.kind == 'C' && fd.decimals > 0 && offset+fd.width+fd.decimals<<8 <= t.length {
			fd.width += fd.decimals << 8 // text longer than 255 bytes, as Clipper writes it
		}
		if offset += fd.width; offset > t.length {
			return f.Refuse("dbf_fields", plottage.Where{Field: guard.Short(string(fd.raw))}, "bytes", offset, "record", t.length)
		}
		if t.fields = append(t.fields, fd); len(t.fields) > f.Lim.Columns {
			return f.Refuse("columns", plottage.Where{}, "count", len(t.fields), "limit", f.Lim.Columns)
		}
	}
	return nil
}

func cutNUL(b []byte) []byte {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i]
	}
	return b
}

// ldids are the language driver bytes that state a code page. 0x57, "ANSI", says
// nothing: ArcGIS writes it whatever the text is in.
var ldids = map[byte]string{
	0x01: "437", 0x02: "850", 0x03: "1252", 0x4D: "936", 0x4E: "949", 0x4F: "950", 0x13: "932", 0x26: "866", 0x65: "866", 0x64: "852",
	0x78: "950", 0x79: "949", 0x7A: "936", 0x7B: "932", 0xC8: "1250", 0xC9: "1251", 0x58: "1252", 0x59: "1252",
}

// decideEncoding weighs what the caller says, what the .cpg or the language driver
// says, and what all text of the table looks like.
func (f *file) decideEncoding(t *table, r io.ReadSeeker, dataAt int64, ldid byte) error {
	if name, ok := textenc.Lookup(f.encoding); ok {
		t.encoding = name
		return nil
	}
	stated, said, err := f.stated(ldid)
	if err != nil {
		return err
	}
	d, err := f.scanText(t, r, dataAt)
	if err != nil {
		return err
	}
	t.encoding = d.Encoding()
	if stated == "" || stated == t.encoding {
		return nil
	}
	if d.ASCII() || d.Fits(stated) {
		t.encoding = stated
		return nil
	}
	return f.Repair("encoding_lie", plottage.Where{Layer: f.layer.Name, Field: ".dbf"}, "stated", said, "used", t.encoding)
}

// stated returns the encoding that the .cpg, else the language driver, names, and how.
func (f *file) stated(ldid byte) (name, said string, err error) {
	word, there, err := f.text(".cpg", 1<<10)
	if err != nil {
		return "", "", err
	}
	if there && word != "" {
		if name, ok := textenc.Lookup(word); ok {
			return name, ".cpg " + guard.Short(word), nil
		}
		if err := f.Repair("cpg_unknown", plottage.Where{Layer: f.layer.Name, Field: ".cpg", Value: guard.Short(word)}); err != nil {
			return "", "", err
		}
	}
	name, _ = textenc.Lookup(ldids[ldid])
	return name, "LDID", nil
}

// scanText looks at every name and every text of the table. A text as long as its field
// may end inside a character.
func (f *file) scanText(t *table, r io.ReadSeeker, dataAt int64) (d textenc.Detector, err error) {
	add := func(b []byte, width int) {
		d.Write(b)
		if len(b) >= width {
			d.Forget()
		}
		d.Cut()
	}
	for _, fd := range t.fields {
		add(fd.raw, 10)
	}
	if _, err := r.Seek(dataAt, io.SeekStart); err != nil {
		return d, err
	}
	br, buf := bufio.NewReaderSize(r, 256<<10), make([]byte, t.length)
	for n := range t.count {
		if n&1023 == 0 && f.Ctx.Err() != nil {
			return d, f.Ctx.Err()
		}
		if _, err := io.ReadFull(br, buf); err != nil {
			return d, err
		}
		for _, fd := range t.fields {
			if fd.kind == 'C' {
				add(trim(buf[fd.offset:fd.offset+fd.width]), fd.width)
			}
		}
	}
	return d, nil
}

func trim(b []byte) []byte { return bytes.Trim(b, " \x00") }

// nameFields decodes the names; one cut in the middle of a character loses that.
func (f *file) nameFields(t *table) error {
	for i := range t.fields {
		fd := &t.fields[i]
		var cut bool
		fd.name, cut = decodeCut(fd.raw, t.encoding, len(fd.raw) >= 10)
		if cut {
			if err := f.Repair("name_cut", plottage.Where{Layer: f.layer.Name, Field: fd.name}); err != nil {
				return err
			}
		}
		if fd.skipped() {
			if err := f.Drop("dbf_type", plottage.Where{Layer: f.layer.Name, Field: fd.name}, "type", string(rune(fd.kind))); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeCut decodes b; when it fills its field, an unfinished character at the end is
// left out and cut is true.
func decodeCut(b []byte, encoding string, full bool) (s string, cut bool) {
	s, damaged := textenc.Decode(b, encoding)
	if !damaged || !full {
		return s, damaged
	}
	for n := 1; n <= 3 && n < len(b); n++ {
		if b[len(b)-n] < 0x80 && encoding == textenc.UTF8 {
			break
		}
		if short, bad := textenc.Decode(b[:len(b)-n], encoding); !bad {
			return short, true
		}
	}
	return s, true
}

// skipped are the types whose values lie in another file or are no values.
// B is a number in FoxPro, eight bytes, and a memo in dBASE V.
func (fd dbfField) skipped() bool {
	return !strings.ContainsRune("CNFDLIOBY+", rune(fd.kind)) || (fd.kind == 'B' && fd.width != 8)
}

// columns of the table that are kept.
func (t *table) columns() (cols []layer.Column) {
	for _, fd := range t.fields {
		if !fd.skipped() {
			cols = append(cols, layer.Column{Name: fd.name, Kind: fd.valueKind()})
		}
	}
	return cols
}

// valid reports text free of damage.
func valid(s string) bool {
	return utf8.ValidString(s) && !bytes.ContainsRune([]byte(s), utf8.RuneError)
}
