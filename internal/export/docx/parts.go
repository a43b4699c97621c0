package docx

import "fmt"

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const coreProps = xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>%s</dc:title><dc:creator>Plottage</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created></cp:coreProperties>`

const documentHead = xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`

const settings = xmlHead + `<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>`

// footer is "3 / 12" at the foot of every page.
const footer = xmlHead + `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> / </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> NUMPAGES </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`

// styles of all paragraphs. Chinese reports indent the first line by two characters and
// are set in SimSun and SimHei, which Word everywhere replaces by what the machine has.
func (d *Document) styles() string {
	eastBody, eastHead, tag, indent := "SimSun", "SimHei", "en-GB", ""
	if d.lang == "zh" {
		tag, indent = "zh-CN", `<w:ind w:firstLineChars="200" w:firstLine="420"/>`
	}
	// Sizes in half points, room above and below in twentieths of a point.
	type set struct{ size, before, after int }
	body, title, subtitle, head1, head2, note, cell, line := set{21, 0, 80}, set{34, 240, 120}, set{19, 0, 240}, set{28, 320, 120}, set{24, 200, 80}, set{17, 0, 80}, set{d.CellType(), 20, 20}, 336
	if d.compact {
		body, title, subtitle, head1, head2, note, cell, line, indent = set{19, 0, 20}, set{30, 0, 40}, set{17, 0, 60}, set{24, 160, 60}, set{21, 120, 40}, set{15, 0, 40}, set{d.CellType(), 10, 10}, 264, ""
	}
	room := func(s set) string { return fmt.Sprintf(`<w:spacing w:before="%d" w:after="%d"/>`, s.before, s.after) }
	size := func(s set) string { return fmt.Sprintf(`<w:sz w:val="%d"/>`, s.size) }
	head := fmt.Sprintf(`<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="%s"/>`, eastHead)
	para := func(id, name, ppr, rpr string) string {
		return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`, id, name, ppr, rpr)
	}
	return xmlHead + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>` +
		fmt.Sprintf(`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="%[1]s"/><w:sz w:val="%[3]d"/><w:szCs w:val="%[3]d"/><w:lang w:val="%[2]s" w:eastAsia="zh-CN"/>`, eastBody, tag, body.size) +
		`</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		para("Title", "Title", room(title)+`<w:jc w:val="center"/>`, head+`<w:b/>`+size(title)) +
		para("Subtitle", "Subtitle", room(subtitle)+`<w:jc w:val="center"/>`, `<w:color w:val="5B6675"/>`+size(subtitle)) +
		para("Heading1", "heading 1", `<w:keepNext/>`+room(head1)+`<w:outlineLvl w:val="0"/>`, head+`<w:b/>`+size(head1)) +
		para("Heading2", "heading 2", `<w:keepNext/>`+room(head2)+`<w:outlineLvl w:val="1"/>`, head+`<w:b/>`+size(head2)) +
		para("BodyText", "Body Text", fmt.Sprintf(`<w:spacing w:after="%d" w:line="%d" w:lineRule="auto"/>`, body.after, line)+indent, "") +
		para("Note", "Note", room(note), `<w:color w:val="5B6675"/>`+size(note)) +
		para("Cell", "Cell", room(cell), size(cell)) +
		para("Gap", "Gap", `<w:spacing w:after="60" w:line="120" w:lineRule="exact"/>`, `<w:sz w:val="8"/>`) +
		para("Picture", "Picture", `<w:keepNext/><w:spacing w:before="80" w:after="80"/><w:jc w:val="center"/>`, "") +
		para("Footer", "footer", `<w:jc w:val="center"/>`, `<w:color w:val="5B6675"/><w:sz w:val="18"/>`) +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>` +
		`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>` + borders() +
		`</w:tblBorders><w:tblCellMar><w:left w:w="55" w:type="dxa"/><w:right w:w="55" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>`
}

func borders() (all string) {
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		all += fmt.Sprintf(`<w:%s w:val="single" w:sz="4" w:space="0" w:color="B8C0CA"/>`, side)
	}
	return all
}
