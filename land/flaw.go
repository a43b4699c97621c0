package land

import (
	"errors"
	"fmt"
	"strings"

	"github.com/plottage/plottage"
)

// flaw is one thing that can be wrong in a pack, worded by the locale catalogue under
// "error.land_pack_<key>".
type flaw struct {
	key  string
	args map[string]any
}

// wrong makes a flaw from its key and the names and values of its arguments.
func wrong(key string, args ...any) error {
	f := &flaw{key: key, args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.args[args[i].(string)] = args[i+1]
	}
	return f
}

func (f *flaw) Error() string {
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(f.key, "_", " "))
	for _, name := range []string{"want", "got", "name", "list", "n"} {
		if v, ok := f.args[name]; ok {
			fmt.Fprintf(&b, " %s %v", name, v)
		}
	}
	return b.String()
}

// packError is bad input in a pack file: the pack, the field, its value, and what is
// wrong with it.
func packError(p *Pack, field, value string, err error) error {
	name := "?"
	if p != nil && p.ID != "" {
		name = p.Ref()
	}
	if r := []rune(value); len(r) > 120 {
		value = string(r[:120]) + "…"
	}
	e := &plottage.Error{Code: plottage.BadInput, Key: "land_pack", Err: err,
		Args:  map[string]any{"pack": name},
		Where: plottage.Where{Field: field, Value: strings.ToValidUTF8(value, "")}}
	var f *flaw
	if errors.As(err, &f) {
		e.Key = "land_pack_" + f.key
		for k, v := range f.args {
			e.Args[k] = v
		}
	}
	return e
}
