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

// WriteBook writes the report as a workbook: a sheet of all issues in words.
func (r *Report) WriteBook(path, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", "issues"); err != nil {
		return err
	}
	w, err := f.NewStreamWriter("issues")
	if err != nil {
		return err
	}
	head := []any{}
	for _, k := range []string{"severity", "file", "layer", "row", "field", "value", "issue", "hint"} {
		head = append(head, locale.T(lang, "import.column."+k, nil))
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, it := range r.Issues[:min(len(r.Issues), sheetRows)] {
		l := layer.Issue(it)
		line := []any{locale.T(lang, "severity."+it.Severity, nil), safe(it.Where.File), safe(it.Where.Layer), it.Where.Row, safe(it.Where.Field), safe(it.Where.Value), safe(Sentence(lang, l)), safe(Advice(lang, l))}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), line); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return saveBook(f, path)
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
