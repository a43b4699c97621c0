// Package delimited reads comma, tab and semicolon separated text.
//
// Quotes follow RFC 4180; line ends may be LF, CR LF or CR alone. Encoding and separator are
// found by looking, a "sep=;" line of Excel is obeyed, and what stands above the
// header or below the rows is told apart by package heading. All values stay text: what
// they mean is decided when columns are mapped.
package delimited

import (
	"bufio"
	"context"
	"io"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/heading"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// Reader reads separated text. The zero Reader is ready and finds everything out by
// itself.
type Reader struct {
	Encoding string // "" detects
	Comma    rune   // 0 detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		f := &file{Guard: g, comma: r.Comma, layer: &layer.Layer{Name: g.Stem(), Format: "csv"}}
		if err := f.decideEncoding(src, r.Encoding); err != nil {
			return err
		}
		if _, err := src.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return f.read(textenc.NewReader(src, f.layer.Encoding))
	})
}

// file is one text being read.
type file struct {
	*guard.Guard
	layer *layer.Layer
	comma rune
}

func (f *file) decideEncoding(src io.ReadSeeker, given string) error {
	if name, ok := textenc.Lookup(given); ok {
		f.layer.Encoding = name
		return nil
	}
	name, err := textenc.Sniff(src)
	if err != nil {
		return err
	}
	f.layer.Encoding = name
	if name != textenc.UTF8 && name != textenc.GB18030 { // these two are how such files come
		return f.Repair("encoding_assumed", plottage.Where{}, "used", name)
	}
	return nil
}

func (f *file) read(text io.Reader) error {
	br := bufio.NewReaderSize(text, 64<<10)
	sample, _ := br.Peek(64 << 10)
	if len(strings.TrimSpace(string(sample))) == 0 {
		return f.Refuse("csv_empty", plottage.Where{})
	}
	n := 0
	if sep, length := sepLine(string(sample)); length > 0 {
		br.Discard(length)
		sample = sample[length:]
		n++
		if f.comma == 0 {
			f.comma = sep
		}
		if err := f.Note("csv_sep", plottage.Where{Row: 1, Value: string(sep)}); err != nil {
			return err
		}
	}
	if f.comma == 0 {
		f.comma = separator(string(sample))
	}
	table := heading.New(f.Guard, f.layer)
	s := &splitter{r: br, file: f, n: n}
	for {
		cells, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := f.Ctx.Err(); err != nil {
			return err
		}
		if err := table.Add(s.n, cells); err != nil {
			return err
		}
	}
	found, err := table.Done()
	if err == nil && !found {
		return f.Refuse("csv_empty", plottage.Where{})
	}
	return err
}

// sepLine reads Excel's first line "sep=;".
func sepLine(sample string) (sep rune, length int) {
	rest, ok := strings.CutPrefix(strings.ToLower(sample[:min(len(sample), 16)]), "sep=")
	if !ok || rest == "" {
		return 0, 0
	}
	end := strings.TrimLeft(rest[1:], "\r\n")
	if len(end) == len(rest)-1 && end != "" {
		return 0, 0
	}
	return rune(rest[0]), len("sep=") + len(rest) - len(end)
}

// separator returns the candidate that splits the first lines most evenly into more
// than one cell; a comma when none does.
func separator(sample string) rune {
	best, bestScore := ',', 0
	for _, c := range []rune{',', '\t', ';', '|', '，'} {
		counts := map[int]int{}
		for _, n := range countOutsideQuotes(sample, c) {
			if n > 0 {
				counts[n]++
			}
		}
		score := 0
		for n, lines := range counts {
			// Lines that agree count most; of two such separators the one with more cells.
			score = max(score, lines*1000+min(n, 999))
		}
		if score > bestScore {
			best, bestScore = c, score
		}
	}
	return best
}

// countOutsideQuotes counts a separator in each of the first fifty lines.
func countOutsideQuotes(sample string, sep rune) (counts []int) {
	quoted, n := false, 0
	for _, c := range sample {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == sep:
			n++
		case c == '\n' || c == '\r':
			if counts = append(counts, n); len(counts) == 100 {
				return counts
			}
			n = 0
		}
	}
	return append(counts, n)
}
