package cli

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/highs"
)

// The test binary is plottage itself for the scripts: another process, as for people.
func TestMain(m *testing.M) {
	highs.RunIfChild()
	if os.Getenv("PLOTTAGE_TEST_PROGRAM") != "" {
		runProgram()
	}
	testscript.Main(m, map[string]func(){"plottage": runProgram})
}

// runProgram is cmd/plottage.
func runProgram() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The scripts in testdata/script are the command line as people meet it. Beside the
// commands of testscript they know:
//
//	drawn DRAWING OUT.csv   lots of 100 m x 100 m from letters, with the facts below them
//	exits N COMMAND …       runs a command that must end with exit code N
//	json stdout [WORD …]    standard output is one JSON document and has these words
//	locked CITY LOCK …      locks parcels as the map does: a=in, a=out, a=in@2028
//	solved MODEL.mps NAME   HiGHS solves a program; its answer is NAME.highs.sol, NAME.cbc.sol, …
//	sound CITY              the city file is whole
//	sql CITY STATEMENT      changes the city file as another program would
//
// and the condition [highs]: HiGHS is built in.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:       "testdata/script",
		Condition: builtIn,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "en_US.UTF-8")
			env.Setenv("LC_ALL", "")
			env.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"drawn": drawnCmd, "exits": exitsCmd, "json": jsonCmd, "locked": lockedCmd, "solved": solvedCmd, "sound": soundCmd, "sql": sqlCmd,
		},
	})
}

// drawnCmd turns a drawing into a table of lots. The drawing is letters and dots; after
// an empty line follows a table in CSV whose first column is the letter.
func drawnCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: drawn DRAWING OUT.csv")
	}
	picture, facts, _ := strings.Cut(ts.ReadFile(args[0]), "\n\n")
	wkt := map[string]string{}
	lines := strings.Split(strings.TrimSpace(picture), "\n")
	for row, line := range lines {
		for col, letter := range line {
			x, y := 500_000+100*col, 3_200_000+100*(len(lines)-1-row)
			wkt[string(letter)] = fmt.Sprintf("POLYGON((%d %d,%d %d,%d %d,%d %d,%d %d))", x, y, x+100, y, x+100, y+100, x, y+100, x, y)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(facts)).ReadAll()
	ts.Check(err)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for i, row := range rows {
		shape := "wkt"
		if i > 0 {
			shape = wkt[row[0]]
		}
		ts.Check(w.Write(append(row, shape)))
	}
	w.Flush()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o644))
}

// exitsCmd runs a command whose exit code matters.
func exitsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N COMMAND …")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit %s, want %s", got, args[0])
	}
}

// jsonCmd holds that an output is one JSON document.
func jsonCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: json FILE [WORD …]")
	}
	text := ts.ReadFile(args[0])
	if !json.Valid([]byte(text)) {
		ts.Fatalf("not one JSON document:\n%s", text)
	}
	var tight bytes.Buffer
	ts.Check(json.Compact(&tight, []byte(text)))
	for _, word := range args[1:] {
		if ok, err := regexp.Match(word, tight.Bytes()); err != nil || !ok {
			ts.Fatalf("no %s in %s", word, tight.String())
		}
	}
}

// lockedCmd sets all locks of a city, also such as the command line refuses.
func lockedCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: locked CITY PARCEL=in|out[@YEAR] …")
	}
	var locks []plottage.Lock
	for _, arg := range args[1:] {
		id, kind, _ := strings.Cut(arg, "=")
		kind, year, _ := strings.Cut(kind, "@")
		l := plottage.Lock{Parcel: id, Kind: plottage.LockKind(kind)}
		if year != "" {
			var err error
			l.Year, err = strconv.Atoi(year)
			ts.Check(err)
		}
		locks = append(locks, l)
	}
	ctx := context.Background()
	s, err := gpkg.Open(ctx, ts.MkAbs(args[0]))
	ts.Check(err)
	defer s.Close()
	meta, err := s.Meta(ctx)
	ts.Check(err)
	ts.Check(s.SetLocks(ctx, "test", meta.Version, locks))
}

func sqlCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql CITY STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(err)
	ts.Check(db.Close())
}

func soundCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sound CITY")
	}
	s, err := gpkg.OpenReadOnly(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	defer s.Close()
	ts.Check(gpkg.Check(context.Background(), s))
	if left, _ := filepath.Glob(ts.MkAbs(args[0]) + "-*"); len(left) > 0 {
		ts.Fatalf("left beside the city: %v", left)
	}
}
