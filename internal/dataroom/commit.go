package dataroom

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/workspace"
)

// Commit imports q's file into the city in one transaction, provided that the import
// does to every record what the review in q.Dir says. When the city is still at the
// version that was reviewed, or was changed only where this import does nothing, it
// goes through; otherwise it refuses with code Conflict, names records and who changed
// the city since, and saves nothing. It is for the committing process.
func Commit(ctx context.Context, store workspace.Store, actor string, now func() time.Time, q Request, step func(IntakeStep)) (int64, error) {
	o, err := q.Choices.options()
	if err != nil {
		return 0, err
	}
	seen, err := readSummary(q.Dir)
	if err != nil {
		return 0, fmt.Errorf("read the review: %w", err)
	}
	w := &witness{ctx: ctx, store: store, version: seen.Version}
	if w.left, err = readDigests(filepath.Join(q.Dir, digestFile)); err != nil {
		return 0, fmt.Errorf("read the review: %w", err)
	}
	o.Review = w
	o.Progress = func(stage string, done, total int) { step(IntakeStep{stage, done, total}) }
	report, err := importer.Import(ctx, store, actor, now, q.Path, o)
	if err == nil {
		err = report.AllRefused()
	}
	return report.Source, err
}

// witness compares an import that is about to be saved with its review.
type witness struct {
	ctx     context.Context
	store   workspace.Store
	version int64
	left    map[uint64]uint64 // what the review says, less what came as it said
	differ  int
	names   []string
}

// Place implements importer.Reviewer.
func (w *witness) Place(int) error { return nil }

// Row implements importer.Reviewer: what was mended follows from the file alone.
func (w *witness) Row(importer.Row) error { return nil }

// Change implements importer.Reviewer.
func (w *witness) Change(c importer.Change) error {
	name, content := digestOf(c)
	if was, ok := w.left[name]; !ok || was != content {
		if w.differ++; len(w.names) < 5 {
			w.names = append(w.names, c.Key)
		}
	}
	delete(w.left, name)
	return nil
}

// Done implements importer.Reviewer.
func (w *witness) Done(*importer.Report) error {
	if w.differ += len(w.left); w.differ == 0 {
		return nil
	}
	who, err := w.since()
	if err != nil {
		return err
	}
	return problem(plottage.Conflict, "data_city_changed", "count", w.differ, "records", strings.Join(w.names, ", "), "changes", who)
}

// since says who changed the city since the review, the last three.
func (w *witness) since() (string, error) {
	rows, err := w.store.Audit(w.ctx, w.version)
	if err != nil {
		return "", err
	}
	var all []string
	for _, r := range rows {
		if r.Version > w.version {
			all = append(all, strings.TrimSpace(r.Actor+": "+r.Verb+" "+r.Object))
		}
	}
	if len(all) > 3 {
		all = append([]string{"…"}, all[len(all)-3:]...)
	}
	return strings.Join(all, "; "), nil
}

func readDigests(path string) (map[uint64]uint64, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := make(map[uint64]uint64, len(b)/16)
	for ; len(b) >= 16; b = b[16:] {
		m[binary.LittleEndian.Uint64(b)] = binary.LittleEndian.Uint64(b[8:])
	}
	return m, nil
}
