package renewal

import (
	"cmp"
	"math"
	"slices"
)

// proofScales are the multiples of the prices of a proof that are tried: where no plan
// exists they may be as large as one likes, and the larger, the less do values count.
var proofScales = []float64{100_000, 1000, 10, 1}

// raiseTries is how often the least that a cap has to be is halved where it cannot be shown.
const raiseTries = 3

// mostRaiseSets is how many sets a problem may have for that: they are listed anew each time.
const mostRaiseSets = 200_000

// dearest is the cap that alone, with the locked and signed lots, carries the proof that no
// plan exists; -1 where it takes several rows, or does not tell. What the cap has to be
// at least while all other rules stand is stated in tooLow.
func (s *solver) dearest() int {
	sets := 0
	for _, c := range s.m.clusters {
		sets += c.sets()
	}
	if !s.proven || s.cert.Prices.Side != "cluster" || sets > mostRaiseSets {
		return -1
	}
	at, bound := s.proofPrices()
	if at == nil {
		return -1
	}
	var rows []int
	for i, price := range at.rows {
		if price != 0 {
			rows = append(rows, i)
		}
	}
	weight := func(i int) float64 { return math.Abs(at.rows[i]) * s.m.rowScale(i) }
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(weight(a), weight(b)) })
	dear := -1
	for n, i := range rows {
		less := at.clone()
		less.rows[i] = 0
		if y, _, _ := s.cluster.o.evaluate(less); y < s.worst {
			at, bound = less, y
		} else if dear = i; n < len(rows)-1 {
			return -1
		}
	}
	if dear < 0 {
		return -1
	}
	if k := s.m.rows[dear].kind; k != yearCap && k != cumCap {
		return -1
	}
	s.raiseTo(dear, at, bound)
	return dear
}

// proofPrices are the prices of the proof, cuts apart, and the bound that they prove below what
// any plan is worth; nil where they prove nothing without cuts.
func (s *solver) proofPrices() (*prices, float64) {
	m, n := s.m, s.cert.Prices
	for _, scale := range proofScales {
		at := m.newPrices()
		for i := range m.rows {
			at.rows[i] = scale * n.Rows[m.rows[i].name]
		}
		for i := range m.lots {
			at.lots[i] = scale * n.Lots[m.lots[i].ID]
		}
		for k := range m.projects {
			at.projects[k] = n.Projects[m.projects[k].ID]
		}
		if bound, _, _ := s.cluster.o.evaluate(at); bound < s.worst {
			return at, bound
		}
	}
	return nil, 0
}

// raiseTo states what a cap has to be at least. The proof stands as long as the price of
// what the cap is raised by does not fill the gap; but a higher cap of one year also admits
// more blocks, so that it is shown anew, with the cap just below.
func (s *solver) raiseTo(row int, at *prices, bound float64) {
	r := &s.m.rows[row]
	more := int64(math.Floor((s.worst - bound) / at.rows[row] * 0.999999))
	for range raiseTries {
		if more <= 0 || r.limit+more <= s.tooLow[row] {
			return
		}
		p := *s.p
		p.Caps = slices.Clone(p.Caps)
		for i := range p.Caps {
			if rowName(p.Caps[i]) == r.name {
				p.Caps[i].Limit = r.limit + more - 1
			}
		}
		m := compile(&p, "")
		m.buildClusters()
		if y, _, _ := newClusterSide(newPricing(m)).evaluate(at); y < s.worst {
			if s.tooLow == nil {
				s.tooLow = map[int]int64{}
			}
			s.tooLow[row] = r.limit + more
			return
		}
		more /= 2
	}
}
