package source

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/plottage/plottage/internal/importer/textenc"
)

// Formats, as Detect names them.
const (
	Shapefile  = "shapefile"
	DBF        = "dbf" // a table without its shapes
	GeoPackage = "geopackage"
	GeoJSON    = "geojson"
	TopoJSON   = "topojson"
	Boundary   = "boundary" // 界址点 text
	CSV        = "csv"
	WKT        = "wkt" // one geometry a line
	XLSX       = "xlsx"
	Zip        = "zip"
	Empty      = "empty"
	HTML       = "html"
	Text       = "text" // text of no format we know
	Unknown    = ""
)

// Formats that GDAL reads for us, by the name GDAL's users know.
const (
	FileGDB    = "FileGDB"
	KML        = "KML"
	GML        = "GML"
	GPX        = "GPX"
	DXF        = "DXF"
	MapInfo    = "MapInfo"
	FlatGeobuf = "FlatGeobuf"
	GeoParquet = "GeoParquet"
	XLS        = "XLS"
	ODS        = "ODS"
	DWG        = "DWG"
)

// throughGDAL are the formats for which we ask ogr2ogr.
var throughGDAL = map[string]bool{FileGDB: true, KML: true, GML: true, GPX: true, DXF: true, MapInfo: true, FlatGeobuf: true, GeoParquet: true, XLS: true, ODS: true, DWG: true}

// headSize is how much of a file is looked at to tell its format.
const headSize = 64 << 10

var byName = map[string]string{
	".shp": Shapefile, ".dbf": DBF, ".gpkg": GeoPackage, ".geojson": GeoJSON, ".json": GeoJSON,
	".geojsonl": GeoJSON, ".ndjson": GeoJSON, ".jsonl": GeoJSON, ".geojsons": GeoJSON, ".topojson": TopoJSON,
	".csv": CSV, ".tsv": CSV, ".tab": MapInfo, ".mif": MapInfo, ".txt": Text, ".xlsx": XLSX, ".xlsm": XLSX,
	".zip": Zip, ".kml": KML, ".kmz": KML, ".gml": GML, ".gpx": GPX, ".dxf": DXF, ".dwg": DWG,
	".fgb": FlatGeobuf, ".parquet": GeoParquet, ".geoparquet": GeoParquet, ".xls": XLS, ".ods": ODS, ".wkt": WKT,
}

// magics are first bytes that leave no doubt.
var magics = []struct{ format, first string }{
	{GeoPackage, "SQLite format 3\x00"},
	{Shapefile, "\x00\x00\x27\x0a"},
	{Zip, "PK\x03\x04"}, {Zip, "PK\x05\x06"},
	{FlatGeobuf, "fgb\x03"}, {GeoParquet, "PAR1"},
	{XLS, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
	{DWG, "AC10"},
	{"PDF", "%PDF-"}, {"RAR", "Rar!\x1a\x07"}, {"7z", "7z\xbc\xaf\x27\x1c"}, {"gzip", "\x1f\x8b"},
	{"PNG", "\x89PNG"}, {"JPEG", "\xff\xd8\xff"}, {"TIFF", "II*\x00"}, {"TIFF", "MM\x00*"},
}

var (
	wktLine  = regexp.MustCompile(`(?i)^\s*(SRID\s*=\s*\d+\s*;)?\s*(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION|CURVEPOLYGON|MULTISURFACE|COMPOUNDCURVE|CIRCULARSTRING|TRIANGLE|TIN)\s*(ZM|Z|M)?\s*([(（]|EMPTY)`)
	dxfStart = regexp.MustCompile(`^\s*0\s*\r?\n\s*SECTION\b`)
	topology = regexp.MustCompile(`"type"\s*:\s*"Topology"`)
)

// Detect names the format of a file from its first bytes, and from its name where the
// bytes leave it open.
func Detect(head []byte, size int64, name string) string {
	if size == 0 {
		return Empty
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.first)) {
			return m.format
		}
	}
	named := byName[strings.ToLower(path.Ext(name))]
	text, ok := asText(head, size > int64(len(head)))
	if !ok {
		return named // its reader says what is wrong; Unknown when the name says nothing
	}
	return textFormat(text, named)
}

// asText decodes the head of a text file; ok is false when it holds bytes no text has.
func asText(head []byte, cut bool) (string, bool) {
	s, _ := textenc.Decode(head, textenc.Detect(head, !cut)) // a character cut at the end of the head is no matter
	control := strings.IndexFunc(s, func(c rune) bool {
		return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1e && c != '\f' && c != 0x1a && c != 0
	})
	zeros := strings.Count(s, "\x00")
	return s, control < 0 && zeros*20 <= len(s)
}

// textFormat tells text formats apart; a plain table keeps the name's word for it.
func textFormat(s, named string) string {
	trimmed := strings.TrimLeft(s, " \t\r\n\x1e\ufeff")
	lower := strings.ToLower(trimmed[:min(len(trimmed), 2048)])
	switch {
	case strings.Contains(s, "[属性描述]") || strings.Contains(s, "[地块坐标]"):
		return Boundary
	case strings.HasPrefix(lower, "<"):
		return markup(lower, named)
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["):
		if named == CSV && !strings.Contains(s, `"type"`) {
			return CSV
		}
		if topology.MatchString(s) || (strings.Contains(s, `"arcs"`) && strings.Contains(s, `"objects"`)) {
			return TopoJSON
		}
		if named == TopoJSON {
			return TopoJSON
		}
		return GeoJSON
	case dxfStart.MatchString(s):
		return DXF
	case strings.HasPrefix(lower, "!table") || (named == MapInfo && strings.HasPrefix(lower, "version")):
		return MapInfo
	case wktLine.MatchString(trimmed):
		return WKT
	case named == GeoJSON || named == TopoJSON || named == CSV || named == Text || named == WKT:
		return named
	}
	return Text
}

func markup(lower, named string) string {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(lower, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("<html", "<!doctype html", "<table", "<head", "<body"):
		return HTML
	case has("<kml"):
		return KML
	case has("<gpx"):
		return GPX
	case has("opengis.net/gml", "<gml:"):
		return GML
	case named == CSV || named == Text:
		return named
	}
	return "XML"
}

// contradicts reports whether a file's name promises a format that its bytes break:
// someone renamed an export instead of converting it, and what else is wrong with it
// nobody knows.
func contradicts(format, name string) bool {
	named := byName[strings.ToLower(path.Ext(name))]
	switch named {
	case "", Text, format:
		return false
	case XLSX:
		return format != Zip
	case KML:
		return format != Zip
	case CSV:
		return format != Text && format != Boundary && format != WKT && format != GeoJSON
	case GeoJSON, TopoJSON:
		return format != GeoJSON && format != TopoJSON
	case XLS:
		return format != HTML // has words of its own
	case MapInfo: // .tab is also tab-separated text
		return format != Text && format != CSV
	case DBF, Shapefile, GeoPackage:
		return true
	}
	return format != Text
}

// decodeName turns the name of a zip entry into UTF-8. Archives made on Chinese
// Windows carry GB18030 without saying so, those of other systems UTF-8 without saying
// so; names in GB18030 are hardly ever valid UTF-8 by chance.
func decodeName(raw string, utf8Flag bool) string {
	if utf8Flag || utf8.ValidString(raw) {
		return raw
	}
	if s, err := simplifiedchinese.GB18030.NewDecoder().String(raw); err == nil {
		return s
	}
	return raw
}
