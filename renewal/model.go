package renewal

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// model is a Problem compiled to indices. A start q is a mode and a year:
// q = mode·T + t. Lots are numbered by content, so that neither ids nor the order
// of the document steer the search.
type model struct {
	p        *Problem
	T, M, Q  int
	rows     []row
	lots     []modelLot // lots, and after them bridges
	mixes    []modelLot // mixes of lots, numbered after lots and bridges
	adj      [][]edge
	towns    []string
	projects []modelProject
	clusters []*cluster
	barred   map[string][]int // projects that may not stand on a lot, ascending, by lot id
	unit     int64            // m² of one step of the project knapsacks
	maxUnits int
	kept     []int           // rows that a further block can break: all but power and demands
	demands  bool            // locks, floors or agreements ask for something
	cuts     []cut           // valid inequalities found so far (cover.go)
	closed   []uint64        // by lot: starts that a case closes, of which the sets listed know nothing; nil: none
	goal     *row            // when set, plans are worth minus their use of this row, or what they bring of a floor (clash.go)
	brief    bool            // of a question: few sets are listed
	loose    bool            // blocks are listed that alone exceed a limit, so that limits may be lifted later
	stop     func() bool     // when set, sets are listed while it is false,
	cut      bool            // else the model is cut off and of no use
	wishes   map[string]wish // when set, plans are worth the locks they keep, which are wishes (waive.go)

	alone      uint64 // starts in modes for single lots
	weighed    bool   // some rows count lots one by one
	lotCount   int    // lots come first, then bridges
	maxKept    int64  // most land a block can keep inside
	pocket     []modelPocket
	pocketOf   map[string]int32  // by parcel
	pocketsBy  map[int32][]int32 // by lot: the pockets it borders
	change     int               // the row on changes to the approved plan; -1 none
	ownerShort int64             // square metres missed that a split owner counts as
	signed     []signedBlock
	approved   []agreedBlock
	anchors    [][]int32 // by project: those that follow it
	follows    []int32   // by project: its anchor, -1 none
	chain      int       // passes that place projects after their anchors; 0: none follows
}

// unlimited is the limit of a row that is being measured rather than kept.
const unlimited = 1 << 60

type edge struct {
	to       int32
	sharedCM int64
}

type modelLot struct {
	*Lot
	town   int32
	must   bool // locked in, or signed
	signed bool
	keptM2 int64        // of a bridge, whose AreaM2 is 0; else 0
	also   [][]rowUse   // by start: what it counts in rows that count lots one by one; nil nothing
	starts uint64       // starts that locks and modes admit, in a mix at least
	own    uint64       // … in no mix
	mixes  []int32      // numbers of its mixes
	place  int32        // of a mix: its lot
	mix    int          // and index into Mixes
	q      []quantities // by mode
	value  []int64      // by start
}

// rowUse is what a lot counts in one row.
type rowUse struct {
	row int32
	n   int64
}

type modelProject struct {
	*Project
	value []int64 // by ready year index; -1: does not come
	year  []int   // by ready year index: index of the year it takes the land
	modes uint64
}

func (m *model) mode(q int) int  { return q / m.T }
func (m *model) year(q int) int  { return q % m.T }
func (m *model) ready(q int) int { return q%m.T + m.p.Modes[q/m.T].BuildYears }

// compile numbers the problem's objects and sums what depends on one lot alone.
func compile(p *Problem, goal string) *model {
	m := &model{p: p, T: len(p.Years), M: len(p.Modes), rows: rowsOf(p)}
	m.Q = m.T * m.M
	for q := range m.Q {
		if p.Modes[m.mode(q)].Alone {
			m.alone |= 1 << q
		}
	}
	if goal == possible {
		m.goal = &row{name: possible}
	}
	if goal == keepLocks || goal == keepLocksIn {
		m.goal, m.wishes = &row{name: goal}, wishes(p.Locks)
	}
	if names, ok := strings.CutPrefix(goal, raising); ok {
		m.goal = m.raise(strings.Split(names, "\n"))
	}
	for i := range m.rows {
		if r := &m.rows[i]; r.name == goal {
			m.goal = r
			if r.limit = unlimited; r.atLeast() {
				r.limit = 0
			}
		}
	}
	order, key := contentOrder(p)
	index := make(map[string]int, len(order))
	townIndex := map[string]int32{}
	for n, i := range order {
		l := &p.Lots[i]
		index[l.ID] = n
		z, ok := townIndex[l.Town]
		if !ok {
			z = int32(len(m.towns))
			townIndex[l.Town] = z
			m.towns = append(m.towns, l.Town)
		}
		m.lots = append(m.lots, m.compileLot(i, l, z))
	}
	m.addBridges(index, key)
	m.addMixes(order)
	m.compilePockets(index)
	m.applyLocks(index)
	m.change, m.ownerShort = -1, p.Block.MinAreaM2
	for i, r := range m.rows {
		if r.kind != powerRow && !r.demand() {
			m.kept = append(m.kept, i)
		}
		if r.kind == changeRow && r.limit < unlimited {
			m.change = i
		}
		m.demands = m.demands || r.demand()
	}
	m.weigh(order)
	m.keepWhole()
	m.agree(index)
	m.settleMixes()
	m.adj = make([][]edge, len(m.lots))
	for _, l := range p.Links {
		a, b := index[l.A], index[l.B]
		if m.lots[a].town != m.lots[b].town {
			continue // a block lies in one town
		}
		m.adj[a] = append(m.adj[a], edge{int32(b), l.SharedCM})
		m.adj[b] = append(m.adj[b], edge{int32(a), l.SharedCM})
	}
	for i := range m.adj {
		slices.SortFunc(m.adj[i], func(a, b edge) int { return cmp.Compare(a.to, b.to) })
	}
	m.compileProjects()
	return m
}

