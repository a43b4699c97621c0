package check

import (
	"fmt"
	"slices"
	"strings"
)

// mixDoc is another way to treat a lot in a block, building by building.
type mixDoc struct {
	Buildings []handledDoc `json:"buildings"`
	wayDoc
}

type handledDoc struct {
	ID   string `json:"id"`
	What string `json:"what"`
}

// treatedDoc names the mix in which a block takes a lot.
type treatedDoc struct {
	Parcel    string       `json:"parcel"`
	Buildings []handledDoc `json:"buildings"`
}

// signature names a mix by its buildings, in whatever order they are listed.
func signature(all []handledDoc) string {
	var parts []string
	for _, b := range all {
		parts = append(parts, fmt.Sprintf("%q is %q", b.ID, b.What))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// readMixes puts, for every lot, what it says of itself and what its mixes say side by
// side: way 0 is the lot as it is.
func (d *problemDoc) readMixes() error {
	for i := range d.Lots {
		l := &d.Lots[i]
		l.ways = []wayDoc{l.wayDoc}
		for n, m := range l.Mixes {
			same := slices.ContainsFunc(l.Mixes[:n], func(o mixDoc) bool { return signature(o.Buildings) == signature(m.Buildings) })
			if len(m.Buildings) == 0 || same || len(m.In) != len(d.Modes) {
				return fmt.Errorf("read the problem: mix %d of lot %q", n, l.ID)
			}
			for k := range m.In {
				if d.Modes[k].Alone && !m.In[k].Off {
					return fmt.Errorf("read the problem: mix %d of lot %q is for %s", n, l.ID, d.Modes[k].Name)
				}
			}
			l.ways = append(l.ways, m.wayDoc)
		}
	}
	return nil
}

// wayOf is the way in which lot i is taken where so much is said of it, -1 when it has no
// such way or more than one is named.
func (d *problemDoc) wayOf(i int, treated []treatedDoc) int {
	way := 0
	for _, x := range treated {
		if x.Parcel != d.Lots[i].ID {
			continue
		}
		n := slices.IndexFunc(d.Lots[i].Mixes, func(m mixDoc) bool { return signature(m.Buildings) == signature(x.Buildings) })
		if n < 0 || way != 0 {
			return -1
		}
		way = n + 1
	}
	return way
}

// waysOf finds the ways of several lots; ok is false when one is unknown, or when
// something is said of a parcel that is not among them.
func (d *problemDoc) waysOf(lots []int, treated []treatedDoc) (ways []int, ok bool) {
	ok = true
	for _, i := range lots {
		w := d.wayOf(i, treated)
		ok = ok && w >= 0
		ways = append(ways, max(0, w))
	}
	for _, x := range treated {
		i, known := d.lotAt[x.Parcel]
		ok = ok && known && slices.Contains(lots, i)
	}
	return ways, ok
}

// everyWay calls f with every choice of a way for each of the lots. The slice is used
// again.
func (d *problemDoc) everyWay(lots []int, f func(ways []int)) {
	ways := make([]int, len(lots))
	var from func(n int)
	from = func(n int) {
		if n == len(lots) {
			f(ways)
			return
		}
		for ways[n] = range d.Lots[lots[n]].ways {
			from(n + 1)
		}
		ways[n] = 0
	}
	from(0)
}

// off reports whether a mode admits no way of the lot.
func (d *problemDoc) off(i, mode int) bool {
	return !slices.ContainsFunc(d.Lots[i].ways, func(w wayDoc) bool { return !w.In[mode].Off })
}
