package renewal

// knee marks the upper concave hull of the curve of values over levels, with the
// slope of each of its pieces, and returns the index of the knee: the hull point
// farthest above the chord from the first plan to the first that reaches the highest
// value, both axes running from 0 to 1 (Satopää et al. 2011, "Finding a kneedle in a
// haystack", without smoothing; the flat rest of the curve is left out). -1: fewer
// than three points or a straight line.
func knee(points []FrontierPoint) int {
	var on []int
	for i := range points {
		if !points[i].Found {
			continue
		}
		if n := len(on); n > 0 && points[i].Value <= points[on[n-1]].Value {
			continue // more of the cap for the same value
		}
		for len(on) >= 2 && slope(points, on[len(on)-2], on[len(on)-1]) <= slope(points, on[len(on)-1], i) {
			on = on[:len(on)-1]
		}
		on = append(on, i)
	}
	for k, i := range on {
		points[i].Hull = true
		if k > 0 {
			points[i].Slope = slope(points, on[k-1], i)
		}
	}
	if len(on) < 3 {
		return -1
	}
	first, last := points[on[0]], points[on[len(on)-1]]
	best, at := 1e-9, -1
	for _, i := range on[1 : len(on)-1] {
		x := float64(points[i].Level-first.Level) / float64(last.Level-first.Level)
		y := float64(points[i].Value-first.Value) / float64(last.Value-first.Value)
		if y-x > best {
			best, at = y-x, i
		}
	}
	return at
}

func slope(points []FrontierPoint, i, k int) float64 {
	return float64(points[k].Value-points[i].Value) / float64(points[k].Level-points[i].Level)
}
