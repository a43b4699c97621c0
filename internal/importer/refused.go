package importer

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// Sentence is an issue in words, without its place.
func Sentence(lang string, i layer.Issue) string {
	args := map[string]any{"file": i.Where.File, "layer": i.Where.Layer, "row": i.Where.Row, "field": i.Where.Field, "value": i.Where.Value}
	for k, v := range i.Args {
		args[k] = v
	}
	return locale.T(lang, "issue."+i.Key, args)
}

// Advice is what to do about an issue, "" when there is nothing to say.
func Advice(lang string, i layer.Issue) string {
	if _, ok := locale.Catalogue(lang)["hint."+i.Key]; !ok {
		return ""
	}
	return locale.T(lang, "hint."+i.Key, i.Args)
}

// RefusedRows is the number of rows that WriteRefused would write.
func (r *Report) RefusedRows() int { return len(r.refused) }

// sheetRows is how many rows a sheet of a workbook can hold.
const sheetRows = 1_048_575

// WriteRefused writes the rows that stayed out as a workbook: their original columns
// and, in both languages, why. Mended by hand, it can be imported as it is. All text
// goes out as text, so that nothing in it can act as a formula.
func (r *Report) WriteRefused(path string) error {
	f := excelize.NewFile()
	defer f.Close()
	byTable := map[*table][]refusedRow{}
	var order []*table
	for _, row := range r.refused {
		if byTable[row.table] == nil {
			order = append(order, row.table)
		}
		byTable[row.table] = append(byTable[row.table], row)
	}
	for n, t := range order {
		sheet := fmt.Sprintf("refused%d", n+1)
		if err := addSheet(f, n, sheet); err != nil {
			return err
		}
		if err := writeRefusedSheet(f, sheet, t, byTable[t]); err != nil {
			return fmt.Errorf("write refused rows to %s: %w", path, err)
		}
	}
	return saveBook(f, path)
}

func addSheet(f *excelize.File, n int, name string) error {
	if n == 0 {
		return f.SetSheetName("Sheet1", name)
	}
	_, err := f.NewSheet(name)
	return err
}

func writeRefusedSheet(f *excelize.File, sheet string, t *table, rows []refusedRow) error {
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	head := []any{"row", "原因", "reason"}
	for _, c := range t.Columns {
		head = append(head, safe(c.Name))
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, r := range rows[:min(len(rows), sheetRows)] {
		row, err := r.raw.Row()
		if err != nil {
			return err
		}
		line := []any{row.N, safe(reasons("zh", r.issues)), safe(reasons("en", r.issues))}
		for _, v := range row.Values {
			line = append(line, bookValue(v))
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), line); err != nil {
			return err
		}
	}
	return w.Flush()
}

func reasons(lang string, all []layer.Issue) string {
	var words []string
	for _, i := range all {
		if i.Severity == layer.Refused || i.Key == "geometry_null" {
			words = append(words, strings.TrimSpace(Sentence(lang, i)+" "+Advice(lang, i)))
		}
	}
	return strings.Join(words, "; ")
}

// bookValue is a value for a workbook: numbers stay numbers where a spreadsheet can
// hold them, all else is text.
func bookValue(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case float64:
		if math.Abs(v) < 1e15 {
			return v
		}
	case int64:
		if v > -1e15 && v < 1e15 {
			return v
		}
	case bool:
		return v
	case plottage.Date:
		return string(v)
	}
	return safe(mapping.TextOf(v))
}

// cellMax is the longest text a cell can hold.
const cellMax = excelize.TotalCellChars

// safe makes text harmless in a spreadsheet: a leading sign that starts a formula gets
// an apostrophe in front, also for the day someone saves the sheet as CSV.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		s = "'" + s
	}
	if len(s) > cellMax {
		s = strings.ToValidUTF8(s[:cellMax-3], "") + "…"
	}
	return s
}

// Issue is one thing an import found, changed or refused.
type Issue = workspace.Issue

// WriteBook writes the report as a workbook: a sheet of all issues in words.
func (r *Report) WriteBook(path, lang string) error {
	return writeWhole(path, func(w io.Writer) error { return WriteFixes(w, lang, r.Issues) })
}

// fixColumns are the columns of a list of issues and their widths in characters.
var fixColumns = []struct {
	key   string
	width float64
}{{"severity", 10}, {"file", 24}, {"layer", 16}, {"row", 8}, {"field", 18}, {"value", 26}, {"issue", 60}, {"hint", 60}}

// WriteFixes writes issues as a workbook of one row an issue: where, which value, what is
// wrong and what to do, for whoever keeps the file. All text goes out as text.
func WriteFixes(out io.Writer, lang string, issues []Issue) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "issues"); err != nil {
		return err
	}
	w, err := f.NewStreamWriter("issues")
	if err != nil {
		return err
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF2F6"}}})
	if err != nil {
		return err
	}
	head := []any{}
	for i, c := range fixColumns {
		head = append(head, excelize.Cell{StyleID: bold, Value: locale.T(lang, "import.column."+c.key, nil)})
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, it := range issues[:min(len(issues), sheetRows)] {
		l := layer.Issue(it)
		text := func(s string) excelize.Cell { return excelize.Cell{StyleID: wrap, Value: safe(s)} }
		line := []any{text(locale.T(lang, "severity."+it.Severity, nil)), text(it.Where.File), text(it.Where.Layer), rowCell(it.Where.Row),
			text(it.Where.Field), text(it.Where.Value), text(Sentence(lang, l)), text(Advice(lang, l))}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), line); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

// rowCell leaves the number out of what concerns no single row.
func rowCell(row int) any {
	if row == 0 {
		return nil
	}
	return row
}

// saveBook writes a workbook beside its place first, so that a failure leaves no half
// file.
func saveBook(f *excelize.File, path string) error {
	return writeWhole(path, func(w io.Writer) error { return f.Write(w) })
}

func writeWhole(path string, write func(io.Writer) error) error {
	tmp := path + ".tmp"
	out, err := os.Create(tmp)
	if err != nil {
		return err
	}
	defer os.Remove(tmp) // gone already when all went well
	if err = write(out); err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
