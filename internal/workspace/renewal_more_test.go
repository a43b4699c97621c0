package workspace_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// graded gives the estate verdicts: the first column is idle, the last operates below
// the standard.
func graded(t *testing.T, city *workspace.City) {
	t.Helper()
	var all []plottage.Verdict
	for r := range 4 {
		for c := range 5 {
			v := plottage.Verdict{Parcel: fmt.Sprintf("L%d%d", r, c), Pack: "p@1", Candidate: true, Grade: "C"}
			switch c {
			case 0:
				v.Queue, v.Stage, v.Grade = plottage.QueueIdle, plottage.SuppliedUnused, "D"
			case 4:
				v.Queue, v.Stage = plottage.QueueInefficient, plottage.BelowStandard
			}
			all = append(all, v)
		}
	}
	run := plottage.Run{Verb: "land grade", Version: plottage.Version, Status: "done", Started: "2026-11-23T09:00:00Z"}
	if _, err := city.SaveVerdicts(t.Context(), "tester", run, "p@1", all); err != nil {
		t.Fatal(err)
	}
}

// everything asks for all that a plan can be asked for.
func everything() workspace.SolveOptions {
	o := estateOptions()
	o.Years, o.Modes, o.Gap = "2027-2028", workspace.ModeNames(), 0.1
	o.Floors, o.Fund, o.WholeOwners, o.After = []string{"T/idle=60", "*/*/D=60"}, "4亿", []string{"O00", "O11"}, []string{"huge=far"}
	o.Economy.Receipt = 500
	return o
}

// Every way of treating land and every agreement goes from the options to a plan that
// the checker accepts and that repeats.
func TestEverythingFromOptionsToPlan(t *testing.T) {
	city := estate(t)
	graded(t, city)
	s, err := city.SolveRenewal(t.Context(), everything(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if checked, err := city.CheckRenewal(t.Context(), 0); err != nil || !checked.Passed {
		t.Errorf("check: %v %s", err, checked.FirstFailure())
	}
	if again, err := city.ReplayRenewal(t.Context(), s.Plan.Run); err != nil || !again.Same {
		t.Errorf("replay: %v same=%v", err, again.Same)
	}
	rows := map[string]renewal.Usage{}
	for _, u := range s.Usage {
		rows[u.Row] = u
	}
	for _, name := range []string{"floor:T:idle:", "floor:::D", "fund:<=2027", "fund:<=2028"} {
		if _, ok := rows[name]; !ok {
			t.Errorf("no row %s in %v", name, s.Usage)
		}
	}
	if rows["floor:T:idle:"].Used < 40_000 {
		t.Errorf("got %d m² of idle land treated, want 60 mu", rows["floor:T:idle:"].Used)
	}

	// What was planned is signed, and the plan approved: the next one keeps both.
	o := everything()
	first := s.Plan.Blocks[0]
	o.Signed, o.Approved, o.MaxChange = []string{fmt.Sprintf("%d/%s", s.Plan.ID, first.ID)}, int(s.Plan.ID), "0%"
	o.Budget = "2.9亿"
	next, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil || next.Plan.Status == plottage.Infeasible {
		t.Fatalf("got %v %s %v", err, next.Plan.Status, next.Clashes)
	}
	for _, b := range s.Plan.Blocks {
		same := func(x plottage.Block) bool {
			return x.Year == b.Year && x.Mode == b.Mode && slices.Equal(x.Parcels, b.Parcels)
		}
		if !slices.ContainsFunc(next.Plan.Blocks, same) {
			t.Errorf("block %s %v is not in the plan that may change nothing", b.ID, b.Parcels)
		}
	}
}

// What a parcel can be treated by follows from its stage.
func TestSingleModesFollowTheStage(t *testing.T) {
	city := estate(t)
	graded(t, city)
	built, err := city.BuildProblem(t.Context(), everything())
	if err != nil {
		t.Fatal(err)
	}
	mode := func(name string) int {
		return slices.IndexFunc(built.Problem.Modes, func(m renewal.Mode) bool { return m.Name == name })
	}
	for _, l := range built.Problem.Lots {
		if idle := strings.HasSuffix(l.ID, "0"); l.In[mode("reclaim")].Off == idle {
			t.Errorf("%s: reclaim off is %v on idle land %v", l.ID, !idle, idle)
		}
		if below := strings.HasSuffix(l.ID, "4"); l.In[mode("topup")].Off == below {
			t.Errorf("%s: top-up off is %v", l.ID, !below)
		}
	}
	if m := built.Problem.Modes[mode("upgrade")]; !m.Alone || m.Displaces {
		t.Errorf("got %+v, want an owner's upgrade to stand alone and displace nobody", m)
	}
}

// What cannot be read is refused with the option and the value.
func TestAgreementsAsWritten(t *testing.T) {
	city := estate(t)
	graded(t, city)
	for name, spoil := range map[string]func(o *workspace.SolveOptions){
		"floor without area":     func(o *workspace.SolveOptions) { o.Floors = []string{"T/idle"} },
		"floor of no class":      func(o *workspace.SolveOptions) { o.Floors = []string{"T/unsupplied=10"} },
		"four parts":             func(o *workspace.SolveOptions) { o.Floors = []string{"T/idle/D/x=10"} },
		"fund in words":          func(o *workspace.SolveOptions) { o.Fund = "plenty" },
		"negative lag":           func(o *workspace.SolveOptions) { o.FundLag = -1 },
		"unknown owner":          func(o *workspace.SolveOptions) { o.WholeOwners = []string{"nobody"} },
		"unknown project":        func(o *workspace.SolveOptions) { o.After = []string{"huge=none"} },
		"a project after itself": func(o *workspace.SolveOptions) { o.After = []string{"huge=huge"} },
		"signed without a block": func(o *workspace.SolveOptions) { o.Signed = []string{"1"} },
	} {
		o := everything()
		spoil(&o)
		if _, err := city.BuildProblem(t.Context(), o); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}
