package renewal

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
)

// Program is a problem as one mixed-integer program that names lots and not sets of
// lots, for those who own another solver. Every connected part of the lots has as many
// seats as blocks fit into its land; columns say which lots sit where and when a seat
// starts, a flow keeps a seat in one piece. Its best point is a best plan.
// Formulation: docs/method/renewal.md#compact.
type Program struct {
	Model   lp.Model
	Columns []string // their names
	Rows    []string

	p     *Problem
	m     *model
	seats []seat
	put   []putting

	entries int
	use     []int32 // rows of Problem, by model row
	project []int32 // rows, by project: it takes land once
	anchor  []map[int]int32
	once    []int32         // rows, by lot or bridge: it is in one block
	lock    map[int32]int32 // rows, by locked lot
}

// seat is where a block can come to be: of a part of the lots, of one lot by itself, or a
// signed block.
type seat struct {
	name  string
	town  int32
	nodes []int32 // lots, and after them bridges
	in    []int   // column by node; nil: all of them, whenever it starts
	start []int   // column by start, -1 none
	mixed []mixed
	as    []plottage.Treated // of a signed block

	room []int32 // rows by start: land for projects; -1 none
}

// mixed is the column of a lot in a mix.
type mixed struct{ column, entry int32 }

// putting is the column of a project on the block of a seat.
type putting struct {
	project, seat int32
	start, column int
}

// Units of the program, so that coefficients are of like size.
const (
	moneyUnit = 1e4 // 万元
	areaUnit  = 1e3 // m²
)

// Money is an amount that the program states, of its objective or bound, in units of the
// currency.
func (g *Program) Money(stated float64) float64 { return stated * moneyUnit }

// Most of what a Program may be.
const (
	mostProgramColumns = 2_000_000
	mostProgramEntries = 30_000_000
)

// Compact states the problem as one program. It panics when the problem does not
// Validate; the error is a *plottage.Error of code Limit when the program would be too
// large for any solver.
func Compact(p *Problem) (*Program, error) {
	if err := p.Validate(); err != nil {
		panic("renewal: " + err.Error())
	}
	g := &Program{p: p, m: compile(p, ""), Model: lp.Model{Maximise: true}}
	g.rows()
	for n := range g.m.signed {
		g.signedSeat(n)
	}
	for v := range g.m.lots {
		g.aloneSeat(int32(v))
	}
	for _, part := range g.parts() {
		if before := int32(-1); g.fits(part) {
			for range g.seatsOf(part) {
				before = g.seat(part, before)
			}
		}
		if !g.fits(part) || len(g.Columns) > mostProgramColumns || g.entries > mostProgramEntries {
			return nil, &plottage.Error{Code: plottage.Limit, Key: "renewal_model_large",
				Args: map[string]any{"lots": len(p.Lots), "part": len(part), "columns": mostProgramColumns}}
		}
	}
	if len(g.Columns) == 0 { // no lot can be in a block; solvers want a column
		g.column(lp.Column{}, nil, "nothing")
	}
	return g, nil
}

// fits reports whether the seats of a part are few enough to be stated at all: its lots at
// their starts and its links alone are no more columns than a program may have.
func (g *Program) fits(part []int32) bool {
	each := 0
	for _, v := range part {
		l := &g.m.lots[v]
		each += 2 + bits.OnesCount64(l.starts&^g.m.alone)*(1+len(l.mixes)) + len(g.m.adj[v])
	}
	return each*g.seatsOf(part) <= mostProgramColumns
}

// entry is one coefficient of a column; a row below 0 is left out.
type entry struct {
	row int32
	n   float64
}

func (g *Program) row(lower, upper float64, name ...string) int32 {
	g.Rows = append(g.Rows, bracketed(name...))
	return g.Model.AddRow(lower, upper)
}

// atMost is a row of the form … ≤ upper.
func (g *Program) atMost(upper float64, name ...string) int32 {
	return g.row(math.Inf(-1), upper, name...)
}

// column adds a column; entries of one row are added up.
func (g *Program) column(c lp.Column, entries []entry, name ...string) int {
	at := map[int32]int{}
	for _, e := range entries {
		if e.row < 0 || e.n == 0 {
			continue
		}
		k, twice := at[e.row]
		if !twice {
			k = len(c.Rows)
			at[e.row] = k
			c.Rows, c.Coef = append(c.Rows, e.row), append(c.Coef, 0)
		}
		c.Coef[k] += e.n
	}
	g.entries += len(c.Rows)
	g.Columns = append(g.Columns, bracketed(name...))
	return g.Model.AddColumn(c)
}

