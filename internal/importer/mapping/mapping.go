// Package mapping says which column of a foreign table becomes which field of which
// noun, in which unit. A mapping is proposed from names, values and, for areas, from
// the measured geometry; shown; edited as a file; and used again next year.
package mapping

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
)

// Column maps one column.
type Column struct {
	Column  string `json:"column" yaml:"column"`                       // name in the source
	Field   string `json:"field,omitempty" yaml:"field,omitempty"`     // field of the noun; "" keeps the column as it is (Parcel.Extra)
	Unit    string `json:"unit,omitempty" yaml:"unit,omitempty"`       // of values that name none: mu, ha, m2, ft2, CNY, 10k CNY, …
	Combine string `json:"combine,omitempty" yaml:"combine,omitempty"` // several rows of one record: sum, max, min, first
	Dates   string `json:"dates,omitempty" yaml:"dates,omitempty"`     // 3/4/2019 is "day_first" or "month_first"
	Why     string `json:"why,omitempty" yaml:"why,omitempty"`         // reason of the proposal: name, values, measured, city, table, catalogue, header
}

// Mapping is one table's mapping.
type Mapping struct {
	Noun         string               `json:"noun" yaml:"noun"`
	Layer        string               `json:"layer,omitempty" yaml:"layer,omitempty"`
	Class        plottage.SourceClass `json:"class,omitempty" yaml:"class,omitempty"`
	Owner        string               `json:"owner,omitempty" yaml:"owner,omitempty"`
	AsOf         plottage.Date        `json:"as_of,omitempty" yaml:"as_of,omitempty"`
	EPSG         int                  `json:"epsg,omitempty" yaml:"epsg,omitempty"`                   // overrides what the source says
	Currency     string               `json:"currency,omitempty" yaml:"currency,omitempty"`           // of money whose unit names none; "" the city's
	DecimalComma bool                 `json:"decimal_comma,omitempty" yaml:"decimal_comma,omitempty"` // 1,5 is one and a half
	Columns      []Column             `json:"columns" yaml:"columns"`
	Constants    map[string]string    `json:"constants,omitempty" yaml:"constants,omitempty"` // field to value, for every row
}

// maxFile bounds a mapping file.
const maxFile = 4 << 20

// Parse reads a mapping file, YAML or JSON, and checks it against the catalogues. An
// error is a *plottage.Error with code BadInput that names what is wrong.
func Parse(b []byte, name string) (Mapping, error) {
	var m Mapping
	if len(b) > maxFile {
		return m, bad(name, "mapping_syntax", "detail", "larger than 4 MiB")
	}
	if err := decode(b, &m); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return m, bad(name, "mapping_syntax", "detail", first)
	}
	return m, m.Check(name)
}

func decode(b []byte, m *Mapping) (err error) {
	defer func() { // a parser of other hands meets a file of other hands
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	if trimmed := bytes.TrimSpace(b); len(trimmed) > 0 && trimmed[0] == '{' {
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		return d.Decode(m)
	}
	return yaml.NewDecoder(bytes.NewReader(b), yaml.Strict(), yaml.DisallowUnknownField()).Decode(m)
}

// YAML writes the mapping as people edit it.
func (m Mapping) YAML() ([]byte, error) { return yaml.Marshal(m) }

// Check holds the mapping against the catalogues; name is the file it came from, for the
// message. An error is a *plottage.Error with code BadInput.
func (m Mapping) Check(name string) error {
	noun, ok := ByName(m.Noun)
	if !ok {
		return bad(name, "mapping_noun", "noun", m.Noun, "nouns", nounNames())
	}
	seenField, seenColumn := map[string]string{}, map[string]bool{}
	for _, c := range m.Columns {
		if seenColumn[c.Column] {
			return bad(name, "mapping_twice", "column", c.Column)
		}
		if seenColumn[c.Column] = true; c.Field == "" {
			continue
		}
		if err := c.check(name, noun); err != nil {
			return err
		}
		if other, taken := seenField[c.Field]; taken {
			return bad(name, "mapping_field_twice", "target", c.Field, "column", c.Column, "other", other)
		}
		seenField[c.Field] = c.Column
	}
	for f := range m.Constants {
		if noun.Field(f) < 0 {
			return bad(name, "mapping_field", "target", f, "noun", m.Noun)
		}
	}
	return nil
}

func (c Column) check(name string, noun Noun) error {
	i := noun.Field(c.Field)
	if i < 0 {
		return bad(name, "mapping_field", "target", c.Field, "noun", noun.Name)
	}
	if c.Unit != "" {
		u, ok := cell.ParseUnit(c.Unit)
		if !ok || u.Measure != cell.MeasureOf(noun.Fields[i].Unit) {
			return bad(name, "mapping_unit", "unit", c.Unit, "column", c.Column, "target", c.Field)
		}
	}
	if c.Combine != "" && !slices.Contains([]string{Sum, Max, Min, First}, c.Combine) {
		return bad(name, "mapping_combine", "combine", c.Combine, "column", c.Column)
	}
	if c.Dates != "" && c.Dates != "day_first" && c.Dates != "month_first" {
		return bad(name, "mapping_dates", "dates", c.Dates, "column", c.Column)
	}
	return nil
}

// Column returns the entry of a source column, by name in any letter case and width.
func (m Mapping) Column(name string) (Column, bool) {
	for _, c := range m.Columns {
		if c.Column == name {
			return c, true
		}
	}
	for _, c := range m.Columns {
		if cell.Fold(c.Column) == cell.Fold(name) {
			return c, true
		}
	}
	return Column{}, false
}

// SetKey maps column to field, taking both away from whoever had them. It is the
// command line's --key COLUMN=FIELD.
func (m *Mapping) SetKey(column, field string) error {
	at := -1
	for i := range m.Columns {
		if m.Columns[i].Column == column || cell.Fold(m.Columns[i].Column) == cell.Fold(column) {
			at = i
		}
		if m.Columns[i].Field == field {
			m.Columns[i] = Column{Column: m.Columns[i].Column}
		}
	}
	if at < 0 {
		return bad("", "mapping_no_column", "column", column, "columns", strings.Join(m.columnNames(), ", "))
	}
	m.Columns[at] = Column{Column: m.Columns[at].Column, Field: field, Why: "given"}
	return m.Check("")
}

func (m Mapping) columnNames() (names []string) {
	for _, c := range m.Columns {
		names = append(names, c.Column)
	}
	return names
}

func nounNames() string {
	var names []string
	for _, n := range Nouns {
		names = append(names, n.Name)
	}
	return strings.Join(names, ", ")
}

func bad(file, key string, args ...any) error {
	e := &plottage.Error{Code: plottage.BadInput, Key: key, Where: plottage.Where{File: file}, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}
