package ogc

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Pages.
const (
	defaultLimit = 100
	maxLimit     = 10_000 // what asks for more gets as many
)

// items answers one page of a collection.
func (q *request) items() error {
	c := q.data.byID(q.PathValue("collection"))
	if c == nil {
		return missing("ogc_collection", q.PathValue("collection"))
	}
	if err := q.allow(append([]string{"limit", "offset", "bbox", "bbox-crs", "crs", "datetime"}, names(c.columns)...)...); err != nil {
		return err
	}
	limit, offset, err := q.paging()
	if err != nil {
		return err
	}
	ref, err := q.reference("crs")
	if err != nil {
		return err
	}
	p, err := q.pick(c)
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Crs", "<"+ref.uri+">")
	if q.fresh() {
		return nil
	}
	q.write(geojsonType, q.word(c.ID), q.pageOf(c, p, ref, offset, limit))
	return nil
}

// paging reads limit and offset. A limit beyond the greatest is cut to it, as the
// standard wants.
func (q *request) paging() (limit, offset int, err error) {
	limit = defaultLimit
	if v, given := q.query["limit"]; given {
		if limit, err = strconv.Atoi(v[0]); err != nil || limit < 1 {
			if !positive(v[0]) {
				return 0, 0, badValue("limit", v[0], "1 … "+strconv.Itoa(maxLimit))
			}
			limit = maxLimit // digits beyond an int
		}
	}
	if v, given := q.query["offset"]; given {
		if offset, err = strconv.Atoi(v[0]); err != nil || offset < 0 {
			return 0, 0, badValue("offset", v[0], "0, 1, 2, …")
		}
	}
	return min(limit, maxLimit), offset, nil
}

// positive reports whether s is a whole number above zero, however long.
func positive(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

func (q *request) pageOf(c *Collection, p picked, ref reference, offset, limit int) []byte {
	matched := p.count(c)
	from := min(offset, matched)
	to := min(from+limit, matched)
	w := writer{ref: ref, b: make([]byte, 0, 512+(to-from)*600)}
	w.text(`{"type":"FeatureCollection","numberMatched":`)
	w.b = strconv.AppendInt(w.b, int64(matched), 10)
	w.text(`,"numberReturned":`)
	w.b = strconv.AppendInt(w.b, int64(to-from), 10)
	w.text(`,"links":`)
	links, _ := json.Marshal(q.pageLinks(c, offset, limit, matched)) // plain strings
	w.b = append(w.b, links...)
	w.text(`,"features":[`)
	for n := from; n < to; n++ {
		if n > from {
			w.text(",")
		}
		w.text("\n")
		w.feature(c, p.at(n), nil)
	}
	w.text("\n]}\n")
	return w.b
}

func (q *request) pageLinks(c *Collection, offset, limit, matched int) []link {
	media := geojsonType
	if q.html {
		media = htmlType
	}
	links := append(q.selves(geojsonType),
		link{Href: q.base() + "/collections/" + c.ID, Rel: "collection", Type: jsonType, Title: q.word(c.ID)})
	if offset+limit < matched {
		links = append(links, link{Href: q.with("offset", strconv.Itoa(offset+limit)), Rel: "next", Type: media, Title: q.word("next")})
	}
	if offset > 0 {
		before, first := max(0, offset-limit), ""
		if before > 0 {
			first = strconv.Itoa(before)
		}
		links = append(links, link{Href: q.with("offset", first), Rel: "prev", Type: media, Title: q.word("prev")})
	}
	for _, l := range links {
		q.w.Header().Add("Link", "<"+l.Href+`>; rel="`+l.Rel+`"; type="`+l.Type+`"`)
	}
	return links
}

// item answers one feature.
func (q *request) item() error {
	c := q.data.byID(q.PathValue("collection"))
	if c == nil {
		return missing("ogc_collection", q.PathValue("collection"))
	}
	if err := q.allow("crs"); err != nil {
		return err
	}
	ref, err := q.reference("crs")
	if err != nil {
		return err
	}
	i, ok := c.Index(q.PathValue("feature"))
	if !ok {
		return missing("ogc_feature", q.PathValue("feature"))
	}
	q.w.Header().Set("Content-Crs", "<"+ref.uri+">")
	if q.fresh() {
		return nil
	}
	links := append(q.selves(geojsonType),
		link{Href: q.base() + "/collections/" + c.ID, Rel: "collection", Type: jsonType, Title: q.word(c.ID)})
	w := writer{ref: ref}
	w.feature(c, i, links)
	q.write(geojsonType, c.FeatureID(i), w.b)
	return nil
}

func names(columns []Property) []string {
	out := make([]string, len(columns))
	for i, p := range columns {
		out[i] = p.Name
	}
	return out
}
