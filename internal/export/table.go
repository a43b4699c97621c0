package export

import (
	"fmt"
	"iter"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
)

// Cells of tables: the type says what a number is, and the writers how it is shown.
// A nil cell is not known and stays empty.
type (
	money  float64 // city currency
	area   float64 // land, m2
	floor  float64 // floor area, m2
	share  float64 // of one
	ratio  float64 // plot ratio, score, compactness
	number float64 // persons, MW, …
	whole  int     // a count
	year   int     // a calendar year: no thousands separator
	text   string
	date   plottage.Date
)

// column of a table: the key of its title, "export.col.<Key>", a sample of its
// cells' type, and its width in characters.
type column struct {
	key   string
	of    any
	width float64
}

// table is one sheet of a workbook, one table of the report.
type table struct {
	key     string // "export.table.<key>" is its title
	columns []column
	rows    iter.Seq[[]any] // one cell a column
	n       int             // number of rows
}

// of returns a table of rows made of records.
func of[T any](key string, columns []column, records []T, row func(T) []any) table {
	return table{key: key, columns: columns, n: len(records), rows: func(yield func([]any) bool) {
		for _, r := range records {
			if !yield(row(r)) {
				return
			}
		}
	}}
}

// opt is the cell of a value that may not be known.
func opt[C ~float64](o plottage.Opt[float64]) any {
	if !o.Known {
		return nil
	}
	return C(o.V)
}

// some is a text cell, nil when empty.
func some(s string) any {
	if s == "" {
		return nil
	}
	return text(s)
}

func someDate(d plottage.Date) any {
	if d == "" {
		return nil
	}
	return date(d)
}

func someYear(y int) any {
	if y == 0 {
		return nil
	}
	return year(y)
}

// title returns the column's title with its unit.
func (s *Snapshot) title(c column) string {
	name := s.t("export.col." + c.key)
	if unit, _ := s.unit(c.of); unit != "" {
		return s.t("export.col", "name", name, "unit", unit)
	}
	return name
}

// unit returns the unit of a kind of cell and what its numbers are divided by.
func (s *Snapshot) unit(cell any) (unit string, per float64) {
	switch cell.(type) {
	case money:
		return s.figures.MoneyColumn()
	case area:
		return s.figures.AreaColumn()
	case floor:
		return s.t("export.unit.m2"), 1
	}
	return "", 1
}

// show writes a cell as text for people.
func (s *Snapshot) show(cell any) string {
	_, per := s.unit(cell)
	switch v := cell.(type) {
	case nil:
		return ""
	case money:
		return figure.Fixed(float64(v)/per, s.moneyDigits())
	case area:
		return figure.Fixed(float64(v)/per, 1)
	case floor:
		return figure.Fixed(float64(v), 0)
	case share:
		return s.figures.Share(float64(v))
	case ratio:
		return figure.Fixed(float64(v), 2)
	case number:
		return figure.Digits(float64(v), 3)
	case whole:
		return figure.Fixed(float64(v), 0)
	case year:
		return fmt.Sprint(int(v))
	case date:
		return string(v)
	case text:
		return string(v)
	}
	return fmt.Sprint(cell)
}

// moneyDigits is the number of decimals of a column of money: none in 万元, two in millions.
func (s *Snapshot) moneyDigits() int {
	if _, per := s.figures.MoneyColumn(); per < 1e6 {
		return 0
	}
	return 2
}
