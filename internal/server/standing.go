package server

import (
	"github.com/plottage/plottage"
)

// Standing says whether a plan clears a parcel, and why.
type Standing struct {
	State   string   `json:"state" enum:"none,in,kept,out" doc:"none: there is no plan; kept: inside a block, not cleared"`
	Block   string   `json:"block"`
	Year    int      `json:"year"`
	Mode    string   `json:"mode"`
	Reasons []Reason `json:"reasons"`
}

// Reason is one sentence of an explanation: why.<key> of the catalogue with its
// arguments.
type Reason struct {
	Key  string `json:"key"`
	Args []Arg  `json:"args"`
}

// Arg is a value in a sentence, with the unit it is written in.
type Arg struct {
	Name  string `json:"name"`
	Value Scalar `json:"value"`
	Unit  string `json:"unit" doc:"m2, money, share, year or empty"`
}

func reason(key string, args ...Arg) Reason { return Reason{key, append([]Arg{}, args...)} }

func arg(name string, value any, unit string) Arg { return Arg{name, Scalar{value}, unit} }

// standing explains what the stored plan says about a parcel, from the facts that
// decide it before any optimisation: blocks, locks, candidacy, the size a block needs.
func (s *snapshot) standing(v *view, i int) Standing {
	if v.plan.ID == 0 {
		return Standing{State: "none", Reasons: []Reason{}}
	}
	if n, in := v.blockOf[i]; in {
		return s.inside(v, i, &v.plan.Blocks[n])
	}
	return Standing{State: "out", Reasons: s.outside(v, i)}
}

func (s *snapshot) inside(v *view, i int, b *plottage.Block) Standing {
	st := Standing{State: "in", Block: b.ID, Year: b.Year, Mode: b.Mode, Reasons: []Reason{}}
	if v.kept[i] {
		st.State = "kept"
		st.Reasons = append(st.Reasons, reason("kept", arg("block", b.ID, "")))
		return st
	}
	if lock := s.locks[s.parcels[i].ID]; lock.Kind == plottage.LockIn {
		st.Reasons = append(st.Reasons, reason("locked_in"))
	}
	st.Reasons = append(st.Reasons,
		reason("in_block", arg("block", b.ID, ""), arg("parcels", len(b.Parcels), ""), arg("area", b.AreaM2, "m2")),
		reason("block_worth", arg("value", b.Value, "money"), arg("cost", b.Cost, "money")))
	return st
}

func (s *snapshot) outside(v *view, i int) []Reason {
	if s.locks[s.parcels[i].ID].Kind == plottage.LockOut {
		return []Reason{reason("locked_out")}
	}
	verdict := s.verdicts[i]
	switch {
	case verdict == nil && s.graded == 0:
		return []Reason{reason("no_grading")}
	case verdict == nil:
		return []Reason{reason("not_graded")}
	case !verdict.Candidate:
		return []Reason{reason("not_candidate", arg("grade", verdict.Grade, ""))}
	}
	least := v.account().limits.minAreaM2
	if c := s.clusterOf(i); c != nil && c.AreaM2 < least {
		return []Reason{reason("cluster_small", arg("area", c.AreaM2, "m2"), arg("least", least, "m2"))}
	}
	return []Reason{reason("not_chosen")}
}
