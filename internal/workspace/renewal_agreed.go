package workspace

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// agreements writes what binds a plan beyond caps: floors by class, owners who are not
// split, anchors, signed blocks, the plan approved last.
func (b *builder) agreements(ctx context.Context, c *City, p *renewal.Problem) error {
	for _, part := range []func() error{
		func() error { return b.floors(p) },
		func() error { return b.owners(p) },
		func() error { return b.anchors(p) },
		func() error { return b.signed(ctx, c, p) },
		func() error { return b.approved(ctx, c, p) },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// floors reads TOWN/STAGE/GRADE=MU; parts left out or * stand for any.
func (b *builder) floors(p *renewal.Problem) error {
	for _, s := range b.o.Floors {
		class, mu, ok := strings.Cut(s, "=")
		v, err := strconv.ParseFloat(mu, 64)
		parts := strings.Split(class, "/")
		if !ok || err != nil || !(v > 0 && v <= mostMu) || len(parts) > 3 {
			return optionError("floors", s)
		}
		for i := range parts {
			parts[i] = strings.TrimPrefix(strings.TrimSpace(parts[i]), "*")
		}
		parts = append(parts, "", "")
		f := renewal.Floor{Town: parts[0], Stage: parts[1], Grade: parts[2], MinAreaM2: whole(v * plottage.M2PerMu)}
		if !slices.ContainsFunc(p.Lots, func(l renewal.Lot) bool {
			return (f.Town == "" || f.Town == l.Town) && (f.Stage == "" || f.Stage == l.Stage) && (f.Grade == "" || f.Grade == l.Grade)
		}) {
			return &plottage.Error{Code: plottage.Usage, Key: "renewal_floor_none", Args: map[string]any{"value": s, "class": class}}
		}
		p.Floors = append(p.Floors, f)
	}
	return nil
}

// owners reads names, or "all": every owner of more than one lot.
func (b *builder) owners(p *renewal.Problem) error {
	held := map[string]int{}
	for i := range p.Lots {
		held[p.Lots[i].Owner]++
	}
	delete(held, "")
	for _, name := range b.o.WholeOwners {
		if name != "all" {
			if held[name] == 0 {
				return optionError("whole_owners", name)
			}
			p.WholeOwners = append(p.WholeOwners, name)
			continue
		}
		if len(held) == 0 {
			b.note("no_owner_known")
		}
		for owner, n := range held {
			if n > 1 {
				p.WholeOwners = append(p.WholeOwners, owner)
			}
		}
	}
	slices.Sort(p.WholeOwners)
	p.WholeOwners = slices.Compact(p.WholeOwners)
	return nil
}

// anchors reads PROJECT=ANCHOR. A project whose anchor is not planned does not come.
func (b *builder) anchors(p *renewal.Problem) error {
	at := func(id string) int {
		return slices.IndexFunc(p.Projects, func(k renewal.Project) bool { return k.ID == id })
	}
	for _, s := range b.o.After {
		project, anchor, ok := strings.Cut(s, "=")
		k, a := at(project), at(anchor)
		if !ok || k < 0 || a < 0 || k == a || p.Projects[k].After != "" {
			return optionError("after", s)
		}
		p.Projects[k].After = anchor
		chain := []string{project}
		for a >= 0 && p.Projects[a].After != "" && a != k {
			chain = append(chain, p.Projects[a].ID)
			a = at(p.Projects[a].After)
		}
		if a == k {
			return &plottage.Error{Code: plottage.Usage, Key: "renewal_after_circle", Args: map[string]any{"value": s, "projects": strings.Join(append(chain, project), " → ")}}
		}
	}
	return nil
}

// signed reads PLAN/BLOCK or PLAN/YEAR.
func (b *builder) signed(ctx context.Context, c *City, p *renewal.Problem) error {
	taken := map[string]bool{}
	for _, s := range b.o.Signed {
		number, which, ok := strings.Cut(s, "/")
		id, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || id < 1 {
			return optionError("signed", s)
		}
		plan, err := c.Plan(ctx, id)
		if err != nil {
			return err
		}
		found := false
		for i := range plan.Blocks {
			k := &plan.Blocks[i]
			if k.ID != which && strconv.Itoa(k.Year) != which {
				continue
			}
			found = true
			if slices.ContainsFunc(slices.Concat(k.Parcels, k.Kept), func(id string) bool { return taken[id] }) {
				continue // signed by two names
			}
			if !b.stands(p, k, true) || !b.holds(p, k) || slices.ContainsFunc(k.Treated, func(t plottage.Treated) bool { return !b.hasMix(p, t) }) {
				return &plottage.Error{Code: plottage.Usage, Key: "renewal_signed", Args: map[string]any{"plan": id, "block": k.ID}}
			}
			for _, id := range slices.Concat(k.Parcels, k.Kept) {
				taken[id] = true
			}
			p.Signed = append(p.Signed, renewal.Agreed{Lots: k.Parcels, Kept: k.Kept, Mode: k.Mode, Year: k.Year, Treated: k.Treated})
		}
		if !found {
			return optionError("signed", s)
		}
	}
	return nil
}

// stands reports whether a stored block can be named in the problem: its parcels are
// lots and, when it has to start, its mode and year are planned.
func (b *builder) stands(p *renewal.Problem, k *plottage.Block, starts bool) bool {
	if starts && (!slices.Contains(p.Years, k.Year) || !slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == k.Mode })) {
		return false
	}
	town := map[string]bool{}
	for _, id := range k.Parcels {
		i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id })
		if i < 0 {
			return false
		}
		town[p.Lots[i].Town] = true
	}
	return len(town) == 1 || !starts && len(town) > 0
}

