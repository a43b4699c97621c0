package storetest

import (
	"fmt"
	"reflect"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// filler gives every exported field of a noun a value of its own, so that a field
// that a store forgets is found the day it is added to the noun.
type filler struct{ n int }

// fill sets all fields below v.
func (f *filler) fill(v reflect.Value) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *orb.MultiPolygon:
		*x = square(float64(f.n)*100, 1000, 40)
		return
	case *orb.MultiLineString:
		*x = orb.MultiLineString{{{float64(f.n), 1}, {float64(f.n) + 50, 2}}}
		return
	case *plottage.Date:
		*x = plottage.Date(fmt.Sprintf("20%02d-03-04", f.n%90+1))
		return
	case *[]plottage.Finding:
		*x = []plottage.Finding{{Rule: "规则", Article: "第十二条", Outcome: plottage.Undecided,
			Inputs: map[string]any{"tax": 1.5, "grade": "A", "known": true}, Missing: []string{"started_on"}}}
		return
	}
	f.byKind(v)
}

func (f *filler) byKind(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("值 %d", f.n))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 0.125)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(fmt.Sprintf("bytes %d", f.n)))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("键 %d", f.n)), reflect.ValueOf(fmt.Sprintf("值 %d", f.n)))
	default:
		panic("storetest: no filling for " + v.Type().String())
	}
}

// filled returns a record with no zero field.
func filled[T any](seed int) T {
	var t T
	f := &filler{n: seed}
	f.fill(reflect.ValueOf(&t).Elem())
	return t
}

func square(x, y, size float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
}

// lots is n parcels in a row, ids in descending order so that sorting shows.
func lots(n int) []plottage.Parcel {
	ps := make([]plottage.Parcel, n)
	for i := range ps {
		ps[i] = plottage.Parcel{ID: fmt.Sprintf("P%05d", n-i), Geometry: square(float64(i)*50, 0, 50), AreaM2: 2500, Row: i + 1}
	}
	return ps
}
