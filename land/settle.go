package land

import "github.com/plottage/plottage"

// settling collects what the rules, in order, say of each part of a verdict: stage,
// queue, grade, disposal, candidate. The first rule that holds settles a part,
// unless a rule before it that would settle it otherwise is undecided: then the part
// stays open, for nobody can know (docs/method/land.md#order).
type settling struct {
	parts [5]settled
}

type settled struct {
	closed  bool
	value   string // when closed; "" not known
	pending string // what an undecided rule would settle
	clash   bool   // undecided rules would settle it differently
}

const (
	stagePart = iota
	queuePart
	gradePart
	disposalPart
	candidatePart
)

// noQueue settles a parcel as in no queue.
const noQueue = "none"

// parts of a rule's consequence as text, "" for what it leaves alone.
func (t *Then) parts() [5]string {
	p := [5]string{string(t.Stage), string(t.Queue), t.Grade, t.Disposal, ""}
	if t.Candidate != nil {
		p[candidatePart] = map[bool]string{true: "yes", false: "no"}[*t.Candidate]
	}
	return p
}

// take notes a rule's outcome and says whether it is undecided and could have
// changed the verdict.
func (s *settling) take(then *Then, out plottage.Outcome) (open bool) {
	if out == plottage.Fails {
		return false
	}
	for k, v := range then.parts() {
		p := &s.parts[k]
		if v == "" || p.closed {
			continue
		}
		if out == plottage.Undecided {
			open = true
			p.clash = p.clash || p.pending != "" && p.pending != v
			p.pending = v
			continue
		}
		p.closed = true
		if !p.clash && (p.pending == "" || p.pending == v) {
			p.value = v
		}
	}
	return open
}

func (s *settling) write(v *plottage.Verdict) {
	v.Stage = plottage.Stage(s.parts[stagePart].value)
	if q := s.parts[queuePart].value; q != noQueue {
		v.Queue = plottage.Queue(q)
	}
	v.Grade = s.parts[gradePart].value
	v.Disposal = s.parts[disposalPart].value
	v.Candidate = s.parts[candidatePart].value == "yes"
}
