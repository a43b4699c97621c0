package connected

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// Stopped after a node, or before the first, every variant still bounds what
// enumeration finds, and gives nothing that is not there.
func TestEveryVariantStoppedStillBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 7))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for trial := range 400 {
		n := 2 + r.IntN(13)
		adj := random(r, n, 1+3*r.Float64())
		w, size := make([]float64, n), make([]float64, n)
		for i := range w {
			w[i], size[i] = float64(r.IntN(41)-22)/4, float64(r.IntN(30))
		}
		root, budget := r.IntN(n), float64(r.IntN(120))
		best, rooted, budgeted := 0.0, math.Inf(-1), 0.0
		Enumerate(adj, nil, func(set uint64) bool {
			x := weightOf(set, w)
			best = max(best, x)
			if set>>root&1 == 1 {
				rooted = max(rooted, x)
			}
			if weightOf(set, size) <= budget {
				budgeted = max(budgeted, x)
			}
			return true
		})
		for _, c := range []struct {
			ctx   context.Context
			nodes int
		}{{context.Background(), 0}, {context.Background(), 1}, {ended, 0}} {
			o := Options{MaxNodes: c.nodes}
			whole := c.nodes == 0 && c.ctx.Err() == nil
			holds := func(name string, got Result, want float64) {
				t.Helper()
				if got.Bound < want-1e-9 || got.Set != nil && got.Value > want+1e-9 || !isConnected(adj, got.Set) {
					t.Fatalf("trial %d, %s, %d nodes: %+v, the best is %v\nadj %v\nw %v\nsize %v budget %v", trial, name, c.nodes, got, want, adj, w, size, budget)
				}
				if whole && !(got.Proven && got.Value == want) {
					t.Fatalf("trial %d, %s, %d nodes: %+v, the best is %v\nadj %v\nw %v\nsize %v budget %v", trial, name, c.nodes, got, want, adj, w, size, budget)
				}
			}
			holds("free", MaxWeight(c.ctx, adj, w, o), best)
			holds("rooted", Rooted(c.ctx, adj, w, root, o), rooted)
			holds("budgeted", Window(c.ctx, adj, w, size, 0, budget, o), budgeted)
		}
	}
}

// Other numbers for the nodes, and weights or sizes in another unit, change nothing
// but the unit.
func TestVariantsRenumberedAndScaled(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	for trial := range 40 {
		n := 20 + r.IntN(20)
		adj := random(r, n, 2.5)
		w, size := make([]float64, n), make([]float64, n)
		for i := range w {
			w[i], size[i] = float64(r.IntN(21)-11), float64(1+r.IntN(20))
		}
		low, high, root := 30.0, 90.0, r.IntN(n)
		to := r.Perm(n)
		adj2, w2, size2 := make([][]int32, n), make([]float64, n), make([]float64, n)
		for v := range n {
			w2[to[v]], size2[to[v]] = 1000*w[v], size[v]/8
			for _, u := range adj[v] {
				adj2[to[v]] = append(adj2[to[v]], int32(to[u]))
			}
		}
		for v := range adj2 {
			sortInt32(adj2[v])
		}
		ctx := context.Background()
		for name, pair := range map[string][2]Result{
			"free":   {MaxWeight(ctx, adj, w, Options{}), MaxWeight(ctx, adj2, w2, Options{})},
			"rooted": {Rooted(ctx, adj, w, root, Options{}), Rooted(ctx, adj2, w2, to[root], Options{})},
			"window": {Window(ctx, adj, w, size, low, high, Options{}), Window(ctx, adj2, w2, size2, low/8, high/8, Options{})},
		} {
			a, b := pair[0], pair[1]
			if !a.Proven || !b.Proven || (a.Set == nil) != (b.Set == nil) || a.Set != nil && math.Abs(1000*a.Value-b.Value) > 1e-6 {
				t.Errorf("trial %d, %s: %v and %v (proven %v, %v)", trial, name, a.Value, b.Value, a.Proven, b.Proven)
			}
		}
	}
}
