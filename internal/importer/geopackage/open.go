package geopackage

import (
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
)

const magic = "SQLite format 3\x00"

// header looks at the first hundred bytes before SQLite does.
func (f *file) header(in layer.Input) error {
	r, err := in.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	var h [100]byte
	if _, err := io.ReadFull(r, h[:]); err != nil || string(h[:16]) != magic {
		return f.Refuse("gpkg_not", plottage.Where{Value: guard.Short(string(h[:16]))})
	}
	id := string(h[68:72])
	if id == "GPKG" || strings.HasPrefix(id, "GP1") {
		return nil
	}
	return f.Repair("gpkg_appid", plottage.Where{Value: guard.Short(id)})
}

// place says where SQLite finds the file. Rows may still wait in a write-ahead log or a
// rollback journal beside it; then a copy of both is opened, for SQLite would have to
// write to read them.
func (f *file) place(in layer.Input) (dsn string, done func(), err error) {
	ext := filepath.Ext(in.Name)
	var waiting []string
	for _, suffix := range []string{"-wal", "-journal"} {
		if f.has(in, ext+suffix) {
			waiting = append(waiting, suffix)
		}
	}
	if len(waiting) == 0 && in.Path != "" {
		path, err := filepath.Abs(in.Path)
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&immutable=1", func() {}, err
	}
	dir, err := os.MkdirTemp("", "plottage-gpkg-")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	if err := f.copyAll(in, ext, waiting, dir); err != nil {
		done()
		return "", nil, err
	}
	return "file:" + (&url.URL{Path: filepath.Join(dir, "copy.gpkg")}).EscapedPath(), done, nil
}

func (f *file) has(in layer.Input, ext string) bool {
	if in.Sibling == nil {
		return false
	}
	r, size, err := in.Sibling(ext)
	if err != nil {
		return false
	}
	r.Close()
	return size > 0
}

func (f *file) copyAll(in layer.Input, ext string, waiting []string, dir string) error {
	src, err := in.Open()
	if err != nil {
		return err
	}
	if err := f.copyTo(src, filepath.Join(dir, "copy.gpkg")); err != nil {
		return err
	}
	for _, suffix := range waiting {
		src, _, err := in.Sibling(ext + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue // written back in the meantime
		}
		if err != nil {
			return err
		}
		if err := f.copyTo(src, filepath.Join(dir, "copy.gpkg"+suffix)); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) copyTo(src io.ReadCloser, path string) error {
	defer src.Close()
	dst, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(dst, io.LimitReader(src, f.Lim.FileBytes+1))
	if err == nil && n > f.Lim.FileBytes {
		err = f.Refuse("file_bytes", plottage.Where{}, "bytes", n, "limit", f.Lim.FileBytes)
	}
	return errors.Join(err, dst.Close())
}
