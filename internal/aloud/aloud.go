// Package aloud puts a plan's reasons in sentences that a planner can read to the owner
// of a firm: whole sentences, figures with their units, no codes; in Chinese and English.
// The command line and the screens say the same by it.
//
// The words are keys "renewal.aloud.…" of the locale catalogue.
package aloud

import (
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
	"github.com/plottage/plottage/renewal"
)

// Speaker writes in a language and with the figures of a city.
type Speaker struct {
	Style figure.Style
	Town  func(id string) string // name of a town
}

func (s Speaker) t(key string, args ...any) string {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return locale.T(s.Style.Lang, key, m)
}

func (s Speaker) say(key string, args ...any) string { return s.t("renewal.aloud."+key, args...) }

// Parcel tells of one parcel: which it is, what the plan does, why, what deciding
// otherwise would cost, the one thing that would change it, what becomes of its firms,
// and what the owner can do.
func (s Speaker) Parcel(t workspace.Told) []string {
	if t.Why.Reason == renewal.KeptInside {
		return s.keptInside(t)
	}
	words := []string{s.which(t), s.decision(t)}
	if len(t.Buildings) > 0 {
		words = append(words, s.buildings(t.Why.Lot, t.Buildings))
	}
	words = append(words, s.reason(t)...)
	if n := len(t.Why.Whole); n > 0 && t.Why.Reason != renewal.OwnerWhole {
		key := "whole_out"
		if t.Block != nil {
			key = "whole_in"
		}
		words = append(words, s.say(key, "n", n+1))
	}
	words = append(words, s.price(t), s.flip(t))
	words = append(words, s.firms(t)...)
	return append(words, s.next(t))
}

// keptInside tells of a parcel that stays inside a block.
func (s Speaker) keptInside(t workspace.Told) []string {
	b, key := t.Block, "kept_enclosed"
	if t.Joins {
		key = "kept_joins"
	}
	return []string{s.which(t), s.say("kept", "block", b.ID, "n", len(b.Parcels), "area", s.Style.Area(b.AreaM2), "mode", s.say("mode."+b.Mode), "year", b.Year, "ready", b.Ready),
		s.say(key), s.say("firms.out"), s.say("next.kept")}
}

func (s Speaker) which(t workspace.Told) string {
	where := ""
	if town := t.Town.In(s.Style.Lang); town != "" {
		where = s.say("in_town", "town", town)
	}
	args := []any{"parcel", t.Why.Lot, "where", where, "area", s.Style.Area(t.AreaM2), "name", t.Name, "owner", t.Owner}
	switch {
	case t.Name != "" && t.Name != t.Why.Lot:
		return s.say("named", args...)
	case t.Owner != "":
		return s.say("owned", args...)
	}
	return s.say("numbered", args...)
}

func (s Speaker) decision(t workspace.Told) string {
	b := t.Block
	if b == nil {
		return s.say("out")
	}
	key := "in"
	if len(b.Parcels) == 1 {
		key = "in_alone"
	}
	return s.say(key, "n", len(b.Parcels), "area", s.Style.Area(b.AreaM2), "mode", s.say("mode."+b.Mode), "year", b.Year, "ready", b.Ready)
}

func (s Speaker) buildings(parcel string, all []plottage.Handled) string {
	var words []string
	for _, h := range all {
		words = append(words, s.say("building", "building", h.ShortIn(parcel), "what", s.t("renewal.handling."+string(h.What))))
	}
	return s.say("buildings", "list", strings.Join(words, s.t("renewal.comma")))
}

func (s Speaker) reason(t workspace.Told) []string {
	w := t.Why
	money := func(v int64) string { return s.Style.Money(float64(v)) }
	switch {
	case w.Reason == renewal.LockedIn, w.Reason == renewal.Signed:
		return []string{s.say("why." + string(w.Reason))}
	case t.Block != nil && t.Block.Value > 0:
		return []string{s.say("why.chosen", "value", s.Style.Money(t.Block.Value), "until", t.Until)}
	case t.Block != nil && t.Locked:
		return []string{s.say("why.with_locked", "loss", s.Style.Money(-t.Block.Value))}
	case t.Block != nil:
		return []string{s.say("why.needed", "loss", s.Style.Money(-t.Block.Value))}
	case w.Reason == renewal.OwnerWhole:
		return []string{s.say("why.owner_whole", "parcels", s.parcels(w.Stuck), "n", len(w.Stuck))}
	}
	key := "best"
	if len(w.Best) == 1 {
		key = "best_alone"
	}
	best := s.say(key, "n", len(w.Best), "area", s.Style.Area(float64(t.BestM2)), "year", w.Year, "mode", s.say("mode."+w.Mode))
	args := []any{"linked", s.Style.Area(float64(w.Linked)), "least", s.Style.Area(float64(t.LeastM2)), "best", best, "value", money(w.Value), "loss", money(-w.Value),
		"price", money(w.Price)}
	words := []string{s.say("why."+string(w.Reason), args...)}
	// What ties land together is no limit that could be used elsewhere.
	i := slices.IndexFunc(w.Prices, func(c renewal.Charge) bool { return !tied(c.Row) })
	if w.Reason == renewal.PricedOut && i >= 0 && w.Prices[i].Amount > 0 {
		c := w.Prices[i]
		words = append(words, s.say("why.dearest", "limit", s.limit(c.Row), "used", s.Amount(c.Row, c.Used), "amount", money(c.Amount)))
	}
	return words
}

