package renewal

import "testing"

// Curves drawn by hand: values at levels 0, 10, 20 …; the knee is the point highest
// above the line from the first to the first of the highest.
func TestKnee(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []int64
		want   int
		hull   string
	}{
		{"steep, then flat", []int64{0, 65, 80, 90, 94, 96}, 1, "111111"},
		{"a straight line", []int64{0, 10, 20, 30}, -1, "1001"},
		{"a dent is under the hull", []int64{0, 10, 70, 75, 100}, 2, "10101"},
		{"the flat rest does not count", []int64{0, 70, 100, 100, 100, 100}, 1, "111000"},
		{"nothing to gain", []int64{5, 5, 5}, -1, "100"},
		{"two points", []int64{0, 5}, -1, "11"},
	} {
		var points []FrontierPoint
		for i, v := range c.values {
			points = append(points, FrontierPoint{Level: int64(10 * i), Value: v, Found: true})
		}
		got, hull := knee(points), ""
		for _, p := range points {
			hull += map[bool]string{true: "1", false: "0"}[p.Hull]
		}
		if got != c.want || hull != c.hull {
			t.Errorf("%s: got knee %d, hull %s; want %d, %s", c.name, got, hull, c.want, c.hull)
		}
	}
}
