package renewal

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// eachCluster calls do for every cluster, the clusters dealt out to workers: do must
// touch what belongs to its cluster or its worker alone.
func eachCluster(clusters, workers int, do func(worker, cluster int)) {
	var next atomic.Int32
	var all sync.WaitGroup
	for w := range max(1, workers) {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				ci := int(next.Add(1)) - 1
				if ci >= clusters {
					return
				}
				do(w, ci)
			}
		}()
	}
	all.Wait()
}

// everyProcessor is for work that nothing else runs beside.
func everyProcessor() int { return runtime.GOMAXPROCS(0) }

// Digits of a sort key.
const (
	digitBits = 11
	digits    = 3
)

// sorter orders sets by score. A search sorts every block of a city by every start each
// time prices change, so it counts digits instead of comparing.
type sorter struct {
	count [1 << digitBits]int32
	other []int32
}

// byScore sorts sets by falling score; those of one score keep their order.
func (s *sorter) byScore(sets []int32, score []float32) {
	if cap(s.other) < len(sets) {
		s.other = make([]int32, len(sets))
	}
	from, to := sets, s.other[:len(sets)]
	for d := range digits {
		shift := d * digitBits
		clear(s.count[:])
		for _, i := range from {
			s.count[rank(score[i])>>shift&(1<<digitBits-1)]++
		}
		at := int32(0)
		for k, n := range s.count {
			s.count[k] = at
			at += n
		}
		for _, i := range from {
			k := rank(score[i]) >> shift & (1<<digitBits - 1)
			to[s.count[k]] = i
			s.count[k]++
		}
		from, to = to, from
	}
	copy(sets, from)
}

// rank is a number that falls as the score rises.
func rank(score float32) uint32 {
	if score == 0 {
		score = 0 // one zero, not two
	}
	b := math.Float32bits(score)
	if b>>31 == 1 {
		return b
	}
	return ^b &^ (1 << 31)
}
