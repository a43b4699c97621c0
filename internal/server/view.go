package server

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/tile"
)

// view is the city seen with one plan; the plan with id 0 is no plan.
type view struct {
	plan    plottage.Plan
	run     plottage.Run
	limits  limits
	blockOf map[int]int // parcel -> index in plan.Blocks, kept parcels included
	kept    map[int]bool
	blocks  map[string]int // by Block.ID
	shapes  *tile.Shapes
	labels  *tile.Shapes
	layers  []tile.Layer
	usage   []Usage
	notes   []string
	clashes []Clash
	whys    sync.Map // by parcel: WhyInfo
}

// view returns the city with the plan, building it at the first call.
func (s *snapshot) view(ctx context.Context, plan int64) (*view, error) {
	s.views.mu.Lock()
	defer s.views.mu.Unlock()
	if v, ok := s.views.plans[plan]; ok {
		return v, nil
	}
	v, err := s.newView(ctx, plan)
	if err != nil {
		return nil, err
	}
	s.views.plans[plan] = v
	return v, nil
}

// layersOf returns the layers of a plan, with vs not 0 marked where it differs from
// the plan vs.
func (s *snapshot) layersOf(ctx context.Context, plan, vs int64) ([]tile.Layer, error) {
	v, err := s.view(ctx, plan)
	if err != nil || vs == 0 {
		if err != nil {
			return nil, err
		}
		return v.layers, nil
	}
	other, err := s.view(ctx, vs)
	if err != nil {
		return nil, err
	}
	s.views.mu.Lock()
	defer s.views.mu.Unlock()
	pair := [2]int64{plan, vs}
	if s.views.pairs[pair] == nil {
		s.views.pairs[pair] = s.layers(v, other)
	}
	return s.views.pairs[pair], nil
}

// difference says in which of two plans a parcel is cleared: "a", "b", "both", "year"
// (both, in other years), "" neither.
func difference(a, b *view, i int) string {
	ya, yb := a.clearedIn(i), b.clearedIn(i)
	switch {
	case ya == 0 && yb == 0:
		return ""
	case yb == 0:
		return "a"
	case ya == 0:
		return "b"
	case ya == yb:
		return "both"
	}
	return "year"
}

// clearedIn returns the year in which the plan clears a parcel, 0 never.
func (v *view) clearedIn(i int) int {
	n, in := v.blockOf[i]
	if !in || v.kept[i] {
		return 0
	}
	return v.plan.Blocks[n].Year
}

func (s *snapshot) newView(ctx context.Context, plan int64) (*view, error) {
	v := &view{blockOf: map[int]int{}, kept: map[int]bool{}, blocks: map[string]int{}}
	if plan != 0 {
		if !s.hasPlan(plan) {
			return nil, notFound("plan", strconv.FormatInt(plan, 10))
		}
		var err error
		if v.plan, err = s.city.Plan(ctx, plan); err != nil {
			return nil, fmt.Errorf("read plan %d: %w", plan, err)
		}
		if v.run, err = s.city.Run(ctx, v.plan.Run); err != nil && plottage.CodeOf(err) != plottage.NotFound {
			return nil, fmt.Errorf("read run %d: %w", v.plan.Run, err)
		}
	}
	v.limits = limitsOf(v.run)
	s.account(ctx, v)
	v.run.Input = nil // it can be large
	geoms, labels := make([]orb.Geometry, len(v.plan.Blocks)), make([]orb.Geometry, len(v.plan.Blocks))
	for n, b := range v.plan.Blocks {
		v.blocks[b.ID] = n
		geoms[n], labels[n] = s.world.area(b.Geometry)
		if geoms[n] == nil {
			geoms[n], labels[n] = s.together(b)
		}
		for _, id := range b.Parcels {
			v.blockOf[s.at(id)] = n
		}
		for _, id := range b.Kept {
			v.blockOf[s.at(id)], v.kept[s.at(id)] = n, true
		}
	}
	delete(v.blockOf, -1)
	v.shapes, v.labels = tile.NewShapes(geoms), tile.NewShapes(labels)
	v.layers = s.layers(v, nil)
	return v, nil
}

func (s *snapshot) hasPlan(id int64) bool {
	for _, p := range s.plans {
		if p.ID == id {
			return true
		}
	}
	return false
}

// at returns the index of a parcel, -1 when the city lacks it.
func (s *snapshot) at(id string) int {
	if i, ok := s.byID[id]; ok {
		return i
	}
	return -1
}

// together draws a block without an outline as its parcels.
func (s *snapshot) together(b plottage.Block) (shape, label orb.Geometry) {
	var mp orb.MultiPolygon
	for _, id := range b.Parcels {
		if i := s.at(id); i >= 0 {
			if g, ok := s.shapes.parcels.Geometry(i).(orb.MultiPolygon); ok {
				mp = append(mp, g...)
			}
		}
	}
	if len(mp) == 0 {
		return nil, nil
	}
	return mp, tile.LabelPoint(mp)
}
