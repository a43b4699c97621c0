package ogc

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/plottage/plottage"
)

// picked says which features a request selects, ascending.
type picked struct {
	all  bool // every feature of the collection
	some []int
}

func (p picked) count(c *Collection) int {
	if p.all {
		return c.Len
	}
	return len(p.some)
}

func (p picked) at(n int) int {
	if p.all {
		return n
	}
	return p.some[n]
}

func (p picked) and(found []int) picked {
	if p.all {
		return picked{some: found}
	}
	both := []int{}
	for i, j := 0, 0; i < len(p.some) && j < len(found); {
		switch a, b := p.some[i], found[j]; {
		case a < b:
			i++
		case a > b:
			j++
		default:
			both = append(both, a)
			i, j = i+1, j+1
		}
	}
	return picked{some: both}
}

// pick selects by bbox, datetime and attributes.
func (q *request) pick(c *Collection) (picked, error) {
	p := picked{all: true}
	if value, given := q.query["bbox"]; given {
		ref, err := q.reference("bbox-crs")
		if err != nil {
			return p, err
		}
		boxes, err := parseBoxes(value[0], ref)
		if err != nil {
			return p, err
		}
		var found []int
		for _, b := range boxes {
			found = append(found, c.in(b)...)
		}
		slices.Sort(found)
		p = p.and(slices.Compact(found))
	} else if _, err := q.reference("bbox-crs"); err != nil {
		return p, err
	}
	if value, given := q.query["datetime"]; given {
		from, to, err := parseInterval(value[0])
		if err != nil {
			return p, err
		}
		if c.Time != nil {
			p = p.and(c.during(from, to))
		}
	}
	for _, column := range c.columns {
		if value, given := q.query[column.Name]; given {
			key, err := column.key(value[0])
			if err != nil {
				return p, err
			}
			p = p.and(c.index(column)[key])
		}
	}
	return p, nil
}

// reference reads a parameter that names a CRS; CRS84 when it is not given.
func (q *request) reference(name string) (reference, error) {
	uri := q.query.Get(name)
	if _, given := q.query[name]; !given {
		uri = crs84
	}
	ref, ok := q.data.reference(uri)
	if !ok {
		return ref, badValue(name, uri, strings.Join(q.data.referenceURIs(), ", "))
	}
	return ref, nil
}

func (c *Collection) during(from, to time.Time) []int {
	found := []int{}
	for i := range c.Len {
		begin, end := c.Time(i)
		if !begin.After(to) && !end.Before(from) {
			found = append(found, i)
		}
	}
	return found
}

// Ends of open intervals.
var (
	dawn = time.Time{}
	dusk = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// parseInterval reads a date-time of RFC 3339, a date, or an interval of two of them
// of which one may be open, as ".." or nothing.
func parseInterval(value string) (from, to time.Time, err error) {
	bad := badValue("datetime", value, "2027-01-01T00:00:00Z, 2027-01-01, 2027-01-01/2028-12-31, 2027-01-01/.., ../2028-12-31")
	begin, end, interval := strings.Cut(value, "/")
	if !interval {
		end = begin
	}
	open := func(s string) bool { return interval && (s == "" || s == "..") }
	if open(begin) && open(end) {
		return dawn, dusk, bad
	}
	from, to = dawn, dusk
	if !open(begin) {
		if from, _, err = parseTime(begin); err != nil {
			return from, to, bad
		}
	}
	if !open(end) {
		if _, to, err = parseTime(end); err != nil {
			return from, to, bad
		}
	}
	if from.After(to) {
		return from, to, bad
	}
	return from, to, nil
}

// parseTime returns the first and last moment of a date-time or a date.
func parseTime(s string) (first, last time.Time, err error) {
	if first, err = time.Parse(time.RFC3339Nano, strings.ToUpper(s)); err == nil {
		return first, first, nil
	}
	first, err = time.Parse(time.DateOnly, s)
	return first, first.Add(24*time.Hour - time.Second), err
}

// index returns the features by value of an attribute, made at the first request for
// it: a filter then costs what it finds.
func (c *Collection) index(p Property) map[string][]int {
	made, _ := c.indexes.LoadOrStore(p.Name, sync.OnceValue(func() map[string][]int {
		m := map[string][]int{}
		for i := range c.Len {
			if v := p.Value(i); v != nil {
				key := text(v)
				m[key] = append(m[key], i)
			}
		}
		return m
	}))
	return made.(func() map[string][]int)()
}

// key reads a filter's value as the kind of the attribute and returns it as the index
// has it: 5.0 finds 5.
func (p Property) key(value string) (string, error) {
	var v any
	var err error
	want := "text"
	switch p.Kind {
	case plottage.Number:
		want = "1.5"
		v, err = strconv.ParseFloat(value, 64)
	case plottage.Whole:
		want = "2027"
		v, err = strconv.Atoi(value)
	case plottage.Flag:
		want = "true, false"
		if value != "true" && value != "false" {
			err = strconv.ErrSyntax
		}
		v = value == "true"
	case plottage.Day:
		want = "2027-01-01"
		v = value
		if !partialDate(value) {
			err = strconv.ErrSyntax
		}
	default:
		v = value
	}
	if err != nil {
		return "", badValue(p.Name, value, want)
	}
	return text(v), nil
}

func partialDate(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case plottage.Date:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
