package importer

import (
	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/workspace"
)

// Report says what an import found, decided, changed and refused.
type Report struct {
	File     string            `json:"file"`
	Source   int64             `json:"source,omitempty"` // id in the city, 0 when nothing was saved
	Format   string            `json:"format"`
	SHA256   string            `json:"sha256,omitempty"` // of the source
	Layers   []LayerInfo       `json:"layers"`
	Tables   []TableInfo       `json:"tables"`
	Mappings []mapping.Mapping `json:"mappings"`

	Rows    int `json:"rows"`    // rows of the imported tables
	Refused int `json:"refused"` // rows that went back
	New     int `json:"new"`     // records the city did not have
	Updated int `json:"updated"` // records it had

	Records  map[string]int    `json:"records"`  // in the batch, by noun
	Severity map[string]int    `json:"severity"` // number of issues
	Kinds    map[string]int    `json:"kinds"`    // number of issues, by "severity/key"
	Issues   []workspace.Issue `json:"issues"`

	Reading child.Usage `json:"reading"` // what the reading process cost

	refused []refusedRow
}

// LayerInfo is one layer of the source.
type LayerInfo struct {
	Name     string `json:"name"`
	Format   string `json:"format"`
	Encoding string `json:"encoding,omitempty"`
	CRS      string `json:"crs,omitempty"` // as the source says
	Rows     int    `json:"rows"`
	Geometry bool   `json:"geometry"`
}

// TableInfo is one imported layer and what was decided about it.
type TableInfo struct {
	Layer   string     `json:"layer"`
	Noun    string     `json:"noun"`
	Rows    int        `json:"rows"`
	CRS     Conclusion `json:"crs"`
	Columns []string   `json:"columns"`
	Preview [][]string `json:"preview"` // first rows as in the source
}

func (r *Report) addTable(b *build) {
	r.Tables = append(r.Tables, TableInfo{Layer: b.t.Name, Noun: b.noun.Name, Rows: len(b.t.rows), CRS: b.crs, Columns: columnNames(b.t), Preview: b.preview})
}

// count notes what the batch holds.
// AllRefused is an error when rows went back and none came in: then the city is as it
// was. It is nil before an import has come that far.
func (r *Report) AllRefused() error {
	if r.Refused == 0 || r.Records == nil || len(r.Records) > 0 {
		return nil
	}
	return &plottage.Error{Code: plottage.BadInput, Key: "import_all_refused", Where: plottage.Where{File: r.File}, Args: map[string]any{"count": r.Refused}}
}

func (r *Report) count(b *workspace.Batch) {
	r.Records = map[string]int{}
	for noun, n := range map[string]int{
		"parcel": len(b.Parcels), "firm": len(b.Firms), "firm_year": len(b.FirmYears), "holding": len(b.Holdings), "building": len(b.Buildings),
		"project": len(b.Projects), "town": len(b.Towns), "way": len(b.Ways),
	} {
		if n > 0 {
			r.Records[noun] = n
		}
	}
}

func (r *Report) finish(s *issues) {
	r.Issues, r.Severity, r.Kinds = s.all(), s.counts(), map[string]int{}
	for k, n := range s.kinds {
		r.Kinds[k.severity+"/"+k.key] = n
	}
	if r.Records == nil {
		r.Records = map[string]int{}
	}
}
