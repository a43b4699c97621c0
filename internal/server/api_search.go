package server

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// SearchResult is what a search found, best first.
type SearchResult struct {
	Hits []Hit `json:"hits"`
	More bool  `json:"more" doc:"there are more than shown"`
}

// Hit is one thing found.
type Hit struct {
	Kind   string         `json:"kind" enum:"parcel,firm,block,project,town"`
	ID     string         `json:"id"`
	Name   plottage.Label `json:"name"`
	Parcel string         `json:"parcel" doc:"parcel to show for it, empty none"`
	Block  string         `json:"block" doc:"block to show for it, empty none"`
	Box    []float64      `json:"box" doc:"west, south, east, north; empty when it is nowhere on the map"`
	rank   int
}

const maxHits = 20

type searchInput struct {
	Q    string `query:"q" maxLength:"100" doc:"part of a name or number"`
	Plan int64  `query:"plan" doc:"plan whose blocks and placements are searched, 0 none"`
}

func (s *Server) getSearch(ctx context.Context, snap *snapshot, in *searchInput) (SearchResult, error) {
	q := strings.ToLower(strings.TrimSpace(in.Q))
	if q == "" {
		return SearchResult{Hits: []Hit{}}, nil
	}
	v, err := snap.view(ctx, in.Plan)
	if err != nil {
		return SearchResult{}, err
	}
	hits := slices.Concat(snap.findTowns(q), snap.findBlocks(q, v), snap.findParcels(q), snap.findFirms(q), snap.findProjects(q, v))
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.rank, b.rank) })
	result := SearchResult{Hits: append([]Hit{}, hits[:min(maxHits, len(hits))]...), More: len(hits) > maxHits}
	return result, nil
}

// rank says how well words match: 0 whole, 1 from the start, 2 inside, -1 not.
func rank(q string, words ...string) int {
	best := -1
	for _, w := range words {
		w = strings.ToLower(w)
		r := -1
		switch {
		case w == q:
			r = 0
		case strings.HasPrefix(w, q):
			r = 1
		case strings.Contains(w, q):
			r = 2
		}
		if r >= 0 && (best < 0 || r < best) {
			best = r
		}
	}
	return best
}

func same(name string) plottage.Label { return plottage.Label{ZH: name, EN: name} }

func (s *snapshot) findTowns(q string) (hits []Hit) {
	for i, t := range s.towns {
		if r := rank(q, t.ID, t.Name.ZH, t.Name.EN); r >= 0 {
			hits = append(hits, Hit{Kind: "town", ID: t.ID, Name: t.Name, Box: boxOf(s.shapes.towns, i), rank: r})
		}
	}
	return hits
}

func (s *snapshot) findBlocks(q string, v *view) (hits []Hit) {
	for i, b := range v.plan.Blocks {
		if r := rank(q, b.ID); r >= 0 {
			hits = append(hits, Hit{Kind: "block", ID: b.ID, Name: same(b.ID), Block: b.ID, Box: boxOf(v.shapes, i), rank: r})
		}
	}
	return hits
}

func (s *snapshot) findParcels(q string) (hits []Hit) {
	for _, f := range s.lookups.parcels().find(q) {
		p := &s.parcels[f.item]
		hits = append(hits, Hit{Kind: "parcel", ID: p.ID, Name: same(p.Name), Parcel: p.ID, Box: boxOf(s.shapes.parcels, f.item), rank: f.rank})
	}
	return hits
}

// findFirms shows each firm on the first parcel it uses.
func (s *snapshot) findFirms(q string) (hits []Hit) {
	for _, f := range s.lookups.firms().find(q) {
		firm := &s.firms[f.item]
		h := Hit{Kind: "firm", ID: firm.ID, Name: same(firm.Name), Box: []float64{}, rank: f.rank}
		if i, ok := s.lookups.firstUsed()[firm.ID]; ok {
			h.Parcel, h.Box = s.parcels[i].ID, boxOf(s.shapes.parcels, i)
		}
		hits = append(hits, h)
	}
	return hits
}

func (s *snapshot) findProjects(q string, v *view) (hits []Hit) {
	for _, p := range s.projects {
		r := rank(q, p.ID, p.Name)
		if r < 0 {
			continue
		}
		h := Hit{Kind: "project", ID: p.ID, Name: same(p.Name), Box: []float64{}, rank: r}
		for _, place := range v.plan.Placements {
			if n, ok := v.blocks[place.Block]; ok && place.Project == p.ID {
				h.Block, h.Box = place.Block, boxOf(v.shapes, n)
			}
		}
		hits = append(hits, h)
	}
	return hits
}
