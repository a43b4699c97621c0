package importer

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// keepMax is the largest source that is kept inside the city.
const keepMax = 64 << 20

// keep returns the hash of a source and its bytes, nil when it is too large to keep. A
// source of several files (a shapefile, a folder) counts as a zip of them, made the
// same way every time.
func keep(path string) (sum string, content []byte, err error) {
	files, err := filesOf(path)
	if err != nil {
		return "", nil, err
	}
	total := int64(0)
	for _, f := range files {
		total += sizeOf(f)
	}
	h := sha256.New()
	var buf bytes.Buffer
	var w io.Writer = h
	if total <= keepMax {
		w = io.MultiWriter(h, &buf)
	}
	if len(files) == 1 {
		err = copyFile(w, files[0])
	} else {
		err = zipFiles(w, path, files)
	}
	if err != nil {
		return "", nil, err
	}
	if total <= keepMax {
		content = buf.Bytes()
	}
	return hex.EncodeToString(h.Sum(nil)), content, nil
}

// filesOf lists the files a source consists of, sorted.
func filesOf(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		err = filepath.Walk(path, func(p string, info os.FileInfo, err error) error {
			if err == nil && info.Mode().IsRegular() {
				files = append(files, p)
			}
			return err
		})
		return files, err
	}
	if !strings.EqualFold(filepath.Ext(path), ".shp") {
		return []string{path}, nil
	}
	beside, err := os.ReadDir(filepath.Dir(path))
	stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	for _, e := range beside {
		name := e.Name()
		if e.Type().IsRegular() && strings.EqualFold(strings.TrimSuffix(name, filepath.Ext(name)), stem) {
			files = append(files, filepath.Join(filepath.Dir(path), name))
		}
	}
	slices.Sort(files)
	return files, err
}

func copyFile(w io.Writer, path string) error {
	r, err := os.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

func zipFiles(w io.Writer, root string, files []string) error {
	if info, err := os.Stat(root); err == nil && !info.IsDir() {
		root = filepath.Dir(root)
	}
	z := zip.NewWriter(w)
	for _, f := range files {
		rel, err := filepath.Rel(root, f)
		if err != nil {
			return err
		}
		e, err := z.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(rel), Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if err := copyFile(e, f); err != nil {
			return err
		}
	}
	return z.Close()
}
