// Package child reads foreign files in a process of its own, bounded in time and
// memory, and streams what it finds to the parent.
//
// A file from outside can make any parser run for ever, ask for all memory or fall
// over. [Run] therefore starts this same program again as "plottage read-child",
// hands it a [Request], and takes rows back through a pipe in a compact binary
// form ([AppendRow]). It kills the child that is too slow or too large and says so in
// words; whatever happens in the child, the parent goes on.
//
// A program that calls [Run] calls [Main] first thing in main, and a test binary in
// TestMain.
package child

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Verb is the hidden command that makes the program a reading child.
const Verb = "read-child"

// variable in the environment that a parent sets for its child: a program that was
// not started by Run never becomes a child, and a child never starts another.
const variable = "PLOTTAGE_READ_CHILD"

// Request says what a child shall read.
type Request struct {
	Path     string       `json:"path"`               // file or folder
	Temp     string       `json:"temp"`               // empty folder of its own, the parent removes it
	Only     []string     `json:"only,omitempty"`     // data sets of an archive or folder to read; none: all
	AnyCRS   bool         `json:"any_crs"`            // the system is known: coordinates need not be what the format wants
	Encoding string       `json:"encoding,omitempty"` // of texts; "" detects
	Limits   layer.Limits `json:"limits"`
	Memory   int64        `json:"memory"` // bytes the child may hold
	CPU      int          `json:"cpu"`    // seconds of processor time it may use
}

// ReadFunc reads what a request names into a sink.
type ReadFunc func(ctx context.Context, q Request, sink layer.Sink) error

// IsChild reports whether this process was started by Run to read a file.
func IsChild() bool { return os.Getenv(variable) == "1" }

// Main makes this process a reading child when Run started it: it reads the request
// from standard input, streams the answer to standard output and exits. In any other
// process it returns at once.
func Main(read ReadFunc) {
	if IsChild() {
		os.Exit(Serve(os.Stdin, os.Stdout, read))
	}
}

// Serve answers one request and returns the exit code of the process: 0 when the
// answer was written, also when the answer is that the file is refused.
func Serve(in io.Reader, out io.Writer, read ReadFunc) int {
	var q Request
	if err := json.NewDecoder(io.LimitReader(in, 1<<20)).Decode(&q); err != nil {
		return 1
	}
	restrain(q)
	w := newWriter(out)
	err := guarded(context.Background(), q, w, read)
	if err != nil {
		f := asFailure(err)
		f.Peak = peakOfSelf()
		err = w.json(frameFailed, f)
	} else {
		err = w.json(frameDone, summary{Rows: w.rows, PeakBytes: peakOfSelf()})
	}
	if err != nil || w.w.Flush() != nil {
		return 1
	}
	return 0
}

// restrain sets the limits a process can set on itself. The parent enforces the same
// from outside, should these not hold.
func restrain(q Request) {
	if q.Memory > 0 {
		debug.SetMemoryLimit(q.Memory * 3 / 4)
	}
	setLimits(q)
}

// guarded turns a panic of a reader into a refusal: a file that trips a reader must
// not look like a failure of the machine.
func guarded(ctx context.Context, q Request, sink layer.Sink, read ReadFunc) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &plottage.Error{Code: plottage.BadInput, Key: "import_crashed", Where: plottage.Where{File: baseName(q.Path)}, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return read(ctx, q, sink)
}

func asFailure(err error) failure {
	var e *plottage.Error
	if !errors.As(err, &e) {
		return failure{Error: plottage.Error{Code: plottage.Internal, Key: "internal", Args: map[string]any{"detail": err.Error()}}}
	}
	f := failure{Error: *e}
	if e.Err != nil {
		f.Detail = e.Err.Error()
	}
	return f
}
