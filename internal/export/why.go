package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// why says in one sentence why a parcel is in the plan or is not.
func (s *Snapshot) why(parcel string) string {
	if s.Plan == nil {
		return ""
	}
	if b := s.block[parcel]; b != nil {
		if slices.Contains(b.Kept, parcel) {
			return s.t("export.why.kept", "block", b.ID)
		}
		if s.locked(parcel, plottage.LockIn) {
			return s.t("export.why.locked_in", "block", b.ID)
		}
		return s.t("export.why.in", "block", b.ID, "year", b.Year)
	}
	v := s.verdict[parcel]
	switch {
	case v == nil:
		return s.t("export.why.ungraded")
	case !v.Candidate && !s.locked(parcel, plottage.LockOut):
		return s.t("export.why.no_candidate")
	}
	key := s.leftKey(parcel)
	if key == "small_cluster" {
		c := s.Clusters.Clusters[s.cluster[parcel]]
		return s.t("export.why.small_cluster", "area", s.figures.Area(c.AreaM2), "min", s.figures.Area(float64(s.Problem.Block.MinAreaM2)))
	}
	return s.t("export.why." + key)
}

// leftKey says why a candidate is left: it is locked out, its cluster is too small
// for any block, or the caps and the other blocks are worth more.
func (s *Snapshot) leftKey(parcel string) string {
	if s.locked(parcel, plottage.LockOut) {
		return "locked_out"
	}
	if i, ok := s.cluster[parcel]; ok && s.Problem != nil && s.Clusters.Clusters[i].AreaM2 < float64(s.Problem.Block.MinAreaM2) {
		return "small_cluster"
	}
	return "outbid"
}

func (s *Snapshot) locked(parcel string, kind plottage.LockKind) bool {
	return slices.ContainsFunc(s.Locks, func(l plottage.Lock) bool { return l.Parcel == parcel && l.Kind == kind })
}

// grounds are the rules that held, by their text or else by id and article.
func (s *Snapshot) grounds(v *plottage.Verdict) string {
	var out []string
	for _, f := range v.Findings {
		if f.Outcome == plottage.Holds {
			out = append(out, s.ruleText(f))
		}
	}
	return strings.Join(out, s.t("export.list"))
}

func (s *Snapshot) ruleText(f plottage.Finding) string {
	words := f.Rule
	if s.pack != nil {
		words = cmp.Or(s.pack.RuleText(f.Rule, s.parameters).In(s.Options.Lang), words)
	}
	if f.Article == "" {
		return words
	}
	return s.t("export.rule", "text", words, "article", f.Article)
}

// missing are the inputs that undecided rules would have needed.
func (s *Snapshot) missing(v *plottage.Verdict) string {
	var out []string
	for _, f := range v.Findings {
		for _, m := range f.Missing {
			if w := s.word("field.", m); !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return strings.Join(out, s.t("export.list"))
}

func (s *Snapshot) gradeName(id string) string {
	if s.pack == nil {
		return id
	}
	return className(s.pack.Grades, id, s.Options.Lang)
}

func (s *Snapshot) disposalName(id string) string {
	if s.pack == nil {
		return s.word("export.disposal.", id)
	}
	return className(s.pack.Disposals, id, s.Options.Lang)
}

// className is the label of a class of a pack, its id when it has none.
func className(classes []land.Class, id, lang string) string {
	for _, c := range classes {
		if c.ID == id && c.Label.In(lang) != "" {
			return c.Label.In(lang)
		}
	}
	return id
}
