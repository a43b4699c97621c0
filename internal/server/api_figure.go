package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// FigureInfo is where one figure of a parcel comes from and which rules read it.
type FigureInfo struct {
	Name    string         `json:"name"`
	Kind    string         `json:"kind" enum:"field,measured,column,worked_out,pack,parameter" doc:"worked_out: by the program from other fields; pack: by the rule pack; column: a column of the source that maps to no field"`
	Label   plottage.Label `json:"label" doc:"empty: field.<name> or land.input.<name> of the catalogue"`
	Formula string         `json:"formula" doc:"of a value the pack works out, as the pack has it"`
	Parts   []FigurePart   `json:"parts" doc:"stored values behind it"`
	Sets    []Threshold    `json:"sets" doc:"the parameter itself, or those in the formula"`
	Rules   []RuleRead     `json:"rules" doc:"rules of the pack the parcel was graded by that read it"`
	Pack    string         `json:"pack" doc:"that pack; empty before grading or when it is gone"`
	Title   plottage.Label `json:"title" doc:"of the pack"`
	Cited   []Cited        `json:"cited" doc:"texts the pack stands on"`
}

// FigurePart is a stored value with the row that brought it.
type FigurePart struct {
	Noun     string  `json:"noun"`
	Record   string  `json:"record"`
	Field    string  `json:"field" doc:"empty: the record as a whole"`
	Unit     string  `json:"unit"`
	Value    Scalar  `json:"value" doc:"null: not known"`
	Withheld bool    `json:"withheld" doc:"known, but statistics-only"`
	Class    string  `json:"class"`
	Origin   *Origin `json:"origin,omitempty" doc:"missing when no source is recorded"`
	Edited   *Edited `json:"edited,omitempty" doc:"the last change by hand, when there was one"`
}

// Origin is the file and row that brought a value.
type Origin struct {
	SourceInfo
	Format  string   `json:"format"`
	SHA256  string   `json:"sha256"`
	By      string   `json:"by" doc:"who imported it, empty when nobody knows"`
	Row     int      `json:"row" doc:"from 1; 0: the city file keeps no row for this value"`
	Column  string   `json:"column" doc:"of that file; empty when the mapping does not say"`
	Unit    string   `json:"unit" doc:"of the column"`
	Repairs []Repair `json:"repairs" doc:"what the import changed or noted in that row"`
}

// Repair is one thing an import found: issue.<key> of the catalogue.
type Repair struct {
	Severity string         `json:"severity" enum:"refused,repaired,noted"`
	Key      string         `json:"key"`
	Args     map[string]any `json:"args"`
}

// Edited is a change by hand.
type Edited struct {
	At   string `json:"at"`
	By   string `json:"by"`
	From Scalar `json:"from"`
}

// RuleRead is a rule that reads the figure.
type RuleRead struct {
	Rule    string         `json:"rule"`
	Text    plottage.Label `json:"text"`
	Article string         `json:"article"`
	Status  string         `json:"status"`
	Outcome string         `json:"outcome" enum:"holds,fails,undecided" doc:"for this parcel"`
	When    string         `json:"when" doc:"its condition, as the pack has it"`
	Sets    []Threshold    `json:"sets" doc:"thresholds in it"`
}

// Threshold is a parameter of the pack with the value the grading used.
type Threshold struct {
	ID      string         `json:"id"`
	Label   plottage.Label `json:"label"`
	Unit    string         `json:"unit"`
	Value   Scalar         `json:"value" doc:"null: not set"`
	Default Scalar         `json:"default" doc:"of the pack"`
	Note    plottage.Label `json:"note" doc:"where it comes from"`
	Status  string         `json:"status"`
}

// Cited is a text a pack stands on.
type Cited struct {
	Text   plottage.Label `json:"text"`
	URL    string         `json:"url"`
	Status string         `json:"status"`
}

