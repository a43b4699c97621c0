package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// freeBytes is how much an archive may unpack to before its ratio is looked at.
const freeBytes = 10 << 20

// archive is a zip whose entries have been judged and not yet unpacked.
type archive struct {
	name  string
	lim   layer.Limits
	r     *zip.Reader
	names []string // decoded and cleaned, one an entry; "" for an entry to skip
	file  *os.File
}

func openArchive(f file, lim layer.Limits) (*archive, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, f.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are judged below, in words
		r.Close()
		return nil, refuse("zip_broken", f.name, err)
	}
	return &archive{name: f.name, lim: lim, r: z, file: r}, nil
}

func (a *archive) close() { a.file.Close() }

// isWorkbook and isKMZ tell the formats that are zips themselves.
func (a *archive) isWorkbook() bool { return a.has("[Content_Types].xml") && a.hasPrefix("xl/") }
func (a *archive) isKMZ() bool {
	return strings.EqualFold(path.Ext(a.name), ".kmz") && a.hasSuffix(".kml")
}

func (a *archive) isODS() bool { return a.has("content.xml") && a.has("mimetype") }

func (a *archive) has(name string) bool {
	for _, f := range a.r.File {
		if f.Name == name {
			return true
		}
	}
	return false
}

func (a *archive) hasPrefix(p string) bool {
	for _, f := range a.r.File {
		if strings.HasPrefix(f.Name, p) {
			return true
		}
	}
	return false
}

func (a *archive) hasSuffix(p string) bool {
	for _, f := range a.r.File {
		if strings.HasSuffix(strings.ToLower(f.Name), p) {
			return true
		}
	}
	return false
}

// judge refuses an archive that is unsafe or larger than the limits, by what its
// directory says.
func (a *archive) judge() error {
	if len(a.r.File) > a.lim.Entries {
		return &plottage.Error{Code: plottage.BadInput, Key: "import_entries", Where: plottage.Where{File: a.name}, Args: map[string]any{"limit": a.lim.Entries}}
	}
	seen := map[string]bool{}
	var packed, unpacked uint64
	a.names = make([]string, len(a.r.File))
	for i, f := range a.r.File {
		name, err := a.judgeEntry(f)
		if err != nil {
			return err
		}
		if name == "" {
			continue
		}
		if folded := strings.ToLower(name); seen[folded] {
			return refuse("zip_twice", a.name, nil, "entry", name)
		} else {
			seen[folded] = true
		}
		a.names[i] = name
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		if unpacked > uint64(a.lim.UnpackedBytes) || tooDense(packed, unpacked, a.lim.Ratio) {
			return refuse("zip_bomb", a.name, nil, "entry", name)
		}
	}
	return nil
}

func tooDense(packed, unpacked uint64, ratio int) bool {
	return unpacked > freeBytes && unpacked/uint64(ratio) > packed
}

// judgeEntry returns the cleaned name of an entry, "" for one to leave out.
func (a *archive) judgeEntry(f *zip.File) (string, error) {
	name := strings.ReplaceAll(decodeName(f.Name, !f.NonUTF8), `\`, "/")
	mode := f.Mode()
	switch {
	case name == "" || strings.ContainsRune(name, 0):
		return "", refuse("zip_slip", a.name, nil, "entry", fmt.Sprintf("%q", name))
	case strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || !fs.ValidPath(strings.TrimSuffix(name, "/")):
		return "", refuse("zip_slip", a.name, nil, "entry", name)
	case mode&fs.ModeSymlink != 0 || mode&fs.ModeType&^fs.ModeDir != 0:
		return "", refuse("zip_link", a.name, nil, "entry", name)
	case mode.IsDir() || strings.HasSuffix(name, "/"):
		return "", nil
	case hidden(name):
		return "", nil
	case f.Flags&1 != 0:
		return "", refuse("zip_password", a.name, nil, "entry", name)
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz":
		return "", refuse("zip_nested", a.name, nil, "entry", name)
	}
	return name, nil
}

// unpack writes the entries below dir and returns them as a bundle.
func (a *archive) unpack(dir string) (bundle, error) {
	var b bundle
	left := a.lim.UnpackedBytes
	gdbs := map[string]bool{}
	for i, f := range a.r.File {
		name := a.names[i]
		if name == "" {
			continue
		}
		// A short number, not the entry's name, goes to disk, so that no name can do harm
		// or be too long; folders of a geodatabase keep theirs, GDAL needs them.
		to := filepath.Join(dir, fmt.Sprintf("%04d%s", i, safeExt(name)))
		if gdb := geodatabase(name); gdb != "" {
			to = filepath.Join(dir, "gdb", filepath.Base(gdb), path.Base(name))
			if !gdbs[gdb] {
				gdbs[gdb] = true
				b.files = append(b.files, file{name: gdb, path: filepath.Dir(to), size: 1})
			}
		}
		n, err := a.unpackEntry(f, to, left)
		if err != nil {
			return b, err
		}
		if left -= n; geodatabase(name) == "" {
			b.files = append(b.files, file{name: name, path: to, size: n})
		}
	}
	b.near = b.files
	return b, nil
}

func safeExt(name string) string {
	ext := strings.ToLower(path.Ext(name))
	for _, c := range ext {
		if c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return ext
}

// geodatabase returns the .gdb folder a name lies in, "" for none.
func geodatabase(name string) string {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if strings.EqualFold(path.Ext(dir), ".gdb") {
			return dir
		}
	}
	return ""
}

func (a *archive) unpackEntry(f *zip.File, to string, left int64) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, err
	}
	r, err := f.Open()
	if err != nil {
		return 0, refuse("zip_broken", a.name, err)
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	limit := min(left, int64(f.UncompressedSize64)) // more than declared is a lie
	n, err := io.Copy(w, io.LimitReader(r, limit+1))
	if cerr := w.Close(); err == nil && cerr != nil {
		return n, cerr
	}
	switch {
	case err != nil:
		return n, refuse("zip_broken", a.name, err)
	case n > limit:
		return n, refuse("zip_bomb", a.name, nil, "entry", f.Name)
	}
	return n, nil
}
