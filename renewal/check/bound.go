package check

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/big"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/plottage/plottage"
)

func exactRoundness(areaM2, perimeterCM int64) int64 {
	a := new(big.Int).Mul(big.NewInt(areaM2), big.NewInt(10_000*12_566_371))
	p := new(big.Int).Mul(big.NewInt(perimeterCM), big.NewInt(perimeterCM))
	q := a.Quo(a, p)
	if !q.IsInt64() {
		return 1_000_000
	}
	return q.Int64()
}

// mostSets is how many connected sets of one group of lots are listed; a larger
// group is bounded lot by lot.
const mostSets = 400_000

// mostFillings are remembered at once, for the sake of memory.
const mostFillings = 10_000

// option is a block with a start: what it scores at the prices and uses.
type option struct {
	group       int
	lots        []uint64 // mask over the group's lots
	mode, start int
	score       float64
	worth       int64
	use         use
	usable      int64
	members     []int
	parts       []float64 // of the caps of its year that it uses
}

// bounder recomputes the bound of a certificate.
type bounder struct {
	d       *problemDoc
	c       *certificateDoc
	lines   []line
	price   []float64    // by line
	cutsAt  [][]priced   // by start: the cuts with a price
	stairs  []*stairs    // that cuts name
	memo    *listing     // of the cases that the bound is one of, or has; nil none
	byLot   []float64    // price by lot
	heldAt  []int        // by lot: year index that a case holds it in, else -1; nil none
	groups  [][]int      // connected parts of the lots that may be cleared
	must    map[int]bool // lots that are treated in every plan
	blocked map[int]bool // lots locked in, that must be in a block
	held    map[int]int  // by the cases that the bound is one of: the year index in which a lot is treated
	year    map[int]int  // lots locked to a year index
	out     map[int]bool // lots locked out
	signed  map[int]int  // signed block by lot
	barred  map[int]bool // lots that are in no block because another of their owner can be in none
	listed  int
	steps   int
	room    int64 // see widest
	fill    map[fillKey][]float64
	offers  map[place][]offer
	misfits [][]int     // by lot: projects that a block with the lot cannot take
	worth   [][][]int64 // by lot, way and mode·years + year
}

// place is where and when a block offers room to projects.
type place struct {
	town        string
	mode, ready int
}

// offer is a project that a place can take and that adds something at the prices.
type offer struct {
	project int
	net     float64
	units   int64
}

type fillKey struct {
	place
	barred string // numbers of the offers that the block's lots keep out
}

// newBounder reads the locks; held are the lots whose years the cases around fix.
func newBounder(d *problemDoc, c *certificateDoc, held map[int]int) *bounder {
	b := &bounder{d: d, c: c, held: held, blocked: map[int]bool{}, lines: d.lines(), must: map[int]bool{}, year: map[int]int{}, out: map[int]bool{}, fill: map[fillKey][]float64{}, offers: map[place][]offer{}, misfits: make([][]int, len(d.Lots))}
	for _, l := range b.lines {
		b.price = append(b.price, c.Prices.Rows[l.name])
	}
	for i := range d.Lots {
		b.byLot = append(b.byLot, c.Prices.Lots[d.Lots[i].ID])
	}
	for _, k := range d.Locks {
		i := d.lotAt[k.Parcel]
		if k.Kind == plottage.LockOut {
			b.out[i] = true
			continue
		}
		b.must[i], b.blocked[i] = true, true
	}
	b.lockYears()
	b.signed = d.signedAt()
	for i := range b.signed {
		b.must[i] = true
	}
	b.bar()
	for i, t := range held {
		b.must[i], b.year[i] = true, t
		if b.heldAt == nil {
			b.heldAt = slices.Repeat([]int{-1}, len(d.Lots))
		}
		b.heldAt[i] = t
	}
	for k := range d.Projects {
		for _, id := range d.Projects[k].Misfits {
			if i, known := d.lotAt[id]; known {
				b.misfits[i] = append(b.misfits[i], k)
			}
		}
	}
	for i := range d.Lots {
		worth := make([][]int64, len(d.Lots[i].ways))
		for way := range worth {
			for mode := range d.Modes {
				for t := range d.Years {
					worth[way] = append(worth[way], d.lotWorth(i, way, mode, t))
				}
			}
		}
		b.worth = append(b.worth, worth)
	}
	b.group()
	return b
}

// lockYears sets the years that locks name.
func (b *bounder) lockYears() {
	for _, k := range b.d.Locks {
		if k.Kind != plottage.LockOut && k.Year != 0 {
			b.year[b.d.lotAt[k.Parcel]] = k.Year - b.d.Years[0]
		}
	}
}