type figureInput struct {
	ID   string `path:"id" maxLength:"200"`
	Name string `path:"name" maxLength:"200" doc:"field, input, parameter or derived value; column.<name> for a column that maps to no field"`
}

// mostRepairs bounds what is told of one row.
const mostRepairs = 20

// getFigure traces a figure back to the rows it stands in, and on to the rules that read it.
func (s *Server) getFigure(ctx context.Context, snap *snapshot, in *figureInput) (FigureInfo, error) {
	i := snap.at(in.ID)
	if i < 0 {
		return FigureInfo{}, notFound("parcel", in.ID)
	}
	f := FigureInfo{Name: in.Name, Parts: []FigurePart{}, Sets: []Threshold{}, Rules: []RuleRead{}, Cited: []Cited{}}
	reads := snap.figureReads(&f, in.Name)
	if f.Kind == "" {
		return f, notFound("figure", in.Name)
	}
	snap.rulesReading(&f, i)
	t := tracer{s: s, snap: snap, given: map[int64][]DataGiven{}, open: !readOnly(ctx)}
	err := t.parts(ctx, &f, &snap.parcels[i], reads)
	return f, err
}

// figureReads says what a name is, and which "noun.field" stand behind it; "" in place
// of a field is the record.
func (s *snapshot) figureReads(f *FigureInfo, name string) []string {
	column, isColumn := strings.CutPrefix(name, "column.")
	in, isInput := land.InputByName(name)
	switch {
	case isColumn:
		f.Kind, f.Label = "column", same(column)
		return []string{"parcel." + name}
	case name == "area_m2":
		f.Kind = "measured"
		return []string{"parcel.area_m2"}
	case s.pack.full != nil && s.packName(f, name):
		return s.behind(s.pack.full.DerivedReads(name))
	case isInput && in.Field:
		f.Kind = "field"
	case isInput:
		f.Kind = "worked_out"
	case slices.ContainsFunc(plottage.ParcelFields, func(x plottage.Field[plottage.Parcel]) bool { return x.Name == name }):
		f.Kind = "field"
		return []string{"parcel." + name}
	default:
		return nil
	}
	return s.behind([]string{name})
}

// packName fills in a parameter or a derived value of the pack.
func (s *snapshot) packName(f *FigureInfo, name string) bool {
	p := s.pack.full
	if i := slices.IndexFunc(p.Parameters, func(q land.Parameter) bool { return q.ID == name }); i >= 0 {
		f.Kind, f.Label, f.Sets = "parameter", p.Parameters[i].Label, s.thresholds([]string{name})
		return true
	}
	i := slices.IndexFunc(p.Derived, func(d land.Derived) bool { return d.Name == name })
	if i >= 0 {
		f.Kind, f.Label, f.Formula, f.Sets = "pack", p.Derived[i].Label, p.Derived[i].Value, s.thresholds(p.DerivedReads(name))
	}
	return i >= 0
}

