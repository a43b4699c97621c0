package importer_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Deliveries that GDAL writes in systems and formats of other countries lie where GDAL
// says, and no row is lost.
func TestDeliveriesOfGDALLieWhereTheyShould(t *testing.T) {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("no ogr2ogr: install gdal-bin to write deliveries of other countries")
	}
	for _, c := range []struct {
		what, format, ending string
		epsg                 int
		lon, lat             float64
		city                 int // system the city gets
	}{
		{"California, feet", "ESRI Shapefile", "shp", 2227, -121.89, 37.34, 32610},
		{"Massachusetts, feet", "ESRI Shapefile", "shp", 2249, -71.06, 42.35, 32619},
		{"New York, feet", "ESRI Shapefile", "shp", 2263, -73.99, 40.70, 32618},
		{"Hamburg", "GPKG", "gpkg", 25832, 9.99, 53.55, 25832},
		{"Tokyo, below its origin", "ESRI Shapefile", "shp", 6677, 139.75, 35.68, 6677},
		{"Singapore", "ESRI Shapefile", "shp", 3414, 103.82, 1.33, 3414},
		{"Hong Kong", "ESRI Shapefile", "shp", 2326, 114.17, 22.3, 2326},
		{"Taipei", "GPKG", "gpkg", 3826, 121.5, 25.05, 3826},
		{"Yiwu, zone in front", "ESRI Shapefile", "shp", 4528, 120.07, 29.3, 4528},
		{"Paris", "GeoJSON", "geojson", 4326, 2.35, 48.85, 32631},
		{"Paris, GML", "GML", "gml", 2154, 2.35, 48.85, 2154},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			const d = 0.0005
			var lots []string
			for i := range 3 {
				x := c.lon + float64(i)*d
				lots = append(lots, feature(fmt.Sprintf(`{"APN":"%08d"}`, 10+i), x, c.lat, x+d, c.lat, x+d, c.lat+d, x, c.lat+d))
			}
			from := write(t, "lots.geojson", collection("", lots...))
			to := filepath.Join(t.TempDir(), "lots."+c.ending)
			if out, err := exec.Command(ogr, "-f", c.format, "-t_srs", fmt.Sprintf("EPSG:%d", c.epsg), to, from).CombinedOutput(); err != nil {
				t.Skipf("ogr2ogr cannot write it: %s", out)
			}
			city := &corpus.Memory{}
			imported(t, city, to, importer.Options{})
			p, ok := city.ByID("00000010")
			if city.EPSG != c.city || city.Records != 3 || !ok {
				t.Fatalf("EPSG %d, %d parcels, first found %v", city.EPSG, city.Records, ok)
			}
			at := p.Geometry.Bound().Min
			out, err := run("gdaltransform", fmt.Sprintf("%.4f %.4f", at[0], at[1]), "-s_srs", fmt.Sprintf("EPSG:%d", city.EPSG), "-t_srs", "EPSG:4326", "-output_xy")
			if err != nil {
				t.Skip("no gdaltransform")
			}
			var lon, lat float64
			fmt.Sscan(out, &lon, &lat)
			// The box's corner is not the ring's: meridians are not vertical in the grid.
			if math.Abs(lon-c.lon) > 2e-5 || math.Abs(lat-c.lat) > 2e-5 {
				t.Errorf("lies at %v, %v, want %v, %v", lon, lat, c.lon, c.lat)
			}
		})
	}
}

func run(name, in string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(in + "\n")
	out, err := cmd.Output()
	return string(out), err
}

// What we do not project is refused with its name and the way out.
func TestForeignSystemsAreRefusedByName(t *testing.T) {
	path := gpkg(t, `INSERT INTO gpkg_spatial_ref_sys VALUES ('RD New', 28992, 'EPSG', 28992, 'PROJCS["Amersfoort / RD New",GEOGCS["Amersfoort",DATUM["Amersfoort",SPHEROID["Bessel 1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Oblique_Stereographic"],UNIT["metre",1]]', NULL)`,
		`UPDATE gpkg_contents SET srs_id = 28992`, `UPDATE gpkg_geometry_columns SET srs_id = 28992`)
	e := refusedWith(t, &corpus.Memory{}, path, importer.Options{})
	if e.Key != "crs_unsupported" || !strings.Contains(fmt.Sprint(e.Args["crs"]), "28992") && !strings.Contains(fmt.Sprint(e.Args["crs"]), "RD New") {
		t.Errorf("%s %v", e.Key, e.Args)
	}
}

// A register says in a column which system its points are in; rows that follow another
// come back.
func TestSystemsNamedInAColumn(t *testing.T) {
	head := "SiteReference,SiteNameAddress,CoordinateReferenceSystem,GeoX,GeoY,Hectares,Deliverable,PlanningStatus\n"
	path := write(t, "register.csv", head+"B1,a,OSGB36,\"430,000\",\"433,500\",0.4,yes,permissioned\nB2,b,OSGB36,430100,433600,0.5,yes,permissioned\nB3,c,OSGB36,-1.54,53.79,0.5,yes,permissioned\n")
	city := &corpus.Memory{Currency: "GBP"}
	r := imported(t, city, path, importer.Options{PointArea: true})
	if city.EPSG != 27700 || city.Records != 2 || r.Refused != 1 {
		t.Errorf("EPSG %d, %d records, %d refused: %v", city.EPSG, city.Records, r.Refused, keys(r, layer.Refused))
	}
	if p, _ := city.ByID("B1"); math.Abs(p.AreaM2-4000) > 1 || math.Abs(p.Geometry.Bound().Center()[0]-430_000) > 1 {
		t.Errorf("B1 has %v m2 at %v", p.AreaM2, p.Geometry.Bound().Center())
	}
}

// The whole roll of a city in feet, with names as counties write them.
func TestACountysRollGetsItsFeetRight(t *testing.T) {
	src := "../../../shared/data/land/cambridge/cambridge_parcels_fy2013.gpkg"
	if _, err := os.Stat(src); err != nil {
		t.Skip("the parcels of Cambridge are not here")
	}
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("no ogr2ogr: install gdal-bin")
	}
	to := filepath.Join(t.TempDir(), "county.shp")
	q := `SELECT geom, ML AS APN, use AS LANDUSE, land_val AS LAND_VALUE, bldg_val AS IMPR_VALUE, area_m2/0.09290304 AS LotArea, bldg_ft2 AS BldgArea FROM parcels WHERE fid % 8 = 0`
	if out, err := exec.CommandContext(context.Background(), ogr, "-f", "ESRI Shapefile", "-t_srs", "EPSG:2249", "-dialect", "SQLITE", "-sql", q, "-nlt", "MULTIPOLYGON", to, src).CombinedOutput(); err != nil {
		t.Skipf("ogr2ogr: %s", out)
	}
	city := &corpus.Memory{Currency: "USD"}
	imported(t, city, to, importer.Options{})
	agree, n := 0, 0
	for _, p := range city.Batch.Parcels {
		if !p.RegisteredAreaM2.Known {
			continue
		}
		if n++; math.Abs(p.RegisteredAreaM2.V/p.AreaM2-1) < 0.005 { // UTM's scale, twice
			agree++
		}
	}
	if n < 1_000 || agree < n*95/100 {
		t.Errorf("%d of %d areas agree", agree, n)
	}
}
