package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// besieged is the city under test, from the parent's side.
type besieged struct {
	self, path string
	seed       uint64
	acked      int64 // last version a child reported
	tally      *tally
}

// freshEvery is after how many rounds a new city is begun, so that the file stays
// small enough to be checked often and the first steps of a city are hit too.
const freshEvery = 50

func (b *besieged) found() error {
	for _, end := range []string{"", "-wal", "-shm", "-journal", gpkg.LockSuffix} {
		remove(b.path + end)
	}
	b.acked = 2 // its founding and its first parcels
	return newCity(b.path)
}

// round starts a child, kills it after a random while and looks at what it left.
func (b *besieged) round(i uint64) error {
	if i > 0 && i%freshEvery == 0 {
		if err := b.found(); err != nil {
			return err
		}
	}
	rng := rand.New(rand.NewPCG(b.seed, i))
	kind, acked, err := b.kill(rng)
	if err != nil {
		return err
	}
	b.check(kind, acked)
	return nil
}

// kill runs one child to its end and returns what it was at and the acknowledged
// versions.
func (b *besieged) kill(rng *rand.Rand) (kind string, acked []int64, err error) {
	cmd := exec.Command(b.self, "-child", b.path, "-seed", strconv.FormatUint(rng.Uint64(), 10))
	cmd.Env = append(os.Environ(), childEnv+"=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	// Most kills fall into the first operations, some much later.
	wait := time.Duration(rng.ExpFloat64()*60+rng.Float64()*40) * time.Millisecond
	kind, acked = listen(out, func() {
		time.AfterFunc(wait, func() { cmd.Process.Kill() })
	})
	if err := cmd.Wait(); err != nil && stderr.Len() > 0 {
		return "", nil, fmt.Errorf("the child failed by itself: %s", stderr.String())
	}
	return kind, acked, nil
}

// childEnv tells the test binary that it is a child.
const childEnv = "PLOTTAGE_CRASH_CHILD"

// listen reads the child's words until they end. A last line cut short counts for
// nothing: it was not acknowledged.
func listen(r io.Reader, ready func()) (kind string, acked []int64) {
	kind = kindIdle
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return kind, acked
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "ready":
			ready()
		case "begin":
			kind = rest
		case "done":
			v, _ := strconv.ParseInt(rest, 10, 64)
			acked = append(acked, v)
			kind = kindIdle
		}
	}
}

// check opens the file and counts what is wrong with it.
func (b *besieged) check(kind string, acked []int64) {
	k := b.tally.kind(kind)
	k.kills++
	k.acknowledged += len(acked)
	if len(acked) > 0 {
		b.acked = acked[len(acked)-1]
	}
	start := time.Now()
	s, err := gpkg.Open(context.Background(), b.path)
	if ms := float64(time.Since(start).Microseconds()) / 1000; ms > k.openMS {
		k.openMS = ms
	}
	if err != nil {
		k.corrupt++
		b.tally.say("does not open: %v", err)
		return
	}
	defer s.Close()
	version, wrong := inspect(s)
	if version < b.acked {
		k.lost += int(b.acked - version)
		b.tally.say("version %d, acknowledged %d", version, b.acked)
	}
	b.acked = version // what was done but not said counts from now on
	for _, w := range wrong {
		k.half++
		b.tally.say("%s", w)
	}
	if err := gpkg.Check(context.Background(), s); err != nil {
		k.corrupt++
		b.tally.say("%v", err)
	}
}

// inspect compares the marks that operations leave in several tables.
func inspect(s workspace.Store) (version int64, wrong []string) {
	ctx := context.Background()
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	m, err := s.Meta(ctx)
	if err != nil {
		complain("meta: %v", err)
		return 0, wrong
	}
	audit, err := s.Audit(ctx, 0)
	if err != nil || int64(len(audit)) != m.Version {
		complain("version %d with %d audit rows: %v", m.Version, len(audit), err)
	}
	wrong = append(wrong, inspectImports(ctx, s)...)
	wrong = append(wrong, inspectEdits(ctx, s)...)
	return m.Version, append(wrong, inspectPlans(ctx, s)...)
}

func inspectImports(ctx context.Context, s workspace.Store) (wrong []string) {
	parcels, err1 := s.Parcels(ctx)
	firms, err2 := s.Firms(ctx)
	holdings, err3 := s.Holdings(ctx)
	sources, err4 := s.Sources(ctx)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return []string{fmt.Sprint("read: ", err1, err2, err3, err4)}
	}
	if len(parcels) != len(firms) || len(parcels) != len(holdings) {
		return []string{fmt.Sprintf("%d parcels, %d firms, %d holdings", len(parcels), len(firms), len(holdings))}
	}
	name := map[int64]plottage.Source{}
	for _, src := range sources {
		name[src.ID] = src
		if file, err := s.SourceFile(ctx, src.ID); err != nil || string(file) != src.Name {
			wrong = append(wrong, fmt.Sprintf("source %d: bytes %q: %v", src.ID, file, err))
		}
	}
	for i, p := range parcels {
		if p.Owner != firms[i].Name || name[p.Source].Name != p.Owner || len(p.Geometry) != 1 {
			wrong = append(wrong, fmt.Sprintf("parcel %s of %s, firm of %s", p.ID, p.Owner, firms[i].Name))
		}
	}
	return wrong
}

func inspectEdits(ctx context.Context, s workspace.Store) (wrong []string) {
	parcels, err := s.Parcels(ctx)
	for _, p := range parcels {
		if p.Revenue.V != 2*p.Tax.V || p.Revenue.Known != p.Tax.Known {
			wrong = append(wrong, fmt.Sprintf("parcel %s edited by half", p.ID))
		}
	}
	locks, err2 := s.Locks(ctx)
	for _, l := range locks {
		if l.Note != fmt.Sprint(len(locks)) {
			wrong = append(wrong, fmt.Sprintf("%d of %s locks", len(locks), l.Note))
			break
		}
	}
	if err != nil || err2 != nil {
		wrong = append(wrong, fmt.Sprint("read: ", err, err2))
	}
	return wrong
}

func inspectPlans(ctx context.Context, s workspace.Store) (wrong []string) {
	plans, err := s.Plans(ctx)
	runs, err2 := s.Runs(ctx)
	if err != nil || err2 != nil || len(plans) != len(runs) {
		return []string{fmt.Sprintf("%d plans, %d runs: %v %v", len(plans), len(runs), err, err2)}
	}
	for _, head := range plans {
		p, err := s.Plan(ctx, head.ID)
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		r, err := s.Run(ctx, p.Run)
		m := int(p.Value)
		if err != nil || string(r.Result) != p.Name || len(p.Blocks) != m || len(p.Placements) != m || len(p.Moves) != m || len(p.Blocks[m-1].Parcels) != 1 {
			wrong = append(wrong, fmt.Sprintf("plan %d of %d: %d blocks, %d placements, %d moves: %v", p.ID, m, len(p.Blocks), len(p.Placements), len(p.Moves), err))
		}
	}
	return wrong
}
