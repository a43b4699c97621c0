package server

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/lru"
	"github.com/plottage/plottage/internal/tile"
)

// view is the city seen with one plan; the plan with id 0 is no plan.
type view struct {
	plan    plottage.Plan
	run     plottage.Run
	blockOf map[int]int // parcel -> index in plan.Blocks, kept parcels included
	kept    map[int]bool
	blocks  map[string]int // by Block.ID
	shapes  *tile.Shapes
	labels  *tile.Shapes
	reckon  func() *account // once
	whys    sync.Map        // by parcel: WhyInfo; by blockKey: BlockWhyInfo
}

// views are the plans looked at so far, and how the city looks with them. A view
// depends on its plan alone, a look on grades too.
type views struct {
	plans *lru.Cache[int64, *view]
	looks *lru.Cache[pair, []tile.Layer]
}

// viewBytes bounds the plans kept ready beside each other.
const viewBytes = 128 << 20

func newViews() *views {
	return &views{plans: lru.New[int64](viewBytes, (*view).bytes), looks: newLooks()}
}

// bytes is about what a view holds.
func (v *view) bytes() int {
	return 320*len(v.blockOf) + 6000*len(v.plan.Blocks) + 200*len(v.plan.Moves)
}

// view returns the city with the plan, building it at the first call. Whoever asks
// for a plan that is there already does not wait for one that is being built.
func (s *snapshot) view(ctx context.Context, plan int64) (*view, error) {
	if v, ok := s.views.plans.Get(plan); ok {
		return v, nil
	}
	v, err, _ := s.flights.Do("view "+strconv.FormatInt(plan, 10), func() (any, error) {
		v, err := s.newView(context.WithoutCancel(ctx), plan) // others may be waiting for it
		if err == nil {
			s.views.plans.Put(plan, v)
		}
		return v, err
	})
	if err != nil {
		return nil, err
	}
	return v.(*view), nil
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
	v := &view{blockOf: map[int]int{}, kept: map[int]bool{}, blocks: map[string]int{}, reckon: func() *account { return &account{} }}
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
	if plan != 0 {
		ctx, city := context.WithoutCancel(ctx), s.city
		v.reckon = sync.OnceValue(func() *account { return accountOf(ctx, city, plan) })
	}
	v.run.Input, v.run.Result, v.run.Certificate = nil, nil, nil // they can be large
	s.settle(v)
	return v, nil
}

// settle finds the places of the plan's blocks and parcels.
func (s *snapshot) settle(v *view) {
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
