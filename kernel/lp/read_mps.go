package lp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Most of what ReadMPS takes, so that a hostile file is refused rather than held.
const (
	mostMPSRows    = 2_000_000
	mostMPSColumns = 5_000_000
	mostMPSEntries = 50_000_000
)

// ReadMPS reads a program in free or fixed MPS form (names without spaces): a
// minimisation unless OBJSENSE says MAX. Sections ROWS, COLUMNS, RHS, RANGES and
// BOUNDS; the first N row is the objective, others are dropped. It returns the names
// of the columns in order. Errors name the line.
func ReadMPS(r io.Reader) (*Model, []string, error) {
	p := &mps{m: &Model{}, rows: map[string]int32{}, columns: map[string]int{}, seen: map[int32]int{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64*1024), 1<<20)
	for n := 1; lines.Scan() && p.section != "ENDATA"; n++ {
		line := lines.Text()
		if strings.HasPrefix(line, "*") || strings.TrimSpace(line) == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, nil, fmt.Errorf("MPS line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, nil, fmt.Errorf("read MPS: %w", err)
	}
	if p.section != "ENDATA" {
		return nil, nil, fmt.Errorf("MPS ends without ENDATA: the file is cut off")
	}
	return p.m, p.names, nil
}

// mps is the state of reading.
type mps struct {
	m         *Model
	section   string
	objective string
	rows      map[string]int32 // -1 for a dropped N row
	sense     []byte
	columns   map[string]int
	names     []string
	seen      map[int32]int // row -> 1 + column that last had an entry in it
	whole     bool
	entries   int
}

func (p *mps) line(line string) error {
	words := strings.Fields(line)
	if line[0] != ' ' && line[0] != '\t' {
		p.section = words[0]
		switch p.section {
		case "OBJSENSE":
			if len(words) > 1 {
				p.m.Maximise = strings.HasPrefix(words[1], "MAX")
			}
		case "NAME", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA":
		default:
			return fmt.Errorf("section %q is not known", p.section)
		}
		return nil
	}
	switch p.section {
	case "OBJSENSE":
		p.m.Maximise = strings.HasPrefix(words[0], "MAX")
		return nil
	case "ROWS":
		return p.row(words)
	case "COLUMNS":
		return p.column(words)
	case "RHS", "RANGES":
		return p.side(words)
	case "BOUNDS":
		return p.bound(words)
	}
	return fmt.Errorf("data outside a section")
}

func (p *mps) row(words []string) error {
	if len(words) != 2 || len(words[0]) != 1 || !strings.Contains("NLGE", words[0]) {
		return fmt.Errorf("want a sense (N, L, G, E) and a row's name")
	}
	if _, twice := p.rows[words[1]]; twice {
		return fmt.Errorf("row %q is named twice", words[1])
	}
	if len(p.m.Rows) >= mostMPSRows {
		return fmt.Errorf("more than %d rows", mostMPSRows)
	}
	inf := math.Inf(1)
	lower, upper := 0.0, 0.0
	switch words[0] {
	case "N":
		p.rows[words[1]] = -1
		if p.objective == "" {
			p.objective = words[1]
		}
		return nil
	case "L":
		lower = -inf
	case "G":
		upper = inf
	}
	p.rows[words[1]] = p.m.AddRow(lower, upper)
	p.sense = append(p.sense, words[0][0])
	return nil
}

func (p *mps) column(words []string) error {
	if len(words) == 3 && words[1] == "'MARKER'" {
		p.whole = words[2] == "'INTORG'"
		return nil
	}
	if len(words) != 3 && len(words) != 5 {
		return fmt.Errorf("want a column, a row and a value, or two of each")
	}
	j, known := p.columns[words[0]]
	if !known {
		if len(p.m.Columns) >= mostMPSColumns {
			return fmt.Errorf("more than %d columns", mostMPSColumns)
		}
		upper := math.Inf(1)
		if p.whole {
			upper = 1 // as MPS has it, unless a bound is given
		}
		j = p.m.AddColumn(Column{Upper: upper, Integer: p.whole})
		p.columns[words[0]] = j
		p.names = append(p.names, words[0])
	}
	if j != len(p.m.Columns)-1 {
		return fmt.Errorf("column %q comes in two places", words[0])
	}
	return p.pairs(words[1:], func(i int32, objective bool, x float64) error {
		c := &p.m.Columns[j]
		if objective {
			c.Cost = x
			return nil
		}
		if p.seen[i] == j+1 {
			return fmt.Errorf("column %q has two entries in a row", words[0])
		}
		p.seen[i] = j + 1
		if p.entries++; p.entries > mostMPSEntries {
			return fmt.Errorf("more than %d entries", mostMPSEntries)
		}
		c.Rows, c.Coef = append(c.Rows, i), append(c.Coef, x)
		return nil
	})
}

// pairs hands each row and value on; dropped rows are passed over.
func (p *mps) pairs(words []string, yield func(i int32, objective bool, x float64) error) error {
	for ; len(words) >= 2; words = words[2:] {
		i, known := p.rows[words[0]]
		if !known {
			return fmt.Errorf("row %q is not known", words[0])
		}
		x, err := number(words[1])
		if err != nil {
			return err
		}
		if i < 0 && words[0] != p.objective {
			continue
		}
		if err := yield(i, i < 0, x); err != nil {
			return err
		}
	}
	return nil
}

func number(word string) (float64, error) {
	x, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%q is not a number", word)
	}
	return x, nil
}

