package gpkg

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// What other programs do to a city file between two of our openings.

func TestGDALCanUpdateInsertAndDelete(t *testing.T) {
	hasValidator(t)
	path := wholeCity(t)
	for _, q := range []string{
		"UPDATE parcels SET grade = 'A', started_on = '2021-07-08', tax = 7 WHERE id = 'P000010'",
		"DELETE FROM parcels WHERE id = 'P000011'",
		"INSERT INTO parcels (id, name, geom) SELECT 'NEW', '新地块', geom FROM parcels WHERE id = 'P000012'",
		"UPDATE parcels SET geom = (SELECT geom FROM parcels WHERE id = 'P000500') WHERE id = 'P000013'",
		"ALTER TABLE parcels ADD COLUMN remark TEXT",
	} {
		gdal(t, "ogrinfo", "-q", "-sql", q, path)
	}
	validate(t, path, "GDAL's changes")
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ps, err := s.Parcels(ctx)
	if err != nil || len(ps) != 3000 {
		t.Fatalf("%d parcels, %v", len(ps), err)
	}
	p, err := s.Parcel(ctx, "P000010")
	if err != nil || p.Grade != "A" || p.StartedOn != "2021-07-08" || p.Tax != plottage.Some(7.0) {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.Parcel(ctx, "P000011"); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("the deleted parcel: %v", err)
	}
	if p, err := s.Parcel(ctx, "NEW"); err != nil || math.Abs(p.AreaM2-1600) > 1e-6 {
		t.Errorf("the drawn parcel: %v %v", p.AreaM2, err)
	}
	if _, err := s.Import(ctx, "t", sampleBatch(3000)); err != nil {
		t.Errorf("import over it: %v", err)
	}
	if err := Check(ctx, s); err != nil {
		t.Error(err)
	}
}

func TestABoundaryMovedElsewhereIsMeasuredAgain(t *testing.T) {
	path := wholeCity(t)
	blob, err := encode(square(500_000, 3_200_000, 30), 4549)
	if err != nil {
		t.Fatal(err)
	}
	sqlFile(t, path, fmt.Sprintf("UPDATE parcels SET geom = x'%x' WHERE id = 'P000020'", blob))
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := s.Parcel(context.Background(), "P000020")
	if err != nil || p.AreaM2 != 900 {
		t.Fatalf("area %v, want 900: %v", p.AreaM2, err)
	}
}

func TestACellThatMakesNoSenseIsNamed(t *testing.T) {
	for _, c := range []struct{ set, field string }{
		{"tax = 'viel'", "tax"}, {"started_on = 'gestern'", "started_on"}, {"geom = x'00'", "geom"},
		{"extra = '{'", "extra"}, {"year_built = 1.5", "year_built"}, {"industrial = x'ff'", "industrial"},
		{"geom = x'4750000100000000010600000001000000'", "geom"},
	} {
		path := wholeCity(t)
		sqlFile(t, path, "UPDATE parcels SET "+c.set+" WHERE id = 'P000003'")
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Parcels(context.Background())
		inWords(t, err, plottage.BadInput, "city_cell")
		e := err.(*plottage.Error)
		if e.Where.Field != c.field || e.Args["key"] != "P000003" {
			t.Errorf("%s: the error names %s of %v", c.set, e.Where.Field, e.Args["key"])
		}
		s.Close()
	}
}

