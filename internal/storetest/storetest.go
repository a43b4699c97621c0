// Package storetest is the suite that every workspace.Store passes: what a city put
// in comes out again, whole changes or none, versions count, readers never see half
// of anything.
//
// A store's own tests call [Run] with a function that opens an empty city; each
// sub-test gets a fresh one. Sub-tests are named as sentences about cities.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// Harness is how the suite gets at a store.
type Harness struct {
	// Open opens an empty city without a reference system. The suite closes it.
	Open func(t *testing.T) workspace.Store
	// Reopen closes a store and opens the same city again; nil when the store cannot
	// (one in memory), and then the tests of persistence are skipped.
	Reopen func(t *testing.T, s workspace.Store) workspace.Store
}

// Run runs the suite against stores that open makes; see [RunHarness].
func Run(t *testing.T, open func(t *testing.T) workspace.Store) { RunHarness(t, Harness{Open: open}) }

// RunHarness runs the suite.
func RunHarness(t *testing.T, h Harness) {
	for _, group := range [][]test{metaTests, recordTests, importTests, editTests, workTests, concurrencyTests} {
		for _, tt := range group {
			t.Run(tt.name, func(t *testing.T) {
				c := &city{T: t, Store: h.Open(t), ctx: context.Background(), h: h}
				defer c.Store.Close()
				tt.run(c)
			})
		}
	}
}

type test struct {
	name string
	run  func(*city)
}

// city is a store under test.
type city struct {
	*testing.T
	workspace.Store
	ctx context.Context
	h   Harness
}

// Close is the store's; testing.T has none, but the compiler cannot know.
func (c *city) Close() error { return c.Store.Close() }

func (c *city) ok(err error) {
	c.Helper()
	if err != nil {
		c.Fatalf("unexpected error: %v", err)
	}
}

// fails checks that err is in words and of the code.
func (c *city) fails(err error, want plottage.Code) *plottage.Error {
	c.Helper()
	var e *plottage.Error
	if !errors.As(err, &e) || e.Code != want {
		c.Fatalf("got error %v, want one of code %s", err, want)
	}
	return e
}

func (c *city) load(b workspace.Batch) int64 {
	c.Helper()
	id, err := c.Import(c.ctx, "tester", b)
	c.ok(err)
	return id
}

func (c *city) meta() workspace.Meta {
	c.Helper()
	m, err := c.Meta(c.ctx)
	c.ok(err)
	return m
}

func (c *city) reopen() {
	c.Helper()
	if c.h.Reopen == nil {
		c.Skip("this store cannot be opened again")
	}
	c.Store = c.h.Reopen(c.T, c.Store)
}

// same compares what came out with what went in.
func same[T any](c *city, what string, got, want T) {
	c.Helper()
	if !reflect.DeepEqual(got, want) {
		c.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// unchanged runs f, which must fail, and checks that the city is as before in all the
// suite can see.
func (c *city) unchanged(f func() error) error {
	c.Helper()
	before := c.snapshot()
	err := f()
	if err == nil {
		c.Fatal("got no error")
	}
	if after := c.snapshot(); !reflect.DeepEqual(after, before) {
		c.Fatalf("a failed change left something behind:\nbefore %+v\n after %+v", before, after)
	}
	return err
}

// snapshot reads everything there is.
func (c *city) snapshot() map[string]any {
	c.Helper()
	all := map[string]any{}
	take := func(name string, v any, err error) {
		c.Helper()
		if err != nil && plottage.CodeOf(err) != plottage.NotFound {
			c.Fatalf("%s: %v", name, err)
		}
		all[name] = v
	}
	s, ctx := c.Store, c.ctx
	m, err := s.Meta(ctx)
	take("meta", m, err)
	parcels, err := s.Parcels(ctx)
	take("parcels", parcels, err)
	firms, err := s.Firms(ctx)
	take("firms", firms, err)
	years, err := s.FirmYears(ctx)
	take("firm years", years, err)
	holdings, err := s.Holdings(ctx)
	take("holdings", holdings, err)
	buildings, err := s.Buildings(ctx)
	take("buildings", buildings, err)
	projects, err := s.Projects(ctx)
	take("projects", projects, err)
	towns, err := s.Towns(ctx)
	take("towns", towns, err)
	ways, err := s.Ways(ctx)
	take("ways", ways, err)
	sources, err := s.Sources(ctx)
	take("sources", sources, err)
	for _, src := range sources {
		issues, err := s.Issues(ctx, src.ID)
		take("issues", issues, err)
		originals, err := s.Originals(ctx, src.ID)
		take("originals", originals, err)
	}
	classes, err := s.FieldClasses(ctx)
	take("classes", classes, err)
	locks, err := s.Locks(ctx)
	take("locks", locks, err)
	runs, err := s.Runs(ctx)
	take("runs", runs, err)
	plans, err := s.Plans(ctx)
	take("plans", plans, err)
	plan, err := s.Plan(ctx, 0)
	take("plan", plan, err)
	verdicts, err := s.Verdicts(ctx, "")
	take("verdicts", verdicts, err)
	clustering, err := s.Clustering(ctx)
	take("clustering", clustering, err)
	packs, err := s.RulePacks(ctx)
	take("packs", packs, err)
	audit, err := s.Audit(ctx, 0)
	take("audit", audit, err)
	return all
}
