// Package docx writes Word documents (Office Open XML, ECMA-376 part 1): headings,
// paragraphs, tables whose heads repeat, pictures, pages upright and across, page
// numbers. Chinese text is set in a Chinese face, which the reader's machine brings.
//
// A library was looked for first: those that are free to ship write no footer, so no
// page numbers, and no face for East Asian text.
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Document is a document while it is written, from top to bottom.
type Document struct {
	lang     string
	compact  bool // set close, in small type
	body     bytes.Buffer
	pictures [][]byte
	across   bool // the section under way lies across
}

// Page sizes in twentieths of a point: A4, with margins of 20 mm or, compact, of 13.
const (
	pageW, pageH           = 11906, 16838
	wideMargin, thinMargin = 1134, 737
	emuPerTwip             = 635
)

// New returns an empty document; lang is "zh" or "en".
func New(lang string) *Document { return &Document{lang: lang} }

// Compact returns an empty document that is set close, for papers of a page or two.
func Compact(lang string) *Document { return &Document{lang: lang, compact: true} }

// CellType is the size of the type in tables, in half points.
func (d *Document) CellType() int {
	if d.compact {
		return 14
	}
	return 17
}

func (d *Document) margin() int {
	if d.compact {
		return thinMargin
	}
	return wideMargin
}

// Width is the width of the text in twentieths of a point.
func (d *Document) Width() int {
	if d.across {
		return pageH - 2*d.margin()
	}
	return pageW - 2*d.margin()
}

// Title writes the document's title.
func (d *Document) Title(text string) { d.styled("Title", text) }

// Subtitle writes a line under the title.
func (d *Document) Subtitle(text string) { d.styled("Subtitle", text) }

// Heading writes a heading of level 1 or 2.
func (d *Document) Heading(level int, text string) { d.styled(fmt.Sprintf("Heading%d", level), text) }

// Text writes a paragraph of running text.
func (d *Document) Text(text string) { d.styled("BodyText", text) }

// Note writes a paragraph in small type.
func (d *Document) Note(text string) { d.styled("Note", text) }

func (d *Document) styled(style, text string) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>%s</w:p>`, style, run(text))
}

// PageBreak starts a new page.
func (d *Document) PageBreak() { d.body.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

// Across starts a section whose pages lie across, Upright one whose pages stand.
func (d *Document) Across() { d.turn(true) }

// Upright starts a section whose pages stand upright.
func (d *Document) Upright() { d.turn(false) }

func (d *Document) turn(across bool) {
	if d.across == across {
		return
	}
	fmt.Fprintf(&d.body, `<w:p><w:pPr>%s</w:pPr></w:p>`, d.section())
	d.across = across
}

// section is the set-up of the pages written so far.
func (d *Document) section() string {
	size := fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/>`, pageW, pageH)
	if d.across {
		size = fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/>`, pageH, pageW)
	}
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/>%s<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`,
		size, d.margin(), d.margin(), d.margin(), d.margin())
}

// Table is a table of text.
type Table struct {
	Head  []string
	Rows  [][]string
	Sums  []string  // last row in bold; nil: none
	Right []bool    // columns of numbers, one a column; nil: none
	Share []float64 // of the width, one a column; nil: even
	High  int       // least height of a row in twentieths of a point
}

