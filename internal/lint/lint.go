// Package lint holds the rules of this tree as tests: who may import whom, that
// everything exported is documented, that what the code cites exists. The rules
// are stated in docs/design.md; each test says which one it keeps.
package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Module is the path of this module.
const Module = "github.com/plottage/plottage"

// Package is one folder of Go files, tests left out.
type Package struct {
	Dir     string // slash-separated from the root, "." for the root
	Name    string
	Doc     bool     // some file has a package comment
	Imports []string // of this module, as folders
	Files   map[string]*ast.File
	Fset    *token.FileSet
}

// Packages reads every package below root that git would track as source.
func Packages(root string) ([]Package, error) {
	byDir := map[string]*Package{}
	var dirs []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules" || name == "dist") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(p))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(rel)
		pkg := byDir[dir]
		if pkg == nil {
			pkg = &Package{Dir: dir, Files: map[string]*ast.File{}, Fset: token.NewFileSet()}
			byDir[dir] = pkg
			dirs = append(dirs, dir)
		}
		return pkg.add(p)
	})
	var all []Package
	for _, dir := range dirs {
		all = append(all, *byDir[dir])
	}
	return all, err
}

func (p *Package) add(file string) error {
	f, err := parser.ParseFile(p.Fset, file, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	p.Name = f.Name.Name
	p.Doc = p.Doc || f.Doc != nil
	p.Files[filepath.Base(file)] = f
	for _, spec := range f.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if imported == Module {
			p.Imports = append(p.Imports, ".")
		} else if rel, ok := strings.CutPrefix(imported, Module+"/"); ok {
			p.Imports = append(p.Imports, rel)
		}
	}
	return nil
}

// Layer is how high a folder stands: a package may import only lower layers, or
// its own where the layer allows it.
type Layer int

// The layers of docs/design.md, from the ground up.
const (
	Kernel Layer = iota
	Root
	Part
	Inner
	Command
	Outside // bench, examples: may import anything
)

// Parts are the nine parts of the loop.
var Parts = []string{"land", "renewal", "site", "chain", "shock", "freight", "pulse", "desk", "score"}

// LayerOf returns the layer of a folder.
func LayerOf(dir string) Layer {
	first, _, _ := strings.Cut(dir, "/")
	switch first {
	case "kernel":
		return Kernel
	case ".":
		return Root
	case "internal", "locale", "web":
		return Inner
	case "cmd":
		return Command
	case "bench", "examples":
		return Outside
	}
	return Part
}

// Allowed reports whether a package in folder from may import folder to, and why not.
func Allowed(from, to string) (bool, string) {
	a, b := LayerOf(from), LayerOf(to)
	switch {
	case a == Outside || a == Command:
		return true, ""
	case b == Outside || b == Command:
		return false, "nothing imports bench, examples or cmd"
	case b > a:
		return false, "imports go down: cmd, internal, parts, root, kernel"
	case a == Part && b == Part && firstOf(from) != firstOf(to):
		return false, "parts never import each other: internal/workspace hands values over"
	}
	return true, ""
}

func firstOf(dir string) string {
	first, _, _ := strings.Cut(path.Clean(dir), "/")
	return first
}
