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
	Cases *Case     `json:"cases,omitempty"` // nil: prices alone
}

// A Case is a part of all plans. Where it is divided, the column that holds clique Row,
// if any, is one of the period in Only and none of them in Except; where Period is -1 it is
// Column, and is not. A case that is not divided has prices of its own.
type Case struct {
	Row      int32     `json:"row,omitempty"`
	Period   int32     `json:"period,omitempty"` // by the order in which rows name them
	Column   int32     `json:"column,omitempty"`
	Only     *Case     `json:"only,omitempty"`
	Except   *Case     `json:"except,omitempty"`
	Price    []float64 `json:"price,omitempty"`
	CutPrice []float64 `json:"cut_price,omitempty"` // of the certificate's cuts
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
	var price []float64
	for _, k := range c.Cuts {
		if !s.maySplit(k.Rows) {
			return 0, ErrCut
		}
		s.adopt(&cut{rows: k.Rows})
		price = append(price, math.Max(0, k.Price))
	}
	bound := s.decompose(charged(c.Price, len(s.limit)), price, proofNodes).bound
	if c.Cases != nil {
		of, err := s.boundOf(c.Cases, make([]bool, len(s.gain)), 0)
		if err != nil {
			return 0, err
		}
		bound = math.Min(bound, of)
	}
	return s.sign * bound, nil
}

// boundOf is the bound that a case proves of the plans without barred columns.
func (s *solver) boundOf(c *Case, barred []bool, depth int) (float64, error) {
	if c.Only == nil && c.Except == nil {
		return s.decomposeCase(barred, charged(c.Price, len(s.limit)), charged(c.CutPrice, len(s.cuts)), proofNodes).bound, nil
	}
	by := decision{row: c.Row, period: c.Period, column: c.Column}
	if c.Only == nil || c.Except == nil || depth > mostDepth || !s.mayDivide(by) {
		return 0, ErrCase
	}
	worst := math.Inf(-1)
	for _, half := range []*Case{c.Only, c.Except} {
		by.only = half == c.Only
		of, err := s.boundOf(half, s.bar(barred, by), depth+1)
		if err != nil {
			return 0, err
		}
		worst = math.Max(worst, of)
	}
	return worst, nil
}

// charged are the first n prices, none below nought and nought where none is stated.
func charged(stated []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range min(n, len(stated)) {
		out[i] = math.Max(0, stated[i])
	}
	return out
}

func (s *solver) certificate() Certificate {
	c := Certificate{Price: s.y, Cases: s.cases.certificate()}
	for k, p := range padded(s.cutY, len(s.cuts)) {
		if p > 0 || c.Cases != nil { // cases number them
			c.Cuts = append(c.Cuts, Cut{s.cuts[k].rows, p})
		}
	}
	return c
}
