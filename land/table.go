package land

import (
	"encoding/json"
	"fmt"

	"github.com/plottage/plottage"
)

// State says whether a value of a column may be used.
type State uint8

// The states of a value.
const (
	Unknown  State = iota // nobody knows
	Known                 // Num or Text holds it
	Withheld              // its source does not permit this use (plottage.SourceClass.Permits)
)

// Column holds one input for every parcel. Numbers, years and flags (0 or 1) stand
// in Num, text and days in Text; the other slice is nil. State is indexed alike.
type Column struct {
	Input
	Num   []float64
	Text  []string
	State []State
}

// Table holds the inputs of rules for all parcels on a day: everything a grading
// reads, and nothing else. Columns come in the order they were asked for, followed
// by those that say what is missing.
type Table struct {
	AsOf    plottage.Date
	IDs     []string // of parcels
	AreaM2  []float64
	Columns []*Column
	byName  map[string]*Column
}

// Column returns the column of an input, nil when the table has none.
func (t *Table) Column(name string) *Column { return t.byName[name] }

func (t *Table) add(c *Column) *Column {
	if t.byName == nil {
		t.byName = map[string]*Column{}
	}
	t.byName[c.Name] = c
	t.Columns = append(t.Columns, c)
	return c
}

func newColumn(in Input, n int) *Column {
	c := &Column{Input: in, State: make([]State, n)}
	if in.Kind == plottage.Text || in.Kind == plottage.Day {
		c.Text = make([]string, n)
	} else {
		c.Num = make([]float64, n)
	}
	return c
}

func (c *Column) setNum(i int, v float64) { c.Num[i], c.State[i] = v, Known }

func (c *Column) setFlag(i int, v bool) {
	if c.State[i] = Known; v {
		c.Num[i] = 1
	}
}

// set takes a value as [plottage.Field.Get] returns it; nil is unknown.
func (c *Column) set(i int, v any) {
	switch v := v.(type) {
	case string:
		c.Text[i], c.State[i] = v, Known
	case plottage.Date:
		c.Text[i], c.State[i] = string(v), Known
	case float64:
		if finite(v) {
			c.setNum(i, v)
		}
	case int:
		c.setNum(i, float64(v))
	case bool:
		c.setFlag(i, v)
	}
}

// Value returns the value in row i: float64, string, bool, or nil when not known.
func (c *Column) Value(i int) any {
	switch {
	case c.State[i] != Known:
		return nil
	case c.Text != nil:
		return c.Text[i]
	case c.Kind == plottage.Flag:
		return c.Num[i] != 0
	}
	return c.Num[i]
}

func (c *Column) fill(s State) {
	for i := range c.State {
		c.State[i] = s
	}
}

func finite(x float64) bool { return x-x == 0 }

// document is the form in which a table is kept with a run: column by column, null
// for what is not known, and the rows withheld named apart.
type document struct {
	AsOf    plottage.Date `json:"as_of"`
	IDs     []string      `json:"ids"`
	AreaM2  []float64     `json:"area_m2"`
	Columns []docColumn   `json:"columns"`
}

type docColumn struct {
	Name     string `json:"name"`
	Values   []any  `json:"values"`
	Withheld []int  `json:"withheld,omitempty"`
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Table) UnmarshalJSON(b []byte) error {
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		return err
	}
	*t = Table{AsOf: d.AsOf, IDs: d.IDs, AreaM2: d.AreaM2}
	if len(d.AreaM2) != len(d.IDs) {
		return fmt.Errorf("table of %d parcels has %d areas", len(d.IDs), len(d.AreaM2))
	}
	for _, dc := range d.Columns {
		in, ok := InputByName(dc.Name)
		if !ok || len(dc.Values) != len(d.IDs) {
			return fmt.Errorf("table has a column %q of %d values for %d parcels", dc.Name, len(dc.Values), len(d.IDs))
		}
		if err := t.add(newColumn(in, len(d.IDs))).read(dc); err != nil {
			return err
		}
	}
	return nil
}

func (c *Column) read(dc docColumn) error {
	for i, v := range dc.Values {
		_, isText := v.(string)
		if v != nil && isText != (c.Text != nil) {
			return fmt.Errorf("column %s row %d holds %v, not a %s", c.Name, i, v, c.Kind)
		}
		c.set(i, v)
	}
	for _, i := range dc.Withheld {
		if i < 0 || i >= len(c.State) {
			return fmt.Errorf("column %s withholds row %d of %d", c.Name, i, len(c.State))
		}
		c.State[i] = Withheld
	}
	return nil
}
