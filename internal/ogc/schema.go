package ogc

import (
	"encoding/json"

	"github.com/plottage/plottage"
)

const schemaMedia = "application/schema+json"

// schema answers the JSON Schema of a collection's features. Clients that know it
// take the types of columns from here instead of guessing from the first page.
func (q *request) schema() error {
	c := q.data.byID(q.PathValue("collection"))
	if c == nil {
		return missing("ogc_collection", q.PathValue("collection"))
	}
	if err := q.allow(); err != nil {
		return err
	}
	if q.fresh() {
		return nil
	}
	columns := object{}
	for _, p := range c.columns {
		columns[p.Name] = c.valueSchema(p, q.title(p))
	}
	doc, err := json.Marshal(object{
		"$id":   q.base() + "/collections/" + c.ID + "/schema",
		"title": q.word(c.ID), "type": "object", "required": []string{"type", "geometry", "properties"},
		"properties": object{
			"type":     object{"const": "Feature"},
			"id":       object{"type": "string"},
			"geometry": object{"oneOf": []any{object{"$ref": "https://geojson.org/schema/" + string(c.Kind) + ".json"}, object{"type": "null"}}},
			"properties": object{
				"type": "object", "properties": columns,
			},
		},
	})
	if err != nil {
		return err
	}
	q.write(schemaMedia, q.word(c.ID), doc)
	return nil
}

// valueSchema is the schema of an attribute, in the words of OpenAPI 3.0: null means
// not known. GDAL reads plain types only, no unions. A day known to the month or the
// year only is no date for a client: such a column is text.
func (c *Collection) valueSchema(p Property, title string) object {
	s := object{"title": title, "type": schemaType(p.Kind), "nullable": true}
	if p.Kind != plottage.Day {
		return s
	}
	for day := range c.index(p) {
		if len(day) != len("2027-01-01") {
			return s
		}
	}
	s["format"] = "date"
	return s
}
