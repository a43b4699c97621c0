package export

import (
	"fmt"
	"math"
	"strconv"

	"github.com/plottage/plottage"
)

// The colours are those of the map in the browser (web/src/map/palette.ts), so that
// a year or a stage looks the same on paper: ordered classes run along lightness and
// keep their order for the colour-blind and in grey (ColorBrewer YlGnBu and BrBG),
// stages are of Okabe and Ito (2008).
var (
	yearRamp  = []string{"#123a7c", "#1f63a9", "#2791bd", "#4fb5bf", "#86cfb7", "#c3e3ac"}
	gradeRamp = []string{"#1b7f79", "#7cc4ba", "#d9e6dc", "#e5c07b", "#b0631c"}

	stageColors = map[string]string{
		string(plottage.Unsupplied): "#56b4e9", string(plottage.SuppliedUnused): "#e69f00", string(plottage.UnderBuilt): "#f0d264",
		string(plottage.NotOperating): "#b06a3b", string(plottage.BelowStandard): "#cc79a7", string(plottage.InFullUse): "#cfe3dc",
	}
)

const (
	noColor        = "#e4e8e8"
	candidateColor = "#f1dcae"
)

// rampAt returns colour i of n spread evenly over the ramp.
func rampAt(ramp []string, i, n int) string {
	x := 0.0
	if n > 1 {
		x = float64(i) / float64(n-1) * float64(len(ramp)-1)
	}
	k := min(int(x), len(ramp)-2)
	a, b := channels(ramp[k]), channels(ramp[k+1])
	var mixed [3]int
	for c := range mixed {
		mixed[c] = int(math.Round(a[c] + (b[c]-a[c])*(x-float64(k))))
	}
	return fmt.Sprintf("#%02x%02x%02x", mixed[0], mixed[1], mixed[2])
}

// channels are the red, green and blue of "#rrggbb".
func channels(hex string) (c [3]float64) {
	for i := range c {
		v, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8) // constants of this file
		c[i] = float64(v)
	}
	return c
}

// inkOn is the colour of words on a colour.
func inkOn(hex string) string {
	c := channels(hex)
	if 0.299*c[0]+0.587*c[1]+0.114*c[2] < 140 {
		return "#fff"
	}
	return "#1d2530"
}
