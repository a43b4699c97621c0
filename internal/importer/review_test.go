package importer

import "testing"

func TestSameValueForgivesTheArithmeticOfTheMachine(t *testing.T) {
	wan := 90.29
	for _, c := range []struct {
		before, after any
		same          bool
	}{
		{902_900.0, wan * 1e4, true}, {902_900.0, 902_901.0, false}, {0.0, 0.0, true}, {0.0, 1e-12, false},
		{nil, 0.0, false}, {"B", "B", true}, {"B", "C", false}, {int64(3), int64(3), true},
	} {
		if got := sameValue(c.before, c.after); got != c.same {
			t.Errorf("sameValue(%v, %v) = %t", c.before, c.after, got)
		}
	}
}