// compileLot compiles lot i of the document as it is or in a mix of it.
func (m *model) compileLot(i int, l *Lot, town int32) modelLot {
	ml := modelLot{Lot: l, town: town, q: make([]quantities, m.M), value: make([]int64, m.Q)}
	for mode := range m.M {
		ml.q[mode] = m.p.quantitiesOf(l, mode)
		for t := range m.T {
			q := mode*m.T + t
			if !l.In[mode].Off {
				ml.starts |= 1 << q
				ml.own |= 1 << q
			}
			switch {
			case m.goal != nil && m.goal.name == possible:
			case m.wishes != nil:
				ml.value[q] = m.wishes[l.ID].kept(m.p.Years[t], m.p.Modes[mode].Alone)
			case m.goal != nil:
				ml.value[q] = m.goal.worth(&ml.q[mode], i, l.Town, mode, t, m.ready(q))
			default:
				ml.value[q] = m.p.lotValue(l, mode, m.p.Years[t])
			}
		}
	}
	return ml
}

func (m *model) applyLocks(index map[string]int) {
	for _, k := range m.p.Locks {
		l := &m.lots[index[k.Parcel]]
		switch {
		case k.Kind == plottage.LockOut:
			if m.goal == nil || m.goal.name != keepLocks {
				l.starts = 0
			}
			continue
		case m.wishes != nil:
			continue
		}
		l.must = true
		l.starts &^= m.alone
		m.demands = true
		if k.Year != 0 {
			var only uint64
			for q := range m.Q {
				if m.p.Years[m.year(q)] == k.Year {
					only |= 1 << q
				}
			}
			l.starts &= only
		}
	}
}

func (m *model) compileProjects() {
	var last int
	for _, mode := range m.p.Modes {
		last = max(last, m.T+mode.BuildYears)
	}
	sorted := m.p.sorted().Projects
	for i := range sorted {
		k := &sorted[i]
		mp := modelProject{Project: k, value: make([]int64, last), year: make([]int, last)}
		for r := range last {
			y, comes := projectYear(k, m.p.Years[0]+r)
			mp.value[r], mp.year[r] = -1, y-m.p.Years[0]
			if comes && m.goal == nil {
				mp.value[r] = m.p.projectValue(k, y)
			}
		}
		for mode := range m.p.Modes {
			if len(k.Modes) == 0 || slices.Contains(k.Modes, m.p.Modes[mode].Name) {
				mp.modes |= 1 << mode
			}
		}
		m.projects = append(m.projects, mp)
	}
	slices.SortStableFunc(m.projects, func(a, b modelProject) int {
		return cmp.Or(cmp.Compare(b.GainCNY, a.GainCNY), cmp.Compare(a.AreaM2, b.AreaM2), cmp.Compare(a.ID, b.ID))
	})
	m.follow()
}

// contentKey tells lots apart by what they are.
func (l *Lot) contentKey() uint64 {
	h := fnv.New64a()
	write := func(v int64) {
		var b [8]byte
		for k := range b {
			b[k] = byte(v >> (8 * k))
		}
		h.Write(b[:])
	}
	write(l.AreaM2)
	write(l.PerimeterCM)
	write(l.NowCNY)
	write(l.Workers)
	for _, in := range l.In {
		write(in.CostCNY)
		write(in.DemolishedM2)
		write(in.AfterCNY)
		write(in.UsableM2)
	}
	return h.Sum64()
}

// contentOrder sorts lots by what they are and then by what their neighbours are,
// and by id only where two lots cannot be told apart. The second result says what
// lots, and after them bridges, and their neighbours are.
func contentOrder(p *Problem) ([]int, []uint64) {
	n := len(p.Lots)
	key := make([]uint64, n+len(p.Bridges))
	for i := range p.Bridges {
		key[n+i] = uint64(p.Bridges[i].AreaM2)<<20 ^ uint64(p.Bridges[i].PerimeterCM)
	}
	for i := range p.Lots {
		key[i] = p.Lots[i].contentKey()
		for n := range p.Lots[i].Mixes {
			key[i] += p.Lots[i].mixed(n).contentKey() // in whatever order
		}
	}
	ids := p.nodeIDs()
	for range 2 { // colour refinement: two rounds tell nearly all lots apart
		next := slices.Clone(key)
		for _, l := range p.Links {
			a, b := ids[l.A], ids[l.B]
			next[a] += key[b] * (2*uint64(l.SharedCM) + 1)
			next[b] += key[a] * (2*uint64(l.SharedCM) + 1)
		}
		key = next
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		la, lb := &p.Lots[a], &p.Lots[b]
		return cmp.Or(cmp.Compare(la.AreaM2, lb.AreaM2), cmp.Compare(key[a], key[b]), cmp.Compare(la.ID, lb.ID))
	})
	return order, key
}
