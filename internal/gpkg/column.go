package gpkg

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/plottage/plottage"
)

// column is one attribute of a noun as the city file keeps it: how it is declared,
// and how a value goes in and comes out. NULL is "not known".
type column[T any] struct {
	name     string
	declared string // data type of OGC 12-128r17 table 1
	unit     string
	required bool // NOT NULL
	get      func(*T) (driver.Value, error)
	set      func(*T, driver.Value) error
}

// Data types of the file's columns.
const (
	typeText = "TEXT"
	typeReal = "DOUBLE"
	typeInt  = "INTEGER"
	typeBool = "BOOLEAN"
	typeDate = "DATE"
	typeBlob = "BLOB"
)

var (
	errText   = errors.New("text is not valid UTF-8 or holds a NUL")
	errNumber = errors.New("not a finite number")
	errDate   = errors.New("not a calendar day")
)

// checkText refuses what SQLite, GDAL or JSON would cut short or alter.
func checkText(s string) error {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return errText
	}
	return nil
}

func putText(s string) (driver.Value, error) {
	if s == "" {
		return nil, nil
	}
	return s, checkText(s)
}

func putReal(x float64) (driver.Value, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, errNumber
	}
	return x, nil
}

func putDate(d plottage.Date) (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	if p, err := plottage.ParseDate(string(d)); err != nil || p != d {
		return nil, errDate
	}
	return string(d), nil
}

func putBool(b bool) (driver.Value, error) {
	if b {
		return int64(1), nil
	}
	return int64(0), nil
}

// unexpected is a cell that another program filled with a value of the wrong type.
func unexpected(v driver.Value) error { return fmt.Errorf("unexpected %T", v) }

func takeText(v driver.Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), checkText(string(v))
	}
	return fmt.Sprint(v), nil
}

func takeReal(v driver.Value) (x float64, known bool, err error) {
	switch v := v.(type) {
	case nil:
		return 0, false, nil
	case float64:
		return v, true, nil
	case int64:
		return float64(v), true, nil
	}
	return 0, false, unexpected(v)
}

func takeInt(v driver.Value) (x int64, known bool, err error) {
	switch v := v.(type) {
	case nil:
		return 0, false, nil
	case int64:
		return v, true, nil
	case bool:
		if v {
			return 1, true, nil
		}
		return 0, true, nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), true, nil
		}
	}
	return 0, false, unexpected(v)
}

// takeDate reads a day; GDAL may append a time to it, which is dropped.
func takeDate(v driver.Value) (plottage.Date, error) {
	s, ok := v.(string)
	if v == nil || ok && s == "" {
		return "", nil
	}
	if ok && len(s) >= 10 {
		if d, err := plottage.ParseDate(s[:10]); err == nil {
			return d, nil
		}
	}
	return "", errDate
}

func textColumn[T any](name string, p func(*T) *string) column[T] {
	return column[T]{name: name, declared: typeText,
		get: func(t *T) (driver.Value, error) { return putText(*p(t)) },
		set: func(t *T, v driver.Value) (err error) { *p(t), err = takeText(v); return err },
	}
}

// wordColumn is a text of a named type: a class, a stage, a status.
func wordColumn[T any, S ~string](name string, p func(*T) *S) column[T] {
	return column[T]{name: name, declared: typeText,
		get: func(t *T) (driver.Value, error) { return putText(string(*p(t))) },
		set: func(t *T, v driver.Value) error { s, err := takeText(v); *p(t) = S(s); return err },
	}
}

func realColumn[T any](name, unit string, p func(*T) *float64) column[T] {
	return column[T]{name: name, declared: typeReal, unit: unit,
		get: func(t *T) (driver.Value, error) { return putReal(*p(t)) },
		set: func(t *T, v driver.Value) (err error) { *p(t), _, err = takeReal(v); return err },
	}
}

func intColumn[T any, I ~int | ~int64](name string, p func(*T) *I) column[T] {
	return column[T]{name: name, declared: typeInt,
		get: func(t *T) (driver.Value, error) { return int64(*p(t)), nil },
		set: func(t *T, v driver.Value) error { x, _, err := takeInt(v); *p(t) = I(x); return err },
	}
}

// countColumn is an intColumn in which 0 is NULL: nothing was counted.
func countColumn[T any](name string, p func(*T) *int) column[T] {
	c := intColumn(name, p)
	c.get = func(t *T) (driver.Value, error) {
		if n := *p(t); n != 0 {
			return int64(n), nil
		}
		return nil, nil
	}
	return c
}

func boolColumn[T any](name string, p func(*T) *bool) column[T] {
	return column[T]{name: name, declared: typeBool,
		get: func(t *T) (driver.Value, error) { return putBool(*p(t)) },
		set: func(t *T, v driver.Value) error { x, _, err := takeInt(v); *p(t) = x != 0; return err },
	}
}

