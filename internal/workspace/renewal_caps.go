package workspace

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// parseYears reads "2027-2031", one year, or "" for five years from next year.
func parseYears(s string, thisYear int) ([]int, error) {
	first, last := thisYear+1, thisYear+5
	if s != "" {
		a, b, ranged := strings.Cut(s, "-")
		if !ranged {
			b = a
		}
		var err1, err2 error
		first, err1 = strconv.Atoi(strings.TrimSpace(a))
		last, err2 = strconv.Atoi(strings.TrimSpace(b))
		if err1 != nil || err2 != nil || first < 1900 || last > 9999 || last < first || last-first > 15 {
			return nil, optionError("years", s)
		}
	}
	var years []int
	for y := first; y <= last; y++ {
		years = append(years, y)
	}
	return years, nil
}

// parseCaps reads a cap on a resource, of which all candidates together use total:
// "2e9", "20亿", "5000万", "2 bn", "50 mn", "6%" for every year alike; "1e9,2e9" by year; "1e10/years"
// spread evenly; "1e10 total" for all years together; "none" or "".
func parseCaps(option string, resource renewal.Resource, s string, total int64, years []int) ([]renewal.Cap, error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "none" {
		return nil, nil
	}
	last := years[len(years)-1]
	if head, ok := strings.CutSuffix(s, " total"); ok {
		v, err := parseAmount(option, head, total)
		return []renewal.Cap{{Resource: resource, Year: last, Cumulative: true, Limit: v}}, err
	}
	parts := strings.Split(s, ",")
	if head, ok := strings.CutSuffix(s, "/years"); ok {
		v, err := parseAmount(option, head, total)
		if err != nil {
			return nil, err
		}
		parts = []string{strconv.FormatInt(v/int64(len(years)), 10)}
	}
	if len(parts) != 1 && len(parts) != len(years) {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "renewal_option_years", Args: map[string]any{"option": option, "value": s, "n": len(parts), "years": len(years), "first": years[0], "last": last}}
	}
	if slices.ContainsFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" }) {
		return nil, optionError(option, s)
	}
	var caps []renewal.Cap
	for t, y := range years {
		v, err := parseAmount(option, parts[min(t, len(parts)-1)], total)
		if err != nil {
			return nil, err
		}
		caps = append(caps, renewal.Cap{Resource: resource, Year: y, Limit: v})
	}
	return caps, nil
}

func parseAmount(option, s string, total int64) (int64, error) {
	said := strings.TrimSpace(s)
	s = strings.ReplaceAll(said, "_", "")
	unit := 1.0
	for suffix, v := range map[string]float64{"亿": 1e8, "万": 1e4, "bn": 1e9, "mn": 1e6, "m": 1e6, "%": float64(total) / 100} {
		if head, ok := strings.CutSuffix(strings.TrimSuffix(s, "元"), suffix); ok {
			s, unit = head, v
			break
		}
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || v < 0 || v*unit > 1e15 || math.IsNaN(v) {
		return 0, optionError(option, said)
	}
	return int64(math.Round(v * unit)), nil
}
