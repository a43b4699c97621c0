package main

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/plottage/plottage/kernel/assignment"
)

// instance is one problem and what it is called.
type instance struct {
	name string
	p    assignment.Problem
}

// instances reads the files and draws what -make asks for.
func instances(files, makes []string, caps int) (all []instance, err error) {
	for _, file := range files {
		p, err := read(file)
		if err != nil {
			return nil, err
		}
		all = append(all, instance{filepath.Base(file), p})
	}
	for _, what := range makes {
		p, err := drawn(what)
		if err != nil {
			return nil, err
		}
		all = append(all, instance{what, p})
	}
	for k := range all {
		all[k].p.Caps = someCaps(all[k].p, caps)
	}
	return all, nil
}

func read(file string) (p assignment.Problem, err error) {
	f, err := os.Open(file)
	if err != nil {
		return p, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	next := func() (v int64) {
		if err == nil {
			_, err = fmt.Fscan(in, &v)
		}
		return v
	}
	m, n := int(next()), int(next())
	if err != nil || m < 1 || n < 0 || m > 1e6 || n > 1e6 {
		return p, fmt.Errorf("%s: it does not begin with the numbers of agents and jobs", file)
	}
	table := func() [][]int64 {
		t := make([][]int64, m)
		for i := range t {
			t[i] = make([]int64, n)
			for j := range t[i] {
				t[i][j] = next()
			}
		}
		return t
	}
	p.Cost = table()
	p.Use = table()
	for range m {
		p.Capacity = append(p.Capacity, next())
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return p, err
}

// drawn draws an instance as Chu and Beasley (1997) and Yagiura, Ibaraki and Glover
// (2004) define the types.
func drawn(what string) (p assignment.Problem, err error) {
	word := strings.Split(what, ",")
	if len(word) != 4 || !strings.Contains("abcde", strings.ToLower(word[0])) || len(word[0]) != 1 {
		return p, fmt.Errorf("-make %s: want TYPE,agents,jobs,seed with a type of a to e", what)
	}
	var number [3]int
	for k := range number {
		if number[k], err = strconv.Atoi(word[k+1]); err != nil || number[k] < 1 {
			return p, fmt.Errorf("-make %s: %q is not a number above nothing", what, word[k+1])
		}
	}
	m, n, kind := number[0], number[1], strings.ToLower(word[0])
	r := rand.New(rand.NewPCG(uint64(number[2]), 77))
	between := func(a, b int) int64 { return int64(a + r.IntN(b-a+1)) }
	for range m {
		cost, use, sum := make([]int64, n), make([]int64, n), int64(0)
		for j := range n {
			switch kind {
			case "d":
				use[j] = between(1, 100)
				cost[j] = 111 - use[j] + between(-10, 10)
			case "e":
				use[j] = int64(1 - 10*math.Log(1-r.Float64()))
				cost[j] = int64(1000/float64(use[j]) - 10*r.Float64())
			default:
				use[j], cost[j] = between(5, 25), between(10, 50)
			}
			sum += use[j]
		}
		p.Cost, p.Use = append(p.Cost, cost), append(p.Use, use)
		p.Capacity = append(p.Capacity, sum*8/int64(10*m))
	}
	switch kind {
	case "a", "b":
		capacity := loose(p)
		if kind == "b" {
			capacity = capacity * 7 / 10
		}
		for i := range p.Capacity {
			p.Capacity[i] = capacity
		}
	}
	return p, nil
}

// loose is the capacity of type a: 0.6 of fifteen jobs an agent's share, and 0.4 of
// the largest load when every job goes where it is cheapest.
func loose(p assignment.Problem) int64 {
	m, n := len(p.Cost), len(p.Cost[0])
	load := make([]int64, m)
	for j := range n {
		best := 0
		for i := range m {
			if p.Cost[i][j] < p.Cost[best][j] {
				best = i
			}
		}
		load[best] += p.Use[best][j]
	}
	most := int64(0)
	for _, x := range load {
		most = max(most, x)
	}
	return int64(0.6*15*float64(n)/float64(m) + 0.4*float64(most))
}

// someCaps draws caps, each over a third of the agents, that hold nine tenths of what
// an even spread of the jobs would use.
func someCaps(p assignment.Problem, count int) (caps []assignment.Cap) {
	m, n := len(p.Cost), len(p.Cost[0])
	r := rand.New(rand.NewPCG(uint64(count), uint64(m*n)))
	for range count {
		c, sum := assignment.Cap{}, int64(0)
		for _, i := range r.Perm(m)[:(m+2)/3] {
			use := make([]int64, n)
			for j := range use {
				use[j] = int64(1 + r.IntN(20))
				sum += use[j]
			}
			c.Agents, c.Use = append(c.Agents, i), append(c.Use, use)
		}
		c.Most = sum * 9 / int64(10*m)
		caps = append(caps, c)
	}
	return caps
}
