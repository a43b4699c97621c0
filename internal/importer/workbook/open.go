package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
)

// open reads the directory of the zip and judges it.
func (b *book) open(src io.ReadSeeker, size int64) error {
	z, err := zip.NewReader(readerAt{src}, size)
	if err != nil {
		return b.notZip(src)
	}
	if len(z.File) > b.Lim.Entries {
		return b.Refuse("zip_entries", plottage.Where{}, "count", len(z.File), "limit", b.Lim.Entries)
	}
	var packed, unpacked uint64
	for _, f := range z.File {
		if err := b.judge(f); err != nil {
			return err
		}
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		if unpacked > uint64(b.Lim.UnpackedBytes) || f.UncompressedSize64 > uint64(b.Lim.UnpackedBytes) {
			return b.Refuse("zip_unpacked", plottage.Where{Value: guard.Short(f.Name)}, "limit", b.Lim.UnpackedBytes)
		}
		b.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	const free = 10 << 20 // small files may be as dense as they like
	if unpacked > free && unpacked > uint64(b.Lim.Ratio)*max(packed, 1) {
		return b.Refuse("zip_ratio", plottage.Where{}, "packed", packed, "unpacked", unpacked, "limit", b.Lim.Ratio)
	}
	if b.parts["xl/workbook.xml"] == nil {
		return b.Refuse("workbook_not", plottage.Where{})
	}
	return nil
}

// judge refuses entries that no honest workbook has.
func (b *book) judge(f *zip.File) error {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	at := plottage.Where{Value: guard.Short(f.Name)}
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || strings.Contains(name, ":") || strings.HasPrefix(name, "//"):
		return b.Refuse("zip_slip", at)
	case f.Mode()&fs.ModeSymlink != 0:
		return b.Refuse("zip_symlink", at)
	case f.Flags&1 != 0:
		return b.Refuse("workbook_encrypted", at)
	case b.parts[lower] != nil:
		return b.Refuse("zip_twice", at)
	case strings.HasSuffix(lower, "vbaproject.bin") || strings.HasPrefix(lower, "xl/macrosheets/"):
		return b.Refuse("workbook_macro", at)
	}
	return nil
}

// readerAt lets zip read from a seeker, one caller at a time.
type readerAt struct{ r io.ReadSeeker }

// ReadAt implements [io.ReaderAt].
func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// notZip says what a file is that was named a workbook.
func (b *book) notZip(src io.ReadSeeker) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := make([]byte, 1<<20)
	n, _ := io.ReadFull(src, head)
	head = head[:n]
	text := bytes.ToLower(bytes.TrimSpace(head[:min(n, 1024)]))
	utf16 := func(s string) []byte {
		var out []byte
		for _, c := range []byte(s) {
			out = append(out, c, 0)
		}
		return out
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) && bytes.Contains(head, utf16("EncryptedPackage")):
		return b.Refuse("workbook_encrypted", plottage.Where{})
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return b.Refuse("workbook_xls", plottage.Where{})
	case bytes.Contains(text, []byte("<html")) || bytes.Contains(text, []byte("<table")) || bytes.HasPrefix(text, []byte("<!doctype")):
		return b.Refuse("workbook_html", plottage.Where{})
	case bytes.HasPrefix(head, []byte("PK")):
		return b.Refuse("workbook_damaged", plottage.Where{})
	}
	return b.Refuse("workbook_not", plottage.Where{Value: guard.Short(string(head[:min(n, 80)]))})
}
