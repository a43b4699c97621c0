package land

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/plottage/plottage"
)

//go:embed packs/*.yaml
var packFiles embed.FS

// Builtin returns the packs that come with the program, by id and version. Do not
// change them.
func Builtin() []*Pack { return slices.Clone(builtin()) }

var builtin = sync.OnceValue(func() []*Pack {
	names, err := fs.Glob(packFiles, "packs/*.yaml")
	if err != nil {
		panic("land: " + err.Error())
	}
	var packs []*Pack
	for _, name := range names {
		b, err := packFiles.ReadFile(name)
		if err != nil {
			panic("land: " + err.Error())
		}
		p, err := Load(b)
		if err != nil {
			panic("land: " + name + ": " + err.Error()) // embedded at build time; a test reads all of it
		}
		packs = append(packs, p)
	}
	slices.SortFunc(packs, byRef)
	return packs
})

func byRef(a, b *Pack) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(string(a.InForce.From), string(b.InForce.From)), strings.Compare(a.Version, b.Version))
}

// Choose returns the pack that ref names, "id" or "id@version". Of the versions of
// an id it takes the one in force on the day, the latest to come into force where
// several are. A version that is named is taken whether or not it is in force. The
// error is a [plottage.Error] that names what there is.
func Choose(packs []*Pack, ref string, day plottage.Date) (*Pack, error) {
	id, version, exact := strings.Cut(ref, "@")
	var best, other *Pack
	for _, p := range packs {
		switch {
		case p.ID != id || exact && p.Version != version:
		case !exact && !p.InForce.Holds(day):
			other = p
		case best == nil || byRef(best, p) < 0:
			best = p
		}
	}
	if best != nil {
		return best, nil
	}
	if other != nil {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "land_pack_not_in_force", Args: map[string]any{
			"pack": other.Ref(), "day": day, "from": cmp.Or(other.InForce.From, "…"), "to": cmp.Or(other.InForce.To, "…")}}
	}
	var names []string
	for _, p := range packs {
		if !slices.Contains(names, p.ID) {
			names = append(names, p.ID)
		}
	}
	return nil, &plottage.Error{Code: plottage.NotFound, Key: "land_pack_unknown",
		Args: map[string]any{"pack": ref, "names": strings.Join(names, ", ")}}
}

// Versions lists the packs of an id as "id@version", the latest to come into force
// first.
func Versions(packs []*Pack, id string) []string {
	var same []*Pack
	for _, p := range packs {
		if p.ID == id {
			same = append(same, p)
		}
	}
	slices.SortFunc(same, func(a, b *Pack) int { return byRef(b, a) })
	refs := make([]string, len(same))
	for i, p := range same {
		refs[i] = p.Ref()
	}
	return refs
}
