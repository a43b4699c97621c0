package gpkg

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "c.gpkg")
	s, err := Create(ctx, path, workspace.Meta{Name: plottage.Label{EN: "X", ZH: "某市"}, Currency: "CNY"}, "me", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var b workspace.Batch
	b.EPSG = 4549
	for i := range 5000 {
		x := float64(i * 20)
		b.Parcels = append(b.Parcels, plottage.Parcel{ID: fmt.Sprint(i), Geometry: orb.MultiPolygon{{{{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}, {x, 0}}}}, AreaM2: 100, ApprovedOn: "2020-01-01"})
	}
	id, err := s.Import(ctx, "me", b)
	if err != nil {
		t.Fatal(err)
	}
	ps, err := s.Parcels(ctx)
	if err != nil || len(ps) != 5000 {
		t.Fatal(err, len(ps))
	}
	m, err := s.Meta(ctx)
	t.Log(id, ps[1], m, err)
	if err := s.EditParcel(ctx, "me", m.Version, "77", map[string]any{"grade": "A", "year_built": 1990.0}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Parcel(ctx, "77")
	t.Log(p.Grade, p.YearBuilt, err)
	a, _ := s.Audit(ctx, 0)
	t.Log(a)
	_, err = Open(ctx, path)
	t.Log(err)
	s.Close()
}
