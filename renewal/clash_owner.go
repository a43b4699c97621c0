package renewal

import (
	"context"
	"slices"
	"strings"
)

// ownersClash stands among the rows not tried for owners whose land is not split.
const ownersClash = "owners"

// owners finds owners who stand in the way because their land is not to be split: with those
// left out some plan keeps all other rules, and as far as was found out none of them can be
// kept in. Owners of locked and signed lots come first, for these drag their other land in.
// tried is false where there was no time, or no answer.
func (s *solver) owners(ctx context.Context, q *inquiry) (clashes []Clash, tried bool) {
	all := s.m.wholeOwners()
	if len(all) == 0 || s.stands(s.m.ownerRows()...) {
		return nil, true
	}
	drag := slices.DeleteFunc(slices.Clone(all), func(o string) bool {
		return !slices.ContainsFunc(s.m.lots[:s.m.lotCount], func(l modelLot) bool { return l.must && l.Owner == o })
	})
	var out []string
	for _, some := range [][]string{drag, all} {
		if len(some) == 0 || len(out) > 0 {
			continue
		}
		if out, tried = s.splitting(ctx, q, some); !tried {
			return nil, false
		}
	}
	for n := 0; n < len(out) && n < mostRaises && len(out) > 1; {
		if fewer, _ := s.splitting(ctx, q, slices.Delete(slices.Clone(out), n, n+1)); len(fewer) > 0 {
			out, n = fewer, 0
		} else {
			n++
		}
	}
	for _, o := range out {
		c := s.m.asking()
		c.Row, c.Joint = "owner:"+o+":", len(out) > 1
		clashes = append(clashes, c)
	}
	return clashes, true
}

func (m *model) ownerRows() []string {
	var names []string
	for _, r := range m.rows {
		if r.kind == ownerRow {
			names = append(names, r.name)
		}
	}
	return names
}

// wholeOwners are the owners who have rows.
func (m *model) wholeOwners() []string {
	return slices.DeleteFunc(sortedCopy(m.p.WholeOwners), func(o string) bool {
		return !slices.ContainsFunc(m.rows, func(r row) bool { return r.kind == ownerRow && strings.HasPrefix(r.name, "owner:"+o+":") })
	})
}

// splitting looks for a plan that may split some owners, and returns those it splits; none
// where there is no such plan. tried is false where that was not found out.
func (s *solver) splitting(ctx context.Context, q *inquiry, some []string) (split []string, tried bool) {
	whole := withoutProjects(s.p)
	p := *whole
	p.WholeOwners = slices.DeleteFunc(slices.Clone(p.WholeOwners), func(o string) bool { return slices.Contains(some, o) })
	g := q.ask(ctx, &p, question{goal: possible, share: 3, any: true})
	if g == nil || g.search.best.short > 0 {
		return nil, g != nil && g.proven
	}
	plan := g.drawn(&p)
	for _, b := range evaluate(whole, &plan).Broken {
		n := slices.IndexFunc(some, func(o string) bool { return strings.HasPrefix(b.Object, "owner:"+o+":") })
		if b.Rule != "owner_split" || n < 0 {
			return nil, false
		}
		if !slices.Contains(split, some[n]) {
			split = append(split, some[n])
		}
	}
	return split, true
}
