package export_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/renewal"
)

// A comparison says when the other plan held the locks already, and not when it did not.
func TestAComparisonSaysThatTheLocksChangedNothing(t *testing.T) {
	c := city(t)
	ctx := context.Background()
	plan, err := c.Plan(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Run(ctx, plan.Run)
	if err != nil {
		t.Fatal(err)
	}
	cleared := map[string]bool{}
	for _, b := range plan.Blocks {
		for _, id := range b.Parcels {
			cleared[id] = true
		}
	}
	parcels, err := c.Parcels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var left string
	for _, p := range parcels {
		if !cleared[p.ID] {
			left = p.ID
			break
		}
	}
	in, b := plan.Blocks[0].Parcels[0], plan.Blocks[0]
	for _, one := range []struct {
		what  string
		locks []plottage.Lock
		want  string
	}{
		{"held", []plottage.Lock{{Parcel: in, Kind: plottage.LockIn, Year: b.Year}, {Parcel: left, Kind: plottage.LockOut}}, "The locks change nothing: 手工 already held all 2 of them (with " + b.ID + "; 1 locked-out parcel left out)."},
		{"another year", []plottage.Lock{{Parcel: in, Kind: plottage.LockIn, Year: b.Year + 1}}, ""},
		{"cleared", []plottage.Lock{{Parcel: in, Kind: plottage.LockOut}}, ""},
		{"left out", []plottage.Lock{{Parcel: left, Kind: plottage.LockIn}}, ""},
		{"none", nil, ""},
	} {
		var p renewal.Problem
		if err := json.Unmarshal(run.Input, &p); err != nil {
			t.Fatal(err)
		}
		p.Locks = one.locks
		again := run
		if again.Input, err = json.Marshal(p); err != nil {
			t.Fatal(err)
		}
		locked := plan
		locked.Name = one.what
		id, err := c.SavePlan(ctx, "test", again, locked)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{"two.html", "two.docx"} {
			page := written(t, c, form, export.Options{Lang: "en", Plan: id, Versus: plan.ID})
			if told := strings.Contains(page, "The locks change nothing"); told != (one.want != "") || !strings.Contains(page, one.want) {
				t.Errorf("%s, %s: told %v, want %q", one.what, form, told, one.want)
			}
		}
		if one.want == "" {
			continue
		}
		other := plan // less of another block
		other.Name, other.Blocks = "other", append([]plottage.Block{}, plan.Blocks...)
		other.Blocks = other.Blocks[:len(other.Blocks)-1]
		if id, err = c.SavePlan(ctx, "test", again, other); err != nil {
			t.Fatal(err)
		}
		if page := written(t, c, "two.html", export.Options{Lang: "en", Plan: id, Versus: plan.ID}); !strings.Contains(page, "The locks are not what makes the difference: 手工 already held all 2 of them") {
			t.Error("of plans that differ it does not say that the locks are not why")
		}
	}
}
