// Package readertest runs readers of foreign files in tests: inputs from memory or disk, a
// sink that keeps all it is told, and a dump of it to compare with.
package readertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/locale"
)

// Odd is the folder of the corpus, seen from a package three levels deep.
const Odd = "../../../../shared/data/odd-files"

// Found is a sink that keeps all.
type Found struct {
	Layers []*layer.Layer
	Rows   [][]*layer.Row // of each layer
	Issues []layer.Issue
}

// Layer implements [layer.Sink].
func (f *Found) Layer(l *layer.Layer) error {
	f.Layers, f.Rows = append(f.Layers, l), append(f.Rows, nil)
	return nil
}

// Row implements [layer.Sink].
func (f *Found) Row(r *layer.Row) error {
	last := len(f.Rows) - 1
	f.Rows[last] = append(f.Rows[last], r)
	return nil
}

// Issue implements [layer.Sink].
func (f *Found) Issue(i layer.Issue) error {
	f.Issues = append(f.Issues, i)
	return nil
}

// Count returns the number of rows of all layers.
func (f *Found) Count() (n int) {
	for _, rows := range f.Rows {
		n += len(rows)
	}
	return n
}

// Outcome is accept, repair or reject, as the corpus' manifest uses the words.
func (f *Found) Outcome(err error) string {
	if err != nil {
		return "reject"
	}
	for _, i := range f.Issues {
		if i.Severity != layer.Noted {
			return "repair"
		}
	}
	return "accept"
}

// Dump writes layers, rows and issues as lines of text.
func (f *Found) Dump() string {
	var b strings.Builder
	for i, l := range f.Layers {
		fmt.Fprintf(&b, "layer %s %s", l.Name, l.Format)
		if l.Encoding != "" {
			fmt.Fprintf(&b, " %s", l.Encoding)
		}
		if l.CRS != "" {
			fmt.Fprintf(&b, " crs=%.40s", l.CRS)
		}
		b.WriteByte('\n')
		for _, c := range l.Columns {
			fmt.Fprintf(&b, "  column %s %s\n", c.Name, c.Kind)
		}
		for _, r := range f.Rows[i] {
			fmt.Fprintf(&b, "  %d", r.N)
			for _, v := range r.Values {
				fmt.Fprintf(&b, " | %s", value(v))
			}
			if l.Geometry {
				fmt.Fprintf(&b, " | %s", geometry(r.Geometry))
			}
			b.WriteByte('\n')
		}
	}
	for _, i := range f.Issues {
		b.WriteString(issue(i))
	}
	return b.String()
}

func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case string:
		return fmt.Sprintf("%q", v)
	case float64:
		return fmt.Sprintf("%gf", v)
	}
	return fmt.Sprint(v)
}

func geometry(g orb.Geometry) string {
	if g == nil {
		return "-"
	}
	return wkt.MarshalString(g)
}

func issue(i layer.Issue) string {
	s := fmt.Sprintf("%s %s", i.Severity, i.Key)
	if i.Where.Row != 0 {
		s += fmt.Sprintf(" row %d", i.Where.Row)
	}
	if i.Where.Field != "" {
		s += " field " + i.Where.Field
	}
	if i.Where.Value != "" {
		s += fmt.Sprintf(" value %q", i.Where.Value)
	}
	return s + "\n"
}

// Memory is an input from bytes; siblings by ending, ".dbf".
func Memory(name string, data []byte, siblings map[string][]byte) layer.Input {
	return layer.Input{
		Name: name, Size: int64(len(data)),
		Open: func() (io.ReadSeekCloser, error) { return nopCloser{bytes.NewReader(data)}, nil },
		Sibling: func(ext string) (io.ReadSeekCloser, int64, error) {
			b, ok := siblings[ext]
			if !ok {
				return nil, 0, fs.ErrNotExist
			}
			return nopCloser{bytes.NewReader(b)}, int64(len(b)), nil
		},
	}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// File is an input from disk with its companions in any letter case.
func File(path string) layer.Input {
	size := int64(0)
	if info, err := os.Stat(path); err == nil {
		size = info.Size()
	}
	stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return layer.Input{
		Name: filepath.Base(path), Size: size, Path: path,
		Open: func() (io.ReadSeekCloser, error) { return os.Open(path) },
		Sibling: func(ext string) (io.ReadSeekCloser, int64, error) {
			names, _ := os.ReadDir(filepath.Dir(path))
			for _, d := range names {
				if strings.EqualFold(d.Name(), stem+ext) {
					f, err := os.Open(filepath.Join(filepath.Dir(path), d.Name()))
					if err != nil {
						return nil, 0, err
					}
					info, err := f.Stat()
					return f, info.Size(), err
				}
			}
			return nil, 0, fs.ErrNotExist
		},
	}
}

// Read runs a reader for at most ten seconds. An error must be one that people can read, in
// both languages, and so must every issue; anything else fails the test.
func Read(t testing.TB, r layer.Reader, in layer.Input, lim layer.Limits) (*Found, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	found := &Found{}
	err := r.Read(ctx, in, lim, found)
	var e *plottage.Error
	switch {
	case err == nil:
	case !errors.As(err, &e) || (e.Code != plottage.BadInput && e.Code != plottage.Limit):
		t.Errorf("%s: an error nobody can act on: %v\n%v", in.Name, err, errors.Unwrap(err))
	default:
		worded(t, "error.", e.Key, e.Args)
		if e.Where.File == "" {
			t.Errorf("%s: error %s names no file", in.Name, e.Key)
		}
	}
	for _, i := range found.Issues {
		worded(t, "issue.", i.Key, i.Args)
	}
	return found, err
}

func worded(t testing.TB, kind, key string, args map[string]any) {
	t.Helper()
	for _, lang := range locale.Langs {
		for _, k := range []string{kind + key, "hint." + key} {
			if s := locale.T(lang, k, args); strings.HasPrefix(s, "["+kind) || strings.HasPrefix(s, "[hint.") || strings.Contains(s, "{") {
				t.Errorf("%s: %s reads %q", lang, k, s)
			}
		}
	}
}

// OddFiles lists the files of the corpus below a folder with one of the endings (all when
// none is given); the test is skipped when the corpus is absent.
func OddFiles(t testing.TB, folder string, endings ...string) (files []string) {
	t.Helper()
	if _, err := os.Stat(Odd); err != nil {
		t.Skip("no ../shared/data/odd-files beside the repository")
	}
	filepath.WalkDir(filepath.Join(Odd, folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (len(endings) == 0 || slices.Contains(endings, strings.ToLower(filepath.Ext(path)))) {
			files = append(files, path)
		}
		return nil
	})
	return files
}

// Wanted returns the outcomes of the corpus' own cases: path below made/ and accept,
// repair or reject.
func Wanted(t testing.TB) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(Odd, "made/manifest.csv"))
	if err != nil {
		t.Skip("no ../shared/data/odd-files beside the repository")
	}
	wanted := map[string]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		path, _, _ := strings.Cut(line, ",")
		wanted[path] = line[strings.LastIndex(line, ",")+1:]
	}
	return wanted
}
