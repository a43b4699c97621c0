package crs

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func TestParseWKT(t *testing.T) {
	for _, tt := range []struct{ name, prj, want string }{
		{"ESRI, 3-degree zone", gk("China_2000", "CGCS2000", "6378137.0,298.257222101", "40500000.0"), "EPSG:4528"},
		{"ESRI, central meridian", gk("China_2000", "CGCS2000", "6378137.0,298.257222101", "500000.0"), "EPSG:4549"},
		{"Xi'an 80 has no public shift", gk("Xian_1980", "Xian_1980", "6378140.0,298.257", "40500000.0"), "no shift Xi'an 80 EPSG:2364"},
		{"Beijing 54 neither", gk("Beijing_1954", "Krasovsky_1940", "6378245.0,298.3", "500000.0"), "no shift Beijing 54 EPSG:2437"},
		{"geographic", `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`, "EPSG:4490"},
		{"round brackets and spaces", "\ufeff GEOGCS ( \"x\" , DATUM(\"WGS_1984\",SPHEROID(\"WGS 84\",6378137,298.257223563)),\n UNIT(\"degree\",0.0174532925199433) ) ", "EPSG:4326"},
		{"another meridian", `GEOGCS["NTF (Paris)",DATUM["D_NTF",SPHEROID["Clarke_1880_IGN",6378249.2,293.466021]],PRIMEM["Paris",2.337229166],UNIT["Grad",0.01570796327]]`, "no prime meridian Paris"},
		{"an unknown method", strings.Replace(gk("WGS_1984", "WGS_1984", "6378137.0,298.257223563", "0"), "Gauss_Kruger", "Krovak", 1), "no method Krovak"},
		{"OGC axes say where, not in which order", `PROJCS["m",GEOGCS["w",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",117],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Northing",NORTH],AXIS["Easting",EAST],AUTHORITY["EPSG","1"]]`, "EPSG:32650"},
		{"counting west", `PROJCS["m",GEOGCS["w",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],UNIT["metre",1],AXIS["Y",WEST]]`, "no axis WEST"},
		{"HTML", "<!DOCTYPE html><html><body>404</body></html>", "no wkt"},
		{"empty", "", "no wkt"},
		{"cut off", `PROJCS["a",GEOGCS["b"`, "no wkt"},
		{"brackets without end", strings.Repeat("A[", 50_000), "no wkt"},
		{"own Lambert", `PROJCS["ours",GEOGCS["w",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",30],PARAMETER["standard_parallel_2",40],PARAMETER["central_meridian",111],UNIT["metre",1]]`, "ours"},
		{"WKT 2 by its code", `PROJCRS["x",BASEGEOGCRS["y"],CONVERSION["z"],ID["EPSG",4549]]`, "EPSG:4549"},
		{"zero radius", `GEOGCS["x",DATUM["WGS_1984",SPHEROID["s",0,0]],UNIT["degree",0.0174532925199433]]`, "no wkt"},
	} {
		c, err := ParseWKT(tt.prj)
		if got := outcome(c, err); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func gk(datum, spheroid, axes, easting string) string {
	return `PROJCS["a",GEOGCS["GCS_b",DATUM["D_` + datum + `",SPHEROID["` + spheroid + `",` + axes + `]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",` + easting +
		`],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
}

func outcome(c CRS, err error) string {
	var un *UnsupportedError
	var de *DatumError
	switch {
	case errors.As(err, &de):
		return "no shift " + de.Datum + " " + de.CRS.String()
	case errors.As(err, &un):
		return "no " + un.What + " " + un.Name
	case err != nil:
		return err.Error()
	}
	return c.String()
}

// What we write we read, for all of the register; the code comes back unless two
// entries say the same.
func TestWKTRoundTrip(t *testing.T) {
	for datum, codes := range codesByDatum() {
		for i, code := range codes {
			if i%7 != 0 && datum != "CGCS2000" {
				continue
			}
			c, err := ByEPSG(code)
			var de *DatumError
			if errors.As(err, &de) {
				c = de.CRS
			} else if err != nil {
				t.Fatal(err)
			}
			back, err := ParseWKT(c.WKT())
			if errors.As(err, &de) {
				back, err = de.CRS, nil
			}
			if err != nil {
				t.Errorf("%s: %v\n%s", c, err, c.WKT())
				continue
			}
			if back.EPSG == 0 || !back.param.equal(c.param) || back.Datum != c.Datum {
				t.Errorf("%s came back as %s\n%s", c, back, c.WKT())
			}
		}
	}
}

// PROJ's own .prj texts, in ESRI's and OGC's words, name the systems they were made from.
func TestPROJsWKT(t *testing.T) {
	needPROJ(t)
	for _, code := range []int{4490, 4326, 4501, 4528, 4549, 4554, 32651, 32756, 26986, 2249, 25832, 3857, 27700, 2326, 3414, 2157, 2154, 2263} {
		for _, flavour := range []string{"WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"} {
			text, err := exec.Command("projinfo", "-q", "-o", flavour, "EPSG:"+strconv.Itoa(code)).Output()
			if err != nil {
				t.Fatal(err)
			}
			c, err := ParseWKT(string(text))
			if err != nil || c.EPSG != code {
				t.Errorf("EPSG:%d as %s: got %s", code, flavour, outcome(c, err))
			}
		}
	}
}

func TestParseForms(t *testing.T) {
	for s, want := range map[string]string{
		"EPSG:4549": "EPSG:4549", "urn:ogc:def:crs:EPSG::4528": "EPSG:4528", "urn:ogc:def:crs:EPSG:6.9:4490": "EPSG:4490",
		"urn:ogc:def:crs:OGC:1.3:CRS84": "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/4549": "EPSG:4549",
		"EPSG:1": "no code EPSG:1", "EPSG:99999": "no code EPSG:99999", "EPSG:4610": "no shift Xi'an 80 EPSG:4610", "": "no wkt",
	} {
		if got := outcome(Parse(s)); !strings.HasPrefix(got, want) {
			t.Errorf("Parse(%q): got %q, want %q", s, got, want)
		}
	}
}

func FuzzParseWKT(f *testing.F) {
	for _, code := range []int{4490, 4528, 26986, 3857, 27700} {
		c, _ := ByEPSG(code)
		f.Add(c.WKT())
	}
	f.Add(gk("Xian_1980", "Xian_1980", "6378140.0,298.257", "40500000.0"))
	f.Add(`GEOGCS["x",DATUM["d",SPHEROID["s",1,0],TOWGS84[1,2,3,4,5,6,7]],UNIT["u",1e-300]]`)
	f.Fuzz(func(t *testing.T, prj string) {
		c, err := ParseWKT(prj)
		var de *DatumError
		if errors.As(err, &de) {
			c = de.CRS.Unshifted()
		} else if err != nil {
			return
		}
		x, y := c.Forward(c.param.lon0+1, 30)
		c.Inverse(x, y)
		Guesses([]orb.Point{{x, y}, {y, x}}, c)
		if _, err := ParseWKT(c.WKT()); err != nil && !errors.As(err, &de) {
			t.Errorf("cannot read back %s: %v", c.WKT(), err)
		}
	})
}

// The .prj files of the corpus, odd or not, are read or refused by name.
func TestOddPRJ(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/odd-files/*/*/*.prj")
	more, _ := filepath.Glob("../../../shared/data/odd-files/*/*/*/*.prj")
	if files = append(files, more...); len(files) == 0 {
		t.Skip("no ../shared/data/odd-files")
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(ParseWKT(string(b))); got == "" {
			t.Errorf("%s: neither a system nor a reason", file)
		}
	}
}