func TestGeometryInEveryFormOfTheStandardIsRead(t *testing.T) {
	// One square as big-endian polygon, with z, with an xyz envelope, without one.
	for name, hex := range map[string]string{
		"big endian, no envelope": "47500000000011c5" + "0000000003" + "00000001" + "00000004" + be(0, 0) + be(1, 0) + be(0, 1) + be(0, 0),
		"polygon z":               "47500000000011c5" + "00000003eb" + "00000001" + "00000004" + be(0, 0, 9) + be(1, 0, 9) + be(0, 1, 9) + be(0, 0, 9),
		"old 2.5D":                "47500000000011c5" + "0080000003" + "00000001" + "00000004" + be(0, 0, 9) + be(1, 0, 9) + be(0, 1, 9) + be(0, 0, 9),
		"xyz envelope":            "47500004000011c5" + be(0, 1, 0) + be(1, 9, 9) + "0000000003" + "00000001" + "00000004" + be(0, 0) + be(1, 0) + be(0, 1) + be(0, 0),
		"multi polygon zm":        "47500000000011c5" + "0000000bbe" + "00000001" + "0000000bbb" + "00000001" + "00000004" + be(0, 0, 9, 9) + be(1, 0, 9, 9) + be(0, 1, 9, 9) + be(0, 0, 9, 9),
	} {
		var b []byte
		fmt.Sscanf(hex, "%x", &b)
		h, err := parseHeader(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, err := multiPolygon(h.wkb)
		if err != nil || len(m) != 1 || len(m[0][0]) != 4 || m[0][0][1] != [2]float64{1, 0} {
			t.Errorf("%s: %v %v", name, m, err)
		}
		if e, ok := envelope(b); !ok || e != [4]float64{0, 1, 0, 1} {
			t.Errorf("%s: envelope %v %v", name, e, ok)
		}
	}
}

func be(xs ...float64) (s string) {
	for _, x := range xs {
		s += fmt.Sprintf("%016x", math.Float64bits(x))
	}
	return s
}

func FuzzGeometry(f *testing.F) {
	for _, g := range []plottage.Parcel{{Geometry: square(0, 0, 1)}} {
		b, _ := encode(g.Geometry, 4549)
		f.Add(b)
	}
	f.Add([]byte("GP\x00\x10\x00\x00\x00\x00\x01\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		envelope(b)
		h, err := parseHeader(b)
		if err != nil {
			return
		}
		m, err := multiPolygon(h.wkb)
		if err == nil && len(m) > 0 {
			again, err := encode(m, h.srs)
			if err != nil {
				t.Fatalf("read but cannot be written: %v", err)
			}
			if again != nil {
				h2, _ := parseHeader(again)
				if m2, err := multiPolygon(h2.wkb); err != nil || !m.Equal(m2) && again != nil && len(m2) == len(m) {
					t.Fatalf("%v %v %v", m, m2, err)
				}
			}
		}
		multiLine(h.wkb)
	})
}

func TestTheIndexFindsWhatAScanFinds(t *testing.T) {
	for _, n := range []int{1, 50, 52, bulkRows, 9000} {
		path := t.TempDir() + "/city.gpkg"
		s := createCity(t, path)
		ctx := context.Background()
		if _, err := s.Import(ctx, "t", workspace.Batch{EPSG: 4549, Parcels: lots(n)}); err != nil {
			t.Fatal(err)
		}
		if err := Check(ctx, s); err != nil {
			t.Fatalf("%d parcels: %v", n, err)
		}
		for _, w := range [][4]float64{{500_000, 500_100, 3_200_000, 3_200_010}, {530_000, 530_001, 3_200_100, 3_200_300}, {0, 1e7, 0, 1e7}, {1, 2, 1, 2}} {
			var indexed, scanned int
			err := s.r.QueryRow("SELECT count(*) FROM rtree_parcels_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?", w[0], w[1], w[2], w[3]).Scan(&indexed)
			if err != nil {
				t.Fatal(err)
			}
			err = s.r.QueryRow("SELECT count(*) FROM parcels WHERE ST_MaxX(geom) >= ? AND ST_MinX(geom) <= ? AND ST_MaxY(geom) >= ? AND ST_MinY(geom) <= ?", w[0], w[1], w[2], w[3]).Scan(&scanned)
			if err != nil || indexed != scanned {
				t.Errorf("%d parcels, window %v: index %d, scan %d, %v", n, w, indexed, scanned, err)
			}
		}
		s.Close()
	}
}
