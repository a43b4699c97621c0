package demo

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/plottage/plottage"
)

// dice is a random source for one subject, so that a change in one subject leaves
// the others as they were.
type dice struct{ *rand.Rand }

func newDice(seed uint64, subject string) dice {
	h := fnv.New64a()
	h.Write([]byte(subject))
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between returns a number uniform in [a, b).
func (d dice) between(a, b float64) float64 { return a + d.Float64()*(b-a) }

// whole returns an integer uniform in [a, b].
func (d dice) whole(a, b int) int { return a + d.IntN(b-a+1) }

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// around returns a lognormal number with the median and the standard deviation of
// its logarithm.
func (d dice) around(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.NormFloat64())
}

// within is around cut to [lo, hi].
func (d dice) within(median, sigma, lo, hi float64) float64 {
	return min(max(d.around(median, sigma), lo), hi)
}

// count returns a Poisson number with the mean (Knuth's product of uniforms).
func (d dice) count(mean float64) int {
	n, p, stop := 0, d.Float64(), math.Exp(-mean)
	for p > stop {
		n++
		p *= d.Float64()
	}
	return n
}

// ago returns a day that lies between lo and hi months before the city's day.
func (d dice) ago(lo, hi int) plottage.Date {
	t := AsOf.AddMonths(-d.whole(lo, hi)).Time()
	return day(t.Year(), int(t.Month()), d.whole(1, 28))
}

// oneOf returns an element of s.
func oneOf[T any](d dice, s []T) T { return s[d.IntN(len(s))] }

// round rounds x to a multiple of step, a power of ten or one half of it.
func round(x, step float64) float64 {
	if step < 1 { // dividing by 10 gives the nearest decimal, multiplying by 0.1 does not
		per := math.Round(1 / step)
		return math.Round(x*per) / per
	}
	return math.Round(x/step) * step
}