// verify returns a bound on the value of every plan, at most the certificate's when
// the certificate is right.
func (b *bounder) verify(ctx context.Context, value int64) (int64, error) {
	if err := b.readStairs(); err != nil {
		return 0, err
	}
	if b.c.Prices.Side == "cases" {
		return b.caseBound(ctx, value)
	}
	if err := b.signs(); err != nil {
		return 0, err
	}
	if b.c.UnitM2 < 1 {
		return 0, errors.New("unit_m2 is missing")
	}
	switch b.c.Prices.Side {
	case "cluster":
		return b.clusterBound(ctx)
	case "year":
		return b.yearBound(ctx, value)
	}
	return 0, errors.New("side " + b.c.Prices.Side + " is not known")
}

// signs checks that the prices may be used at all: duality wants them non-negative,
// but for lots that must be cleared.
func (b *bounder) signs() error {
	if err := b.cutLines(); err != nil {
		return err
	}
	for name, x := range b.c.Prices.Rows {
		if x < 0 || math.IsNaN(x) || math.IsInf(x, 0) || !slices.ContainsFunc(b.lines, func(l line) bool { return l.name == name }) {
			return errors.New("price of row " + name)
		}
	}
	for id, x := range b.c.Prices.Lots {
		i, ok := b.d.lotAt[id]
		if !ok || math.IsNaN(x) || math.IsInf(x, 0) || x < 0 && !b.must[i] {
			return errors.New("price of lot " + id)
		}
	}
	for id, x := range b.c.Prices.Projects {
		if _, ok := b.d.projectAt[id]; !ok || x < 0 || math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.New("price of project " + id)
		}
	}
	for id, x := range b.c.Prices.Inside {
		if _, ok := b.d.lotAt[id]; !ok || !(x >= 0) || math.IsInf(x, 0) {
			return errors.New("inside price of lot " + id)
		}
	}
	return nil
}

// group finds the connected parts, lots in the order of the document.
func (b *bounder) group() {
	seen := map[int]bool{}
	for _, s := range b.d.Signed {
		var part []int
		for _, id := range slices.Concat(s.Lots, s.Kept) {
			part = append(part, b.d.lotAt[id])
			seen[b.d.lotAt[id]] = true
		}
		slices.Sort(part)
		b.groups = append(b.groups, part)
	}
	for i := range b.d.Lots {
		if seen[i] || b.out[i] {
			continue
		}
		part := []int{i}
		seen[i] = true
		for n := 0; n < len(part); n++ {
			for j := range b.d.near[part[n]] {
				if !seen[j] && !b.out[j] {
					seen[j] = true
					part = append(part, j)
				}
			}
		}
		slices.Sort(part)
		b.groups = append(b.groups, part)
	}
}

// constant sums prices times limits; size is that sum's, and a little of its terms', which
// may be large and cancel.
func (b *bounder) constant() (sum, size float64) {
	add := func(x float64) {
		sum += x
		size += math.Abs(x)
	}
	for n, l := range b.lines {
		if l.atLeast {
			add(-b.price[n] * float64(l.limit))
		} else {
			add(b.price[n] * float64(l.limit))
		}
	}
	for i := range b.d.Lots {
		if !b.out[i] {
			add(b.c.Prices.Lots[b.d.Lots[i].ID])
		}
	}
	for i := range b.d.Projects {
		add(b.c.Prices.Projects[b.d.Projects[i].ID])
	}
	for _, c := range b.c.Prices.Cuts {
		add(c.Price)
	}
	return sum, math.Abs(sum) + 1e-3*size
}

// rounded is a bound in whole units, raised for floating point by a share of the size of
// its terms. Prices so large that it is no number, or none that a plan could be worth, bound
// nothing.
func rounded(total, size float64) (int64, error) {
	x := math.Floor(total + 2e-11*size)
	if !(math.Abs(x) < 1<<62) {
		return 0, errors.New("prices are too large to bound anything")
	}
	return int64(x), nil
}

// lost is at least what floating point loses where so many terms are added up whose sizes
// come to size. Prices of rows whose limit is 0 may be as large as one likes, and cancel: a
// score is raised by what they could hide.
func lost(terms int, size float64) float64 { return float64(terms+2) * 0x1p-51 * size }

