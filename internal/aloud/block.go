package aloud

import (
	"strings"

	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// mostLimits is how many limits a block is said to press on.
const mostLimits = 3

// Block tells of one block of a plan: which it is, what it brings and costs, which
// limits it presses on, why this year and way of building, what leaving it out would
// cost, and what becomes of its firms.
func (s Speaker) Block(b workspace.BlockReasons) []string {
	words := append([]string{s.whichBlock(b)}, s.worth(b)...)
	words = append(words, s.presses(b)...)
	words = append(words, s.otherwise(b)...)
	return append(words, s.without(b), s.leaving(b), s.blockFirms(b))
}

func (s Speaker) whichBlock(b workspace.BlockReasons) string {
	k, where := &b.Stands, ""
	if town := b.Town.In(s.Style.Lang); town != "" {
		where = s.say("in_town", "town", town)
	}
	key := "block.is"
	switch {
	case len(k.Parcels) == 1:
		key = "block.is_alone"
	case b.Bridged:
		key = "block.is_bridged"
	case b.Pieces > 1:
		key = "block.is_across"
	}
	return s.say(key, "block", k.ID, "where", where, "n", len(k.Parcels), "area", s.Style.Area(k.AreaM2), "mode", s.say("mode."+k.Mode), "year", k.Year, "ready", k.Ready,
		"pieces", b.Pieces, "kept", len(k.Kept))
}

// worth says what the block brings and costs, and why it is in when that is not why.
func (s Speaker) worth(b workspace.BlockReasons) []string {
	var brings, costs []string
	projects, gain := 0, int64(0)
	for _, part := range b.Parts {
		switch {
		case part.Kind == renewal.PartProject:
			projects, gain = projects+1, gain+part.Value
		case part.Amount < 0:
			costs = append(costs, s.say("block.part."+string(part.Kind), "amount", s.money(-part.Value), "from", part.From))
		default:
			brings = append(brings, s.say("block.part."+string(part.Kind), "amount", s.money(part.Value), "from", part.From))
		}
	}
	if projects > 0 {
		brings = append(brings, s.say("block.part.project", "amount", s.money(gain), "n", projects))
	}
	list := func(words []string) string {
		if len(words) == 0 {
			return s.say("block.nothing")
		}
		return strings.Join(words, s.say("block.and"))
	}
	first := 0
	if len(b.Years) > 0 {
		first = b.Years[0]
	}
	words := []string{s.say("block.worth", "first", first, "until", b.Until, "brings", list(brings), "costs", list(costs))}
	switch {
	case b.Value > 0:
		words = append(words, s.say("block.adds", "value", s.money(b.Value)))
	case b.Value < 0:
		words = append(words, s.say("block.loses", "loss", s.money(-b.Value)))
	default:
		words = append(words, s.say("block.even"))
	}
	switch {
	case b.Reason == renewal.Signed:
		words = append(words, s.say("block.signed"))
	case b.Reason == renewal.LockedIn:
		words = append(words, s.say("block.locked_in"))
	case b.Value <= 0:
		words = append(words, s.say("block.needed"))
	}
	return words
}

func (s Speaker) money(v int64) string { return s.Style.Money(float64(v)) }

func (s Speaker) presses(b workspace.BlockReasons) []string {
	var words []string
	told := map[string]bool{} // kinds of limits: of the same in several years the dearest
	for _, u := range b.Uses {
		kind, _, _ := strings.Cut(u.Row, ":")
		if u.Presses() && !told[kind] && len(words) < mostLimits {
			told[kind] = true
			words = append(words, s.say("block.presses", "limit", s.limit(u.Row), "used", s.Amount(u.Row, u.Used), "allowed", s.Amount(u.Row, u.Limit), "left", s.Amount(u.Row, max(0, u.Limit-u.Planned))))
		}
	}
	if len(words) == 0 {
		words = append(words, s.say("block.at_ease"))
	}
	return words
}

// otherwise says why this year and way of building: the next best that the rules admit,
// and what would be better were it not for a rule.
func (s Speaker) otherwise(b workspace.BlockReasons) []string {
	var words []string
	if c := b.Barred(); c != nil {
		words = append(words, s.say("block.barred", "other", s.start(c), "gain", s.money(c.Change), "why", s.Rule(c.Broken[0])))
	}
	next := b.Next()
	switch {
	case len(b.Others) == 0:
		return append(words, s.say("block.no_other"))
	case next == nil:
		return append(words, s.say("block.none_keeps", "n", len(b.Others)))
	case next.Change > 0:
		return append(words, s.say("block.better", "other", s.start(next), "gain", s.money(next.Change)))
	case next.Change == 0:
		return append(words, s.say("block.same", "other", s.start(next)))
	}
	return append(words, s.say("block.next", "other", s.start(next), "loss", s.money(-next.Change)))
}

// start names a year and a way of building.
func (s Speaker) start(c *renewal.Changed) string {
	return s.say("block.start", "year", c.Year, "mode", s.say("mode."+c.Mode))
}

// Rule says in a clause which rule is in the way of a change.
func (s Speaker) Rule(k renewal.Broken) string {
	switch k.Rule {
	case "row":
		key, by := "block.rule.row", k.Got-k.Want
		if by < 0 {
			key, by = "block.rule.row_least", -by
		}
		return s.say(key, "limit", s.limit(k.Object), "by", s.Amount(k.Object, by), "want", s.Amount(k.Object, k.Want))
	case "locked_in", "locked_out", "locked_year":
		return s.say("block.rule.locked")
	case "firm_without_place", "no_room":
		return s.say("block.rule.firms")
	case "signed", "owner_split", "anchor", "not_compact":
		return s.say("block.rule." + k.Rule)
	case "project_year", "project_misfit", "overfull":
		return s.say("block.rule.projects")
	}
	return s.say("block.rule.other")
}

// without says what the plan is worth without the block, all other blocks as they stand.
func (s Speaker) without(b workspace.BlockReasons) string {
	c := &b.Dropped
	key, amount := "block.dropped", -c.Change
	if c.Change > 0 {
		key, amount = "block.dropped_gains", c.Change
	}
	words := s.say(key, "amount", s.money(amount))
	if n := len(c.Landless); n > 0 {
		words += s.say("block.landless", "n", n)
	}
	if len(c.Broken) > 0 {
		words += s.say("block.dropped_breaks", "why", s.Rule(c.Broken[0]))
	}
	return words + s.say("block.stop")
}

// leaving says what is proven of leaving the land out, whatever is done instead.
func (s Speaker) leaving(b workspace.BlockReasons) string {
	switch {
	case b.Reason == renewal.Signed || b.Reason == renewal.LockedIn:
		return s.say("price.locked")
	case b.Dropping > 0:
		return s.say("block.dropping", "amount", s.money(b.Dropping))
	}
	return s.say("block.dropping_open")
}

func (s Speaker) blockFirms(b workspace.BlockReasons) string {
	n := len(b.Stands.DisplacedFirms)
	args := []any{"n", n, "year", b.Stands.Year, "floor", s.Style.Floor(b.FloorM2), "left", s.Style.Floor(b.FloorM2 - b.PlacedM2)}
	switch {
	case b.Stays:
		return s.say("firms.stay")
	case n == 0:
		return s.say("block.firms.none")
	case !b.Decant:
		return s.say("block.firms.not_sought", args...)
	case b.PlacedM2 < b.FloorM2:
		return s.say("block.firms.no_place", args...)
	}
	return s.say("block.firms.placed", args...)
}
