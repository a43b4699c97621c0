package importer

import (
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// A sheet of firms lists a firm once for each parcel it uses and each year it reports. Its
// figures then stand in every one of these rows, and adding them up would count them as
// often. A row repeats an earlier one of the same record when more of their figures are
// alike than differ; the figures of the others are parts, which add up.

// repeats finds the rows of a group whose figures, of a noun of these fields, are those of
// an earlier row, and notes it in g.again. Figures that the mapping states to add up do.
func repeats[T any](b *build, g *group, fields []plottage.Field[T]) {
	var sums []int
	for _, f := range fields {
		if i := b.field(f.Name); i >= 0 && b.rule(i) == mapping.Sum && b.givenRule(i) == "" {
			sums = append(sums, i)
		}
	}
	var parts []*record
	for _, r := range g.rows {
		i := slices.IndexFunc(parts, func(o *record) bool { return b.repeated(o, r, sums) })
		if i < 0 {
			if len(parts) < twinsMost {
				parts = append(parts, r)
			}
			continue
		}
		if g.again == nil {
			g.again = map[*record]*record{}
		}
		g.again[r] = parts[i]
		b.again[r] = true
		b.tellUnlike(g, parts[i], r, sums)
	}
}

// repeated reports whether y states the figures of x again. Small numbers of people agree
// by chance, so they decide only where there is no other figure.
func (b *build) repeated(x, y *record, sums []int) bool {
	var same, differ, samePeople, differPeople int
	for _, i := range sums {
		p, q := x.values[i], y.values[i]
		if p == nil || q == nil || p == 0. && q == 0. {
			continue
		}
		near, people := b.near(p, q), b.noun.Fields[i].Unit == "person"
		switch {
		case near && people:
			samePeople++
		case people:
			differPeople++
		case near:
			same++
		default:
			differ++
		}
	}
	if same+differ == 0 {
		return samePeople > differPeople
	}
	return same > 0 && same >= differ
}

// tellUnlike says which figures of a row that repeats another differ from it.
func (b *build) tellUnlike(g *group, x, y *record, sums []int) {
	again := &record{n: y.n}
	for _, i := range sums {
		f, p, q := b.noun.Fields[i], x.values[i], y.values[i]
		if p != nil && q != nil && p != q {
			again.issue(b, layer.Repaired, "figure_unlike", b.columnOf(f.Name), plain(q), map[string]any{"other": x.n, "was": plain(p), "now": plain(q), "unit": b.unitSign(f.Unit)})
		}
	}
	b.issues.add(again.issues...)
	b.watch(again, b.shownKey(g), nil, nil)
}

// stateRepeated says once how many rows name a firm again with the same figures.
func (b *build) stateRepeated() {
	if n := len(b.again); n > 0 {
		b.note(b.t, layer.Noted, "firm_rows_repeated", "count", n)
	}
}

// latestFirst puts the rows of a group in the order of their years, the latest first: what
// a firm is, and what it holds, is what its last year says, and years are no parts.
func (b *build) latestFirst(g *group) {
	g.year = func(r *record) int { y, _ := r.known(b.field("year")).(int); return y }
	slices.SortStableFunc(g.rows, func(x, y *record) int { return g.year(y) - g.year(x) })
}
