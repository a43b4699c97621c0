package importer

import (
	"maps"
	"math"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// alike is how far two figures may lie apart and still be two versions of one.
const alike = 0.01

// twinsMost is how many rows of a record are held against a further one. Records of
// more rows are lots with flats, and comparing all with all would never end.
const twinsMost = 64

// twins finds rows that say again what an earlier row of the same record says, before
// they would be added up: a row that is the same in every column is left out; one that
// differs a little is another version of the row, and goes back, since a person has to
// say which holds. Where the mapping states that figures add up, nobody is in doubt.
func (b *build) twins(all []*record, key func(*record) string) {
	sums := b.undecidedSums()
	kept := map[string][]*record{}
	for _, r := range all {
		k := key(r)
		if r.refused || k == "" {
			continue
		}
		if i := slices.IndexFunc(kept[k], func(o *record) bool { return b.sameRow(o, r) && len(sums) > 0 }); i >= 0 {
			r.left = true
			r.issue(b, layer.Repaired, "row_twice_same", b.keyColumn(), k, map[string]any{"other": kept[k][i].n})
			continue
		}
		if i := slices.IndexFunc(kept[k], func(o *record) bool { return b.twin(o, r, sums) }); i >= 0 {
			field, was, now := b.firstDifference(kept[k][i], r)
			r.issue(b, layer.Refused, "row_twin", field, now, map[string]any{"other": kept[k][i].n, "was": was, "now": now})
			continue
		}
		if len(kept[k]) < twinsMost {
			kept[k] = append(kept[k], r)
		}
	}
}

// undecidedSums are the mapped fields that would be added up though the mapping does not
// say so.
func (b *build) undecidedSums() (fields []int) {
	for _, i := range b.names {
		if b.rule(i) == mapping.Sum {
			if b.givenRule(i) == mapping.Sum {
				return nil
			}
			fields = append(fields, i)
		}
	}
	return fields
}

// sameRow reports whether two rows agree in all columns but those that number the rows.
func (b *build) sameRow(x, y *record) bool {
	return slices.EqualFunc(x.values, y.values, func(p, q any) bool { return p == q }) && b.sameRest(x, y)
}

// sameRest reports whether the columns that no field takes agree: a flat's number, a
// floor, an account tells parts of one record from each other.
func (b *build) sameRest(x, y *record) bool {
	bare := func(r *record) map[string]string {
		m := maps.Clone(r.extra)
		maps.DeleteFunc(m, func(column, _ string) bool { return mapping.Numbers(cell.Fold(column)) })
		return m
	}
	return maps.Equal(bare(x), bare(y))
}

// twin reports whether two rows of one record are two versions of the same: every figure
// that would be added up agrees within [alike], and so do most columns.
func (b *build) twin(x, y *record, sums []int) bool {
	figures, same, differ := 0, 0, 0
	for _, i := range b.names {
		p, q := x.values[i], y.values[i]
		near := b.near(p, q)
		switch {
		case mapping.Names(b.noun.Fields[i].Name):
			if !near { // another year's or another parcel's figures
				return false
			}
		case p == nil && q == nil:
		case near:
			same++
		default:
			differ++
		}
		if slices.Contains(sums, i) && p != nil && q != nil {
			if figures++; !near {
				return false
			}
		}
	}
	return figures > 0 && same > differ && b.sameRest(x, y)
}

// near reports whether two values are the same, figures within [alike].
func (b *build) near(p, q any) bool {
	x, ok := p.(float64)
	y, also := q.(float64)
	if !ok || !also {
		return p == q
	}
	return math.Abs(x-y) <= alike*max(math.Abs(x), math.Abs(y))
}

// firstDifference names the first column in which two rows differ, figures first.
func (b *build) firstDifference(x, y *record) (column, was, now string) {
	for _, kind := range []bool{true, false} {
		for i, f := range b.noun.Fields {
			if p, q := x.values[i], y.values[i]; p != q && (f.Kind == plottage.Number) == kind {
				return b.columnOf(f.Name), sayValue(p), sayValue(q)
			}
		}
	}
	return "", "", ""
}

func sayValue(v any) string {
	if v == nil {
		return "-"
	}
	return plain(v)
}

func (b *build) keyColumn() string { return b.columnOf(b.noun.Key[0]) }
