package gpkg

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// smallDisk mounts a disk of the size, which only root may.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("cannot mount a small disk here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

func TestAFullDiskIsSaidAndNothingIsLost(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(smallDisk(t, "6m"), "city.gpkg")
	s := createCity(t, path)
	if _, err := s.Import(ctx, "t", workspace.Batch{EPSG: 4549, Parcels: lots(500)}); err != nil {
		t.Fatal(err)
	}
	before, err := s.Parcels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Import(ctx, "t", workspace.Batch{EPSG: 4549, Parcels: lots(40_000)})
	inWords(t, err, plottage.Internal, "city_disk_full")
	after, err := s.Parcels(ctx)
	if err != nil || !reflect.DeepEqual(after, before) {
		t.Fatalf("after a full disk: %d of %d parcels, %v", len(after), len(before), err)
	}
	if err := Check(ctx, s); err != nil {
		t.Error(err)
	}
	m, _ := s.Meta(ctx)
	if err := s.EditParcel(ctx, "t", m.Version, before[0].ID, map[string]any{"grade": "D"}); err != nil {
		t.Errorf("a small change after the large one failed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	again, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if p, err := again.Parcel(ctx, before[0].ID); err != nil || p.Grade != "D" {
		t.Error(p.Grade, err)
	}
}

func TestEveryPlaceWhereTheDiskFillsUp(t *testing.T) {
	ctx, dir := context.Background(), smallDisk(t, "8m")
	for _, left := range []int{10, 30, 60, 90, 150, 250, 400, 700} { // KiB
		path := filepath.Join(dir, "city.gpkg")
		s := createCity(t, path)
		if _, err := s.Import(ctx, "t", sampleBatch(300)); err != nil {
			t.Fatal(err)
		}
		before, _ := s.Meta(ctx)
		fill := fillDisk(t, dir, left<<10)
		_, err := s.Import(ctx, "t", sampleBatch(2500))
		os.Remove(fill)
		after, _ := s.Meta(ctx)
		switch {
		case err == nil && after.Version == before.Version+1:
		case err != nil && after.Version == before.Version:
			inWords(t, err, plottage.Internal, "city_disk_full")
		default:
			t.Errorf("%d KiB left: %v, version %d after %d", left, err, after.Version, before.Version)
		}
		if err := Check(ctx, s); err != nil {
			t.Errorf("%d KiB left: %v", left, err)
		}
		if _, err := s.Import(ctx, "t", sampleBatch(2500)); err != nil && !strings.Contains(err.Error(), "full") {
			t.Errorf("%d KiB left, then room: %v", left, err)
		}
		s.Close()
		os.Remove(path)
	}
}

// fillDisk leaves about this many bytes.
func fillDisk(t *testing.T, dir string, left int) string {
	t.Helper()
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "fill")
	n := int(st.Bavail)*int(st.Bsize) - left
	if err := os.WriteFile(name, make([]byte, max(n, 0)), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
