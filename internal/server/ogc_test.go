package server_test

import (
	"encoding/json"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/server/madeup"
)

type features struct {
	NumberMatched int
	Features      []struct {
		ID         string
		Properties map[string]any
	}
}

func TestTheCityByOpenStandards(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	for id, want := range map[string]int{
		"parcels": len(city.Land), "blocks": len(city.Planned[0].Blocks), "towns": len(city.Town), "ways": len(city.Way), "links": len(city.Cluster.Links),
	} {
		page := read[features](t, s.ask("/ogc/collections/"+id+"/items?limit=3"))
		if page.NumberMatched != want || len(page.Features) != min(3, want) {
			t.Errorf("%s: %d of %d", id, page.NumberMatched, want)
		}
		for _, f := range page.Features {
			one := read[struct{ ID string }](t, s.ask("/ogc/collections/"+id+"/items/"+f.ID))
			if one.ID != f.ID {
				t.Errorf("%s %s is %s alone", id, f.ID, one.ID)
			}
		}
	}
	block := city.Planned[0].Blocks[0]
	page := read[features](t, s.ask("/ogc/collections/parcels/items?plan_block="+block.ID))
	if page.NumberMatched != len(block.Parcels)+len(block.Kept) {
		t.Errorf("%d parcels in block %s, want %d", page.NumberMatched, block.ID, len(block.Parcels))
	}
	if w := s.send("POST", "/ogc/collections/parcels/items"); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
	if w := s.send("HEAD", "/ogc/collections/parcels/items"); w.Code != 200 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
}

// 统计法: no figure collected for statistics leaves the city for one unit, by any path.
func TestStatisticalFiguresAreNotServed(t *testing.T) {
	s := shuangxi(t)
	known := 0
	for _, p := range madeup.New().Land {
		if p.Revenue.Known {
			known++
		}
	}
	if known == 0 {
		t.Fatal("the made-up city has no revenue to withhold")
	}
	for _, path := range []string{
		"/ogc/collections/parcels/items?limit=10000", "/ogc/collections/parcels/items?limit=10000&f=html",
		"/ogc/collections/parcels/schema", "/ogc/api",
	} {
		if body := s.ask(path).Body.String(); strings.Contains(body, "revenue") {
			t.Errorf("%s speaks of revenue", path)
		}
	}
	if w := s.ask("/ogc/collections/parcels/items?revenue=1"); w.Code != 400 {
		t.Errorf("a filter by revenue: %d", w.Code)
	}
	page := read[features](t, s.ask("/ogc/collections/parcels/items?limit=1"))
	if page.Features[0].Properties["tax"] == nil {
		t.Errorf("tax may be served: %v", page.Features[0].Properties)
	}
}

// GDAL lists, counts, filters and reads the collections over a real connection.
func TestGDALConnects(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("gdal-bin is not installed")
	}
	city := madeup.New()
	srv := httptest.NewServer(shuangxi(t).h)
	defer srv.Close()
	where := "OAPIF:" + srv.URL + "/ogc"
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).CombinedOutput()
		if err != nil || strings.Contains(string(out), "Warning") || strings.Contains(string(out), "ERROR") {
			t.Fatalf("%s %v: %v %s", name, args, err, out)
		}
		return string(out)
	}
	list := run("ogrinfo", where)
	for _, id := range []string{"parcels", "blocks", "towns", "ways", "links"} {
		if !strings.Contains(list, ": "+id+" (") {
			t.Errorf("%s is not listed:\n%s", id, list)
		}
	}
	var all features
	if err := json.Unmarshal([]byte(run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", where, "parcels")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Features) != len(city.Land) {
		t.Errorf("GDAL reads %d of %d parcels", len(all.Features), len(city.Land))
	}
	for i, f := range all.Features {
		p := city.Land[i]
		if f.Properties["id"] != p.ID || p.Tax.Known && f.Properties["tax"] != p.Tax.V || !p.Tax.Known && f.Properties["tax"] != nil {
			t.Fatalf("parcel %d is %v, want %s with tax %v", i, f.Properties, p.ID, p.Tax)
		}
	}
	block := city.Planned[0].Blocks[0]
	info := run("ogrinfo", "-so", where, "parcels", "-where", "plan_block = '"+block.ID+"'")
	if !strings.Contains(info, "Feature Count: "+strconv.Itoa(len(block.Parcels)+len(block.Kept))+"\n") || !strings.Contains(info, "tax: Real") {
		t.Errorf("the parcels of block %s: %s", block.ID, info)
	}
}
