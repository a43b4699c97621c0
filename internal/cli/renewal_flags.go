package cli

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// optionFlags makes a flag of every field of a documented options struct: the name
// from its json tag, the words from the locale's "<area>.<json name>", the default
// from the value the struct has. Structs inside are skipped; they get their own call.
func (a *app) optionFlags(fs *pflag.FlagSet, options any, area, prefix string) {
	v := reflect.ValueOf(options).Elem()
	for i := range v.NumField() {
		tag := strings.Split(v.Type().Field(i).Tag.Get("json"), ",")[0]
		if tag == "" || tag == "-" {
			continue
		}
		name, usage := prefix+strings.ReplaceAll(tag, "_", "-"), a.t(area+"."+tag)
		switch p := v.Field(i).Addr().Interface().(type) {
		case *string:
			fs.StringVar(p, name, *p, usage)
		case *float64:
			fs.Float64Var(p, name, *p, usage)
		case *int:
			fs.IntVar(p, name, *p, usage)
		case *uint64:
			fs.Uint64Var(p, name, *p, usage)
		case *bool:
			fs.BoolVar(p, name, *p, usage)
		case *time.Duration:
			fs.Var((*duration)(p), flagOfDuration(name), usage)
		case *[]string:
			fs.StringSliceVar(p, name, *p, usage)
		}
	}
}

// flagOfDuration calls the limit of a run --time.
func flagOfDuration(name string) string {
	if name == "limit" {
		return "time"
	}
	return name
}

// duration reads "90s", "2m" or a bare number of seconds.
type duration time.Duration

func (d *duration) String() string { return time.Duration(*d).String() }

func (d *duration) Type() string { return "duration" }

func (d *duration) Set(s string) error {
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 0 && n*float64(time.Second) < math.MaxInt64 {
		*d = duration(n * float64(time.Second))
		return nil
	}
	v, err := time.ParseDuration(s)
	if err == nil && v < 0 {
		err = errors.New("negative")
	}
	if err == nil {
		*d = duration(v)
	}
	return err
}
