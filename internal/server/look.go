package server

import (
	"context"
	"strconv"

	"github.com/plottage/plottage/internal/lru"
	"github.com/plottage/plottage/internal/tile"
)

// look is how the parcels are coloured with a plan: each parcel's class, and the
// attributes of each class. Parcels of a class look the same in every colouring.
type look struct {
	class   []int32
	classes [][]tile.Prop
}

// lookBytes bounds the looks kept of a city: some forty at 100,000 parcels.
const lookBytes = 16 << 20

type pair struct{ plan, vs int64 }

func newLooks() *lru.Cache[pair, []tile.Layer] {
	return lru.New[pair](lookBytes, func(layers []tile.Layer) int {
		n := 0
		for _, l := range layers {
			n += 4 * len(l.Class)
		}
		return n
	})
}

// layersOf returns the layers of a plan, with vs not 0 marked where it differs from
// the plan vs.
func (s *snapshot) layersOf(ctx context.Context, plan, vs int64) ([]tile.Layer, error) {
	key := pair{plan, vs}
	if layers, ok := s.views.looks.Get(key); ok {
		return layers, nil
	}
	v, err := s.view(ctx, plan)
	if err != nil {
		return nil, err
	}
	var other *view
	if vs != 0 {
		if other, err = s.view(ctx, vs); err != nil {
			return nil, err
		}
	}
	layers, _, _ := s.flights.Do("look "+strconv.FormatInt(plan, 10)+" "+strconv.FormatInt(vs, 10), func() (any, error) {
		layers := s.layers(v, other)
		s.views.looks.Put(key, layers)
		return layers, nil
	})
	return layers.([]tile.Layer), nil
}

// lookOf sorts the parcels into classes.
func (s *snapshot) lookOf(v, vs *view) look {
	l := look{class: make([]int32, len(s.parcels))}
	known := map[string]int32{}
	var props []tile.Prop
	var key []byte
	for i := range s.parcels {
		props = s.classProps(props[:0], v, vs, i)
		key = classKey(key[:0], props)
		n, ok := known[string(key)]
		if !ok {
			n = int32(len(l.classes))
			known[string(key)] = n
			l.classes = append(l.classes, append([]tile.Prop(nil), props...))
		}
		l.class[i] = n
	}
	return l
}

// classKey writes attributes as one word. It is asked for every parcel of the city:
// fmt would take most of the time.
func classKey(key []byte, props []tile.Prop) []byte {
	for _, p := range props {
		key = append(append(key, p.Key...), '=')
		switch value := p.Value.(type) {
		case string:
			key = append(key, value...)
		case int:
			key = strconv.AppendInt(key, int64(value), 10)
		case bool:
			key = strconv.AppendBool(key, value)
		}
		key = append(key, 0)
	}
	return key
}

// classProps appends the attributes a parcel is coloured by; what does not apply is
// left out.
func (s *snapshot) classProps(props []tile.Prop, v, vs *view, i int) []tile.Prop {
	put := func(key string, value any, known bool) {
		if known {
			props = append(props, tile.Prop{Key: key, Value: value})
		}
	}
	if verdict := s.verdicts[i]; verdict != nil {
		put("grade", verdict.Grade, verdict.Grade != "")
		put("stage", string(verdict.Stage), verdict.Stage != "")
		put("queue", string(verdict.Queue), verdict.Queue != "")
		put("candidate", true, verdict.Candidate)
		put("graded", true, true)
	}
	put("cluster", s.cluster[i], s.cluster[i] != 0)
	if n, in := v.blockOf[i]; in {
		put("year", v.plan.Blocks[n].Year, !v.kept[i])
		put("kept", true, v.kept[i])
	}
	if vs != nil {
		diff := difference(v, vs, i)
		put("diff", diff, diff != "")
	}
	return props
}
