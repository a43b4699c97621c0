package workbook_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
	"github.com/plottage/plottage/internal/importer/workbook"
)

func read(t testing.TB, b []byte, lim layer.Limits) string {
	t.Helper()
	found, err := readertest.Read(t, workbook.Reader{}, readertest.Memory("a.xlsx", b, nil), lim)
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

// byExcelize writes a workbook with the library that we do not read with.
func byExcelize(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(f *excelize.File, sheet string, rows ...[]any) {
	for i, r := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		f.SetSheetRow(sheet, cell, &r)
	}
}

func TestSheet(t *testing.T) {
	b := byExcelize(t, func(f *excelize.File) {
		set(f, "Sheet1",
			[]any{"义乌市用地情况表"},
			[]any{"镇街", "企业", "面积", "设立", "在用", "时刻"},
			[]any{"甲镇", "一厂", 12.5, time.Date(2017, 3, 2, 0, 0, 0, 0, time.UTC), true, time.Date(2017, 3, 2, 12, 30, 0, 0, time.UTC)},
			[]any{nil, "二厂", 20, nil, false},
			[]any{"乙镇", "三厂_x000D_", "3,5"},
			[]any{"合计", nil, 32.5})
		f.MergeCell("Sheet1", "A1", "F1")
		f.MergeCell("Sheet1", "A3", "A4")
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		f.SetCellStyle("Sheet1", "D3", "D3", day)
		custom := `yyyy"年"m"月"d"日"`
		zh, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &custom})
		f.SetCellStyle("Sheet1", "F3", "F3", zh)
		f.NewSheet("词典")
		set(f, "词典", []any{"a"})
		f.SetSheetVisible("词典", false)
	})
	want := `layer Sheet1 xlsx
  column 镇街 text
  column 企业 text
  column 面积 text
  column 设立 text
  column 在用 text
  column 时刻 text
  3 | "甲镇" | "一厂" | 12.5f | 2017-03-02 | true | "2017-03-02 12:30:00"
  4 | "甲镇" | "二厂" | 20 | - | false | -
  5 | "乙镇" | "三厂_x000D_" | "3,5" | - | - | -
repaired read.title_row row 1 value "义乌市用地情况表"
repaired read.total_row row 6 value "合计"
repaired read.merged_filled row 3 field A value "甲镇"
noted read.sheet_hidden
`
	got := read(t, b, layer.Limits{})
	got = strings.ReplaceAll(got, `"三厂\r"`, `"三厂_x000D_"`) // excelize may escape the escape
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTwoLevelHeader(t *testing.T) {
	b := byExcelize(t, func(f *excelize.File) {
		set(f, "Sheet1", []any{"企业", "税收", nil, "面积"}, []any{nil, "2016", "2017"}, []any{"甲", 1, 2, 3})
		f.MergeCell("Sheet1", "A1", "A2")
		f.MergeCell("Sheet1", "B1", "C1")
		f.MergeCell("Sheet1", "D1", "D2")
	})
	got := read(t, b, layer.Limits{})
	for _, want := range []string{"column 企业 text\n  column 税收/2016 text\n  column 税收/2017 text\n  column 面积 text\n", `  3 | "甲" | 1 | 2 | 3`, "read.header_levels"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// parts of a workbook written by hand.
var parts = map[string]string{
	"[Content_Types].xml":        `<Types/>`,
	"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
	"xl/sharedStrings.xml":       `<sst><si><t>编号</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh><t>fu</t></rPh></si></sst>`,
	"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3"><v>7</v></c><c r="B3" t="inlineStr"><is><t>甲</t></is></c></row></sheetData></worksheet>`,
}

// byHand writes the parts with changes; an empty text leaves a part out.
func byHand(changes ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	all := map[string]string{}
	for k, v := range parts {
		all[k] = v
	}
	for i := 0; i+1 < len(changes); i += 2 {
		all[changes[i]] = changes[i+1]
	}
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/vbaProject.bin", "../../evil.xml", "XL/WORKBOOK.XML"} {
		if text, ok := all[name]; ok && text != "" {
			w, _ := z.Create(name)
			w.Write([]byte(text))
		}
	}
	z.Close()
	return b.Bytes()
}

func sheet(data string) []byte {
	return byHand("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+data+"</worksheet>")
}

func TestByHand(t *testing.T) {
	bomb := strings.Repeat(`<row><c><v>1</v></c></row>`, 600_000)
	merges := func(refs string) []byte {
		return sheet(`<row r="1"><c><v>1</v></c></row></sheetData><mergeCells>` + refs + `</mergeCells>`)
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"plain", byHand(), "layer S xlsx\n  column 编号 text\n  column 富文本 text\n  3 | 7 | \"甲\"\n"},
		{"an error and a formula without value", sheet(`<row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row><row r="2"><c t="e"><v>#REF!</v></c><c><f>1+1</f></c><c><f>1+1</f><v>2</v></c></row></sheetData>`),
			"  2 | - | - | 2\nrepaired read.cell_error row 2 field A value \"#REF!\"\nrepaired read.cell_formula row 2 field B\n"},
		{"formats to the end of the grid", sheet(`<row r="1"><c t="str"><v>a</v></c><c r="XFD1" s="1"/></row><row r="2"><c><v>1</v></c></row></sheetData>`), "  2 | 1\n"},
		{"a cell at the end of the grid", sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>`), "refused read.columns"},
		{"a cell beyond the grid", sheet(`<row r="1"><c r="ZZZ1"><v>1</v></c></row></sheetData>`), "refused read.cell_ref"},
		{"a cell of another row", sheet(`<row r="1"><c r="A2"><v>1</v></c></row></sheetData>`), "refused read.cell_ref"},
		{"rows backwards", sheet(`<row r="2"/><row r="1"/></sheetData>`), "refused read.cell_ref"},
		{"a string that is not there", sheet(`<row r="1"><c t="s"><v>999999</v></c></row></sheetData>`), "refused read.string_index in a.xlsx row 1 field A value \"999999\""},
		{"entities", byHand("xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`), "refused read.workbook_dtd"},
		{"an entity of nowhere", byHand("xl/sharedStrings.xml", `<sst><si><t>&a;</t></si></sst>`), "refused read.workbook_xml"},
		{"merges that overlap", merges(`<mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/>`), "refused read.merge_overlap"},
		{"a merged column", merges(`<mergeCell ref="A1:A1048576"/>`), "refused read.merge_area"},
		{"a merge of nothing", merges(`<mergeCell ref="B2:A1"/>`), "refused read.merge_area"},
		{"rows without end", sheet(bomb + "</sheetData>"), "refused read.zip_ratio"},
		{"macros", byHand("xl/vbaProject.bin", "x"), "refused read.workbook_macro"},
		{"an entry above", byHand("../../evil.xml", "x"), "refused read.zip_slip"},
		{"a name twice", byHand("XL/WORKBOOK.XML", "x"), "refused read.zip_twice"},
		{"no sheet part", byHand("xl/worksheets/sheet1.xml", ""), "refused read.workbook_part"},
		{"nothing in it", sheet(`</sheetData>`), "refused read.workbook_empty"},
		{"cut off", byHand("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c><v>`), "refused read.workbook_xml"},
		{"HTML", []byte("<html><table><tr><td>a</td></tr></table></html>"), "refused read.workbook_html"},
		{"CSV", []byte("a,b\n1,2\n"), "refused read.workbook_not"},
		{"the old format", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "refused read.workbook_xls"},
		{"half a zip", byHand()[:200], "refused read.workbook_damaged"},
	} {
		if got := read(t, tt.b, layer.Limits{}); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%.600s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// One text larger than a field is refused before it is gathered.
func TestLongText(t *testing.T) {
	long := fmt.Sprintf(`<row r="1"><c t="str"><v>%s</v></c></row></sheetData>`, strings.Repeat("x", 9<<20))
	if got := read(t, sheet(long), layer.Limits{Ratio: 1 << 30}); !strings.HasPrefix(got, "refused read.field_bytes") {
		t.Errorf("got %.300s", got)
	}
}

func TestManyRows(t *testing.T) {
	rows := strings.Repeat(`<row><c><v>1</v></c></row>`, 300_000)
	found, err := readertest.Read(t, workbook.Reader{}, readertest.Memory("a.xlsx", sheet(rows+"</sheetData>"), nil), layer.Limits{Ratio: 1 << 30})
	if err != nil || found.Count() != 299_999 && found.Count() != 300_000 {
		t.Errorf("%d rows, %v", found.Count(), err)
	}
}

func TestCorpus(t *testing.T) {
	wanted := readertest.Wanted(t)
	files := readertest.OddFiles(t, ".", ".xlsx", ".xls", ".xlsm")
	files = append(files, readertest.OddFiles(t, "go-fuzz/zip")...)
	files = append(files, readertest.OddFiles(t, "zip/go-archive-zip")...)
	for _, path := range files {
		found, err := readertest.Read(t, workbook.Reader{}, readertest.File(path), layer.Limits{})
		rel, _ := filepath.Rel(filepath.Join(readertest.Odd, "made"), path)
		if want, ours := wanted[rel]; ours && found.Outcome(err) != want {
			t.Errorf("%s: %s, want %s (%v)\n%.2000s", rel, found.Outcome(err), want, err, found.Dump())
		}
	}
	// The same parts as XML of other makers.
	for _, path := range readertest.OddFiles(t, "go-fuzz/xml") {
		in, err := readertest.File(path).Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		text.ReadFrom(in)
		in.Close()
		read(t, byHand("xl/worksheets/sheet1.xml", text.String(), "xl/sharedStrings.xml", text.String()), layer.Limits{})
	}
}

func FuzzReader(f *testing.F) {
	f.Add(parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>")
	f.Add(`<worksheet><sheetData><row r="1"><c s="0"><v>42000.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells></worksheet>`, "<sst/>", "")
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		read(t, byHand("xl/worksheets/sheet1.xml", sheet, "xl/sharedStrings.xml", shared, "xl/styles.xml", styles), layer.Limits{})
	})
}
