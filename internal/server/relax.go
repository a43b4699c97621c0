package server

import (
	"strconv"
	"strings"
)

// Relaxed is the caps of an infeasible plan with the clashing ones as wide as they
// need be, written as options of a solve. Empty: that cap does not clash.
type Relaxed struct {
	Budget     string `json:"budget"`
	Demolition string `json:"demolition"`
	Relocation string `json:"relocation"`
}

// relaxed returns the caps that would do, nil when no cap is what clashes.
func (v *view) relaxed() *Relaxed {
	out, found := Relaxed{}, false
	for resource, option := range map[string]*string{"money": &out.Budget, "demolition": &out.Demolition, "relocation": &out.Relocation} {
		*option = v.relaxedCap(resource)
		found = found || *option != ""
	}
	if !found {
		return nil
	}
	return &out
}

// relaxedCap writes the yearly caps of a resource as "a,b,c", the clashing years with
// what they need; a cap on the sum of all years as "a total".
func (v *view) relaxedCap(resource string) string {
	needed := map[string]float64{}
	for _, c := range v.account().clashes {
		if strings.HasPrefix(c.Row, resource+":") && c.Needed > c.Limit {
			needed[c.Row] = max(needed[c.Row], c.Needed)
		}
	}
	if len(needed) == 0 {
		return ""
	}
	limits := map[int]float64{}
	for _, c := range v.account().limits.caps {
		if string(c.Resource) != resource {
			continue
		}
		if n, ok := needed[resource+":<="+strconv.Itoa(c.Year)]; c.Cumulative && ok {
			return whole(n) + " total"
		}
		limits[c.Year] = float64(c.Limit)
	}
	var years []string
	for _, y := range v.plan.Years {
		limit, stated := limits[y]
		if !stated {
			return "" // the option states every year or none
		}
		years = append(years, whole(max(limit, needed[resource+":"+strconv.Itoa(y)])))
	}
	return strings.Join(years, ",")
}

func whole(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
