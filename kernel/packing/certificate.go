package packing

import (
	"math"

	"github.com/plottage/plottage/kernel/lp"
)

// A Certificate proves a bound: prices of rows, of cliques ("at most one of these
// columns") in units of one, and of cuts. Prices of caps and links count for nothing.
type Certificate struct {
	Price []float64 `json:"price"` // by row, not negative
	Cuts  []Cut     `json:"cuts,omitempty"`
}

// A Cut says that of the choices of whole periods at most one holds two or more of
// three cliques: half the sum of their rows, rounded down (Chvátal 1973; Jepsen,
// Petersen, Spoorendonk and Pisinger 2008). With a period's choice as one unit this
// is stronger than the same cut on columns.
type Cut struct {
	Rows  [3]int32 `json:"rows"`
	Price float64  `json:"price"`
}

// proofNodes is how far one period is searched for a proof.
const proofNodes = 600_000

// BoundAt returns the bound on the program that a certificate proves, whatever its
// prices are: each period is solved anew, exactly unless that takes more than 0.6
// million nodes, when the bound of what was left open counts.
// docs/method/packing.md#bound.
func BoundAt(m *lp.Model, c Certificate) (float64, error) {
	s, err := newSolver(m, Options{})
	if err != nil {
		return 0, err
	}
	y := make([]float64, len(s.limit))
	for i, p := range c.Price {
		y[i] = math.Max(0, p)
	}
	var price []float64
	for _, k := range c.Cuts {
		if !s.maySplit(k.Rows) {
			return 0, ErrCut
		}
		s.adopt(&cut{rows: k.Rows})
		price = append(price, math.Max(0, k.Price))
	}
	return s.sign * s.decompose(y, price, proofNodes).bound, nil
}

func (s *solver) certificate() Certificate {
	c := Certificate{Price: s.y}
	for k, p := range s.cutY {
		if p > 0 {
			c.Cuts = append(c.Cuts, Cut{s.cuts[k].rows, p})
		}
	}
	return c
}
