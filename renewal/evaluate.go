package renewal

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
)

// Evaluation is what a plan is worth and uses, recomputed from the problem.
type Evaluation struct {
	Value  int64    `json:"value"`
	Usage  []Usage  `json:"usage"`            // every row but the owners', in the order of RowNames
	Broken []Broken `json:"broken,omitempty"` // rules the plan breaks; empty: it keeps all
}

// Usage is one row of the plan's account.
type Usage struct {
	Row     string `json:"row"`
	Used    int64  `json:"used"`
	Limit   int64  `json:"limit"`
	AtLeast bool   `json:"at_least,omitempty"` // Used must reach Limit rather than stay within
}

// Broken is a rule a plan breaks.
type Broken struct {
	Rule   string `json:"rule"`   // "lot_twice", "not_connected", "row", …
	Object string `json:"object"` // block, lot, project, firm or row
	Got    int64  `json:"got"`
	Want   int64  `json:"want"`
}

// About parts the object of a broken rule into the block it names and the rest; either
// may be empty.
func (b Broken) About(blocks []plottage.Block) (block, object string) {
	for i := range blocks {
		id := blocks[i].ID
		if b.Object == id {
			return id, ""
		}
		if rest, ok := strings.CutPrefix(b.Object, id+" "); ok {
			return id, rest
		}
		if rest, ok := strings.CutSuffix(b.Object, " "+id); ok {
			return id, rest
		}
	}
	return "", b.Object
}

// rowName names the row of a cap: "money:2027", or "money:<=2027" up to the year.
func rowName(c Cap) string {
	if c.Cumulative {
		return fmt.Sprintf("%s:<=%d", c.Resource, c.Year)
	}
	return fmt.Sprintf("%s:%d", c.Resource, c.Year)
}

// compactnessPPM returns 4πA/P² in millionths, rounded down; 12,566,371 is 4π in
// millionths. A perimeter of 0 gives 0.
func compactnessPPM(areaM2, perimeterCM int64) int64 {
	if perimeterCM <= 0 || areaM2 <= 0 {
		return 0
	}
	// A in cm² × 4π×10⁶ needs more than 64 bits for large blocks.
	hi, lo := bits.Mul64(uint64(areaM2)*10_000, 12_566_371)
	phi, plo := bits.Mul64(uint64(perimeterCM), uint64(perimeterCM))
	if phi != 0 || hi >= plo {
		if phi != 0 {
			return 0
		}
		return 1_000_000
	}
	q, _ := bits.Div64(hi, lo, plo)
	return int64(min(q, 1_000_000))
}

// floorMillionth divides by 10⁶ rounding down, below zero too.
func floorMillionth(x int64) int64 {
	q := x / 1_000_000
	if x%1_000_000 < 0 {
		q--
	}
	return q
}

// discountFrom returns the sum of the discount factors of year and all later
// years of the horizon, in millionths.
func (p *Problem) discountFrom(year int) int64 {
	var sum int64
	for k := max(0, year-p.Years[0]); k < len(p.DiscountPPM); k++ {
		sum += p.DiscountPPM[k]
	}
	return sum
}

// discountOf is the discount factor of one year, 0 after the horizon.
func (p *Problem) discountOf(year int) int64 {
	if k := year - p.Years[0]; k < len(p.DiscountPPM) {
		return p.DiscountPPM[k]
	}
	return 0
}

// lotValue is what treating the lot in a mode from a start year adds to the plan,
// discounted: yearly value after readiness and the receipt of the ready year, less
// the yearly value lost from the start, less the cost in the start year; each
// rounded down.
func (p *Problem) lotValue(l *Lot, mode, year int) int64 {
	in := &l.In[mode]
	ready := year + p.Modes[mode].BuildYears
	// Each product is at most 10¹² × 100 × 10⁶ = 10²⁰, beyond 63 bits, so the parts
	// are divided apart; each rounds down.
	return mulMillionth(in.AfterCNY, p.discountFrom(ready)) + mulMillionth(in.ReceiptCNY, p.discountOf(ready)) -
		mulMillionth(l.NowCNY, p.discountFrom(year)) -
		mulMillionth(in.CostCNY, p.DiscountPPM[year-p.Years[0]])
}

