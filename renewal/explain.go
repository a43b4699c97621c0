package renewal

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/plottage/plottage"
)

// Reason says in one word why a lot is in a plan or not; locale key
// "renewal.reason.<Reason>".
type Reason string

// The reasons, from the hardest to the softest.
const (
	Chosen     Reason = "chosen"      // it is in a block
	KeptInside Reason = "kept_inside" // it is no lot, and is kept inside a block
	Signed     Reason = "signed"      // it is in a block that was signed
	LockedIn   Reason = "locked_in"   // it is in a block because it is locked in
	LockedOut  Reason = "locked_out"  // a lock keeps it out
	OwnerWhole Reason = "owner_whole" // its owner is not split, and other land of the owner can be in no block
	TooAlone   Reason = "too_alone"   // the land it is linked with is smaller than a block
	NoBlock    Reason = "no_block"    // no block with it keeps size, shape, modes and single caps
	LosesMoney Reason = "loses_money" // every block with it is worth less than nothing
	PricedOut  Reason = "priced_out"  // the caps are worth more elsewhere
	CloseCall  Reason = "close_call"  // at the prices it is as good as what was chosen
)

// Why explains one lot: the best block it could be part of, what that block would
// add, and what its use of the caps is worth elsewhere at the plan's prices.
type Why struct {
	Lot     string             `json:"lot"`
	In      bool               `json:"in"`
	Block   string             `json:"block,omitempty"` // of the plan, when in
	Reason  Reason             `json:"reason"`
	Linked  int64              `json:"linked_m2"`         // land connected with it, itself included
	Best    []string           `json:"best,omitempty"`    // lots of the best block with it
	Year    int                `json:"year,omitempty"`    // in which that block would start
	Mode    string             `json:"mode,omitempty"`    // and how
	Treated []plottage.Treated `json:"treated,omitempty"` // its lots that it takes in mixes
	Value   int64              `json:"value"`             // what it would add, projects at their net value included
	Prices  []Charge           `json:"prices,omitempty"`  // what its use of each cap is worth elsewhere
	Price   int64              `json:"price"`             // in all
	Net     int64              `json:"net"`               // Value less Price
	Forcing int64              `json:"forcing"`           // clearing it costs the plan at least this much; 0: no such bound

	// Dropping: leaving it out, when in, costs the plan at least this much; 0: no such bound.
	Dropping int64 `json:"dropping"`

	// Instead is the best block of its cluster without it; nil when there is none.
	Instead *Instead `json:"instead,omitempty"`

	// Whole are the other lots of its owner when the owner is not split, and Stuck those
	// of them that can be in no block, when that is the reason.
	Whole []string `json:"whole,omitempty"`
	Stuck []string `json:"stuck,omitempty"`
}

// Instead is a block that could stand, as Why has the best one with a lot.
type Instead struct {
	Lots    []string           `json:"lots"`
	Year    int                `json:"year"`
	Mode    string             `json:"mode"`
	Treated []plottage.Treated `json:"treated,omitempty"`
	Value   int64              `json:"value"`
	Price   int64              `json:"price"`
	Net     int64              `json:"net"`
}

// Charge is the price of one row. Row "locks" stands for the lots of the block that have
// to be in: what they are worth to the plan beside what they bring.
type Charge struct {
	Row    string `json:"row"`
	Used   int64  `json:"used"`
	Amount int64  `json:"amount"` // used times the row's price, and what the cuts about the row charge
}

// lockCharge is the row of a charge for lots that have to be in.
const lockCharge = "locks"

// Explain says why each of the lots is in the plan or out of it, at the prices given
// with the result (Result.Prices); of a parcel kept inside a block, which one. It panics
// when the problem does not Validate.
func Explain(p *Problem, plan *plottage.Plan, prices Prices, lots []string) []Why {
	e := newExplainer(p, plan, prices)
	var all []Why
	for _, id := range lots {
		if i := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return slices.Contains(b.Kept, id) }); i >= 0 {
			all = append(all, Why{Lot: id, Block: plan.Blocks[i].ID, Reason: KeptInside})
			continue
		}
		all = append(all, e.why(id, int64(plan.Value)))
	}
	return all
}

