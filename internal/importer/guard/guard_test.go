package guard_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
	"github.com/plottage/plottage/locale"
)

// Every key that a reader words is in the catalogue, in both languages, with a hint.
func TestEveryKeyHasItsSentence(t *testing.T) {
	kinds := map[string]string{"Refuse": "error.read.", "bad": "error.read.", "fail": "error.read.", "Note": "issue.read.", "Repair": "issue.read.", "Drop": "issue.read."}
	asked := 0
	files, _ := filepath.Glob("../*/*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/jsontext/") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			lit, isLit := call.Args[0].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING || kinds[sel.Sel.Name] == "" {
				return true
			}
			key, _ := strconv.Unquote(lit.Value)
			if strings.HasSuffix(key, "_") {
				return true // completed at run time
			}
			asked++
			for _, lang := range locale.Langs {
				for _, full := range []string{kinds[sel.Sel.Name] + key, "hint.read." + key} {
					if _, ok := locale.Catalogue(lang)[full]; !ok {
						t.Errorf("%s: %s lacks %s", file, lang, full)
					}
				}
			}
			return true
		})
	}
	if asked < 100 {
		t.Errorf("found only %d keys", asked)
	}
}

func begin(t *testing.T, lim layer.Limits, columns ...string) (*guard.Guard, *readertest.Found, error) {
	t.Helper()
	found := &readertest.Found{}
	g, err := guard.New(context.Background(), readertest.Memory("a.csv", nil, nil), lim, found)
	if err != nil {
		t.Fatal(err)
	}
	l := &layer.Layer{Name: "a"}
	for _, c := range columns {
		l.Columns = append(l.Columns, layer.Column{Name: c})
	}
	return g, found, g.Layer(l)
}

func TestColumnsGetNames(t *testing.T) {
	_, found, err := begin(t, layer.Limits{}, "a", "", "a", "a_3", "A", "")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range found.Layers[0].Columns {
		names = append(names, c.Name)
	}
	if got, want := strings.Join(names, " "), "a column_2 a_4 a_3 A column_6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(found.Issues) != 3 {
		t.Errorf("%d issues, want 3", len(found.Issues))
	}
}

// At a limit all is well, beyond it the file is refused.
func TestLimits(t *testing.T) {
	lim := layer.Limits{Columns: 2, Rows: 2, FieldBytes: 3, FileBytes: 5}
	if _, _, err := begin(t, lim, "a", "b"); err != nil {
		t.Errorf("two columns of two: %v", err)
	}
	if _, _, err := begin(t, lim, "a", "b", "c"); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("three columns of two: %v", err)
	}
	g, _, err := begin(t, lim, "a")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, false} {
		if err := g.Row(&layer.Row{N: i + 1, Values: []any{"abc"}}); (err == nil) != want {
			t.Errorf("row %d: %v", i+1, err)
		}
	}
	g, _, _ = begin(t, lim, "a")
	if err := g.Row(&layer.Row{N: 1, Values: []any{"abcd"}}); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("four bytes of three: %v", err)
	}
	for size, want := range map[int]bool{5: true, 6: false} {
		if _, err := guard.New(context.Background(), readertest.Memory("a", make([]byte, size), nil), lim, &readertest.Found{}); (err == nil) != want {
			t.Errorf("file of %d bytes: %v", size, err)
		}
	}
}

func TestAnEndedContextStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	g, err := guard.New(ctx, readertest.Memory("a", nil, nil), layer.Limits{}, &readertest.Found{})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Layer(&layer.Layer{Name: "a"}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := g.Row(&layer.Row{N: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A value in a message can forge no line and no direction.
func TestShort(t *testing.T) {
	for in, want := range map[string]string{"a\nERROR b": "a·ERROR b", "x\u202egpj": "x·gpj", "甲": "甲", strings.Repeat("长", 100): strings.Repeat("长", 80) + "…", "\x00\x1b[31m": "··[31m", "\xff": "·"} {
		if got := guard.Short(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
