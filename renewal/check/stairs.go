package check

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// stepsDoc says what blocks count that start in the year of some caps: a block counts, in
// millionths, what the step counts that counts most among those of which it takes at least
// as much in every cap.
type stepsDoc struct {
	Rows []string  `json:"rows"`
	List []stepDoc `json:"list"`
}

type stepDoc struct {
	Use   []int64 `json:"use"`
	Count int64   `json:"count"`
}

// stairs are such steps once it is known that no blocks within the caps count more than 1
// together.
type stairs struct {
	year  int   // index
	what  []int // of the amounts that caps count, by cap
	steps []stepDoc
}

const (
	whole     = 1_000_000 // a count of 1
	mostSteps = 200
	mostOften = 1_000      // that a step fits into the caps
	mostTried = 20_000_000 // sums of steps
)

// readStairs reads the steps of the certificate. Where it has none, those of the
// certificate around it stand.
func (b *bounder) readStairs() error {
	docs := b.c.Prices.Steps
	if len(docs) == 0 {
		return nil
	}
	b.stairs = nil
	for i := range docs {
		s, err := b.stair(&docs[i])
		if err != nil {
			return fmt.Errorf("steps %d: %w", i+1, err)
		}
		b.stairs = append(b.stairs, s)
	}
	return nil
}

// stair reads one function and proves it. Let blocks of the year be within the caps: each counts
// what one step counts, and takes that step's amounts at least, so these steps fit into the
// caps together. So it is enough that no steps that fit, with repetition, count more than 1.
func (b *bounder) stair(doc *stepsDoc) (*stairs, error) {
	s := &stairs{year: -1}
	var limits [3]int64
	for _, row := range doc.Rows {
		what := amountOf(row)
		n := slices.IndexFunc(b.lines, func(l line) bool { return l.name == row })
		if what < 0 || n < 0 || slices.Contains(s.what, what) {
			return nil, errors.New("row " + row)
		}
		// A cap of a year alone: blocks of that year count what they take, others nothing.
		for t := range b.d.Years {
			switch counts := b.lines[n].block(use{money: 1, demolished: 1, workers: 1}, "", t, 0) > 0; {
			case counts && s.year < 0:
				s.year = t
			case counts != (t == s.year):
				return nil, errors.New("row " + row + " is not of the year alone")
			}
		}
		limits[len(s.what)] = b.lines[n].limit
		s.what = append(s.what, what)
	}
	if s.year < 0 || len(doc.List) > mostSteps {
		return nil, fmt.Errorf("%d rows, %d steps", len(doc.Rows), len(doc.List))
	}
	for _, step := range doc.List {
		if len(step.Use) != len(s.what) || slices.Min(step.Use) < 0 || step.Count < 0 || step.Count > whole {
			return nil, fmt.Errorf("step %v", step)
		}
		often := int64(math.MaxInt64)
		for n, u := range step.Use {
			if u > 0 {
				often = min(often, limits[n]/u)
			}
		}
		if often > mostOften {
			return nil, fmt.Errorf("step %v is too small", step)
		}
		if step.Count > 0 {
			s.steps = append(s.steps, step)
		}
	}
	slices.SortStableFunc(s.steps, func(x, y stepDoc) int { return int(y.Count - x.Count) })
	tried := 0
	return s, s.prove(0, limits, 0, &tried)
}

// prove goes through the sums of the steps from one on within what is left.
func (s *stairs) prove(from int, left [3]int64, count int64, tried *int) error {
	if count > whole {
		return fmt.Errorf("steps within the caps count %d millionths", count)
	}
	for n := from; n < len(s.steps); n++ {
		if *tried++; *tried > mostTried {
			return errors.New("too many sums to go through")
		}
		rest, fits := left, true
		for i, u := range s.steps[n].Use {
			rest[i] -= u
			fits = fits && rest[i] >= 0
		}
		if !fits {
			continue
		}
		if err := s.prove(n, rest, count+s.steps[n].Count, tried); err != nil {
			return err
		}
	}
	return nil
}

// count is what a block counts that takes such amounts.
func (s *stairs) count(amounts *[3]int64) float64 {
next:
	for n := range s.steps {
		for i, u := range s.steps[n].Use {
			if amounts[s.what[i]] < u {
				continue next
			}
		}
		return float64(s.steps[n].Count) / whole
	}
	return 0
}