func newExplainer(p *Problem, plan *plottage.Plan, prices Prices) *explainer {
	m := compile(p, "")
	m.buildClusters()
	s := newPricing(m)
	at := m.unnamed(prices)
	s.known = m.cuts
	s.set(at)
	e := &explainer{m: m, s: s, at: at, in: map[string]string{}, bound: math.Inf(1)}
	for _, b := range plan.Blocks {
		for _, id := range b.Parcels {
			e.in[id] = b.ID
		}
	}
	o := newClusterSide(s)
	e.bound, _, _ = o.evaluate(at)
	return e
}

func (m *model) unnamed(n Prices) *prices {
	p := m.newPrices()
	for i := range m.rows {
		p.rows[i] = n.Rows[m.rows[i].name]
	}
	for i := range m.lots {
		p.lots[i] = n.Lots[m.lots[i].ID]
	}
	for k := range m.projects {
		p.projects[k] = n.Projects[m.projects[k].ID]
	}
	m.cuts = m.cuts[:0]
	for _, c := range n.Cuts {
		if c.Steps > 0 && c.Steps <= len(n.Steps) {
			if f := m.unnamedSteps(n.Steps[c.Steps-1]); f != nil {
				m.cuts = append(m.cuts, cut{steps: f})
				p.cuts = append(p.cuts, c.Price)
			}
			continue
		}
		i := slices.IndexFunc(m.rows, func(r row) bool { return r.name == c.Row && (r.kind == yearCap || r.kind == cumCap) })
		if i >= 0 && m.rows[i].limit > 0 && m.rows[i].limit < unlimited {
			m.cuts = append(m.cuts, cut{row: i, k: c.K})
			p.cuts = append(p.cuts, c.Price)
		}
	}
	return p
}

type explainer struct {
	m     *model
	s     *pricing
	at    *prices
	in    map[string]string
	bound float64
	worth *pricing // of blocks by themselves, caps for nothing; nil until it is needed
}

func (e *explainer) why(id string, value int64) Why {
	w := Why{Lot: id, Block: e.in[id], In: e.in[id] != "", Reason: NoBlock}
	m := e.m
	v := slices.IndexFunc(m.lots, func(l modelLot) bool { return l.ID == id })
	if v < 0 {
		panic(fmt.Sprintf("renewal: %q is no lot of the problem", id))
	}
	l := &m.lots[v]
	var stuck []string
	w.Whole, stuck = m.p.ownedWith(l.Lot)
	if l.starts == 0 {
		switch {
		case slices.ContainsFunc(m.p.Locks, func(k plottage.Lock) bool { return k.Parcel == id && k.Kind == plottage.LockOut }):
			w.Reason = LockedOut
		case len(stuck) > 0:
			w.Reason, w.Stuck = OwnerWhole, stuck
		}
		return w
	}
	ci := slices.IndexFunc(m.clusters, func(c *cluster) bool { return slices.Contains(c.lots, int32(v)) })
	c := m.clusters[ci]
	for _, i := range c.lots {
		w.Linked += m.lots[i].AreaM2
	}
	if l.starts&^m.alone == 0 {
		w.Linked = l.AreaM2 // no block can be made with it, whatever it touches
	}
	best, instead, with, without := e.best(c, slices.Index(c.lots, int32(v)))
	if instead.set >= 0 {
		instead.c = int32(ci)
		w.Instead = e.instead(instead)
	}
	if best.set >= 0 {
		best.c = int32(ci)
		e.describe(&w, best.column, best.score)
		if !w.In && w.Value <= 0 {
			e.describeWorth(&w, c, slices.Index(c.lots, int32(v)), int32(ci))
		}
		if !w.In && c.complete && !math.IsInf(e.bound, 0) {
			// Any plan with the lot has its block and, besides, at most what the
			// cluster brings without the lot; everything else is bounded as before.
			w.Forcing = e.loss(value, c, with)
		}
		if w.In && !l.must && c.complete && !math.IsInf(e.bound, 0) {
			w.Dropping = e.loss(value, c, without)
		}
	}
	w.Reason = e.reason(&w, l, best.column)
	if best.set < 0 && len(stuck) > 0 {
		w.Reason, w.Stuck = OwnerWhole, stuck
	}
	return w
}

