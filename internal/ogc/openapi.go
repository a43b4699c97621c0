package ogc

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// object is a JSON object; encoding/json writes its members by name, so that the
// document is the same bytes each time.
type object = map[string]any

// api answers the OpenAPI 3.0 definition of this API. Every collection has its own
// path: clients read from its parameters which attributes can be filtered by.
func (q *request) api() error {
	if err := q.allow(); err != nil {
		return err
	}
	if q.fresh() {
		return nil
	}
	doc, err := json.Marshal(q.definition())
	if err != nil {
		return err
	}
	q.write(openAPIType, q.word("api"), doc)
	return nil
}

func (q *request) definition() object {
	paths := object{
		"/":                               q.get("landing", "landing", "LandingPage", jsonType),
		"/conformance":                    q.get("conformance", "conformance", "ConfClasses", jsonType),
		"/api":                            q.get("api", "api", "Anything", openAPIType),
		"/collections":                    q.get("collections", "collections", "Collections", jsonType),
		"/tiles":                          q.get("tilesets", "tiles", "Anything", jsonType),
		"/tiles/WebMercatorQuad":          q.get("tileset", "tiles", "Anything", jsonType),
		"/tileMatrixSets":                 q.get("tileMatrixSets", "matrices", "Anything", jsonType),
		"/tileMatrixSets/WebMercatorQuad": q.get("tileMatrixSet", "matrices", "Anything", jsonType),
		"/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}": object{"get": object{
			"operationId": "tile", "summary": q.word("tiles"), "tags": []string{"tiles"},
			"parameters": []any{inPath("tileMatrix", "string"), inPath("tileRow", "integer"), inPath("tileCol", "integer")},
			"responses": withErrors(object{
				"200": object{"description": q.word("tiles"), "content": object{tileType: object{"schema": object{"type": "string", "format": "binary"}}}},
				"204": object{"description": "empty"},
			}),
		}},
	}
	for _, c := range q.data.Collections {
		c.prepare()
		maps.Copy(paths, q.collectionPaths(c))
	}
	return object{
		"openapi": "3.0.3",
		"info":    object{"title": q.data.Name.In(q.lang), "description": q.word("about"), "version": plottage.Version},
		"servers": []any{object{"url": q.base()}},
		"paths":   paths,
		"components": object{
			"parameters": q.parameters(),
			"schemas":    schemas,
			"responses": object{"Problem": object{
				"description": "RFC 9457",
				"content":     object{"application/problem+json": object{"schema": ref("schemas", "Problem")}},
			}},
		},
	}
}

