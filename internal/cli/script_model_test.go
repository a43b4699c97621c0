package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
)

// builtIn answers the condition [highs].
func builtIn(cond string) (bool, error) {
	if cond != "highs" {
		return false, fmt.Errorf("condition %q is not known", cond)
	}
	return highs.New(os.TempDir()) != nil, nil
}

// solvedCmd solves a program and writes the answer as each solver would.
func solvedCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: solved MODEL.mps NAME")
	}
	m, names, err := lp.ReadMPS(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	session, err := highs.New(os.TempDir()).Open(context.Background())
	ts.Check(err)
	defer session.Close()
	ts.Check(session.Load(context.Background(), m))
	s, err := session.Solve(context.Background(), lp.Options{})
	ts.Check(err)
	if s.Status != lp.Optimal {
		ts.Fatalf("%s is %s", args[0], s.Status)
	}
	dense, cbc, scip, miplib := "", "", "", ""
	for j, x := range s.X {
		dense += fmt.Sprintf("%s %.17g\n", names[j], x)
		if x != 0 {
			cbc += fmt.Sprintf("%7d %s %15.8g %15.8g\n", j, names[j], x, m.Columns[j].Cost)
			scip += fmt.Sprintf("%s %20.15g \t(obj:%.15g)\n", names[j], x, m.Columns[j].Cost)
			miplib += fmt.Sprintf("%s %.15g\n", names[j], x)
		}
	}
	for solver, text := range map[string]string{
		"highs":  fmt.Sprintf("Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective %.17g\n# Columns %d\n%s# Rows 1\nr0 0\n", s.Value, len(names), dense),
		"cbc":    fmt.Sprintf("Optimal - objective value %.8f\n%s", s.Value, cbc),
		"scip":   fmt.Sprintf("solution status: optimal solution found\nobjective value: %.15g\n%s", s.Value, scip),
		"miplib": fmt.Sprintf("=obj= %.15g\n%s", s.Value, miplib),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]+"."+solver+".sol"), []byte(text), 0o644))
	}
}
