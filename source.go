package plottage

// Source is a file or service that brought data into the city.
type Source struct {
	ID       int64       `json:"id"`
	Name     string      `json:"name"` // file name as given
	SHA256   string      `json:"sha256"`
	Format   string      `json:"format"` // shapefile, geopackage, geojson, …
	Class    SourceClass `json:"class"`
	Owner    string      `json:"owner,omitempty"` // bureau that answers for it
	AsOf     Date        `json:"as_of,omitempty"` // date of the data
	Imported string      `json:"imported"`        // RFC 3339, UTC
	Rows     int         `json:"rows"`
}

// SourceClass says where data come from and, with that, what they may be used for.
type SourceClass string

// The source classes.
const (
	Administrative SourceClass = "administrative" // records of a bureau's own procedure
	Registry       SourceClass = "registry"       // public registers: land, firms
	Declared       SourceClass = "declared"       // the firm's own word
	Statistical    SourceClass = "statistical"    // survey microdata: statistics only (统计法 2024 art. 11, 28)
	Open           SourceClass = "open"           // published data
	Derived        SourceClass = "derived"        // computed here
)

// Use is what a figure may be used for.
type Use string

// The uses a source class may permit.
const (
	UseStatistics Use = "statistics" // totals of many units
	UseScore      Use = "score"      // grading a firm or a parcel
	UsePlan       Use = "plan"       // deciding what is cleared and who is placed
	UseExport     Use = "export"     // leaving the city file row by row
)

// Permits reports whether data of the class may be used so. Survey microdata
// permit statistics only; every other class permits all uses.
func (c SourceClass) Permits(u Use) bool { return c != Statistical || u == UseStatistics }
