package cli

import (
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"
)

// table aligns columns by the width they take on a screen. The first column and
// those named in text stand left; the others are numbers and stand right.
func (p *landPrinter) table(rows [][]string, text ...int) {
	var width []int
	for _, row := range rows {
		for k, cell := range row {
			if k == len(width) {
				width = append(width, 0)
			}
			width[k] = max(width[k], runewidth.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for k, cell := range row {
			pad := strings.Repeat(" ", width[k]-runewidth.StringWidth(cell))
			if k == 0 || slices.Contains(text, k) {
				cell += pad
			} else {
				cell = pad + cell
			}
			b.WriteString("  " + cell)
		}
		p.line(strings.TrimRight(b.String(), " "))
	}
}
