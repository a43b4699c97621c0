package ogc

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"
)

// answer writes a document as JSON, or as a page that holds the same.
func (q *request) answer(media, title string, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	q.write(media, title, b)
	return nil
}

func (q *request) write(media, title string, doc []byte) {
	if q.html {
		q.send(htmlType+"; charset=utf-8", page(q.lang, title, doc))
		return
	}
	q.send(media, doc)
}

// page shows a JSON document whole: objects and arrays as lists, links as links. It
// needs no style or script, which the server's content policy would refuse.
func page(lang, title string, doc []byte) []byte {
	var b bytes.Buffer
	t := html.EscapeString(title)
	b.WriteString("<!doctype html>\n<html lang=\"" + lang + "\"><head><meta charset=\"utf-8\"><title>" + t + "</title></head><body>\n<h1>" + t + "</h1>\n")
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	show(&b, d)
	b.WriteString("\n</body></html>\n")
	return b.Bytes()
}

// show writes the next value of d, which holds valid JSON.
func show(b *bytes.Buffer, d *json.Decoder) {
	token, err := d.Token()
	if err != nil {
		return
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			showObject(b, d)
		} else {
			showArray(b, d)
		}
		_, _ = d.Token() // the closing one
	case string:
		showText(b, v)
	case nil:
		b.WriteString("–")
	default:
		out, _ := json.Marshal(v)
		b.WriteString(html.EscapeString(string(out)))
	}
}

func showObject(b *bytes.Buffer, d *json.Decoder) {
	b.WriteString("<dl>")
	for d.More() {
		name, _ := d.Token()
		key, _ := name.(string)
		b.WriteString("<dt>" + html.EscapeString(key) + "</dt><dd>")
		if key == "coordinates" {
			var raw json.RawMessage
			_ = d.Decode(&raw)
			b.Write(raw)
		} else {
			show(b, d)
		}
		b.WriteString("</dd>\n")
	}
	b.WriteString("</dl>")
}

func showArray(b *bytes.Buffer, d *json.Decoder) {
	b.WriteString("<ul>")
	for d.More() {
		b.WriteString("<li>")
		show(b, d)
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
}

// showText makes addresses links. An attribute that looks like one is text to the
// reader all the same: only http and https become links.
func showText(b *bytes.Buffer, s string) {
	t := html.EscapeString(s)
	if (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")) && !strings.Contains(s, "{") {
		b.WriteString(`<a href="` + t + `">` + t + "</a>")
		return
	}
	b.WriteString(t)
}
