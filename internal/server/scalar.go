package server

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// Scalar is a value of a fact: text, number, flag, or null for not known.
type Scalar struct{ V any }

// MarshalJSON writes the value alone.
func (s Scalar) MarshalJSON() ([]byte, error) { return json.Marshal(s.V) }

// Schema describes it in the API document.
func (s Scalar) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: "string"}, {Type: "number"}, {Type: "boolean"}, {Type: "null"},
	}}
}

// UnmarshalJSON reads the value alone.
func (s *Scalar) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &s.V) }
