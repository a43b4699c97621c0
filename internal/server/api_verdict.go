package server

import (
	"github.com/plottage/plottage"
)

// VerdictInfo is a verdict with its words and evidence.
type VerdictInfo struct {
	Pack          string         `json:"pack"`
	Title         plottage.Label `json:"title" doc:"of the pack"`
	AsOf          string         `json:"as_of"`
	Stage         string         `json:"stage"`
	Queue         string         `json:"queue"`
	Grade         string         `json:"grade"`
	GradeLabel    plottage.Label `json:"grade_label"`
	Disposal      string         `json:"disposal"`
	DisposalLabel plottage.Label `json:"disposal_label"`
	Candidate     bool           `json:"candidate"`
	Score         *float64       `json:"score"`
	Confidence    float64        `json:"confidence" doc:"share of the pack's weight that could be decided"`
	Findings      []FindingInfo  `json:"findings"`
}

// FindingInfo is one rule that held or could not be decided.
type FindingInfo struct {
	Rule    string         `json:"rule"`
	Text    plottage.Label `json:"text" doc:"empty when the pack is no longer there"`
	Article string         `json:"article"`
	Outcome string         `json:"outcome" enum:"holds,fails,undecided"`
	Inputs  []InputRead    `json:"inputs"`
	Missing []InputRead    `json:"missing"`
	Barred  []string       `json:"barred" doc:"names among the missing that are known, but may not be used here"`
	Status  string         `json:"status" doc:"how well the rule is founded: seen, partly, unverified, example, choice, or empty"`
}

// InputRead is a value a rule read or would have needed. Without a label it is
// field.<name> or land.input.<name> of the catalogue.
type InputRead struct {
	Name  string         `json:"name"`
	Label plottage.Label `json:"label"`
	Unit  string         `json:"unit"`
	Value Scalar         `json:"value"`
}

func (s *snapshot) verdictInfo(i int) *VerdictInfo {
	v := s.verdicts[i]
	if v == nil {
		return nil
	}
	info := &VerdictInfo{
		Pack: v.Pack, Title: s.pack.title, AsOf: string(v.AsOf), Stage: string(v.Stage), Queue: string(v.Queue),
		Grade: v.Grade, GradeLabel: s.pack.grades[v.Grade], Disposal: v.Disposal, DisposalLabel: s.pack.disposals[v.Disposal],
		Candidate: v.Candidate, Score: pointer(v.Score), Confidence: v.Confidence, Findings: []FindingInfo{},
	}
	for _, f := range v.Findings {
		info.Findings = append(info.Findings, s.findingInfo(f))
	}
	return info
}

func (s *snapshot) findingInfo(f plottage.Finding) FindingInfo {
	info := FindingInfo{
		Rule: f.Rule, Text: s.pack.rules[f.Rule].text, Status: string(s.pack.rules[f.Rule].status),
		Article: f.Article, Outcome: string(f.Outcome),
		Inputs: []InputRead{}, Missing: []InputRead{}, Barred: append([]string{}, f.Withheld...),
	}
	for _, name := range sortedKeys(f.Inputs) {
		info.Inputs = append(info.Inputs, s.inputRead(name, f.Inputs[name]))
	}
	for _, name := range f.Missing {
		info.Missing = append(info.Missing, s.inputRead(name, nil))
	}
	return info
}

func (s *snapshot) inputRead(name string, value any) InputRead {
	in := s.pack.inputs[name]
	return InputRead{Name: name, Label: in.label, Unit: in.unit, Value: Scalar{value}}
}
