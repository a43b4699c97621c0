package renewal

import (
	"context"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// Effort says how much work a study of several solves may do. Effort{} works until
// every solve is content.
type Effort struct {
	Gap   float64       `json:"gap" usage:"each solve stops within this share of its bound" default:"0"`
	Limit time.Duration `json:"limit" usage:"stop after this long in all; 0 means no limit"`
	Seed  uint64        `json:"seed" usage:"same seed, same answer"`

	// Rounds of work of each solve in turn, as a study stated them, repeat that study
	// whatever the clock says; nil works anew. After a solve without a plan follow those of
	// the questions about it, written -1-rounds.
	Rounds []int `json:"rounds,omitempty"`

	// Engine takes part in every solve, as in Options.
	Engine lp.Engine `json:"-"`

	// Clock tells the time since the start; nil ignores Limit. Progress is called
	// whenever a solve improves or ends.
	Clock    func() time.Duration `json:"-"`
	Progress func(Step)           `json:"-"`
}

// Step is how far a study is.
type Step struct {
	Done    int      `json:"done"`  // solves finished; scenarios tried
	Total   int      `json:"total"` // solves expected, an estimate
	Seconds float64  `json:"seconds"`
	Solve   Progress `json:"solve"` // of the solve under way; empty in a study that only counts
}

// studier runs the solves of a study and shares the time among them.
type studier struct {
	ctx     context.Context
	e       Effort
	total   int
	done    int
	at      int // in Effort.Rounds
	rounds  []int
	stopped bool
}

func newStudier(ctx context.Context, e Effort, total int) *studier {
	return &studier{ctx: ctx, e: e, total: total, rounds: []int{}}
}

// over reports whether no further solve may start.
func (s *studier) over() bool {
	switch {
	case s.stopped:
	case s.e.Rounds != nil:
		s.stopped = s.at >= len(s.e.Rounds) || s.ctx.Err() != nil
	case s.ctx.Err() != nil, s.e.Clock != nil && s.e.Limit > 0 && s.e.Clock() >= s.e.Limit:
		s.stopped = true
	}
	return s.stopped
}

// solve solves one problem with its share of the time left. ok is false when the
// study is over.
func (s *studier) solve(p Problem) (r Result, ok bool, err error) { return s.solveSeeded(p, s.e.Seed) }

// solveSeeded solves under a seed of its own.
func (s *studier) solveSeeded(p Problem, seed uint64) (r Result, ok bool, err error) {
	if s.over() {
		return Result{}, false, nil
	}
	o := Options{Engine: s.e.Engine, Gap: s.e.Gap, Seed: seed, Limit: s.e.Limit, Progress: s.tell}
	switch {
	case s.e.Rounds != nil: // the limit without a clock only tells how patient the run was
		o.Rounds = s.e.Rounds[s.at]
		for s.at++; s.at < len(s.e.Rounds) && s.e.Rounds[s.at] < 0; s.at++ {
			o.Explained = append(o.Explained, -1-s.e.Rounds[s.at])
		}
	case s.e.Clock != nil && s.e.Limit > 0:
		start := s.e.Clock()
		o.Limit = (s.e.Limit - start) / time.Duration(max(1, s.total-s.done))
		o.Clock = func() time.Duration { return s.e.Clock() - start }
	}
	r, err = Solve(s.ctx, p, o)
	if err != nil {
		return r, false, err
	}
	s.done++
	s.total = max(s.total, s.done)
	s.rounds = append(s.rounds, r.Rounds)
	for _, n := range r.Explained {
		s.rounds = append(s.rounds, -1-n)
	}
	if r.Explained != nil && len(r.Explained) == 0 { // no time for any: nor may a repetition take it
		s.rounds = append(s.rounds, -1)
	}
	s.tell(Progress{})
	return r, true, nil
}

// settle makes one round on a problem even when the study is over: what is kept of a
// study that was stopped needs a bound, and one round proves one. It is always the same
// round, so it does not count among those that repeat the study.
func (s *studier) settle(p Problem) (Result, error) {
	return Solve(context.WithoutCancel(s.ctx), p, Options{Seed: s.e.Seed, Rounds: 1})
}

func (s *studier) tell(p Progress) {
	if s.e.Progress == nil {
		return
	}
	step := Step{Done: s.done, Total: max(s.total, s.done), Solve: p}
	if s.e.Clock != nil {
		step.Seconds = s.e.Clock().Seconds()
	}
	s.e.Progress(step)
}