// score prices a block: worth less prices of use and lots, plus the best filling
// with projects net of their prices, raised for floating point. A score that is not above
// least may be a larger one that is not either.
func (b *bounder) score(o *option, town string, least float64) float64 {
	s := float64(o.worth)
	size, terms := math.Abs(s), 1+len(o.members)
	ready := o.start + b.d.Modes[o.mode].Build
	for n := range b.lines {
		l := &b.lines[n]
		if b.price[n] == 0 || l.own >= 0 && l.own != o.start {
			continue
		}
		x := b.price[n] * float64(l.takes(o.use, o.members, town, o.mode, o.start, ready))
		if l.atLeast {
			x = -x
		}
		s -= x
		size += math.Abs(x)
		terms++
	}
	for _, i := range o.members {
		s -= b.byLot[i]
		size += math.Abs(b.byLot[i])
	}
	s += lost(terms, size)
	fill := b.filling(place{town, o.mode, ready}, o.members)
	s += fill[min(int(o.usable/b.c.UnitM2), len(fill)-1)]
	if s <= least {
		return s // cuts only charge
	}
	return s - b.cutCharge(o)
}

// offersAt lists what projects a place can take.
func (b *bounder) offersAt(p place) []offer {
	if list, known := b.offers[p]; known {
		return list
	}
	d := b.d
	list := []offer{}
	for k := range d.Projects {
		y, comes := d.comes(k, d.Years[0]+p.ready)
		if !comes || !d.fits(k, p.town, p.mode) {
			continue
		}
		net := float64(d.projectWorth(k, y)) - b.c.Prices.Projects[d.Projects[k].ID]
		for n, l := range b.lines {
			if b.price[n] != 0 {
				net -= b.price[n] * float64(l.project(p.town, y-d.Years[0])*d.Projects[k].Power)
			}
		}
		if net > 0 {
			list = append(list, offer{k, net, d.Projects[k].Area / b.c.UnitM2})
		}
	}
	b.offers[p] = list
	return list
}

// filling is the best net value of projects by capacity in units, areas rounded
// down: a knapsack filled item by item. Blocks at one place whose lots keep the same
// projects out share it.
func (b *bounder) filling(p place, members []int) []float64 {
	offers := b.offersAt(p)
	barred := b.barredBy(offers, members)
	key := fillKey{p, string(barred)}
	if f, ok := b.fill[key]; ok {
		return f
	}
	if len(b.fill) >= mostFillings {
		clear(b.fill)
	}
	f, all := make([]float64, b.widest()+1), 0.0
	for n, o := range offers {
		if len(barred) > 2 && barred[0] == byte(n) && barred[1] == byte(n>>8) && barred[2] == byte(n>>16) {
			barred = barred[3:]
			continue
		}
		size := int(min(o.units, int64(len(f))))
		for u := len(f) - 1; u >= size; u-- {
			f[u] = math.Max(f[u], f[u-size]+o.net)
		}
		all += o.net
	}
	if b.widest() == mostRoom { // blocks may have more: they hold all
		f[len(f)-1] = all
	}
	b.fill[key] = f
	return f
}

