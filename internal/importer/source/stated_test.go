package source

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/layer"
)

func TestBinaryInHexadecimalDigits(t *testing.T) {
	const point = "0101000020E6100000000000000000F03F0000000000000040"
	for _, s := range []string{point, strings.ToLower(point), " " + point + "\n"} {
		g, err := geometryOf(s, layer.Limits{})
		if err != nil || g.SRID != 4326 || g.Geometry != (orb.Point{1, 2}) {
			t.Errorf("%q: %v %v", s, g, err)
		}
	}
	if g, err := geometryOf("POINT(1 2)", layer.Limits{}); err != nil || g.Geometry != (orb.Point{1, 2}) {
		t.Errorf("text: %v %v", g, err)
	}
	for _, s := range []string{"", "91330782MA28D3XXXX", strings.Repeat("0", 42), strings.Repeat("1", 42), "330782001001" + strings.Repeat("0", 40), point + "F"} {
		if hexForm(s) {
			t.Errorf("%q was taken for binary", s)
		}
	}
	if _, err := geometryOf(point[:44], layer.Limits{}); err == nil {
		t.Error("half a point was taken")
	}
}

func FuzzGeometryOf(f *testing.F) {
	f.Add("0101000020E6100000000000000000F03F0000000000000040")
	f.Add("0103000000FFFFFFFF00000000000000000000000000000000000000")
	f.Add("SRID=4490;POLYGON((0 0,1 0,1 1,0 0))")
	f.Fuzz(func(t *testing.T, s string) {
		if g, err := geometryOf(s, layer.Limits{Vertices: 1000}); err == nil && hexForm(s) && g.Geometry == nil && len(s) > 1000 {
			t.Errorf("%d digits hold nothing", len(s))
		}
	})
}
