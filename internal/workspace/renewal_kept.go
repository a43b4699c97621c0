package workspace

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/renewal"
)

// surroundings writes the parcels that may be kept inside blocks and those that blocks
// may not enclose, as the contiguity rule of the clusters has them.
func (b *builder) surroundings(ctx context.Context, c *City, p *renewal.Problem, rule plottage.ContiguityRule) error {
	if !(b.o.MaxKept >= 0 && b.o.MaxKept <= 1) {
		return optionError("max_kept", fmt.Sprint(b.o.MaxKept))
	}
	p.Block.MaxKeptPPM = int64(math.Round(b.o.MaxKept * 1e6))
	allowed := map[string]bool{}
	for _, id := range b.o.Enclaves {
		if id != "all" && b.parcels[id] == nil {
			return optionError("enclaves", id)
		}
		allowed[id] = true
	}
	if b.o.MaxKept == 0 && allowed["all"] {
		return nil
	}
	ways, err := c.Ways(ctx)
	if err != nil {
		return err
	}
	isLot := map[string]bool{}
	for i := range p.Lots {
		isLot[p.Lots[i].ID] = true
	}
	candidate := make([]bool, len(b.all))
	for i := range b.all {
		candidate[i] = isLot[b.all[i].ID]
	}
	around, err := land.Surround(ctx, b.all, candidate, ways, rule)
	if err != nil {
		return err
	}
	closed := map[string]land.Closed{}
	if !allowed["all"] {
		for _, k := range around.Closed {
			closed[k.Parcel] = k
		}
	}
	if b.o.MaxKept > 0 {
		b.bridges(p, around.Links, isLot, closed)
	}
	b.pockets(p, closed, isLot, allowed)
	return nil
}

// bridges writes the parcels that a block can need: those that hold lots of their town
// together which are not linked to one another, and those that could be enclosed.
// What is larger than any block may keep, or locked out, is left out. Two bridges are
// linked to one another only where both could be enclosed.
func (b *builder) bridges(p *renewal.Problem, links []plottage.Link, isLot map[string]bool, closed map[string]land.Closed) {
	linked := map[[2]string]bool{}
	for _, l := range p.Links {
		linked[[2]string{l.A, l.B}], linked[[2]string{l.B, l.A}] = true, true
	}
	lots := map[string][]string{} // by parcel that is no lot
	for _, l := range links {
		for _, pair := range [][2]string{{l.A, l.B}, {l.B, l.A}} {
			if q := b.parcels[pair[0]]; !isLot[pair[0]] && isLot[pair[1]] && q.Town == b.parcels[pair[1]].Town {
				lots[pair[0]] = append(lots[pair[0]], pair[1])
			}
		}
	}
	most := float64(p.Block.MaxAreaM2) * b.o.MaxKept
	isBridge := map[string]bool{}
	for i := range b.all {
		q := &b.all[i]
		_, pocket := closed[q.ID]
		if isLot[q.ID] || b.lockedOut[q.ID] || q.AreaM2 < 1 || q.AreaM2 > most || !pocket && !parted(lots[q.ID], linked) {
			continue
		}
		isBridge[q.ID] = true
		b.bridge(p, q)
	}
	for _, l := range links {
		_, a := closed[l.A]
		_, z := closed[l.B]
		if (isBridge[l.A] || isLot[l.A]) && (isBridge[l.B] || isLot[l.B]) && (isLot[l.A] != isLot[l.B] || isBridge[l.A] && a && z) {
			p.Links = append(p.Links, renewal.Link{A: l.A, B: l.B, SharedCM: int64(math.Round(l.SharedM * 100))})
		}
	}
}

// bridge adds a parcel to those that may be kept.
func (b *builder) bridge(p *renewal.Problem, q *plottage.Parcel) {
	p.Bridges = append(p.Bridges, renewal.Bridge{ID: q.ID, Town: q.Town, AreaM2: max(1, whole(q.AreaM2)), PerimeterCM: whole(perimeterM(q.Geometry) * 100)})
}

// parted reports whether two of the lots are not linked to one another.
func parted(lots []string, linked map[[2]string]bool) bool {
	for n, a := range lots {
		for _, z := range lots[:n] {
			if !linked[[2]string{a, z}] {
				return true
			}
		}
	}
	return false
}

// pockets writes the closed parcels that have no way out but across lots and bridges.
func (b *builder) pockets(p *renewal.Problem, closed map[string]land.Closed, isLot, allowed map[string]bool) {
	wall := map[string]bool{}
	for id := range isLot {
		wall[id] = true
	}
	for i := range p.Bridges {
		wall[p.Bridges[i].ID] = true
	}
	for open := true; open; {
		open = false
		for id, k := range closed {
			if slices.ContainsFunc(k.Beside, func(id string) bool { _, pocket := closed[id]; return !wall[id] && !pocket }) {
				delete(closed, id)
				open = true
			}
		}
	}
	for i := range b.all {
		if k, ok := closed[b.all[i].ID]; ok {
			p.Pockets = append(p.Pockets, renewal.Pocket{Parcel: k.Parcel, Beside: k.Beside, Allowed: allowed[k.Parcel]})
		}
	}
}

// holds makes sure that the parcels kept in a signed block are among the bridges. It
// reports false when one of them is no parcel that can be kept.
func (b *builder) holds(p *renewal.Problem, k *plottage.Block) bool {
	for _, id := range k.Kept {
		if slices.ContainsFunc(p.Bridges, func(x renewal.Bridge) bool { return x.ID == id }) {
			continue
		}
		q := b.parcels[id]
		if q == nil || slices.ContainsFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id }) {
			return false
		}
		b.bridge(p, q)
	}
	return true
}
