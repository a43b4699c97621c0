package boundary

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/plottage/plottage/kernel/crs"
)

// remark is an issue about the file's description.
type remark struct {
	key, value string
	args       []any
}

// First codes of the four series of zones (EPSG): 3° with the zone in front from zone
// 25, 3° by central meridian from 75°, 6° with the zone in front from zone 13, 6° by
// central meridian from 75°.
var series = map[string][4]int{
	"CGCS2000": {4513, 4534, 4491, 4502}, "Xi'an 80": {2349, 2370, 2327, 2338}, "Beijing 54": {2401, 2422, 21413, 21453},
}

var number = regexp.MustCompile(`\d+`)

// system words the coordinate reference system from the description and the first points;
// the pipeline finds it otherwise when it comes back empty.
func (f *file) system() (word string, odd remark) {
	stated := f.about["坐标系"]
	datum := datumOf(stated)
	if f.degrees() {
		if datum != "CGCS2000" {
			return "", remark{}
		}
		return "EPSG:4490", remark{}
	}
	if datum == "" || !strings.HasPrefix(strings.ReplaceAll(f.about["投影类型"]+"高斯", "-", ""), "高斯") {
		return "", remark{key: "boundary_system", value: stated + " " + f.about["投影类型"]}
	}
	if unit := f.about["计量单位"]; unit != "" && unit != "米" && !strings.EqualFold(unit, "m") {
		return "", remark{key: "boundary_unit", value: unit}
	}
	zone, _ := strconv.Atoi(number.FindString(f.about["带号"]))
	width, _ := strconv.Atoi(number.FindString(f.about["几度分带"]))
	carried, prefixed := f.prefix()
	if prefixed && zone != carried {
		if zone != 0 {
			odd = remark{"boundary_zone", strconv.Itoa(zone), []any{"stated", zone, "carried", carried}}
		}
		zone = carried
	}
	if width != 3 && width != 6 {
		if width = 3; zone < 24 {
			width = 6
		}
	}
	code := codeOf(series[datum], zone, width, prefixed)
	if code == 0 {
		return "", remark{key: "boundary_system", value: fmt.Sprintf("%s %d° %d", stated, width, zone)}
	}
	return fmt.Sprintf("EPSG:%d", code), odd
}

func datumOf(stated string) string {
	switch {
	case strings.Contains(stated, "2000"):
		return "CGCS2000"
	case strings.Contains(stated, "80"):
		return "Xi'an 80"
	case strings.Contains(stated, "54"):
		return "Beijing 54"
	}
	return ""
}

func codeOf(first [4]int, zone, width int, prefixed bool) int {
	at, from, count := 0, 25, 21
	if width == 6 {
		at, from, count = 2, 13, 11
	}
	if !prefixed {
		at++
	}
	if zone < from || zone >= from+count {
		return 0
	}
	return first[at] + zone - from
}

// prefix returns the zone number that the eastings carry.
func (f *file) prefix() (zone int, ok bool) {
	for _, p := range f.sample {
		for _, v := range []float64{p[1], p[0]} { // X and Y are swapped now and then
			if zone, ok = crs.ZonePrefix(v); ok {
				return zone, true
			}
		}
	}
	return 0, false
}

// degrees reports whether the points are longitude and latitude.
func (f *file) degrees() bool {
	for _, p := range f.sample {
		if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 180 {
			return false
		}
	}
	return len(f.sample) > 0
}
