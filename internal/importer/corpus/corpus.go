// Package corpus runs a collection of odd and malformed files through the importer and
// says how each ended. The test of the importer and bench/oddfiles share it.
package corpus

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// Ends an import can come to.
const (
	Accept = "accept" // all rows in, none changed
	Repair = "repair" // in, with changes or rows given back, all of them listed
	Reject = "reject" // the file stays out, with a reason; nothing was changed
)

// Outcome is how one file ended.
type Outcome struct {
	Path    string  // below the corpus
	End     string  // Accept, Repair or Reject
	Asked   string  // keys of the questions a person had to answer first
	Seconds float64 // wall time
	PeakMB  float64 // of the reading process
	Killed  string
	Crashed bool   // a reader panicked or its process died
	Key     string // of the error or the first issue that was no note
	Message string // in English
	Records int
	Report  *importer.Report
	Err     error
}

// Case is a file whose end is known.
type Case struct{ Path, What, Want string }

// Cases reads a manifest: path, what is odd, wanted end; parts of other cases are left
// out, files that are absent too.
func Cases(root string) ([]Case, error) {
	f, err := os.Open(filepath.Join(root, "manifest.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, r := range rows[1:] {
		if _, err := os.Stat(filepath.Join(root, r[0])); err != nil || strings.HasPrefix(r[1], "part of") {
			continue
		}
		cases = append(cases, Case{r[0], r[1], r[2]})
	}
	return cases, nil
}

// Meets reports whether the outcome is what a case wants. A wanted accept also allows
// that a person had to choose a layer, and conclusions about the file as a whole (its
// coordinate system): no row was changed.
func (o Outcome) Meets(want string) bool {
	if o.End == want {
		return true
	}
	if want != Accept || o.End != Repair {
		return false
	}
	for _, i := range o.Report.Issues {
		if i.Severity != layer.Noted && i.Where.Row > 0 && !strings.Contains(o.Asked, "import_ask_layer") {
			return false
		}
	}
	return true
}

// Files lists all files below root, sorted.
func Files(root string) (all []string, err error) {
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(root, p)
		all = append(all, rel)
		return err
	})
	slices.Sort(all)
	return all, err
}

// questions is how often a run answers before it gives up.
const questions = 4

// Run imports one file into an empty city that lives in memory. Where the importer asks
// (which layer, what the rows are, which column is the key), Run answers as a person in
// a hurry would: all layers, firms, the first column.
func Run(ctx context.Context, root, path string) Outcome {
	out := Outcome{Path: path}
	var o importer.Options
	started := time.Now()
	for range questions {
		city := &Memory{}
		out.Report, out.Err = importer.Import(ctx, city, "corpus", time.Now, filepath.Join(root, path), o)
		out.Seconds, out.PeakMB = max(out.Seconds, time.Since(started).Seconds()), max(out.PeakMB, float64(out.Report.Reading.PeakBytes)/(1<<20))
		out.Killed, out.Records = out.Report.Reading.Killed, city.Records
		if out.Err != nil && city.Records > 0 {
			out.Message = "a refused import changed the city"
		}
		if !answer(&o, &out) {
			break
		}
		started = time.Now()
	}
	out.judge()
	return out
}

// answer answers a question of the importer; false when it asked none.
func answer(o *importer.Options, out *Outcome) bool {
	var e *plottage.Error
	if !errors.As(out.Err, &e) || e.Code != plottage.Usage {
		return false
	}
	out.Asked = strings.TrimPrefix(out.Asked+","+e.Key, ",")
	switch {
	case e.Key == "import_ask_layer" && o.Layers == nil:
		o.Layers = []string{"all"}
	case e.Key == "import_ask_noun" && o.As == "":
		o.As = "firms"
	case e.Key == "import_ask_key" && o.Keys == nil:
		columns, _ := e.Args["columns"].(string)
		first, _, _ := strings.Cut(columns, ", ")
		o.As, o.Keys = "firms", map[string]string{first: "id"}
	default:
		return false
	}
	return true
}

// judge turns report and error into an end.
func (o *Outcome) judge() {
	if o.Err != nil {
		o.End = Reject
		var e *plottage.Error
		if errors.As(o.Err, &e) {
			o.Key, o.Crashed = e.Key, e.Key == "import_crashed"
			args := map[string]any{"file": e.Where.File, "row": e.Where.Row, "field": e.Where.Field, "value": e.Where.Value, "layer": e.Where.Layer}
			if e.Err != nil {
				args["detail"] = e.Err.Error()
			}
			for k, v := range e.Args {
				args[k] = v
			}
			o.Message = locale.T("en", "error."+e.Key, args)
		} else {
			o.Key, o.Message = "internal", o.Err.Error()
		}
		return
	}
	o.End = Accept
	for _, i := range o.Report.Issues {
		if i.Severity != layer.Noted {
			o.End, o.Key, o.Message = Repair, i.Key, importer.Sentence("en", layer.Issue(i))
			return
		}
	}
}

// Memory is a city that keeps in memory what an import brings; the zero value is empty.
type Memory struct {
	EPSG, Records int
	Currency      string          // "" is CNY
	Batch         workspace.Batch // the last
	parcels       []plottage.Parcel
	at            map[string]int
}

// Meta implements importer.Store.
func (m *Memory) Meta(context.Context) (workspace.Meta, error) {
	return workspace.Meta{EPSG: m.EPSG, Currency: cmp.Or(m.Currency, "CNY")}, nil
}

// Import implements importer.Store.
func (m *Memory) Import(_ context.Context, _ string, b workspace.Batch) (int64, error) {
	m.EPSG, m.Batch = b.EPSG, b
	m.Records += len(b.Parcels) + len(b.Firms) + len(b.FirmYears) + len(b.Holdings) + len(b.Buildings) + len(b.Projects) + len(b.Towns) + len(b.Ways)
	if m.at == nil {
		m.at = map[string]int{}
	}
	for _, p := range b.Parcels {
		if i, ok := m.at[p.ID]; ok {
			m.parcels[i] = p
			continue
		}
		m.at[p.ID] = len(m.parcels)
		m.parcels = append(m.parcels, p)
	}
	return 1, nil
}

// ByID returns a parcel by its number.
func (m *Memory) ByID(id string) (plottage.Parcel, bool) {
	if i, ok := m.at[id]; ok {
		return m.parcels[i], true
	}
	return plottage.Parcel{}, false
}

// Parcels implements importer.Store.
func (m *Memory) Parcels(context.Context) ([]plottage.Parcel, error) { return m.parcels, nil }

// Firms implements importer.Store.
func (m *Memory) Firms(context.Context) ([]plottage.Firm, error) { return nil, nil }

// FirmYears implements importer.Store.
func (m *Memory) FirmYears(context.Context) ([]plottage.FirmYear, error) { return nil, nil }

// Buildings implements importer.Store.
func (m *Memory) Buildings(context.Context) ([]plottage.Building, error) { return nil, nil }

// Holdings implements importer.Store.
func (m *Memory) Holdings(context.Context) ([]plottage.Holding, error) { return nil, nil }

// Projects implements importer.Store.
func (m *Memory) Projects(context.Context) ([]plottage.Project, error) { return nil, nil }

// Towns implements importer.Store.
func (m *Memory) Towns(context.Context) ([]plottage.Town, error) { return nil, nil }

// Ways implements importer.Store.
func (m *Memory) Ways(context.Context) ([]plottage.Way, error) { return nil, nil }
