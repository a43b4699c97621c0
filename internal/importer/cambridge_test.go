package importer_test

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
)

const cambridge = "../../../shared/data/land/cambridge"

// The raw files, joined by lot, give the same parcels as the file that others joined.
// Its areas came from the same roll, so that money and floor agree to the last unit.
func TestCambridgeJoinedHereAndElsewhere(t *testing.T) {
	if _, err := os.Stat(cambridge); err != nil {
		t.Skip("the parcels of Cambridge are not here: ", err)
	}
	joined, raw := &corpus.Memory{Currency: "USD"}, &corpus.Memory{Currency: "USD", EPSG: 26986}
	imported(t, joined, filepath.Join(cambridge, "cambridge_parcels_fy2013.gpkg"), importer.Options{})
	imported(t, raw, filepath.Join(cambridge, "ASSESSING_ParcelsFY2013.topojson"), importer.Options{})
	r := imported(t, raw, filepath.Join(cambridge, "TaxFY13.csv"), importer.Options{})
	if joined.EPSG != 26986 || r.Updated < 13_000 || r.Refused > 100 {
		t.Fatalf("EPSG %d, %d parcels joined, %d rows refused", joined.EPSG, r.Updated, r.Refused)
	}
	theirs, _ := joined.Parcels(context.Background())
	compared, areas, values, floors, years := 0, 0, 0, 0, 0
	for _, p := range theirs {
		q, ok := raw.ByID(p.ID)
		if !ok || !q.TotalValue.Known && p.TotalValue.V == 0 { // they write 0 for lots the roll lacks, we say unknown
			continue
		}
		compared++
		count := func(n *int, same bool) {
			if same {
				*n++
			}
		}
		count(&areas, math.Abs(p.AreaM2-q.AreaM2) <= 1+0.01*p.AreaM2)
		count(&values, p.TotalValue == q.TotalValue)
		count(&floors, math.Abs(p.FloorAreaM2.V-q.FloorAreaM2.V) < 0.5)
		count(&years, p.YearBuilt.V == q.YearBuilt.V)
	}
	t.Logf("%d parcels compared: %d areas, %d values, %d floor areas, %d years agree", compared, areas, values, floors, years)
	for what, n := range map[string]int{"areas": areas, "values": values, "floors": floors, "years": years} {
		if compared < 12_900 || float64(n) < 0.999*float64(compared) {
			t.Errorf("%s agree on %d of %d parcels", what, n, compared)
		}
	}
}

func TestGDALFormatsComeThroughOgr2ogr(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	kml := `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>甲</name>
<Polygon><outerBoundaryIs><LinearRing><coordinates>120.07,29.3 120.071,29.3 120.071,29.301 120.07,29.301 120.07,29.3</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "a.kml", kml), importer.Options{})
	if len(city.Batch.Parcels) != 1 || city.Batch.Parcels[0].Name != "甲" || r.Format != "KML" {
		t.Errorf("%s: %+v", r.Format, city.Batch.Parcels)
	}
	t.Setenv("PATH", t.TempDir())
	if e := refusedWith(t, &corpus.Memory{}, write(t, "b.kml", kml), importer.Options{}); e.Key != "import_install_gdal" {
		t.Errorf("without GDAL: %s", e.Key)
	}
}
