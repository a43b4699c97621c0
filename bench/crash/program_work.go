package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

type source = plottage.Source

// lotsTown is how many lots a generated file has.
const lotsTown = 1200

// importing brings in a generated file of all lots; its mark is the owner of each.
func (t *town) importing() attempt {
	t.marks++
	mark := fmt.Sprintf("mark%06d", t.marks)
	file := filepath.Join(t.dir, mark+".csv")
	var b strings.Builder
	b.WriteString("id,owner,use,industrial,land_value,building_value,floor_area_m2,wkt\n")
	for i := range lotsTown {
		x, y := 500_000+i%40*60, 3_200_000+i/40*60
		built := 10_000 // every third lot is nearly empty, in runs of four that touch
		if i/4%3 > 0 {
			built = 9_000_000
		}
		fmt.Fprintf(&b, "P%05d,%s,400,true,1000000,%d,900,\"POLYGON((%d %d,%d %d,%d %d,%d %d,%d %d))\"\n", i, mark, built,
			x, y, x+60, y, x+60, y+60, x, y+60, x, y)
	}
	os.WriteFile(file, []byte(b.String()), 0o644) // a failure shows when it is read
	return attempt{kind: "import", changes: 1, args: []string{"import", t.city(), file, "--epsg", "4549"},
		kept: func(out []byte) []string {
			var r struct{ Source int64 }
			if err := json.Unmarshal(out, &r); err != nil || r.Source == 0 {
				return []string{fmt.Sprintf("import names no source: %v", err)}
			}
			return nil
		},
		always: func() []string {
			remove(file)
			return nil
		}}
}

func (t *town) grading() attempt {
	return attempt{kind: "land grade", changes: 1, args: []string{"land", "grade", t.city(), "--pack", "assessed-value"},
		kept: func(out []byte) []string {
			var all []struct{ Run int64 }
			if err := json.Unmarshal(out, &all); err != nil || len(all) != 1 {
				return []string{fmt.Sprintf("%d gradings: %v", len(all), err)}
			}
			return t.holdsRun("land grade", all[0].Run)
		}}
}

func (t *town) clustering() attempt {
	return attempt{kind: "land clusters", changes: 1, args: []string{"land", "clusters", t.city()},
		kept: func(out []byte) []string {
			var c struct{ Run int64 }
			if err := json.Unmarshal(out, &c); err != nil {
				return []string{err.Error()}
			}
			return t.holdsRun("land clusters", c.Run)
		}}
}

func (t *town) solving() attempt {
	return attempt{kind: "renewal solve", changes: 1,
		args: []string{"renewal", "solve", t.city(), "--years", "2027-2031", "--min-mu", "15", "--max-mu", "60", "--relocation", "none", "--time", "1s"},
		kept: func(out []byte) []string {
			var s struct{ Plan plottage.Plan }
			if err := json.Unmarshal(out, &s); err != nil || s.Plan.ID == 0 {
				return []string{fmt.Sprintf("solve names no plan: %v", err)}
			}
			return t.holdsPlan(s.Plan)
		}}
}

func (t *town) holdsPlan(want plottage.Plan) []string {
	ctx := context.Background()
	s, err := gpkg.OpenReadOnly(ctx, t.city())
	if err != nil {
		return []string{err.Error()}
	}
	defer s.Close()
	got, err := s.Plan(ctx, want.ID)
	if err != nil || got.Run != want.Run || got.Value != want.Value || len(got.Blocks) != len(want.Blocks) {
		return []string{fmt.Sprintf("acknowledged plan %d: %d of %d blocks, %v", want.ID, len(got.Blocks), len(want.Blocks), err)}
	}
	return nil
}

// editing changes one lot through the store: no command edits yet, the map does.
func (t *town) editing() attempt {
	return attempt{kind: kindEdit, changes: 1, args: []string{"crash-edit", t.city(), fmt.Sprint(t.rng.IntN(lotsTown)), fmt.Sprint(t.rng.IntN(1_000_000))}}
}

