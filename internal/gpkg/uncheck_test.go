package gpkg

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// checkedPlan is a city with one plan of two blocks that passed the check.
func checkedPlan(t *testing.T) (*Store, int64) {
	t.Helper()
	ctx := context.Background()
	made, err := Create(ctx, filepath.Join(t.TempDir(), "city.gpkg"), workspace.Meta{}, "test", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Close() })
	id, err := made.SavePlan(ctx, "test", plottage.Run{Verb: "renewal solve"}, plottage.Plan{
		Name: "甲", Status: plottage.Feasible, Value: 7, Check: plottage.Check{Outcome: plottage.Passed, At: "2026-11-30T08:00:00Z", Version: "1", Items: 9},
		Blocks:     []plottage.Block{{ID: "2027-01", Parcels: []string{"a"}, Year: 2027}, {ID: "2028-01", Parcels: []string{"b"}, Kept: []string{"c"}, Year: 2028}},
		Placements: []plottage.Placement{{Project: "p", Block: "2027-01", Year: 2028}},
		Moves:      []plottage.Move{{Firm: "f", Block: "2027-01", To: "town:1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.(*Store), id
}

func TestAPlanThatAnotherProgramChangedIsNotToldToHavePassed(t *testing.T) {
	for _, c := range []struct {
		change string
		stays  bool
	}{
		{"UPDATE blocks SET year = 2029 WHERE id = '2028-01'", false},
		{"UPDATE blocks SET plan = 99 WHERE id = '2028-01'", false},
		{"DELETE FROM blocks WHERE id = '2028-01'", false},
		{"INSERT INTO blocks (plan, id) SELECT max(fid), '2029-01' FROM plans", false},
		{"DELETE FROM plan_parcels WHERE parcel = 'b'", false},
		{"UPDATE plan_parcels SET kept = 0 WHERE parcel = 'c'", false},
		{"INSERT INTO plan_parcels (plan, block, parcel, kept) SELECT max(fid), '2027-01', 'd', 0 FROM plans", false},
		{"DELETE FROM placements", false},
		{"UPDATE placements SET year = 2030", false},
		{"DELETE FROM moves", false},
		{"UPDATE moves SET \"to\" = 'town:2'", false},
		{"UPDATE plans SET value = 8", false},
		{"UPDATE plans SET status = 'optimal'", false},
		{"UPDATE plans SET name = '乙'", true},
		{"UPDATE plans SET value = 7", true},
		{"INSERT INTO blocks (plan, id) VALUES (99, '2029-01')", true},
		{"DELETE FROM locks", true},
	} {
		s, id := checkedPlan(t)
		if _, err := s.w.Exec(c.change); err != nil {
			t.Fatalf("%s: %v", c.change, err)
		}
		p, err := s.Plan(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Check.Outcome == plottage.Passed; got != c.stays {
			t.Errorf("after %s: check %+v, should stay: %v", c.change, p.Check, c.stays)
		}
	}
}

func TestAFileOfAnEarlierEditionLearnsToForgetChecks(t *testing.T) {
	s, id := checkedPlan(t)
	old := []string{}
	rows, err := s.w.Query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%uncheck%'")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		old = append(old, "DROP TRIGGER "+name)
	}
	rows.Close()
	if len(old) != 13 {
		t.Fatalf("%d triggers, want 13: one of plans, three each of four tables", len(old))
	}
	for _, c := range []string{"checked", "checked_at", "checked_by", "checked_items", "checked_first"} {
		old = append(old, "ALTER TABLE plans DROP COLUMN "+c)
	}
	for _, q := range old {
		if _, err := s.w.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	path := s.path
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = reopened(t, path)
	ctx := context.Background()
	p, err := s.Plan(ctx, id)
	if err != nil || p.Check != (plottage.Check{}) {
		t.Fatalf("check %+v, %v", p.Check, err)
	}
	if err := s.SaveCheck(ctx, "test", id, p.Run, plottage.Check{Outcome: plottage.Failed, At: "2026-11-30T08:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.w.Exec("DELETE FROM moves"); err != nil {
		t.Fatal(err)
	}
	if p, err = s.Plan(ctx, id); err != nil || p.Check != (plottage.Check{}) {
		t.Fatalf("after a change: check %+v, %v", p.Check, err)
	}
}
