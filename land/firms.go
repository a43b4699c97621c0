package land

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// use is a firm on a parcel with the share of the firm's figures it brings.
type use struct {
	firm   int // index into Facts.Firms; -1 when the register lacks it
	tenant bool
	size   float64 // land or floor, to find the main user
	share  float64 // of the firm's figures, 0..1
}

// users lists the firms of every parcel.
type users struct {
	known bool // the city keeps who uses which parcel
	of    [][]use
}

// usersOf reads the holdings once. A firm's figures are divided over its parcels by
// land where all its holdings state it, else by floor area, else by the parcels'
// area, else evenly (docs/method/land.md#firms).
func (b *builder) usersOf() *users {
	if b.users != nil {
		return b.users
	}
	u := &users{of: make([][]use, len(b.facts.Parcels))}
	b.users = u
	if b.withheld["holding.firm"] || b.withheld["holding.parcel"] {
		return u
	}
	u.known = len(b.facts.Holdings) > 0
	parcel := index(b.facts.Parcels, func(p *plottage.Parcel) string { return p.ID })
	firm := index(b.facts.Firms, func(f *plottage.Firm) string { return f.ID })
	byFirm := map[string][]plottage.Holding{}
	var order []string
	for _, h := range b.facts.Holdings {
		if _, ok := parcel[h.Parcel]; !ok {
			continue
		}
		if byFirm[h.Firm] == nil {
			order = append(order, h.Firm)
		}
		byFirm[h.Firm] = append(byFirm[h.Firm], b.permitted(h))
	}
	for _, id := range order {
		fi, ok := firm[id]
		if !ok {
			fi = -1
		}
		hs := byFirm[id]
		for k, share := range b.shares(hs, parcel) {
			h := hs[k]
			i := parcel[h.Parcel]
			u.of[i] = append(u.of[i], use{firm: fi, tenant: h.Tenant, size: h.LandM2.Or(h.FloorM2.Or(0)), share: share})
		}
	}
	return u
}

// permitted blanks what of a holding may not be read.
func (b *builder) permitted(h plottage.Holding) plottage.Holding {
	if b.withheld["holding.land_m2"] {
		h.LandM2 = plottage.Opt[float64]{}
	}
	if b.withheld["holding.floor_m2"] {
		h.FloorM2 = plottage.Opt[float64]{}
	}
	if b.withheld["holding.tenant"] {
		h.Tenant = false
	}
	return h
}

func index[T any](all []T, id func(*T) string) map[string]int {
	m := make(map[string]int, len(all))
	for i := range all {
		m[id(&all[i])] = i
	}
	return m
}

func (b *builder) shares(hs []plottage.Holding, parcel map[string]int) []float64 {
	sizes := []func(plottage.Holding) (float64, bool){
		func(h plottage.Holding) (float64, bool) { return h.LandM2.V, h.LandM2.Known },
		func(h plottage.Holding) (float64, bool) { return h.FloorM2.V, h.FloorM2.Known },
		func(h plottage.Holding) (float64, bool) {
			return b.facts.Parcels[parcel[h.Parcel]].AreaM2, !b.withheld["parcel.geometry"] && !b.withheld["parcel.area_m2"]
		},
		func(plottage.Holding) (float64, bool) { return 1, true },
	}
	for _, size := range sizes {
		if s, ok := divide(hs, size); ok {
			return s
		}
	}
	return nil
}

func divide(hs []plottage.Holding, size func(plottage.Holding) (float64, bool)) ([]float64, bool) {
	s, total := make([]float64, len(hs)), 0.0
	for k, h := range hs {
		v, ok := size(h)
		if !ok || v < 0 || !finite(v) {
			return nil, false
		}
		s[k] = v
		total += v
	}
	for k := range s {
		s[k] /= total
	}
	return s, total > 0
}

// count counts the firms of each parcel, or only its tenants.
func (b *builder) count(c *Column, tenants bool) {
	u := b.usersOf()
	for i := range c.State {
		switch {
		case b.withheld["holding.firm"] || b.withheld["holding.parcel"] || tenants && b.withheld["holding.tenant"]:
			c.State[i] = Withheld
		case u.known:
			n := 0
			for _, use := range u.of[i] {
				if use.tenant || !tenants {
					n++
				}
			}
			c.setNum(i, float64(n))
		}
	}
}

// main returns the landholder with the largest share, or with tenants too the
// largest user where nobody holds the land; nil when there is none.
func (b *builder) main(i int, tenantsToo bool) *plottage.Firm {
	if b.withheld["holding.tenant"] {
		return nil // who holds and who rents may not be read
	}
	var best *use
	uses := b.usersOf().of[i]
	for k := range uses {
		use := &uses[k]
		if use.firm < 0 || use.tenant && !tenantsToo {
			continue
		}
		if best == nil || b.before(use, best) {
			best = use
		}
	}
	if best == nil {
		return nil
	}
	return &b.facts.Firms[best.firm]
}

func (b *builder) before(x, y *use) bool {
	if x.tenant != y.tenant {
		return !x.tenant
	}
	return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(b.facts.Firms[x.firm].ID, b.facts.Firms[y.firm].ID)) < 0
}

// fromMain fills a column from a field of the main user.
func (b *builder) fromMain(c *Column, field string, tenantsToo bool, get func(*plottage.Firm) any) {
	held := slices.ContainsFunc([]string{"holding.firm", "holding.parcel", "holding.tenant", field},
		func(w string) bool { return b.withheld[w] })
	for i := range c.State {
		if c.State[i] == Known {
			continue
		}
		if held {
			c.State[i] = Withheld
		} else if f := b.main(i, tenantsToo); f != nil {
			c.set(i, get(f))
		}
	}
}

// class is the grade the source gives the parcel, else the class of its landholder.
// A tenant's class never counts: tenants inherit the landholder's (Jiangshan 2023).
func class(b *builder, c *Column) {
	grade := b.column("grade")
	for i := range c.State {
		if grade.State[i] == Known {
			c.set(i, grade.Text[i])
		}
	}
	b.fromMain(c, "firm.class", false, func(f *plottage.Firm) any { return text(f.Class) })
}

func industry(b *builder, c *Column) {
	b.fromMain(c, "firm.industry", true, func(f *plottage.Firm) any { return text(f.Industry) })
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func monthsSinceFirm(b *builder, c *Column) {
	b.fromMain(c, "firm.since", true, func(f *plottage.Firm) any {
		if n, ok := FullMonths(f.Since, b.reading.AsOf); ok {
			return n
		}
		return nil
	})
}
