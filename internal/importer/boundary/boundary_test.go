package boundary_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/plottage/plottage/internal/importer/boundary"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
)

func read(t testing.TB, text string) string {
	t.Helper()
	found, err := readertest.Read(t, boundary.Reader{}, readertest.Memory("a.txt", []byte(text), nil), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

const about = `[属性描述]
格式版本号=1.01版本
数据产生单位=义乌市自然资源和规划局
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=,,,,,,
[地块坐标]
`

// A plot with a yard taken out, and one of two parts.
const plots = `10,0.3600,330782001,甲地块,面,H51,工业用地,0601,@
J1,1,1000,500000
J2,1,1000,500080
J3,1,1050,500080
J4,1,1050,500000
J1,1,1000,500000
J5,2,1010,500010
J6,2,1010,500030
J7,2,1030,500030
J8,2,1030,500010
J5,2,1010,500010
8,0.0200,330782002,乙地块,面,,,,@
J1,1,0,500100
J2,1,0,500110
J3,1,10,500110
J4,1,10,500100
J5,2,0,500200
J6,2,0,500210
J7,2,10,500210
J8,2,10,500200
`

const want = `  column 界址点数 whole
  column 地块面积 number
  column 地块编号 text
  column 地块名称 text
  column 图形属性 text
  column 图幅号 text
  column 地块用途 text
  column 地类编码 text
  1 | 10 | 0.36f | "330782001" | "甲地块" | "面" | "H51" | "工业用地" | "0601" | POLYGON((500000 1000,500080 1000,500080 1050,500000 1050,500000 1000),(500010 1010,500030 1010,500030 1030,500010 1030,500010 1010))
  2 | 8 | 0.02f | "330782002" | "乙地块" | "面" | - | - | - | MULTIPOLYGON(((500100 0,500110 0,500110 10,500100 10)),((500200 0,500210 0,500210 10,500200 10)))
`

func TestPlots(t *testing.T) {
	if got := read(t, about+plots); got != "layer a boundary UTF-8 crs=EPSG:4549\n"+want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEncodingsAndLineEnds(t *testing.T) {
	text := about + plots
	gb, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"GB18030": gb, "UTF-16LE": u16, "UTF-8 marked": "\ufeff" + text, "UTF-8": strings.ReplaceAll(text, "\n", "\r"), "UTF-8 CRLF": strings.ReplaceAll(text, "\n", "\r\n")} {
		if got := read(t, s); !strings.HasPrefix(got, "layer a boundary "+strings.Fields(name)[0]+" crs=EPSG:4549\n"+want) {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

func TestSystems(t *testing.T) {
	plot := "4,,1,a,面,,,,@\nJ1,1,3241000,40507000\nJ2,1,3241000,40507050\nJ3,1,3241050,40507050\nJ4,1,3241050,40507000\n"
	bare := strings.ReplaceAll(plot, ",40507", ",507")
	six := strings.ReplaceAll(plot, ",40507", ",20507")
	for _, tt := range []struct{ name, text, want string }{
		{"zone in front", about + plot, "crs=EPSG:4528\n"},
		{"no zone in front", about + bare, "crs=EPSG:4549\n"},
		{"zone in front, not stated", strings.Replace(about, "带号=40", "带号=", 1) + plot, "crs=EPSG:4528\n"},
		{"another zone in front", strings.Replace(about, "带号=40", "带号=39", 1) + plot, "repaired read.boundary_zone value \"39\""},
		{"no zone at all", strings.Replace(about, "带号=40", "", 1) + bare, "repaired read.boundary_system"},
		{"6 degrees", strings.NewReplacer("几度分带=3", "几度分带=6", "带号=40", "带号=20").Replace(about) + six, "crs=EPSG:4498\n"},
		{"Xi'an 80", strings.Replace(about, "2000国家大地坐标系", "1980西安坐标系", 1) + plot, "crs=EPSG:2364\n"},
		{"Beijing 54", strings.Replace(about, "2000国家大地坐标系", "北京54", 1) + bare, "crs=EPSG:2437\n"},
		{"of its own", strings.Replace(about, "2000国家大地坐标系", "地方独立坐标系", 1) + bare, "repaired read.boundary_system value \"地方独立坐标系 高斯克吕格\""},
		{"kilometres", strings.Replace(about, "计量单位=米", "计量单位=千米", 1) + bare, "repaired read.boundary_unit value \"千米\""},
		{"degrees", about + "3,,1,a,面,,,,@\n1,1,29.3,120.1\n2,1,29.3,120.2\n3,1,29.4,120.2\n", "crs=EPSG:4490\n"},
	} {
		if got := read(t, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestOdd(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"full width", strings.NewReplacer(",", "，", "@", "＠").Replace(about + plots), "repaired read.full_width\n"},
		{"a full-width comma in a name", about + "3,,7,甲，乙（一期）,@\nJ1,1,1000,500000\nJ2,1,1000,500010\nJ3,1,1010,500010\n", `"甲，乙（一期）"`},
		{"full-width digits", about + "3,,7,a,@\nJ1,1,１０００．５,500000\nJ2,1,1000,500010\nJ3,1,1010,500010\n", "(500000 1000.5,"},
		{"twelve attributes", about + "4,1,1,a,面,,,,b,c,d,e,@\nJ1,1,0,0\n", "  column 属性12 text\n"},
		{"four attributes", about + "3,,7,a,@\nJ1,1,1000,500000\nJ2,1,1000,500010\nJ3,1,1010,500010\n", `  1 | 3 | - | "7" | "a" | - | - | - | - | POLYGON((500000 1000,500010 1000,500010 1010))`},
		{"no ring numbers", about + "3,,7,a,@\nJ1,1000,500000\nJ2,1000,500010\nJ3,1010,500010\n", "POLYGON((500000 1000,500010 1000,500010 1010))"},
		{"a wrong count", about + "9,,7,a,@\nJ1,1,1000,500000\nJ2,1,1000,500010\nJ3,1,1010,500010\n", "repaired read.boundary_count row 1 field 界址点数 value \"9\""},
		{"an area in mu", about + "4,15,7,a,@\nJ1,1,0,500000\nJ2,1,0,500100\nJ3,1,100,500100\nJ4,1,100,500000\n", "noted read.boundary_area row 1 field 地块面积 value \"15\""},
		{"two rings of one number", about + "10,,7,a,@\n" + strings.ReplaceAll("a,1,0,0\nb,1,0,9\nc,1,9,9\nd,1,9,0\na,1,0,0\ne,1,20,20\nf,1,20,29\ng,1,29,29\nh,1,29,20\ne,1,20,20\n", ",1,", ",1,1000"), "repaired read.boundary_ring row 1"},
		{"a point that is none", about + "1,,7,a,@\nJ1,1,x,500000\n1,,8,b,@\n", "refused read.boundary_point row 1 value \"J1,1,x,500000\""},
		{"a coordinate beyond any map", about + "1,,7,a,@\nJ1,1,1e308,500000\n", "refused read.boundary_point row 1"},
		{"a point without a plot", about + "J1,1,0,500000\n", "refused read.boundary_point in a.txt row 12"},
		{"no plots", about, "refused read.boundary_empty"},
		{"another text", "id,name\n1,a\n", "refused read.boundary_not"},
		{"empty", "", "refused read.boundary_empty"},
	} {
		if got := read(t, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestNoFileOfTheCorpusBreaksIt(t *testing.T) {
	for _, path := range append(readertest.OddFiles(t, "strings"), readertest.OddFiles(t, "go-fuzz/csv")...) {
		readertest.Read(t, boundary.Reader{}, readertest.File(path), layer.Limits{})
	}
}

func FuzzReader(f *testing.F) {
	f.Add(about + plots)
	f.Add("[地块坐标]\n1，2，@\nJ1，1，1，2\r\n")
	f.Fuzz(func(t *testing.T, s string) { read(t, s) })
}
