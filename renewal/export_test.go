package renewal

// DivideEarly lets proofs go case by case at once, with so few steps for each that
// there are many; the function it returns undoes that.
func DivideEarly(steps int) (undo func()) {
	first, from, budget := firstBudget, divideFrom, caseBudget
	firstBudget, divideFrom, caseBudget = 1, 0, steps
	return func() { firstBudget, divideFrom, caseBudget = first, from, budget }
}

// ListFewSets lets clusters have hardly any connected sets listed, so that they count as
// too large; the function it returns undoes that.
func ListFewSets(n int) (undo func()) {
	cluster, all := setsPerCluster, setsInAll
	setsPerCluster, setsInAll = n, n
	return func() { setsPerCluster, setsInAll = cluster, all }
}

// YearChoice is what a year's search says of its blocks, and what going through all
// choices says: both for the blocks that score something.
type YearChoice struct{ Bound, Reached, Best float64 }

// YearChoices moves the prices of the side by year for some steps, and after each lets
// every year choose; nil when the problem has no such side.
func YearChoices(p *Problem, steps int) []YearChoice {
	s := newSolver(p, Options{}, "")
	if s.years == nil {
		return nil
	}
	s.start()
	var all []YearChoice
	for range steps {
		s.year.advance(1)
		for _, y := range s.years.years {
			none := make([]uint64, s.years.words)
			bound, choice := y.most(none)
			all = append(all, YearChoice{bound, choice.score, y.bestOfAll(0, y.full(none))})
		}
	}
	return all
}

// bestOfAll goes through all choices of blocks from number i on.
func (y *yearBlocks) bestOfAll(i int, r room) float64 {
	if i == len(y.cols) {
		return 0
	}
	best := y.bestOfAll(i+1, r)
	if b := &y.cols[i]; b.score > 0 && y.fits(&r, int32(i)) {
		best = max(best, b.score+y.bestOfAll(i+1, y.without(&r, int32(i))))
	}
	return best
}
