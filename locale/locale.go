// Package locale is the one catalogue of words shown to people, for the Go program
// and the web alike.
//
// en/ and zh/ hold files of the same names, one a part, each a flat JSON object of
// key and sentence. {name} in a sentence is replaced by the argument of that name, and
// {name|one|many} by "one" where it is 1: "{n} {n|parcel|parcels}". A test holds that both
// languages have the same keys and the same placeholders.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strconv"
	"strings"
	"sync"
)

//go:embed en/*.json zh/*.json
var files embed.FS

// Langs are the languages of the catalogue; the first is the fallback.
var Langs = []string{"en", "zh"}

var catalogues = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Langs {
		m, err := load(lang)
		if err != nil {
			panic("locale: " + err.Error()) // embedded at build time; a test reads all of it
		}
		all[lang] = m
	}
	return all
})

func load(lang string) (map[string]string, error) {
	m := map[string]string{}
	names, err := fs.Glob(files, lang+"/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var part map[string]string
		if err := json.Unmarshal(b, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range part {
			if _, twice := m[k]; twice {
				return nil, fmt.Errorf("%s: key %q stands in another file too", name, k)
			}
			m[k] = v
		}
	}
	return m, nil
}

// Catalogue returns all sentences of a language by key. Do not change it.
func Catalogue(lang string) map[string]string { return catalogues()[lang] }

// T returns the sentence of the key in the language with its placeholders filled.
// A key without a sentence comes back in brackets, so that it is seen and mended.
func T(lang, key string, args map[string]any) string {
	s, ok := catalogues()[lang][key]
	if !ok {
		s, ok = catalogues()[Langs[0]][key]
	}
	if !ok {
		return "[" + key + "]"
	}
	return Fill(s, in(lang, args))
}

// in picks of arguments that are written in each language the one asked for; as JSON
// such an argument is an object of languages.
func in(lang string, args map[string]any) map[string]any {
	var out map[string]any
	for k, v := range args {
		var said any
		switch v := v.(type) {
		case interface{ In(lang string) string }:
			said = v.In(lang)
		case map[string]any:
			said = v[lang]
		}
		if said == nil {
			continue
		}
		if out == nil {
			out = maps.Clone(args)
		}
		out[k] = said
	}
	if out == nil {
		return args
	}
	return out
}

// Hint returns the sentence that says what to do about an error, "" when there is none:
// "hint.<key>", or for an option of many "hint.<key>.<option>" where there is one; an option
// that is missing ("<key>_missing") is written as one that is refused.
func Hint(lang, key string, args map[string]any) string {
	if option, ok := args["option"].(string); ok {
		own := strings.TrimSuffix(key, "_missing") + "." + option
		if _, ok := Catalogue(Langs[0])["hint."+own]; ok {
			key = own
		}
	}
	key = "hint." + key
	if _, ok := Catalogue(Langs[0])[key]; !ok {
		return ""
	}
	return T(lang, key, args)
}

// Fill replaces each {name} of s by the argument of that name, and each {name|one|many} by
// "one" where that argument reads as 1 and by "many" where it does not. What has no argument
// stays as it is, and so do the braces of an argument.
func Fill(s string, args map[string]any) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		end := strings.IndexByte(s[open+1:], '}') + open + 1
		if open < 0 || end <= open {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:open])
		name, forms, counted := strings.Cut(s[open+1:end], "|")
		one, many, _ := strings.Cut(forms, "|")
		switch v, ok := args[name]; {
		case !ok:
			b.WriteString(s[open : end+1])
		case !counted:
			b.WriteString(written(v))
		case written(v) == "1":
			b.WriteString(one)
		default:
			b.WriteString(many)
		}
		s = s[end+1:]
	}
}

// written writes numbers in full: a count that came as JSON is a float, and nobody reads
// 5e+06.
func written(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
