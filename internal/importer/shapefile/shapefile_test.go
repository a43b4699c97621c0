package shapefile_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
	"github.com/plottage/plottage/internal/importer/shapefile"
)

// shp writes a polygon file of the records' rings; cut bytes are missing at its end.
func shp(cut int, records ...[][]orb.Point) []byte {
	var body bytes.Buffer
	for i, rings := range records {
		n := 0
		for _, r := range rings {
			n += len(r)
		}
		binary.Write(&body, binary.BigEndian, []int32{int32(i + 1), int32(44+4*len(rings)+16*n) / 2})
		binary.Write(&body, binary.LittleEndian, int32(5))
		binary.Write(&body, binary.LittleEndian, [4]float64{})
		binary.Write(&body, binary.LittleEndian, []int32{int32(len(rings)), int32(n)})
		at := 0
		for _, r := range rings {
			binary.Write(&body, binary.LittleEndian, int32(at))
			at += len(r)
		}
		for _, r := range rings {
			binary.Write(&body, binary.LittleEndian, r)
		}
	}
	h := make([]byte, 100)
	binary.BigEndian.PutUint32(h, 9994)
	binary.BigEndian.PutUint32(h[24:], uint32(100+body.Len())/2)
	binary.LittleEndian.PutUint32(h[28:], 1000)
	binary.LittleEndian.PutUint32(h[32:], 5)
	return append(h, body.Bytes()[:body.Len()-cut]...)
}

