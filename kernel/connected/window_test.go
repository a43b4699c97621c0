package connected

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

func TestWindowAgreesWithEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 4))
	for trial := range 400 {
		n := 2 + r.IntN(11)
		adj := random(r, n, 1+3*r.Float64())
		w, size := make([]float64, n), make([]float64, n)
		for i := range w {
			w[i], size[i] = float64(r.IntN(21)-10), float64(5+r.IntN(36))
		}
		low := float64(r.IntN(80))
		high := low + float64(r.IntN(80))
		want := math.Inf(-1)
		if low == 0 {
			want = 0 // the empty set
		}
		Enumerate(adj, nil, func(set uint64) bool {
			if a := weightOf(set, size); a >= low && a <= high {
				want = max(want, weightOf(set, w))
			}
			return true
		})
		got := Window(context.Background(), adj, w, size, low, high, Options{})
		if got.Value != want || !got.Proven || !isConnected(adj, got.Set) {
			t.Fatalf("trial %d: got %+v, want %v\nadj %v\nw %v\nsize %v window %v-%v", trial, got, want, adj, w, size, low, high)
		}
		short := Window(context.Background(), adj, w, size, low, high, Options{MaxNodes: 1})
		if short.Bound < want-1e-9 {
			t.Fatalf("trial %d: stopped bound %v, optimum %v", trial, short.Bound, want)
		}
	}
}

// One root on a board of 100 lots, 8 to 20 of them a block: bound and set are close.
func TestWindowOnALargeCluster(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	adj := grid(10, 10)
	w, size := make([]float64, 100), make([]float64, 100)
	for i := range w {
		w[i], size[i] = r.Float64()*10-3, 10+10*r.Float64()
	}
	got := Window(context.Background(), adj, w, size, 120, 300, Options{MaxNodes: 3})
	if got.Set == nil || got.Bound < got.Value || got.Bound > 1.1*got.Value {
		t.Errorf("value %v bound %v", got.Value, got.Bound)
	}
}
