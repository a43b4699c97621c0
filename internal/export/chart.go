package export

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"slices"

	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/renewal"
)

// capsCharts draws, for every resource, what each year uses as a bar and its cap as
// a line.
func (s *Snapshot) capsCharts() []template.HTML {
	var charts []template.HTML
	for _, r := range resources {
		var yearly []capUse
		for _, u := range s.capUses() {
			if u.resource == r && !u.cumulative {
				yearly = append(yearly, u)
			}
		}
		if len(yearly) > 0 {
			charts = append(charts, s.capsChart(r, yearly))
		}
	}
	return charts
}

func (s *Snapshot) capsChart(r renewal.Resource, uses []capUse) template.HTML {
	const w, h, left, top, bottom = 320.0, 190.0, 10.0, 34.0, 26.0
	unit, per := s.chartUnit(r)
	most := slices.MaxFunc(uses, func(a, b capUse) int { return sign(max(a.used, a.limit.Or(0)) - max(b.used, b.limit.Or(0))) })
	scale := 0.0
	if m := max(most.used, most.limit.Or(0)); m > 0 {
		scale = (h - top - bottom - 14) / m
	}
	var b bytes.Buffer
	title := s.t("export.col", "name", s.word("export.resource.", string(r)), "unit", unit)
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s"><text class="title" x="%.0f" y="16">%s</text>`, w, h, html.EscapeString(title), left, html.EscapeString(title))
	step := (w - 2*left) / float64(len(uses))
	for i, u := range uses {
		x, y := left+step*(float64(i)+0.18), h-bottom-u.used*scale
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, x, y, step*0.64, u.used*scale, rampAt(yearRamp, i, len(uses)))
		ink, at := "", y-4
		if u.used*scale > 22 { // inside the bar, clear of the cap's line
			ink, at = ` style="stroke:none;fill:`+inkOn(rampAt(yearRamp, i, len(uses)))+`"`, y+14
		}
		fmt.Fprintf(&b, `<text class="n" x="%.1f" y="%.1f"%s>%s</text>`, x+step*0.32, at, ink, figure.Digits(u.used/per, 3))
		if u.limit.Known {
			l := h - bottom - u.limit.V*scale
			fmt.Fprintf(&b, `<path class="cap" d="M%.1f %.1fh%.1f"/>`, x-step*0.12, l, step*0.88)
		}
		fmt.Fprintf(&b, `<text class="year" x="%.1f" y="%.1f">%d</text>`, x+step*0.32, h-9, u.year)
	}
	fmt.Fprintf(&b, `<path class="axis" d="M%.1f %.1fH%.1f"/>`, left, h-bottom, w-left)
	if uses[0].limit.Known {
		fmt.Fprintf(&b, `<path class="cap" d="M%.1f 12h18"/><text class="key" x="%.1f" y="16">%s</text>`, w-78, w-54, html.EscapeString(s.t("export.chart.cap")))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// chartUnit returns the unit of a chart's figures and what to divide by.
func (s *Snapshot) chartUnit(r renewal.Resource) (string, float64) {
	switch r {
	case renewal.Money:
		if s.Options.Lang == "zh" {
			return s.t("export.unit.yi", "currency", s.figures.CurrencyWord()), 1e8
		}
		return s.figures.MoneyColumn()
	case renewal.Demolition:
		if s.Options.Lang == "zh" {
			return s.t("export.unit.wan_m2"), 1e4
		}
		return s.t("export.unit.k_m2"), 1e3
	}
	return s.t("export.unit.person"), 1
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