// editOne is what "crash-edit CITY LOT TAX" does.
func editOne(ctx context.Context, path, lot, tax string) error {
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	m, err := s.Meta(ctx)
	if err != nil {
		return err
	}
	x := float64(atoi(tax))
	if err := s.EditParcel(ctx, "editor", m.Version, fmt.Sprintf("P%05d", atoi(lot)), map[string]any{"tax": x, "revenue": 2 * x}); err != nil {
		return err
	}
	_, err = fmt.Println("{}")
	return err
}

// making makes another city: it is there whole, or not at all.
func (t *town) making() attempt {
	t.fresh++
	path := filepath.Join(t.dir, fmt.Sprintf("other%d.gpkg", t.fresh))
	return attempt{kind: "new", args: []string{"new", path, "--name", "Other"},
		kept: func([]byte) []string {
			return wholeCity(path)
		},
		always: func() []string {
			if _, err := os.Stat(path); os.IsNotExist(err) {
				return nil
			}
			return wholeCity(path)
		}}
}

func wholeCity(path string) []string {
	ctx := context.Background()
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return []string{err.Error()}
	}
	defer s.Close()
	m, err := s.Meta(ctx)
	if err == nil && (m.Version != 1 || m.Name.EN != "Other") {
		err = fmt.Errorf("a new city by half: %+v", m)
	}
	if err == nil {
		err = gpkg.Check(ctx, s)
	}
	if err != nil {
		return []string{err.Error()}
	}
	return nil
}

var exportEndings = []string{".geojson", ".xlsx", ".html", ".gpkg"}

// exporting writes a file: it is there whole, or not at all, and the city is as it was.
func (t *town) exporting() attempt {
	t.fresh++
	path := filepath.Join(t.dir, fmt.Sprintf("plan%d%s", t.fresh, exportEndings[t.fresh%len(exportEndings)]))
	return attempt{kind: "export", args: []string{"export", t.city(), "--to", path},
		kept: func([]byte) []string {
			if err := wholeFile(path); err != nil {
				return []string{fmt.Sprintf("an acknowledged export: %v", err)}
			}
			return nil
		},
		always: func() []string {
			if _, err := os.Stat(path); os.IsNotExist(err) {
				return nil
			}
			if err := wholeFile(path); err != nil {
				return []string{fmt.Sprintf("half an export: %v", err)}
			}
			return nil
		}}
}

// wholeFile reads an export to its end.
func wholeFile(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	ok := true
	switch filepath.Ext(path) {
	case ".geojson":
		ok = json.Valid(b)
	case ".html":
		ok = strings.HasSuffix(strings.TrimSpace(string(b)), "</html>")
	case ".xlsx":
		return wholeZip(path)
	case ".gpkg":
		pages := int(b[28])<<24 | int(b[29])<<16 | int(b[30])<<8 | int(b[31]) // sqlite.org/fileformat2.html, offset 28
		size := int(b[16])<<8 | int(b[17])
		ok = pages*size == len(b)
	}
	if !ok {
		return fmt.Errorf("%s is cut off after %d bytes", filepath.Base(path), len(b))
	}
	return nil
}

func wholeZip(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		r.Close()
	}
	return nil
}

// inspectRuns holds that every run can be read whole, every plan has its run, and the
// audit knows each.
func inspectRuns(ctx context.Context, s workspace.Store) (wrong []string) {
	runs, err := s.Runs(ctx)
	plans, err2 := s.Plans(ctx)
	audit, err3 := s.Audit(ctx, 0)
	if err != nil || err2 != nil || err3 != nil {
		return []string{fmt.Sprint("read: ", err, err2, err3)}
	}
	count := map[string]int{}
	for _, r := range audit {
		count[r.Verb]++
	}
	for _, r := range runs {
		count[r.Verb]--
		if _, err := s.Run(ctx, r.ID); err != nil {
			wrong = append(wrong, fmt.Sprintf("run %d: %v", r.ID, err))
		}
	}
	for _, verb := range []string{"land grade", "land clusters", "renewal solve"} {
		if count[verb] != 0 {
			wrong = append(wrong, fmt.Sprintf("%s: audit rows less runs %d", verb, count[verb]))
		}
	}
	for _, head := range plans {
		p, err := s.Plan(ctx, head.ID)
		if err == nil {
			_, err = s.Run(ctx, p.Run)
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("plan %d: %v", head.ID, err))
		}
	}
	return wrong
}
