package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage/internal/gpkg"
)

// programEnv makes this program plottage itself, so that what is killed is what
// people run.
const programEnv = "PLOTTAGE_CRASH_PROGRAM"

// town is a city that the program works on, from the side of who kills it.
type town struct {
	self, dir string
	rng       *rand.Rand
	lasts     map[string]time.Duration // how long a command lasts that nobody kills
	marks     int
	fresh     int // numbers files that are made only once
	tally     *tally
}

// attempt is one command: what it is called, how it is typed, how often it changes
// the city, and what must be there when it said that it was done.
type attempt struct {
	kind    string
	args    []string
	changes int64
	kept    func(stdout []byte) []string // nil: nothing more than its changes
	always  func() []string              // what must hold, done or killed
}

func (t *town) city() string { return filepath.Join(t.dir, "city.gpkg") }

// besiege kills n commands of the program at random moments.
func besiege(self, dir string, n int, seed uint64) (*tally, error) {
	dir, err := os.MkdirTemp(dir, "crash") // a folder of its own: it is emptied every so often
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	t := &town{self: self, dir: dir, rng: rand.New(rand.NewPCG(seed, 3)), lasts: map[string]time.Duration{}, tally: newTally()}
	for i := 0; t.tally.total().kills < n; i++ {
		if i%freshEvery == 0 { // a small city is checked fast
			if err := t.found(); err != nil {
				return t.tally, err
			}
		}
		if err := t.try(t.pick()); err != nil {
			return t.tally, fmt.Errorf("command %d: %w", i, err)
		}
	}
	return t.tally, nil
}

// found makes the city anew, graded and clustered, each command to its end, which
// also tells how long it lasts.
func (t *town) found() error {
	left, err := filepath.Glob(filepath.Join(t.dir, "*"))
	if err != nil {
		return err
	}
	hidden, err := filepath.Glob(filepath.Join(t.dir, ".*.part*")) // what was in the making when killed
	for _, path := range append(left, hidden...) {
		remove(path)
	}
	if err != nil {
		return err
	}
	for _, a := range []attempt{
		{kind: "new", args: []string{"new", t.city(), "--epsg", "4549"}},
		t.importing(), t.grading(), t.clustering(), t.solving(), t.editing(), t.exporting(), t.making(),
	} {
		start := time.Now()
		out, err := t.run(a, 0)
		if err != nil {
			return fmt.Errorf("%s: %w", a.kind, err)
		}
		t.lasts[a.kind] = max(t.lasts[a.kind], time.Since(start))
		if wrong := t.verify(a, out, true); len(wrong) > 0 {
			return fmt.Errorf("%s: %s", a.kind, strings.Join(wrong, "; "))
		}
	}
	return nil
}

func (t *town) pick() attempt {
	switch x := t.rng.IntN(100); {
	case x < 30:
		return t.importing()
	case x < 45:
		return t.editing()
	case x < 62:
		return t.grading()
	case x < 70:
		return t.clustering()
	case x < 85:
		return t.solving()
	case x < 92:
		return t.making()
	}
	return t.exporting()
}

var errKilled = errors.New("killed")

