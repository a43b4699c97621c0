package aloud

import (
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// listed is how many parcels a clash names.
const listed = 8

// NoPlan says why there is no plan, a sentence each: what clashes and the smallest change
// that would do, what there was no time for, and which locks to take off. exactly adds the
// plain number to an amount, for who types it in.
func (s Speaker) NoPlan(n renewal.NoPlan, exactly bool) []string {
	words := s.Clashes(n.Clashes, exactly)
	if len(n.Untried) > 0 {
		rows := n.Untried[:min(len(n.Untried), listed)]
		said := s.list(rows, s.Row)
		if more := len(n.Untried) - len(rows); more > 0 {
			said = s.t("renewal.clash.more", "list", said, "n", more)
		}
		words = append(words, s.t("renewal.untried", "rows", said))
	}
	if n.Waive != nil {
		words = append(words, s.waive(n.Waive)...)
	}
	return words
}

// NoPlanKey is the message of there being no plan: error.<key>.
func NoPlanKey(proven bool) string {
	if proven {
		return "renewal_infeasible"
	}
	return "renewal_none_found"
}

// Open reports whether clashes leave open whether there is a plan.
func Open(all []renewal.Clash) bool {
	return slices.ContainsFunc(all, func(c renewal.Clash) bool { return c.Row == "open" })
}

// Clashes says which rules clash and what would do.
func (s Speaker) Clashes(all []renewal.Clash, exactly bool) []string {
	var words []string
	alone := 0 // limits of which each would do by itself
	for _, c := range all {
		key := "renewal.clash." + c.Row
		kind, _, ofRow := strings.Cut(c.Row, ":")
		if ofRow || c.Row == "change" {
			key = "renewal.clash.cap"
			if kind == "town" || kind == "floor" {
				key = "renewal.clash.floor"
			}
			if kind == "owner" {
				key = "renewal.clash.owner"
			}
			switch {
			case c.Least:
				key += "_least"
			case c.Joint:
				key += "_joint"
			case !c.Exact && kind != "owner":
				key += "_enough"
			}
			if !c.Joint && !c.Least {
				alone++
			}
		}
		words = append(words, s.t(key, "parcels", s.parcels(c.Lots), "what", s.asking(c), "row", s.Row(c.Row), "limit", s.amount(c.Row, c.Limit, exactly), "needed", s.amount(c.Row, c.Needed, exactly)))
	}
	if alone > 1 {
		words = append(words, s.t("renewal.clash.any"))
	}
	return words
}

// asking names what a clash stands against.
func (s Speaker) asking(c renewal.Clash) string {
	var parts []string
	if len(c.Lots) > 0 {
		parts = append(parts, s.t("renewal.clash.what.locks", "parcels", s.parcels(c.Lots)))
	}
	if len(c.Signed) > 0 {
		parts = append(parts, s.t("renewal.clash.what.signed", "parcels", s.parcels(c.Signed)))
	}
	for _, row := range c.Floors {
		parts = append(parts, s.t("renewal.clash.what.row", "row", s.Row(row)))
	}
	if len(parts) == 0 {
		return s.t("renewal.clash.what.rules")
	}
	return strings.Join(parts, s.t("renewal.clash.and"))
}

func (s Speaker) parcels(ids []string) string {
	said := strings.Join(ids[:min(len(ids), listed)], s.t("renewal.comma"))
	if more := len(ids) - listed; more > 0 {
		return s.t("renewal.clash.more", "list", said, "n", more)
	}
	return said
}

func (s Speaker) list(all []string, say func(string) string) string {
	var words []string
	for _, x := range all {
		words = append(words, say(x))
	}
	return strings.Join(words, s.t("renewal.comma"))
}

// waive names the locks to take off, all of them: a planner goes by this list.
func (s Speaker) waive(w *renewal.Waiver) []string {
	key := "renewal.waive.enough"
	if w.Least {
		key = "renewal.waive.least"
	}
	words := []string{s.t(key, "n", w.Count())}
	if w.Count() == 0 {
		words[0] = s.t("renewal.waive.blocks")
	}
	for _, k := range w.Locks {
		key := "renewal.waive.in"
		switch {
		case k.Kind == plottage.LockOut:
			key = "renewal.waive.out"
		case k.Year != 0:
			key = "renewal.waive.in_year"
		}
		words = append(words, "  "+s.t(key, "year", k.Year, "parcels", strings.Join(k.Parcels, s.t("renewal.comma"))))
	}
	for _, b := range w.Signed {
		words = append(words, "  "+s.t("renewal.waive.signed", "year", b.Year, "parcels", strings.Join(b.Lots, s.t("renewal.comma"))))
	}
	area := 0.0
	for i := range w.Plan.Blocks {
		area += w.Plan.Blocks[i].AreaM2
	}
	return append(words, s.t("renewal.waive.plan", "value", s.Style.Money(w.Plan.Value), "n", len(w.Plan.Blocks), "area", s.Style.Area(area)))
}

// Row puts the name of a row in words: "money:2027", "decant:2027", "power:T1:2027".
func (s Speaker) Row(name string) string {
	parts := strings.Split(name, ":")
	when := parts[len(parts)-1]
	if year, ok := strings.CutPrefix(when, "<="); ok {
		when = s.t("renewal.row.up_to", "year", year)
	}
	switch parts[0] {
	case "floor":
		if class := s.Class(parts[1:]); class != "" {
			return s.t("renewal.row.floor", "class", class)
		}
		return s.t("renewal.row.floor_any")
	case "owner":
		return s.t("renewal.row.owner", "owner", strings.Join(parts[1:len(parts)-1], ":"))
	case "power", "town":
		return s.t("renewal.row."+parts[0], "town", s.Town(parts[1]), "when", when)
	}
	return s.t("renewal.row."+parts[0], "when", when)
}

// Class puts town, stage and grade in words, those that are stated.
func (s Speaker) Class(parts []string) string {
	var words []string
	for i, part := range parts {
		switch {
		case part == "":
		case i == 0:
			words = append(words, s.Town(part))
		case part == "idle":
			words = append(words, s.t("land.queue.idle"))
		case i == 1:
			words = append(words, s.t("land.stage."+part))
		default:
			words = append(words, s.t("renewal.grade", "grade", part))
		}
	}
	return strings.Join(words, " · ")
}
