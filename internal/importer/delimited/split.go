package delimited

import (
	"bufio"
	"io"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
)

// splitter reads records; n is the number of the last one.
type splitter struct {
	r    *bufio.Reader
	file *file
	n    int
	buf  []byte
}

// next returns the cells of the next record as strings.
func (s *splitter) next() (cells []any, err error) {
	s.n++
	for {
		cell, end, err := s.cell(len(cells) == 0)
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
		if len(cells) > s.file.Lim.Columns {
			return nil, s.file.Refuse("columns", plottage.Where{Row: s.n}, "count", len(cells), "limit", s.file.Lim.Columns)
		}
		if end {
			return cells, nil
		}
	}
}

// cell reads one cell; end says that the record ends with it.
func (s *splitter) cell(first bool) (cell string, end bool, err error) {
	s.buf = s.buf[:0]
	c, _, err := s.r.ReadRune()
	if err == io.EOF && first {
		return "", true, io.EOF
	}
	if c == '"' && err == nil {
		if err := s.quoted(); err != nil {
			return "", false, err
		}
		c, _, err = s.r.ReadRune()
	}
	for ; err == nil; c, _, err = s.r.ReadRune() {
		switch c {
		case s.file.comma:
			return string(s.buf), false, nil
		case '\n':
			return string(s.buf), true, nil
		case '\r':
			if next, _, err := s.r.ReadRune(); err == nil && next != '\n' {
				s.r.UnreadRune()
			}
			return string(s.buf), true, nil
		}
		if err := s.put(c); err != nil {
			return "", false, err
		}
	}
	if err == io.EOF {
		err = nil
	}
	return string(s.buf), true, err
}

// quoted reads to the closing quote; two quotes stand for one.
func (s *splitter) quoted() error {
	start := s.n
	for {
		c, _, err := s.r.ReadRune()
		if err == io.EOF {
			return s.file.Refuse("csv_quote", plottage.Where{Row: start, Value: guard.Short(string(s.buf[:min(len(s.buf), 400)]))})
		}
		if err != nil {
			return err
		}
		if c == '"' {
			if next, _, err := s.r.ReadRune(); err != nil || next != '"' {
				if err == nil {
					s.r.UnreadRune()
				}
				return nil
			}
		}
		if err := s.put(c); err != nil {
			return err
		}
	}
}

func (s *splitter) put(c rune) error {
	if c == 0 {
		return s.file.Refuse("csv_nul", plottage.Where{Row: s.n, Value: guard.Short(string(s.buf[:min(len(s.buf), 400)]))})
	}
	s.buf = utf8.AppendRune(s.buf, c)
	if len(s.buf) > s.file.Lim.FieldBytes {
		return s.file.Refuse("field_bytes", plottage.Where{Row: s.n, Value: guard.Short(string(s.buf[:min(len(s.buf), 400)]))}, "bytes", len(s.buf), "limit", s.file.Lim.FieldBytes)
	}
	return nil
}