// barredBy writes down, three bytes each and ascending, the numbers of the offers that
// some lot of a block keeps out. Offers are in the order of their projects.
func (b *bounder) barredBy(offers []offer, members []int) []byte {
	var numbers []int
	for _, i := range members {
		for _, k := range b.misfits[i] {
			if n, offered := slices.BinarySearchFunc(offers, k, func(o offer, k int) int { return cmp.Compare(o.project, k) }); offered {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	var barred []byte
	for _, n := range slices.Compact(numbers) {
		barred = append(barred, byte(n), byte(n>>8), byte(n>>16))
	}
	return barred
}

// keptOut reports whether a lot of a block keeps a project out.
func (b *bounder) keptOut(project int, members []int) bool {
	return slices.ContainsFunc(members, func(i int) bool {
		_, bars := slices.BinarySearch(b.misfits[i], project)
		return bars
	})
}

// mostRoom is the most units of room that are told apart: the certificate says how large
// a unit is.
const mostRoom = 1 << 20

// widest is the most room any block may have, in units, mostRoom at most.
func (b *bounder) widest() int64 {
	if b.room > 0 {
		return b.room
	}
	d := b.d
	var widest int64
	for i := range d.lots {
		for _, w := range d.Lots[i].ways {
			for _, in := range w.In {
				widest = max(widest, in.Usable, in.Usable*d.Block.Max/d.Lots[i].Area+1)
			}
		}
	}
	for _, s := range d.Signed {
		var sum int64
		lots := d.numbers(s.Lots)
		ways, _ := d.waysOf(lots, s.Treated)
		for n, i := range lots {
			sum += d.Lots[i].ways[ways[n]].In[d.modeAt[s.Mode]].Usable
		}
		widest = max(widest, sum)
	}
	b.room = min(widest/b.c.UnitM2+1, mostRoom)
	return b.room
}

// clusterBound lets every group choose its best disjoint blocks. Groups are gone through
// on all processors, each with its own memory, and added up in their order.
func (b *bounder) clusterBound(ctx context.Context) (int64, error) {
	brought := make([]float64, len(b.groups))
	workers := make([]*bounder, min(runtime.GOMAXPROCS(0), len(b.groups)))
	var next atomic.Int64
	var all sync.WaitGroup
	for n := range workers {
		w := *b
		w.fill, w.offers, w.listed, w.steps = map[fillKey][]float64{}, map[place][]offer{}, 0, 0
		workers[n] = &w
		all.Go(func() {
			for g := int(next.Add(1)) - 1; g < len(b.groups) && ctx.Err() == nil; g = int(next.Add(1)) - 1 {
				brought[g] = w.groupBound(g)
			}
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	for _, w := range workers {
		b.listed, b.steps = b.listed+w.listed, b.steps+w.steps
	}
	total, size := b.constant()
	for _, v := range brought {
		total += v
		size += v
	}
	return rounded(total, size)
}

// groupBound is the most that the disjoint blocks of one group bring.
func (b *bounder) groupBound(g int) float64 {
	lots := b.groups[g]
	if x := b.insideBound(g); !math.IsInf(x, 1) { // not listed, whether it could be or not
		return math.Min(b.lotByLot(lots), x)
	}
	best := map[string]*option{}
	solo := make([]float64, len(lots)) // what each lot brings by itself
	complete := b.blocks(g, func(o *option) {
		o.score = b.score(o, b.d.Lots[lots[0]].Town, 0)
		if b.d.Modes[o.mode].Alone {
			n, _ := slices.BinarySearch(lots, o.members[0])
			solo[n] = math.Max(solo[n], o.score)
			return
		}
		if o.score > 0 {
			key := maskKey(o.lots)
			if old := best[key]; old == nil || o.score > old.score {
				c := *o
				c.lots, c.members = slices.Clone(o.lots), nil
				best[key] = &c
			}
		}
	})
	switch {
	case !complete:
		return b.lotByLot(lots)
	case b.isSigned(lots): // stays whatever its lots admit on their own
		return b.beside(lots, best, solo) + b.pack(lots, best)
	}
	return math.Min(b.lotByLot(lots), b.beside(lots, best, solo)+b.pack(lots, best)) // packing may have been cut short
}

// beside makes room for lots treated by themselves: their sum is certain, and a block
// brings only what it is worth above its own lots. Blocks that bring nothing go.
func (b *bounder) beside(lots []int, best map[string]*option, solo []float64) float64 {
	sum := 0.0
	for _, x := range solo {
		sum += x
	}
	if sum == 0 {
		return 0
	}
	for key, o := range best {
		for n := range lots {
			if o.lots[n/64]>>(n%64)&1 == 1 {
				o.score -= solo[n]
			}
		}
		if o.score <= 0 {
			delete(best, key)
		}
	}
	return sum
}

func maskKey(mask []uint64) string {
	key := make([]byte, 0, 8*len(mask))
	for _, w := range mask {
		for s := 0; s < 64; s += 8 {
			key = append(key, byte(w>>s))
		}
	}
	return string(key)
}

// isSigned reports whether a group is that of a signed block.
func (b *bounder) isSigned(lots []int) bool {
	_, signed := b.signed[lots[0]]
	return signed
}

// bar finds the owners who are not split and have a lot that no block may hold. None
// of their lots is in a block, unless one must be: then no plan exists, and any bound
// will do.
func (b *bounder) bar() {
	d := b.d
	b.barred = map[int]bool{}
	for _, owner := range d.Whole {
		stuck, wanted := false, false
		for i := range d.Lots {
			if d.Lots[i].Owner == owner {
				stuck = stuck || b.out[i] || !b.clearable(i)
				wanted = wanted || b.must[i]
			}
		}
		for i := range d.Lots {
			if d.Lots[i].Owner == owner && stuck && !wanted {
				b.barred[i] = true
			}
		}
	}
}

// clearable reports whether some mode for blocks admits the lot.
func (b *bounder) clearable(i int) bool {
	for mode := range b.d.Modes {
		if !b.d.off(i, mode) && !b.d.Modes[mode].Alone {
			return true
		}
	}
	return false
}