// mulMillionth returns a×b/10⁶ rounded down for a, b ≥ 0.
func mulMillionth(a, b int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi, lo, 1_000_000) // hi < 10⁶ by the limits of Validate
	return int64(q)
}

// projectYear is the year a project takes land that is ready in a year, and
// whether it still comes then.
func projectYear(k *Project, ready int) (int, bool) {
	y := max(ready, k.Release)
	return y, y <= k.Deadline
}

// projectValue is what a project adds, discounted, when it takes the land in year.
func (p *Problem) projectValue(k *Project, year int) int64 {
	return mulMillionth(k.GainCNY, p.discountFrom(year))
}

// Evaluate recomputes value and every constraint of the plan from its blocks
// (parcels, year, mode), placements and moves; the figures the plan states about
// itself are not used. It panics when the problem does not Validate.
func Evaluate(p *Problem, plan *plottage.Plan) Evaluation {
	if err := p.Validate(); err != nil {
		panic("renewal: " + err.Error())
	}
	return evaluate(p, plan)
}

func evaluate(p *Problem, plan *plottage.Plan) Evaluation {
	e := &evaluator{p: p, plan: plan, lots: p.lotIDs(), blocks: map[string]*blockFacts{}, rows: newRowBook(p), keeper: newKeeper(p)}
	e.signed = sortedAgreed(p.Signed)
	e.found = make([]bool, len(e.signed))
	e.evaluateBlocks()
	e.evaluateSigned()
	e.evaluateLocks()
	e.evaluatePlacements()
	e.evaluateMoves()
	e.out.Usage = e.rows.usage()
	for _, u := range e.out.Usage {
		if !u.AtLeast && u.Used > u.Limit || u.AtLeast && u.Used < u.Limit {
			e.broken("row", u.Row, u.Used, u.Limit)
		}
	}
	for _, name := range e.rows.split() {
		e.broken("owner_split", name, 1, 0)
	}
	return e.out
}

type blockFacts struct {
	id             string
	lots           []int
	as             []*Lot // the lots as the block treats them
	treated        []plottage.Treated
	kept           []string // bridges
	mode           int      // -1 unknown
	year           int
	town           string
	usable, placed int64
	newFloor       int64
	displaced      map[firmAt]int64 // floor to be placed by firm and lot
}

type firmAt struct{ firm, lot string }

type evaluator struct {
	p      *Problem
	plan   *plottage.Plan
	lots   map[string]int
	blocks map[string]*blockFacts
	order  []*blockFacts
	rows   *rowBook
	keeper *keeper
	signed []Agreed
	found  []bool // by signed block: the plan has it
	out    Evaluation
}

func (e *evaluator) broken(rule, object string, got, want int64) {
	e.out.Broken = append(e.out.Broken, Broken{rule, object, got, want})
}

func (e *evaluator) evaluateBlocks() {
	taken, held := map[int]string{}, map[string]string{}
	for i := range e.plan.Blocks {
		b := &e.plan.Blocks[i]
		if e.blocks[b.ID] != nil || b.ID == "" {
			e.broken("block_twice", b.ID, 0, 0)
			continue
		}
		f := e.blockOf(b)
		e.blocks[b.ID] = f
		e.order = append(e.order, f)
		for _, l := range f.lots {
			if other, ok := taken[l]; ok {
				e.broken("lot_twice", e.p.Lots[l].ID+" "+other+" "+b.ID, 2, 1)
			}
			taken[l] = b.ID
		}
		for _, id := range f.kept {
			if other, ok := held[id]; ok {
				e.broken("kept_twice", id+" "+other+" "+b.ID, 2, 1)
			}
			held[id] = b.ID
		}
		e.account(f)
	}
}

