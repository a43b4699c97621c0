package ogc_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const (
	jsonType    = "application/json"
	geojsonType = "application/geo+json"
	htmlType    = "text/html"
	openAPI     = "application/vnd.oai.openapi+json;version=3.0"
	conf        = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
	crs84       = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	items       = "/ogc/collections/parcels/items"
)

// Every requirement of the class Core of OGC 17-069r4, by its name: requirement
// /req/core/X is the test TestCore/X. The list in docs/manual/10-ogc.md is held
// against this one by TestEveryRequirementIsListed.
var core = []struct {
	requirement string
	test        func(t *testing.T, s site)
}{
	{"root-op", func(t *testing.T, s site) {
		for _, path := range []string{"/ogc", "/ogc/"} {
			if w := s.ask(path); w.Code != 200 {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	}},
	{"root-success", func(t *testing.T, s site) {
		doc := s.get("/ogc")
		if link(doc, "service-desc", openAPI) == "" && link(doc, "service-doc", htmlType) == "" ||
			link(doc, "conformance", jsonType) != "/ogc/conformance" || link(doc, "data", jsonType) != "/ogc/collections" {
			t.Errorf("links %v", doc["links"])
		}
	}},
	{"api-definition-op", func(t *testing.T, s site) {
		doc := s.get("/ogc")
		for _, l := range [][2]string{{"service-desc", openAPI}, {"service-doc", htmlType}} {
			if w := s.ask(link(doc, l[0], l[1])); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), l[1]) {
				t.Errorf("%s: %d %s", l[0], w.Code, w.Header())
			}
		}
	}},
	{"api-definition-success", func(t *testing.T, s site) {
		api := s.get("/ogc/api")
		paths := api["paths"].(map[string]any)
		for _, p := range []string{"/", "/conformance", "/collections", "/collections/ways", "/collections/parcels/items", "/collections/blocks/items/{featureId}"} {
			if paths[p] == nil {
				t.Errorf("path %s is not described", p)
			}
		}
	}},
	{"conformance-op", func(t *testing.T, s site) {
		if w := s.ask("/ogc/conformance"); w.Code != 200 {
			t.Errorf("%d", w.Code)
		}
	}},
	{"conformance-success", func(t *testing.T, s site) {
		classes := s.get("/ogc/conformance")["conformsTo"].([]any)
		for _, c := range []string{"core", "geojson", "html", "oas30"} {
			if !slices.Contains(classes, any(conf+c)) {
				t.Errorf("%s is missing in %v", c, classes)
			}
		}
	}},
	{"http", func(t *testing.T, s site) {
		for path, want := range map[string]int{"/ogc/nowhere": 404, "/ogc/collections/none": 404, items + "/none": 404, items + "?limit=0": 400, items: 200} {
			if w := s.ask(path); w.Code != want {
				t.Errorf("%s: %d, want %d", path, w.Code, want)
			}
		}
	}},
	{"query-param-unknown", func(t *testing.T, s site) {
		for _, path := range []string{"/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/ways", items, items + "/0-0", "/ogc/tiles"} {
			for _, p := range []string{"?unknown=1", "?limits=1", "?Limit=1", "?year_built=1"} {
				if w := s.ask(path + p); w.Code != 400 || !strings.Contains(w.Body.String(), "ogc_parameter") {
					t.Errorf("%s%s: %d %s", path, p, w.Code, w.Body)
				}
			}
		}
	}},
	{"query-param-invalid", func(t *testing.T, s site) {
		for _, p := range []string{
			"limit=0", "limit=-1", "limit=x", "limit=1.5", "limit=", "limit=1&limit=2", "offset=-1", "offset=x", "bbox=", "bbox=1,2,3", "bbox=1,2,3,4,5",
			"bbox=a,b,c,d", "bbox=NaN,1,2,3", "bbox=1,3,2,2", "bbox=200,1,201,2", "bbox-crs=EPSG:4549", "crs=4326", "datetime=", "datetime=x", "datetime=../..",
			"datetime=2028-01-01/2027-01-01", "datetime=2028-13-01", "datetime=1/2/3", "storeys=many", "plan_year=2027.5", "industrial=yes", "started_on=May",
			"f=xml", "limit=%zz",
		} {
			if w := s.ask(items + "?" + p); w.Code != 400 || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s", p, w.Code, w.Body)
			}
		}
	}},
	{"crs84", func(t *testing.T, s site) {
		g := s.get(items + "/0-0")["geometry"].(map[string]any)
		p := g["coordinates"].([]any)[0].([]any)[0].([]any)[0].([]any)
		// 500 km east is the central meridian itself; the latitude is PROJ's.
		if lon, lat := p[0].(float64), p[1].(float64); lon != 120 || lat < 29.29 || lat > 29.31 {
			t.Errorf("corner at %v", p)
		}
	}},
	{"fc-md-op", func(t *testing.T, s site) {
		if w := s.ask("/ogc/collections"); w.Code != 200 {
			t.Errorf("%d", w.Code)
		}
	}},
	{"fc-md-success", func(t *testing.T, s site) {
		doc := s.get("/ogc/collections")
		if doc["links"] == nil || len(doc["collections"].([]any)) != 3 {
			t.Errorf("%v", doc)
		}
	}},
	{"fc-md-links", func(t *testing.T, s site) {
		doc := s.get("/ogc/collections")
		if link(doc, "self", jsonType) != "/ogc/collections" || s.ask(link(doc, "alternate", htmlType)).Header().Get("Content-Type") != htmlType+"; charset=utf-8" {
			t.Errorf("%v", doc["links"])
		}
	}},
	{"fc-md-items", eachCollection(func(t *testing.T, s site, c map[string]any) {
		if !slices.Contains([]any{"parcels", "blocks", "ways"}, c["id"]) {
			t.Errorf("%v", c["id"])
		}
	})},
	{"fc-md-items-links", eachCollection(func(t *testing.T, s site, c map[string]any) {
		for _, media := range []string{geojsonType, htmlType} {
			if w := s.ask(link(c, "items", media)); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), media) {
				t.Errorf("items of %v as %s: %d", c["id"], media, w.Code)
			}
		}
	})},
	{"fc-md-extent", eachCollection(func(t *testing.T, s site, c map[string]any) {
		box := c["extent"].(map[string]any)["spatial"].(map[string]any)["bbox"].([]any)[0].([]any)
		all := fmt.Sprintf("?limit=1&bbox=%.12f,%.12f,%.12f,%.12f", box[0], box[1], box[2], box[3])
		with := 24.0
		if c["id"] != "parcels" {
			with = s.get("/ogc/collections/" + c["id"].(string) + "/items")["numberMatched"].(float64)
		}
		if n := s.get("/ogc/collections/" + c["id"].(string) + "/items" + all)["numberMatched"]; n != with {
			t.Errorf("%v of %v features with geometry lie in the extent of %v", n, with, c["id"])
		}
	})},
	{"fc-md-extent-multi", eachCollection(func(t *testing.T, s site, c map[string]any) {
		if n := len(c["extent"].(map[string]any)["spatial"].(map[string]any)["bbox"].([]any)); n != 1 {
			t.Errorf("%d boxes", n)
		}
	})},
	{"sfc-md-op", eachCollection(func(t *testing.T, s site, c map[string]any) {
		if w := s.ask("/ogc/collections/" + c["id"].(string)); w.Code != 200 {
			t.Errorf("%v: %d", c["id"], w.Code)
		}
	})},
	{"sfc-md-success", eachCollection(func(t *testing.T, s site, c map[string]any) {
		one := s.get("/ogc/collections/" + c["id"].(string))
		for _, member := range []string{"id", "title", "description", "extent", "itemType"} {
			if fmt.Sprint(one[member]) != fmt.Sprint(c[member]) {
				t.Errorf("%s is %v alone and %v in the list", member, one[member], c[member])
			}
		}
		if link(one, "items", geojsonType) != link(c, "items", geojsonType) {
			t.Errorf("links differ")
		}
	})},
	{"fc-op", eachCollection(func(t *testing.T, s site, c map[string]any) {
		if w := s.ask("/ogc/collections/" + c["id"].(string) + "/items"); w.Code != 200 || w.Header().Get("Content-Type") != geojsonType {
			t.Errorf("%v: %d %s", c["id"], w.Code, w.Header())
		}
	})},
	{"fc-limit-definition", defined("limit", map[string]any{"type": "integer", "minimum": 1.0, "maximum": 10000.0, "default": 100.0})},
	{"fc-limit-response-1", func(t *testing.T, s site) {
		for limit, want := range map[string]int{"1": 1, "7": 7, "25": 25, "26": 25, "10000": 25, "10001": 25, "99999999999999999999": 25} {
			if n := len(s.get(items + "?limit=" + limit)["features"].([]any)); n != want {
				t.Errorf("limit=%s: %d features", limit, n)
			}
		}
	}},
	{"fc-bbox-definition", defined("bbox", map[string]any{"type": "array"})},
	{"fc-bbox-response", boxes},
	{"fc-time-definition", defined("datetime", map[string]any{"type": "string"})},
	{"fc-time-response", func(t *testing.T, s site) {
		for when, want := range map[string]string{
			"2027-06-01T12:00:00Z":                      "b/0",
			"2028-12-31T23:59:59Z":                      "b/0 b/1",
			"2028-12-31t23:59:59+00:00":                 "b/0 b/1",
			"2029-01-01T07:59:58+08:00":                 "b/0 b/1",
			"2029-01-01":                                "b/1",
			"2026-01-01/2026-12-31":                     "",
			"2026-01-01/2027-01-01":                     "b/0",
			"2030-12-31/..":                             "b/1 b/2",
			"2031-01-01T00:00:00Z/":                     "b/2",
			"../2027-12-31":                             "b/0",
			"/2028-01-01T00:00:00Z":                     "b/0 b/1",
			"2027-01-01T00:00:00Z/2031-12-31T23:59:59Z": "b/0 b/1 b/2",
		} {
			if got := s.ids("/ogc/collections/blocks/items?datetime=" + url.QueryEscape(when)); got != want {
				t.Errorf("%s: %q, want %q", when, got, want)
			}
		}
		if n := s.get(items + "?datetime=1900-01-01")["numberMatched"]; n != 25.0 {
			t.Errorf("parcels are about no time and match any; %v did", n)
		}
	}},
	{"fc-response", func(t *testing.T, s site) {
		if got := s.ids(items + "?plan_year=2028&industrial=true"); got != "1-1 1-3" {
			t.Errorf("%q", got)
		}
		if doc := s.get(items); doc["type"] != "FeatureCollection" {
			t.Errorf("%v", doc["type"])
		}
	}},
	{"fc-links", func(t *testing.T, s site) {
		doc := s.get(items + "?limit=10")
		if link(doc, "self", geojsonType) != items+"?limit=10" || s.ask(link(doc, "alternate", htmlType)).Code != 200 {
			t.Errorf("%v", doc["links"])
		}
	}},
	{"fc-rel-type", func(t *testing.T, s site) {
		for _, path := range []string{"/ogc", "/ogc/collections", "/ogc/collections/blocks", items + "?limit=3&offset=3", items + "/1-1", "/ogc/tiles"} {
			for _, l := range links(s.get(path)) {
				if l["rel"] == nil || l["type"] == nil || l["rel"] == "" || l["type"] == "" {
					t.Errorf("%s: %v", path, l)
				}
			}
		}
	}},
	{"fc-timeStamp", func(t *testing.T, s site) {
		// The member is optional; without it the same version of a city gives the same bytes.
		if doc := s.get(items); doc["timeStamp"] != nil {
			t.Errorf("%v", doc["timeStamp"])
		}
	}},
	{"fc-numberMatched", func(t *testing.T, s site) {
		for query, want := range map[string]float64{"": 25, "?limit=3": 25, "?offset=24": 25, "?offset=99": 25, "?plan_year=2031": 5, "?plan_year=1": 0} {
			if n := s.get(items + query)["numberMatched"]; n != want {
				t.Errorf("%q: %v, want %v", query, n, want)
			}
		}
	}},
	{"fc-numberReturned", func(t *testing.T, s site) {
		for _, query := range []string{"", "?limit=3", "?offset=24", "?offset=99", "?plan_year=2031", "?plan_year=1"} {
			doc := s.get(items + query)
			if n := float64(len(doc["features"].([]any))); doc["numberReturned"] != n {
				t.Errorf("%q: %v returned, %v said", query, n, doc["numberReturned"])
			}
		}
	}},
	{"f-op", func(t *testing.T, s site) {
		for _, path := range []string{items + "/4-4", "/ogc/collections/blocks/items/b%2F1"} {
			if w := s.ask(path); w.Code != 200 || w.Header().Get("Content-Type") != geojsonType {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	}},
	{"f-success", func(t *testing.T, s site) {
		f := s.get(items + "/4-4")
		if f["type"] != "Feature" || f["id"] != "4-4" || f["geometry"] != nil || f["properties"].(map[string]any)["owner"] != "第4排 <\"&\">" {
			t.Errorf("%v", f)
		}
	}},
	{"f-links", func(t *testing.T, s site) {
		f := s.get(items + "/1-1")
		if link(f, "self", geojsonType) != items+"/1-1" || link(f, "collection", jsonType) != "/ogc/collections/parcels" ||
			s.ask(link(f, "alternate", htmlType)).Code != http.StatusOK {
			t.Errorf("%v", f["links"])
		}
	}},
}

func TestCore(t *testing.T) {
	s := open(t)
	for _, c := range core {
		t.Run(c.requirement, func(t *testing.T) { c.test(t, site{t, s.h}) })
	}
}

func eachCollection(test func(*testing.T, site, map[string]any)) func(*testing.T, site) {
	return func(t *testing.T, s site) {
		all := s.get("/ogc/collections")["collections"].([]any)
		for _, c := range all {
			test(t, s, c.(map[string]any))
		}
	}
}

// defined holds that a parameter of items is described as the standard wants it.
func defined(name string, schema map[string]any) func(*testing.T, site) {
	return func(t *testing.T, s site) {
		api := s.get("/ogc/api")
		get := api["paths"].(map[string]any)["/collections/parcels/items"].(map[string]any)["get"].(map[string]any)
		if !strings.Contains(fmt.Sprint(get["parameters"]), "#/components/parameters/"+name+"]") {
			t.Errorf("items has not %s: %v", name, get["parameters"])
		}
		p := api["components"].(map[string]any)["parameters"].(map[string]any)[name].(map[string]any)
		if p["name"] != name || p["in"] != "query" || p["required"] != false || p["style"] != "form" || p["explode"] != false {
			t.Errorf("%v", p)
		}
		for member, want := range schema {
			if got := p["schema"].(map[string]any)[member]; got != want {
				t.Errorf("%s is %v, want %v", member, got, want)
			}
		}
	}
}
