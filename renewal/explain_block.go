package renewal

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// BlockWhy explains one block of a plan: what it brings and costs, which limits it
// takes of, and what the plan would be worth with the block otherwise.
type BlockWhy struct {
	Block   string     `json:"block"`
	Reason  Reason     `json:"reason"` // Chosen, LockedIn or Signed
	Value   int64      `json:"value"`  // of the parts together, projects included
	Parts   []Part     `json:"parts"`  // what it brings, then what it costs, then projects
	Uses    []BlockUse `json:"uses"`   // limits it takes of or makes room in, dearest first, then fullest
	Dropped Changed    `json:"dropped"`
	Others  []Changed  `json:"others"` // in every other year and mode that its parcels admit, best first

	// Dropping: leaving all its parcels out costs the plan at least this much, whatever
	// is done instead; 0: no such bound.
	Dropping int64 `json:"dropping"`
}

// PartKind is one of the terms of what a block is worth; locale key
// "renewal.part.<PartKind>".
type PartKind string

// The terms, in the order in which they are told.
const (
	PartAfter   PartKind = "after"   // yearly value of the renewed land, from the ready year
	PartReceipt PartKind = "receipt" // paid to the city in the ready year
	PartNow     PartKind = "now"     // yearly value lost, from the start year
	PartCost    PartKind = "cost"    // paid in the start year
	PartProject PartKind = "project" // yearly value of one project, from the year it takes the land
)

// Yearly reports whether the term counts every year, not once.
func (k PartKind) Yearly() bool { return k == PartAfter || k == PartNow || k == PartProject }

// Part is one term of what a block is worth. Value is Amount times FactorPPM, rounded
// down parcel by parcel.
type Part struct {
	Kind      PartKind `json:"kind"`
	Amount    int64    `json:"amount"`     // a year, or once; below zero: given up or paid
	From      int      `json:"from"`       // first year it counts
	Until     int      `json:"until"`      // last year; From: once
	FactorPPM int64    `json:"factor_ppm"` // discount factors of these years together, in millionths
	Value     int64    `json:"value"`      // discounted
	Of        []PartOf `json:"of"`         // parcels, or the one project; largest first
}

// PartOf is what one parcel or project has in a part.
type PartOf struct {
	ID     string `json:"id"`
	Amount int64  `json:"amount"`
	Value  int64  `json:"value"`
}

// BlockUse is what a block with its projects counts in a row, beside the whole plan.
type BlockUse struct {
	Row     string `json:"row"`
	Used    int64  `json:"used"`    // below zero: it makes room
	Planned int64  `json:"planned"` // by the plan in all
	Limit   int64  `json:"limit"`
	AtLeast bool   `json:"at_least,omitempty"`
	Worth   int64  `json:"worth"` // elsewhere, at the plan's prices
}

// Presses reports whether the block takes of a limit that the plan has nearly used up:
// less than a tenth of it is left.
func (u BlockUse) Presses() bool {
	return !u.AtLeast && u.Used > 0 && 10*(u.Limit-u.Planned) < u.Limit
}

// Changed is the plan with one block otherwise and all other blocks as they stand.
// Projects and firms of the block find other places where there are some, as in [Complete].
type Changed struct {
	Year     int      `json:"year"` // of the block; 0: it is left out
	Mode     string   `json:"mode"`
	Value    int64    `json:"value"`              // of that plan
	Change   int64    `json:"change"`             // less the value of the plan as it stands
	Broken   []Broken `json:"broken,omitempty"`   // rules that it breaks and the plan as it stands does not
	Landless []string `json:"landless,omitempty"` // projects that lose their land by it
}

// Next is the best other year and mode that keeps every rule; nil: there is none.
func (w *BlockWhy) Next() *Changed {
	for i := range w.Others {
		if len(w.Others[i].Broken) == 0 {
			return &w.Others[i]
		}
	}
	return nil
}

// Barred is the best other year and mode that is worth more than the block as it stands
// but breaks a rule; nil: there is none.
func (w *BlockWhy) Barred() *Changed {
	for i := range w.Others {
		if c := &w.Others[i]; len(c.Broken) > 0 && c.Change > 0 {
			return c
		}
	}
	return nil
}

// ExplainBlocks explains blocks of the plan at the prices given with the result
// (Result.Prices). It panics when the problem does not Validate or the plan has no
// such block.
func ExplainBlocks(p *Problem, plan *plottage.Plan, prices Prices, blocks []string) []BlockWhy {
	x := &blockExplainer{p: p, plan: plan, lots: p.lotIDs(), stands: Evaluate(p, plan), e: newExplainer(p, plan, prices)}
	x.price = map[string]float64{}
	for i, r := range x.e.m.rows {
		x.price[r.name] = x.e.at.rows[i] * r.sign()
	}
	var all []BlockWhy
	for _, id := range blocks {
		at := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == id })
		if at < 0 {
			panic("renewal: the plan has no block " + id)
		}
		all = append(all, x.why(at))
	}
	return all
}

