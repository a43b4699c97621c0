package check

import (
	"errors"
	"fmt"

	"github.com/plottage/plottage/kernel/assignment"
)

// node says why the node is not closed by what it holds; the state is as before when
// it returns.
func (s *state) node(v *assignment.Node, depth int) error {
	mark := len(s.history)
	defer func() { s.undo(mark) }()
	if s.settle() {
		return nil
	}
	for _, price := range v.Pass {
		if len(price) != s.n {
			return fmt.Errorf("%d prices for %d jobs", len(price), s.n)
		}
		if s.value(price, s.forbid) > s.limit*whole || s.settle() {
			return nil
		}
	}
	if v.Child[0] == nil || v.Child[1] == nil {
		return fmt.Errorf("an open node at depth %d of the proof has no fork", depth)
	}
	i, j := int(v.Agent), int(v.Job)
	if i < 0 || i >= s.m || j < 0 || j >= s.n {
		return errors.New("a fork of the proof names a pair that there is not")
	}
	here := len(s.history)
	for k := range s.m {
		if k != i && s.allowed[k][j] {
			s.forbid(k, j)
		}
	}
	if err := s.node(v.Child[0], depth+1); err != nil {
		return err
	}
	s.undo(here)
	if s.allowed[i][j] {
		s.forbid(i, j)
	}
	return s.node(v.Child[1], depth+1)
}

// settle draws what follows from room and forbidden pairs, and reports whether no
// assignment within the limit is left.
func (s *state) settle() bool {
	if s.overfull() {
		return true
	}
	for again := true; again; {
		again = false
		open := 0
		for j := range s.n {
			if s.at[j] >= 0 {
				continue
			}
			open++
			choices, last := 0, -1
			for i := range s.m {
				if s.allowed[i][j] && !s.fits(i, j) {
					s.forbid(i, j)
				}
				if s.allowed[i][j] {
					choices, last = choices+1, i
				}
			}
			switch choices {
			case 0:
				return true
			case 1:
				if !s.place(last, j) {
					return true
				}
				again = true
			}
		}
		if open == 0 {
			return s.sum > s.limit
		}
	}
	return false
}

func (s *state) fits(i, j int) bool {
	fits := s.p.Use[i][j] <= s.room[i]
	for _, c := range s.capsWith[i] {
		fits = fits && s.p.Caps[c.cap].Use[c.row][j] <= s.capRoom[c.cap]
	}
	return fits
}

// value is the relaxed value at the prices, in parts. With forbid it also forbids each
// pair with which the value exceeds the limit.
func (s *state) value(price []float64, forbid func(i, j int)) int64 {
	y := make([]int64, s.n)
	value := -s.back
	for j := range y {
		y[j] = parts(price[j])
		if i := s.at[j]; i >= 0 {
			value += s.cost[i][j]
		} else {
			value += y[j]
		}
	}
	with := make([][]int64, s.m) // what is lost by the pair beyond being without it
	without := make([]int64, s.n)
	for i := range s.m {
		var saved int64
		saved, with[i] = s.knapsack(i, y, without)
		value -= saved
	}
	if forbid == nil || value > s.limit*whole {
		return value
	}
	for i := range s.m {
		for j := range s.n {
			if s.at[j] < 0 && s.allowed[i][j] && s.fits(i, j) && value+with[i][j]+without[j] > s.limit*whole {
				forbid(i, j)
			}
		}
	}
	return value
}

// knapsack returns the most that agent i saves. For each job, taken alone: with is
// what it loses when it must take it less what it loses when it must not, which is
// added to without.
func (s *state) knapsack(i int, y, without []int64) (saved int64, with []int64) {
	g := s.unit[i]
	room := s.p.Capacity[i] / g // jobs placed have taken whole units, rounded down as the others
	for j, at := range s.at {
		if at == i {
			room -= s.p.Use[i][j] / g
		}
	}
	with = make([]int64, s.n)
	if room < 0 {
		return 0, with
	}
	var jobs []int
	for j := range s.n {
		if s.at[j] < 0 && s.allowed[i][j] && s.p.Use[i][j] <= s.p.Capacity[i] && s.p.Use[i][j]/g <= room && y[j] > s.cost[i][j] {
			jobs = append(jobs, j)
		}
	}
	before := make([][]int64, len(jobs)+1) // before[k][c]: most of the first k jobs in room c
	after := make([][]int64, len(jobs)+1)
	before[0] = make([]int64, room+1)
	after[len(jobs)] = make([]int64, room+1)
	for k, j := range jobs {
		before[k+1] = more(before[k], s.p.Use[i][j]/g, y[j]-s.cost[i][j])
	}
	for k := len(jobs) - 1; k >= 0; k-- {
		after[k] = more(after[k+1], s.p.Use[i][jobs[k]]/g, y[jobs[k]]-s.cost[i][jobs[k]])
	}
	all := before[len(jobs)]
	saved = all[room]
	for j := range s.n {
		if u := s.p.Use[i][j] / g; s.at[j] < 0 && s.allowed[i][j] && u <= room {
			with[j] = saved - all[room-u] - (y[j] - s.cost[i][j])
		}
	}
	for k, j := range jobs {
		u, gain := s.p.Use[i][j]/g, y[j]-s.cost[i][j]
		in, out := int64(0), int64(0)
		for c := int64(0); c <= room; c++ {
			out = max(out, before[k][c]+after[k+1][room-c])
			if c+u <= room {
				in = max(in, gain+before[k][c]+after[k+1][room-u-c])
			}
		}
		with[j] = out - in
		without[j] += saved - out
	}
	return saved, with
}

// more adds one item to a row of a knapsack.
func more(row []int64, use, gain int64) []int64 {
	next := append([]int64(nil), row...)
	for c := use; c < int64(len(row)); c++ {
		next[c] = max(next[c], row[c-use]+gain)
	}
	return next
}
