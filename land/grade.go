package land

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"cel.dev/cel-go/common/types"

	"github.com/plottage/plottage"
)

// Grade applies the pack to every parcel of the table. Verdicts come in the order of
// its rows. When ctx ends first Grade returns its error. progress, when not nil, is
// called now and then with the number of parcels done, from one goroutine at a time.
// Cost: linear in parcels × rules, on all processors.
func (g *Program) Grade(ctx context.Context, t *Table, progress func(done, total int)) ([]plottage.Verdict, error) {
	var score *ratings
	if g.Pack.Score != nil {
		var err error
		if score, err = g.rate(ctx, t); err != nil {
			return nil, err
		}
	}
	verdicts := make([]plottage.Verdict, len(t.IDs))
	count := counter(len(t.IDs), progress)
	err := inParallel(ctx, len(t.IDs), func(lo, hi int) {
		j := &judge{row: newRow(g, t), g: g, share: map[string]plottage.Finding{}}
		j.row.score = score
		for i := lo; i < hi; i++ {
			verdicts[i] = j.verdict(i)
		}
		count(hi - lo)
	})
	if err != nil {
		return nil, err
	}
	return verdicts, nil
}

// chunk is how many parcels one goroutine takes at a time.
const chunk = 4096

// inParallel calls work with ranges that together cover 0..n.
func inParallel(ctx context.Context, n int, work func(lo, hi int)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/chunk+1) {
		wg.Go(func() {
			for ctx.Err() == nil {
				lo := int(next.Add(chunk)) - chunk
				if lo >= n {
					return
				}
				work(lo, min(lo+chunk, n))
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

func counter(total int, progress func(done, total int)) func(n int) {
	var mu sync.Mutex
	done := 0
	return func(n int) {
		if progress == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		done += n
		progress(done, total)
	}
}

// judge gives the verdicts of one goroutine.
type judge struct {
	row   *row
	g     *Program
	share map[string]plottage.Finding // findings that many parcels have alike
	buf   []byte
}

// scoreRule is the rule id of the finding on a pack's score, scopeRule that on
// whether the pack applies at all.
const (
	scoreRule = "score"
	scopeRule = "applies"
)

func (j *judge) verdict(i int) plottage.Verdict {
	g, r := j.g, j.row
	r.at(i)
	v := plottage.Verdict{Parcel: r.t.IDs[i], Pack: g.Pack.Ref(), AsOf: r.t.AsOf}
	if out, u := r.outcome(g.applies); out != plottage.Holds {
		v.Findings = []plottage.Finding{j.finding(scopeRule, "", g.applies, out, u)}
		if out == plottage.Fails {
			v.Confidence = 1
		}
		return v
	}
	var total, decided float64
	if r.score != nil {
		w := weight(g.Pack.Score.Weight)
		total += w
		f, ok := j.scored(i, &v)
		if ok {
			decided += w
		}
		if f.Outcome != plottage.Fails {
			v.Findings = append(v.Findings, f)
		}
	}
	var s settling
	for k, e := range g.rules {
		rule := &g.Pack.Rules[k]
		w := weight(rule.Weight)
		total += w
		out, u := r.outcome(e)
		if out != plottage.Fails {
			v.Findings = append(v.Findings, j.finding(rule.ID, rule.Article, e, out, u))
		}
		if !s.take(&rule.Then, out) {
			decided += w
		}
	}
	s.write(&v)
	v.Confidence = 1
	if total > 0 {
		v.Confidence = decided / total
	}
	return v
}

func weight(w *float64) float64 {
	if w == nil {
		return 1
	}
	return *w
}

// scored writes the score and says whether it is settled.
func (j *judge) scored(i int, v *plottage.Verdict) (plottage.Finding, bool) {
	s := j.row.score
	v.Score = s.score[i]
	f := plottage.Finding{Rule: scoreRule, Article: j.g.Pack.Score.Article, Outcome: s.outcome(i)}
	if f.Outcome == plottage.Undecided {
		var m lack
		s.lacks(i, &m)
		slices.Sort(m.missing)
		slices.Sort(m.withheld)
		f.Missing, f.Withheld = slices.Compact(m.missing), slices.Compact(m.withheld)
	}
	if s.value[i] != nil {
		f.Inputs = map[string]any{}
		for k, p := range j.g.Pack.Score.Groups[s.group[i]].Parts {
			if x := s.value[i][k]; x.Known {
				f.Inputs[p.ID] = x.V
			}
		}
	}
	return f, f.Outcome != plottage.Undecided
}

// finding records what a rule turned on. Findings that say the same of many parcels
// share their inputs and lists.
func (j *judge) finding(id, article string, e *expression, out plottage.Outcome, u *types.Unknown) plottage.Finding {
	f := plottage.Finding{Rule: id, Article: article, Outcome: out}
	if e == nil {
		return f
	}
	common := j.key(id, out)
	inputs := len(j.row.read) // missing reads more
	if out == plottage.Undecided {
		f.Missing, f.Withheld = j.row.missing(e, u)
		for _, name := range slices.Concat(f.Missing, f.Withheld) {
			j.buf = append(append(j.buf, '?'), name...)
		}
	}
	if common {
		if known, ok := j.share[string(j.buf)]; ok {
			return known
		}
	}
	f.Inputs = j.row.inputs(inputs)
	if common && len(j.share) < maxShared {
		j.share[string(j.buf)] = f
	}
	return f
}

const maxShared = 10_000

// key writes to buf what tells the findings of a rule apart that read nothing but
// texts and flags, or found nothing; common is false when one value is a number.
func (j *judge) key(id string, out plottage.Outcome) (common bool) {
	b := append(append(append(j.buf[:0], id...), '|'), out...)
	common = true
	for _, k := range j.row.read {
		b = strconv.AppendInt(append(b, '|'), int64(k), 10)
		switch v := j.row.values[k].(type) {
		case types.Double:
			common = common && j.g.language.vars[k].source == fromParameter
		case types.String:
			b = append(append(b, '='), v...)
		case types.Bool:
			b = strconv.AppendBool(append(b, '='), bool(v))
		}
	}
	j.buf = b
	return common
}
