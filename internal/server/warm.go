package server

import (
	"context"
	"math"
	"sync"

	"github.com/plottage/plottage/internal/tile"
)

// warmZoom is the deepest zoom whose tiles are cut before anybody asks: they hold
// much of a city, are few and take longest.
const warmZoom = 13

// warm makes what the first visitor would wait for: the widest tiles of the newest plan
// and beside them its account, then what searches need and the next tiles. It stops when
// ctx ends.
func (s *snapshot) warm(ctx context.Context) {
	s.lookups.summary()
	var reckoning sync.WaitGroup
	reckoning.Go(func() {
		if v, err := s.view(ctx, s.newest()); err == nil {
			v.account()
		}
	})
	s.cutAll(ctx, 0, warmZoom-2)
	reckoning.Wait()
	if ctx.Err() != nil {
		return
	}
	s.lookups.parcels()
	s.lookups.firms()
	s.lookups.firstUsed()
	s.cutAll(ctx, warmZoom-1, warmZoom)
}

// cutAll cuts all tiles of the zooms that hold parcels.
func (s *snapshot) cutAll(ctx context.Context, from, to int) {
	b, ok := s.shapes.parcels.Bound()
	if !ok {
		return
	}
	for zoom := from; zoom <= to; zoom++ {
		first, last := tile.At(b.Min, zoom), tile.At(b.Max, zoom)
		if math.Abs(float64(last.X-first.X)*float64(last.Y-first.Y)) > mostWarm {
			return // a city that large is not seen whole at this zoom
		}
		for x := first.X; x <= last.X; x++ {
			for y := last.Y; y <= first.Y; y++ {
				if ctx.Err() != nil {
					return
				}
				_, _ = s.tile(ctx, tileKey{plan: s.newest(), tile: tile.ID{Z: zoom, X: x, Y: y}}) // asked for later, it says what is wrong
			}
		}
	}
}

// mostWarm bounds the tiles of a zoom that are cut before anybody asks.
const mostWarm = 400
