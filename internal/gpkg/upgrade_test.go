package gpkg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

func reopened(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*Store)
}

func TestAnUpgradeCopiesFirstAndThenTakesAllSteps(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	s := reopened(t, path)
	steps := []migration{
		func(t *tx) error { return t.exec("ALTER TABLE firms ADD COLUMN two TEXT") },
		func(t *tx) error { return t.exec("UPDATE firms SET two = 'three'") },
	}
	if err := s.upgradeBy(ctx, steps); err != nil {
		t.Fatal(err)
	}
	if n, err := s.format(ctx); n != 3 || err != nil {
		t.Fatalf("format %d, %v", n, err)
	}
	old := reopened(t, path+".format-1.gpkg")
	if m, err := old.Meta(ctx); err != nil || m.Format != 1 {
		t.Fatalf("the copy: %+v %v", m, err)
	}
	a, _ := s.Parcels(ctx)
	b, _ := old.Parcels(ctx)
	if !reflect.DeepEqual(a, b) || len(a) == 0 {
		t.Error("the copy has other parcels")
	}
}

func TestAnUpgradeThatFailsChangesNothing(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	s := reopened(t, path)
	before, _ := s.Meta(ctx)
	boom := errors.New("boom")
	err := s.upgradeBy(ctx, []migration{
		func(t *tx) error { return t.exec("DROP TABLE firm_years") },
		func(t *tx) error { return boom },
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if after, _ := s.Meta(ctx); after != before {
		t.Errorf("%+v, was %+v", after, before)
	}
	if y, err := s.FirmYears(ctx); err != nil || len(y) != 1 {
		t.Errorf("firm years: %v %v", y, err)
	}
}

func TestAColumnThatAnEarlierEditionLackedIsAdded(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	sqlFile(t, path, "ALTER TABLE parcels DROP COLUMN deliverable", "ALTER TABLE firms DROP COLUMN power_mw")
	r, err := OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if ps, err := r.Parcels(ctx); err != nil || len(ps) != 3000 || ps[0].Deliverable.Known {
		t.Errorf("read only: %v", err)
	}
	r.Close()
	s := reopened(t, path)
	m, _ := s.Meta(ctx)
	if err := s.EditParcel(ctx, "t", m.Version, "P000001", map[string]any{"deliverable": true}); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Parcel(ctx, "P000001"); err != nil || p.Deliverable != plottage.Some(true) {
		t.Error(p.Deliverable, err)
	}
}

func TestATableThatAnEarlierEditionLackedIsAdded(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	sqlFile(t, path, "DROP TABLE buildings", "DELETE FROM gpkg_contents WHERE table_name = 'buildings'", "DELETE FROM gpkg_data_columns WHERE table_name = 'buildings'", "ALTER TABLE blocks DROP COLUMN treated")
	r, err := OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := r.Buildings(ctx); err != nil || len(b) != 0 {
		t.Errorf("read only: %v %v", b, err)
	}
	r.Close()
	s := reopened(t, path)
	want := plottage.Building{ID: "b1", Parcel: "P000001", FloorM2: plottage.Some(120.5), Condition: plottage.Worn, Protected: true}
	id, err := s.Import(ctx, "t", workspace.Batch{Buildings: []plottage.Building{want}})
	if err != nil {
		t.Fatal(err)
	}
	want.Source = id
	if b, err := s.Buildings(ctx); err != nil || !reflect.DeepEqual(b, []plottage.Building{want}) {
		t.Errorf("got %+v %v", b, err)
	}
	s.Close()
	validateIfPossible(t, path)
}

func TestASnapshotIsTheCityAtThatMoment(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	s := reopened(t, path)
	to := filepath.Join(t.TempDir(), "copy.gpkg")
	if err := s.Snapshot(ctx, to); err != nil {
		t.Fatal(err)
	}
	m, _ := s.Meta(ctx)
	if err := s.SetLocks(ctx, "t", m.Version, nil); err != nil {
		t.Fatal(err)
	}
	c := reopened(t, to)
	if got, err := c.Meta(ctx); err != nil || got != m {
		t.Errorf("%+v, want %+v, %v", got, m, err)
	}
	if l, _ := c.Locks(ctx); len(l) != 1 {
		t.Errorf("locks %v", l)
	}
	inWords(t, s.Snapshot(ctx, to), plottage.Usage, "city_exists")
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".*part*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	c.Close()
	validateIfPossible(t, to)
}

func validateIfPossible(t *testing.T, path string) {
	t.Helper()
	hasValidator(t)
	validate(t, path, "a snapshot")
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("a log beside the copy")
	}
}
