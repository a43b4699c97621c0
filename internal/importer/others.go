package importer

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
)

// buildProjects makes projects of a table. A project without a number goes by its name.
func (b *build) buildProjects() error {
	id, name := b.field("id"), b.field("name")
	if id < 0 && name < 0 {
		return b.ask("import_ask_key", "columns", columnList(b.t))
	}
	all, err := b.records()
	if err != nil {
		return err
	}
	old, err := existing(b, b.store.Projects, func(p plottage.Project) string { return p.ID })
	if err != nil {
		return err
	}
	gs := b.keyed(all, func(r *record) string { return firstOf(r.text(id), r.text(name)) }, "key_missing")
	for _, g := range gs {
		r := combine(b, g, plottage.ProjectFields)
		p, known := old[g.key]
		b.countRecord(known)
		fill(b, &p, plottage.ProjectFields, r)
		p.ID, p.Row, p.Source = g.key, r.n, 0
		b.batch.Projects = append(b.batch.Projects, p)
	}
	b.stateCombined(gs)
	return nil
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// shaped is a row with its geometry in the city's system.
type shaped struct {
	*record
	area orb.MultiPolygon
	line orb.MultiLineString
}

// buildTowns makes towns; several areas of one town become one.
func (b *build) buildTowns() error {
	id, zh, en := b.field("id"), b.field("name_zh"), b.field("name_en")
	all, err := each(b, func(_ int, row *layer.Row) (*shaped, bool) {
		s := &shaped{record: b.record(row)}
		if row.Geometry != nil {
			s.town(b, row.Geometry)
		}
		return s, true
	})
	if err != nil {
		return err
	}
	old, err := existing(b, b.store.Towns, func(t plottage.Town) string { return t.ID })
	if err != nil {
		return err
	}
	areas := map[string]orb.MultiPolygon{}
	key := func(r *record) string { return firstOf(r.text(id), r.text(zh), r.text(en)) }
	for _, s := range all {
		if !s.refused {
			areas[key(s.record)] = append(areas[key(s.record)], s.area...)
		}
	}
	gs := b.keyed(recordsOf(all), key, "key_missing")
	for _, g := range gs {
		r := combine(b, g, plottage.TownFields)
		t, known := old[g.key]
		b.countRecord(known)
		fill(b, &t, plottage.TownFields, r)
		t.ID = g.key
		if len(areas[g.key]) > 0 {
			t.Geometry, _, _ = mend(areas[g.key])
		}
		b.batch.Towns = append(b.batch.Towns, t)
	}
	b.stateCombined(gs)
	return nil
}

func (s *shaped) town(b *build, g orb.Geometry) {
	mp, found := polygons(g)
	if s.add(b, found); mp == nil {
		return
	}
	moved, _, ok := b.place.bring(mp)
	if !ok {
		s.issue(b, layer.Refused, "geometry_range", "", "", nil)
		return
	}
	fixed, _, found := mend(moved.(orb.MultiPolygon))
	s.add(b, found)
	s.area = fixed
}

func recordsOf(all []*shaped) []*record {
	out := make([]*record, len(all))
	for i, s := range all {
		out[i] = s.record
	}
	return out
}

// buildWays makes ways: streets, railways, rivers, limits.
func (b *build) buildWays() error {
	id, class := b.field("id"), b.field("class")
	all, err := each(b, func(_ int, row *layer.Row) (*shaped, bool) {
		s := &shaped{record: b.record(row)}
		s.way(b, row.Geometry, class)
		return s, true
	})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, s := range all {
		if !b.settle(i, s.record) {
			continue
		}
		w := plottage.Way{Geometry: s.line}
		fill(b, &w, plottage.WayFields, s.record)
		if w.ID = s.text(id); w.ID == "" || seen[w.ID] { // a street in several pieces
			w.ID = fmt.Sprintf("%s-%d", b.stem(), s.n)
		}
		seen[w.ID] = true
		b.batch.Ways = append(b.batch.Ways, w)
		b.report.New++
	}
	return nil
}

func (s *shaped) way(b *build, g orb.Geometry, class int) {
	if class >= 0 {
		c := wayClass(s.text(class))
		if c == "" {
			s.issue(b, layer.Repaired, "way_class", b.columnOf("class"), s.text(class), nil)
			s.values[class] = nil
		} else {
			s.values[class] = string(c)
		}
	}
	if g == nil {
		s.issue(b, layer.Refused, "geometry_empty", "", "", nil)
		return
	}
	ml, found := lines(g)
	if s.add(b, found); ml == nil {
		return
	}
	moved, _, ok := b.place.bring(ml)
	if !ok {
		s.issue(b, layer.Refused, "geometry_range", "", "", nil)
		return
	}
	s.line = moved.(orb.MultiLineString)
}

// wayClasses are the words for classes of ways met in files: OpenStreetMap's highway,
// railway and waterway values and those of GB/T 51328-2018 (城市综合交通体系规划标准).
var wayClasses = map[plottage.WayClass]string{
	plottage.Lane:      "lane service residential living_street footway path track pedestrian cycleway unclassified alley 支路 巷道 巷 小区路 村道",
	plottage.Collector: "collector tertiary secondary tertiary_link secondary_link 次干路 次干道 乡道 县道",
	plottage.Arterial:  "arterial primary trunk motorway primary_link trunk_link motorway_link 主干路 主干道 快速路 高速公路 高速 国道 省道",
	plottage.Rail:      "rail railway light_rail subway tram 铁路 轨道 轨道交通",
	plottage.River:     "river stream canal waterway 河流 河道 河 渠 水系",
	plottage.RedLine:   "redline 红线 生态红线 生态保护红线 规划红线 永久基本农田",
}

var wayClassByWord = func() map[string]plottage.WayClass {
	m := map[string]plottage.WayClass{}
	for c, words := range wayClasses {
		for w := range strings.SplitSeq(words, " ") {
			m[cell.Fold(w)] = c
		}
	}
	return m
}()

// wayClass returns the class a word stands for, "" for a word we do not know.
func wayClass(word string) plottage.WayClass { return wayClassByWord[cell.Fold(word)] }
