package renewal

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// climber improves a plan by windows. Where it rises no more it begins anew, so that climbers
// do not end in the same hollow (iterated local search; Lourenço, Martin and Stützle 2003).
type climber struct {
	now    *candidate // nil: not begun
	dry    int        // windows in a row that brought nothing
	starts int
	turns  int // windows, their kinds in turn
}

// Windows without gain until a climber begins anew: many at the best plan, few far below it.
const (
	climbDry  = 8
	climbBest = 36
	climbFar  = 0.006 // of the value
)

// climb is what an engine does for plans in a round: windows of climbers in turn.
type climb struct {
	s        *solver
	w        *windows
	climbers []*climber
	windows  int
	best     *candidate
	point    *candidate     // a plan of a case's point to begin from; nil none
	shares   []sharedChoice // of the program's point
	err      error
}

type sharedChoice struct {
	choice
	share float64
}

func (c *climb) run(ctx context.Context, at *prices, stop func() bool) {
	for n := range c.windows {
		if n > 0 && stop() {
			c.err = errCut
			return
		}
		one := c.climbers[n%len(c.climbers)]
		if c.err = c.turn(ctx, one, at); c.err != nil {
			return
		}
		if one.now.better(c.best) {
			c.best = one.now
		}
	}
}

// turn makes one window of a climber.
func (c *climb) turn(ctx context.Context, one *climber, at *prices) error {
	if one.now == nil {
		one.now = c.best
	}
	patience := climbDry
	switch {
	case one.now == c.best:
		patience = climbBest
	case float64(c.best.value-one.now.value) > climbFar*math.Abs(float64(c.best.value)):
		patience = climbDry / 2
	}
	if one.dry >= patience {
		one.now, one.dry = c.again(one), 0
		return nil
	}
	one.turns++
	one.dry++
	y, err := c.w.improve(ctx, one.now, at, windowKinds[one.turns%len(windowKinds)])
	if y != nil {
		one.now, one.dry = y, 0
	}
	return err
}

// again is where a climber begins anew: at a point of a case, at the program's with its
// choices drawn by their shares, or at the best plan, shaken.
func (c *climb) again(one *climber) *candidate {
	one.starts++
	if y := c.point; y != nil {
		c.point = nil
		return y
	}
	search := *c.s.search // with what belongs to this engine
	search.r, search.assign = c.w.r, c.w.assign
	for range 8 {
		var y *candidate
		if one.starts%2 == 1 && len(c.shares) > 0 {
			y = c.w.made(drawn(c.shares, c.w.r), &search)
		} else {
			y = search.shaken(c.best)
		}
		if y != nil {
			return y
		}
	}
	return c.best
}

// drawn puts choices in an order in which those with a large share tend to come first.
func drawn(shares []sharedChoice, r *rand.Rand) []choice {
	timed := slices.Clone(shares)
	for i := range timed {
		timed[i].share = -math.Log(1-r.Float64()) / timed[i].share
	}
	slices.SortStableFunc(timed, func(a, b sharedChoice) int { return cmp.Compare(a.share, b.share) })
	return choicesOf(timed)
}

func choicesOf(shares []sharedChoice) []choice {
	out := make([]choice, len(shares))
	for i, c := range shares {
		out[i] = c.choice
	}
	return out
}

// shares are the choices of the program's point.
func (g *generator) shares() []sharedChoice {
	var out []sharedChoice
	for j, x := range g.x {
		if x > 1e-6 && g.choices[j].loose == nil {
			out = append(out, sharedChoice{g.choices[j], x})
		}
	}
	return out
}
