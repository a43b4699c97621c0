package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
)

// WriteMPS writes the model in free MPS form, as every solver reads it, with
// columns c0, c1, … and rows r0, r1, …. MPS knows minimisation only for sure, so a
// maximisation is written with its costs negated.
func (m *Model) WriteMPS(w io.Writer, name string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "NAME %s\nROWS\n N cost\n", name)
	for i, r := range m.Rows {
		fmt.Fprintf(b, " %s r%d\n", r.sense(), i)
	}
	sign := 1.0
	if m.Maximise {
		sign = -1
	}
	m.writeColumns(b, sign)
	fmt.Fprintln(b, "RHS")
	if m.Offset != 0 {
		fmt.Fprintf(b, " rhs cost %.17g\n", -sign*m.Offset)
	}
	for i, r := range m.Rows {
		if v := r.rhs(); v != 0 {
			fmt.Fprintf(b, " rhs r%d %.17g\n", i, v)
		}
	}
	fmt.Fprintln(b, "RANGES")
	for i, r := range m.Rows {
		if !math.IsInf(r.Lower, -1) && !math.IsInf(r.Upper, 1) && r.Lower != r.Upper {
			fmt.Fprintf(b, " rng r%d %.17g\n", i, r.Upper-r.Lower)
		}
	}
	fmt.Fprintln(b, "BOUNDS")
	for j := range m.Columns {
		m.Columns[j].writeBounds(b, j)
	}
	fmt.Fprintln(b, "ENDATA")
	return b.Flush()
}

func (m *Model) writeColumns(b *bufio.Writer, sign float64) {
	fmt.Fprintln(b, "COLUMNS")
	whole := false
	marker := func(kind string) { fmt.Fprintf(b, " MARKER 'MARKER' '%s'\n", kind) }
	for j := range m.Columns {
		c := &m.Columns[j]
		if c.Integer != whole {
			marker(map[bool]string{true: "INTORG", false: "INTEND"}[c.Integer])
			whole = c.Integer
		}
		fmt.Fprintf(b, " c%d cost %.17g\n", j, sign*c.Cost)
		for k, i := range c.Rows {
			fmt.Fprintf(b, " c%d r%d %.17g\n", j, i, c.Coef[k])
		}
	}
	if whole {
		marker("INTEND")
	}
}

func (r Row) sense() string {
	switch {
	case r.Lower == r.Upper:
		return "E"
	case !math.IsInf(r.Lower, -1):
		return "G"
	case !math.IsInf(r.Upper, 1):
		return "L"
	}
	return "N"
}

func (r Row) rhs() float64 {
	switch r.sense() {
	case "E", "G":
		return r.Lower
	case "L":
		return r.Upper
	}
	return 0
}

func (c *Column) writeBounds(b *bufio.Writer, j int) {
	switch {
	case math.IsInf(c.Lower, -1) && math.IsInf(c.Upper, 1):
		fmt.Fprintf(b, " FR bnd c%d\n", j)
		return
	case math.IsInf(c.Lower, -1):
		fmt.Fprintf(b, " MI bnd c%d\n", j)
	default:
		fmt.Fprintf(b, " LO bnd c%d %.17g\n", j, c.Lower)
	}
	if math.IsInf(c.Upper, 1) {
		fmt.Fprintf(b, " PL bnd c%d\n", j) // an integer column would be read as binary without it
	} else {
		fmt.Fprintf(b, " UP bnd c%d %.17g\n", j, c.Upper)
	}
}
