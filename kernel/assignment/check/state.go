package check

import (
	"fmt"
	"math"

	"github.com/plottage/plottage/kernel/assignment"
)

// state is a problem with some pairs forbidden and some jobs placed.
type state struct {
	p        assignment.Problem
	m, n     int
	cost     [][]int64 // in parts, with what the caps' prices add
	back     int64     // in parts: what the caps give back
	unit     []int64   // of each agent's knapsack
	limit    int64     // in units of cost: the proof shows that nothing costs so little
	allowed  [][]bool  // by agent, then job
	at       []int     // -1: not placed
	history  []event
	room     []int64
	capRoom  []int64
	sum      int64 // cost of the placed
	capsWith [][]member
}

type member struct{ cap, row int }

// event is one thing to undo: a pair forbidden, or with agent -1 a job placed.
type event struct{ agent, job int }

func newState(p assignment.Problem, capPrice []float64) (*state, error) {
	s := &state{p: p, m: len(p.Cost), n: len(p.Cost[0]), capsWith: make([][]member, len(p.Cost))}
	if len(capPrice) != len(p.Caps) && len(capPrice) != 0 {
		return nil, fmt.Errorf("%d prices for %d caps", len(capPrice), len(p.Caps))
	}
	most := 0.0
	for i := range s.m {
		s.cost = append(s.cost, make([]int64, s.n))
		s.allowed = append(s.allowed, make([]bool, s.n))
		for j, c := range p.Cost[i] {
			s.cost[i][j] = c * whole
			s.allowed[i][j] = true
			most = max(most, math.Abs(float64(c)))
		}
		s.unit = append(s.unit, unit(p.Use[i], p.Capacity[i]))
		s.room = append(s.room, p.Capacity[i])
	}
	if most*float64(s.n+1)*whole > 1<<60 {
		return nil, fmt.Errorf("costs up to %v are too large to be added exactly", most)
	}
	for range s.n {
		s.at = append(s.at, -1)
	}
	for r, c := range p.Caps {
		s.capRoom = append(s.capRoom, c.Most)
		y := int64(0)
		if len(capPrice) > 0 {
			y = parts(capPrice[r])
		}
		if y < 0 {
			return nil, fmt.Errorf("cap %d has a price below nothing", r)
		}
		s.back += y * c.Most
		for k, i := range c.Agents {
			s.capsWith[i] = append(s.capsWith[i], member{r, k})
			for j, u := range c.Use[k] {
				s.cost[i][j] += y * u
			}
		}
	}
	return s, nil
}

func parts(price float64) int64 { return int64(math.Round(price * whole)) }

// unit divides uses and capacity of a knapsack: their greatest common divisor, made
// coarser until at most 2^12 units are left.
func unit(use []int64, capacity int64) int64 {
	g := int64(0)
	for _, u := range use {
		if u > capacity {
			continue
		}
		for b := u; b > 0; {
			g, b = b, g%b
		}
	}
	if g == 0 {
		g = 1
	}
	const most = 4096
	if units := capacity / g; units > most {
		g *= (units + most - 1) / most
	}
	return g
}

// overfull reports whether an agent or a cap has less than no room.
func (s *state) overfull() bool {
	for _, b := range s.room {
		if b < 0 {
			return true
		}
	}
	for _, b := range s.capRoom {
		if b < 0 {
			return true
		}
	}
	return false
}

// mostCost is what no assignment exceeds.
func (s *state) mostCost() (sum int64) {
	for j := range s.n {
		most := int64(math.MinInt64)
		for i := range s.m {
			most = max(most, s.p.Cost[i][j])
		}
		sum += most
	}
	return sum
}

func (s *state) forbid(i, j int) {
	s.allowed[i][j] = false
	s.history = append(s.history, event{i, j})
}

// place puts a job down and reports whether it fits.
func (s *state) place(i, j int) bool {
	s.at[j] = i
	s.history = append(s.history, event{-1, j})
	return s.book(i, j, 1)
}

func (s *state) book(i, j int, sign int64) bool {
	s.room[i] -= sign * s.p.Use[i][j]
	s.sum += sign * s.p.Cost[i][j]
	fits := s.room[i] >= 0
	for _, c := range s.capsWith[i] {
		s.capRoom[c.cap] -= sign * s.p.Caps[c.cap].Use[c.row][j]
		fits = fits && s.capRoom[c.cap] >= 0
	}
	return fits
}

func (s *state) undo(length int) {
	for k := len(s.history) - 1; k >= length; k-- {
		if e := s.history[k]; e.agent >= 0 {
			s.allowed[e.agent][e.job] = true
		} else {
			s.book(s.at[e.job], e.job, -1)
			s.at[e.job] = -1
		}
	}
	s.history = s.history[:length]
}
