package plottage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Opt is a value that a record may lack. The zero Opt is "not known", which is
// not the same as zero: a rule that needs it says so instead of guessing.
type Opt[T any] struct {
	V     T
	Known bool
}

// Some returns a known value.
func Some[T any](v T) Opt[T] { return Opt[T]{V: v, Known: true} }

// Or returns the value, or otherwise when it is not known.
func (o Opt[T]) Or(otherwise T) T {
	if o.Known {
		return o.V
	}
	return otherwise
}

// MarshalJSON writes null for a value that is not known.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Known {
		return []byte("null"), nil
	}
	return json.Marshal(o.V)
}

// UnmarshalJSON reads null as not known.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(bytes.TrimSpace(b), []byte("null")) {
		*o = Opt[T]{}
		return nil
	}
	if err := json.Unmarshal(b, &o.V); err != nil {
		return err
	}
	o.Known = true
	return nil
}

// Date is a calendar day in ISO 8601, "2026-11-23"; "" is not known. Dates compare
// with < and ==.
type Date string

const isoDay = "2006-01-02"

// ParseDate reads an ISO 8601 calendar day.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(isoDay, s)
	if err != nil {
		return "", fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Date(t.Format(isoDay)), nil
}

// DateOf returns the calendar day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(isoDay)) }

// Known reports whether the date is known.
func (d Date) Known() bool { return d != "" }

// Time returns midnight UTC of the day; the zero time when not known.
func (d Date) Time() time.Time {
	t, _ := time.Parse(isoDay, string(d))
	return t
}

// Year returns the calendar year, 0 when not known.
func (d Date) Year() int {
	if d == "" {
		return 0
	}
	return d.Time().Year()
}

// DaysUntil returns the number of days from d to e, negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	return int(e.Time().Sub(d.Time()).Hours() / 24)
}

// AddMonths returns the same day n months later, or the last day of that month
// when it is shorter.
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Label is a word shown to people, in both languages.
type Label struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// In returns the label in the language, "zh" or "en".
func (l Label) In(lang string) string {
	if lang == "zh" && l.ZH != "" {
		return l.ZH
	}
	if l.EN == "" {
		return l.ZH
	}
	return l.EN
}
