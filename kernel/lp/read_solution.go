package lp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Answer is what another solver says of a model that was written for it.
type Answer struct {
	Solver string             // HiGHS, CBC, SCIP or Gurobi; "" where the file does not tell
	Said   string             // its status in its own words, "" where there is none
	Values map[string]float64 // by column; those missing are 0
}

// SolutionError says why a file is no answer: Why is one of form, pretty, xml, none,
// pair, number, twice, many, empty and read; Line counts from 1; Value is what stands there.
type SolutionError struct {
	Line  int
	Why   string
	Value string
	Err   error
}

// Error gives the line and the reason; people are shown a sentence made of them.
func (e *SolutionError) Error() string {
	return fmt.Sprintf("solution line %d: %s %q", e.Line, e.Why, e.Value)
}

// Unwrap is what reading failed with, nil where the file is at fault.
func (e *SolutionError) Unwrap() error { return e.Err }

// longSolutionLine bounds a line in bytes: no solver has names as long.
const longSolutionLine = 16 << 10

// ReadSolution reads the solution files of HiGHS (raw style, sparse or not), CBC, SCIP and
// Gurobi, and those of MIPLIB: a name and its value a line, under a head that tells which.
// The error is a *SolutionError.
func ReadSolution(r io.Reader) (Answer, error) {
	p := &solution{Answer: Answer{Values: map[string]float64{}}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 4<<10), longSolutionLine)
	for !p.done && lines.Scan() {
		p.at++
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		if err := p.line(strings.Join(words, " "), words); err != nil {
			return Answer{}, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return Answer{}, &SolutionError{Line: p.at + 1, Why: "form", Err: err}
	} else if err != nil {
		return Answer{}, &SolutionError{Line: p.at + 1, Why: "read", Value: err.Error(), Err: err}
	}
	if !p.begun || p.Solver == "HiGHS" && !p.columns {
		return Answer{}, p.wrong("empty", "")
	}
	return p.Answer, nil
}

// solution is the state of reading.
type solution struct {
	Answer
	at      int
	begun   bool
	columns bool // of HiGHS: the values have come
	told    bool // of HiGHS: the status has come
	done    bool
}

func (p *solution) wrong(why, value string) error {
	if len(value) > 80 {
		value = value[:80]
	}
	return &SolutionError{Line: p.at, Why: why, Value: strings.ToValidUTF8(value, "�")}
}

func (p *solution) line(text string, words []string) error {
	if !p.begun {
		p.begun = true
		if said, err := p.head(text); said || err != nil {
			return err
		}
	}
	switch {
	case p.Solver == "HiGHS" && !p.columns:
		return p.highs(text, words)
	case p.Solver == "HiGHS" && text[0] == '#':
		p.done = true // rows and prices
		return nil
	case text[0] == '#' || strings.HasPrefix(text, "=obj=") || strings.HasPrefix(text, "objective value:"):
		return nil
	case text == "no solution available" || strings.HasPrefix(text, "=infeas="):
		return p.wrong("none", p.Said)
	case p.Solver == "CBC":
		if words[0] == "**" { // its own mark of what it finds infeasible
			words = words[1:]
		}
		if len(words) < 3 {
			return p.wrong("pair", text)
		}
		return p.value(words[1], words[2])
	case len(words) < 2:
		return p.wrong("pair", text)
	}
	return p.value(words[0], words[1])
}

// head reads the first line. It reports whether that is all there is in it.
func (p *solution) head(text string) (bool, error) {
	low := strings.ToLower(text)
	switch {
	case text == "Model status":
		p.Solver = "HiGHS"
	case strings.HasPrefix(low, "solution status:"):
		p.Solver, p.Said = "SCIP", strings.TrimSpace(text[len("solution status:"):])
	case strings.HasPrefix(low, "objective value:"):
		p.Solver = "SCIP"
	case strings.HasPrefix(low, "# solution ") || strings.HasPrefix(low, "# objective value"):
		p.Solver = "Gurobi"
	case strings.Contains(low, "objective value"):
		said, _, _ := strings.Cut(text, " - objective value")
		p.Solver, p.Said = "CBC", said
		if low = strings.ToLower(said); strings.Contains(low, "infeasible") || strings.Contains(low, "unbounded") || strings.Contains(low, "no integer solution") {
			return true, p.wrong("none", said)
		}
	case text == "Columns" || strings.HasPrefix(text, "c Problem:"):
		return true, p.wrong("pretty", text)
	case strings.HasPrefix(text, "<"):
		return true, p.wrong("xml", "")
	case text[0] == '#' || strings.HasPrefix(text, "=obj=") || strings.HasPrefix(text, "=infeas="):
		return false, nil
	default:
		if f := strings.Fields(text); len(f) != 2 {
			return true, p.wrong("form", text)
		} else if _, err := number(f[1]); err != nil {
			return true, p.wrong("form", text)
		}
		return false, nil
	}
	return true, nil
}

// highs reads what stands before the values: the status, and whether there are any.
func (p *solution) highs(text string, words []string) error {
	switch {
	case !p.told && text[0] != '#':
		p.Said, p.told = text, true
	case text == "None" || text == "Infeasible":
		return p.wrong("none", p.Said)
	case len(words) >= 3 && words[0] == "#" && words[1] == "Columns":
		p.columns = true
	}
	return nil
}

func (p *solution) value(name, word string) error {
	x, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return p.wrong("number", name+" "+word)
	}
	if _, twice := p.Values[name]; twice {
		return p.wrong("twice", name)
	}
	if len(p.Values) >= mostMPSColumns {
		return p.wrong("many", strconv.Itoa(mostMPSColumns))
	}
	p.Values[name] = x
	return nil
}
