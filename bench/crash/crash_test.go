package main

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// TestMain lets the test binary play the child.
func TestMain(m *testing.M) {
	actAsProgram()
	if os.Getenv(childEnv) != "" {
		fs := flag.NewFlagSet("child", flag.ExitOnError)
		path, seed := fs.String("child", "", ""), fs.Uint64("seed", 0, "")
		fs.Parse(os.Args[1:])
		if err := write(context.Background(), *path, *seed, os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func TestNothingAcknowledgedIsLostWhenWritersAreKilled(t *testing.T) {
	n := 20
	if testing.Short() {
		n = 5
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got, err := siege(self, t.TempDir(), n, uint64(time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	got.print(&b)
	t.Log("\n" + b.String())
	if got.failed() || got.total().kills != n || got.total().acknowledged == 0 {
		t.Fatal("the city did not survive, or nothing was tried")
	}
}

func TestNothingIsLostWhenTheProgramIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	got, err := besiege(self, t.TempDir(), 5, uint64(time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	got.print(&b)
	t.Log("\n" + b.String())
	if got.failed() || got.total().kills != 5 {
		t.Fatal("the city did not survive, or nothing was tried")
	}
}

// A checker that finds nothing in a broken city proves nothing.
func TestTheInspectionSeesHalfOperationsAndLosses(t *testing.T) {
	path := t.TempDir() + "/city.gpkg"
	if err := newCity(path); err != nil {
		t.Fatal(err)
	}
	b := &besieged{path: path, acked: 2, tally: newTally()}
	b.check(kindIdle, []int64{5})
	if b.tally.total().lost != 3 {
		t.Errorf("a lost version was not seen: %+v", b.tally.total())
	}
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	half := workspace.Batch{EPSG: 4549, Parcels: []plottage.Parcel{lot(1, "a"), lot(2, "b")}, Firms: []plottage.Firm{{ID: "x", Name: "a"}}}
	if _, err := s.Import(ctx, "t", half); err != nil {
		t.Fatal(err)
	}
	if err := s.SetLocks(ctx, "t", 3, []plottage.Lock{{Parcel: "x", Kind: plottage.LockIn, Note: "7"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SavePlan(ctx, "t", plottage.Run{}, plottage.Plan{Name: "3", Value: 3, Blocks: []plottage.Block{{ID: "1"}}}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	b.check(kindIdle, nil)
	if got := b.tally.total().half; got < 3 {
		t.Errorf("saw %d half operations, want 3 or more", got)
	}
}
