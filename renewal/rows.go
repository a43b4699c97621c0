package renewal

import (
	"fmt"
	"slices"
	"strings"
)

// quantity is what a block uses or makes, additive over its lots.
type quantity int

const (
	cost quantity = iota
	demolished
	workers
	displaced // floor of firms that must find a place
	newFloor
	area
	receipt
	nQuantities
)

type quantities [nQuantities]int64

func (q *quantities) add(r quantities) {
	for i := range q {
		q[i] += r[i]
	}
}

func (q *quantities) sub(r quantities) {
	for i := range q {
		q[i] -= r[i]
	}
}

func (p *Problem) quantitiesOf(l *Lot, mode int) quantities {
	in := &l.In[mode]
	q := quantities{cost: in.CostCNY, demolished: in.DemolishedM2, newFloor: in.NewFloorM2, area: l.AreaM2, receipt: in.ReceiptCNY}
	if p.Modes[mode].Displaces {
		q[workers] = l.Workers
		for _, f := range l.Firms {
			q[displaced] += f.FloorM2
		}
	}
	return q
}

// rowKind says how a row counts blocks and projects.
type rowKind int

const (
	yearCap    rowKind = iota // quantity of the blocks that start in year t
	cumCap                    // … that start up to year t
	fundRow                   // cost of those that start up to t less receipts of those ready lag years before
	decantRow                 // floor displaced up to t less floor made ready up to t
	powerRow                  // power of projects placed in the town up to t
	townFloor                 // area renewed in the town, at least
	classFloor                // area treated of a town, stage and grade, at least
	ownerRow                  // a lot is in no block unless its owner's next lot is
	changeRow                 // area that differs from the approved plan
)

// row is one side constraint: used ≤ limit, or used ≥ limit for floors.
type row struct {
	name  string
	kind  rowKind
	q     quantity // of yearCap and cumCap
	t     int      // index into Years
	lag   int      // of a fundRow
	town  string
	limit int64
	last  bool // powerRow of the last year: all later years count too

	// base is what the row counts of a plan without blocks. The solver leaves it out
	// on both sides: limit is less it.
	base int64

	// lots are the lots a row of the last three kinds counts, as indices into
	// Problem.Lots, ascending but for an ownerRow, and ofLot what one of them counts.
	lots  []int
	ofLot func(lot, mode, t int) int64

	shares []scaledRow // of a goal: the rows it counts together (clash_joint.go)
}

func (r *row) atLeast() bool { return r.kind == townFloor || r.kind == classFloor }

// demand reports whether a plan may miss the row for a while: it is counted in
// candidate.short.
func (r *row) demand() bool { return r.kind >= townFloor }

// settled reports whether blocks that start in year t or later can no longer bring
// use that is over the limit back within it.
func (r *row) settled(t int) bool {
	return r.kind == cumCap || (r.kind == decantRow || r.kind == fundRow) && r.t < t
}

var resourceQuantity = map[Resource]quantity{Money: cost, Demolition: demolished, Relocation: workers}

// rowsOf lists the rows of a problem in a fixed order: caps as sorted by Canonical,
// decant, power and town floors, floors by class, owners, change.
func rowsOf(p *Problem) []row {
	rows := capRows(p)
	if p.Decant {
		var vacant int64
		for t := range p.Years {
			for _, z := range p.Towns {
				if t < len(z.VacantM2) {
					vacant += z.VacantM2[t]
				}
			}
			rows = append(rows, row{name: p.yearName("decant", t), kind: decantRow, t: t, limit: vacant})
		}
	}
	for _, z := range p.sorted().Towns {
		for t := range p.Years {
			if n := len(z.PowerKW); n > 0 {
				rows = append(rows, row{name: p.yearName("power:"+z.ID, t), kind: powerRow, t: t, town: z.ID, limit: z.PowerKW[min(t, n-1)], last: t == len(p.Years)-1})
			}
		}
		if z.MinAreaM2 > 0 {
			rows = append(rows, row{name: "town:" + z.ID, kind: townFloor, town: z.ID, limit: z.MinAreaM2})
		}
	}
	return append(append(append(rows, classRows(p)...), ownerRows(p)...), changeRows(p)...)
}

func capRows(p *Problem) []row {
	var rows []row
	for _, c := range p.sorted().Caps {
		r := row{name: rowName(c), kind: yearCap, q: resourceQuantity[c.Resource], t: c.Year - p.Years[0], limit: c.Limit, lag: c.LagYears}
		switch {
		case c.Resource == Fund:
			r.kind = fundRow
		case c.Cumulative:
			r.kind = cumCap
		}
		rows = append(rows, r)
	}
	return rows
}

// floorName names the row of a floor: "floor:T1:idle:", town, stage and grade, each
// empty for any.
func floorName(f Floor) string { return fmt.Sprintf("floor:%s:%s:%s", f.Town, f.Stage, f.Grade) }

