package renewal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/plottage/plottage"
)

// Limits of a Problem document. They keep every sum inside 63 bits and the search
// inside memory; a city of 100,000 candidates stays far below them.
const (
	maxAmount  = 1_000_000_000_000 // money, area, floor, people, of one lot, project or cap row
	maxHorizon = 100
	maxStarts  = 64 // years × modes
	maxLots    = 200_000
	maxCap     = 1_000_000_000_000_000
)

// Canonical returns the problem's stable encoding: every list in the order of its
// ids, one JSON document. Two problems with the same content give the same bytes.
func (p Problem) Canonical() []byte {
	p = p.sorted()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // plain values: cannot fail
	return b.Bytes()
}

// SHA256 returns the hash of the canonical encoding in hexadecimal.
func (p Problem) SHA256() string {
	sum := sha256.Sum256(p.Canonical())
	return hex.EncodeToString(sum[:])
}

func (p Problem) sorted() Problem {
	p.Lots = slices.Clone(p.Lots)
	slices.SortStableFunc(p.Lots, func(a, b Lot) int { return cmp.Compare(a.ID, b.ID) })
	for i := range p.Lots {
		p.Lots[i].Firms = sortedFirms(p.Lots[i].Firms)
		p.Lots[i].Mixes = sortedMixes(p.Lots[i].Mixes)
	}
	p.Links = slices.Clone(p.Links)
	for i, l := range p.Links {
		if l.A > l.B {
			p.Links[i].A, p.Links[i].B = l.B, l.A
		}
	}
	slices.SortStableFunc(p.Links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	p.Bridges = slices.Clone(p.Bridges)
	slices.SortStableFunc(p.Bridges, func(a, b Bridge) int { return cmp.Compare(a.ID, b.ID) })
	p.Pockets = slices.Clone(p.Pockets)
	for i := range p.Pockets {
		p.Pockets[i].Beside = sortedCopy(p.Pockets[i].Beside)
	}
	slices.SortStableFunc(p.Pockets, func(a, b Pocket) int { return cmp.Compare(a.Parcel, b.Parcel) })
	p.Projects = slices.Clone(p.Projects)
	slices.SortStableFunc(p.Projects, func(a, b Project) int { return cmp.Compare(a.ID, b.ID) })
	for i := range p.Projects {
		q := &p.Projects[i]
		q.Modes, q.Towns, q.Misfits = sortedCopy(q.Modes), sortedCopy(q.Towns), sortedCopy(q.Misfits)
	}
	p.Towns = slices.Clone(p.Towns)
	slices.SortStableFunc(p.Towns, func(a, b Town) int { return cmp.Compare(a.ID, b.ID) })
	p.Floors = sortedFloors(p.Floors)
	p.Signed, p.WholeOwners = sortedAgreed(p.Signed), sortedCopy(p.WholeOwners)
	if p.Approved != nil {
		p.Approved = &Approved{sortedAgreed(p.Approved.Blocks), p.Approved.MaxChangeM2}
	}
	p.Caps = slices.Clone(p.Caps)
	slices.SortStableFunc(p.Caps, func(a, b Cap) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Limit, b.Limit))
	})
	p.Locks = slices.Clone(p.Locks)
	slices.SortStableFunc(p.Locks, func(a, b plottage.Lock) int {
		return cmp.Or(cmp.Compare(a.Parcel, b.Parcel), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Year, b.Year))
	})
	return p
}

func sortedFirms(all []Firm) []Firm {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Firm) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func sortedFloors(all []Floor) []Floor {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Floor) int {
		return cmp.Or(cmp.Compare(a.Town, b.Town), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Grade, b.Grade))
	})
	return all
}

func sortedAgreed(all []Agreed) []Agreed {
	all = slices.Clone(all)
	for i := range all {
		all[i].Lots, all[i].Kept, all[i].Treated = sortedCopy(all[i].Lots), sortedCopy(all[i].Kept), sortedTreated(all[i].Treated)
	}
	slices.SortStableFunc(all, func(a, b Agreed) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), slices.Compare(a.Lots, b.Lots), cmp.Compare(a.Mode, b.Mode))
	})
	return all
}