func (e *evaluator) blockOf(b *plottage.Block) *blockFacts {
	p := e.p
	f := &blockFacts{id: b.ID, year: b.Year, mode: slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode }), displaced: map[firmAt]int64{}}
	if f.mode < 0 {
		e.broken("mode_unknown", b.ID+" "+b.Mode, 0, 0)
	}
	if b.Year < p.Years[0] || b.Year > p.Years[len(p.Years)-1] {
		e.broken("year_outside", b.ID, int64(b.Year), int64(p.Years[0]))
		f.mode = -1
	}
	for _, id := range b.Parcels {
		l, ok := e.lots[id]
		if !ok {
			e.broken("lot_unknown", b.ID+" "+id, 0, 0)
			continue
		}
		f.lots, f.as = append(f.lots, l), append(f.as, p.Lots[l].As(b.Treated))
	}
	f.treated = b.Treated
	for _, x := range b.Treated {
		if l, ok := e.lots[x.Parcel]; !ok || !slices.Contains(f.lots, l) || p.Lots[l].mixOf(b.Treated) < 0 {
			e.broken("mix_unknown", b.ID+" "+x.Parcel, 0, 1)
		}
	}
	for _, id := range b.Kept {
		if e.keeper.bridge[id] == nil {
			e.broken(e.whyNotKept(id), b.ID+" "+id, 0, 0)
			continue
		}
		f.kept = append(f.kept, id)
	}
	if len(f.lots) == 0 {
		e.broken("block_empty", b.ID, 0, 1)
		f.mode = -1
		return f
	}
	f.town = p.Lots[f.lots[0]].Town
	if !e.agreed(f) {
		e.blockShape(f)
	}
	return f
}

// blockShape checks what makes a set of lots a block: one town, connected, within
// the window, compact, enclosing nothing, and what is kept inside needed and little.
func (e *evaluator) blockShape(f *blockFacts) {
	p := e.p
	if f.mode >= 0 && p.Modes[f.mode].Alone {
		e.single(f)
		return
	}
	var area, perimeter, kept int64
	in := map[string]bool{}
	for _, lot := range f.as {
		in[lot.ID] = true
		area += lot.AreaM2
		perimeter += lot.PerimeterCM
		if lot.Town != f.town {
			e.broken("two_towns", f.id+" "+lot.ID, 2, 1)
		}
		if f.mode >= 0 && lot.In[f.mode].Off {
			e.broken("mode_off", f.id+" "+lot.ID, 0, 1)
		}
	}
	for _, id := range f.kept {
		b := e.keeper.bridge[id]
		in[id] = true
		kept += b.AreaM2
		perimeter += b.PerimeterCM
		if b.Town != f.town {
			e.broken("two_towns", f.id+" "+id, 2, 1)
		}
	}
	parts, shared := e.keeper.parts(in)
	if parts > 1 {
		e.broken("not_connected", f.id, int64(parts), 1)
	}
	if area < p.Block.MinAreaM2 {
		e.broken("too_small", f.id, area, p.Block.MinAreaM2)
	}
	if area > p.Block.MaxAreaM2 {
		e.broken("too_large", f.id, area, p.Block.MaxAreaM2)
	}
	if q := compactnessPPM(area+kept, perimeter-2*shared); q < p.Block.MinCompactnessPPM {
		e.broken("not_compact", f.id, q, p.Block.MinCompactnessPPM)
	}
	if !p.Block.keptRule(kept, area) {
		e.broken("kept_too_much", f.id, kept, mulMillionth(area, p.Block.MaxKeptPPM))
	}
	for _, id := range e.keeper.enclosed(in) {
		e.broken("encloses", f.id+" "+id, 1, 0)
	}
	if parts == 1 {
		for _, id := range e.keeper.unneeded(in, f.kept) {
			e.broken("kept_unneeded", f.id+" "+id, 1, 0)
		}
	}
}

