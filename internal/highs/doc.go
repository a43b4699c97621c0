// Package highs runs the solver HiGHS (Huangfu and Hall 2018) as an engine of
// kernel/lp, in WebAssembly under wazero, so that the program stays one binary
// without a C compiler.
//
// HiGHS is optional: `make` fetches the pinned npm package highs, checks its
// checksum and puts highs.wasm into the folder wasm; a program built without it
// says so ([Available]) and the native methods go on alone.
//
// Each session is a child process of this same program. HiGHS does not always keep
// its time limit and a C++ exception ends its instance, so the parent must be able
// to kill it; wazero's own cancellation would cost a factor of six. Answers are not
// trusted: callers re-check them with lp.Model.Residual and DualBound.
package highs

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/plottage/plottage/kernel/lp"
)

//go:embed all:wasm
var files embed.FS

// wasmSHA256 is the checksum of build/highs.wasm in npm's highs@1.15.3. The names
// in abi.go are minified anew in each build, so they belong to this file only.
const wasmSHA256 = "528be4365bea1d4188988646b244263f50320df55782e14d6af5bce7cd45c840"

// version names the engine in a run's record.
const version = "HiGHS 1.15.3 (wasm)"

func wasm() ([]byte, error) {
	b, err := files.ReadFile("wasm/highs.wasm")
	if err != nil {
		return nil, fmt.Errorf("HiGHS is not built in: run make")
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != wasmSHA256 {
		return nil, fmt.Errorf("highs.wasm has checksum %x, want %s", sum, wasmSHA256)
	}
	return b, nil
}

// Available reports whether HiGHS is built in.
func Available() bool {
	_, err := wasm()
	return err == nil
}

// Kept is New with the compiled code in the user's cache, so that only the first start
// takes seconds.
func Kept() lp.Engine {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return New(filepath.Join(dir, "plottage", "highs"))
}

// New returns the engine, or nil when HiGHS is not built in or the program never
// called RunIfChild, so that the result can be handed on as "no solver at hand". cacheDir keeps the compiled code (about
// 20 MB) between runs; "" compiles anew in each session (2 s).
func New(cacheDir string) lp.Engine {
	if !host || !Available() {
		return nil
	}
	return &engine{cacheDir: cacheDir}
}

type engine struct{ cacheDir string }

// Name returns the engine's name and version.
func (*engine) Name() string { return version }

// Open starts a child process with an empty model.
func (e *engine) Open(ctx context.Context) (lp.Session, error) {
	s := &session{cacheDir: e.cacheDir}
	if err := s.start(); err != nil {
		return nil, err
	}
	return s, nil
}
