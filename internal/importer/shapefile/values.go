package shapefile

import (
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
)

func (fd dbfField) valueKind() plottage.Kind {
	switch fd.kind {
	case 'N', 'F':
		if fd.decimals == 0 && fd.kind == 'N' {
			return plottage.Whole
		}
		return plottage.Number
	case 'O', 'B', 'Y':
		return plottage.Number
	case 'I', '+':
		return plottage.Whole
	case 'D':
		return plottage.Day
	case 'L':
		return plottage.Flag
	}
	return plottage.Text
}

// next reads row n of the table.
func (t *table) next(f *file, n int) (values []any, deleted bool, err error) {
	if _, err := io.ReadFull(t.r, t.buf); err != nil {
		return nil, false, err
	}
	if t.buf[0] == '*' {
		return nil, true, nil
	}
	values = make([]any, 0, len(t.fields))
	for _, fd := range t.fields {
		if fd.skipped() {
			continue
		}
		v, odd := t.value(fd, t.buf[fd.offset:fd.offset+fd.width])
		if odd != "" {
			s, _ := v.(string)
			tell := f.Note
			if odd == "value_cut" || odd == "value_damaged" {
				tell = f.Repair
			}
			if err := tell(odd, f.At(n, fd.name, s)); err != nil {
				return nil, false, err
			}
		}
		values = append(values, v)
	}
	return values, false, nil
}

// value reads one field; odd is the key of an issue. What does not read as its type is
// kept as text.
func (t *table) value(fd dbfField, b []byte) (v any, odd string) {
	switch fd.kind {
	case 'I', '+', 'O', 'B', 'Y':
		return binaryValue(fd.kind, b)
	case 'C':
		return t.text(b)
	}
	s := strings.Trim(string(b), " \x00")
	if s == "" || strings.Trim(s, "*") == "" {
		return nil, "" // asterisks: a number too wide for its field, written by some as null
	}
	switch fd.kind {
	case 'N', 'F':
		return numeric(fd, s)
	case 'D':
		return date(s)
	}
	return flag(s)
}

func (t *table) text(b []byte) (any, string) {
	raw := trim(b)
	if len(raw) == 0 {
		return nil, ""
	}
	s, cut := decodeCut(raw, t.encoding, len(raw) >= len(b)-1)
	switch {
	case !valid(s):
		return s, "value_damaged"
	case cut:
		return s, "value_cut"
	}
	return s, ""
}

func numeric(fd dbfField, s string) (any, string) {
	if fd.decimals == 0 {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			if fd.kind == 'F' {
				return float64(n), ""
			}
			return n, ""
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return strings.ToValidUTF8(s, "\uFFFD"), "value_type"
	}
	return x, ""
}

func date(s string) (any, string) {
	if strings.Trim(s, "0") == "" {
		return nil, ""
	}
	if len(s) == 8 {
		if d, err := plottage.ParseDate(s[:4] + "-" + s[4:6] + "-" + s[6:]); err == nil {
			return d, ""
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD"), "value_type"
}

func flag(s string) (any, string) {
	switch s {
	case "T", "t", "Y", "y", "1":
		return true, ""
	case "F", "f", "N", "n", "0":
		return false, ""
	case "?":
		return nil, ""
	}
	return strings.ToValidUTF8(s, "\uFFFD"), "value_type"
}

func binaryValue(kind byte, b []byte) (any, string) {
	switch {
	case (kind == 'I' || kind == '+') && len(b) >= 4:
		return int64(int32(binary.LittleEndian.Uint32(b))), ""
	case kind == 'Y' && len(b) >= 8:
		return float64(int64(binary.LittleEndian.Uint64(b))) / 10_000, ""
	case len(b) >= 8:
		if x := math.Float64frombits(binary.LittleEndian.Uint64(b)); !math.IsNaN(x) && !math.IsInf(x, 0) {
			return x, ""
		}
	}
	return nil, ""
}
