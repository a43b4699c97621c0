package check

import (
	"fmt"
	"slices"
)

// use is what a block takes and gives.
type use struct {
	money, demolished, workers, displaced, made, area, receipt int64
}

func (u *use) plus(v use) {
	u.money += v.money
	u.demolished += v.demolished
	u.workers += v.workers
	u.displaced += v.displaced
	u.made += v.made
	u.area += v.area
	u.receipt += v.receipt
}

// useOf is what lot i takes and gives, taken in a way.
func (d *problemDoc) useOf(i, way, mode int) use {
	l := &d.Lots[i].ways[way]
	u := use{money: l.In[mode].Cost, demolished: l.In[mode].Demolished, made: l.In[mode].NewFloor, area: d.Lots[i].Area, receipt: l.In[mode].Receipt}
	if d.Modes[mode].Displaces {
		u.workers = l.Workers
		for _, f := range l.Firms {
			u.displaced += f.Floor
		}
	}
	return u
}

// line is one row of the account. block gives what a block counts in it, lot what
// one of its lots counts besides (nil: nothing), project what a kilowatt placed in a
// year index counts.
type line struct {
	name    string
	limit   int64
	base    int64 // what a plan without blocks counts; left out of limit
	atLeast bool
	own     int // year index when only blocks of that year count and each uses some, else -1
	final   int // once the years up to this index are decided, what is over the limit stays over it
	block   func(u use, town string, start, ready int) int64
	lot     func(i, mode, start int) int64
	project func(town string, year int) int64
}

func resource(u use, name string) int64 {
	switch name {
	case "money":
		return u.money
	case "demolition":
		return u.demolished
	}
	return u.workers
}

// lines writes the account's rows; their order does not matter here.
func (d *problemDoc) lines() []line {
	none := func(string, int) int64 { return 0 }
	var all []line
	for _, c := range d.Caps {
		if c.Resource == "fund" {
			all = append(all, d.fundLine(c))
			continue
		}
		t := c.Year - d.Years[0]
		l := line{name: fmt.Sprintf("%s:%d", c.Resource, c.Year), limit: c.Limit, own: t, final: -1, project: none,
			block: func(u use, _ string, start, _ int) int64 {
				if start == t {
					return resource(u, c.Resource)
				}
				return 0
			}}
		if c.Cumulative {
			l.name, l.own = fmt.Sprintf("%s:<=%d", c.Resource, c.Year), -1
			l.block = func(u use, _ string, start, _ int) int64 {
				if start <= t {
					return resource(u, c.Resource)
				}
				return 0
			}
		}
		all = append(all, l)
	}
	for t, year := range d.Years {
		if !d.Decant {
			break
		}
		l := line{name: fmt.Sprintf("decant:%d", year), own: -1, final: t, project: none, block: func(u use, _ string, start, ready int) (n int64) {
			if start <= t {
				n = u.displaced
			}
			if ready <= t {
				n -= u.made
			}
			return n
		}}
		for _, z := range d.Towns {
			for s, v := range z.Vacant {
				if s <= t {
					l.limit += v
				}
			}
		}
		all = append(all, l)
	}
	for _, z := range d.Towns {
		all = append(all, d.townLines(z)...)
	}
	for _, f := range d.Floors {
		all = append(all, d.floorLine(f))
	}
	for _, o := range d.Whole {
		all = append(all, d.ownerLines(o)...)
	}
	if d.Approved != nil {
		all = append(all, d.changeLine())
	}
	return all
}

func (d *problemDoc) townLines(z townDoc) []line {
	var all []line
	nothing := func(use, string, int, int) int64 { return 0 }
	for t, year := range d.Years {
		if len(z.Power) == 0 {
			break
		}
		last := t == len(d.Years)-1
		all = append(all, line{name: fmt.Sprintf("power:%s:%d", z.ID, year), limit: z.Power[min(t, len(z.Power)-1)], own: -1, final: len(d.Years), block: nothing,
			project: func(town string, y int) int64 {
				if town == z.ID && (y <= t || last) {
					return 1
				}
				return 0
			}})
	}
	if z.Min > 0 {
		all = append(all, line{name: "town:" + z.ID, limit: z.Min, atLeast: true, own: -1, final: len(d.Years),
			project: func(string, int) int64 { return 0 },
			block: func(u use, town string, _, _ int) int64 {
				if town == z.ID {
					return u.area
				}
				return 0
			}})
	}
	return slices.Clip(all)
}
