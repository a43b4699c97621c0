package export

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
)

// Limits of the format (ECMA-376; Excel specifications and limits).
const (
	sheetRows  = 1_048_576
	cellLength = 32_767
)

// writeWorkbook writes an XLSX workbook, one sheet a table: frozen and filtered
// header, numbers as numbers with their format. Rows are streamed: memory holds one
// sheet's packed rows, not its cells.
func writeWorkbook(ctx context.Context, s *Snapshot, out io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	wb := &workbook{s: s, f: f, styles: map[string]int{}}
	for i, t := range s.sheets() {
		if err := wb.sheet(ctx, i, t); err != nil {
			return fmt.Errorf("sheet %s: %w", t.key, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "Plottage " + plottage.Version, Title: s.cityName()}); err != nil {
		return err
	}
	_, err := f.WriteTo(out)
	return err
}

// sheets returns the tables asked for, the summary first.
func (s *Snapshot) sheets() []table {
	if s.Other != nil {
		return append(s.compareTables(), s.sourcesTable())
	}
	all := []table{s.summaryTable()}
	if s.Plan != nil && s.Options.wants(Blocks, Plan) {
		all = append(all, s.blocksTable())
		if len(s.handledBuildings()) > 0 {
			all = append(all, s.buildingsTable())
		}
	}
	if s.Options.wants(Parcels) {
		all = append(all, s.parcelsTable())
	}
	if s.Plan != nil && s.Options.wants(Plan) {
		all = append(all, s.placementsTable(), s.landTable(), s.balanceTable(), s.ledgerTable(), s.capsTable())
	}
	return append(all, s.sourcesTable())
}

// workbook is a workbook while it is written.
type workbook struct {
	s      *Snapshot
	f      *excelize.File
	styles map[string]int // by number format
}

func (wb *workbook) sheet(ctx context.Context, i int, t table) error {
	name := wb.s.t("export.table." + t.key)
	if i == 0 {
		if err := wb.f.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := wb.f.NewSheet(name); err != nil {
		return err
	}
	if t.n >= sheetRows {
		return &plottage.Error{Code: plottage.Limit, Key: "export_rows", Args: map[string]any{"sheet": name, "rows": t.n, "most": sheetRows - 1}}
	}
	sw, err := wb.f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := wb.header(sw, t); err != nil {
		return err
	}
	row := 1
	for cells := range t.rows {
		if row++; row%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		values, err := wb.values(cells)
		if err != nil {
			return err
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", row), values); err != nil {
			return err
		}
	}
	if row > 1 {
		end, err := excelize.CoordinatesToCellName(len(t.columns), row)
		if err != nil {
			return err
		}
		stripes := true
		if err := sw.AddTable(&excelize.Table{Range: "A1:" + end, Name: "t_" + t.key, StyleName: "TableStyleLight1", ShowRowStripes: &stripes}); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// header freezes and writes the titles; a title that occurs twice gets a number,
// as tables need.
func (wb *workbook) header(sw *excelize.StreamWriter, t table) error {
	for i, c := range t.columns {
		if err := sw.SetColWidth(i+1, i+1, c.width+2); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	style, err := wb.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}})
	if err != nil {
		return err
	}
	titles, seen := make([]any, len(t.columns)), map[string]int{}
	for i, c := range t.columns {
		title := wb.s.title(c)
		if seen[title]++; seen[title] > 1 {
			title = fmt.Sprintf("%s %d", title, seen[title])
		}
		titles[i] = excelize.Cell{StyleID: style, Value: safe(title)}
	}
	return sw.SetRow("A1", titles, excelize.RowOpts{Height: 32})
}

func (wb *workbook) values(cells []any) ([]any, error) {
	out := make([]any, len(cells))
	for i, c := range cells {
		v, format := wb.s.number(c)
		if s, ok := v.(string); ok {
			v = safe(s)
		}
		if format == "" || v == nil {
			out[i] = v
			continue
		}
		style, err := wb.style(format)
		if err != nil {
			return nil, err
		}
		out[i] = excelize.Cell{StyleID: style, Value: v}
	}
	return out, nil
}

// number returns a cell's value in the column's unit and its number format.
func (s *Snapshot) number(cell any) (v any, format string) {
	_, per := s.unit(cell)
	grouped := func(x float64, format string) (any, string) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, ""
		}
		return x, format
	}
	switch v := cell.(type) {
	case money:
		if s.moneyDigits() == 0 {
			return grouped(float64(v)/per, "#,##0")
		}
		return grouped(float64(v)/per, "#,##0.00")
	case area:
		return grouped(float64(v)/per, "#,##0.0")
	case floor:
		return grouped(float64(v), "#,##0")
	case share:
		return grouped(float64(v), "0.0%")
	case ratio:
		return grouped(float64(v), "0.00")
	case number:
		return grouped(float64(v), "#,##0.##")
	case whole:
		return int(v), "#,##0"
	case year:
		return int(v), "0"
	case date:
		return plottage.Date(v).Time(), "yyyy-mm-dd"
	case text:
		return string(v), ""
	}
	return cell, ""
}

func (wb *workbook) style(format string) (int, error) {
	if id, ok := wb.styles[format]; ok {
		return id, nil
	}
	id, err := wb.f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	wb.styles[format] = id
	return id, err
}

// safe keeps a text from being taken for a formula when the sheet is saved as CSV and
// opened again (OWASP ASVS 5.0.0, 1.2.10), and from being longer than a cell.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF { // not in XML 1.0
			return -1
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@\t\n", rune(s[0])) {
		s = "'" + s
	}
	if utf8.RuneCountInString(s) > cellLength {
		s = string([]rune(s)[:cellLength-1]) + "…"
	}
	return s
}
