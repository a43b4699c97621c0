package server

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Relaxed is the caps of an infeasible plan with as few of the clashing ones raised as
// will do, written as options of a solve. Empty: that cap stays as it is.
type Relaxed struct {
	Budget     string   `json:"budget"`
	Demolition string   `json:"demolition"`
	Relocation string   `json:"relocation"`
	Rows       []string `json:"rows" doc:"the limits that are raised; what each needs is told with the clashes"`
}

// relaxed returns the caps that would do, nil when no cap is what clashes. Of limits each
// of which would do alone it raises one, that which has to grow least for its size; those
// that do only together it raises all.
func (v *view) relaxed() *Relaxed {
	raised := leastRaise(v.account().clashes)
	if len(raised) == 0 {
		return nil
	}
	out := Relaxed{Rows: []string{}}
	needed := map[string]float64{}
	for _, c := range raised {
		out.Rows, needed[c.Row] = append(out.Rows, c.Row), c.Needed
	}
	for resource, option := range map[string]*string{"money": &out.Budget, "demolition": &out.Demolition, "relocation": &out.Relocation} {
		*option = v.relaxedCap(resource, needed)
	}
	if out.Budget+out.Demolition+out.Relocation == "" {
		return nil
	}
	return &out
}

// leastRaise are the clashes to be resolved so that there is a plan; none when something
// else than a cap that a solve can be given would have to give way.
func leastRaise(all []Clash) []Clash {
	var alone, joint []Clash
	for _, c := range all {
		resource, _, _ := strings.Cut(c.Row, ":")
		asked := c.Needed > c.Limit && slices.Contains([]string{"money", "demolition", "relocation"}, resource)
		switch {
		case c.Least: // what would do is not known
		case c.Joint && !asked:
			return nil
		case c.Joint:
			joint = append(joint, c)
		case asked:
			alone = append(alone, c)
		}
	}
	if len(alone) == 0 {
		return joint
	}
	return []Clash{slices.MinFunc(alone, func(a, b Clash) int {
		return cmp.Compare((a.Needed-a.Limit)/max(1, a.Limit), (b.Needed-b.Limit)/max(1, b.Limit))
	})}
}

// relaxedCap writes the yearly caps of a resource as "a,b,c", those named with what they
// need; a cap on the sum of all years as "a total". Empty: none of it is named.
func (v *view) relaxedCap(resource string, needed map[string]float64) string {
	named := false
	for row := range needed {
		named = named || strings.HasPrefix(row, resource+":")
	}
	if !named {
		return ""
	}
	limits := map[int]float64{}
	for _, c := range v.account().limits.caps {
		switch n, ok := needed[resource+":<="+strconv.Itoa(c.Year)]; {
		case string(c.Resource) != resource:
		case c.Cumulative && ok:
			return whole(n) + " total"
		case !c.Cumulative:
			limits[c.Year] = float64(c.Limit)
		}
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