func sortedCopy(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// Validate reports the first thing that makes the document meaningless: a bad
// number, an unknown id, a list of the wrong length. The error is a
// *plottage.Error of code BadInput with the object and the value.
func (p *Problem) Validate() error {
	for _, check := range []func() error{p.checkFrame, p.checkLots, p.checkMixes, p.checkBridges, p.checkLinks, p.checkPockets, p.checkProjects, p.checkTowns, p.checkCaps, p.checkLocks, p.checkFloors, p.checkAgreed} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func bad(object, field string, value any) error {
	return &plottage.Error{Code: plottage.BadInput, Key: "renewal.document",
		Args:  map[string]any{"object": object, "field": field, "value": fmt.Sprint(value)},
		Where: plottage.Where{Layer: object, Field: field, Value: fmt.Sprint(value)}}
}

func amount(v int64) bool { return v >= 0 && v <= maxAmount }

func (p *Problem) checkFrame() error {
	switch {
	case p.Format != Format:
		return bad("problem", "format", p.Format)
	case len(p.Years) == 0:
		return bad("problem", "years", "[]")
	case len(p.Modes) == 0:
		return bad("problem", "modes", "[]")
	case len(p.Years)*len(p.Modes) > maxStarts:
		return bad("problem", "years × modes", len(p.Years)*len(p.Modes))
	case len(p.DiscountPPM) < len(p.Years) || len(p.DiscountPPM) > maxHorizon:
		return bad("problem", "discount_ppm", len(p.DiscountPPM))
	case p.DiscountPPM[0] != 1_000_000:
		return bad("problem", "discount_ppm", p.DiscountPPM[0])
	case p.Block.MinAreaM2 < 1 || p.Block.MaxAreaM2 < p.Block.MinAreaM2 || !amount(p.Block.MaxAreaM2):
		return bad("block", "min_area_m2 … max_area_m2", fmt.Sprint(p.Block.MinAreaM2, " … ", p.Block.MaxAreaM2))
	case p.Block.MinCompactnessPPM < 0 || p.Block.MinCompactnessPPM > 1_000_000:
		return bad("block", "min_compactness_ppm", p.Block.MinCompactnessPPM)
	case p.Block.MaxKeptPPM < 0 || p.Block.MaxKeptPPM > 1_000_000:
		return bad("block", "max_kept_ppm", p.Block.MaxKeptPPM)
	}
	for k, d := range p.DiscountPPM {
		if d < 0 || d > 1_000_000 || k > 0 && d > p.DiscountPPM[k-1] {
			return bad("problem", "discount_ppm", d)
		}
	}
	for t, y := range p.Years {
		if y != p.Years[0]+t || y < 1 || y > 9999 {
			return bad("problem", "years", y)
		}
	}
	names := map[string]bool{}
	for _, m := range p.Modes {
		if m.Name == "" || names[m.Name] {
			return bad("mode", "name", m.Name)
		}
		if m.BuildYears < 0 || m.BuildYears > maxHorizon {
			return bad("mode "+m.Name, "build_years", m.BuildYears)
		}
		names[m.Name] = true
	}
	return nil
}

func (p *Problem) checkLots() error {
	if len(p.Lots) > maxLots {
		return bad("problem", "lots", len(p.Lots))
	}
	ids := map[string]bool{}
	for i := range p.Lots {
		l := &p.Lots[i]
		name := "lot " + l.ID
		switch {
		case l.ID == "" || ids[l.ID]:
			return bad("lot", "id", l.ID)
		case l.AreaM2 < 1 || !amount(l.AreaM2):
			return bad(name, "area_m2", l.AreaM2)
		case !amount(l.PerimeterCM):
			return bad(name, "perimeter_cm", l.PerimeterCM)
		case !amount(l.NowCNY):
			return bad(name, "now", l.NowCNY)
		case !amount(l.Workers):
			return bad(name, "workers", l.Workers)
		case len(l.In) != len(p.Modes):
			return bad(name, "in", len(l.In))
		}
		ids[l.ID] = true
		if err := checkFirms(name, l.Firms); err != nil {
			return err
		}
		if err := p.checkTreatments(name, l.In); err != nil {
			return err
		}
	}
	return nil
}

func checkFirms(name string, all []Firm) error {
	for _, f := range all {
		if f.ID == "" || !amount(f.FloorM2) {
			return bad(name, "firms", fmt.Sprint(f.ID, " ", f.FloorM2))
		}
	}
	return nil
}

func (p *Problem) checkTreatments(name string, all []Treatment) error {
	for m, in := range all {
		if !amount(in.CostCNY) || !amount(in.DemolishedM2) || !amount(in.NewFloorM2) || !amount(in.UsableM2) || !amount(in.AfterCNY) || !amount(in.ReceiptCNY) {
			return bad(name, "in "+p.Modes[m].Name, in)
		}
	}
	return nil
}

func (p *Problem) checkBridges() error {
	if len(p.Lots)+len(p.Bridges) > maxLots {
		return bad("problem", "bridges", len(p.Bridges))
	}
	ids := p.nodeIDs()
	for i := range p.Bridges {
		switch b := &p.Bridges[i]; {
		case b.ID == "" || ids[b.ID] != len(p.Lots)+i: // a lot, or named twice
			return bad("bridge", "id", b.ID)
		case b.AreaM2 < 1 || !amount(b.AreaM2):
			return bad("bridge "+b.ID, "area_m2", b.AreaM2)
		case !amount(b.PerimeterCM):
			return bad("bridge "+b.ID, "perimeter_cm", b.PerimeterCM)
		}
	}
	return nil
}

func (p *Problem) checkPockets() error {
	known := map[string]bool{}
	for id := range p.nodeIDs() {
		known[id] = true
	}
	seen := map[string]bool{}
	for _, k := range p.Pockets {
		if k.Parcel == "" || seen[k.Parcel] {
			return bad("pocket", "parcel", k.Parcel)
		}
		seen[k.Parcel], known[k.Parcel] = true, true
	}
	for _, k := range p.Pockets {
		for _, id := range k.Beside {
			if !known[id] || id == k.Parcel {
				return bad("pocket "+k.Parcel, "beside", id)
			}
		}
	}
	return nil
}

// nodeIDs numbers the lots and after them the bridges: what links join.
func (p *Problem) nodeIDs() map[string]int {
	ids := p.lotIDs()
	for i := range p.Bridges {
		if _, lot := ids[p.Bridges[i].ID]; !lot {
			ids[p.Bridges[i].ID] = len(p.Lots) + i
		}
	}
	return ids
}

func (p *Problem) lotIDs() map[string]int {
	ids := make(map[string]int, len(p.Lots))
	for i := range p.Lots {
		ids[p.Lots[i].ID] = i
	}
	return ids
}

func (p *Problem) checkLinks() error {
	ids := p.nodeIDs()
	seen := make(map[[2]string]bool, len(p.Links))
	for _, l := range p.Links {
		_, a := ids[l.A]
		_, b := ids[l.B]
		key := [2]string{min(l.A, l.B), max(l.A, l.B)}
		if !a || !b || l.A == l.B || seen[key] || !amount(l.SharedCM) {
			return bad("link", l.A, l.B)
		}
		seen[key] = true
	}
	return nil
}

func (p *Problem) checkProjects() error {
	lots, modes, ids := p.lotIDs(), map[string]bool{}, map[string]bool{}
	for _, m := range p.Modes {
		modes[m.Name] = true
	}
	for i := range p.Projects {
		k := &p.Projects[i]
		name := "project " + k.ID
		switch {
		case k.ID == "" || ids[k.ID]:
			return bad("project", "id", k.ID)
		case k.AreaM2 < 1 || !amount(k.AreaM2):
			return bad(name, "area_m2", k.AreaM2)
		case !amount(k.PowerKW):
			return bad(name, "power_kw", k.PowerKW)
		case !amount(k.GainCNY):
			return bad(name, "gain", k.GainCNY)
		}
		ids[k.ID] = true
		for _, m := range k.Modes {
			if !modes[m] {
				return bad(name, "modes", m)
			}
		}
		for _, l := range k.Misfits {
			if _, ok := lots[l]; !ok {
				return bad(name, "misfits", l)
			}
		}
	}
	for i := range p.Projects {
		if k := &p.Projects[i]; k.After != "" && (!ids[k.After] || k.After == k.ID) {
			return bad("project "+k.ID, "after", k.After)
		}
	}
	return nil
}

func (p *Problem) checkTowns() error {
	ids := map[string]bool{}
	for _, z := range p.Towns {
		if ids[z.ID] {
			return bad("town", "id", z.ID)
		}
		ids[z.ID] = true
		if len(z.PowerKW) > len(p.Years) || len(z.VacantM2) > len(p.Years) || !amount(z.MinAreaM2) {
			return bad("town "+z.ID, "power_kw, vacant_m2, min_area_m2", fmt.Sprint(len(z.PowerKW), " ", len(z.VacantM2), " ", z.MinAreaM2))
		}
		for _, v := range slices.Concat(z.PowerKW, z.VacantM2) {
			if !amount(v) {
				return bad("town "+z.ID, "power_kw, vacant_m2", v)
			}
		}
	}
	return nil
}

func (p *Problem) checkCaps() error {
	seen := map[string]bool{}
	for _, c := range p.Caps {
		name := rowName(c)
		switch {
		case c.Resource != Money && c.Resource != Demolition && c.Resource != Relocation && c.Resource != Fund:
			return bad("cap", "resource", c.Resource)
		case c.Year < p.Years[0] || c.Year > p.Years[len(p.Years)-1]:
			return bad("cap "+name, "year", c.Year)
		case c.Resource == Fund && !c.Cumulative:
			return bad("cap "+name, "cumulative", c.Cumulative)
		case c.LagYears < 0 || c.LagYears > maxHorizon || c.LagYears > 0 && c.Resource != Fund:
			return bad("cap "+name, "lag_years", c.LagYears)
		case c.Limit < 0 || c.Limit > maxCap:
			return bad("cap "+name, "limit", c.Limit)
		case seen[name]:
			return bad("cap", "name", name)
		}
		seen[name] = true
	}
	return nil
}

func (p *Problem) checkLocks() error {
	ids := p.lotIDs()
	for _, l := range p.Locks {
		if _, ok := ids[l.Parcel]; !ok {
			return bad("lock", "parcel", l.Parcel)
		}
		if l.Kind != plottage.LockIn && l.Kind != plottage.LockOut {
			return bad("lock "+l.Parcel, "kind", l.Kind)
		}
	}
	return nil
}

func (p *Problem) checkFloors() error {
	seen := map[string]bool{}
	for _, f := range p.Floors {
		if name := floorName(f); f.MinAreaM2 < 1 || f.MinAreaM2 > maxCap || seen[name] {
			return bad("floor "+name, "min_area_m2", f.MinAreaM2)
		} else {
			seen[name] = true
		}
	}
	owners := map[string]bool{}
	for i := range p.Lots {
		owners[p.Lots[i].Owner] = true
	}
	for _, o := range p.WholeOwners {
		if o == "" || !owners[o] { // unknown, or named twice
			return bad("problem", "whole_owners", o)
		}
		owners[o] = false
	}
	return nil
}

// checkAgreed checks signed and approved blocks: known lots of one town, each in one
// block, a known mode and year. What was approved may have gone from the problem's
// years, but not from its lots.
func (p *Problem) checkAgreed() error {
	if err := p.checkBlocks("signed", p.Signed, true); err != nil {
		return err
	}
	if p.Approved == nil {
		return nil
	}
	if p.Approved.MaxChangeM2 < 0 || p.Approved.MaxChangeM2 > maxCap {
		return bad("approved", "max_change_m2", p.Approved.MaxChangeM2)
	}
	return p.checkBlocks("approved", p.Approved.Blocks, false)
}

func (p *Problem) checkBlocks(what string, all []Agreed, mustStart bool) error {
	ids, taken := p.nodeIDs(), map[string]bool{}
	for _, b := range all {
		mode := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		switch {
		case len(b.Lots) == 0:
			return bad(what, "lots", "[]")
		case mustStart && mode < 0:
			return bad(what+" "+b.Lots[0], "mode", b.Mode)
		case mustStart && !slices.Contains(p.Years, b.Year):
			return bad(what+" "+b.Lots[0], "year", b.Year)
		case mode >= 0 && p.Modes[mode].Alone && len(b.Lots) > 1:
			return bad(what+" "+b.Lots[0], "lots", len(b.Lots))
		}
		for _, id := range b.Lots {
			l, ok := ids[id]
			if !ok || l >= len(p.Lots) || taken[id] || mustStart && p.Lots[l].Town != p.Lots[ids[b.Lots[0]]].Town {
				return bad(what, "lots", id)
			}
			taken[id] = true
		}
		for _, id := range b.Kept {
			k, ok := ids[id]
			if !ok || k < len(p.Lots) || taken[id] || mode >= 0 && p.Modes[mode].Alone || mustStart && p.Bridges[k-len(p.Lots)].Town != p.Lots[ids[b.Lots[0]]].Town {
				return bad(what, "kept", id)
			}
			taken[id] = true
		}
		for _, x := range b.Treated {
			l, ok := ids[x.Parcel]
			if !ok || l >= len(p.Lots) || !slices.Contains(b.Lots, x.Parcel) || mode >= 0 && p.Modes[mode].Alone || mustStart && p.Lots[l].mixOf(b.Treated) < 0 {
				return bad(what, "treated", x.Parcel)
			}
		}
	}
	return nil
}
