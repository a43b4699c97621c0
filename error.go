package plottage

import (
	"errors"
	"fmt"
)

// Code is the kind of an error an officer can act on.
type Code string

// The codes, and the exit code of the command line in brackets.
const (
	Internal   Code = "internal"   // [1] ours to mend
	NotFound   Code = "not_found"  // [1]
	Conflict   Code = "conflict"   // [1] somebody else changed it
	Usage      Code = "usage"      // [2]
	BadInput   Code = "bad_input"  // [3] refused data; a report says where
	Impossible Code = "infeasible" // [4] no plan keeps the rules
	Limit      Code = "limit"      // [5] time or memory ended before a result
)

// Error is a failure in words for the person who can mend it. Key names a message
// and a hint in the locale catalogue ("error.<Key>", "hint.<Key>"), filled with
// Args; Where says where in a file it happened.
type Error struct {
	Code  Code           `json:"code"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
	Where Where          `json:"where"`
	Err   error          `json:"-"`
}

// Where is a place in a foreign file.
type Where struct {
	File  string `json:"file,omitempty"`
	Layer string `json:"layer,omitempty"`
	Row   int    `json:"row,omitempty"` // from 1
	Field string `json:"field,omitempty"`
	Value string `json:"value,omitempty"` // shortened
}

// Error gives the key and the place; people are shown the locale's sentence instead.
func (e *Error) Error() string {
	s := e.Key
	if e.Where.File != "" {
		s += fmt.Sprintf(" in %s", e.Where.File)
	}
	if e.Where.Row != 0 {
		s += fmt.Sprintf(" row %d", e.Where.Row)
	}
	if e.Where.Field != "" {
		s += fmt.Sprintf(" field %s", e.Where.Field)
	}
	if e.Where.Value != "" {
		s += fmt.Sprintf(" value %q", e.Where.Value)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of err: Internal for an error that carries none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