// behind goes from inputs to the stored fields they are worked out from.
func (s *snapshot) behind(inputs []string) []string {
	var out []string
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		in, ok := land.InputByName(name)
		if !ok || seen[name] {
			return
		}
		seen[name] = true
		if in.Field {
			out = append(out, "parcel."+name)
		}
		if strings.HasPrefix(name, "land_") && !in.Field && len(in.From) == 0 {
			out = append(out, "parcel.area_m2")
		}
		for _, from := range in.From {
			add(from)
		}
		out = append(out, in.Reads...)
	}
	for _, name := range inputs {
		add(name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rulesReading lists the rules of the parcel's pack that read the figure, those that
// decided something first.
func (s *snapshot) rulesReading(f *FigureInfo, i int) {
	v, p := s.verdicts[i], s.pack.full
	if v == nil || p == nil {
		return
	}
	f.Pack, f.Title = v.Pack, p.Title
	for _, c := range p.Sources {
		f.Cited = append(f.Cited, Cited{c.Text, c.URL, string(c.Status)})
	}
	for _, r := range s.pack.readings {
		if !slices.Contains(r.All, f.Name) && !(f.Name == "area_m2" && slices.ContainsFunc(r.All, func(n string) bool { return n == "land_m2" || n == "land_mu" || n == "land_ha" })) {
			continue
		}
		read := RuleRead{Rule: r.Rule, Text: s.pack.rules[r.Rule].text, Status: string(s.pack.rules[r.Rule].status), Outcome: string(plottage.Fails), When: r.When, Sets: s.thresholds(r.All)}
		if n := slices.IndexFunc(p.Rules, func(q land.Rule) bool { return q.ID == r.Rule }); n >= 0 {
			read.Article = p.Rules[n].Article
		}
		if n := slices.IndexFunc(v.Findings, func(x plottage.Finding) bool { return x.Rule == r.Rule }); n >= 0 {
			read.Outcome = string(v.Findings[n].Outcome)
		} else if r.Rule == "applies" {
			read.Outcome = string(plottage.Holds) // else there were no verdict
		}
		f.Rules = append(f.Rules, read)
	}
	slices.SortStableFunc(f.Rules, func(a, b RuleRead) int { return told(a.Outcome) - told(b.Outcome) })
}

func told(outcome string) int {
	return slices.Index([]string{string(plottage.Holds), string(plottage.Undecided), string(plottage.Fails)}, outcome)
}

// thresholds are the parameters among the names, with the values of the last grading.
func (s *snapshot) thresholds(names []string) []Threshold {
	out := []Threshold{}
	for _, p := range s.pack.full.Parameters {
		if !slices.Contains(names, p.ID) {
			continue
		}
		value, set := s.pack.set[p.ID]
		if !set {
			value = p.Default
		}
		out = append(out, Threshold{p.ID, p.Label, p.Unit, Scalar{plain(value)}, Scalar{plain(p.Default)}, p.Note, string(p.Status)})
	}
	return out
}

// plain writes a list as one text; what else a parameter holds is a scalar.
func plain(v any) any {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, ", ")
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = fmt.Sprint(x)
		}
		return strings.Join(words, ", ")
	}
	return v
}

// tracer looks up rows. What the mappings say is read once a source.
type tracer struct {
	s     *Server
	snap  *snapshot
	given map[int64][]DataGiven
	by    map[int64]string
	open  bool // whether what was mended may be told
}

func (t *tracer) parts(ctx context.Context, f *FigureInfo, p *plottage.Parcel, reads []string) (err error) {
	audit, err := t.s.city.Audit(ctx, 0)
	if err != nil {
		return fmt.Errorf("read the audit: %w", err)
	}
	t.by = importersIn(audit)
	firms := false
	for _, read := range reads {
		noun, field, _ := strings.Cut(read, ".")
		if noun != "parcel" {
			firms = true
			continue
		}
		part := t.parcelPart(p, field)
		part.Edited = editOf(audit, p.ID, field)
		if part.Withheld {
			part.Edited = nil // the value before is one too
		}
		if part.Origin, err = t.parcelOrigin(ctx, p, field); err != nil {
			return err
		}
		f.Parts = append(f.Parts, part)
	}
	if !firms {
		return nil
	}
	for _, h := range t.snap.holdings[p.ID] {
		part := FigurePart{Noun: "firm", Record: h.Firm, Value: Scalar{h.Firm}}
		if n, ok := t.snap.firmByID[h.Firm]; ok {
			firm := &t.snap.firms[n]
			part.Value = Scalar{firm.Name}
			if part.Origin, err = t.origin(ctx, firm.Source, firm.Row, DataGiven{}); err != nil {
				return err
			}
		}
		f.Parts = append(f.Parts, part)
	}
	return nil
}