// tied reports whether a charge stands for land that has to be in, or in together.
func tied(row string) bool { return row == "locks" || strings.HasPrefix(row, "owner:") }

// Charge says what a block's use of a limit is worth elsewhere.
func (s Speaker) Charge(c renewal.Charge) string {
	if tied(c.Row) {
		return s.t("renewal.why.tied", "row", s.Row(c.Row), "amount", s.Style.Money(float64(c.Amount)))
	}
	return s.t("renewal.why.charge", "row", s.Row(c.Row), "used", s.Amount(c.Row, c.Used), "amount", s.Style.Money(float64(c.Amount)))
}

// price says what deciding the parcel otherwise costs, as far as it is proven.
func (s Speaker) price(t workspace.Told) string {
	w := t.Why
	switch {
	case w.Reason == renewal.LockedOut, w.Reason == renewal.LockedIn, w.Reason == renewal.Signed:
		return s.say("price.locked")
	case w.Reason == renewal.TooAlone, w.Reason == renewal.NoBlock, w.Reason == renewal.OwnerWhole:
		return s.say("price.impossible")
	case t.Forced != nil:
		key := "price.between_"
		if t.Forced.Exact {
			key = "price.exact_"
		}
		money := func(v int64) string { return s.Style.Money(float64(v)) }
		return s.say(key+string(t.Forced.Kind), "cost", money(t.Forced.Cost), "least", money(t.Forced.Least), "most", money(t.Forced.Most))
	case w.In && w.Dropping > 0:
		return s.say("price.dropping", "amount", s.Style.Money(float64(w.Dropping)))
	case !w.In && w.Forcing > 0:
		return s.say("price.forcing", "amount", s.Style.Money(float64(w.Forcing)))
	}
	return s.say("price.open")
}

// flip names the single fact that would decide the parcel the other way. A plan with the
// parcel loses at least Forcing, one without it at least Dropping: a smaller change of
// what the parcel brings decides nothing. Of what it costs that cannot be said: costs take
// of the caps too.
func (s Speaker) flip(t workspace.Told) string {
	w := t.Why
	money := func(v int64) string { return s.Style.Money(float64(v)) }
	switch {
	case w.Reason == renewal.LockedOut, w.Reason == renewal.LockedIn:
		return s.say("flip.locked")
	case w.Reason == renewal.Signed:
		return s.say("flip.signed")
	case w.Reason == renewal.OwnerWhole:
		return s.say("flip.owner_whole", "n", len(w.Stuck))
	case w.Reason == renewal.TooAlone:
		return s.say("flip.too_alone", "short", s.Style.Area(float64(t.LeastM2-w.Linked)))
	case w.Reason == renewal.NoBlock:
		return s.say("flip.no_block")
	case t.Forced != nil && slices.ContainsFunc(t.Forced.Flips, confirmed):
		x := t.Forced.Flips[slices.IndexFunc(t.Forced.Flips, confirmed)]
		row := ""
		now, to := s.Style.MoneyApart(float64(x.Now), float64(x.To))
		if x.Fact == "cap" {
			row, now, to = s.limit(x.Row), s.Amount(x.Row, x.Now), s.Amount(x.Row, x.To)
		}
		return s.say("flip.worked_out", "fact", s.t("study.flip."+x.Fact, "row", row, "now", now, "to", to))
	case w.In && w.Dropping > 0:
		return s.say("flip.in", "amount", money(w.Dropping), "until", t.Until)
	case w.In:
		return s.say("flip.in_open")
	case w.Forcing > 0:
		return s.say("flip.out", "amount", money(w.Forcing), "until", t.Until)
	case w.Net < 0:
		return s.say("flip.about", "amount", money(-w.Net), "until", t.Until)
	}
	return s.say("flip.out_open")
}

