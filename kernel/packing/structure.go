package packing

import (
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// rowKind is what a row means, found from its entries alone.
type rowKind uint8

const (
	freeRow rowKind = iota // binds nothing
	clique                 // at most one of its columns: a parcel, a project
	capRow                 // uses that add up, of columns of one period
	linkRow                // room that givers make for children
	mixed                  // anything else; always priced
)

// A period is a largest set of columns that caps tie together: a year of a renewal
// plan. Given prices of all other rows, periods are independent programs.
type period struct {
	number  int32
	caps    []int32 // rows
	columns []int32
	use     []float64 // [column*len(caps)+cap], as a share of the cap
	oracle  oracle
}

// A family is a link row: children share the room of the one giver that is chosen.
type family struct {
	giver     []int32
	child     []int32
	need      []float64
	exclusive bool // its givers exclude each other, so that a child is taken whole or not at all
}

// analyse sorts rows into kinds, finds families and periods.
func (s *solver) analyse() {
	n := len(s.gain)
	s.kind, s.fixed, s.isChild, s.familyBy = make([]rowKind, len(s.limit)), make([]bool, n), make([]bool, n), make([]*family, n)
	s.familyOf = make([]*family, n)
	for j := range s.fixed {
		s.fixed[j] = s.m.Columns[j].Upper == 0
	}
	s.fit()
	for i := range s.limit {
		s.kind[i] = s.kindOf(i)
	}
	s.findNeeds()
	s.findFamilies()
	s.findPeriods()
}

// findNeeds marks the columns that fit only where others make room for them.
func (s *solver) findNeeds() {
	for i, row := range s.byRow {
		gives := slices.ContainsFunc(row, func(e lp.Entry) bool { return e.Coef < 0 })
		for _, e := range row {
			if gives && e.Coef > s.limit[i] {
				s.needs[e.Column] = true
			}
		}
	}
}

func (s *solver) kindOf(i int) rowKind {
	if math.IsInf(s.limit[i], 1) {
		return freeRow
	}
	least, second, negative, sum := math.Inf(1), math.Inf(1), false, 0.0
	for _, e := range s.byRow[i] {
		if s.fixed[e.Column] {
			continue
		}
		negative = negative || e.Coef < 0
		if e.Coef <= 0 {
			continue
		}
		sum += e.Coef
		if e.Coef < least {
			least, second = e.Coef, least
		} else {
			second = min(second, e.Coef)
		}
	}
	switch {
	case negative && s.limit[i] == 0:
		return linkRow
	case negative:
		return mixed
	case sum <= s.limit[i]:
		return freeRow
	case least+second > s.limit[i]*(1+1e-9):
		return clique
	}
	return capRow
}

// fit fixes columns that use more of a row than there is, whatever else is chosen.
func (s *solver) fit() {
	for i, row := range s.byRow {
		room := s.limit[i]
		for _, e := range row {
			if e.Coef < 0 && !s.fixed[e.Column] {
				room -= e.Coef
			}
		}
		for _, e := range row {
			if e.Coef > room+1e-9*(1+room) {
				s.fixed[e.Column] = true
			}
		}
	}
}

// findFamilies notes, for the link rows of which each column has at most one, which
// column makes room for which. A link that does not fit is priced.
func (s *solver) findFamilies() {
	for i, row := range s.byRow {
		if s.kind[i] != linkRow {
			continue
		}
		if f, givers := s.familyIn(row); f == nil {
			s.kind[i] = mixed
		} else {
			for _, j := range givers {
				s.familyBy[j] = f
				f.giver = append(f.giver, j)
				s.hosts = append(s.hosts, j)
			}
			for _, c := range f.child {
				s.isChild[c], s.familyOf[c] = true, f
			}
		}
	}
}

func (s *solver) familyIn(row []lp.Entry) (*family, []int32) {
	f, givers := &family{}, []int32(nil)
	for _, e := range row {
		if s.isChild[e.Column] || s.familyBy[e.Column] != nil {
			return nil, nil
		}
		if e.Coef < 0 {
			givers = append(givers, e.Column)
		} else if e.Coef > 0 {
			f.child, f.need = append(f.child, e.Column), append(f.need, e.Coef)
		}
	}
	f.exclusive = s.exclude(givers)
	return f, givers
}

// exclude reports whether one clique row holds all of the columns.
func (s *solver) exclude(columns []int32) bool {
	if len(columns) < 2 {
		return true
	}
	for _, i := range s.m.Columns[columns[0]].Rows {
		if s.kind[i] == clique && !slices.ContainsFunc(columns[1:], func(j int32) bool { return !slices.Contains(s.m.Columns[j].Rows, i) }) {
			return true
		}
	}
	return false
}

// findPeriods joins the columns that share a cap. A cap that holds children is priced.
func (s *solver) findPeriods() {
	head := make([]int32, len(s.gain))
	for j := range head {
		head[j] = int32(j)
	}
	find := func(j int32) int32 {
		for head[j] != j {
			head[j] = head[head[j]]
			j = head[j]
		}
		return j
	}
	for i, row := range s.byRow {
		if s.kind[i] != capRow {
			continue
		}
		if slices.ContainsFunc(row, func(e lp.Entry) bool { return s.isChild[e.Column] }) {
			s.kind[i] = mixed
			continue
		}
		for _, e := range row {
			head[find(e.Column)] = find(row[0].Column)
		}
	}
	number := map[int32]*period{}
	for i, row := range s.byRow {
		if s.kind[i] == capRow {
			h := find(row[0].Column)
			if number[h] == nil {
				number[h] = &period{number: int32(len(s.periods))}
				s.periods = append(s.periods, number[h])
			}
			number[h].caps = append(number[h].caps, int32(i))
		}
	}
	s.periodOf = make([]int32, len(s.gain))
	for j := range s.gain {
		s.periodOf[j] = -1
		switch p := number[find(int32(j))]; {
		case s.isChild[j] || s.fixed[j]:
		case p == nil:
			s.single = append(s.single, int32(j))
		default:
			s.periodOf[j] = p.number
			p.columns = append(p.columns, int32(j))
		}
	}
	s.split()
	for _, p := range s.periods {
		p.measure(s)
	}
}

// split sorts the entries of each column by what their rows mean.
func (s *solver) split() {
	n := len(s.gain)
	s.cliques, s.loose, s.room = make([][]int32, n), make([][]entry, n), make([]float64, n)
	for j := range n {
		c := &s.m.Columns[j]
		for k, i := range c.Rows {
			switch {
			case s.kind[i] == clique && c.Coef[k] > 0:
				s.cliques[j] = append(s.cliques[j], i)
			case s.kind[i] == mixed:
				s.loose[j] = append(s.loose[j], entry{i, c.Coef[k]})
			case s.kind[i] == linkRow && c.Coef[k] < 0:
				s.room[j] = -c.Coef[k]
			}
		}
	}
}

// measure fills in the columns' shares of the caps.
func (p *period) measure(s *solver) {
	q := len(p.caps)
	number := make(map[int32]int, q)
	for k, i := range p.caps {
		number[i] = k
	}
	p.use = make([]float64, q*len(p.columns))
	for n, j := range p.columns {
		c := &s.m.Columns[j]
		for k, i := range c.Rows {
			if at, in := number[i]; in {
				p.use[n*q+at] = c.Coef[k] / s.limit[i]
			}
		}
	}
}
