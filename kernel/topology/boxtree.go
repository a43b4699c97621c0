package topology

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// box is an axis-parallel rectangle.
type box struct{ x0, y0, x1, y1 float64 }

func boxOf(a, b orb.Point) box {
	return box{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])}
}

func (b box) grow(d float64) box { return box{b.x0 - d, b.y0 - d, b.x1 + d, b.y1 + d} }

func (b box) join(c box) box {
	return box{min(b.x0, c.x0), min(b.y0, c.y0), max(b.x1, c.x1), max(b.y1, c.y1)}
}

func (b box) meets(c box) bool {
	return b.x0 <= c.x1 && c.x0 <= b.x1 && b.y0 <= c.y1 && c.y0 <= b.y1
}

var noBox = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// fan is the number of boxes under one box of the tree.
const fan = 12

// boxTree finds the boxes that meet a place. It is built once, packed by
// sort-tile-recursive (Leutenegger, Lopez and Edgington 1997): equal numbers of
// boxes in each tile whatever the distribution, so one far-off parcel costs nothing.
type boxTree struct {
	boxes  []box   // level by level, leaves first
	items  []int32 // item of each leaf
	starts []int   // where each level starts in boxes, and the end
}

// newBoxTree packs n boxes.
func newBoxTree(n int, boxAt func(i int) box) *boxTree {
	type leaf struct {
		key float64
		i   int32
	}
	byKey := func(a, b leaf) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.i - b.i)
	}
	leaves := make([]leaf, n)
	spread(n, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			b := boxAt(i)
			leaves[i] = leaf{b.x0 + b.x1, int32(i)}
		}
	})
	sortPar(leaves, byKey)
	tiles := max(1, int(math.Ceil(math.Sqrt(float64(n)/fan))))
	tall := max(fan, (n+tiles-1)/tiles)
	tall = (tall + fan - 1) / fan * fan
	tiles = (n + tall - 1) / tall
	spread(tiles*512, func(_, lo, hi int) { // a tile weighs as much as many items
		for t := (lo + 511) / 512; t < (hi+511)/512; t++ {
			tile := leaves[t*tall : min(n, (t+1)*tall)]
			for k := range tile {
				b := boxAt(int(tile[k].i))
				tile[k].key = b.y0 + b.y1
			}
			slices.SortFunc(tile, byKey)
		}
	})
	t := &boxTree{items: make([]int32, n), boxes: make([]box, n, n+n/(fan-1)+8)}
	for k, l := range leaves {
		t.items[k] = l.i
		t.boxes[k] = boxAt(int(l.i))
	}
	t.stack(n)
	return t
}

// stack puts the upper levels over the n leaves.
func (t *boxTree) stack(n int) {
	t.starts = []int{0}
	for from, size := 0, n; ; {
		t.starts = append(t.starts, from+size)
		if size <= 1 {
			return
		}
		for lo := from; lo < from+size; lo += fan {
			b := noBox
			for _, c := range t.boxes[lo:min(lo+fan, from+size)] {
				b = b.join(c)
			}
			t.boxes = append(t.boxes, b)
		}
		from, size = from+size, len(t.boxes)-from-size
	}
}

// node is a place in the tree: level and number within the level.
type node struct{ level, k int32 }

// walk calls visit with every item whose box and all boxes above satisfy enter,
// until visit returns false.
func (t *boxTree) walk(enter func(box) bool, visit func(item int32) bool) {
	var room [128]node
	todo := room[:0]
	top := int32(len(t.starts) - 2)
	if len(t.items) == 0 || !enter(t.boxes[t.starts[top]]) {
		return
	}
	todo = append(todo, node{top, 0})
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v.level == 0 {
			if !visit(t.items[v.k]) {
				return
			}
			continue
		}
		below := v.level - 1
		base := t.starts[below]
		for k := int(v.k) * fan; k < min((int(v.k)+1)*fan, t.starts[below+1]-base); k++ {
			if enter(t.boxes[base+k]) {
				todo = append(todo, node{below, int32(k)})
			}
		}
	}
}

// inBox calls visit with every item whose box meets q, until visit returns false.
func (t *boxTree) inBox(q box, visit func(item int32) bool) {
	t.walk(q.meets, visit)
}

// nearSegment calls visit with every item whose box comes within d of segment a, b
// (and some a little farther), until visit returns false. A long slanting segment
// is followed rather than boxed. It is walk with the test written out, for speed.
func (t *boxTree) nearSegment(a, b orb.Point, d float64, visit func(item int32) bool) {
	if len(t.items) == 0 {
		return
	}
	q := boxOf(a, b).grow(d)
	nx, ny := a[1]-b[1], b[0]-a[0]
	slack := d * math.Hypot(nx, ny)
	ax, ay := math.Abs(nx)/2, math.Abs(ny)/2
	var room [128]node
	todo := append(room[:0], node{int32(len(t.starts) - 1), 0}) // a level above the top
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v.level == 0 {
			if !visit(t.items[v.k]) {
				return
			}
			continue
		}
		below := v.level - 1
		base, end := t.starts[below], t.starts[below+1]
		first := base + int(v.k)*fan
		for k, c := range t.boxes[first:min(first+fan, end)] {
			if q.x0 > c.x1 || c.x0 > q.x1 || q.y0 > c.y1 || c.y0 > q.y1 {
				continue
			}
			off := nx*((c.x0+c.x1)/2-a[0]) + ny*((c.y0+c.y1)/2-a[1])
			if math.Abs(off) <= (ax*(c.x1-c.x0)+ay*(c.y1-c.y0)+slack)*(1+1e-9) {
				todo = append(todo, node{below, int32(first - base + k)})
			}
		}
	}
}

// sortPar sorts s on all processors.
func sortPar[T any](s []T, by func(a, b T) int) {
	w := shares(len(s) / 8)
	if w == 1 {
		slices.SortFunc(s, by)
		return
	}
	mid := len(s) / 2
	done := make(chan struct{})
	go func() {
		slices.SortFunc(s[:mid], by)
		close(done)
	}()
	slices.SortFunc(s[mid:], by)
	<-done
	left := slices.Clone(s[:mid])
	for i, j, k := 0, mid, 0; i < len(left); k++ {
		if j < len(s) && by(s[j], left[i]) < 0 {
			s[k] = s[j]
			j++
		} else {
			s[k] = left[i]
			i++
		}
	}
}
