package plottage

import "strings"

// Kind is the type of a field's values.
type Kind string

// The kinds and the Go type of their values in Get and Set; nil is "not known".
const (
	Text   Kind = "text"   // string
	Number Kind = "number" // float64
	Whole  Kind = "whole"  // int
	Day    Kind = "day"    // Date
	Flag   Kind = "flag"   // bool
)

// Field describes one attribute of a noun once, for everyone who needs it: the
// column in the city file, the key in JSON, the variable in rule packs, the target
// of a column mapping. Its label is locale key "field.<Name>".
type Field[T any] struct {
	Name    string
	Kind    Kind
	Unit    string        // "m2", "money", "money/year", "share", "tce", "t", "person", "year", "MW"; "" none
	Aliases []string      // names met in files, lower case, to propose a mapping
	Get     func(*T) any  // nil when not known
	Set     func(*T, any) // takes the kind's Go type, or nil
}

func text[T any](name string, p func(*T) *string, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Text, Aliases: aliases,
		Get: func(t *T) any {
			if s := *p(t); s != "" {
				return s
			}
			return nil
		},
		Set: func(t *T, v any) { s, _ := v.(string); *p(t) = s },
	}
}

func day[T any](name string, p func(*T) *Date, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Day, Aliases: aliases,
		Get: func(t *T) any {
			if d := *p(t); d != "" {
				return d
			}
			return nil
		},
		Set: func(t *T, v any) { d, _ := v.(Date); *p(t) = d },
	}
}

func opt[T, V any](name string, kind Kind, unit string, p func(*T) *Opt[V], aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: kind, Unit: unit, Aliases: aliases,
		Get: func(t *T) any {
			if o := *p(t); o.Known {
				return o.V
			}
			return nil
		},
		Set: func(t *T, v any) {
			x, ok := v.(V)
			*p(t) = Opt[V]{V: x, Known: ok}
		},
	}
}

func number[T any](name, unit string, p func(*T) *Opt[float64], aliases ...string) Field[T] {
	return opt(name, Number, unit, p, aliases...)
}

// FieldByName returns the field of a catalogue with the name, and whether there is one.
func FieldByName[T any](fields []Field[T], name string) (Field[T], bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field[T]{}, false
}

func flag[T any](name string, p func(*T) *bool, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Flag, Aliases: aliases,
		Get: func(t *T) any {
			if *p(t) {
				return true
			}
			return nil
		},
		Set: func(t *T, v any) { b, _ := v.(bool); *p(t) = b },
	}
}

// plain is a number whose zero means "not given".
func plain[T any](name, unit string, p func(*T) *float64, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Number, Unit: unit, Aliases: aliases,
		Get: func(t *T) any {
			if v := *p(t); v != 0 {
				return v
			}
			return nil
		},
		Set: func(t *T, v any) { x, _ := v.(float64); *p(t) = x },
	}
}

// whole is a year whose zero means "not given".
func whole[T any](name string, p func(*T) *int, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Whole, Unit: "year", Aliases: aliases,
		Get: func(t *T) any {
			if v := *p(t); v != 0 {
				return v
			}
			return nil
		},
		Set: func(t *T, v any) { x, _ := v.(int); *p(t) = x },
	}
}

// list is text parted by semicolons.
func list[T any](name string, p func(*T) *[]string, aliases ...string) Field[T] {
	return Field[T]{Name: name, Kind: Text, Aliases: aliases,
		Get: func(t *T) any {
			if v := *p(t); len(v) > 0 {
				return strings.Join(v, ";")
			}
			return nil
		},
		Set: func(t *T, v any) {
			s, _ := v.(string)
			*p(t) = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";；、,，", r) })
		},
	}
}
