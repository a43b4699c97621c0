package highs

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/plottage/plottage/kernel/lp"
)

// session is the parent's end of one child.
type session struct {
	cacheDir string
	cmd      *exec.Cmd
	in       io.WriteCloser
	enc      *gob.Encoder
	dec      *gob.Decoder
	lost     error // why the child is gone; every later call says so
}

func (s *session) start() error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start HiGHS: %w", err)
	}
	s.cmd = exec.Command(program)
	s.cmd.Env = append(os.Environ(), childEnv+"="+s.cacheDir)
	s.cmd.Stderr = os.Stderr
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start HiGHS: %w", err)
	}
	s.enc, s.dec = gob.NewEncoder(s.in), gob.NewDecoder(out)
	return nil
}

// Load replaces the model.
func (s *session) Load(ctx context.Context, m *lp.Model) error {
	_, err := s.ask(ctx, request{Load: m}, 0)
	return err
}

// AddColumns appends columns to the loaded model.
func (s *session) AddColumns(ctx context.Context, cols []lp.Column) error {
	if len(cols) == 0 {
		return nil
	}
	_, err := s.ask(ctx, request{Columns: cols}, 0)
	return err
}

// AddRows appends rows with their entries.
func (s *session) AddRows(ctx context.Context, rows []lp.Row, entries [][]lp.Entry) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := s.ask(ctx, request{Rows: rows, Entries: entries}, 0)
	return err
}

// SetColumnBounds changes the bounds of column j.
func (s *session) SetColumnBounds(ctx context.Context, j int, lower, upper float64) error {
	_, err := s.ask(ctx, request{Bounds: &bounds{Number: j, Lower: lower, Upper: upper}}, 0)
	return err
}

// SetRowBounds changes the bounds of row i.
func (s *session) SetRowBounds(ctx context.Context, i int, lower, upper float64) error {
	_, err := s.ask(ctx, request{Bounds: &bounds{Row: true, Number: i, Lower: lower, Upper: upper}}, 0)
	return err
}

// overrun is how long past its limit HiGHS may run before it is killed: it looks
// at its clock rarely in the root node.
const overrun = 10 * time.Second

// Solve solves what is loaded. A child that runs far past o.Limit is killed: the
// status is then Stopped without a point, and the session is lost.
func (s *session) Solve(ctx context.Context, o lp.Options) (lp.Solution, error) {
	patience := time.Duration(0)
	if o.Limit > 0 {
		patience = o.Limit + overrun
	}
	sol, err := s.ask(ctx, request{Solve: &o}, patience)
	if errors.Is(err, errOverrun) {
		return lp.Solution{Status: lp.Stopped}, nil
	}
	return sol, err
}

// Close ends the child.
func (s *session) Close() error {
	if s.lost == nil {
		s.lost = errors.New("HiGHS: the session is closed")
		_ = s.in.Close()
		_ = s.cmd.Wait()
	}
	return nil
}

var errOverrun = errors.New("HiGHS ran past its time limit and was stopped")

// ask sends a request and waits for the answer, for ctx to end or for patience to
// run out (0: none); in the last two cases the child is killed.
func (s *session) ask(ctx context.Context, q request, patience time.Duration) (lp.Solution, error) {
	if s.lost != nil {
		return lp.Solution{}, s.lost
	}
	var a response
	done := make(chan error, 1)
	go func() {
		err := s.enc.Encode(q)
		if err == nil {
			err = s.dec.Decode(&a)
		}
		done <- err
	}()
	var late <-chan time.Time
	if patience > 0 {
		t := time.NewTimer(patience)
		defer t.Stop()
		late = t.C
	}
	select {
	case err := <-done:
		if err != nil {
			return lp.Solution{}, s.kill(fmt.Errorf("HiGHS ended without an answer: %w", err))
		}
	case <-ctx.Done():
		defer func() { <-done }()
		return lp.Solution{}, s.kill(fmt.Errorf("HiGHS: %w", ctx.Err()))
	case <-late:
		defer func() { <-done }()
		return lp.Solution{}, s.kill(errOverrun)
	}
	if a.Err != "" {
		return lp.Solution{}, s.kill(errors.New(a.Err)) // after a trap the instance is undefined
	}
	return a.Solution, nil
}

func (s *session) kill(why error) error {
	s.lost = why
	_ = s.cmd.Process.Kill()
	_ = s.in.Close()
	_ = s.cmd.Wait()
	return why
}

func (in *instance) setBounds(b bounds) {
	fn := fnColBnd
	if b.Row {
		fn = fnRowBnd
	}
	in.must(fn, uint64(uint32(b.Number)), api.EncodeF64(b.Lower), api.EncodeF64(b.Upper))
}