// approved holds the plan to a stored one. Blocks from years before the plan's first
// are done; blocks that name parcels which are no candidates any more are left out.
func (b *builder) approved(ctx context.Context, c *City, p *renewal.Problem) error {
	if b.o.Approved <= 0 {
		return nil
	}
	plan, err := c.Plan(ctx, int64(b.o.Approved))
	if err != nil {
		return err
	}
	p.Approved = &renewal.Approved{}
	area := 0.0
	for i := range plan.Blocks {
		k := &plan.Blocks[i]
		if k.Year < p.Years[0] {
			continue
		}
		if !b.stands(p, k, false) {
			b.note("approved_block_gone")
			continue
		}
		area += k.AreaM2
		var held []string
		for _, id := range k.Kept {
			if slices.ContainsFunc(p.Bridges, func(x renewal.Bridge) bool { return x.ID == id }) {
				held = append(held, id)
			}
		}
		p.Approved.Blocks = append(p.Approved.Blocks, renewal.Agreed{Lots: k.Parcels, Kept: held, Mode: k.Mode, Year: k.Year, Treated: k.Treated})
	}
	text := strings.TrimSpace(b.o.MaxChange)
	unit := plottage.M2PerMu
	if head, ok := strings.CutSuffix(text, "%"); ok {
		text, unit = strings.TrimSpace(head), area/100
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0) || v*unit > 1e12 {
		return optionError("max_change", b.o.MaxChange)
	}
	p.Approved.MaxChangeM2 = whole(v * unit)
	return nil
}

// fund writes a revolving fund: what is spent up to each year less what ready blocks
// have brought stays within the money it started with.
func (b *builder) fund(p *renewal.Problem, total int64) error {
	text := strings.TrimSpace(b.o.Fund)
	if text == "" || text == "none" {
		return nil
	}
	v, err := parseAmount("fund", text, total)
	if err != nil {
		return err
	}
	if b.o.FundLag < 0 || b.o.FundLag > 20 {
		return optionError("fund_lag", fmt.Sprint(b.o.FundLag))
	}
	for _, y := range b.years {
		p.Caps = append(p.Caps, renewal.Cap{Resource: renewal.Fund, Year: y, Cumulative: true, LagYears: b.o.FundLag, Limit: v})
	}
	if b.o.Economy.Receipt == 0 {
		b.note("fund_without_receipts")
	}
	return nil
}
