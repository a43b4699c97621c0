package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// The kinds of work, in the words of the audit.
const (
	kindImport = "import"
	kindBulk   = "bulk import"
	kindEdit   = "edit"
	kindSolve  = "solve"
	kindClose  = "open and close"
	kindIdle   = "between" // no work was in progress
)

// write works on a city without end. Before each operation it prints "begin kind",
// after it "done version"; closing and opening again is one of the operations.
func write(ctx context.Context, path string, seed uint64, out io.Writer) error {
	rng := rand.New(rand.NewPCG(seed, 2))
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	var kind string
	var do operation
	for again := 0; ; again-- {
		if again <= 0 {
			kind, do = pick(rng)
			again = repeats[kind]
		}
		fmt.Fprintf(out, "begin %s\n", kind)
		if kind == kindClose {
			if err := s.Close(); err != nil {
				return err
			}
			if s, err = gpkg.Open(ctx, path); err != nil {
				return err
			}
		} else if err := do(ctx, s, rng); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		m, err := s.Meta(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "done %d\n", m.Version)
	}
}

// repeats evens out how long the kinds of work take, so that kills hit all of them.
var repeats = map[string]int{kindEdit: 6, kindImport: 2, kindSolve: 2}

type operation func(context.Context, workspace.Store, *rand.Rand) error

func pick(rng *rand.Rand) (string, operation) {
	switch x := rng.IntN(100); {
	case x < 35:
		return kindImport, smallImport
	case x < 45:
		return kindBulk, bulkImport
	case x < 70:
		return kindEdit, edit
	case x < 95:
		return kindSolve, solve
	}
	return kindClose, nil
}

// Every operation leaves marks in several tables that must agree: an import of batch
// k writes the number k into all its parcels, firms and holdings; a plan of size m
// has m blocks, placements, moves and a run whose result says m.

const lotsSmall, lotsBulk = 40, 2500

func importOf(ctx context.Context, s workspace.Store, rng *rand.Rand, n int) error {
	mark := fmt.Sprintf("%d", rng.Int64())
	b := workspace.Batch{EPSG: 4549, Source: plottage.Source{Name: mark, Rows: n}, File: []byte(mark)}
	for i := range n {
		b.Parcels = append(b.Parcels, lot(i, mark))
		id := fmt.Sprintf("F%05d", i)
		b.Firms = append(b.Firms, plottage.Firm{ID: id, Name: mark})
		b.Holdings = append(b.Holdings, plottage.Holding{Firm: id, Parcel: b.Parcels[i].ID, LandM2: plottage.Some(float64(i))})
	}
	_, err := s.Import(ctx, mark, b)
	return err
}

func lot(i int, mark string) plottage.Parcel {
	x, y := float64(i%100)*50, float64(i/100)*50
	return plottage.Parcel{ID: fmt.Sprintf("P%05d", i), Owner: mark, AreaM2: 2500,
		Geometry: orb.MultiPolygon{{{{x, y}, {x + 50, y}, {x + 50, y + 50}, {x, y + 50}, {x, y}}}}}
}

func smallImport(ctx context.Context, s workspace.Store, rng *rand.Rand) error {
	return importOf(ctx, s, rng, lotsSmall)
}

func bulkImport(ctx context.Context, s workspace.Store, rng *rand.Rand) error {
	return importOf(ctx, s, rng, lotsBulk)
}

// edit changes two fields of one parcel together and sets as many locks as the edit
// says; the locks are a second operation.
func edit(ctx context.Context, s workspace.Store, rng *rand.Rand) error {
	m, err := s.Meta(ctx)
	if err != nil {
		return err
	}
	x := float64(rng.IntN(1_000_000))
	id := fmt.Sprintf("P%05d", rng.IntN(lotsSmall))
	if err := s.EditParcel(ctx, "editor", m.Version, id, map[string]any{"tax": x, "revenue": 2 * x}); err != nil {
		return err
	}
	locks := make([]plottage.Lock, 1+rng.IntN(20))
	for i := range locks {
		locks[i] = plottage.Lock{Parcel: fmt.Sprintf("P%05d", i), Kind: plottage.LockIn, Note: fmt.Sprint(len(locks))}
	}
	return s.SetLocks(ctx, "editor", m.Version+1, locks)
}

// solve stands for a solver: it thinks for a moment, then saves a plan with its run.
func solve(ctx context.Context, s workspace.Store, rng *rand.Rand) error {
	time.Sleep(time.Duration(rng.IntN(3)) * time.Millisecond)
	m := 1 + rng.IntN(60)
	p := plottage.Plan{Name: fmt.Sprint(m), Status: plottage.Feasible, Years: []int{2027}, Value: float64(m)}
	for i := range m {
		id := fmt.Sprintf("2027-%02d", i)
		p.Blocks = append(p.Blocks, plottage.Block{ID: id, Parcels: []string{fmt.Sprintf("P%05d", i)}, Year: 2027, Geometry: lot(i, "").Geometry})
		p.Placements = append(p.Placements, plottage.Placement{Project: fmt.Sprint(i), Block: id})
		p.Moves = append(p.Moves, plottage.Move{Firm: fmt.Sprint(i), Block: id})
	}
	run := plottage.Run{Verb: "renewal solve", Input: make([]byte, 20_000), Result: []byte(fmt.Sprint(m)), Started: time.Now().UTC().Format(time.RFC3339)}
	_, err := s.SavePlan(ctx, "solver", run, p)
	return err
}

// newCity makes a city and its first parcels: two versions.
func newCity(path string) error {
	ctx := context.Background()
	s, err := gpkg.Create(ctx, path, workspace.Meta{Currency: "CNY"}, "crash", time.Now)
	if err != nil {
		return err
	}
	if err := smallImport(ctx, s, rand.New(rand.NewPCG(1, 1))); err != nil {
		return err
	}
	return s.Close()
}

// remove takes away a file if it is there.
func remove(path string) { _ = os.Remove(path) }