// dbf writes a table; a column is "name type width decimals", values are padded.
func dbf(ldid byte, cols []string, rows ...[]string) []byte {
	h := make([]byte, 32)
	h[0], h[29] = 3, ldid
	width := 1
	var widths []int
	for _, c := range cols {
		f := strings.Fields(c)
		d := make([]byte, 32)
		copy(d[:11], f[0])
		w, _ := parse(f[2])
		dec, _ := parse(f[3])
		d[11], d[16], d[17] = f[1][0], byte(w), byte(dec)
		h = append(h, d...)
		width += w
		widths = append(widths, w)
	}
	h = append(h, '\r')
	binary.LittleEndian.PutUint32(h[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(h[8:], uint16(len(h)))
	binary.LittleEndian.PutUint16(h[10:], uint16(width))
	for _, r := range rows {
		h = append(h, ' ')
		for i, v := range r {
			h = append(h, (v + strings.Repeat(" ", widths[i]))[:widths[i]]...)
		}
	}
	return append(h, 0x1a)
}

func parse(s string) (n int, err error) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n, nil
}

func box(x, y, size float64, clockwise bool) []orb.Point {
	r := []orb.Point{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
	if !clockwise {
		orb.Ring(r).Reverse()
	}
	return r
}

func read(t *testing.T, shp []byte, siblings map[string][]byte) string {
	t.Helper()
	if siblings == nil {
		siblings = map[string][]byte{}
	}
	if _, ok := siblings[".shx"]; !ok {
		siblings[".shx"] = index(shp)
	}
	found, err := readertest.Read(t, shapefile.Reader{}, readertest.Memory("a.shp", shp, siblings), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

// index writes the .shx of a .shp.
func index(shp []byte) []byte {
	x := make([]byte, 100)
	for at := 100; at+8 <= len(shp); {
		words := int(binary.BigEndian.Uint32(shp[at+4:]))
		x = binary.BigEndian.AppendUint32(x, uint32(at/2))
		x = binary.BigEndian.AppendUint32(x, uint32(words))
		at += 8 + 2*words
	}
	return x
}

func TestTypesOfValues(t *testing.T) {
	got := read(t, shp(0, [][]orb.Point{box(0, 0, 1, true)}, [][]orb.Point{box(1, 0, 1, true)}), map[string][]byte{
		".dbf": dbf(0, []string{"id N 10 0", "area N 10 2", "name C 12 0", "day D 8 0", "idle L 1 0", "note M 10 0"},
			[]string{"7", "12.50", "甲厂", "20261123", "T", "1"}, []string{"**********", "x", "", "00000000", "?", ""}),
		".prj": []byte(`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`),
	})
	want := `layer a shapefile UTF-8 crs=GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"
  column id whole
  column area number
  column name text
  column day day
  column idle flag
  1 | 7 | 12.5f | "甲厂" | 2026-11-23 | true | POLYGON((0 0,0 1,1 1,1 0,0 0))
  2 | - | "x" | - | - | - | POLYGON((1 0,1 1,2 1,2 0,1 0))
refused read.dbf_type field note
noted read.value_type row 2 field area value "x"
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShellsAndHoles(t *testing.T) {
	big, hole, island := box(0, 0, 10, true), box(2, 2, 6, false), box(4, 4, 2, true)
	for _, tt := range []struct {
		name  string
		rings [][]orb.Point
		want  string
	}{
		{"a hole", [][]orb.Point{big, hole}, "POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,8 2,8 8,2 8,2 2))"},
		{"the hole first", [][]orb.Point{hole, big}, "POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,8 2,8 8,2 8,2 2))"},
		{"an island in the hole", [][]orb.Point{island, hole, big}, "MULTIPOLYGON(((4 4,4 6,6 6,6 4,4 4)),((0 0,0 10,10 10,10 0,0 0),(2 2,8 2,8 8,2 8,2 2)))"},
		{"two parts", [][]orb.Point{box(0, 0, 1, true), box(5, 0, 1, true)}, "MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)),((5 0,5 1,6 1,6 0,5 0)))"},
		{"parts that share a border", [][]orb.Point{box(0, 0, 1, true), box(1, 0, 1, true)}, "MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)),((1 0,1 1,2 1,2 0,1 0)))"},
		{"a hole that touches its shell", [][]orb.Point{big, box(0, 0, 5, false)}, "POLYGON((0 0,0 10,10 10,10 0,0 0),(0 0,5 0,5 5,0 5,0 0))"},
		{"a hole as large as its shell", [][]orb.Point{box(0, 0, 10, false), big}, "POLYGON((0 0,0 10,10 10,10 0,0 0),(0 0,10 0,10 10,0 10,0 0))"},
		{"a hole that runs like a shell", [][]orb.Point{big, box(2, 2, 6, true)}, "POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,2 8,8 8,8 2,2 2))\nrepaired read.ring_winding row 1"},
		{"a shell that runs like a hole", [][]orb.Point{box(0, 0, 1, false)}, "POLYGON((0 0,1 0,1 1,0 1,0 0))\nrepaired read.ring_winding row 1"},
	} {
		got := read(t, shp(0, tt.rings), map[string][]byte{".dbf": dbf(0, []string{"i N 1 0"}, []string{"1"})})
		_, got, _ = strings.Cut(got, "  1 | 1 | ")
		if strings.TrimSpace(got) != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// Property: sorting rings keeps the area that even-odd filling gives, whatever the order
// and the winding.
func TestManyHoles(t *testing.T) {
	rings := [][]orb.Point{box(0, 0, 1000, true)}
	for i := range 400 {
		rings = append(rings, box(float64(i%20)*50+1, float64(i/20)*50+1, 40, i%3 == 0))
	}
	for i := range rings {
		j := (i * 7919) % len(rings)
		rings[i], rings[j] = rings[j], rings[i]
	}
	found, err := readertest.Read(t, shapefile.Reader{}, readertest.Memory("a.shp", shp(0, rings), nil), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := planar.Area(found.Rows[0][0].Geometry), 1000*1000-400*40*40.; math.Abs(got-want) > 1e-6 {
		t.Errorf("area %v, want %v", got, want)
	}
}

func TestEncodings(t *testing.T) {
	gbk := "\xd7\xda\xb5\xd8" // 宗地
	for _, tt := range []struct {
		name, value string
		ldid        byte
		cpg         string
		want        string
	}{
		{"GBK without a word", gbk, 0, "", "GB18030 宗地"},
		{"GBK by language driver", gbk, 0x4D, "", "GB18030 宗地"},
		{"GBK by .cpg", gbk, 0, "GBK", "GB18030 宗地"},
		{"GBK, the .cpg says UTF-8", gbk, 0, "UTF-8", "GB18030 宗地 read.encoding_lie"},
		{"UTF-8, the .cpg says 936", "宗地", 0, "936", "UTF-8 宗地 read.encoding_lie"},
		{"UTF-8 under ArcGIS's ANSI", "宗地", 0x57, "", "UTF-8 宗地"},
		{"Latin", "caf\xe9 M\xfcller", 0, "", "Windows-1252 café Müller"},
		{"Latin by .cpg", "\xc4\xd6", 0, "ISO-8859-1", "Windows-1252 ÄÖ"},
		{"Big5 by .cpg", "\xa6\x61", 0, "Big5", "Big5 地"},
		{".cpg is HTML", gbk, 0, "<html>", "GB18030 宗地 read.cpg_unknown"},
		{"cut in a character", "义乌市某某针织\xe7\x82", 0, "", "UTF-8 义乌市某某针织 read.value_cut"},
		{"damaged", "义乌市\xff某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织", 0, "UTF-8", "UTF-8 义乌市�某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织某某针织 read.value_damaged"},
	} {
		width := len(tt.value) + 2
		if strings.HasPrefix(tt.name, "cut") {
			width = len(tt.value)
		}
		siblings := map[string][]byte{".dbf": dbf(tt.ldid, []string{"n C " + digits(width) + " 0"}, []string{tt.value})}
		if tt.cpg != "" {
			siblings[".cpg"] = []byte(tt.cpg)
		}
		found, err := readertest.Read(t, shapefile.Reader{}, readertest.Memory("a.shp", shp(0, [][]orb.Point{box(0, 0, 1, true)}), siblings), layer.Limits{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := found.Layers[0].Encoding + " " + found.Rows[0][0].Values[0].(string)
		for _, i := range found.Issues {
			if i.Key != "read.shx_missing" {
				got += " " + i.Key
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func digits(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestDamage(t *testing.T) {
	one := [][]orb.Point{box(0, 0, 1, true)}
	table := dbf(0, []string{"i N 1 0"}, []string{"1"}, []string{"2"})
	set := func(b []byte, at int, v uint32) []byte {
		binary.BigEndian.PutUint32(b[at:], v)
		return b
	}
	for _, tt := range []struct {
		name string
		shp  []byte
		want string
	}{
		{"cut in the last record", shp(20, one, one), "layer a"},
		{"a count that differs", shp(0, one, one, one), "refused read.dbf_count"},
		{"a negative record", set(shp(0, one, one), 104, 0xfffffffc), "refused read.shp_record"},
		{"a huge record", set(shp(0, one, one), 104, 0x7fffffff), "refused read.shp_record"},
		{"a length beyond the end", set(shp(0, one, one), 24, 0x7fffffff), "refused read.shp_length"},
		{"too many points", set(shp(0, one, one), 148, 0xffffff7f), "refused read.shape_counts"},
		{"too many parts", set(shp(0, one, one), 144, 0xffffff0f), "refused read.shape_counts"},
		{"a part outside", set(shp(0, one, one), 152, 0x05000000), "refused read.shape_parts"},
		{"a type of its own", set(shp(0, one, one), 108, 0x63000000), "refused read.shape_type"},
		{"not a number", shp(0, [][]orb.Point{{{0, 0}, {math.NaN(), 1}, {1, 1}}}, one), "refused read.coordinate"},
		{"beyond any map", shp(0, [][]orb.Point{{{0, 0}, {1e308, 1}, {1, 1}}}, one), "refused read.coordinate"},
		{"empty", nil, "refused read.shp_header"},
		{"HTML", []byte(strings.Repeat("<html>", 50)), "refused read.shp_header"},
	} {
		if got := read(t, tt.shp, map[string][]byte{".dbf": table, ".shx": nil}); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got := read(t, shp(20, one, one), map[string][]byte{".dbf": table}); !strings.Contains(got, "refused read.shp_cut row 2") || !strings.Contains(got, "  1 | 1 |") {
		t.Errorf("cut: got\n%s", got)
	}
}

func TestCorpus(t *testing.T) {
	wanted := readertest.Wanted(t)
	pipeline := map[string]bool{ // made right or told after the reader: system, axes, rings, duplicates
		"no_prj_zone_prefix": true, "axis_swapped": true, "prj_xian80": true, "open_short_rings": true, "bowtie_spike_dup": true, "duplicate_parcels": true,
	}
	for _, path := range readertest.OddFiles(t, ".", ".shp") {
		found, err := readertest.Read(t, shapefile.Reader{}, readertest.File(path), layer.Limits{})
		rel, _ := filepath.Rel(filepath.Join(readertest.Odd, "made"), path)
		if want, ours := wanted[rel]; ours && !pipeline[filepath.Base(filepath.Dir(path))] && found.Outcome(err) != want {
			t.Errorf("%s: %s, want %s (%v)\n%s", rel, found.Outcome(err), want, err, found.Dump())
		}
	}
	for _, path := range readertest.OddFiles(t, ".", ".dbf") {
		readertest.Read(t, shapefile.Reader{}, readertest.File(path), layer.Limits{})
	}
	if _, err := readertest.Read(t, shapefile.Reader{}, readertest.File(filepath.Join(readertest.Odd, "made/shp/dbf_only/dk.dbf")), layer.Limits{}); err == nil {
		t.Error("dbf_only was read")
	}
}

// What GDAL writes in GBK we read as GDAL reads it.
func TestAgainstGDAL(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed (package gdal-bin)")
	}
	dir := t.TempDir()
	src := filepath.Join(dir, "src.csv")
	csv := "编号,面积,企业,WKT\n1,12.5,义乌市饰品有限公司,\"POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,8 2,8 8,2 8,2 2))\"\n2,3,镕基䶮厂,\"MULTIPOLYGON(((20 0,20 1,21 1,20 0)),((30 0,30 1,31 1,30 0)))\"\n"
	if err := os.WriteFile(src, []byte(csv), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, enc := range []string{"GBK", "GB18030", "UTF-8"} {
		dst := filepath.Join(dir, enc+".shp")
		cmd := exec.Command("ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING="+enc, "-a_srs", "EPSG:4549", dst, src, "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "AUTODETECT_TYPE=YES", "-nlt", "POLYGON")
		if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), "GB18030") {
			t.Fatalf("%v: %s", err, out)
		}
		found, err := readertest.Read(t, shapefile.Reader{}, readertest.File(dst), layer.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := found.Dump()
		for _, want := range []string{"column 编号 whole", "column 企业 text", `"义乌市饰品有限公司"`, "POLYGON((0 0,0 10,10 10,10 0,0 0),(2 2,8 2,8 8,2 8,2 2))", "MULTIPOLYGON(((20 0,20 1,21 1,20 0)),((30 0,30 1,31 1,30 0)))", "CGCS2000_3_Degree_GK_CM_120E"[:20]} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", enc, want, got)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	one := [][]orb.Point{box(0, 0, 10, true), box(2, 2, 3, false)}
	f.Add(shp(0, one, one), dbf(0x4D, []string{"i N 1 0", "n C 6 0", "d D 8 0"}, []string{"1", "\xd7\xda", "20200101"}, []string{"2", "x", ""}), "GBK")
	f.Add(shp(8, one, one), dbf(0, []string{"i N 1 0"}, []string{"1"}, []string{"2"}), "")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		readertest.Read(t, shapefile.Reader{}, readertest.Memory("a.shp", shp, map[string][]byte{".dbf": dbf, ".cpg": []byte(cpg)}), layer.Limits{})
		readertest.Read(t, shapefile.Reader{}, readertest.Memory("a.dbf", dbf, nil), layer.Limits{})
	})
}
