package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Repair makes one geometry valid and says what was wrong with it, in order of part
// and ring. It closes rings, takes out repeated vertices and spikes, turns shells
// counter-clockwise and holes clockwise, leaves out rings that enclose nothing,
// gives holes to the shells around them, splits rings that cross themselves (every
// loop is kept, whichever way it turns) and unites parts that overlap or share a
// border. A geometry with nothing wrong is returned as it is, sharing its rings.
//
// A part with a coordinate that is no number or beyond MaxCoord, and a geometry too
// tangled to follow, are left out whole (Kind.Fatal); the result may be nil. Any
// unit will do. Cost: O(n log n) and bounded for scribble as well.
// Method: docs/method/topology.md#repair.
func Repair(mp orb.MultiPolygon) (orb.MultiPolygon, []Defect) {
	t := tidy(mp)
	if len(t.rings) == 0 {
		if len(mp) == 0 {
			return mp, nil
		}
		return nil, t.inOrder()
	}
	met, ok := t.encounters()
	if !ok {
		return nil, t.tangled()
	}
	sound := t.judge(met)
	if sound {
		t.dropThin()
		sound = t.nested()
	}
	if !sound {
		out, ok := t.rebuild()
		if !ok {
			return nil, t.tangled()
		}
		if t.changed {
			return out, t.inOrder()
		}
	}
	t.wind()
	if !t.changed {
		return mp, nil
	}
	return t.parts(), t.inOrder()
}

// tangled says that the geometry is scribble.
func (t *tidied) tangled() []Defect {
	t.say(TooTangled, &t.rings[0], t.rings[0].pts[0], 1)
	return t.inOrder()
}

// Check says what is wrong with one geometry, as Repair would.
func Check(mp orb.MultiPolygon) []Defect {
	_, d := Repair(mp)
	return d
}

// inOrder returns the defects by part, ring and kind, each kind once a ring.
func (t *tidied) inOrder() []Defect {
	slices.SortStableFunc(t.defects, func(x, y Defect) int {
		return cmp.Or(cmp.Compare(x.Part, y.Part), cmp.Compare(x.Ring, y.Ring), cmp.Compare(x.Kind, y.Kind))
	})
	return slices.CompactFunc(t.defects, func(x, y Defect) bool {
		return x.Part == y.Part && x.Ring == y.Ring && x.Kind == y.Kind
	})
}

// wind gives every ring its winding.
func (t *tidied) wind() {
	for i := range t.rings {
		r := &t.rings[i]
		if (r.area < 0) == r.hole() {
			continue
		}
		r.pts = slices.Clone(r.pts)
		slices.Reverse(r.pts)
		t.say(WrongWinding, r, r.pts[0], 1)
	}
}

// parts puts the rings together as they were.
func (t *tidied) parts() orb.MultiPolygon {
	var mp orb.MultiPolygon
	for i := range t.rings {
		if r := &t.rings[i]; r.hole() {
			mp[len(mp)-1] = append(mp[len(mp)-1], r.pts)
		} else {
			mp = append(mp, orb.Polygon{r.pts})
		}
	}
	return mp
}

// rebuild cuts all rings where they meet, finds the faces and keeps those that
// belong to the geometry. ok is false when the rings are too tangled.
func (t *tidied) rebuild() (mp orb.MultiPolygon, ok bool) {
	a, labels, tab, ok := t.arrange()
	if !ok {
		return nil, false
	}
	plan := t.understand(a, labels, tab)
	land := make(map[int32]bool, len(tab.sets)) // label -> whether it is land
	isLand := func(l int32) bool {
		in, known := land[l]
		if !known {
			in = len(plan.shellsOver(nil, tab.appendSet(nil, l))) > 0
			land[l] = in
		}
		return in
	}
	var border []int32
	for h := range int32(2 * len(a.ends)) {
		if isLand(labels[a.cycle[h]]) && !isLand(labels[a.cycle[h^1]]) {
			border = append(border, h)
		}
	}
	return newTracer(a.graph).polygons(border), true
}

// arrange nodes the rings, each its own owner, and labels the faces.
func (t *tidied) arrange() (*arrangement, []int32, *labels, bool) {
	var places []orb.Point
	for i := range t.rings {
		r := t.rings[i].pts
		places = append(places, r[:len(r)-1]...)
	}
	pts, of := snap(places, t.tol)
	var pieces []piece
	k := 0
	for i := range t.rings {
		n := len(t.rings[i].pts) - 1
		pieces = appendRing(pieces, of[k:k+n], int32(i))
		k += n
	}
	n := &noder{pts: pts, tol: t.tol, set: newEdges(pieces, len(pts)), room: 4 * (budgetLeast + budgetPerSegment*len(pieces))}
	if n.node(); n.left > 0 {
		return nil, nil, nil, false
	}
	ends := make([][2]int32, len(n.set.edges))
	for i, e := range n.set.edges {
		ends[i] = [2]int32{e.a, e.b}
	}
	a := newArrangement(newGraph(n.pts, ends))
	tab := newLabels(len(t.rings))
	return a, a.label(n.set, tab), tab, true
}

// reading is how the rings of a geometry are to be taken.
type reading struct {
	part []int  // ring -> the part it belongs to, -1 none
	hole []bool // ring -> whether it is a hole
}

// shellsOver appends the shells that make the ground inside these rings land: those
// of parts that have no hole there. A ring counts wherever it turns around a place
// at all, whichever way and however often (nonzero winding).
func (r reading) shellsOver(dst []int32, in []use) []int32 {
	for _, u := range in {
		p := r.part[u.owner]
		if p < 0 || r.hole[u.owner] {
			continue
		}
		if !slices.ContainsFunc(in, func(v use) bool { return r.part[v.owner] == p && r.hole[v.owner] }) {
			dst = append(dst, u.owner)
		}
	}
	return dst
}