type blockExplainer struct {
	p      *Problem
	plan   *plottage.Plan
	lots   map[string]int
	stands Evaluation // of the plan
	e      *explainer
	price  map[string]float64 // of one unit, by row; below zero of a floor
}

func (x *blockExplainer) why(at int) BlockWhy {
	b := &x.plan.Blocks[at]
	w := BlockWhy{Block: b.ID, Reason: x.reason(b), Parts: []Part{}, Uses: []BlockUse{}, Others: []Changed{}}
	mode := slices.IndexFunc(x.p.Modes, func(m Mode) bool { return m.Name == b.Mode })
	if mode >= 0 && slices.Contains(x.p.Years, b.Year) { // else it counts nothing
		w.Parts = x.parts(b, mode)
		w.Uses = x.uses(b, mode)
	}
	for _, part := range w.Parts {
		w.Value += part.Value
	}
	w.Dropped = x.changed(at, 0, "")
	for _, m := range x.p.Modes {
		for _, y := range x.p.Years {
			if m.Name == b.Mode && y == b.Year || !x.admits(b, m) {
				continue
			}
			w.Others = append(w.Others, x.changed(at, y, m.Name))
		}
	}
	slices.SortStableFunc(w.Others, func(a, b Changed) int { return cmp.Compare(b.Change, a.Change) })
	if w.Reason == Chosen {
		w.Dropping = x.dropping(b)
	}
	return w
}

func (x *blockExplainer) reason(b *plottage.Block) Reason {
	for _, s := range x.p.Signed {
		if slices.ContainsFunc(s.Lots, func(id string) bool { return slices.Contains(b.Parcels, id) }) {
			return Signed
		}
	}
	for _, k := range x.p.Locks {
		if k.Kind == plottage.LockIn && slices.Contains(b.Parcels, k.Parcel) {
			return LockedIn
		}
	}
	return Chosen
}

// parts lists what a block is worth, term by term, as lotValue and projectValue have it.
func (x *blockExplainer) parts(b *plottage.Block, mode int) []Part {
	p, ready := x.p, b.Year+x.p.Modes[mode].BuildYears
	last := p.Years[0] + len(p.DiscountPPM) - 1
	yearly := func(k PartKind, from int) Part {
		return Part{Kind: k, From: from, Until: max(from, last), FactorPPM: p.discountFrom(from)}
	}
	once := func(k PartKind, year int) Part {
		return Part{Kind: k, From: year, Until: year, FactorPPM: p.discountOf(year)}
	}
	parts := []Part{yearly(PartAfter, ready), once(PartReceipt, ready), yearly(PartNow, b.Year), once(PartCost, b.Year)}
	for _, id := range b.Parcels {
		i, ok := x.lots[id]
		if !ok {
			continue
		}
		l := p.Lots[i].As(b.Treated)
		in := &l.In[mode]
		parts[0].add(id, in.AfterCNY, 1)
		parts[1].add(id, in.ReceiptCNY, 1)
		parts[2].add(id, l.NowCNY, -1)
		parts[3].add(id, in.CostCNY, -1)
	}
	for _, k := range x.placed(b) {
		part := yearly(PartProject, k.year)
		part.add(k.ID, k.GainCNY, 1)
		parts = append(parts, part)
	}
	parts = slices.DeleteFunc(parts, func(part Part) bool { return len(part.Of) == 0 })
	for i := range parts {
		slices.SortStableFunc(parts[i].Of, func(a, b PartOf) int { return cmp.Compare(abs(b.Amount), abs(a.Amount)) })
	}
	return parts
}

// add counts an amount of a parcel or project; nothing is left out.
func (part *Part) add(id string, amount, sign int64) {
	if amount == 0 {
		return
	}
	of := PartOf{id, sign * amount, sign * mulMillionth(amount, part.FactorPPM)}
	part.Of = append(part.Of, of)
	part.Amount, part.Value = part.Amount+of.Amount, part.Value+of.Value
}

// projectIn is a project with the year it takes the land.
type projectIn struct {
	*Project
	year int
}

// placed lists the projects that take land of a block.
func (x *blockExplainer) placed(b *plottage.Block) (all []projectIn) {
	for _, pl := range x.plan.Placements {
		k := slices.IndexFunc(x.p.Projects, func(k Project) bool { return k.ID == pl.Project })
		if pl.Block == b.ID && k >= 0 {
			all = append(all, projectIn{&x.p.Projects[k], pl.Year})
		}
	}
	return all
}