// whyNotKept says why a parcel is no bridge: the problem has none, it is a lot, which is
// cleared or outside, or the rule of bridges leaves it out.
func (e *evaluator) whyNotKept(id string) string {
	if _, lot := e.lots[id]; lot {
		return "kept_lot"
	}
	if e.p.Block.MaxKeptPPM == 0 {
		return "kept_none"
	}
	return "kept_unknown"
}

// single checks a lot treated by itself: nothing but that it is one.
func (e *evaluator) single(f *blockFacts) {
	if len(f.lots) != 1 {
		e.broken("not_alone", f.id, int64(len(f.lots)), 1)
	}
	for _, id := range f.kept {
		e.broken("kept_unneeded", f.id+" "+id, 1, 0)
	}
	for _, lot := range f.as {
		if lot.In[f.mode].Off {
			e.broken("mode_off", f.id+" "+lot.ID, 0, 1)
		}
	}
}

// agreed reports whether the block is a signed one, exactly: then the rules on how a
// block looks do not apply.
func (e *evaluator) agreed(f *blockFacts) bool {
	if f.mode < 0 {
		return false
	}
	var ids []string
	for _, l := range f.lots {
		ids = append(ids, e.p.Lots[l].ID)
	}
	slices.Sort(ids)
	kept := sortedCopy(f.kept)
	for n, s := range e.signed {
		if s.Year == f.year && s.Mode == e.p.Modes[f.mode].Name && slices.Equal(s.Lots, ids) && slices.Equal(s.Kept, kept) && SameTreatment(s.Treated, f.treated) {
			e.found[n] = true
			return true
		}
	}
	return false
}

func (e *evaluator) evaluateSigned() {
	for n, s := range e.signed {
		if !e.found[n] {
			e.broken("signed", strings.Join(s.Lots, " "), 0, 1)
		}
	}
}

// account books what a block uses and is worth.
func (e *evaluator) account(f *blockFacts) {
	if f.mode < 0 {
		return
	}
	var q quantities
	for _, lot := range f.as {
		q.add(e.p.quantitiesOf(lot, f.mode))
		f.usable += lot.In[f.mode].UsableM2
		e.out.Value += e.p.lotValue(lot, f.mode, f.year)
		if e.p.Modes[f.mode].Displaces {
			for _, firm := range lot.Firms {
				f.displaced[firmAt{firm.ID, lot.ID}] += firm.FloorM2
			}
		}
	}
	f.newFloor = q[newFloor]
	e.rows.addBlock(q, f.lots, f.town, f.mode, f.year)
}

func (e *evaluator) evaluateLocks() {
	year, alone := map[int]int{}, map[int]bool{}
	for _, f := range e.order {
		for _, l := range f.lots {
			year[l], alone[l] = f.year, f.mode >= 0 && e.p.Modes[f.mode].Alone
		}
	}
	for _, k := range e.p.Locks {
		y, in := year[e.lots[k.Parcel]]
		in = in && (k.Kind == plottage.LockOut || !alone[e.lots[k.Parcel]])
		switch {
		case k.Kind == plottage.LockOut && in:
			e.broken("locked_out", k.Parcel, int64(y), 0)
		case k.Kind == plottage.LockIn && !in:
			e.broken("locked_in", k.Parcel, 0, int64(k.Year))
		case k.Kind == plottage.LockIn && k.Year != 0 && y != k.Year:
			e.broken("locked_year", k.Parcel, int64(y), int64(k.Year))
		}
	}
}

