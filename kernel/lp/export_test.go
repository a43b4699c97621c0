package lp

// SetSifting sets the columns from which on a program is sifted and how many come in at
// once, until the function it returns is called.
func SetSifting(from, step int) func() {
	f, s := siftFrom, siftStep
	siftFrom, siftStep = from, step
	return func() { siftFrom, siftStep = f, s }
}