// uses lists what the block counts in the rows.
func (x *blockExplainer) uses(b *plottage.Block, mode int) []BlockUse {
	rows := newRowBook(x.p)
	var q quantities
	var lots []int
	for _, id := range b.Parcels {
		if i, ok := x.lots[id]; ok {
			l := x.p.Lots[i].As(b.Treated)
			lots = append(lots, i)
			q.add(x.p.quantitiesOf(l, mode))
		}
	}
	town := ""
	if len(lots) > 0 {
		town = x.p.Lots[lots[0]].Town
	}
	rows.addBlock(q, lots, town, mode, b.Year)
	for _, k := range x.placed(b) {
		rows.addProject(k.PowerKW, town, k.year)
	}
	uses := []BlockUse{}
	planned := map[string]Usage{}
	for _, u := range x.stands.Usage {
		planned[u.Row] = u
	}
	charged := map[string]float64{}
	if len(lots) > 0 {
		for i, amount := range x.e.cutCharges(&q, mode*len(x.p.Years)+b.Year-x.p.Years[0]) {
			charged[x.e.m.rows[i].name] = amount
		}
	}
	for i, r := range rows.rows {
		if u, ok := planned[r.name]; ok && rows.used[i] != 0 {
			worth := int64(math.Round(x.price[r.name]*float64(rows.used[i]) + charged[r.name]))
			uses = append(uses, BlockUse{r.name, rows.used[i], u.Used, u.Limit, u.AtLeast, worth})
		}
	}
	slices.SortStableFunc(uses, func(a, b BlockUse) int { return cmp.Or(cmp.Compare(b.Worth, a.Worth), cmp.Compare(b.full(), a.full())) })
	return uses
}

// full is the share of its limit that the plan uses.
func (u BlockUse) full() float64 { return float64(u.Planned) / math.Max(1, float64(u.Limit)) }

// admits reports whether a mode can treat the block's parcels together: each admits it,
// as it is or in a mix, and a mode for single lots is for one.
func (x *blockExplainer) admits(b *plottage.Block, m Mode) bool {
	mode := slices.IndexFunc(x.p.Modes, func(k Mode) bool { return k.Name == m.Name })
	if m.Alone && len(b.Parcels)+len(b.Kept) > 1 {
		return false
	}
	var area int64
	for _, id := range b.Parcels {
		i, ok := x.lots[id]
		if !ok {
			return false
		}
		l := &x.p.Lots[i]
		if l.In[mode].Off && !slices.ContainsFunc(l.Mixes, func(x Mix) bool { return !x.In[mode].Off }) {
			return false
		}
		area += l.AreaM2
	}
	return m.Alone || area >= x.p.Block.MinAreaM2 || !x.p.alone(b.Mode)
}

// changed is the plan with the block in another year and mode, or without it.
func (x *blockExplainer) changed(at, year int, mode string) Changed {
	blocks := SketchesOf(x.plan)
	if year == 0 {
		blocks = slices.Delete(blocks, at, at+1)
	} else {
		blocks[at].Year, blocks[at].Mode = year, mode
	}
	plan := complete(x.p, blocks, x.plan)
	found := evaluate(x.p, &plan)
	c := Changed{Year: year, Mode: mode, Value: found.Value, Change: found.Value - x.stands.Value}
	for _, b := range found.Broken {
		if !slices.ContainsFunc(x.stands.Broken, func(had Broken) bool { return had.covers(b) }) {
			c.Broken = append(c.Broken, b)
		}
	}
	lost := placedIn(x.plan)
	for _, pl := range plan.Placements {
		delete(lost, pl.Project)
	}
	c.Landless = slices.Sorted(maps.Keys(lost))
	return c
}

// covers reports whether a rule that is broken so is broken no worse by other.
func (b Broken) covers(other Broken) bool {
	return b.Rule == other.Rule && b.Object == other.Object && abs(b.Got-b.Want) >= abs(other.Got-other.Want)
}

// dropping is what the plan loses at least when none of the block's parcels is cleared:
// every other cluster brings at most what it did in the bound, the block's own at most
// what it brings without them.
func (x *blockExplainer) dropping(b *plottage.Block) int64 {
	e := x.e
	if math.IsInf(e.bound, 0) {
		return 0
	}
	bound, out := e.bound, map[int32]bool{}
	for v := range e.m.lots {
		out[int32(v)] = slices.Contains(b.Parcels, e.m.lots[v].ID)
	}
	for _, c := range e.m.clusters {
		if !slices.ContainsFunc(c.lots, func(v int32) bool { return out[v] }) {
			continue
		}
		if !c.complete {
			return 0
		}
		bound += e.packedWithout(c, out) - e.packed(c)
	}
	return max(0, int64(x.plan.Value)-int64(math.Ceil(bound)))
}

// packedWithout is what a cluster brings at most when some lots are in no block.
func (e *explainer) packedWithout(c *cluster, out map[int32]bool) float64 {
	k := &packer{}
	k.room(c.sets())
	scores := k.score[:c.sets()]
	l := e.s.lone(c)
	e.s.best(c, scores, k.at[:c.sets()], k.tmp[:c.sets()], l.score, math.Inf(-1))
	mask := make([]uint64, c.words)
	sum := l.sum
	for n, v := range c.lots {
		if !out[v] {
			continue
		}
		mask[n/64] |= 1 << (n % 64)
		if l.score != nil {
			sum -= l.score[n]
		}
	}
	for i := range scores {
		if !disjoint(c.maskOf(int32(i)), mask) {
			scores[i] = math.Inf(-1)
		}
	}
	return sum + k.pack(e.m, c, scores, packed{}).value
}
