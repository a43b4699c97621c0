package packing

import "math"

// boundNodes is how far one period is searched while prices are still rough.
const boundNodes = 20_000

// unit is the mean gain of a column of the best plan: the size of a price.
func (s *solver) unit() float64 {
	best, _ := s.incumbent()
	sum, count := 0.0, 0
	for j, in := range best {
		if in {
			sum, count = sum+s.gain[j], count+1
		}
	}
	return math.Max(sum/float64(max(1, count)), 1e-9)
}

// descendPrices lowers the decomposed bound by subgradients from prices y. Rows differ
// in scale, so each has a step of its own: its excess over the root mean square of its
// late excesses (Tieleman and Hinton 2012), times a length that shrinks from first to
// last. It returns the patterns met.
func (s *solver) descendPrices(stop func() bool, y []float64, rounds, nodes int, first, last float64) (met []pattern) {
	y = append([]float64(nil), y...)
	g, seen := make([]float64, len(y)), make([]float64, len(y))
	charge := make([]float64, len(s.cuts))
	for round := range rounds {
		if round > 0 && stop() {
			break
		}
		d := s.decompose(y, charge, nodes)
		s.prove(d.bound, y, charge)
		met = append(met, d.pattern...)
		s.excess(d, y, g)
		move := first * math.Pow(last/first, float64(round)/float64(rounds))
		for i, v := range g {
			if v == 0 {
				continue
			}
			seen[i] = 0.98*seen[i] + 0.02*v*v
			if round == 0 {
				seen[i] = v * v
			}
			y[i] = math.Max(0, y[i]+move*v/math.Sqrt(seen[i]))
		}
	}
	return met
}

// excess is the subgradient: what the patterns use of each priced row beyond its
// limit; 0 where a price of 0 cannot fall.
func (s *solver) excess(d decomposed, y, g []float64) {
	for i, k := range s.kind {
		g[i] = 0
		if k == clique {
			g[i] = -1
		} else if k == mixed {
			g[i] = -s.limit[i]
		}
	}
	for _, v := range d.pattern {
		for _, j := range v.columns {
			for _, i := range s.cliques[j] {
				g[i]++
			}
			for _, e := range s.loose[j] {
				g[e.row] += e.coef
			}
		}
	}
	for i := range g {
		if y[i] == 0 && g[i] < 0 {
			g[i] = 0
		}
	}
}
