// Package draw makes masters of renewal plans of any size and seed, for benchmarks.
package draw

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// Spec is the size of a master that is made: parcels on a square lattice.
type Spec struct {
	Parcels, Blocks, Years, Projects int
	Seed                             uint64
}

// Parse reads parcels,blocks,years,projects,seed.
func Parse(text string) (s Spec, err error) {
	if _, err := fmt.Sscanf(text, "%d,%d,%d,%d,%d", &s.Parcels, &s.Blocks, &s.Years, &s.Projects, &s.Seed); err != nil {
		return s, fmt.Errorf("-make wants parcels,blocks,years,projects,seed: %w", err)
	}
	if s.Parcels < 1 || s.Blocks < 1 || s.Years < 1 || s.Projects < 0 || s.Blocks > 200_000 || s.Years > 50 {
		return s, fmt.Errorf("-make: no master of %d parcels, %d blocks, %d years", s.Parcels, s.Blocks, s.Years)
	}
	return s, nil
}

// String names the master.
func (s Spec) String() string { return fmt.Sprintf("made%d-%d", s.Parcels, s.Seed) }

type lot struct{ area, cost, floors, homes float64 }

type block struct {
	lots []int
	lot
	gain float64
}

// Master draws a master like those of the files: blocks of 1 to 12 lots that hang
// together, worth more by the mu the larger they are, clearable in any year at 6 %
// less a year; yearly caps of 8 % of all money and 6 % of all floors and homes, so
// that a year of 100 parcels holds two blocks; projects that need room on one block.
func (s Spec) Master() *lp.Model {
	r := rand.New(rand.NewPCG(s.Seed, 0xa54ff53a5f1d36f1))
	side := int(math.Ceil(math.Sqrt(float64(s.Parcels))))
	lots, total := make([]lot, s.Parcels), lot{}
	for i := range lots {
		area := 4.5 + 25*r.Float64()
		lots[i] = lot{area, area * 60 * math.Exp(0.3*r.NormFloat64()), area * (0.1 + 0.85*r.Float64()), math.Ceil(area * (0.5 + 4.5*r.Float64()))}
		total.cost, total.floors, total.homes = total.cost+lots[i].cost, total.floors+lots[i].floors, total.homes+lots[i].homes
	}
	m := &lp.Model{}
	inf := math.Inf(1)
	for range s.Parcels {
		m.AddRow(-inf, 1)
	}
	caps := m.AddRow(-inf, 0.08*total.cost)
	m.AddRow(-inf, 0.06*total.floors)
	m.AddRow(-inf, 0.06*total.homes)
	for range s.Years - 1 {
		m.AddRow(-inf, 0.08*total.cost)
		m.AddRow(-inf, 0.06*total.floors)
		m.AddRow(-inf, 0.06*total.homes)
	}
	blocks := s.draw(r, lots, side)
	link := s.place(r, m, blocks)
	for b, k := range blocks {
		for t := range s.Years {
			c := lp.Column{Cost: -k.gain * math.Pow(0.94, float64(t)), Upper: 1, Integer: true}
			for _, i := range k.lots {
				c.Rows, c.Coef = append(c.Rows, int32(i)), append(c.Coef, 1)
			}
			c.Rows = append(c.Rows, caps+int32(3*t), caps+int32(3*t)+1, caps+int32(3*t)+2)
			c.Coef = append(c.Coef, k.cost, k.floors, k.homes)
			if at, linked := link[b]; linked {
				c.Rows, c.Coef = append(c.Rows, at), append(c.Coef, -k.area)
			}
			m.AddColumn(c)
		}
	}
	return m
}

// draw grows blocks from random lots by random neighbours; no two hold the same lots.
func (s Spec) draw(r *rand.Rand, lots []lot, side int) []block {
	var blocks []block
	known := map[string]bool{}
	for tries := 0; len(blocks) < s.Blocks && tries < 100*s.Blocks; tries++ {
		in := []int{r.IntN(s.Parcels)}
		for size := 1 + r.IntN(12); len(in) < size; {
			from, next := in[r.IntN(len(in))], -1
			switch d := r.IntN(4); {
			case d == 0 && from%side > 0:
				next = from - 1
			case d == 1 && from%side < side-1:
				next = from + 1
			case d == 2:
				next = from - side
			case d == 3:
				next = from + side
			}
			if next < 0 || next >= s.Parcels || slices.Contains(in, next) {
				if size--; size < len(in) {
					break
				}
				continue
			}
			in = append(in, next)
		}
		slices.Sort(in)
		if key := fmt.Sprint(in); !known[key] {
			known[key] = true
			blocks = append(blocks, newBlock(r, lots, in))
		}
	}
	return blocks
}

func newBlock(r *rand.Rand, lots []lot, in []int) block {
	b := block{lots: in}
	for _, i := range in {
		b.area, b.cost, b.floors, b.homes = b.area+lots[i].area, b.cost+lots[i].cost, b.floors+lots[i].floors, b.homes+lots[i].homes
	}
	n := float64(len(in))
	b.cost *= 1.1 - 0.02*n
	b.gain = 119*b.area*(1+0.36*math.Log(n))*(0.95+0.1*r.Float64()) - b.cost
	return b
}

// place adds the projects' columns and rows: each may go on up to 60 blocks that are
// large enough. It returns the link row of each block that some project may go on.
func (s Spec) place(r *rand.Rand, m *lp.Model, blocks []block) map[int]int32 {
	link := map[int]int32{}
	for range s.Projects {
		row := m.AddRow(math.Inf(-1), 1)
		need, worth := 15+110*r.Float64(), 100+280*r.Float64()
		count := 0
		for _, b := range r.Perm(len(blocks)) {
			if blocks[b].area < need || count == 60 {
				continue
			}
			count++
			if _, known := link[b]; !known {
				link[b] = m.AddRow(math.Inf(-1), 0)
			}
			m.AddColumn(lp.Column{Cost: -need * worth * (0.55 + 0.45*r.Float64()), Upper: 1, Integer: true,
				Rows: []int32{row, link[b]}, Coef: []float64{1, need}})
		}
	}
	return link
}
