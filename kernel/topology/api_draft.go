package topology

// Near returns the pairs that face each other across a gap, by A, B.
func (c *Coverage) Near(opt NearOptions) []Gap { return nil }

// Simplify returns the coverage with each border simplified once.
func (c *Coverage) Simplify(toleranceM float64) *Coverage { return c }
