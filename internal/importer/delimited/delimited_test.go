package delimited_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/plottage/plottage/internal/importer/delimited"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
)

func read(t testing.TB, text string) string {
	t.Helper()
	found, err := readertest.Read(t, delimited.Reader{}, readertest.Memory("a.csv", []byte(text), nil), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

func TestTables(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a sheet people made", "义乌市用地情况表,,,\n单位：亩,,,\n代码,企业,面积,税收\n1,甲,10,100\n,乙,20,200\n合计,,30,300\n注：数据截至六月,,,\n", `layer a csv UTF-8
  column 代码 text
  column 企业 text
  column 面积 text
  column 税收 text
  4 | "1" | "甲" | "10" | "100"
  5 | - | "乙" | "20" | "200"
repaired read.title_row row 1 value "义乌市用地情况表"
repaired read.title_row row 2 value "单位：亩"
repaired read.total_row row 6 value "合计"
repaired read.note_row row 7 value "注：数据截至六月"
`},
		{"quotes", "a,b\n\"x,\"\"y\"\"\nz\",2\n", "layer a csv UTF-8\n  column a text\n  column b text\n  2 | \"x,\\\"y\\\"\\nz\" | \"2\"\n"},
		{"sep line", "sep=;\na;b\n1,5;2\n", "layer a csv UTF-8\n  column a text\n  column b text\n  3 | \"1,5\" | \"2\"\nnoted read.csv_sep row 1 value \";\"\n"},
		{"tabs", "a\tb\n1,2\t3\n", "layer a csv UTF-8\n  column a text\n  column b text\n  2 | \"1,2\" | \"3\"\n"},
		{"CR alone", "a,b\r1,2\r3,4\r", "layer a csv UTF-8\n  column a text\n  column b text\n  2 | \"1\" | \"2\"\n  3 | \"3\" | \"4\"\n"},
		{"names twice and none", "a,a,,b\n1,2,3,4\n", "layer a csv UTF-8\n  column a text\n  column a_2 text\n  column column_3 text\n  column b text\n  2 | \"1\" | \"2\" | \"3\" | \"4\"\nrepaired read.column_repeated field a\nrepaired read.column_unnamed\n"},
		{"short and long rows", "a,b,c\n1\n1,2,3,4\n5,6,7,,,\n", "layer a csv UTF-8\n  column a text\n  column b text\n  column c text\n  column column_4 text\n  2 | \"1\" | - | - | -\n  3 | \"1\" | \"2\" | \"3\" | \"4\"\n  4 | \"5\" | \"6\" | \"7\" | -\nrepaired read.column_unnamed\n"},
		{"no header", "1,2\n3,4\n", "layer a csv UTF-8\n  column column_1 text\n  column column_2 text\n  1 | \"1\" | \"2\"\n  2 | \"3\" | \"4\"\nrepaired read.column_unnamed\nrepaired read.column_unnamed\nrepaired read.header_none row 1 value \"1\"\n"},
		{"data that repeats itself, no header", "甲,工业,5\n乙,工业,7\n", "layer a csv UTF-8\n  column column_1 text\n  column column_2 text\n  column column_3 text\n  1 | \"甲\" | \"工业\" | \"5\"\n  2 | \"乙\" | \"工业\" | \"7\"\nrepaired read.column_unnamed\nrepaired read.column_unnamed\nrepaired read.column_unnamed\nrepaired read.header_none row 1 value \"甲\"\n"},
		{"years as names", "企业,2016,2017\n甲,1,2\n", "layer a csv UTF-8\n  column 企业 text\n  column 2016 text\n  column 2017 text\n  2 | \"甲\" | \"1\" | \"2\"\n"},
		{"two levels", "编号,税收,,企业\n编号,一季度,二季度,企业\n7,1,2,甲\n", "layer a csv UTF-8\n  column 编号 text\n  column 税收/一季度 text\n  column 税收/二季度 text\n  column 企业 text\n  3 | \"7\" | \"1\" | \"2\" | \"甲\"\nrepaired read.header_levels row 1 value \"编号\"\n"},
		{"one column", "a\nb\nc\n", "layer a csv UTF-8\n  column a text\n  2 | \"b\"\n  3 | \"c\"\n"},
		{"header only", "a,b\n", "layer a csv UTF-8\n  column a text\n  column b text\n"},
		{"mark", "\ufeffa,b\n1,2\n", "layer a csv UTF-8\n  column a text\n  column b text\n  2 | \"1\" | \"2\"\n"},
		{"a quote without end", "a,b\n1,\"x\n2,y\n", "refused read.csv_quote in a.csv row 2 value \"x·2,y·\"\n"},
		{"NUL", "a,b\n1,x\x00y\n", "refused read.csv_nul in a.csv row 2 value \"x\"\n"},
		{"empty", " \n\n", "refused read.csv_empty in a.csv\n"},
		{"only separators", ",,\n,,\n", "refused read.csv_empty in a.csv\n"},
		{"wide", strings.Repeat("a,", 20_000), "refused read.columns in a.csv row 1\n"},
	} {
		if got := read(t, tt.text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	if got := read(t, "a,b\n1,"+strings.Repeat("x", 2<<20)); !strings.HasPrefix(got, "refused read.field_bytes in a.csv row 2") {
		t.Errorf("a field of 2 MiB: got %.200s", got)
	}
}

// A row that only later proves too long stays out, with the reason.
func TestLateLongRow(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 60) + "1,2,3\n"
	if got := read(t, text); !strings.HasSuffix(got, "refused read.row_long row 62 value \"3\"\n") || strings.Contains(got, "  62 |") {
		t.Errorf("got\n%s", got)
	}
}

func TestEncodings(t *testing.T) {
	text := strings.Repeat("abc,def\n", 9000) + "企业名称,面积\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]string{"UTF-8": text, "GB18030": gb, "UTF-16LE": u16, "UTF-16LE marked": "\xff\xfe" + u16} {
		got := read(t, b)
		if !strings.HasPrefix(got, "layer a csv "+strings.Fields(name)[0]) || !strings.Contains(got, `"企业名称" | "面积"`) {
			t.Errorf("%s: got %.200s … %s", name, got, got[max(0, len(got)-200):])
		}
	}
}

func TestCorpus(t *testing.T) {
	wanted := readertest.Wanted(t)
	pipeline := map[string]bool{"semicolon.csv": true} // decimal commas are read when columns are mapped
	files := append(readertest.OddFiles(t, ".", ".csv", ".txt", ".tsv"), readertest.OddFiles(t, "go-fuzz/csv")...)
	for _, path := range files {
		found, err := readertest.Read(t, delimited.Reader{}, readertest.File(path), layer.Limits{})
		rel, _ := filepath.Rel(filepath.Join(readertest.Odd, "made"), path)
		if want, ours := wanted[rel]; ours && strings.HasPrefix(rel, "csv/") && !pipeline[filepath.Base(rel)] && found.Outcome(err) != want {
			t.Errorf("%s: %s, want %s (%v)\n%.2000s", rel, found.Outcome(err), want, err, found.Dump())
		}
	}
}

func TestRealCity(t *testing.T) {
	path := "../../../../shared/data/land/cambridge/TaxFY13.csv"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ../shared/data/land beside the repository")
	}
	found, err := readertest.Read(t, delimited.Reader{}, readertest.File(path), layer.Limits{})
	if err != nil || found.Count() < 20_000 {
		t.Errorf("%d rows, %v", found.Count(), err)
	}
	for _, i := range found.Issues[:min(len(found.Issues), 5)] {
		t.Log(i)
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"a,b\n1,\"x\"\"y\"\n", "sep=|\na|b\n1|2", "标题,,\n甲,乙,丙\n1,2,3\n合计,,3\n", "a\tb\r1\t2", "\xff\xfea\x00,\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { read(t, s) })
}