// ownedWith lists the other lots of a lot's owner when the owner is not split, and those
// of them that are in no block whatever is planned: locked out, or off in every mode for
// blocks.
func (p *Problem) ownedWith(l *Lot) (whole, stuck []string) {
	if !slices.Contains(p.WholeOwners, l.Owner) {
		return nil, nil
	}
	for i := range p.Lots {
		o := &p.Lots[i]
		if o.Owner != l.Owner || o.ID == l.ID {
			continue
		}
		whole = append(whole, o.ID)
		off := true
		for m := range p.Modes {
			off = off && (p.Modes[m].Alone || o.In[m].Off && !slices.ContainsFunc(o.Mixes, func(x Mix) bool { return !x.In[m].Off }))
		}
		if off || slices.ContainsFunc(p.Locks, func(k plottage.Lock) bool { return k.Parcel == o.ID && k.Kind == plottage.LockOut }) {
			stuck = append(stuck, o.ID)
		}
	}
	slices.Sort(whole)
	slices.Sort(stuck)
	return whole, stuck
}

// loss is what a plan of that value loses at least when a cluster brings no more than
// brings.
func (e *explainer) loss(value int64, c *cluster, brings float64) int64 {
	return max(0, value-int64(math.Ceil(e.bound-e.packed(c)+brings)))
}

func (e *explainer) reason(w *Why, l *modelLot, best column) Reason {
	switch {
	case w.In && l.signed:
		return Signed
	case w.In && l.must:
		return LockedIn
	case w.In:
		return Chosen
	case w.Linked < e.m.p.Block.MinAreaM2 && best.set < 0:
		return TooAlone
	case best.set < 0:
		return NoBlock
	case w.Value <= 0:
		return LosesMoney
	case w.Net < 0:
		return PricedOut
	}
	return CloseCall
}

// scored is a block with what it leaves; set -1: there is none.
type scored struct {
	column
	score float64
}

// best finds the block with lot n that leaves the cluster most, and that without the lot;
// and what the cluster brings at most with the first and without the lot.
func (e *explainer) best(c *cluster, n int) (best, instead scored, with, without float64) {
	k := &packer{}
	k.room(c.sets())
	scores, at := k.score[:c.sets()], k.at[:c.sets()]
	l := e.s.lone(c)
	e.s.best(c, scores, at, k.tmp[:c.sets()], l.score, math.Inf(-1))
	best.set, instead.set = -1, -1
	top, other := math.Inf(-1), math.Inf(-1)
	for i := range scores {
		if c.maskOf(int32(i))[n/64]>>(n%64)&1 == 0 {
			if scores[i] > other {
				instead.column, other = column{set: int32(i), q: at[i]}, scores[i]
			}
			continue
		}
		if scores[i] > top {
			best.column, top = column{set: int32(i), q: at[i]}, scores[i]
		}
		scores[i] = math.Inf(-1)
	}
	best.score, instead.score = top, other
	for _, b := range []*scored{&best, &instead} {
		if b.set >= 0 {
			b.score += c.alone(b.set, l.score)
		}
	}
	if set := c.single[n]; set >= 0 {
		for left := c.starts[set] & e.m.alone; left != 0; left &= left - 1 {
			q := bits.TrailingZeros64(left)
			if x := e.s.score(c, int(set), q, e.s.weight[q][c.lots[n]]); x-l.score[n] > top {
				best, top = scored{column{set: set, q: uint8(q)}, x}, x-l.score[n]
			}
		}
	}
	rest := l.sum + k.pack(e.m, c, scores, packed{}).value
	without = rest
	if l.score != nil {
		without -= l.score[n]
	}
	return best, instead, top + rest, without
}

func (e *explainer) packed(c *cluster) float64 {
	k := &packer{}
	k.room(c.sets())
	l := e.s.lone(c)
	e.s.best(c, k.score[:c.sets()], k.at[:c.sets()], k.tmp[:c.sets()], l.score, math.Inf(-1))
	return l.sum + k.pack(e.m, c, k.score[:c.sets()], packed{}).value
}

// alone adds up what the lots of a set bring by themselves, which the scores of sets
// are less by; nil scores are zero.
func (c *cluster) alone(set int32, score []float64) (sum float64) {
	if score == nil {
		return 0
	}
	for i, w := range c.maskOf(set) {
		for ; w != 0; w &= w - 1 {
			sum += score[i*64+bits.TrailingZeros64(w)]
		}
	}
	return sum
}

