package check

import (
	"fmt"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// statuses are those that a plan may have; infeasible is none.
var statuses = []plottage.Status{plottage.Optimal, plottage.Feasible, plottage.Interrupted, plottage.Draft}

// built is a block of the plan with what the problem says about it.
type built struct {
	b           *plottage.Block
	lots        []int // and after them the bridges kept
	ways        []int // in which they are taken
	cleared     int   // how many of lots are cleared
	town        string
	mode, start int
	use         use
	usable      int64
	worth       int64
	owed        map[[2]string]int64 // firm and lot: floor to be found
	firms       []string
	compact     float64
	ok          bool
}

// verifyPlan goes through blocks, locks, projects, firms and the account.
func (v *verifier) verifyPlan() {
	d := v.d
	blocks := map[string]*built{}
	var order []*built
	owner := map[int]string{}
	for i := range v.plan.Blocks {
		b := v.build(&v.plan.Blocks[i])
		v.must("lots", b.b.ID != "", "block", "no name", "a name")
		v.must("lots", blocks[b.b.ID] == nil, b.b.ID, "twice", "once")
		blocks[b.b.ID] = b
		order = append(order, b)
		for _, l := range b.lots {
			was, twice := owner[l]
			v.must("lots", !twice, d.Lots[l].ID, "in "+was+" and "+b.b.ID, "one block")
			owner[l] = b.b.ID
		}
	}
	v.locks(order)
	v.signed(order)
	lines := d.lines()
	used := make([]int64, len(lines))
	for _, b := range order {
		if !b.ok {
			continue
		}
		v.report.Value += b.worth
		for n, l := range lines {
			used[n] += l.takes(b.use, b.lots, b.town, b.mode, b.start, b.start+d.Modes[b.mode].Build)
		}
	}
	v.placements(blocks, lines, used)
	v.anchors()
	for n, l := range lines {
		v.must("rows", l.atLeast && used[n] >= l.limit || !l.atLeast && used[n] <= l.limit, l.name, used[n]+l.base, l.limit+l.base)
	}
	v.firms(blocks, order)
	for _, b := range order {
		v.figures(b)
	}
	v.must("figures", slices.Equal(v.plan.Years, d.Years), "plan.years", v.plan.Years, d.Years)
	v.must("figures", slices.Contains(statuses, v.plan.Status), "plan.status", v.plan.Status, statuses)
	v.must("value", float64(v.report.Value) == v.plan.Value, "plan.value", v.plan.Value, v.report.Value)
}

func (v *verifier) build(b *plottage.Block) *built {
	d := v.d
	x := &built{b: b, start: b.Year - d.Years[0], owed: map[[2]string]int64{}, ok: true}
	mode, known := d.modeAt[b.Mode]
	x.mode = mode
	x.ok = known && x.start >= 0 && x.start < len(d.Years)
	v.must("mode", known, b.ID, b.Mode, "a mode of the problem")
	v.must("mode", x.start >= 0 && x.start < len(d.Years), b.ID, b.Year, d.Years)
	for _, id := range b.Parcels {
		i, ok := d.lotAt[id]
		ok = ok && !d.bridge(i)
		v.must("lots", ok, id, "unknown", "a lot of the problem")
		if ok {
			x.lots = append(x.lots, i)
		}
	}
	x.cleared = len(x.lots)
	if x.cleared > 0 {
		x.town = d.Lots[x.lots[0]].Town
	}
	for _, id := range b.Kept {
		i, ok := d.lotAt[id]
		ok = ok && d.bridge(i)
		v.must("kept", ok, id, "unknown", "a bridge of the problem")
		if ok {
			x.lots = append(x.lots, i)
		}
	}
	v.ways(x)
	v.must("lots", x.cleared > 0, b.ID, "no lots", "lots")
	if x.cleared == 0 {
		x.ok = false
		return x
	}
	v.shape(x)
	if x.ok {
		v.amounts(x)
	}
	return x
}

// ways finds the mixes in which the block takes its lots.
func (v *verifier) ways(x *built) {
	var treated []treatedDoc
	for _, t := range x.b.Treated {
		y := treatedDoc{Parcel: t.Parcel}
		for _, b := range t.Buildings {
			y.Buildings = append(y.Buildings, handledDoc{b.ID, string(b.What)})
		}
		treated = append(treated, y)
	}
	ways, ok := v.d.waysOf(x.lots, treated)
	v.must("buildings", ok, x.b.ID, x.b.Treated, "a mix that the problem names")
	x.ways = ways
}

// shape checks the block rule. Connection is found by walking from the first lot.
func (v *verifier) shape(x *built) {
	d := v.d
	in := map[int]bool{}
	alone := x.ok && d.Modes[x.mode].Alone
	n, part := d.signedAt()[x.lots[0]]
	signed := x.ok && part && d.isSigned(n, x.lots, x.ways, x.mode, x.start)
	var area, edge int64
	for n, i := range x.lots {
		in[i] = true
		area += d.Lots[i].Area
		edge += d.Lots[i].Perimeter
		v.must("town", d.Lots[i].Town == x.town, x.b.ID+" "+d.Lots[i].ID, d.Lots[i].Town, x.town)
		v.must("mode", !x.ok || signed || !d.Lots[i].ways[x.ways[n]].In[x.mode].Off, x.b.ID+" "+d.Lots[i].ID, "not admitted", "admitted")
	}
	reached, walk := map[int]bool{x.lots[0]: true}, []int{x.lots[0]}
	for len(walk) > 0 {
		i := walk[len(walk)-1]
		walk = walk[:len(walk)-1]
		for j := range d.near[i] {
			if in[j] && !reached[j] {
				reached[j] = true
				walk = append(walk, j)
			}
		}
	}
	for i := range in {
		for j, shared := range d.near[i] {
			if in[j] {
				edge -= shared // met once from each side: twice the shared boundary in all
			}
		}
	}
	kept, most := d.keptLand(x.lots, area)
	q := roundness(area+kept, edge)
	x.compact = float64(q) / 1e6
	if signed {
		return // signed as it is
	}
	if alone {
		v.must("kept", kept == 0, x.b.ID, kept, 0)
		v.must("size", len(x.lots) == 1, x.b.ID, len(x.lots), "one lot by itself")
		return
	}
	v.must("connected", len(reached) == len(in), x.b.ID, len(reached), len(in))
	v.must("size", area >= d.Block.Min && area <= d.Block.Max, x.b.ID, area, fmt.Sprint(d.Block.Min, "…", d.Block.Max))
	v.must("compact", q >= d.Block.Compact, x.b.ID, q, d.Block.Compact)
	v.must("kept", kept <= most, x.b.ID, kept, most)
	if kept > 0 {
		idle := d.idle(x.lots)
		v.must("kept", idle < 0 || len(reached) < len(in), x.b.ID, len(x.lots)-x.cleared, "only what it needs")
	}
	held := d.encloses(x.lots)
	v.must("enclaves", held == "", x.b.ID, held, "nothing enclosed")
}

// roundness is 4πA/P² in millionths, in floating point of 53 bits; within one unit
// of the exact value, the exact comparison decides.
func roundness(areaM2, perimeterCM int64) int64 {
	if areaM2 <= 0 || perimeterCM <= 0 {
		return 0
	}
	return min(1_000_000, exactRoundness(areaM2, perimeterCM))
}

func (v *verifier) amounts(x *built) {
	d := v.d
	for n, i := range x.lots {
		way := &d.Lots[i].ways[x.ways[n]]
		x.use.plus(d.useOf(i, x.ways[n], x.mode))
		x.usable += way.In[x.mode].Usable
		x.worth += d.lotWorth(i, x.ways[n], x.mode, x.start)
		if !d.Modes[x.mode].Displaces {
			continue
		}
		for _, f := range way.Firms {
			x.owed[[2]string{f.ID, d.Lots[i].ID}] += f.Floor
			x.firms = append(x.firms, f.ID)
		}
	}
	slices.Sort(x.firms)
	x.firms = slices.Compact(x.firms)
}

// signed checks that every signed block is in the plan as it was signed.
func (v *verifier) signed(order []*built) {
	for n, s := range v.d.Signed {
		found := slices.ContainsFunc(order, func(b *built) bool { return b.ok && v.d.isSigned(n, b.lots, b.ways, b.mode, b.start) })
		v.must("signed", found, fmt.Sprint(s.Lots), "missing or changed", fmt.Sprint(s.Mode, " ", s.Year))
	}
}

// anchors checks that a project that follows another has land no earlier than it.
func (v *verifier) anchors() {
	year := map[string]int{}
	for _, pl := range v.plan.Placements {
		year[pl.Project] = pl.Year
	}
	for _, pl := range v.plan.Placements {
		k, known := v.d.projectAt[pl.Project]
		if !known || v.d.Projects[k].After == "" {
			continue
		}
		y, has := year[v.d.Projects[k].After]
		v.must("anchors", has && y <= pl.Year, pl.Project+" "+v.d.Projects[k].After, y, pl.Year)
	}
}

func (v *verifier) locks(order []*built) {
	cleared, alone := map[string]int{}, map[string]bool{}
	for _, b := range order {
		for _, i := range b.lots {
			cleared[v.d.Lots[i].ID] = b.b.Year
			alone[v.d.Lots[i].ID] = b.ok && v.d.Modes[b.mode].Alone
		}
	}
	for _, k := range v.d.Locks {
		y, in := cleared[k.Parcel]
		if k.Kind == plottage.LockOut {
			v.must("locks", !in, k.Parcel, y, "not cleared")
			continue
		}
		v.must("locks", in && !alone[k.Parcel] && (k.Year == 0 || k.Year == y), k.Parcel, y, k.Year)
	}
}

func (v *verifier) placements(blocks map[string]*built, lines []line, used []int64) {
	d := v.d
	seen := map[string]bool{}
	full := map[string]int64{}
	for _, pl := range v.plan.Placements {
		k, known := d.projectAt[pl.Project]
		b := blocks[pl.Block]
		v.must("projects", known && b != nil && b.ok, pl.Project, pl.Block, "a project and a block")
		v.must("projects", !seen[pl.Project], pl.Project, "twice", "once")
		seen[pl.Project] = true
		if !known || b == nil || !b.ok {
			continue
		}
		y, comes := d.comes(k, d.Years[b.start]+d.Modes[b.mode].Build)
		v.must("projects", comes && pl.Year == y, pl.Project, pl.Year, y)
		v.must("projects", d.fits(k, b.town, b.mode), pl.Project, b.town+" "+b.b.Mode, "a fit")
		for _, i := range b.lots {
			v.must("projects", !slices.Contains(d.Projects[k].Misfits, d.Lots[i].ID), pl.Project, d.Lots[i].ID, "no misfit")
		}
		full[pl.Block] += d.Projects[k].Area
		v.must("room", full[pl.Block] <= b.usable, pl.Block, full[pl.Block], b.usable)
		worth := d.projectWorth(k, y)
		v.must("figures", pl.AreaM2 == float64(d.Projects[k].Area) && pl.Value == float64(worth), "placement "+pl.Project, fmt.Sprint(pl.AreaM2, " ", pl.Value), fmt.Sprint(d.Projects[k].Area, " ", worth))
		v.report.Value += worth
		b.worth += worth
		for n, l := range lines {
			used[n] += l.project(b.town, y-d.Years[0]) * d.Projects[k].Power
		}
	}
}

// firms checks the ledger: all displaced floor has a place, and no place takes more
// than is there in any year.
func (v *verifier) firms(blocks map[string]*built, order []*built) {
	d := v.d
	if !d.Decant {
		v.must("firms", len(v.plan.Moves) == 0, "moves", len(v.plan.Moves), "none without the decant rule")
		return
	}
	taken := map[string][]int64{} // by place: floor taken in each year index
	for _, m := range v.plan.Moves {
		b := blocks[m.Block]
		v.must("firms", b != nil && b.ok && m.Year == b.b.Year, m.Firm+" "+m.Block, m.Year, "the year of its block")
		if b == nil || !b.ok || m.Year != b.b.Year {
			continue
		}
		key := [2]string{m.Firm, m.From}
		floor := int64(m.FloorM2)
		v.must("firms", float64(floor) == m.FloorM2 && floor > 0 && b.owed[key] >= floor, m.Firm+" "+m.From, m.FloorM2, b.owed[key])
		b.owed[key] -= floor
		if taken[m.To] == nil {
			taken[m.To] = make([]int64, len(d.Years))
		}
		taken[m.To][b.start] += floor
	}
	for _, b := range order {
		for key, left := range b.owed {
			v.must("firms", left == 0, key[0]+" "+key[1], left, 0)
		}
	}
	for place, by := range taken {
		var sum int64
		for t := range d.Years {
			sum += by[t]
			if by[t] > 0 {
				room := v.roomIn(place, t, blocks)
				v.must("firms", sum <= room, place, sum, room)
			}
		}
	}
}

// roomIn is the floor a place has offered up to a year index.
func (v *verifier) roomIn(place string, t int, blocks map[string]*built) int64 {
	var sum int64
	for _, z := range v.d.Towns {
		for s, m2 := range z.Vacant {
			if place == "town:"+z.ID && s <= t {
				sum += m2
			}
		}
	}
	for id, b := range blocks {
		if place == "block:"+id && b.ok && b.start+v.d.Modes[b.mode].Build <= t {
			sum += b.use.made
		}
	}
	return sum
}

// figures compares what the plan says about a block with what was added up.
func (v *verifier) figures(x *built) {
	if !x.ok {
		return
	}
	b := x.b
	same := func(name string, said float64, is int64) {
		v.must("figures", said == float64(is), b.ID+"."+name, said, is)
	}
	same("area_m2", b.AreaM2, x.use.area)
	same("cost", b.Cost, x.use.money)
	same("demolished_m2", b.DemolishedM2, x.use.demolished)
	same("displaced_workers", b.DisplacedWorkers, x.use.workers)
	same("new_floor_m2", b.NewFloorM2, x.use.made)
	same("value", b.Value, x.worth)
	v.must("figures", b.Ready == b.Year+v.d.Modes[x.mode].Build, b.ID+".ready", b.Ready, b.Year+v.d.Modes[x.mode].Build)
	v.must("figures", b.Town == x.town, b.ID+".town", b.Town, x.town)
	v.must("figures", slices.Equal(b.DisplacedFirms, x.firms), b.ID+".displaced_firms", b.DisplacedFirms, x.firms)
	v.must("figures", math.Abs(b.Compactness-x.compact) <= 1e-6, b.ID+".compactness", b.Compactness, x.compact)
}
