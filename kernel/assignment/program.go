package assignment

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// programs re-solves the jobs of some agents as mixed-integer programs over the best
// few places of each job, from the best assignment.
type programs struct {
	s       *solver
	rng     *rand.Rand
	session lp.Session
	best    int64
	top     []int32
	failed  bool // the engine does not start
	tried   int
	answer  chan struct{} // closed when the program under way ends; nil: none is
}

func (s *solver) newPrograms() *programs {
	return &programs{s: s, rng: rand.New(rand.NewPCG(s.o.Seed, 5)), best: noCost}
}

// turn returns the best assignment of the programs so far and starts one more when
// none is under way.
func (p *programs) turn(ctx context.Context, agent []int32, cost int64) (top []int32, best int64) {
	if p.answer != nil {
		select {
		case <-p.answer:
			p.answer = nil
		default:
			return nil, noCost
		}
	}
	top, best = p.top, p.best
	if agent != nil && !p.failed && ctx.Err() == nil {
		p.answer = make(chan struct{})
		go func() {
			defer close(p.answer)
			p.run(ctx, agent, cost)
		}()
	}
	return top, best
}

// close stops the program under way and waits for it.
func (p *programs) close(stop context.CancelFunc) {
	stop()
	if p.answer != nil {
		<-p.answer
	}
	p.lost()
}

const (
	programJobs   = 250 // jobs of a program
	programPlaces = 6   // places of a job
	programTime   = 6 * time.Second
)

// run solves one program. The engine is stopped when ctx ends.
func (p *programs) run(ctx context.Context, agent []int32, cost int64) {
	if p.session == nil && !p.failed {
		session, err := p.s.o.Engine.Open(ctx)
		p.session, p.failed = session, err != nil
	}
	if p.failed {
		return
	}
	count := min(p.s.m, max(2, programJobs*p.s.m/p.s.n))
	var agents []int32
	for _, i := range p.rng.Perm(p.s.m)[:count] {
		agents = append(agents, int32(i))
	}
	m, pairs, start := p.model(agent, agents)
	p.tried++
	limit := programTime * time.Duration(min(4, p.tried)) // a program of all agents is the same again
	if err := p.session.Load(ctx, m); err != nil {
		p.lost()
		return
	}
	sol, err := p.session.Solve(ctx, lp.Options{Limit: limit, Start: start, Seed: p.s.o.Seed})
	if err != nil {
		p.lost()
		return
	}
	if sol.X == nil {
		return
	}
	next := slices.Clone(agent)
	for c, x := range sol.X {
		if x > 0.5 {
			next[pairs[c].job] = pairs[c].to
		}
	}
	if c, ok := p.s.audit(next); ok && c < cost && c < p.best {
		p.best, p.top = c, next
	}
}

// lost forgets a session that broke.
func (p *programs) lost() {
	if p.session != nil {
		p.session.Close()
	}
	p.session = nil
}

// model states the program of the agents' jobs and gives the present assignment.
func (p *programs) model(agent, agents []int32) (m *lp.Model, pairs []move, start []float64) {
	s := p.s
	m = &lp.Model{}
	row := make([]int32, s.m) // of each agent; -1 held
	caps := make([]int32, len(s.p.Caps))
	for i := range row {
		row[i] = -1
	}
	for r := range caps {
		caps[r] = m.AddRow(math.Inf(-1), 0)
	}
	for _, i := range agents {
		row[i] = m.AddRow(math.Inf(-1), float64(s.p.Capacity[i]))
	}
	held := make([]int64, len(caps))
	for j, now := range agent {
		if row[now] < 0 {
			for _, c := range s.capsOf[now] {
				held[c.cap] += s.p.Caps[c.cap].Use[c.row][j]
			}
			continue
		}
		once := m.AddRow(1, 1)
		for _, i := range p.places(int32(j), now, row) {
			col := lp.Column{Cost: float64(s.p.Cost[i][j]), Upper: 1, Integer: true,
				Rows: []int32{once, row[i]}, Coef: []float64{1, float64(s.p.Use[i][j])}}
			for _, c := range s.capsOf[i] {
				col.Rows = append(col.Rows, caps[c.cap])
				col.Coef = append(col.Coef, float64(s.p.Caps[c.cap].Use[c.row][j]))
			}
			m.AddColumn(col)
			pairs = append(pairs, move{int32(j), now, i})
			at := 0.0
			if i == now {
				at = 1
			}
			start = append(start, at)
		}
	}
	for r := range caps {
		m.Rows[caps[r]].Upper = float64(s.p.Caps[r].Most - held[r])
	}
	return m, pairs, start
}

// places lists the best few places of job j among the agents with a row, and where it
// is.
func (p *programs) places(j, now int32, row []int32) []int32 {
	s := p.s
	list := []int32{now}
	for _, i := range s.near[j] {
		if i != now && row[i] >= 0 && len(list) < programPlaces {
			list = append(list, i)
		}
	}
	return list
}
