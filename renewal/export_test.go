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
