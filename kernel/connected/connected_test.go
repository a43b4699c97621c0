package connected

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// grid returns the rook adjacency of a rows by cols board.
func grid(rows, cols int) [][]int32 {
	adj := make([][]int32, rows*cols)
	for r := range rows {
		for c := range cols {
			v := r*cols + c
			for _, d := range [][2]int{{-1, 0}, {0, -1}, {0, 1}, {1, 0}} {
				if y, x := r+d[0], c+d[1]; y >= 0 && y < rows && x >= 0 && x < cols {
					adj[v] = append(adj[v], int32(y*cols+x))
				}
			}
		}
	}
	return adj
}

// random returns a graph of n nodes with about the given degree.
func random(r *rand.Rand, n int, degree float64) [][]int32 {
	adj := make([][]int32, n)
	for v := range n {
		for u := range v {
			if r.Float64() < degree/float64(n) {
				adj[v], adj[u] = append(adj[v], int32(u)), append(adj[u], int32(v))
			}
		}
	}
	return adj
}

func weightOf(set uint64, w []float64) (sum float64) {
	for v, x := range w {
		if set>>v&1 == 1 {
			sum += x
		}
	}
	return sum
}

func isConnected(adj [][]int32, set []int) bool {
	if len(set) == 0 {
		return true
	}
	in, seen := map[int]bool{}, map[int]bool{set[0]: true}
	for _, v := range set {
		in[v] = true
	}
	queue := []int{set[0]}
	for i := 0; i < len(queue); i++ {
		for _, u := range adj[queue[i]] {
			if in[int(u)] && !seen[int(u)] {
				seen[int(u)] = true
				queue = append(queue, int(u))
			}
		}
	}
	return len(queue) == len(set)
}

// The numbers of connected sets of small boards are known (OEIS A059525 and kin;
// 13, 218, 1126, 11506 for 2x2, 3x3, 3x4, 4x4).
func TestEveryConnectedSetIsMetOnce(t *testing.T) {
	for _, c := range []struct{ rows, cols, want int }{{2, 2, 13}, {3, 3, 218}, {3, 4, 1126}, {4, 4, 11506}} {
		seen := map[uint64]bool{}
		Enumerate(grid(c.rows, c.cols), nil, func(set uint64) bool {
			if seen[set] {
				t.Errorf("%dx%d: %b twice", c.rows, c.cols, set)
			}
			seen[set] = true
			return true
		})
		if len(seen) != c.want {
			t.Errorf("%dx%d: %d sets, want %d", c.rows, c.cols, len(seen), c.want)
		}
	}
}

func TestBestSetAgreesWithEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for trial := range 1500 {
		n := 2 + r.IntN(13)
		adj := random(r, n, 1+3*r.Float64())
		w := make([]float64, n)
		for i := range w {
			w[i] = float64(r.IntN(21) - 12)
		}
		want, root := 0.0, r.IntN(n)
		wantRooted := math.Inf(-1)
		Enumerate(adj, nil, func(set uint64) bool {
			want = max(want, weightOf(set, w))
			if set>>root&1 == 1 {
				wantRooted = max(wantRooted, weightOf(set, w))
			}
			return true
		})
		got := MaxWeight(context.Background(), adj, w, Options{})
		if got.Value != want || !got.Proven || got.Bound != want || !isConnected(adj, got.Set) {
			t.Fatalf("trial %d: got %+v, want %v\nadj %v\nw %v", trial, got, want, adj, w)
		}
		rooted := Rooted(context.Background(), adj, w, root, Options{})
		if rooted.Value != wantRooted || !rooted.Proven || math.Abs(rooted.Bound-wantRooted) > 1e-9 {
			t.Fatalf("trial %d rooted at %d: got %+v, want %v\nadj %v\nw %v", trial, root, rooted, wantRooted, adj, w)
		}
	}
}

func TestAStoppedSearchStillBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for range 60 {
		adj := grid(12, 12)
		w := make([]float64, len(adj))
		for i := range w {
			w[i] = float64(r.IntN(41)-24) / 4
		}
		full := MaxWeight(context.Background(), adj, w, Options{})
		if !full.Proven {
			t.Fatal("not proven")
		}
		short := MaxWeight(context.Background(), adj, w, Options{MaxNodes: 1})
		if short.Bound < full.Value || short.Value > full.Value {
			t.Errorf("stopped: value %v bound %v, optimum %v", short.Value, short.Bound, full.Value)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if dead := MaxWeight(ctx, adj, w, Options{}); dead.Bound < full.Value {
			t.Errorf("ended context: bound %v, optimum %v", dead.Bound, full.Value)
		}
	}
}

// Renumbering nodes must not change what the best set is worth.
func TestNumbersDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 20 {
		n := 150
		adj := random(r, n, 3)
		w := make([]float64, n)
		for i := range w {
			w[i] = math.Round(100*(r.Float64()-0.6)) / 10
		}
		to := r.Perm(n)
		adj2, w2 := make([][]int32, n), make([]float64, n)
		for v := range n {
			w2[to[v]] = w[v]
		}
		for v := range n {
			for u := range n {
				for _, x := range adj[v] {
					if int(x) == u {
						adj2[to[v]] = append(adj2[to[v]], int32(to[u]))
					}
				}
			}
		}
		for v := range adj2 {
			sortInt32(adj2[v])
		}
		a, b := MaxWeight(context.Background(), adj, w, Options{}), MaxWeight(context.Background(), adj2, w2, Options{})
		if math.Abs(a.Value-b.Value) > 1e-9 {
			t.Errorf("%v before, %v after", a.Value, b.Value)
		}
	}
}

func sortInt32(s []int32) {
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}