// run types a command and kills it after a while; 0 lets it end. It returns what the
// command wrote. The output goes to a file: a child of the command that outlives it
// for a moment keeps nobody waiting.
func (t *town) run(a attempt, after time.Duration) ([]byte, error) {
	out, err := os.CreateTemp(t.dir, "out-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.Command(t.self, append(a.args, "--json")...)
	cmd.Env = append(os.Environ(), programEnv+"=1")
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if after > 0 {
		stop := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer stop.Stop()
	}
	err = cmd.Wait()
	b, readErr := os.ReadFile(out.Name())
	if readErr != nil {
		return nil, readErr
	}
	if err != nil && after > 0 && cmd.ProcessState.ExitCode() < 0 {
		return b, errKilled
	}
	if err != nil {
		return b, fmt.Errorf("%s: %w: %.600s", strings.Join(a.args, " "), err, b)
	}
	return b, nil
}

// try runs a command, kills it some time between its start and shortly after it
// would have ended, and looks at what is left.
func (t *town) try(a attempt) error {
	before, err := t.version()
	if err != nil {
		return err
	}
	after := time.Duration((0.02 + 1.1*t.rng.Float64()) * float64(t.lasts[a.kind]))
	out, err := t.run(a, after)
	done := err == nil
	if err != nil && !errors.Is(err, errKilled) {
		return err
	}
	k := t.tally.kind(a.kind)
	if done {
		k.acknowledged++
	} else {
		k.kills++
	}
	start := time.Now()
	s, err := gpkg.Open(context.Background(), t.city())
	k.openMS = max(k.openMS, float64(time.Since(start).Microseconds())/1000)
	if err != nil {
		k.corrupt++
		t.tally.say("%s: does not open: %v", a.kind, err)
		return nil
	}
	if err := gpkg.Check(context.Background(), s); err != nil {
		k.corrupt++
		t.tally.say("%s: %v", a.kind, err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	now, err := t.version()
	if err != nil {
		return err
	}
	if done && now != before+a.changes {
		k.lost++
		t.tally.say("%s: exit 0, version %d after %d, want %d", a.kind, now, before, before+a.changes)
	}
	if !done && now != before && now != before+a.changes {
		k.half++
		t.tally.say("%s: killed, version %d after %d", a.kind, now, before)
	}
	for _, w := range t.verify(a, out, done) {
		k.half++
		t.tally.say("%s: %s", a.kind, w)
	}
	return nil
}

func (t *town) version() (int64, error) {
	s, err := gpkg.OpenReadOnly(context.Background(), t.city())
	if err != nil {
		return 0, err
	}
	defer s.Close()
	m, err := s.Meta(context.Background())
	return m.Version, err
}

// verify looks for operations by half, and for what a command acknowledged.
func (t *town) verify(a attempt, out []byte, done bool) (wrong []string) {
	wrong = inspectTown(t.city())
	if a.always != nil {
		wrong = append(wrong, a.always()...)
	}
	if done && !json.Valid(out) {
		wrong = append(wrong, fmt.Sprintf("exit 0, but not one JSON document: %.200s", out))
	} else if done && a.kept != nil {
		wrong = append(wrong, a.kept(out)...)
	}
	return wrong
}

// holdsRun says whether the run whose number the command printed is in the city.
func (t *town) holdsRun(verb string, id int64) []string {
	ctx := context.Background()
	s, err := gpkg.OpenReadOnly(ctx, t.city())
	if err != nil {
		return []string{err.Error()}
	}
	defer s.Close()
	if r, err := s.Run(ctx, id); err != nil || r.Verb != verb {
		return []string{fmt.Sprintf("acknowledged run %d of %s is not there: %q %v", id, verb, r.Verb, err)}
	}
	return nil
}

// inspectTown compares the marks of the commands: an import writes one owner into
// every lot, an edit sets revenue to twice the tax, a grading gives every lot a
// verdict, a plan comes with its run.
func inspectTown(path string) (wrong []string) {
	ctx := context.Background()
	s, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		return []string{err.Error()}
	}
	defer s.Close()
	parcels, err := s.Parcels(ctx)
	sources, err2 := s.Sources(ctx)
	verdicts, err3 := s.Verdicts(ctx, "")
	if err := errors.Join(err, err2, err3); err != nil {
		return []string{err.Error()}
	}
	for _, p := range parcels {
		if p.Owner != parcels[0].Owner || p.Revenue.V != 2*p.Tax.V || p.Revenue.Known != p.Tax.Known {
			wrong = append(wrong, fmt.Sprintf("lot %s of %s, others of %s; tax %v, revenue %v", p.ID, p.Owner, parcels[0].Owner, p.Tax, p.Revenue))
			break
		}
	}
	if len(parcels) != 0 && len(parcels) != lotsTown {
		wrong = append(wrong, fmt.Sprintf("%d lots of %d", len(parcels), lotsTown))
	}
	if len(verdicts) != 0 && len(verdicts) != lotsTown {
		wrong = append(wrong, fmt.Sprintf("%d verdicts of %d lots", len(verdicts), lotsTown))
	}
	if n := len(sources); n > 0 {
		file, err := s.SourceFile(ctx, sources[n-1].ID)
		newest := slices.MaxFunc(sources, func(a, b source) int { return int(a.ID - b.ID) })
		if err != nil || !bytes.Contains(file, []byte("mark")) || newest.Name != parcels[0].Owner+".csv" {
			wrong = append(wrong, fmt.Sprintf("newest source %s, lots of %s: %v", newest.Name, parcels[0].Owner, err))
		}
	}
	return append(wrong, inspectRuns(ctx, s)...)
}

func atoi(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