func (t *tracer) parcelPart(p *plottage.Parcel, field string) FigurePart {
	part := FigurePart{Noun: "parcel", Record: p.ID, Field: field}
	if column, ok := strings.CutPrefix(field, "column."); ok {
		if v, has := p.Extra[column]; has {
			part.Value = Scalar{v}
		}
		return part
	}
	for _, fact := range t.snap.facts(p) {
		if fact.Field == field {
			part.Unit, part.Value, part.Withheld, part.Class = fact.Unit, fact.Value, fact.Withheld, fact.Class
		}
	}
	return part
}

// parcelOrigin finds the source of a parcel's field: the one that brought the parcel's
// row when its mapping fills the field, else the newest before it that does, of which
// no row is kept.
func (t *tracer) parcelOrigin(ctx context.Context, p *plottage.Parcel, field string) (*Origin, error) {
	if column, ok := strings.CutPrefix(field, "column."); ok {
		return t.origin(ctx, p.Source, p.Row, DataGiven{Column: column})
	}
	if field == "area_m2" {
		return t.origin(ctx, p.Source, p.Row, DataGiven{})
	}
	own, found, err := t.fills(ctx, p.Source, field)
	if err != nil {
		return nil, err
	}
	if found {
		return t.origin(ctx, p.Source, p.Row, own)
	}
	for _, id := range slices.Backward(sortedKeys(t.snap.sources)) {
		g, found, err := t.fills(ctx, id, field)
		if err != nil {
			return nil, err
		}
		if found {
			return t.origin(ctx, id, 0, g)
		}
	}
	return nil, nil
}

// fills reports whether a source's mapping fills a field of parcels.
func (t *tracer) fills(ctx context.Context, source int64, field string) (DataGiven, bool, error) {
	if _, ok := t.snap.sources[source]; !ok {
		return DataGiven{}, false, nil
	}
	if _, ok := t.given[source]; !ok {
		gave, err := t.s.given(ctx, source)
		if err != nil {
			return DataGiven{}, false, fmt.Errorf("read the mapping of source %d: %w", source, err)
		}
		t.given[source] = gave
	}
	i := slices.IndexFunc(t.given[source], func(g DataGiven) bool { return g.Noun == "parcel" && g.Field == field })
	if i < 0 {
		return DataGiven{}, false, nil
	}
	return t.given[source][i], true, nil
}

func (t *tracer) origin(ctx context.Context, source int64, row int, g DataGiven) (*Origin, error) {
	src, ok := t.snap.sources[source]
	if !ok {
		return nil, nil
	}
	o := &Origin{SourceInfo: sourceInfo(src), Format: src.Format, SHA256: src.SHA256, By: t.by[source], Row: row, Column: g.Column, Unit: g.Unit, Repairs: []Repair{}}
	if row == 0 || !t.open {
		return o, nil
	}
	issues, err := t.s.city.Issues(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("read the issues of source %d: %w", source, err)
	}
	for _, x := range issues {
		about := x.Where.Field == "" || x.Where.Field == g.Field || x.Where.Field == g.Column
		if x.Where.Row == row && about && len(o.Repairs) < mostRepairs {
			o.Repairs = append(o.Repairs, repairOf(x))
		}
	}
	return o, nil
}

func repairOf(x workspace.Issue) Repair {
	args := map[string]any{"file": x.Where.File, "layer": x.Where.Layer, "row": x.Where.Row, "field": x.Where.Field, "value": x.Where.Value}
	for k, v := range x.Args {
		args[k] = v
	}
	return Repair{x.Severity, x.Key, args}
}

// editOf finds the last change of a parcel's field by hand.
func editOf(audit []workspace.AuditRow, parcel, field string) *Edited {
	for _, r := range slices.Backward(audit) {
		if r.Verb != "edit" || r.Object != "parcel "+parcel {
			continue
		}
		var changed map[string]struct{ From any }
		if json.Unmarshal([]byte(r.Detail), &changed) != nil {
			continue
		}
		if c, ok := changed[field]; ok {
			return &Edited{r.At, r.Actor, Scalar{c.From}}
		}
	}
	return nil
}