func ref(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

func withErrors(responses object) object {
	for _, status := range []string{"400", "404", "500"} {
		responses[status] = ref("responses", "Problem")
	}
	return responses
}

// get describes an operation without parameters of its own.
func (q *request) get(id, word, schema, media string, parameters ...any) object {
	return object{"get": object{
		"operationId": id, "summary": q.word(word), "tags": []string{"capabilities"},
		"parameters": append([]any{ref("parameters", "f")}, parameters...),
		"responses": withErrors(object{"200": object{"description": q.word(word), "content": object{
			media:    object{"schema": ref("schemas", schema)},
			htmlType: object{"schema": object{"type": "string"}},
		}}}),
	}}
}

func (q *request) collectionPaths(c *Collection) object {
	here := "/collections/" + c.ID
	parameters := []any{}
	for _, name := range []string{"limit", "offset", "bbox", "bbox-crs", "crs", "datetime"} {
		parameters = append(parameters, ref("parameters", name))
	}
	for _, p := range c.columns {
		parameters = append(parameters, object{
			"name": p.Name, "in": "query", "required": false, "style": "form", "explode": false,
			"description": q.title(p), "schema": object{"type": schemaType(p.Kind)},
		})
	}
	return object{
		here:                        q.get("describe_"+c.ID, c.ID, "Collection", jsonType),
		here + "/items":             q.get("items_"+c.ID, c.ID, "FeatureCollection", geojsonType, parameters...),
		here + "/schema":            q.get("schema_"+c.ID, c.ID, "Anything", schemaMedia),
		here + "/items/{featureId}": q.get("item_"+c.ID, c.ID, "Feature", geojsonType, inPath("featureId", "string"), ref("parameters", "crs")),
	}
}

// title is the attribute's label with its unit.
func (q *request) title(p Property) string {
	for _, key := range []string{"ogc.field." + p.Name, "field." + p.Name} {
		if _, ok := locale.Catalogue(q.lang)[key]; ok {
			if p.Unit != "" {
				return locale.T(q.lang, key, nil) + " (" + p.Unit + ")"
			}
			return locale.T(q.lang, key, nil)
		}
	}
	return strings.ReplaceAll(p.Name, "_", " ")
}

func inPath(name, kind string) object {
	return object{"name": name, "in": "path", "required": true, "schema": object{"type": kind}}
}

// parameters are those that several operations share, as requirements
// fc-limit-definition, fc-bbox-definition, fc-time-definition, fc-crs-definition and
// fc-bbox-crs-definition word them.
func (q *request) parameters() object {
	inQuery := func(name string, schema object) object {
		return object{"name": name, "in": "query", "required": false, "style": "form", "explode": false,
			"description": q.word("parameter." + name), "schema": schema}
	}
	uri := object{"type": "string", "format": "uri", "default": crs84, "enum": q.data.referenceURIs()}
	return object{
		"f":        inQuery("f", object{"type": "string", "enum": []string{"json", "html"}}),
		"limit":    inQuery("limit", object{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": defaultLimit}),
		"offset":   inQuery("offset", object{"type": "integer", "minimum": 0, "default": 0}),
		"bbox":     inQuery("bbox", object{"type": "array", "items": object{"type": "number"}, "oneOf": []any{object{"minItems": 4, "maxItems": 4}, object{"minItems": 6, "maxItems": 6}}}),
		"bbox-crs": inQuery("bbox-crs", uri),
		"crs":      inQuery("crs", uri),
		"datetime": inQuery("datetime", object{"type": "string"}),
	}
}

var schemas = func() object {
	str, integer, anything := object{"type": "string"}, object{"type": "integer"}, object{"type": "object"}
	links := object{"type": "array", "items": ref("schemas", "Link")}
	texts := object{"type": "array", "items": str}
	schema := func(required []string, properties object) object {
		return object{"type": "object", "required": required, "properties": properties}
	}
	feature := object{"type": object{"type": "string", "enum": []string{"Feature"}}, "id": str,
		"geometry": object{"type": "object", "nullable": true}, "properties": object{"type": "object", "nullable": true}, "links": links}
	return object{
		"Anything":    anything,
		"Link":        schema([]string{"href", "rel"}, object{"href": str, "rel": str, "type": str, "title": str, "templated": object{"type": "boolean"}}),
		"LandingPage": schema([]string{"links"}, object{"title": str, "description": str, "links": links}),
		"ConfClasses": schema([]string{"conformsTo"}, object{"conformsTo": texts}),
		"Collection": schema([]string{"id", "links"}, object{"id": str, "title": str, "description": str, "itemType": str,
			"extent": anything, "crs": texts, "storageCrs": str, "links": links}),
		"Collections": schema([]string{"links", "collections"}, object{"links": links, "crs": texts,
			"collections": object{"type": "array", "items": ref("schemas", "Collection")}}),
		"Feature": schema([]string{"type", "geometry", "properties"}, feature),
		"FeatureCollection": schema([]string{"type", "features"}, object{
			"type":          object{"type": "string", "enum": []string{"FeatureCollection"}},
			"numberMatched": integer, "numberReturned": integer, "links": links,
			"features": object{"type": "array", "items": ref("schemas", "Feature")}}),
		"Problem": schema([]string{"code"}, object{"status": integer, "title": str, "detail": str, "code": str,
			"description": str, "key": str, "args": anything}),
	}
}()
