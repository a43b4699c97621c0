package child

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plottage/plottage"
)

// Budget is what a child may cost before it is killed.
type Budget struct {
	Time   time.Duration // wall clock
	Memory int64         // resident bytes
	Bounds Bounds        // of what it sends
}

// Usage is what a child did cost.
type Usage struct {
	Seconds   float64 `json:"seconds"`
	PeakBytes int64   `json:"peak_bytes"`
	Killed    string  `json:"killed,omitempty"` // "time", "memory" or "" when it ended by itself
}

// Run reads q in a child process and hands what it sends to sink, on the calling
// goroutine. A file that is refused comes back as the *plottage.Error of its reader;
// a child that is too slow or too large as code Limit; one that dies as BadInput.
func Run(ctx context.Context, q Request, b Budget, sink Sink) (Usage, error) {
	if IsChild() {
		return Usage{}, errors.New("a reading child may not start another: call child.Main first")
	}
	self, err := os.Executable()
	if err != nil {
		return Usage{}, fmt.Errorf("find own program: %w", err)
	}
	q.Memory, q.CPU = b.Memory, int(b.Time/time.Second)*2+1
	request, err := json.Marshal(q)
	if err != nil {
		return Usage{}, err
	}
	// argv[0] stays as it is: some programs choose by it what they are.
	cmd := &exec.Cmd{Path: self, Args: []string{os.Args[0], Verb}}
	cmd.Env = append(quietEnv(), variable+"=1")
	cmd.Stdin = bytes.NewReader(request)
	return Guard(ctx, cmd, b, func(out *os.File) (int64, error) {
		sum, err := decode(out, b.Bounds, sink)
		return sum.PeakBytes, err
	}, baseName(q.Path))
}

// quietEnv is what a child needs of our environment, and nothing that could change
// what it does.
func quietEnv() (env []string) {
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA":
			env = append(env, kv)
		}
	}
	return env
}

// Guard runs cmd within the budget while take reads its standard output to the end;
// take returns the peak memory if the process tells it. file names the source in
// errors. It serves for our own child and for ogr2ogr alike.
func Guard(ctx context.Context, cmd *exec.Cmd, b Budget, take func(out *os.File) (int64, error), file string) (Usage, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return Usage{}, err
	}
	defer out.Close()
	words := &head{max: 4 << 10}
	cmd.Stdout, cmd.Stderr = in, words
	cmd.WaitDelay = 2 * time.Second
	ownGroup(cmd)
	started := time.Now()
	if err := cmd.Start(); err != nil {
		in.Close()
		return Usage{}, fmt.Errorf("start the reading process: %w", err)
	}
	in.Close()
	w := watch(ctx, cmd.Process.Pid, b)
	peak, takeErr := take(out)
	if takeErr != nil {
		killGroup(cmd.Process.Pid) // it has nothing more to say
	}
	waitErr := cmd.Wait()
	w.stop()
	u := Usage{Seconds: time.Since(started).Seconds(), PeakBytes: max(peak, w.peak.Load()), Killed: w.reason()}
	return u, verdict(ctx, u, b, takeErr, waitErr, words.String(), file)
}

// verdict says in words how a child ended.
func verdict(ctx context.Context, u Usage, b Budget, takeErr, waitErr error, words, file string) error {
	where := plottage.Where{File: file}
	switch {
	case u.Killed == "time":
		return &plottage.Error{Code: plottage.Limit, Key: "import_time", Where: where, Args: map[string]any{"seconds": int(b.Time.Seconds())}}
	case u.Killed == "memory":
		return &plottage.Error{Code: plottage.Limit, Key: "import_memory", Where: where, Args: map[string]any{"megabytes": b.Memory >> 20}}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(takeErr, errBounds):
		return &plottage.Error{Code: plottage.Limit, Key: "import_too_much", Where: where, Args: map[string]any{"rows": b.Bounds.withDefaults().Rows}}
	case takeErr != nil && !errors.Is(takeErr, errFrame):
		return takeErr
	case takeErr != nil || waitErr != nil:
		return &plottage.Error{Code: plottage.BadInput, Key: "import_crashed", Where: where, Err: fmt.Errorf("%s", crash(takeErr, waitErr, words))}
	}
	return nil
}

// crash is the first thing a dying process said, for the log.
func crash(takeErr, waitErr error, words string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	switch {
	case first != "":
		return first
	case waitErr != nil:
		return waitErr.Error()
	}
	return takeErr.Error()
}

// watcher kills a process group that outgrows its budget.
type watcher struct {
	done, ended chan struct{}
	peak        atomic.Int64
	killed      atomic.Pointer[string]
}

func (w *watcher) reason() string {
	if p := w.killed.Load(); p != nil {
		return *p
	}
	return ""
}

func (w *watcher) stop() {
	close(w.done)
	<-w.ended
}

func (w *watcher) kill(pid int, why string) {
	w.killed.Store(&why)
	killGroup(pid)
}

const watchEvery = 20 * time.Millisecond

func watch(ctx context.Context, pid int, b Budget) *watcher {
	w := &watcher{done: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		var late <-chan time.Time
		if b.Time > 0 {
			timer := time.NewTimer(b.Time)
			defer timer.Stop()
			late = timer.C
		}
		for {
			select {
			case <-w.done:
				return
			case <-ctx.Done():
				w.kill(pid, "stopped")
				return
			case <-late:
				w.kill(pid, "time")
				return
			case <-tick.C:
			}
			rss, peak := memoryOf(pid)
			w.peak.Store(max(w.peak.Load(), peak))
			if b.Memory > 0 && rss > b.Memory {
				w.kill(pid, "memory")
				return
			}
		}
	}()
	return w
}

// head keeps the first bytes written to it and drops the rest.
type head struct {
	bytes.Buffer
	max int
}

// Write implements io.Writer; it never fails.
func (h *head) Write(p []byte) (int, error) {
	if room := h.max - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func baseName(path string) string { return filepath.Base(path) }