func (e *evaluator) evaluatePlacements() {
	index := map[string]int{}
	for i := range e.p.Projects {
		index[e.p.Projects[i].ID] = i
	}
	placed, year := map[string]bool{}, map[string]int{}
	for _, pl := range e.plan.Placements {
		k, ok := index[pl.Project]
		f := e.blocks[pl.Block]
		switch {
		case !ok:
			e.broken("project_unknown", pl.Project, 0, 0)
		case f == nil || f.mode < 0:
			e.broken("block_unknown", pl.Project+" "+pl.Block, 0, 0)
		case placed[pl.Project]:
			e.broken("project_twice", pl.Project, 2, 1)
		default:
			e.place(&e.p.Projects[k], f, pl.Year)
		}
		placed[pl.Project], year[pl.Project] = true, pl.Year
	}
	for _, pl := range e.plan.Placements {
		k, ok := index[pl.Project]
		if !ok || e.p.Projects[k].After == "" {
			continue
		}
		if y, came := year[e.p.Projects[k].After]; !came || y > pl.Year {
			e.broken("anchor", pl.Project+" "+e.p.Projects[k].After, int64(y), int64(pl.Year))
		}
	}
	for _, f := range e.order {
		if f.placed > f.usable {
			e.broken("overfull", f.id, f.placed, f.usable)
		}
	}
}

func (e *evaluator) place(k *Project, f *blockFacts, year int) {
	mode := e.p.Modes[f.mode]
	y, comes := projectYear(k, f.year+mode.BuildYears)
	if !comes || year != y {
		e.broken("project_year", k.ID+" "+f.id, int64(year), int64(min(y, k.Deadline)))
	}
	if len(k.Modes) > 0 && !slices.Contains(k.Modes, mode.Name) || len(k.Towns) > 0 && !slices.Contains(k.Towns, f.town) {
		e.broken("project_misfit", k.ID+" "+f.id, 0, 1)
	}
	for _, l := range f.lots {
		if slices.Contains(k.Misfits, e.p.Lots[l].ID) {
			e.broken("project_misfit", k.ID+" "+e.p.Lots[l].ID, 0, 1)
		}
	}
	f.placed += k.AreaM2
	e.out.Value += e.p.projectValue(k, y)
	e.rows.addProject(k.PowerKW, f.town, y)
}

// evaluateMoves checks that every displaced firm has a place, and every place room
// by the year it is needed.
func (e *evaluator) evaluateMoves() {
	due := map[string]map[firmAt]int64{}
	for _, f := range e.order {
		due[f.id] = f.displaced
	}
	room := newRooms(e.p)
	for _, f := range e.order {
		if f.mode >= 0 {
			room.addBlock(f.id, f.year+e.p.Modes[f.mode].BuildYears, f.newFloor)
		}
	}
	moves := slices.Clone(e.plan.Moves)
	slices.SortStableFunc(moves, func(a, b plottage.Move) int { return a.Year - b.Year })
	for _, m := range moves {
		f := e.blocks[m.Block]
		at := firmAt{m.Firm, m.From}
		floor := int64(m.FloorM2)
		if f == nil || due[m.Block][at] < floor || float64(floor) != m.FloorM2 || floor < 0 || m.Year != f.year {
			e.broken("move_without_cause", m.Firm+" "+m.From, floor, 0)
			continue
		}
		due[m.Block][at] -= floor
		if e.p.Decant && !room.take(m.To, m.Year, floor) {
			e.broken("no_room", m.Firm+" "+m.To, floor, room.left(m.To, m.Year))
		}
	}
	if !e.p.Decant {
		return
	}
	for _, f := range e.order {
		for at, left := range f.displaced {
			if left > 0 {
				e.broken("firm_without_place", at.firm+" "+at.lot, left, 0)
			}
		}
	}
	slices.SortStableFunc(e.out.Broken, func(a, b Broken) int { return strings.Compare(a.Rule+a.Object, b.Rule+b.Object) })
}

func (p *Problem) yearName(prefix string, t int) string {
	return prefix + ":" + strconv.Itoa(p.Years[t])
}
