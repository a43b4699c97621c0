// Package export writes a city, or a plan of it, into files for people and for
// other programs: GeoPackage, GeoJSON (RFC 7946), XLSX, 界址点 TXT and a report in
// HTML that prints well.
//
// [Read] takes everything an export may need out of a store, once, and leaves out
// what may serve statistics only (permit.go): every writer sees a [Snapshot] that
// holds nothing else. [Write] picks the writer by the file's ending and puts the
// file in place whole or not at all. The same city, plan and options give the same
// bytes in every format but XLSX and GeoPackage, which keep the time they were made.
package export

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage"
)

// Options of an export; the zero value exports everything of the newest plan in English.
type Options struct {
	Plan int64  `json:"plan" usage:"number of the plan; 0 is the newest"`
	What string `json:"what" usage:"parcels, blocks, plan or all" default:"all"`
	Lang string `json:"lang" usage:"language of headers and of the report: zh or en" default:"en"`

	Short  bool  `json:"short,omitempty" usage:"the report on two pages, for who decides"`
	Versus int64 `json:"versus,omitempty" usage:"number of a plan to compare with; 0 none"`
	Study  int64 `json:"study,omitempty" usage:"number of a run of renewal frontier, whose curve the file shows; 0 none"`
	Width  int   `json:"width,omitempty" usage:"pixels across of a picture" default:"2000"`
	DPI    int   `json:"dpi,omitempty" usage:"dots an inch of a picture, for printing" default:"200"`
}

func (o Options) pixels() int {
	if o.Width == 0 {
		return defaultPixels
	}
	return o.Width
}

func (o Options) dpi() int {
	if o.DPI == 0 {
		return defaultDPI
	}
	return o.DPI
}

// comparing are the endings of files that can show two plans.
var comparing = []string{".docx", ".html", ".xlsx", ".svg", ".png"}

// What may be asked for.
const (
	Parcels = "parcels"
	Blocks  = "blocks"
	Plan    = "plan" // blocks, placements, moves
	All     = "all"
)

// Endings are the file endings that [Write] knows.
var Endings = []string{".gpkg", ".geojson", ".xlsx", ".html", ".docx", ".svg", ".png", ".txt"}

// Check reports what is wrong with options and a file name before anything is read.
func (o Options) Check(path string) error {
	if !slices.Contains(Endings, ending(path)) {
		return usage("export_format", map[string]any{"file": filepath.Base(path), "known": strings.Join(Endings, " ")})
	}
	if what := o.what(); !slices.Contains([]string{Parcels, Blocks, Plan, All}, what) {
		return usage("export_what", map[string]any{"what": what})
	}
	if o.Versus != 0 && !slices.Contains(comparing, ending(path)) {
		return usage("export_compare_format", map[string]any{"file": filepath.Base(path), "known": strings.Join(comparing, " ")})
	}
	if o.Study != 0 && (ending(path) != ".html" || o.Versus != 0) {
		return usage("export_study_format", map[string]any{"file": filepath.Base(path)})
	}
	if o.Short && (!slices.Contains(briefForms, ending(path)) || o.Versus != 0 || o.Study != 0) {
		return usage("export_short_format", map[string]any{"file": filepath.Base(path), "known": strings.Join(briefForms, " ")})
	}
	if w := o.pixels(); w < minPixels || w > maxPixels {
		return usage("export_width", map[string]any{"width": w, "least": minPixels, "most": maxPixels})
	}
	if d := o.dpi(); d < 30 || d > 1200 {
		return usage("export_dpi", map[string]any{"dpi": d})
	}
	return nil
}

func (o Options) what() string {
	if o.What == "" {
		return All
	}
	return o.What
}

// wants reports whether one of the parts was asked for.
func (o Options) wants(parts ...string) bool {
	return o.what() == All || slices.Contains(parts, o.what())
}

func ending(path string) string { return strings.ToLower(filepath.Ext(path)) }

func usage(key string, args map[string]any) error {
	return &plottage.Error{Code: plottage.Usage, Key: key, Args: args}
}

// Written says what an export holds.
type Written struct {
	File    string   `json:"file"`
	Format  string   `json:"format"`
	Bytes   int64    `json:"bytes"`
	Plan    int64    `json:"plan,omitempty"`
	Parcels int      `json:"parcels"`
	Blocks  int      `json:"blocks"`
	LeftOut []string `json:"left_out,omitempty"` // "noun.field" that may serve statistics only

	Unlettered bool `json:"unlettered,omitempty"` // a picture lacks words: the machine has no font for them
}

// Write writes the snapshot to path in the format of its ending, replacing what is
// there only when the whole file is written and on disk.
func Write(ctx context.Context, s *Snapshot, path string) (Written, error) {
	w := Written{File: path, Format: ending(path)[1:], LeftOut: s.LeftOut}
	if s.Options.wants(Parcels) {
		w.Parcels = len(s.Parcels)
	}
	if s.Plan != nil && s.Options.wants(Blocks, Plan) {
		w.Plan, w.Blocks = s.Plan.ID, len(s.Plan.Blocks)
	}
	err := Replace(path, func(tmp string) error {
		if w.Format == "gpkg" {
			return writeGeoPackage(ctx, s, tmp)
		}
		return writeStream(ctx, s, w.Format, tmp)
	})
	if err != nil {
		return Written{}, fmt.Errorf("write %s: %w", path, err)
	}
	w.Unlettered = s.Unlettered
	if info, err := os.Stat(path); err == nil {
		w.Bytes = info.Size()
	}
	return w, nil
}

// Stream writes the snapshot in a format that needs no file of its own: geojson,
// xlsx, html, docx, svg, png or txt.
func Stream(ctx context.Context, s *Snapshot, format string, out io.Writer) error {
	switch format {
	case "geojson":
		return writeGeoJSON(ctx, s, out)
	case "xlsx":
		return writeWorkbook(ctx, s, out)
	case "html":
		if s.Study != nil {
			return writeFrontier(ctx, s, out)
		}
		if s.Other != nil {
			return writeComparison(ctx, s, out)
		}
		if s.Options.Short {
			return writeBrief(ctx, s, out)
		}
		return writeReport(ctx, s, out)
	case "docx":
		return writeDocument(ctx, s, out)
	case "svg":
		return writeSVG(ctx, s, out)
	case "png":
		return writePNG(ctx, s, out)
	case "txt":
		return writeBoundary(ctx, s, out)
	}
	return usage("export_format", map[string]any{"file": "." + format, "known": strings.Join(Endings, " ")})
}

func writeStream(ctx context.Context, s *Snapshot, format, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := Stream(ctx, s, format, f); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Replace lets write fill a temporary file beside path and moves it there. A path
// that is not a plain file is refused, a device as much as a directory.
func Replace(path string, write func(tmp string) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usage("export_target", map[string]any{"file": path})
	}
	tmp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d%s", filepath.Base(path), os.Getpid(), filepath.Ext(path)))
	_ = os.Remove(tmp)
	defer os.Remove(tmp)
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// clock is the time an export bears.
func clock(now time.Time) string { return now.Format("2006-01-02 15:04") }
