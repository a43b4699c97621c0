package land

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// RunExamples grades the examples a pack carries and returns what differs from what
// they want, one sentence each; none when all are met. day is the day of grading of
// examples that name none.
func (p *Pack) RunExamples(day plottage.Date) ([]string, error) {
	var wrong []string
	done := map[string]bool{}
	for i := range p.Examples {
		e := &p.Examples[i]
		if e.Group != "" && done[e.Group] {
			continue
		}
		done[e.Group] = true
		together := []*Example{e}
		for k := i + 1; k < len(p.Examples) && e.Group != ""; k++ {
			if p.Examples[k].Group == e.Group {
				together = append(together, &p.Examples[k])
			}
		}
		w, err := p.runTogether(together, day)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, w...)
	}
	return wrong, nil
}

func (p *Pack) runTogether(list []*Example, day plottage.Date) (wrong []string, err error) {
	if list[0].AsOf != "" {
		day = list[0].AsOf
	}
	g := p.plain
	if len(list[0].Set) > 0 {
		if g, err = Compile(p, list[0].Set); err != nil {
			return nil, err
		}
	}
	var facts Facts
	for _, e := range list {
		parcel, err := e.parcel()
		if err != nil {
			return nil, fmt.Errorf("example %q of %s: %w", e.Name, p.Ref(), err)
		}
		facts.Parcels = append(facts.Parcels, parcel)
	}
	t := Tabulate(facts, g.Reads(), Reading{AsOf: day, Carried: list[0].Carried})
	for i, e := range list {
		if err := e.overwrite(t, i); err != nil {
			return nil, fmt.Errorf("example %q of %s: %w", e.Name, p.Ref(), err)
		}
	}
	verdicts, err := g.Grade(context.Background(), t, nil)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if diff := e.Want.differs(verdicts[i]); diff != "" {
			wrong = append(wrong, fmt.Sprintf("example %q of %s: %s", e.Name, p.Ref(), diff))
		}
	}
	return wrong, nil
}

// parcel is the example as a record: its fields, and its area.
func (e *Example) parcel() (plottage.Parcel, error) {
	p := plottage.Parcel{ID: e.Name}
	for name, v := range e.Given {
		in, _ := InputByName(name)
		x, err := as(in.Kind, v)
		if err != nil {
			return p, fmt.Errorf("given %s: %w", name, err)
		}
		if f, ok := plottage.FieldByName(plottage.ParcelFields, name); ok {
			f.Set(&p, x)
		}
		switch name {
		case "land_m2":
			p.AreaM2 = x.(float64)
		case "land_mu":
			p.AreaM2 = x.(float64) * plottage.M2PerMu
		case "land_ha":
			p.AreaM2 = x.(float64) * plottage.M2PerHa
		}
	}
	return p, nil
}

// overwrite puts derived values that the example gives outright into the table.
func (e *Example) overwrite(t *Table, i int) error {
	for name, v := range e.Given {
		c := t.Column(name)
		if c == nil || c.Field {
			continue
		}
		x, err := as(c.Kind, v)
		if err != nil {
			return fmt.Errorf("given %s: %w", name, err)
		}
		c.set(i, x)
	}
	return nil
}

// as turns a value of a YAML file into one of the kind.
func as(kind plottage.Kind, v any) (any, error) {
	switch kind {
	case plottage.Text:
		return fmt.Sprint(v), nil
	case plottage.Day:
		d, err := plottage.ParseDate(fmt.Sprint(v))
		return d, err
	case plottage.Flag:
		return toFlag(v)
	}
	x, err := toNumber(v)
	if kind == plottage.Whole {
		return int(x), err
	}
	return x, err
}

// differs says how a verdict differs from what is wanted, "" when it does not.
func (w Want) differs(v plottage.Verdict) string {
	var d []string
	say := func(what, want, got string) {
		if want == "unknown" {
			want = ""
		} else if want == "" {
			return
		}
		if want == noQueue {
			want = ""
		}
		if got != want {
			d = append(d, fmt.Sprintf("%s %q, want %q", what, got, want))
		}
	}
	say("stage", w.Stage, string(v.Stage))
	say("queue", w.Queue, string(v.Queue))
	say("grade", w.Grade, v.Grade)
	say("disposal", w.Disposal, v.Disposal)
	if w.Candidate != nil && *w.Candidate != v.Candidate {
		d = append(d, fmt.Sprintf("candidate %v, want %v", v.Candidate, *w.Candidate))
	}
	if w.Score != nil && (!v.Score.Known || abs(v.Score.V-*w.Score) > 1e-6) {
		d = append(d, fmt.Sprintf("score %v, want %v", v.Score, *w.Score))
	}
	var missing []string
	outcomes := map[plottage.Outcome][]string{}
	for _, f := range v.Findings {
		outcomes[f.Outcome] = append(outcomes[f.Outcome], f.Rule)
		missing = append(missing, f.Missing...)
	}
	for _, l := range []struct {
		what      string
		want, got []string
	}{{"holds", w.Holds, outcomes[plottage.Holds]}, {"undecided", w.Undecided, outcomes[plottage.Undecided]}, {"missing", w.Missing, missing}} {
		for _, x := range l.want {
			if !slices.Contains(l.got, x) {
				d = append(d, fmt.Sprintf("%s [%s], want %s among them", l.what, strings.Join(l.got, " "), x))
			}
		}
	}
	return strings.Join(d, "; ")
}

func abs(x float64) float64 { return max(x, -x) }