// judgeFaces says which parts lie on another, and which rings enclose nothing.
func (t *tidied) judgeFaces(plan reading, labels []int32, tab *labels) {
	present := make([]bool, len(t.rings))
	known := map[int32]bool{}
	for _, l := range labels {
		if known[l] {
			continue
		}
		known[l] = true
		in := tab.appendSet(nil, l)
		for _, u := range in {
			present[u.owner] = true
		}
		over := plan.shellsOver(nil, in)
		for _, i := range over[min(1, len(over)):] {
			t.say(PartsOverlap, &t.rings[i], t.rings[i].pts[0], 1)
		}
	}
	for i, is := range present {
		if !is {
			t.say(ZeroArea, &t.rings[i], t.rings[i].pts[0], 1)
		}
	}
}

// shared is the ground inside each ring and inside each two of them.
type shared struct {
	area   []float64
	common []map[int32]float64 // ring -> other ring -> ground inside both
}

// understand decides which ring is a hole of which part, moving holes to the part
// that lies around them, and says what it found.
func (t *tidied) understand(a *arrangement, labels []int32, tab *labels) reading {
	plan := reading{part: make([]int, len(t.rings)), hole: make([]bool, len(t.rings))}
	holed := map[int]bool{}
	for i := range t.rings {
		plan.part[i], plan.hole[i] = t.rings[i].part, t.rings[i].hole()
		if plan.hole[i] {
			holed[plan.part[i]] = true
		}
	}
	sh := t.shared(a, labels, tab)
	shell := int32(-1)
	for i := range int32(len(t.rings)) {
		if t.rings[i].hole() {
			t.judgeHole(plan, i, shell, sh)
		} else {
			shell = i
		}
	}
	for i := range int32(len(t.rings)) {
		if !t.rings[i].hole() {
			t.judgeShell(plan, i, sh, !holed[t.rings[i].part])
		}
	}
	t.judgeFaces(plan, labels, tab)
	return plan
}

// judgeHole gives a hole outside its shell to the shell around it, if there is one.
func (t *tidied) judgeHole(plan reading, i, shell int32, sh shared) {
	r := &t.rings[i]
	for j := range sh.common[i] {
		if s := &t.rings[j]; s.hole() && s.part == r.part && sh.inside(i, j) {
			t.say(RingsCross, r, r.pts[0], 1)
			break
		}
	}
	if sh.common[i][shell] > 0 {
		return
	}
	t.say(HoleOutside, r, r.pts[0], 1)
	plan.part[i] = -1
	if s := t.around(i, sh); s >= 0 {
		plan.part[i] = t.rings[s].part
	}
}

// judgeShell decides whether a part on top of another is a hole written as a part:
// when it has no holes itself and lies wholly in a shell that turns the other way.
// Otherwise it is ground drawn twice.
func (t *tidied) judgeShell(plan reading, i int32, sh shared, plain bool) {
	s := t.around(i, sh)
	if s < 0 || t.inHoleOf(plan.part[s], i, plan, sh) {
		return
	}
	r := &t.rings[i]
	if plain && (r.area > 0) != (t.rings[s].area > 0) && !plan.hole[s] {
		t.say(HoleAsPart, r, r.pts[0], 1)
		plan.hole[i], plan.part[i] = true, t.rings[s].part
	}
}

// inHoleOf reports whether ring i lies in a drawn hole of a part.
func (t *tidied) inHoleOf(part int, i int32, plan reading, sh shared) bool {
	for j := range sh.common[i] {
		if t.rings[j].hole() && plan.part[j] == part {
			return true
		}
	}
	return false
}

// around returns the smallest shell that ring i lies in, -1 for none.
func (t *tidied) around(i int32, sh shared) int32 {
	best := int32(-1)
	for s := range sh.common[i] {
		if t.rings[s].hole() || !sh.inside(i, s) {
			continue
		}
		if best < 0 || sh.area[s] < sh.area[best] || sh.area[s] == sh.area[best] && s < best {
			best = s
		}
	}
	return best
}

// inside reports whether ring i lies in ring s; of two alike, the later in the first.
func (sh shared) inside(i, s int32) bool {
	if sh.common[i][s] < sh.area[i]*(1-1e-9) {
		return false
	}
	return sh.area[s] > sh.area[i] || sh.area[s] == sh.area[i] && s < i
}

// shared measures the faces.
func (t *tidied) shared(a *arrangement, labels []int32, tab *labels) shared {
	sh := shared{make([]float64, len(t.rings)), make([]map[int32]float64, len(t.rings))}
	byFace := make([]float64, len(a.starts))
	for c := range a.starts {
		if s := a.face[c]; s >= 0 {
			byFace[s] += a.area[c]
		}
	}
	var in []use
	for s := range a.starts {
		if int(a.face[s]) != s {
			continue
		}
		in = tab.appendSet(in[:0], labels[s])
		m := max(byFace[s], 0)
		for _, u := range in {
			sh.area[u.owner] += m
			for _, v := range in[:min(len(in), manyOwners)] {
				if u.owner != v.owner {
					sh.add(u.owner, v.owner, m)
				}
			}
		}
	}
	return sh
}

func (sh shared) add(r, s int32, m float64) {
	if sh.common[r] == nil {
		sh.common[r] = map[int32]float64{}
	}
	sh.common[r][s] += m
}