// instead states the best block without the lot.
func (e *explainer) instead(b scored) *Instead {
	var w Why
	e.describe(&w, b.column, b.score)
	return &Instead{w.Best, w.Year, w.Mode, w.Treated, w.Value, w.Price, w.Net}
}

// describe states the block and charges it for what it uses.
func (e *explainer) describe(w *Why, col column, score float64) {
	m := e.m
	c := m.clusters[col.c]
	q := int(col.q)
	w.Best = nil
	for _, v := range c.lotsOf(col.set) {
		if m.lots[v].keptM2 == 0 {
			w.Best = append(w.Best, m.lots[v].ID)
		}
	}
	slices.Sort(w.Best)
	w.Treated = m.treatedIn(c.entriesOf(col.set))
	w.Year, w.Mode = m.p.Years[m.year(q)], m.p.Modes[m.mode(q)].Name
	charged := e.cutCharges(&c.q[int(col.set)*m.M+m.mode(q)], q)
	w.Prices, w.Price = nil, 0
	add := func(row string, used int64, x float64) {
		if amount := int64(math.Round(x)); amount != 0 {
			w.Prices = append(w.Prices, Charge{row, used, amount})
			w.Price += amount
		}
	}
	for i := range m.rows {
		used := m.use(i, col)
		add(m.rows[i].name, used, e.at.rows[i]*float64(used)*m.rows[i].sign()+charged[i])
	}
	locked, n := 0.0, int64(0)
	for _, v := range c.lotsOf(col.set) {
		if x := e.at.lots[v]; x != 0 {
			locked, n = locked+x, n+1
		}
	}
	add(lockCharge, n, locked)
	slices.SortFunc(w.Prices, func(a, b Charge) int { return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Row, b.Row)) })
	w.Net = int64(math.Round(score))
	w.Value = w.Net + w.Price
}

// cutCharges is what the cuts charge a block that takes so much at a start, by the rows
// they are about. A cut on the caps of a year together charges each by the share of it
// that the block takes.
func (e *explainer) cutCharges(use *quantities, q int) map[int]float64 {
	charged := map[int]float64{}
	for _, c := range e.s.cuts[q] {
		charged[c.cut.row] += c.price * c.cut.share(use[c.q], c.limit)
	}
	for _, f := range e.s.steps[q] {
		share, sum := make([]float64, len(f.rows)), 0.0
		for k, i := range f.rows {
			share[k] = float64(use[f.what[k]]) / float64(e.m.rows[i].limit)
			sum += share[k]
		}
		for k, i := range f.rows {
			if sum > 0 {
				charged[i] += f.price * f.of(use) * share[k] / sum
			}
		}
	}
	return charged
}

// describeWorth states the block with lot n that is worth most by itself, whatever it
// takes of the caps, where one is worth something: then it is the caps that keep the lot
// out, not what it brings.
func (e *explainer) describeWorth(w *Why, c *cluster, n int, ci int32) {
	if e.worth == nil {
		at := e.m.newPrices()
		copy(at.projects, e.at.projects)
		e.worth = newPricing(e.m)
		e.worth.set(at)
	}
	k := &packer{}
	k.room(c.sets())
	scores, at := k.score[:c.sets()], k.at[:c.sets()]
	e.worth.best(c, scores, at, k.tmp[:c.sets()], nil, 0)
	top := column{c: ci, set: -1}
	most := 0.0
	for i, x := range scores {
		if x > most && c.maskOf(int32(i))[n/64]>>(n%64)&1 == 1 {
			top.set, top.q, most = int32(i), at[i], x
		}
	}
	if set := c.single[n]; set >= 0 {
		for left := c.starts[set] & e.m.alone; left != 0; left &= left - 1 {
			q := bits.TrailingZeros64(left)
			if x := e.worth.score(c, int(set), q, e.worth.weight[q][c.lots[n]]); x > most {
				top.set, top.q, most = set, uint8(q), x
			}
		}
	}
	if top.set < 0 {
		return
	}
	weight := 0.0
	for _, v := range c.entriesOf(top.set) {
		weight += e.s.weight[top.q][v]
	}
	e.describe(w, top, e.s.score(c, int(top.set), int(top.q), weight))
}
