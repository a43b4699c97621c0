package gpkg

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/plottage/plottage/internal/storetest"
	"github.com/plottage/plottage/internal/workspace"
)

func TestStore(t *testing.T) {
	storetest.RunHarness(t, storetest.Harness{
		Open: func(t *testing.T) workspace.Store {
			return createCity(t, filepath.Join(t.TempDir(), "某市 a%20b#?.gpkg"))
		},
		Reopen: func(t *testing.T, s workspace.Store) workspace.Store {
			path := s.(*Store).Path()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			return again
		},
	})
}
