package gpkg

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// The tables of what the program works out and keeps: sources and what was wrong
// with them, verdicts, clusters, plans, runs.

var sources = sourceTable()

func sourceTable() table[plottage.Source] {
	type S = plottage.Source
	t := makeTable(spec{name: "sources"}, []column[S]{
		textColumn("name", func(s *S) *string { return &s.Name }),
		textColumn("sha256", func(s *S) *string { return &s.SHA256 }),
		textColumn("format", func(s *S) *string { return &s.Format }),
		wordColumn("class", func(s *S) *plottage.SourceClass { return &s.Class }),
		textColumn("owner", func(s *S) *string { return &s.Owner }),
		dateColumn("as_of", func(s *S) *plottage.Date { return &s.AsOf }),
		textColumn("imported", func(s *S) *string { return &s.Imported }),
		intColumn("rows", func(s *S) *int { return &s.Rows }),
	})
	t.id = func(s *S) *int64 { return &s.ID }
	t.key = func(s *S) string { return strconv.FormatInt(s.ID, 10) }
	return t
}

// issue, original and the other types below are nouns with what they belong to.
type issue struct {
	source int64
	workspace.Issue
}

var issues = issueTable()

func issueTable() table[issue] {
	t := makeTable(spec{name: "issues", indexes: [][]string{{"source"}}}, []column[issue]{
		intColumn("source", func(i *issue) *int64 { return &i.source }),
		textColumn("severity", func(i *issue) *string { return &i.Severity }),
		textColumn("key", func(i *issue) *string { return &i.Key }),
		jsonColumn("args", func(i *issue) *map[string]any { return &i.Args }, func(m map[string]any) bool { return len(m) == 0 }),
		textColumn("file", func(i *issue) *string { return &i.Where.File }),
		textColumn("layer", func(i *issue) *string { return &i.Where.Layer }),
		intColumn("row", func(i *issue) *int { return &i.Where.Row }),
		textColumn("field", func(i *issue) *string { return &i.Where.Field }),
		textColumn("value", func(i *issue) *string { return &i.Where.Value }),
	})
	t.key = func(i *issue) string { return i.Key }
	return t
}

type original struct {
	source int64
	workspace.Original
}

var originals = originalTable()

func originalTable() table[original] {
	t := makeTable(spec{name: "originals", indexes: [][]string{{"source"}}, hidden: true}, []column[original]{
		intColumn("source", func(o *original) *int64 { return &o.source }),
		textColumn("parcel", func(o *original) *string { return &o.Parcel }),
		intColumn("row", func(o *original) *int { return &o.Row }),
		blobColumn("wkb", func(o *original) *[]byte { return &o.WKB }),
		textColumn("repair", func(o *original) *string { return &o.Repair }),
	})
	t.key = func(o *original) string { return o.Parcel }
	t.row = func(o *original) int { return o.Row }
	return t
}

var fieldClasses = fieldClassTable()

func fieldClassTable() table[workspace.FieldClass] {
	type F = workspace.FieldClass
	t := makeTable(spec{name: "field_classes", key: []string{"noun", "field"}, hidden: true}, []column[F]{
		textColumn("noun", func(f *F) *string { return &f.Noun }),
		textColumn("field", func(f *F) *string { return &f.Field }),
		wordColumn("class", func(f *F) *plottage.SourceClass { return &f.Class }),
	})
	t.key = func(f *F) string { return pair(f.Noun, f.Field) }
	return t
}

type verdict struct {
	run int64
	plottage.Verdict
}

var verdicts = verdictTable()

func verdictTable() table[verdict] {
	t := makeTable(spec{name: "verdicts", key: []string{"pack", "parcel"}, indexes: [][]string{{"parcel"}}}, []column[verdict]{
		textColumn("pack", func(v *verdict) *string { return &v.Pack }),
		textColumn("parcel", func(v *verdict) *string { return &v.Parcel }),
		intColumn("run", func(v *verdict) *int64 { return &v.run }),
		dateColumn("as_of", func(v *verdict) *plottage.Date { return &v.AsOf }),
		wordColumn("stage", func(v *verdict) *plottage.Stage { return &v.Stage }),
		wordColumn("queue", func(v *verdict) *plottage.Queue { return &v.Queue }),
		textColumn("grade", func(v *verdict) *string { return &v.Grade }),
		textColumn("disposal", func(v *verdict) *string { return &v.Disposal }),
		boolColumn("candidate", func(v *verdict) *bool { return &v.Candidate }),
		optColumn("score", "", func(v *verdict) *plottage.Opt[float64] { return &v.Score }),
		realColumn("confidence", "share", func(v *verdict) *float64 { return &v.Confidence }),
		jsonColumn("findings", func(v *verdict) *[]plottage.Finding { return &v.Findings }, func(f []plottage.Finding) bool { return len(f) == 0 }),
	})
	t.key = func(v *verdict) string { return pair(v.Pack, v.Parcel) }
	return t
}

