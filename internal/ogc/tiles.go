package ogc

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/plottage/plottage/internal/tile"
)

const (
	matrixSetID  = "WebMercatorQuad"
	matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
)

func (q *request) tilesets() error {
	return q.plain(q.word("tiles"), func() any {
		return map[string]any{"links": q.selves(jsonType), "tilesets": []any{q.tilesetInfo([]link{
			{Href: q.base() + "/tiles/" + matrixSetID, Rel: "self", Type: jsonType, Title: q.word("tiles")},
		})}}
	})
}

func (q *request) tileset() error {
	return q.plain(q.word("tiles"), func() any {
		links := append(q.selves(jsonType),
			link{Href: q.base() + "/tiles/" + matrixSetID + "/{tileMatrix}/{tileRow}/{tileCol}", Rel: "item", Type: tileType, Templated: true})
		return q.tilesetInfo(links)
	})
}

func (q *request) tilesetInfo(links []link) map[string]any {
	return map[string]any{
		"title": q.data.Name.In(q.lang), "dataType": "vector", "crs": epsgURI(webMercator), "tileMatrixSetURI": matrixSetURI,
		"links": append(links, link{Href: q.base() + "/tileMatrixSets/" + matrixSetID, Rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", Type: jsonType}),
	}
}

func (q *request) matrixSets() error {
	return q.plain(q.word("matrices"), func() any {
		return map[string]any{"links": q.selves(jsonType), "tileMatrixSets": []any{map[string]any{
			"id": matrixSetID, "uri": matrixSetURI, "title": matrixSetID,
			"links": []link{{Href: q.base() + "/tileMatrixSets/" + matrixSetID, Rel: "self", Type: jsonType}},
		}}}
	})
}

// matrixSet is the scheme of web maps as OGC 17-083r4, annex D.1 states it.
func (q *request) matrixSet() error {
	return q.plain(q.word("matrices"), func() any {
		var matrices []any
		for z := range tile.MaxZoom + 1 {
			// A tile counts 256 pixels here; a pixel of 0.28 mm gives the scale.
			cell := 2 * tile.HalfWorldM / 256 / math.Exp2(float64(z))
			matrices = append(matrices, map[string]any{
				"id": strconv.Itoa(z), "scaleDenominator": cell / 0.28e-3, "cellSize": cell, "cornerOfOrigin": "topLeft",
				"pointOfOrigin": []float64{-tile.HalfWorldM, tile.HalfWorldM}, "tileWidth": 256, "tileHeight": 256,
				"matrixWidth": 1 << z, "matrixHeight": 1 << z,
			})
		}
		return map[string]any{
			"id": matrixSetID, "uri": matrixSetURI, "title": matrixSetID, "crs": epsgURI(webMercator), "orderedAxes": []string{"X", "Y"},
			"wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", "tileMatrices": matrices,
			"links": q.selves(jsonType),
		}
	})
}

// tile answers one vector tile; row and column count from the north-west. An empty
// one is 204.
func (q *request) tile() error {
	if err := q.allow(); err != nil {
		return err
	}
	z, err1 := strconv.Atoi(q.PathValue("matrix"))
	row, err2 := strconv.Atoi(q.PathValue("row"))
	column, err3 := strconv.Atoi(q.PathValue("column"))
	id := tile.ID{Z: z, X: column, Y: row}
	if err1 != nil || err2 != nil || err3 != nil || !id.Valid() {
		return newProblem(http.StatusNotFound, "ogc_path", map[string]any{"path": short(q.URL.Path)})
	}
	if q.fresh() {
		return nil
	}
	data, err := q.data.Tile(q.Context(), id)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if strings.Contains(q.Header.Get("Accept-Encoding"), "gzip") {
		q.w.Header().Set("Content-Encoding", "gzip")
	} else if data, err = unzip(data); err != nil {
		return err
	}
	q.send(tileType, data)
	return nil
}

func unzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
