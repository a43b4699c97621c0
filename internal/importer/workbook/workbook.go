// Package workbook reads XLSX workbooks, one layer a sheet.
//
// A workbook is a zip of XML that is cheap to make enormous. The zip's directory is looked
// at before anything is unpacked: names, number, sizes and ratio of its entries, macros,
// encryption. Parts are then read as a stream of XML tokens with no entities, no
// document type and no text longer than a field may be; a sheet is read twice, for its
// merged cells, which stand at its end, and for its rows. Format: ECMA-376 part 1, §18.
//
// Cells come as Excel stores them: numbers as numbers, dates by their number format, errors as
// nothing with an issue, formulas by the value last computed.
package workbook

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/heading"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads XLSX workbooks. The zero Reader is ready.
type Reader struct{}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		b := &book{Guard: g, parts: map[string]*zip.File{}}
		if err := b.open(src, in.Size); err != nil {
			return err
		}
		return b.worded(b.read())
	})
}

// book is one workbook being read.
type book struct {
	*guard.Guard
	parts   map[string]*zip.File // by lower-case name
	part    string               // being read, for messages
	sheets  []sheetRef
	strings []string
	dates   []bool // of each cell style: it shows dates
	from    int64  // day zero of dates, as days before 1970-01-01
}

type sheetRef struct {
	name, part string
	hidden     bool
}

func (b *book) read() error {
	if err := b.readBook(); err != nil {
		return err
	}
	if err := b.readStyles(); err != nil {
		return err
	}
	if err := b.readStrings(); err != nil {
		return err
	}
	any := false
	for _, s := range b.sheets {
		if s.hidden {
			if err := b.Note("sheet_hidden", plottage.Where{Layer: s.name}); err != nil {
				return err
			}
			continue
		}
		found, err := b.readSheet(s)
		if err != nil {
			return err
		}
		any = any || found
	}
	if !any {
		return b.Refuse("workbook_empty", plottage.Where{})
	}
	return nil
}

// readSheet reads one sheet as a table.
func (b *book) readSheet(s sheetRef) (found bool, err error) {
	sh := &sheet{book: b, name: s.name, part: s.part}
	sh.table = heading.New(b.Guard, &layer.Layer{Name: s.name, Format: "xlsx"})
	if err := b.tokens(s.part, sh.merge); err != nil {
		return false, err
	}
	if err := b.tokens(s.part, sh.token); err != nil {
		return false, err
	}
	if found, err = sh.table.Done(); err != nil {
		return false, err
	}
	return found, sh.tell()
}

// worded turns errors of zip and XML into refusals.
func (b *book) worded(err error) error {
	var e *plottage.Error
	switch {
	case err == nil || errors.As(err, &e) || b.Ctx.Err() != nil:
		return err
	case errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrAlgorithm) || errors.Is(err, io.ErrUnexpectedEOF):
		return b.Refuse("workbook_damaged", plottage.Where{Layer: b.part})
	case isXML(err):
		return b.Refuse("workbook_xml", plottage.Where{Layer: b.part, Value: guard.Short(err.Error())})
	case strings.HasPrefix(err.Error(), "flate:") || strings.HasPrefix(err.Error(), "zip:"):
		return b.Refuse("workbook_damaged", plottage.Where{Layer: b.part})
	}
	return err
}