// cluster is a Cluster without its members, which stand in cluster_parcels.
type cluster struct {
	id, members int
	areaM2      float64
}

var clusters = clusterTable()

func clusterTable() table[cluster] {
	t := makeTable(spec{name: "clusters", key: []string{"id"}}, []column[cluster]{
		intColumn("id", func(c *cluster) *int { return &c.id }),
		realColumn("area_m2", "m2", func(c *cluster) *float64 { return &c.areaM2 }),
		intColumn("members", func(c *cluster) *int { return &c.members }),
	})
	t.key = func(c *cluster) string { return strconv.Itoa(c.id) }
	return t
}

type member struct {
	cluster int
	parcel  string
}

var members = memberTable()

func memberTable() table[member] {
	t := makeTable(spec{name: "cluster_parcels", key: []string{"parcel"}, indexes: [][]string{{"cluster"}}, hidden: true}, []column[member]{
		intColumn("cluster", func(m *member) *int { return &m.cluster }),
		textColumn("parcel", func(m *member) *string { return &m.parcel }),
	})
	t.key = func(m *member) string { return m.parcel }
	return t
}

type link struct {
	plottage.Link
	line orb.LineString // between the middles of both parcels
}

var links = linkTable()

func linkTable() table[link] {
	t := makeTable(spec{name: "links", geometry: "LINESTRING", key: []string{"a", "b"}}, []column[link]{
		textColumn("a", func(l *link) *string { return &l.A }),
		textColumn("b", func(l *link) *string { return &l.B }),
		realColumn("shared_m", "m", func(l *link) *float64 { return &l.SharedM }),
		realColumn("gap_m", "m", func(l *link) *float64 { return &l.GapM }),
		wordColumn("way", func(l *link) *plottage.WayClass { return &l.Way }),
	})
	t.shape = func(l *link) orb.Geometry { return l.line }
	t.place = func(*link, header) error { return nil } // drawn for people, not read back
	t.key = func(l *link) string { return pair(l.A, l.B) }
	return t
}

var locks = lockTable()

func lockTable() table[plottage.Lock] {
	type L = plottage.Lock
	t := makeTable(spec{name: "locks", key: []string{"parcel"}}, []column[L]{
		textColumn("parcel", func(l *L) *string { return &l.Parcel }),
		wordColumn("kind", func(l *L) *plottage.LockKind { return &l.Kind }),
		intColumn("year", func(l *L) *int { return &l.Year }),
		textColumn("note", func(l *L) *string { return &l.Note }),
	})
	t.key = func(l *L) string { return l.Parcel }
	return t
}

var runs = runTable()

func runTable() table[plottage.Run] {
	type R = plottage.Run
	t := makeTable(spec{name: "runs", hidden: true}, []column[R]{
		textColumn("verb", func(r *R) *string { return &r.Verb }),
		textColumn("version", func(r *R) *string { return &r.Version }),
		seedColumn("seed", func(r *R) *uint64 { return &r.Seed }),
		textColumn("input_sha256", func(r *R) *string { return &r.InputSHA256 }),
		textColumn("started", func(r *R) *string { return &r.Started }),
		realColumn("seconds", "s", func(r *R) *float64 { return &r.Seconds }),
		textColumn("status", func(r *R) *string { return &r.Status }),
		packedColumn("options", func(r *R) *[]byte { return &r.Options }),
		packedColumn("input", func(r *R) *[]byte { return &r.Input }),
		packedColumn("result", func(r *R) *[]byte { return &r.Result }),
		packedColumn("certificate", func(r *R) *[]byte { return &r.Certificate }),
	})
	t.id = func(r *R) *int64 { return &r.ID }
	t.key = func(r *R) string { return strconv.FormatInt(r.ID, 10) }
	return t
}

var (
	sourceFileSpec = spec{name: "source_files", key: []string{"source"}, hidden: true, columns: []columnSpec{
		{name: "source", declared: typeInt, required: true},
		{name: "file", declared: typeBlob},
		{name: "mapping", declared: typeText},
	}}
	rulePackSpec = spec{name: "rule_packs", key: []string{"id"}, hidden: true, columns: []columnSpec{
		{name: "id", declared: typeText, required: true},
		{name: "yaml", declared: typeText, required: true},
	}}
	auditSpec = spec{name: "audit", key: []string{"version"}, columns: []columnSpec{
		{name: "version", declared: typeInt, required: true},
		{name: "at", declared: typeText, required: true},
		{name: "actor", declared: typeText, required: true},
		{name: "verb", declared: typeText, required: true},
		{name: "object", declared: typeText, required: true},
		{name: "detail", declared: typeText, required: true},
	}}
	metaSpec = spec{name: "meta", key: []string{"key"}, hidden: true, columns: []columnSpec{
		{name: "key", declared: typeText, required: true},
		{name: "value", declared: typeText, required: true},
	}}
)
