package importer

import (
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
)

// buildBuildings makes buildings of a table. Several rows of one building, its floors or
// flats, become one.
func (b *build) buildBuildings() error {
	id, parcel, condition := b.field("id"), b.field("parcel"), b.field("condition")
	if id < 0 || parcel < 0 {
		return b.ask("import_ask_key", "columns", columnList(b.t))
	}
	all, err := each(b, func(_ int, row *layer.Row) (*record, bool) {
		r := b.record(row)
		if condition >= 0 && r.text(condition) != "" {
			c := conditionByWord[cell.Fold(r.text(condition))]
			if c == "" {
				r.issue(b, layer.Repaired, "building_condition", b.columnOf("condition"), r.text(condition), nil)
			}
			r.values[condition] = textOrNil(string(c))
		}
		return r, true
	})
	if err != nil {
		return err
	}
	old, err := existing(b, b.store.Buildings, func(h plottage.Building) string { return h.ID })
	if err != nil {
		return err
	}
	gs := b.keyed(all, func(r *record) string { return r.text(id) }, "key_missing")
	for _, g := range gs {
		r := combine(b, g, plottage.BuildingFields)
		h, known := old[g.key]
		b.countRecord(known)
		fill(b, &h, plottage.BuildingFields, r)
		h.ID, h.Row, h.Source = g.key, r.n, 0
		b.batch.Buildings = append(b.batch.Buildings, h)
		if b.known.parcel(h.Parcel) == nil {
			b.issues.add(layer.Issue{Severity: layer.Noted, Key: "holding_parcel_unknown", Where: plottage.Where{Layer: b.t.Name, Row: r.n, Field: b.columnOf("parcel"), Value: h.Parcel}})
		}
	}
	b.stateCombined(gs)
	return nil
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// conditionWords are the words for conditions met in files: those of the rules on grading
// houses (房屋完损等级评定标准, 危险房屋鉴定标准 JGJ 125).
var conditionWords = map[plottage.Condition]string{
	plottage.Sound:  "sound good 完好房 完好 基本完好房 基本完好 良好 好 A级 A",
	plottage.Worn:   "worn fair 一般损坏房 一般损坏 一般 较差 B级 B",
	plottage.Unsafe: "unsafe poor dangerous 严重损坏房 严重损坏 危险房 危险房屋 危房 差 C级 D级 C D",
}

var conditionByWord = func() map[string]plottage.Condition {
	m := map[string]plottage.Condition{}
	for c, words := range conditionWords {
		for w := range strings.SplitSeq(words, " ") {
			m[cell.Fold(w)] = c
		}
	}
	return m
}()
