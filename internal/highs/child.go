package highs

import (
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"

	"github.com/plottage/plottage/kernel/lp"
)

// childEnv marks a process started to be a session; its value is the cache folder.
const childEnv = "PLOTTAGE_HIGHS_CHILD"

// request is what the parent asks of the child: one of the fields is set.
type request struct {
	Load    *lp.Model
	Columns []lp.Column
	Rows    []lp.Row
	Entries [][]lp.Entry
	Bounds  *bounds
	Solve   *lp.Options
}

type bounds struct {
	Row          bool
	Number       int
	Lower, Upper float64
}

type response struct {
	Err      string
	Solution lp.Solution
}

// host says that this program can serve as its own child.
var host bool

// RunIfChild turns this process into a session when it was started as one, and
// then does not return. Programs and tests that use the engine call it first; where
// none did, New gives no engine: a child that does not know itself for one would run
// the program again, and start a child in its turn, without end.
func RunIfChild() {
	host = true
	dir, child := os.LookupEnv(childEnv)
	if !child {
		return
	}
	if err := serve(os.Stdin, os.Stdout, dir); err != nil && err != io.EOF {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve answers requests until the parent closes the pipe.
func serve(r io.Reader, w io.Writer, cacheDir string) error {
	in, err := newInstance(context.Background(), cacheDir)
	if err != nil {
		return err
	}
	dec, enc := gob.NewDecoder(r), gob.NewEncoder(w)
	var size struct {
		cols, rows int
		integer    bool
	}
	for {
		var q request
		if err := dec.Decode(&q); err != nil {
			return err
		}
		var a response
		trap := guard(func() {
			switch {
			case q.Load != nil:
				in.load(q.Load)
				size.cols, size.rows = len(q.Load.Columns), len(q.Load.Rows)
				size.integer = anyInteger(q.Load.Columns)
			case q.Columns != nil:
				in.addColumns(q.Columns, size.cols)
				size.cols += len(q.Columns)
				size.integer = size.integer || anyInteger(q.Columns)
			case q.Rows != nil:
				in.addRows(q.Rows, q.Entries)
				size.rows += len(q.Rows)
			case q.Bounds != nil:
				in.setBounds(*q.Bounds)
			case q.Solve != nil:
				a.Solution = in.solve(*q.Solve, size.cols, size.rows, size.integer)
			}
		})
		if trap != nil {
			a.Err = trap.Error()
		}
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
}

// guard runs f and returns the trap it ended in, if any.
func guard(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			t, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = t.err
		}
	}()
	f()
	return nil
}

func anyInteger(cols []lp.Column) bool {
	for i := range cols {
		if cols[i].Integer {
			return true
		}
	}
	return false
}
