package renewal

import (
	"cmp"
	"context"
	"time"
)

// inquiry asks further questions about a problem that has no plan, each a run of its own,
// and shares what is left of the time among them.
type inquiry struct {
	o     Options
	least time.Duration // what setting up a run and its first round take
	done  []int         // rounds of each question; 0 when there was no time for the first
}

// question is what is asked: a goal of compile, "" for the best plan; the share of the time
// left, 3 for a third; a plan to begin from; whether any plan will do; and how much work.
type question struct {
	goal   string
	share  int
	start  *Start
	any    bool
	rounds int // of work, at most; 0: clashRounds
}

// questionPatience is how many rounds without progress end a question.
const questionPatience = 3

func newInquiry(o Options) *inquiry { return &inquiry{o: o, done: []int{}} }

// timed reports whether the clock limits the questions. One that repeats an earlier run
// does the same work whatever the clock says.
func (q *inquiry) timed() bool { return q.o.Explained == nil && q.o.Clock != nil && q.o.Limit > 0 }

// now is the time since the start, 0 when it does not count.
func (q *inquiry) now() time.Duration {
	if !q.timed() {
		return 0
	}
	return q.o.Clock()
}

// over reports whether no further question may be asked.
func (q *inquiry) over(ctx context.Context) bool {
	if q.o.Explained != nil {
		return len(q.done) >= len(q.o.Explained)
	}
	return ctx.Err() != nil || q.timed() && q.o.Limit-q.now() <= q.least
}

// name tells a clash to whoever listens.
func (q *inquiry) name(c Clash) {
	if q.o.Named != nil {
		q.o.Named(c)
	}
}

// ask runs a solver of its own on p; nil when there was no time for a first answer.
func (q *inquiry) ask(ctx context.Context, p *Problem, by question) *solver {
	if q.over(ctx) {
		return nil
	}
	begun := q.now()
	if by.goal != "" {
		p = concerned(p)
	}
	o := Options{Seed: q.o.Seed, Rounds: cmp.Or(by.rounds, clashRounds), Start: by.start, brief: true}
	switch {
	case q.timed():
		o.Limit = max(q.least, (q.o.Limit-begun)/time.Duration(max(1, by.share)))
		o.Clock = func() time.Duration { return q.o.Clock() - begun }
		o.setUp = max(q.least, o.Limit/3) // a round takes as long again
	case q.o.Explained != nil:
		if o.Rounds = q.o.Explained[len(q.done)]; o.Rounds == 0 {
			q.done = append(q.done, 0)
			return nil
		}
	}
	g := newSolver(p, o, by.goal)
	if g.any = by.any; !g.m.cut {
		g.run(ctx)
	}
	q.least = max(q.least, g.setUp)
	q.done = append(q.done, g.rounds)
	if g.rounds == 0 {
		return nil
	}
	return g
}
