package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Names are what a written model calls itself, its columns and its rows; without spaces,
// and each once. Columns and rows that are nil are c0, c1, … and r0, r1, ….
type Names struct {
	Model   string
	Columns []string
	Rows    []string
	Comment []string // lines at the head of the file
}

func (n *Names) column(j int) string {
	if n.Columns == nil {
		return "c" + strconv.Itoa(j)
	}
	return n.Columns[j]
}

func (n *Names) row(i int) string {
	if n.Rows == nil {
		return "r" + strconv.Itoa(i)
	}
	return n.Rows[i]
}

// WriteMPS writes the model in free MPS form, as every solver reads it. MPS knows
// minimisation only for sure, so a maximisation is written with its costs negated.
func (m *Model) WriteMPS(w io.Writer, n Names) error {
	b := bufio.NewWriter(w)
	for _, line := range n.Comment {
		fmt.Fprintf(b, "* %s\n", line)
	}
	fmt.Fprintf(b, "NAME %s\nROWS\n N cost\n", n.Model)
	for i, r := range m.Rows {
		fmt.Fprintf(b, " %s %s\n", r.sense(), n.row(i))
	}
	sign := 1.0
	if m.Maximise {
		sign = -1
	}
	m.writeColumns(b, &n, sign)
	fmt.Fprintln(b, "RHS")
	if m.Offset != 0 {
		fmt.Fprintf(b, " rhs cost %g\n", -sign*m.Offset)
	}
	for i, r := range m.Rows {
		if v := r.rhs(); v != 0 {
			fmt.Fprintf(b, " rhs %s %g\n", n.row(i), v)
		}
	}
	fmt.Fprintln(b, "RANGES")
	for i, r := range m.Rows {
		if !math.IsInf(r.Lower, -1) && !math.IsInf(r.Upper, 1) && r.Lower != r.Upper {
			fmt.Fprintf(b, " rng %s %g\n", n.row(i), r.Upper-r.Lower)
		}
	}
	fmt.Fprintln(b, "BOUNDS")
	for j := range m.Columns {
		m.Columns[j].writeBounds(b, n.column(j))
	}
	fmt.Fprintln(b, "ENDATA")
	return b.Flush()
}

func (m *Model) writeColumns(b *bufio.Writer, n *Names, sign float64) {
	fmt.Fprintln(b, "COLUMNS")
	whole := false
	marker := func(kind string) { fmt.Fprintf(b, " MARKER 'MARKER' '%s'\n", kind) }
	for j := range m.Columns {
		c := &m.Columns[j]
		if c.Integer != whole {
			marker(map[bool]string{true: "INTORG", false: "INTEND"}[c.Integer])
			whole = c.Integer
		}
		name := n.column(j)
		if c.Cost != 0 || len(c.Rows) == 0 { // never -0: CBC refuses it
			fmt.Fprintf(b, " %s cost %g\n", name, sign*c.Cost+0)
		}
		for k, i := range c.Rows {
			fmt.Fprintf(b, " %s %s %g\n", name, n.row(int(i)), c.Coef[k])
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

func (c *Column) writeBounds(b *bufio.Writer, name string) {
	switch {
	case math.IsInf(c.Lower, -1) && math.IsInf(c.Upper, 1):
		fmt.Fprintf(b, " FR bnd %s\n", name)
		return
	case math.IsInf(c.Lower, -1):
		fmt.Fprintf(b, " MI bnd %s\n", name)
	case c.Lower != 0 || c.Upper < 0: // 0 is what MPS takes
		fmt.Fprintf(b, " LO bnd %s %g\n", name, c.Lower)
	}
	if math.IsInf(c.Upper, 1) {
		fmt.Fprintf(b, " PL bnd %s\n", name) // an integer column would be read as binary without it
	} else {
		fmt.Fprintf(b, " UP bnd %s %g\n", name, c.Upper)
	}
}
