package renewal

// DivideEarly lets proofs go case by case at once, with so few steps for each that
// there are many; the function it returns undoes that.
func DivideEarly(steps int) (undo func()) {
	first, from, budget := firstBudget, divideFrom, caseBudget
	firstBudget, divideFrom, caseBudget = 1, 0, steps
	return func() { firstBudget, divideFrom, caseBudget = first, from, budget }
}
