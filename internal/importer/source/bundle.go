package source

import (
	"cmp"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// file is one file of a bundle.
type file struct {
	name string // slash-separated, as people see it
	path string // on disk
	size int64
}

// bundle is what a path leads to: one file with what lies beside it, a folder, or an
// unpacked archive.
type bundle struct {
	files []file // that may be data, ascending by name
	near  []file // that may only be companions
}

// dataset is one main file with its format.
type dataset struct {
	file
	format string
}

func (d dataset) stem() string { return strings.TrimSuffix(d.name, path.Ext(d.name)) }

// single is the bundle of one file; companions are looked for in its folder.
func single(p string, info fs.FileInfo) (bundle, error) {
	b := bundle{files: []file{{name: filepath.Base(p), path: p, size: info.Size()}}}
	stem := strings.ToLower(strings.TrimSuffix(filepath.Base(p), filepath.Ext(p)))
	beside, err := os.ReadDir(filepath.Dir(p))
	if err != nil {
		return b, nil // the file itself can be read without its folder
	}
	for _, e := range beside {
		if !strings.HasPrefix(strings.ToLower(e.Name()), stem) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil {
			b.near = append(b.near, file{name: e.Name(), path: filepath.Join(filepath.Dir(p), e.Name()), size: info.Size()})
		}
	}
	return b, nil
}

// maxDepth of folders that are looked into.
const maxDepth = 16

// folder is the bundle of a folder: regular files at any depth, no links followed.
func folder(root string, lim layer.Limits, sink layer.Sink) (bundle, error) {
	var b bundle
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil || rel == "." {
			return err
		}
		name := filepath.ToSlash(rel)
		switch {
		case hidden(name):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			if strings.Count(name, "/") > maxDepth {
				return filepath.SkipDir
			}
			if strings.EqualFold(path.Ext(name), ".gdb") {
				b.files = append(b.files, file{name: name, path: p, size: 1})
				return filepath.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return sink.Issue(layer.Issue{Severity: layer.Noted, Key: "link_skipped", Where: plottage.Where{File: name}})
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if b.files = append(b.files, file{name: name, path: p, size: info.Size()}); len(b.files) > lim.Entries {
			return &plottage.Error{Code: plottage.BadInput, Key: "import_entries", Where: plottage.Where{File: filepath.Base(root)}, Args: map[string]any{"limit": lim.Entries}}
		}
		return nil
	})
	b.near = b.files
	return b, err
}

// hidden names belong to an operating system, not to the data.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") || strings.EqualFold(part, "Thumbs.db") || strings.EqualFold(part, "desktop.ini") {
			return true
		}
	}
	return false
}

// companions are endings that never are data of their own.
var companions = map[string]bool{
	".shx": true, ".prj": true, ".cpg": true, ".sbn": true, ".sbx": true, ".qix": true, ".qpj": true, ".fix": true, ".cst": true,
	".atx": true, ".qmd": true, ".qml": true, ".sld": true, ".gpkg-wal": true, ".gpkg-shm": true, ".gpkg-journal": true,
	".dat": true, ".map": true, ".id": true, ".ind": true, ".mid": true, ".idm": true, ".ixs": true, ".mxs": true, ".lyr": true, ".lyrx": true,
}

// datasets finds the main files of a bundle. Everything else is noted as ignored; a
// bundle of one file is taken at its word.
func (b bundle) datasets(sink layer.Sink) ([]dataset, error) {
	slices.SortFunc(b.files, func(a, c file) int { return cmp.Compare(a.name, c.name) })
	var sets []dataset
	var others []file
	for _, f := range b.files {
		format, err := formatOf(f)
		if err != nil {
			return nil, err
		}
		switch {
		case len(b.files) > 1 && b.isCompanion(f):
		case len(b.files) > 1 && !isData(format, f):
			others = append(others, f)
		default:
			sets = append(sets, dataset{f, format})
		}
	}
	for _, f := range others {
		if err := sink.Issue(layer.Issue{Severity: layer.Noted, Key: "file_ignored", Where: plottage.Where{File: f.name}}); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

func (b bundle) isCompanion(f file) bool {
	ext := strings.ToLower(path.Ext(f.name))
	if companions[ext] || strings.HasSuffix(strings.ToLower(f.name), ".shp.xml") {
		return true
	}
	if ext != ".dbf" {
		return false
	}
	_, ok := b.sibling(f.name, ".shp")
	return ok
}

// isData reports whether a file among others is meant as data.
func isData(format string, f file) bool {
	switch format {
	case Empty:
		return byName[strings.ToLower(path.Ext(f.name))] != Text
	case Unknown, Text, HTML, "XML", "PDF", "PNG", "JPEG", "TIFF":
		return false
	case GeoJSON:
		head, err := readHead(f.path)
		return err != nil || bytesContainAny(head, `"features"`, `"geometry"`, `"coordinates"`, `"Feature`)
	}
	return true
}

func bytesContainAny(b []byte, words ...string) bool {
	s := string(b)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func formatOf(f file) (string, error) {
	if strings.EqualFold(path.Ext(f.name), ".gdb") {
		if info, err := os.Stat(f.path); err == nil && info.IsDir() {
			return FileGDB, nil
		}
	}
	head, err := readHead(f.path)
	if err != nil {
		return "", err
	}
	return Detect(head, f.size, f.name), nil
}

func readHead(p string) ([]byte, error) {
	r, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, headSize)
	n, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return b[:n], err
}

// sibling finds the companion of a file by ending, in any letter case.
func (b bundle) sibling(name, ext string) (file, bool) {
	want := strings.TrimSuffix(name, path.Ext(name)) + ext
	for _, f := range b.near {
		if strings.EqualFold(f.name, want) {
			return f, true
		}
	}
	return file{}, false
}

// input is a data set as readers see it.
func (b bundle) input(d dataset) layer.Input {
	return layer.Input{
		Name: d.name,
		Size: d.size,
		Path: d.path,
		Open: func() (io.ReadSeekCloser, error) { return os.Open(d.path) },
		Sibling: func(ext string) (io.ReadSeekCloser, int64, error) {
			f, ok := b.sibling(d.name, ext)
			if !ok {
				return nil, 0, fs.ErrNotExist
			}
			r, err := os.Open(f.path)
			return r, f.size, err
		},
	}
}
