package renewal

import (
	"cmp"
	"slices"
)

// How many more sets mixes may make: of a cluster so many times those it has without, or
// so many in all when it has few; and of all clusters a share of what is listed at most.
const (
	mixTimes = 4
	mixFew   = 5_000
	mixShare = 0.5
)

// TrimMixes takes mixes from lots until the sets of every cluster can be listed with
// them: each mix of a lot multiplies the sets that the lot is in. Lots that can be in a
// block in mixes only keep theirs first, then those whose mixes are worth most more than
// the lot as it is. It returns the lots that lost theirs, ascending; what is left is a
// problem like any other, solved exactly. Lots in signed blocks keep all.
func (p *Problem) TrimMixes() (lost []string) {
	if !slices.ContainsFunc(p.Lots, func(l Lot) bool { return len(l.Mixes) > 0 }) {
		return nil
	}
	m := compile(p, "")
	for v := range m.lots {
		m.lots[v].own, m.lots[v].mixes = m.lots[v].starts, nil // one entry a lot
	}
	m.mixes = nil
	m.buildClusters()
	room, sets := mixShare*float64(setsInAll)/float64(max(1, (m.M+1)/2)), 0
	for _, c := range m.clusters {
		sets += c.sets()
	}
	times := min(mixTimes, room/float64(max(1, sets)))
	ids := p.lotIDs()
	p.Lots = slices.Clone(p.Lots)
	for _, c := range m.clusters {
		if c.signed {
			continue
		}
		for _, v := range m.overfull(c, times) {
			lost = append(lost, m.lots[v].ID)
			p.Lots[ids[m.lots[v].ID]].Mixes = nil
		}
	}
	slices.Sort(lost)
	return lost
}

// overfull lists the lots of a cluster, enumerated without mixes, that may not have
// theirs.
func (m *model) overfull(c *cluster, times float64) (lost []int32) {
	most := min(mixShare*float64(setsPerCluster), max(times*float64(c.sets()), min(mixFew, times*mixFew)))
	order := make([]int32, 0, len(c.lots))
	for n, v := range c.lots {
		if m.lots[v].keptM2 == 0 && len(m.lots[v].Mixes) > 0 {
			order = append(order, int32(n))
		}
	}
	gain := make(map[int32]int64, len(order))
	for _, n := range order {
		gain[n] = m.mixGain(c.lots[n])
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(gain[b], gain[a]), cmp.Compare(a, b)) })
	total := float64(c.sets())
	weight := slices.Repeat([]float64{1}, c.sets()) // of a set: in how many mixes of its lots
	for _, n := range order {
		more := float64(len(m.lots[c.lots[n]].Mixes))
		with := 0.0
		for s := range weight {
			if has(c.maskOf(int32(s)), n) {
				with += weight[s]
			}
		}
		if !c.complete || total+with*more > most {
			lost = append(lost, c.lots[n])
			continue
		}
		total += with * more
		for s := range weight {
			if has(c.maskOf(int32(s)), n) {
				weight[s] *= 1 + more
			}
		}
	}
	return lost
}

// mixGain is how much more a lot is worth in its best mix than as it is, at best.
func (m *model) mixGain(v int32) int64 {
	l, gain := m.lots[v].Lot, int64(-1<<62)
	for n := range l.Mixes {
		x := l.mixed(n)
		for q := range m.Q {
			mode, year := m.mode(q), m.p.Years[m.year(q)]
			switch {
			case x.In[mode].Off:
			case l.In[mode].Off:
				gain = 1 << 62
			default:
				gain = max(gain, m.p.lotValue(x, mode, year)-m.p.lotValue(l, mode, year))
			}
		}
	}
	return gain
}
