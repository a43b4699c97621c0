package renewal

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// rooms are the places displaced firms can take: vacant floor by town and the new
// floor of ready blocks, each with the year from which it is there.
type rooms struct {
	place map[string]*roomAt
	order []string
}

type roomAt struct {
	town string
	from []int   // years
	m2   []int64 // that come free in them
	used int64
}

func newRooms(p *Problem) *rooms {
	r := &rooms{place: map[string]*roomAt{}}
	for _, z := range p.sorted().Towns {
		for t, v := range z.VacantM2 {
			r.add("town:"+z.ID, z.ID, p.Years[t], v)
		}
	}
	return r
}

func (r *rooms) add(place, town string, year int, m2 int64) {
	at := r.place[place]
	if at == nil {
		at = &roomAt{town: town}
		r.place[place] = at
		r.order = append(r.order, place)
	}
	at.from, at.m2 = append(at.from, year), append(at.m2, m2)
}

func (r *rooms) addBlock(id string, ready int, m2 int64) {
	if m2 > 0 {
		r.add("block:"+id, "", ready, m2)
	}
}

// left is the room of a place in a year. Moves must be taken in the order of years.
func (r *rooms) left(place string, year int) int64 {
	at := r.place[place]
	if at == nil {
		return 0
	}
	n := -at.used
	for i, from := range at.from {
		if from <= year {
			n += at.m2[i]
		}
	}
	return n
}

func (r *rooms) take(place string, year int, m2 int64) bool {
	if r.left(place, year) < m2 {
		return false
	}
	r.place[place].used += m2
	return true
}

// Ledger gives every displaced firm of the plan a place: year by year, the largest
// first, in its own town when it fits there whole, else in the place that leaves
// the least room, and split over several only when no place takes it whole. It
// returns nil when the problem has no decant rule. What cannot be placed is left
// out; Evaluate reports it. That never happens while the plan keeps the decant
// rows: demand up to each year is within supply up to that year, and supply that
// serves an early year serves every later one (docs/method/renewal.md#decant).
func Ledger(p *Problem, blocks []plottage.Block) []plottage.Move {
	if !p.Decant {
		return nil
	}
	lots := p.lotIDs()
	room := newRooms(p)
	var due []plottage.Move
	for i := range blocks {
		b := &blocks[i]
		m := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		var made int64
		for _, id := range b.Parcels {
			lot := p.Lots[lots[id]].As(b.Treated)
			made += lot.In[m].NewFloorM2
			if !p.Modes[m].Displaces {
				continue
			}
			for _, f := range lot.Firms {
				due = append(due, plottage.Move{Firm: f.ID, From: id, Block: b.ID, Year: b.Year, FloorM2: float64(f.FloorM2)})
			}
		}
		room.addBlock(b.ID, b.Year+p.Modes[m].BuildYears, made)
	}
	slices.SortStableFunc(due, func(a, b plottage.Move) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(b.FloorM2, a.FloorM2), cmp.Compare(a.Firm, b.Firm), cmp.Compare(a.From, b.From))
	})
	var moves []plottage.Move
	for _, d := range due {
		moves = append(moves, room.settle(d, p.Lots[lots[d.From]].Town)...)
	}
	return moves
}

func (r *rooms) settle(d plottage.Move, town string) []plottage.Move {
	need := int64(d.FloorM2)
	if need == 0 {
		return nil
	}
	best, slack := "", int64(-1)
	for _, place := range r.order {
		left := r.left(place, d.Year)
		if left < need {
			continue
		}
		if r.place[place].town == town && town != "" {
			best = place
			break
		}
		if slack < 0 || left < slack {
			best, slack = place, left
		}
	}
	if best != "" {
		r.take(best, d.Year, need)
		d.To = best
		return []plottage.Move{d}
	}
	var parts []plottage.Move
	for need > 0 {
		most, left := "", int64(0)
		for _, place := range r.order {
			if n := r.left(place, d.Year); n > left {
				most, left = place, n
			}
		}
		if most == "" {
			break
		}
		n := min(need, left)
		r.take(most, d.Year, n)
		part := d
		part.To, part.FloorM2 = most, float64(n)
		parts = append(parts, part)
		need -= n
	}
	return parts
}
