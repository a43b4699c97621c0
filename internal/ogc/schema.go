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
		columns[p.Name] = object{"title": q.title(p), "oneOf": []any{valueSchema(p.Kind), object{"type": "null"}}}
	}
	doc, err := json.Marshal(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     q.base() + "/collections/" + c.ID + "/schema",
		"title":   q.word(c.ID), "type": "object", "required": []string{"type", "geometry", "properties"},
		"properties": object{
			"type":     object{"const": "Feature"},
			"id":       object{"type": "string"},
			"geometry": object{"oneOf": []any{object{"$ref": "https://geojson.org/schema/" + string(c.Kind) + ".json"}, object{"type": "null"}}},
			"properties": object{
				"type": "object", "properties": columns, "required": names(c.columns),
			},
		},
	})
	if err != nil {
		return err
	}
	q.write(schemaMedia, q.word(c.ID), doc)
	return nil
}

// valueSchema is the schema of an attribute. A day may be known to the month or the
// year only, which the format date does not allow: clients read such days as text.
func valueSchema(k plottage.Kind) object {
	return object{"type": schemaType(k)}
}
