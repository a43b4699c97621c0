package check

import (
	"fmt"
	"slices"
)

// bridgeDoc is a parcel that may be kept inside a block.
type bridgeDoc struct {
	ID        string `json:"id"`
	Town      string `json:"town"`
	Area      int64  `json:"area_m2"`
	Perimeter int64  `json:"perimeter_cm"`
}

// pocketDoc is a parcel that can be left across other parcels only.
type pocketDoc struct {
	Parcel  string   `json:"parcel"`
	Beside  []string `json:"beside"`
	Allowed bool     `json:"allowed"`
}

// readBridges appends the bridges to the lots, as lots of no land that count nothing
// in any mode; kept says how much land they are. lots is the number of real lots.
func (d *problemDoc) readBridges() error {
	d.lots = len(d.Lots)
	d.kept = make([]int64, len(d.Lots), len(d.Lots)+len(d.Bridges))
	for _, b := range d.Bridges {
		if _, twice := d.lotAt[b.ID]; twice || b.ID == "" || b.Area < 1 {
			return fmt.Errorf("read the problem: bridge %q", b.ID)
		}
		d.lotAt[b.ID] = len(d.Lots)
		l := lotDoc{ID: b.ID, Town: b.Town, Perimeter: b.Perimeter} // readMixes makes its one way
		l.In = append(l.In, make([]treatmentDoc, len(d.Modes))...)
		d.Lots, d.kept = append(d.Lots, l), append(d.kept, b.Area)
	}
	d.pocketAt = map[string]int{}
	for n, p := range d.Pockets {
		if _, twice := d.pocketAt[p.Parcel]; twice || p.Parcel == "" {
			return fmt.Errorf("read the problem: pocket %q", p.Parcel)
		}
		d.pocketAt[p.Parcel] = n
	}
	d.pocketsBy = map[int][]int{}
	for n, p := range d.Pockets {
		for _, id := range p.Beside {
			i, lot := d.lotAt[id]
			_, pocket := d.pocketAt[id]
			if !lot && !pocket {
				return fmt.Errorf("read the problem: pocket %q borders %q", p.Parcel, id)
			}
			if lot {
				d.pocketsBy[i] = append(d.pocketsBy[i], n)
			}
		}
	}
	return nil
}

// bridge reports whether i is one.
func (d *problemDoc) bridge(i int) bool { return i >= d.lots }

// encloses names a pocket that the members enclose and may not, "" none. Whoever
// stands in a pocket beside a member walks from parcel to parcel, not onto members;
// whoever comes to a parcel that is no pocket is out.
func (d *problemDoc) encloses(members []int) string {
	if len(d.Pockets) == 0 {
		return ""
	}
	for _, i := range members {
		for _, n := range d.pocketsBy[i] {
			if held := d.trapped(n, members); held != "" {
				return held
			}
		}
	}
	return ""
}

// trapped names a pocket that may not be enclosed among those that cannot be left
// from pocket n, "" when n is a member or has a way out.
func (d *problemDoc) trapped(n int, members []int) string {
	member := func(id string) bool {
		i, known := d.lotAt[id]
		return known && slices.Contains(members, i)
	}
	if member(d.Pockets[n].Parcel) {
		return ""
	}
	seen, front, held := map[int]bool{n: true}, []int{n}, ""
	for len(front) > 0 {
		p := &d.Pockets[front[0]]
		front = front[1:]
		if !p.Allowed && held == "" {
			held = p.Parcel
		}
		for _, id := range p.Beside {
			next, pocket := d.pocketAt[id]
			switch {
			case member(id):
			case !pocket:
				return ""
			case !seen[next]:
				seen[next] = true
				front = append(front, next)
			}
		}
	}
	return held
}

// hangsTogether reports whether the members are connected.
func (d *problemDoc) hangsTogether(members []int) bool {
	if len(members) == 0 {
		return false
	}
	seen, front := map[int]bool{members[0]: true}, []int{members[0]}
	for len(front) > 0 {
		i := front[0]
		front = front[1:]
		for j := range d.near[i] {
			if !seen[j] && slices.Contains(members, j) {
				seen[j] = true
				front = append(front, j)
			}
		}
	}
	return len(seen) == len(members)
}

// idle names a bridge among the members without which they would hang together and
// enclose nothing, -1 none.
func (d *problemDoc) idle(members []int) int {
	for n, i := range members {
		if !d.bridge(i) {
			continue
		}
		rest := slices.Delete(slices.Clone(members), n, n+1)
		if d.hangsTogether(rest) && d.encloses(rest) == "" {
			return i
		}
	}
	return -1
}

// keptLand is how much land of bridges is among the members, and how much may lie in
// a block of so much land.
func (d *problemDoc) keptLand(members []int, area int64) (kept, most int64) {
	for _, i := range members {
		kept += d.kept[i]
	}
	return kept, share(area, d.Block.Kept)
}

// hopeless reports whether a bridge among the members holds nothing together, and no
// parcel that only it would bring is left to add: then no set grown from here needs
// it. What may be enclosed is never hopeless.
//
// Nothing is lost: a block can be grown so that each bridge it needs to hang together
// is followed at once by what hangs on it.
func (d *problemDoc) hopeless(members []int) bool {
	for n := len(members) - 1; n >= 0 && d.bridge(members[n]); n-- {
		i := members[n]
		if _, pocket := d.pocketAt[d.Lots[i].ID]; pocket {
			continue
		}
		rest := slices.Delete(slices.Clone(members), n, n+1)
		fresh := false
		for j := range d.near[i] {
			beyond := !slices.Contains(members, j)
			for _, k := range rest {
				_, linked := d.near[j][k]
				beyond = beyond && !linked
			}
			fresh = fresh || beyond
		}
		if !fresh && d.hangsTogether(rest) {
			return true
		}
	}
	return false
}
