package mapping

import (
	"testing"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Land in mu does not make floors count in mu.
func TestFloorsAreNotCountedInMu(t *testing.T) {
	s := Sample{
		Columns: []layer.Column{{Name: "宗地代码"}, {Name: "证载面积(亩)"}, {Name: "建筑面积"}},
		Rows:    [][]any{{"a", 10.0, 8000.0}, {"b", 12.5, 9000.0}},
	}
	noun, _ := ByName("parcel")
	m := Propose(s, noun)
	units := map[string]string{}
	for _, c := range m.Columns {
		units[c.Column] = c.Unit
	}
	if units["证载面积(亩)"] != "mu" || units["建筑面积"] != "m2" {
		t.Errorf("units %v", units)
	}
}
