package check

import (
	"fmt"
	"slices"
)

// takes is what a block counts in the line, its lots one by one included.
func (l *line) takes(u use, members []int, town string, mode, start, ready int) int64 {
	n := l.block(u, town, start, ready)
	if l.lot != nil {
		for _, i := range members {
			n += l.lot(i, mode, start)
		}
	}
	return n
}

func noProject(string, int) int64 { return 0 }

func noBlock(use, string, int, int) int64 { return 0 }

// fundLine is a revolving fund: money out from the start, receipts back in the lag
// after the block is ready.
func (d *problemDoc) fundLine(c capDoc) line {
	t := c.Year - d.Years[0]
	return line{name: fmt.Sprintf("fund:<=%d", c.Year), limit: c.Limit, own: -1, final: t, project: noProject,
		block: func(u use, _ string, start, ready int) (n int64) {
			if start <= t {
				n = u.money
			}
			if ready <= t-c.Lag {
				n -= u.receipt
			}
			return n
		}}
}

// floorLine is land of a town, stage and grade to be treated at least.
func (d *problemDoc) floorLine(f floorDoc) line {
	return line{name: "floor:" + f.Town + ":" + f.Stage + ":" + f.Grade, limit: f.Min, atLeast: true, own: -1, final: len(d.Years),
		block: noBlock, project: noProject, lot: func(i, _, _ int) int64 {
			x := &d.Lots[i]
			if f.Town != "" && f.Town != x.Town || f.Stage != "" && f.Stage != x.Stage || f.Grade != "" && f.Grade != x.Grade {
				return 0
			}
			return x.Area
		}}
}

// ownerLines say of each lot of the owner that it is in no block without the next.
func (d *problemDoc) ownerLines(owner string) []line {
	var ids []string
	for _, x := range d.Lots {
		if x.Owner == owner {
			ids = append(ids, x.ID)
		}
	}
	if len(ids) < 2 {
		return nil
	}
	slices.Sort(ids)
	var all []line
	for n, id := range ids {
		this, next := d.lotAt[id], d.lotAt[ids[(n+1)%len(ids)]]
		all = append(all, line{name: "owner:" + owner + ":" + id, own: -1, final: len(d.Years), block: noBlock, project: noProject,
			lot: func(i, mode, _ int) (n int64) {
				if d.Modes[mode].Alone {
					return 0
				}
				if i == this {
					n++
				}
				if i == next {
					n--
				}
				return n
			}})
	}
	return all
}

// changeLine is the land that differs from the approved plan. A plan without blocks
// differs by all that was approved; the limit is less that.
func (d *problemDoc) changeLine() line {
	type start struct {
		mode string
		year int
	}
	was := map[int]start{}
	var base int64
	for _, b := range d.Approved.Blocks {
		for _, id := range b.Lots {
			was[d.lotAt[id]] = start{b.Mode, b.Year}
			base += d.Lots[d.lotAt[id]].Area
		}
	}
	return line{name: "change", limit: d.Approved.MaxChange - base, base: base, own: -1, final: len(d.Years), block: noBlock, project: noProject, lot: func(i, mode, t int) int64 {
		old, approved := was[i]
		if !approved {
			return d.Lots[i].Area
		}
		if old == (start{d.Modes[mode].Name, d.Years[t]}) {
			return -d.Lots[i].Area
		}
		return 0
	}}
}

// signedAt returns the signed block that lot i belongs to.
func (d *problemDoc) signedAt() map[int]int {
	at := map[int]int{}
	for n, s := range d.Signed {
		for _, id := range slices.Concat(s.Lots, s.Kept) {
			at[d.lotAt[id]] = n
		}
	}
	return at
}

// isSigned reports whether lots with what is kept between them, the ways in which they
// are taken, mode and year index are exactly signed block n.
func (d *problemDoc) isSigned(n int, lots, ways []int, mode, start int) bool {
	s := &d.Signed[n]
	if len(lots) != len(s.Lots)+len(s.Kept) || d.modeAt[s.Mode] != mode || s.Year != d.Years[0]+start {
		return false
	}
	for _, id := range slices.Concat(s.Lots, s.Kept) {
		if !slices.Contains(lots, d.lotAt[id]) {
			return false
		}
	}
	as, _ := d.waysOf(lots, s.Treated)
	return slices.Equal(as, ways)
}
