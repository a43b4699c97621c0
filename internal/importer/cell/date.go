package cell

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage"
)

// Order is how a column writes its dates when numbers alone do not tell.
type Order int

// The orders. Unordered refuses 3/4/2019.
const (
	Unordered  Order = iota
	DayFirst         // 31/12/2019
	MonthFirst       // 12/31/2019
)

var (
	yearFirst  = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?$`)
	compact    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	yearLast   = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$`)
	namedMonth = regexp.MustCompile(`(?i)^(\d{1,2})[- ]?([a-z]{3,9})[-, ]*(\d{4})$`)
	clock      = regexp.MustCompile(`[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*([AaPp][Mm])?$`)
)

// ParseDate reads a calendar day: 2017-03-02, 2017/3/2, 2017.3.2, 20170302,
// 2017年3月2日, 2 Mar 2017, and with an order 3/2/2017. A time of day is dropped. A
// month without a day, or a day that the calendar lacks, cannot be read.
func ParseDate(text string, order Order) (plottage.Date, error) {
	s := clock.ReplaceAllString(strings.TrimSpace(Narrow(text)), "")
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return calendarDay(m[1], m[2], m[3])
	}
	if m := compact.FindStringSubmatch(s); m != nil {
		return calendarDay(m[1], m[2], m[3])
	}
	if m := yearLast.FindStringSubmatch(s); m != nil {
		switch {
		case order == DayFirst:
			return calendarDay(m[3], m[2], m[1])
		case order == MonthFirst:
			return calendarDay(m[3], m[1], m[2])
		}
		return "", ErrUnreadable
	}
	if m := namedMonth.FindStringSubmatch(s); m != nil {
		for _, form := range []string{"2 Jan 2006", "2 January 2006"} {
			if t, err := time.Parse(form, m[1]+" "+strings.ToUpper(m[2][:1])+strings.ToLower(m[2][1:])+" "+m[3]); err == nil {
				return plottage.DateOf(t), nil
			}
		}
	}
	return "", ErrUnreadable
}

func calendarDay(y, m, d string) (plottage.Date, error) {
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day || year < 1000 {
		return "", ErrUnreadable
	}
	return plottage.DateOf(t), nil
}

// serialMin and serialMax bound the day numbers of spreadsheets that we take for
// dates: 1954-10-03 to 2064-04-08 in the 1900 system.
const serialMin, serialMax = 20_000, 60_000

// SerialDate reads a spreadsheet's day number of the 1900 system: 42796 is
// 2017-03-02. It counts from 1899-12-30, which absorbs the leap day 1900 that
// spreadsheets invent (ECMA-376 part 1, 18.17.4.1).
func SerialDate(v float64) (plottage.Date, error) {
	if v < serialMin || v > serialMax {
		return "", ErrUnreadable
	}
	return plottage.DateOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(v))), nil
}

// OrderOf finds out from a column's values whether days or months come first. It
// needs one value that tells; with none, or with both kinds, it stays Unordered.
func OrderOf(values []string) Order {
	var day, month bool
	for _, s := range values {
		m := yearLast.FindStringSubmatch(clock.ReplaceAllString(strings.TrimSpace(Narrow(s)), ""))
		if m == nil {
			continue
		}
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		day = day || a > 12 && b <= 12
		month = month || b > 12 && a <= 12
	}
	switch {
	case day && !month:
		return DayFirst
	case month && !day:
		return MonthFirst
	}
	return Unordered
}
