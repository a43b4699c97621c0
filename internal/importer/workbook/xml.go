package workbook

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/plottage/plottage"
)

// tokens gives do every token of a part. A document type, which could declare
// entities, is refused.
func (b *book) tokens(part string, do func(xml.Token) error) error {
	f := b.parts[part]
	if f == nil {
		return b.Refuse("workbook_part", plottage.Where{Value: part})
	}
	b.part = part
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(bufio.NewReaderSize(&runs{r: r, most: 4*b.Lim.FieldBytes + 64<<10}, 64<<10))
	open := 0 // elements; RawToken does not watch them
	for n := 0; ; n++ {
		if n&1023 == 0 && b.Ctx.Err() != nil {
			return b.Ctx.Err()
		}
		t, err := d.RawToken()
		if err == io.EOF && open == 0 {
			return nil
		}
		if err == io.EOF {
			return b.Refuse("workbook_xml", plottage.Where{Layer: part, Value: "EOF"})
		}
		if errors.Is(err, errRun) {
			return b.Refuse("field_bytes", plottage.Where{Layer: part}, "bytes", 4*b.Lim.FieldBytes, "limit", b.Lim.FieldBytes)
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.Directive:
			return b.Refuse("workbook_dtd", plottage.Where{Layer: part})
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
		if err := do(t); err != nil {
			return err
		}
	}
}

// isXML reports an error of the XML grammar, as opposed to one of reading.
func isXML(err error) bool {
	var e *xml.SyntaxError
	return errors.As(err, &e) || bytes.HasPrefix([]byte(err.Error()), []byte("xml:"))
}

// runs refuses a text or tag longer than most, before the decoder gathers it in memory.
type runs struct {
	r    io.Reader
	most int
	run  int
}

var errRun = errors.New("workbook: text too long")

// Read implements [io.Reader].
func (r *runs) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for rest := p[:n]; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			r.run += len(rest)
			break
		}
		if r.run += i; r.run > r.most {
			break
		}
		r.run, rest = 0, rest[i+1:]
	}
	if r.run > r.most {
		return 0, errRun
	}
	return n, err
}

// attr returns an attribute by its local name.
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
