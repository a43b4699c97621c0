package lp

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// The files were written by HiGHS 1.16.0, CBC 2.10.3 and SCIP 10.0 for one program of package
// renewal; that of Gurobi and of MIPLIB is the same point in their form.
func TestSolutionsOfEverySolverAreOneAnswer(t *testing.T) {
	want := map[string]float64{"lot[L002-02~2,s1,clear,2027]": 1, "lot[L002-03,s1,clear,2027]": 1, "in[L002-02,s1]": 1, "in[L002-03,s1]": 1, "start[s1,clear,2027]": 1}
	for file, solver := range map[string]string{"highs.sol": "HiGHS", "highs_sparse.sol": "HiGHS", "cbc.sol": "CBC", "scip.sol": "SCIP", "gurobi.sol": "Gurobi", "miplib.sol": ""} {
		f, err := os.Open("testdata/solutions/" + file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := ReadSolution(f)
		_ = f.Close()
		if err != nil || a.Solver != solver {
			t.Errorf("%s: got solver %q, error %v, want %q", file, a.Solver, err, solver)
		}
		for name, x := range want {
			if a.Values[name] != x {
				t.Errorf("%s: %s is %v, want %v", file, name, a.Values[name], x)
			}
		}
		for name, x := range a.Values {
			if strings.HasPrefix(name, "row:") || x > 1 {
				t.Errorf("%s: %s = %v is no column at 0 or 1", file, name, x)
			}
		}
	}
}

func TestBadSolutionsAreRefusedByName(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "empty",
		"\n\n":                      "empty",
		"hello world of solvers\n":  "form",
		"PK\x03\x04\n":              "form",
		"Columns\n Index Status\n":  "pretty",
		"<?xml version=\"1.0\"?>\n": "xml",
		"=infeas=\n":                "none",
		"solution status: infeasible\nno solution available\n":                          "none",
		"Infeasible - objective value 0.0\n 0 x 1 0\n":                                  "none",
		"Stopped on time (no integer solution - continuous used) - objective value 1\n": "none",
		"Model status\nInfeasible\n\n# Primal solution values\nNone\n":                  "none",
		"Model status\nOptimal\n":                                                       "empty",
		"# Solution for model a\nx\n":                                                   "pair",
		"=obj= 1\nx nan\n":                                                              "number",
		"=obj= 1\nx +infinity\n":                                                        "number",
		"=obj= 1\nx 1\nx 0\n":                                                           "twice",
		"Optimal - objective value 3\n 0 x\n":                                           "pair",
		"=obj= 1\n" + strings.Repeat("x", 20<<10) + " 1\n":                              "form",
	} {
		_, err := ReadSolution(strings.NewReader(text))
		var e *SolutionError
		if !errors.As(err, &e) || e.Why != want {
			t.Errorf("%.60q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzReadSolution(f *testing.F) {
	for _, file := range []string{"highs.sol", "highs_sparse.sol", "highs_pretty.sol", "cbc.sol", "scip.sol", "gurobi.sol", "miplib.sol"} {
		b, err := os.ReadFile("testdata/solutions/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ReadSolution(strings.NewReader(text))
		var e *SolutionError
		if err != nil && (!errors.As(err, &e) || e.Why == "") {
			t.Fatalf("got error %v without a reason", err)
		}
		for name, x := range a.Values {
			if name == "" || strings.ContainsAny(name, " \n") || x != x {
				t.Fatalf("got %q = %v", name, x)
			}
		}
	})
}
