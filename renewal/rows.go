package renewal

import "slices"

// quantity is what a block uses or makes, additive over its lots.
type quantity int

const (
	cost quantity = iota
	demolished
	workers
	displaced // floor of firms that must find a place
	newFloor
	area
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
	q := quantities{cost: in.CostCNY, demolished: in.DemolishedM2, newFloor: in.NewFloorM2, area: l.AreaM2}
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
	yearCap   rowKind = iota // quantity of the blocks that start in year t
	cumCap                   // … that start up to year t
	decantRow                // floor displaced up to t less floor made ready up to t
	powerRow                 // power of projects placed in the town up to t
	townFloor                // area renewed in the town, at least
)

// row is one side constraint: used ≤ limit, or used ≥ limit for a townFloor.
type row struct {
	name  string
	kind  rowKind
	q     quantity // of yearCap and cumCap
	t     int      // index into Years
	town  string
	limit int64
	last  bool // powerRow of the last year: all later years count too
}

var resourceQuantity = map[Resource]quantity{Money: cost, Demolition: demolished, Relocation: workers}

// rowsOf lists the rows of a problem in a fixed order: caps as sorted by Canonical,
// decant, power, town floors.
func rowsOf(p *Problem) []row {
	var rows []row
	for _, c := range p.sorted().Caps {
		r := row{name: rowName(c), kind: yearCap, q: resourceQuantity[c.Resource], t: c.Year - p.Years[0], limit: c.Limit}
		if c.Cumulative {
			r.kind = cumCap
		}
		rows = append(rows, r)
	}
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
	return rows
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
// in index ready, counts in the row.
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
}

func newRowBook(p *Problem) *rowBook {
	rows := rowsOf(p)
	return &rowBook{p: p, rows: rows, used: make([]int64, len(rows))}
}

func (b *rowBook) addBlock(q quantities, town string, mode, year int) {
	t := year - b.p.Years[0]
	for i := range b.rows {
		b.used[i] += b.rows[i].ofBlock(&q, town, t, t+b.p.Modes[mode].BuildYears)
	}
}

func (b *rowBook) addProject(powerKW int64, town string, year int) {
	for i := range b.rows {
		b.used[i] += b.rows[i].ofProject(powerKW, town, year-b.p.Years[0])
	}
}

func (b *rowBook) usage() []Usage {
	var all []Usage
	for i, r := range b.rows {
		all = append(all, Usage{Row: r.name, Used: b.used[i], Limit: r.limit, AtLeast: r.kind == townFloor})
	}
	return slices.Clip(all)
}