// Table writes a table; its head is repeated on every page, and no row is torn.
func (d *Document) Table(t Table) {
	n := len(t.Head)
	if n == 0 && len(t.Rows) > 0 {
		n = len(t.Rows[0])
	}
	widths := d.widths(t, n)
	d.body.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&d.body, `<w:gridCol w:w="%d"/>`, w)
	}
	d.body.WriteString(`</w:tblGrid>`)
	if len(t.Head) > 0 {
		d.row(t, t.Head, widths, true, true)
	}
	for _, r := range t.Rows {
		d.row(t, r, widths, false, false)
	}
	if t.Sums != nil {
		d.row(t, t.Sums, widths, false, true)
	}
	d.body.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>`)
}

func (d *Document) widths(t Table, n int) []int {
	widths, sum := make([]int, n), 0.0
	for i := range n {
		if t.Share != nil {
			sum += t.Share[i]
		}
	}
	for i := range widths {
		widths[i] = d.Width() / max(n, 1)
		if sum > 0 {
			widths[i] = int(float64(d.Width()) * t.Share[i] / sum)
		}
	}
	return widths
}

func (d *Document) row(t Table, cells []string, widths []int, head, bold bool) {
	d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	switch {
	case head:
		d.body.WriteString(`<w:tblHeader/>`)
	case t.High > 0:
		fmt.Fprintf(&d.body, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, t.High)
	}
	d.body.WriteString(`</w:trPr>`)
	for i, c := range cells {
		shade, align := "", "left"
		if head {
			shade = `<w:shd w:val="clear" w:color="auto" w:fill="EEF2F6"/>`
		}
		if t.Right != nil && t.Right[i] {
			align = "right"
		}
		text := run(c)
		if bold {
			text = boldRun(c)
		}
		fmt.Fprintf(&d.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr><w:p><w:pPr><w:pStyle w:val="Cell"/><w:jc w:val="%s"/></w:pPr>%s</w:p></w:tc>`, widths[i], shade, align, text)
	}
	d.body.WriteString(`</w:tr>`)
}

// Picture places a PNG of so many pixels across the text, no higher than share of the
// page; alt says what it shows.
func (d *Document) Picture(png []byte, w, h int, share float64, alt string) {
	d.pictures = append(d.pictures, png)
	n := len(d.pictures)
	tall := float64(pageH-2*d.margin()) * share
	if d.across {
		tall = float64(pageW-2*d.margin()) * share
	}
	cx := float64(d.Width())
	cy := cx * float64(h) / float64(max(w, 1))
	if cy > tall {
		cx, cy = cx*tall/cy, tall
	}
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="Picture %[3]d" descr="%[4]s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="Picture %[3]d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdPic%[3]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		int(cx)*emuPerTwip, int(cy)*emuPerTwip, n, escape(alt))
}

func run(text string) string {
	return `<w:r><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

func boldRun(text string) string {
	return `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

// escape makes text safe in XML; characters that XML has none of are dropped.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder never fails
	return strings.ReplaceAll(b.String(), "\uFFFD", "")
}

// part is one file inside the document.
type part struct {
	name string
	text []byte
}

// Write writes the finished document; made is the time it bears, title and author stand
// in its properties.
func (d *Document) Write(out io.Writer, title string, made time.Time) error {
	d.body.WriteString(d.section())
	parts := []part{
		{"[Content_Types].xml", []byte(contentTypes)},
		{"_rels/.rels", []byte(packageRels)},
		{"docProps/core.xml", fmt.Appendf(nil, coreProps, escape(title), made.UTC().Format(time.RFC3339))},
		{"word/document.xml", []byte(documentHead + d.body.String() + "</w:body></w:document>")},
		{"word/styles.xml", []byte(d.styles())},
		{"word/settings.xml", []byte(settings)},
		{"word/footer1.xml", []byte(footer)},
		{"word/_rels/document.xml.rels", []byte(d.relations())},
	}
	for i, p := range d.pictures {
		parts = append(parts, part{fmt.Sprintf("word/media/image%d.png", i+1), p})
	}
	z := zip.NewWriter(out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: made.UTC()})
		if err != nil {
			return err
		}
		if _, err := w.Write(p.text); err != nil {
			return err
		}
	}
	return z.Close()
}

func (d *Document) relations() string {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range [][3]string{{"rIdStyles", "styles", "styles.xml"}, {"rIdSettings", "settings", "settings.xml"}, {"rIdFooter", "footer", "footer1.xml"}} {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, r[0], office, r[1], r[2])
	}
	for i := range d.pictures {
		fmt.Fprintf(&b, `<Relationship Id="rIdPic%d" Type="%simage" Target="media/image%d.png"/>`, i+1, office, i+1)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}