func classRows(p *Problem) []row {
	var rows []row
	for _, f := range sortedFloors(p.Floors) {
		r := row{name: floorName(f), kind: classFloor, limit: f.MinAreaM2, ofLot: func(lot, _, _ int) int64 { return p.Lots[lot].AreaM2 }}
		for i := range p.Lots {
			if f.counts(&p.Lots[i]) {
				r.lots = append(r.lots, i)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// ownerRows write "all or none" of an owner's lots as a ring: each is in a block
// only if the next one is.
func ownerRows(p *Problem) []row {
	var rows []row
	for _, o := range sortedCopy(p.WholeOwners) {
		var lots []int
		for i := range p.Lots {
			if p.Lots[i].Owner == o {
				lots = append(lots, i)
			}
		}
		slices.SortFunc(lots, func(a, b int) int { return strings.Compare(p.Lots[a].ID, p.Lots[b].ID) })
		if len(lots) < 2 {
			continue
		}
		for n, a := range lots {
			b := lots[(n+1)%len(lots)]
			rows = append(rows, row{name: "owner:" + o + ":" + p.Lots[a].ID, kind: ownerRow, lots: []int{a, b}, ofLot: func(lot, mode, _ int) int64 {
				switch {
				case p.Modes[mode].Alone:
					return 0
				case lot == a:
					return 1
				}
				return -1
			}})
		}
	}
	return rows
}

// changeRows count the land that differs from the approved plan: at first all that
// was approved, less what starts as approved, and more what starts and was not.
func changeRows(p *Problem) []row {
	if p.Approved == nil {
		return nil
	}
	ids := p.lotIDs()
	r := row{name: "change", kind: changeRow}
	approved := make([]*Agreed, len(p.Lots))
	for n := range p.Approved.Blocks {
		b := &p.Approved.Blocks[n]
		for _, id := range b.Lots {
			approved[ids[id]] = b
			r.base += p.Lots[ids[id]].AreaM2
		}
	}
	for i := range p.Lots {
		r.lots = append(r.lots, i)
	}
	r.ofLot = func(lot, mode, t int) int64 {
		b := approved[lot]
		switch {
		case b == nil:
			return p.Lots[lot].AreaM2
		case b.Year == p.Years[t] && b.Mode == p.Modes[mode].Name:
			return -p.Lots[lot].AreaM2
		}
		return 0
	}
	r.limit = p.Approved.MaxChangeM2 - r.base
	return []row{r}
}

// RowNames lists the names of the problem's rows in their fixed order.
func (p *Problem) RowNames() []string {
	var names []string
	for _, r := range rowsOf(p) {
		names = append(names, r.name)
	}
	return names
}

// ofBlock is what a block with the quantities, started in year index t and ready
// in index ready, counts in the row, apart from what its lots count by themselves.
func (r *row) ofBlock(q *quantities, town string, t, ready int) int64 {
	switch r.kind {
	case yearCap:
		if t == r.t {
			return q[r.q]
		}
	case cumCap:
		if t <= r.t {
			return q[r.q]
		}
	case fundRow:
		var n int64
		if t <= r.t {
			n += q[cost]
		}
		if ready+r.lag <= r.t {
			n -= q[receipt]
		}
		return n
	case decantRow:
		var n int64
		if t <= r.t {
			n += q[displaced]
		}
		if ready <= r.t {
			n -= q[newFloor]
		}
		return n
	case townFloor:
		if town == r.town {
			return q[area]
		}
	}
	return 0
}

// worth is what a lot of the document started in year index t is worth where the row is
// the goal: minus what it counts, or what it brings of a floor.
func (r *row) worth(q *quantities, lot int, town string, mode, t, ready int) int64 {
	if r.shares != nil {
		return r.sharesWorth(q, lot, town, mode, t, ready)
	}
	n := r.ofBlock(q, town, t, ready)
	if r.ofLot != nil {
		if _, counts := slices.BinarySearch(r.lots, lot); counts {
			n += r.ofLot(lot, mode, t)
		}
	}
	if r.atLeast() {
		return n
	}
	return -n
}

// ofProject is what a project placed in a year index counts in the row.
func (r *row) ofProject(powerKW int64, town string, year int) int64 {
	if r.kind == powerRow && town == r.town && (year <= r.t || r.last) {
		return powerKW
	}
	return 0
}

// rowBook keeps what a plan uses of every row.
type rowBook struct {
	p    *Problem
	rows []row
	used []int64
	at   []map[int]bool // by row: the lots it counts
}

func newRowBook(p *Problem) *rowBook {
	rows := rowsOf(p)
	b := &rowBook{p: p, rows: rows, used: make([]int64, len(rows)), at: make([]map[int]bool, len(rows))}
	for i, r := range rows {
		b.at[i] = make(map[int]bool, len(r.lots))
		for _, l := range r.lots {
			b.at[i][l] = true
		}
	}
	return b
}

func (b *rowBook) addBlock(q quantities, lots []int, town string, mode, year int) {
	t := year - b.p.Years[0]
	for i := range b.rows {
		r := &b.rows[i]
		b.used[i] += r.ofBlock(&q, town, t, t+b.p.Modes[mode].BuildYears)
		for _, l := range lots {
			if b.at[i][l] {
				b.used[i] += r.ofLot(l, mode, t)
			}
		}
	}
}

func (b *rowBook) addProject(powerKW int64, town string, year int) {
	for i := range b.rows {
		b.used[i] += b.rows[i].ofProject(powerKW, town, year-b.p.Years[0])
	}
}

// hasRoom reports whether the rows that count power hold one more project.
func (b *rowBook) hasRoom(powerKW int64, town string, year int) bool {
	for i := range b.rows {
		if n := b.rows[i].ofProject(powerKW, town, year-b.p.Years[0]); n > 0 && b.used[i]+n > b.rows[i].limit {
			return false
		}
	}
	return true
}

// usage lists the rows that are amounts; owner rows are not.
func (b *rowBook) usage() []Usage {
	var all []Usage
	for i, r := range b.rows {
		if r.kind != ownerRow {
			all = append(all, Usage{Row: r.name, Used: b.used[i] + r.base, Limit: r.limit + r.base, AtLeast: r.atLeast()})
		}
	}
	return slices.Clip(all)
}

// split lists the owner rows that are broken.
func (b *rowBook) split() []string {
	var names []string
	for i, r := range b.rows {
		if r.kind == ownerRow && b.used[i] > 0 {
			names = append(names, r.name)
		}
	}
	return names
}
