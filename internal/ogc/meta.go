package ogc

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/crs"
)

// classes are the requirements classes this server conforms to.
var classes = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
}

// plain answers a document that has no parameters but f.
func (q *request) plain(title string, doc func() any) error {
	if err := q.allow(); err != nil {
		return err
	}
	if q.fresh() {
		return nil
	}
	return q.answer(jsonType, title, doc())
}

func (q *request) landing() error {
	return q.plain(q.data.Name.In(q.lang), func() any {
		base := q.base()
		return struct {
			Title       string `json:"title"`
			Description string `json:"description"`
			Links       []link `json:"links"`
		}{q.data.Name.In(q.lang), q.word("about"), append(q.selves(jsonType),
			link{Href: base + "/api?f=json", Rel: "service-desc", Type: openAPIType, Title: q.word("api")},
			link{Href: base + "/api?f=html", Rel: "service-doc", Type: htmlType, Title: q.word("api")},
			link{Href: base + "/conformance", Rel: "conformance", Type: jsonType, Title: q.word("conformance")},
			link{Href: base + "/collections", Rel: "data", Type: jsonType, Title: q.word("collections")},
			link{Href: base + "/tiles", Rel: "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", Type: jsonType, Title: q.word("tiles")},
			link{Href: base + "/tileMatrixSets", Rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", Type: jsonType, Title: q.word("matrices")},
		)}
	})
}

func (q *request) conformance() error {
	return q.plain(q.word("conformance"), func() any {
		return map[string]any{"conformsTo": classes}
	})
}

func (q *request) collections() error {
	return q.plain(q.word("collections"), func() any {
		var all []collectionInfo
		for _, c := range q.data.Collections {
			c.prepare()
			all = append(all, q.describe(c, []string{"#/crs"}))
		}
		return struct {
			Links       []link           `json:"links"`
			CRS         []string         `json:"crs"`
			Collections []collectionInfo `json:"collections"`
		}{q.selves(jsonType), q.data.referenceURIs(), all}
	})
}

func (q *request) collection() error {
	c := q.data.byID(q.PathValue("collection"))
	if c == nil {
		return missing("ogc_collection", q.PathValue("collection"))
	}
	return q.plain(q.word(c.ID), func() any {
		info := q.describe(c, q.data.referenceURIs())
		info.Links = append(q.selves(jsonType), info.Links[1:]...)
		return info
	})
}

type collectionInfo struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	ItemType    string      `json:"itemType"`
	Extent      *extentInfo `json:"extent,omitempty"`
	CRS         []string    `json:"crs"`
	StorageCRS  string      `json:"storageCrs"`
	Links       []link      `json:"links"`
}

type extentInfo struct {
	Spatial  spatialInfo   `json:"spatial"`
	Temporal *temporalInfo `json:"temporal,omitempty"`
}

type spatialInfo struct {
	Box [][4]float64 `json:"bbox"`
	CRS string       `json:"crs"`
}

type temporalInfo struct {
	Interval [][2]string `json:"interval"`
	TRS      string      `json:"trs"`
}

// describe tells of a collection; its first link leads to it.
func (q *request) describe(c *Collection, crs []string) collectionInfo {
	here := q.base() + "/collections/" + c.ID
	return collectionInfo{
		ID: c.ID, Title: q.word(c.ID), Description: q.word(c.ID + ".about"), ItemType: "feature",
		Extent: c.extent(), CRS: crs, StorageCRS: q.data.storage(),
		Links: []link{
			{Href: here, Rel: "collection", Type: jsonType, Title: q.word(c.ID)},
			{Href: here + "/items?f=json", Rel: "items", Type: geojsonType, Title: q.word(c.ID)},
			{Href: here + "/items?f=html", Rel: "items", Type: htmlType, Title: q.word(c.ID)},
			// Relation types are case-insensitive (RFC 8288); GDAL before 3.8 looks for the second.
			{Href: here + "/schema", Rel: "describedby", Type: schemaMedia, Title: q.word("schema")},
			{Href: here + "/schema", Rel: "describedBy", Type: schemaMedia, Title: q.word("schema")},
		},
	}
}

func (c *Collection) extent() *extentInfo {
	if !c.hasBound {
		return nil
	}
	e := &extentInfo{Spatial: spatialInfo{Box: [][4]float64{degrees(c.bound)}, CRS: crs84}}
	if c.Time != nil && c.Len > 0 {
		first, last := c.Time(0)
		for i := range c.Len {
			from, to := c.Time(i)
			if from.Before(first) {
				first = from
			}
			if to.After(last) {
				last = to
			}
		}
		e.Temporal = &temporalInfo{
			Interval: [][2]string{{first.Format(time.RFC3339), last.Format(time.RFC3339)}},
			TRS:      "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
		}
	}
	return e
}

// degrees turns a web Mercator box into west, south, east, north.
func degrees(b orb.Bound) [4]float64 {
	m, _ := crs.ByEPSG(webMercator)
	west, south := m.Inverse(b.Min[0], b.Min[1])
	east, north := m.Inverse(b.Max[0], b.Max[1])
	return [4]float64{west, south, east, north}
}

// schemaType is the JSON type of an attribute.
func schemaType(k plottage.Kind) string {
	switch k {
	case plottage.Number:
		return "number"
	case plottage.Whole:
		return "integer"
	case plottage.Flag:
		return "boolean"
	}
	return "string"
}