// binary is a column of 0 or 1 that is worth so many units of the currency.
func binary(value int64) lp.Column {
	return lp.Column{Cost: float64(value) / moneyUnit, Upper: 1, Integer: true}
}

// bracketed writes a name and what it is of: start[s1,clear,2027].
func bracketed(name ...string) string {
	if len(name) == 1 {
		return name[0]
	}
	return name[0] + "[" + strings.Join(name[1:], ",") + "]"
}

// longName is how many bytes of an id a name takes up at most: solvers hold names of 255.
const longName = 60

// plain writes an id so that a name with it has no spaces and reads one way only: letters
// and digits of any script, '_', '-', '.' and ':' as they are, other bytes as %XX. An id too
// long for the names of solvers is called by its number, "%#17", which no id is written as.
func plain(id string, number int) string {
	var b strings.Builder
	for i := 0; i < len(id); {
		r, size := utf8.DecodeRuneInString(id[i:])
		if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.:", r)) {
			b.WriteString(id[i : i+size])
		} else {
			for _, c := range []byte(id[i : i+size]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		i += size
	}
	if b.Len() > longName || b.Len() == 0 {
		return fmt.Sprintf("%%#%d", number)
	}
	return b.String()
}

func (g *Program) node(v int32) string { return plain(g.m.lots[v].ID, int(v)) }

func (g *Program) projectName(k int) string { return plain(g.m.projects[k].ID, k) }

// begins names a start: mode and year.
func (g *Program) begins(q int) []string {
	mode := g.m.mode(q)
	return []string{plain(g.p.Modes[mode].Name, mode), fmt.Sprint(g.p.Years[g.m.year(q)])}
}

// parts lists the connected parts of the lots, with bridges, that can be in blocks of more
// than one lot: lots first, each ascending.
func (g *Program) parts() [][]int32 {
	m := g.m
	free := func(v int32) bool { return !m.lots[v].signed && m.lots[v].starts&^m.alone != 0 }
	seen := make([]bool, len(m.lots))
	var all [][]int32
	for v := range int32(m.lotCount) {
		if seen[v] || !free(v) {
			continue
		}
		part := []int32{v}
		seen[v] = true
		for n := 0; n < len(part); n++ {
			for _, e := range m.adj[part[n]] {
				if !seen[e.to] && free(e.to) {
					seen[e.to] = true
					part = append(part, e.to)
				}
			}
		}
		all = append(all, sortedNodes(part))
	}
	return all
}

// seatsOf is how many blocks fit into the land of a part.
func (g *Program) seatsOf(part []int32) int {
	var land int64
	lots := 0
	for _, v := range part {
		land += g.m.lots[v].AreaM2 // 0 of a bridge
		if !g.bridge(v) {
			lots++
		}
	}
	return int(min(land/g.p.Block.MinAreaM2, int64(lots)))
}

func (g *Program) bridge(v int32) bool { return int(v) >= g.m.lotCount }

// usable is the land for projects that an entry gives in a mode.
func (g *Program) usable(e int32, q int) float64 {
	return float64(g.m.entry(e).In[g.m.mode(q)].UsableM2) / areaUnit
}

// uses lists what a lot, by an entry and a start, counts in the problem's rows.
func (g *Program) uses(e int32, q int) []entry {
	m := g.m
	x := m.entry(e)
	var all []entry
	for i := range m.rows {
		r := &m.rows[i]
		if n := r.ofBlock(&x.q[m.mode(q)], x.Town, m.year(q), m.ready(q)); n != 0 {
			all = append(all, entry{g.use[i], float64(n) / r.unit()})
		}
	}
	for _, u := range x.usesAt(q) {
		all = append(all, entry{g.use[u.row], float64(u.n) / m.rows[u.row].unit()})
	}
	return all
}

// unit is what the program counts a row in.
func (r *row) unit() float64 {
	switch r.kind {
	case fundRow:
		return moneyUnit
	case ownerRow:
		return 1
	case yearCap, cumCap:
		switch r.q {
		case cost:
			return moneyUnit
		case workers:
			return 1
		}
	}
	return areaUnit // of power: MW
}

// eachStart calls f with the starts of a set.
func eachStart(starts uint64, f func(q int)) {
	for ; starts != 0; starts &= starts - 1 {
		f(bits.TrailingZeros64(starts))
	}
}