func dateColumn[T any](name string, p func(*T) *plottage.Date) column[T] {
	return column[T]{name: name, declared: typeDate,
		get: func(t *T) (driver.Value, error) { return putDate(*p(t)) },
		set: func(t *T, v driver.Value) (err error) { *p(t), err = takeDate(v); return err },
	}
}

func optColumn[T any](name, unit string, p func(*T) *plottage.Opt[float64]) column[T] {
	return column[T]{name: name, declared: typeReal, unit: unit,
		get: func(t *T) (driver.Value, error) {
			if o := *p(t); o.Known {
				return putReal(o.V)
			}
			return nil, nil
		},
		set: func(t *T, v driver.Value) (err error) { o := p(t); o.V, o.Known, err = takeReal(v); return err },
	}
}

// jsonColumn keeps a list or a map as JSON text; an empty one is NULL.
func jsonColumn[T, V any](name string, p func(*T) *V, empty func(V) bool) column[T] {
	return column[T]{name: name, declared: typeText,
		get: func(t *T) (driver.Value, error) {
			if empty(*p(t)) {
				return nil, nil
			}
			return marshal(*p(t))
		},
		set: func(t *T, v driver.Value) error {
			s, err := takeText(v)
			if err != nil || s == "" {
				return err
			}
			return json.Unmarshal([]byte(s), p(t))
		},
	}
}

// marshal is JSON for a cell. Bytes that are no text, which encoding/json would turn
// into U+FFFD without a word, are an error.
func marshal(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	s := strings.TrimSuffix(b.String(), "\n")
	// A U+FFFD that was in the text is written as itself, a replaced byte as the escape.
	if strings.Contains(strings.ReplaceAll(s, `\\`, ""), `\ufffd`) {
		return "", errText
	}
	return s, nil
}

func listColumn[T any](name string, p func(*T) *[]string) column[T] {
	return jsonColumn(name, p, func(v []string) bool { return len(v) == 0 })
}

func mapColumn[T any](name string, p func(*T) *map[string]string) column[T] {
	return jsonColumn(name, p, func(v map[string]string) bool { return len(v) == 0 })
}

func blobColumn[T any](name string, p func(*T) *[]byte) column[T] {
	return column[T]{name: name, declared: typeBlob,
		get: func(t *T) (driver.Value, error) {
			if len(*p(t)) == 0 {
				return nil, nil
			}
			return *p(t), nil
		},
		set: func(t *T, v driver.Value) error {
			b, ok := v.([]byte)
			if !ok {
				return unexpected(v)
			}
			*p(t) = b
			return nil
		},
	}
}

// packedColumn keeps bytes compressed.
func packedColumn[T any](name string, p func(*T) *[]byte) column[T] {
	c := blobColumn(name, p)
	c.get = func(t *T) (driver.Value, error) { return pack(*p(t)), nil }
	c.set = func(t *T, v driver.Value) (err error) { *p(t), err = unpack(v); return err }
	return c
}

// fieldColumn is a field of a root catalogue as a column.
func fieldColumn[T any](f plottage.Field[T]) column[T] {
	c := column[T]{name: f.Name, unit: f.Unit, declared: declaredOf[f.Kind]}
	c.get = func(t *T) (driver.Value, error) { return putField(f.Get(t)) }
	c.set = func(t *T, v driver.Value) error {
		x, err := takeField(f.Kind, v)
		if err == nil && x != nil {
			f.Set(t, x)
		}
		return err
	}
	return c
}

var declaredOf = map[plottage.Kind]string{
	plottage.Text: typeText, plottage.Number: typeReal, plottage.Whole: typeInt,
	plottage.Day: typeDate, plottage.Flag: typeBool,
}

func putField(v any) (driver.Value, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return putText(v)
	case float64:
		return putReal(v)
	case int:
		return int64(v), nil
	case plottage.Date:
		return putDate(v)
	case bool:
		return putBool(v)
	}
	return nil, unexpected(v)
}

// takeField gives a cell as the Go type of the kind, nil for NULL.
func takeField(k plottage.Kind, v driver.Value) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch k {
	case plottage.Text:
		return takeText(v)
	case plottage.Number:
		x, _, err := takeReal(v)
		return x, err
	case plottage.Whole:
		x, _, err := takeInt(v)
		return int(x), err
	case plottage.Day:
		d, err := takeDate(v)
		return d, err
	}
	x, _, err := takeInt(v)
	return x != 0, err
}

// seedColumn keeps all 64 bits of a seed: SQLite's integers are signed.
func seedColumn[T any](name string, p func(*T) *uint64) column[T] {
	return column[T]{name: name, declared: typeInt,
		get: func(t *T) (driver.Value, error) { return int64(*p(t)), nil },
		set: func(t *T, v driver.Value) error { x, _, err := takeInt(v); *p(t) = uint64(x); return err },
	}
}
