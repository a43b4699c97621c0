// Package properties turns the free-form properties of GeoJSON and TopoJSON features into
// the columns of a table.
//
// It takes two passes: a [Schema] observes every feature, then gives columns and the values
// of each feature in their order. A column is as narrow as all its values allow: whole
// numbers, numbers, flags, else text. Numbers that a float64 cannot hold keep their digits.
package properties

import (
	"math"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/jsontext"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Property is one member of a feature's properties.
type Property struct {
	Name string
	Kind jsontext.Kind
	Text string // the string, the number's digits, or an array or object as JSON
}

// Object is what Read found.
type Object struct {
	Members  []Property
	Repeated string // a name that stands twice; the last value counts
	Lossy    string // a name whose text held a lone surrogate
}

// Read reads the members of an object whose beginning was just read, at most most of
// them.
func Read(s *jsontext.Scanner, most int) (o Object, err error) {
	at := map[string]int{}
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndObject {
			return o, err
		}
		name := s.Text
		p, err := value(s, name)
		if err != nil {
			return o, err
		}
		if s.Lossy && p.Kind == jsontext.String {
			o.Lossy = name
		}
		if i, twice := at[name]; twice {
			o.Repeated, o.Members[i] = name, p
			continue
		}
		at[name] = len(o.Members)
		o.Members = append(o.Members, p)
		if len(o.Members) > most {
			return o, ErrTooMany
		}
	}
}

type tooMany struct{}

func (tooMany) Error() string { return "too many properties" }

// ErrTooMany is returned by Read and Observe for more names than allowed.
var ErrTooMany error = tooMany{}

// value reads one value. A number beyond float64 is refused by the caller's pass.
func value(s *jsontext.Scanner, name string) (Property, error) {
	k, err := s.Next()
	if err != nil {
		return Property{}, err
	}
	p := Property{Name: name, Kind: k, Text: s.Text}
	if k == jsontext.BeginArray || k == jsontext.BeginObject {
		p.Text, err = s.Raw(k)
	}
	return p, err
}

// column is what was seen of one name.
type column struct {
	name                          string
	text, whole, real, flag, json bool
}

// Schema gathers the names and kinds of all features. The zero Schema is empty.
type Schema struct {
	at   map[string]int
	cols []column
}

// Observe takes the properties of one feature; at most most names in all.
func (s *Schema) Observe(members []Property, most int) error {
	if s.at == nil {
		s.at = map[string]int{}
	}
	for _, p := range members {
		i, known := s.at[p.Name]
		if !known {
			i = len(s.cols)
			if i >= most {
				return ErrTooMany
			}
			s.at[p.Name] = i
			s.cols = append(s.cols, column{name: p.Name})
		}
		s.cols[i].see(p)
	}
	return nil
}

func (c *column) see(p Property) {
	switch p.Kind {
	case jsontext.String:
		c.text = true
	case jsontext.True, jsontext.False:
		c.flag = true
	case jsontext.BeginArray, jsontext.BeginObject:
		c.json = true
	case jsontext.Number:
		switch number(p.Text).(type) {
		case int64:
			c.whole = true
		case float64:
			c.real = true
		default:
			c.text = true
		}
	}
}

func (c *column) kind() plottage.Kind {
	switch {
	case c.text || c.json || (c.flag && (c.whole || c.real)):
		return plottage.Text
	case c.flag:
		return plottage.Flag
	case c.real:
		return plottage.Number
	case c.whole:
		return plottage.Whole
	}
	return plottage.Text
}

// Columns in the order in which names first came.
func (s *Schema) Columns() []layer.Column {
	cols := make([]layer.Column, len(s.cols))
	for i, c := range s.cols {
		cols[i] = layer.Column{Name: c.name, Kind: c.kind()}
	}
	return cols
}

// Mixed lists the names whose values are now text and now something else.
func (s *Schema) Mixed() (names []string) {
	for _, c := range s.cols {
		n := 0
		for _, seen := range []bool{c.text, c.whole || c.real, c.flag, c.json} {
			if seen {
				n++
			}
		}
		if n > 1 {
			names = append(names, c.name)
		}
	}
	return names
}

// Values of one feature in the order of the columns.
func (s *Schema) Values(members []Property) []any {
	values := make([]any, len(s.cols))
	for _, p := range members {
		if i, ok := s.at[p.Name]; ok {
			values[i] = s.cols[i].value(p)
		}
	}
	return values
}

func (c *column) value(p Property) any {
	asText := c.kind() == plottage.Text
	switch p.Kind {
	case jsontext.Null:
		return nil
	case jsontext.True, jsontext.False:
		if asText {
			return strconv.FormatBool(p.Kind == jsontext.True)
		}
		return p.Kind == jsontext.True
	case jsontext.Number:
		if asText {
			return p.Text
		}
		v := number(p.Text)
		if n, ok := v.(int64); ok && c.real {
			return float64(n)
		}
		return v
	}
	return p.Text
}

// number returns an int64, a float64, or the text of an integer that neither holds
// exactly.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	x, err := strconv.ParseFloat(text, 64)
	if whole := isInteger(text); err != nil || (whole && math.Abs(x) > 1<<53) {
		return text
	}
	return x
}

func isInteger(text string) bool {
	for i, c := range text {
		if (c < '0' || c > '9') && (c != '-' || i > 0) {
			return false
		}
	}
	return true
}

// Overflows reports a number too large for float64, such as 1e400.
func (p Property) Overflows() bool {
	if p.Kind != jsontext.Number || isInteger(p.Text) {
		return false
	}
	_, err := strconv.ParseFloat(p.Text, 64)
	return err != nil
}
