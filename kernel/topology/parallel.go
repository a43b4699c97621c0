package topology

import (
	"runtime"
	"sync"
)

// spread runs work on the contiguous shares [lo, hi) of 0..n, one goroutine a
// processor, and waits. k numbers the shares from 0, so that results kept by share
// and joined in order do not depend on the number of processors.
func spread(n int, work func(k, lo, hi int)) {
	w := shares(n)
	if w == 1 {
		work(0, 0, n)
		return
	}
	var wg sync.WaitGroup
	for k := range w {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(k, n*k/w, n*(k+1)/w)
		}()
	}
	wg.Wait()
}

// shares is the number of shares spread makes of n.
func shares(n int) int {
	return max(1, min(runtime.GOMAXPROCS(0), n/512))
}

// gather joins what each share of 0..n found, in order.
func gather[T any](n int, find func(lo, hi int, emit func(T))) []T {
	found := make([][]T, shares(n))
	spread(n, func(k, lo, hi int) {
		var mine []T
		find(lo, hi, func(t T) { mine = append(mine, t) })
		found[k] = mine
	})
	if len(found) == 1 {
		return found[0]
	}
	var all []T
	for _, f := range found {
		all = append(all, f...)
	}
	return all
}