func confirmed(x renewal.Flip) bool { return x.Confirmed }

func (s Speaker) firms(t workspace.Told) []string {
	switch {
	case t.Block == nil:
		return []string{s.say("firms.out")}
	case t.Stays:
		return []string{s.say("firms.stay")}
	case t.Spared:
		return []string{s.say("firms.kept")}
	case len(t.Firms) == 0:
		return []string{s.say("firms.none")}
	}
	var words []string
	for i := range t.Firms {
		words = append(words, s.firm(t, &t.Firms[i])...)
	}
	return words
}

func (s Speaker) firm(t workspace.Told, d *workspace.DisplacedFirm) []string {
	name := d.Name
	if name == d.Firm {
		name = s.say("firms.unnamed", "firm", d.Firm)
	}
	args := []any{"firm", name, "year", d.Year, "notice", s.day(d.Notice), "floor", s.Style.Floor(d.FloorM2), "cost", s.Style.Money(d.Cost)}
	key := "firm.moves"
	if d.Notice < t.Today {
		key += "_short"
	}
	if d.FloorM2 == 0 {
		key += "_bare"
	}
	words := []string{s.say(key, args...)}
	for _, p := range d.Places {
		kind, id, _ := strings.Cut(p.To, ":")
		to := s.say("to." + kind)
		if kind == "town" {
			to = s.say("to.town", "town", s.Town(id))
		}
		words = append(words, s.say("firm.place", "firm", name, "to", to, "floor", s.Style.Floor(p.FloorM2), "year", p.Year))
	}
	if left := d.FloorM2 - d.PlacedM2; left > 0 {
		key := "firm.no_place"
		if !t.Decant {
			key = "firm.not_sought"
		}
		words = append(words, s.say(key, "firm", name, "floor", s.Style.Floor(left)))
	}
	var facts []string
	for _, h := range d.Hardship {
		facts = append(facts, s.say("hard."+h.Key, "day", s.day(h.On)))
	}
	if len(facts) > 0 {
		words = append(words, s.say("firm.hard", "firm", name, "facts", strings.Join(facts, s.t("renewal.comma"))))
	}
	return words
}

// next says what the owner can do.
func (s Speaker) next(t workspace.Told) string {
	switch {
	case t.Block == nil:
		return s.say("next.out")
	case len(t.Firms) > 0 && t.Firms[0].Notice < t.Today:
		return s.say("next.firms_short")
	case len(t.Firms) > 0:
		return s.say("next.firms", "notice", s.day(t.Firms[0].Notice))
	}
	return s.say("next.in")
}

// limit names a limit: "money:2027", "power:T1:2027", "demolition:<=2029".
func (s Speaker) limit(row string) string {
	parts := strings.Split(row, ":")
	when := parts[len(parts)-1]
	if year, ok := strings.CutPrefix(when, "<="); ok {
		when = s.say("limit.up_to", "year", year)
	} else {
		when = s.say("limit.in", "year", when)
	}
	switch parts[0] {
	case "money", "demolition", "relocation", "decant", "fund":
		return s.say("limit."+parts[0], "when", when)
	case "power", "town":
		return s.say("limit."+parts[0], "town", s.Town(parts[1]), "when", when)
	case "floor", "change":
		return s.say("limit." + parts[0])
	}
	return s.say("limit.other")
}

// Amount writes what a limit counts: money, workers, power, land or floor.
func (s Speaker) Amount(row string, v int64) string {
	kind, _, _ := strings.Cut(row, ":")
	switch kind {
	case "money", "fund":
		return s.Style.Money(float64(v))
	case "owner", "locks":
		return s.t("renewal.amount.parcels", "n", s.Style.Count(int(v)))
	case "relocation":
		return s.t("renewal.amount.workers", "n", s.Style.Count(int(v)))
	case "power":
		return s.t("renewal.amount.mw", "n", figure.Digits(float64(v)/1000, 3))
	case "town", "floor", "change":
		return s.Style.Area(float64(v))
	}
	return s.Style.Floor(float64(v))
}

// day writes a date as it is spoken.
func (s Speaker) day(iso string) string {
	d := plottage.Date(iso)
	switch {
	case len(iso) < len("2027-01-01") || !d.Known():
		return iso
	case s.Style.Lang == "zh":
		return d.Time().Format("2006年1月2日")
	}
	return d.Time().Format("2 January 2006")
}