// side reads right-hand sides and ranges; the set's name may be missing.
func (p *mps) side(words []string) error {
	if len(words)%2 == 1 {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 4 {
		return fmt.Errorf("want a row and a value, or two of each")
	}
	return p.pairs(words, func(i int32, objective bool, x float64) error {
		switch {
		case objective && p.section == "RHS":
			p.m.Offset = -x
		case objective:
			return fmt.Errorf("the objective has no range")
		case p.section == "RHS":
			p.shift(i, x)
		default:
			p.spread(i, x)
		}
		return nil
	})
}

func (p *mps) shift(i int32, x float64) {
	r := &p.m.Rows[i]
	switch p.sense[i] {
	case 'L':
		r.Upper = x
	case 'G':
		r.Lower = x
	case 'E':
		r.Lower, r.Upper = x, x
	}
}

func (p *mps) spread(i int32, x float64) {
	r := &p.m.Rows[i]
	switch {
	case p.sense[i] == 'L':
		r.Lower = r.Upper - math.Abs(x)
	case p.sense[i] == 'G':
		r.Upper = r.Lower + math.Abs(x)
	case x < 0:
		r.Lower += x
	default:
		r.Upper += x
	}
}

func (p *mps) bound(words []string) error {
	if len(words) < 2 {
		return fmt.Errorf("want a kind, a column and a value")
	}
	kind, rest := words[0], words[1:]
	free := kind == "FR" || kind == "MI" || kind == "PL" || kind == "BV"
	name, value := rest[len(rest)-1], 0.0
	if !free || len(rest) == 3 {
		if len(rest) < 2 {
			return fmt.Errorf("bound %s has no value", kind)
		}
		var err error
		if value, err = number(rest[len(rest)-1]); err != nil {
			return err
		}
		name = rest[len(rest)-2]
	}
	j, known := p.columns[name]
	if !known {
		return fmt.Errorf("column %q is not known", name)
	}
	c, inf := &p.m.Columns[j], math.Inf(1)
	switch kind {
	case "UP", "UI":
		c.Upper = value
		if value < 0 && c.Lower == 0 {
			c.Lower = -inf
		}
	case "LO", "LI":
		c.Lower = value
	case "FX":
		c.Lower, c.Upper = value, value
	case "FR":
		c.Lower, c.Upper = -inf, inf
	case "MI":
		c.Lower = -inf
	case "PL":
		c.Upper = inf
	case "BV":
		c.Lower, c.Upper, c.Integer = 0, 1, true
	default:
		return fmt.Errorf("bound %q is not known", kind)
	}
	if kind == "UI" || kind == "LI" {
		c.Integer = true
	}
	return nil
}
