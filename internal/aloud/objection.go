package aloud

import (
	"cmp"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/locale"
	"github.com/plottage/plottage/renewal"
)

// Objection is a rule that a plan of these blocks breaks, in the words of the map's panel;
// name gives the name of a town, project or firm by its id.
func (s Speaker) Objection(b renewal.Broken, blocks []plottage.Block, name func(id string) string) string {
	block, object := b.About(blocks)
	if b.Rule == "row" {
		key := "web.broken.row_least"
		if b.Got > b.Want {
			key = "web.broken.row"
		}
		return s.t(key, "row", s.Row(object), "used", s.Amount(object, b.Got), "limit", s.Amount(object, b.Want))
	}
	object = name(object)
	key := "web.broken." + b.Rule
	if _, ok := locale.Catalogue(s.Style.Lang)[key]; !ok {
		key = "web.broken.other"
	}
	amount := func(v int64) string { return figure.Fixed(float64(v), 0) }
	switch b.Rule {
	case "too_small", "too_large", "kept_too_much", "overfull":
		amount = func(v int64) string { return s.Style.Area(float64(v)) }
	case "not_compact":
		amount = func(v int64) string { return s.Style.Share(float64(v) / 1e6) }
	case "firm_without_place", "no_room":
		amount = func(v int64) string { return s.Style.Floor(float64(v)) }
	case "year_outside", "locked_year", "project_year":
		amount = func(year int64) string { return strconv.FormatInt(year, 10) }
	}
	return s.t(key, "rule", b.Rule, "block", cmp.Or(block, object), "object", object, "got", amount(b.Got), "want", amount(b.Want))
}
