package land

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// Coded is a use code of the city and the land that has it.
type Coded struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"` // what the source calls it, where it does
	Tally
}

// Scope says why a pack applies to no parcel: the codes it is for, by the parameter that
// lists them, and the codes the city has.
type Scope struct {
	Parameter string  `json:"parameter"`
	Wanted    string  `json:"wanted"` // its value, joined by commas
	Uses      []Coded `json:"uses"`   // most land first, at most mostUses
	More      int     `json:"more"`   // further codes
}

// mostUses is how many codes a scope lists.
const mostUses = 12

// Scope compares the codes that a pack is for with those of the parcels. It is nil when
// the pack does not turn on a list of use codes, or no parcel has a code.
func (g *Program) Scope(parcels []plottage.Parcel) *Scope {
	i := slices.IndexFunc(g.Pack.Parameters, func(par Parameter) bool {
		return par.Kind == TextsParameter && strings.Contains(g.Pack.Applies, "(use, "+par.ID+")")
	})
	if i < 0 {
		return nil
	}
	par := g.Pack.Parameters[i]
	s := &Scope{Parameter: par.ID, Wanted: par.format(g.Parameters[par.ID], ",", ""), Uses: usesOf(parcels)}
	if len(s.Uses) == 0 {
		return nil
	}
	s.More = max(len(s.Uses)-mostUses, 0)
	s.Uses = s.Uses[:len(s.Uses)-s.More]
	return s
}

// usesOf counts the parcels' use codes, most land first.
func usesOf(parcels []plottage.Parcel) []Coded {
	at := map[string]int{}
	var all []Coded
	for i := range parcels {
		p := &parcels[i]
		if p.Use == "" {
			continue
		}
		k, ok := at[p.Use]
		if !ok {
			k = len(all)
			at[p.Use], all = k, append(all, Coded{Code: p.Use})
		}
		if all[k].add(p.AreaM2); all[k].Name == "" {
			all[k].Name = p.UseName
		}
	}
	slices.SortStableFunc(all, func(a, b Coded) int { return cmp.Or(cmp.Compare(b.AreaM2, a.AreaM2), cmp.Compare(a.Code, b.Code)) })
	return all
}
