package gpkg

import (
	"context"
	"strconv"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// Import implements workspace.Store.
func (s *Store) Import(ctx context.Context, actor string, b workspace.Batch) (id int64, err error) {
	c := &change{actor: actor, verb: "import", base: anyVersion, detail: counts(&b)}
	err = s.change(ctx, c, func(t *tx) error {
		if id, err = t.importBatch(b); err != nil {
			return err
		}
		c.object = "source " + strconv.FormatInt(id, 10)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// counts is what the audit says of a batch.
func counts(b *workspace.Batch) map[string]any {
	m := map[string]any{"name": b.Source.Name, "sha256": b.Source.SHA256}
	for name, n := range map[string]int{
		"parcels": len(b.Parcels), "firms": len(b.Firms), "firm_years": len(b.FirmYears),
		"holdings": len(b.Holdings), "buildings": len(b.Buildings), "projects": len(b.Projects), "towns": len(b.Towns),
		"ways": len(b.Ways), "originals": len(b.Originals), "issues": len(b.Issues),
	} {
		if n > 0 {
			m[name] = n
		}
	}
	return m
}

func (t *tx) importBatch(b workspace.Batch) (int64, error) {
	if err := t.batchCRS(&b); err != nil {
		return 0, err
	}
	id, err := t.addSource(b)
	if err != nil {
		return 0, err
	}
	for _, step := range []func() error{
		func() error { return putFrom(t, &parcels, b.Parcels, id) },
		func() error { return putFrom(t, &firms, b.Firms, id) },
		func() error { return put(t, &firmYears, b.FirmYears) },
		func() error { return put(t, &holdings, b.Holdings) },
		func() error { return putFrom(t, &buildings, b.Buildings, id) },
		func() error { return putFrom(t, &projects, b.Projects, id) },
		func() error { return put(t, &towns, b.Towns) },
		func() error { return put(t, &ways, b.Ways) },
		func() error { return put(t, &originals, ofSource(b.Originals, id)) },
		func() error { return put(t, &issues, foundIn(b.Issues, id)) },
		func() error { return t.classify(b.Classes) },
	} {
		if err := step(); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// batchCRS makes the batch's system the city's when it has none, and refuses
// geometry in another.
func (t *tx) batchCRS(b *workspace.Batch) error {
	if t.srs == undefinedCartesian {
		return t.decideCRS(b.EPSG)
	}
	if b.EPSG == int(t.srs) || !spatial(b) {
		return nil
	}
	e := failure(plottage.BadInput, "city_crs_differs", nil, "have", int(t.srs), "epsg", b.EPSG)
	e.Where.File = b.Source.Name
	return e
}

func spatial(b *workspace.Batch) bool {
	for i := range b.Parcels {
		if len(b.Parcels[i].Geometry) > 0 {
			return true
		}
	}
	for i := range b.Towns {
		if len(b.Towns[i].Geometry) > 0 {
			return true
		}
	}
	return len(b.Ways) > 0
}

func (t *tx) addSource(b workspace.Batch) (int64, error) {
	src := b.Source
	if src.Imported == "" {
		src.Imported = t.now.Format(time.RFC3339)
	}
	id, err := addOne(t, &sources, &src)
	if err != nil {
		return 0, err
	}
	if err := checkText(string(b.Mapping)); err != nil {
		return 0, refused("source_files", 0, src.Name, &cellError{"mapping", "", err})
	}
	return id, t.exec("INSERT INTO source_files (source, file, mapping) VALUES (?, ?, ?)", id, pack(b.File), orNull(b.Mapping))
}

func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return string(b)
}

// addOne inserts one record and returns its fid.
func addOne[T any](t *tx, tab *table[T], rec *T) (int64, error) {
	vals, _, err := tab.cells(rec, t.srs)
	if err != nil {
		return 0, refused(tab.name, 1, tab.key(rec), err)
	}
	last, err := t.lastFID(tab.name)
	if err != nil {
		return 0, err
	}
	args := []any{last + 1}
	for _, v := range vals {
		args = append(args, v)
	}
	if err := t.exec(tab.insertSQL(), args...); err != nil {
		return 0, err
	}
	return last + 1, t.touch(tab.name)
}

func ofSource(o []workspace.Original, source int64) []original {
	out := make([]original, len(o))
	for i := range o {
		out[i] = original{source, o[i]}
	}
	return out
}

func foundIn(list []workspace.Issue, source int64) []issue {
	out := make([]issue, len(list))
	for i := range list {
		out[i] = issue{source, list[i]}
	}
	return out
}

// strictness orders source classes by how little they permit: the strictest source
// that ever filled a field decides what the field may be used for.
var strictness = map[plottage.SourceClass]int{
	plottage.Statistical: 5, plottage.Declared: 4, plottage.Administrative: 3,
	plottage.Derived: 2, plottage.Registry: 1, plottage.Open: 0,
}

func (t *tx) classify(classes []workspace.FieldClass) error {
	have, err := some(t.ctx, t.s, t.conn, &fieldClasses, "")
	if err != nil {
		return err
	}
	strictest := map[string]workspace.FieldClass{}
	for _, f := range append(have, classes...) {
		k := pair(f.Noun, f.Field)
		if old, ok := strictest[k]; !ok || strictness[f.Class] > strictness[old.Class] {
			strictest[k] = f
		}
	}
	var all []workspace.FieldClass
	for _, f := range classes {
		k := pair(f.Noun, f.Field)
		if s, ok := strictest[k]; ok {
			all = append(all, s)
			delete(strictest, k)
		}
	}
	return put(t, &fieldClasses, all)
}
