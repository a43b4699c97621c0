package server

import (
	"context"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// limits is the part of a solver's problem that the screens draw: its caps and the size
// a block needs, and what clearing a parcel means.
type limits struct {
	caps      []renewal.Cap
	minAreaM2 float64
	maxAreaM2 float64
	costs     map[string]float64 // of clearing a parcel in its first mode, by id
	workers   map[string]float64 // displaced by it
}

// limitsOf takes them out of a problem, which is large and not kept.
func limitsOf(p *renewal.Problem) limits {
	l := limits{caps: p.Caps, minAreaM2: float64(p.Block.MinAreaM2), maxAreaM2: float64(p.Block.MaxAreaM2), costs: make(map[string]float64, len(p.Lots)), workers: make(map[string]float64, len(p.Lots))}
	for _, lot := range p.Lots {
		id := strings.Clone(lot.ID) // the map outlives the document
		l.workers[id] = float64(lot.Workers)
		for _, t := range lot.In {
			if !t.Off {
				l.costs[id] = float64(t.CostCNY)
				break
			}
		}
	}
	return l
}

// account is what a plan uses of every limit, from the problem it was made from. Both
// are large in a large city, and the map can be drawn without them.
type account struct {
	limits  limits
	usage   []Usage
	notes   []string
	clashes []Clash
	untried []string
	waive   *Waive
	locks   []plottage.Lock
}

// account returns the plan's account, reckoned at the first call.
func (v *view) account() *account { return v.reckon() }

// accountOf reckons it. A plan that came from elsewhere may have no problem beside it:
// then only its own blocks are known.
func accountOf(ctx context.Context, city City, plan int64) *account {
	a := &account{}
	shown, err := city.ShowRenewal(ctx, plan, nil)
	if err != nil {
		return a
	}
	if shown.Problem != nil {
		a.limits, a.locks = limitsOf(shown.Problem), shown.Problem.Locks
	}
	for _, u := range shown.Usage {
		a.usage = append(a.usage, Usage{u.Row, float64(u.Used), float64(u.Limit), u.AtLeast})
	}
	a.notes, a.clashes, a.untried, a.waive = shown.Notes, clashInfos(shown.Clashes), shown.Untried, waiveInfo(shown.Waive)
	return a
}

func (v *view) byYear() []PlanYear {
	at, years := map[int]int{}, []PlanYear{}
	for _, y := range v.plan.Years {
		at[y] = len(years)
		years = append(years, PlanYear{Year: y})
	}
	for _, b := range v.plan.Blocks {
		if n, ok := at[b.Year]; ok {
			years[n].add(b)
		}
	}
	for _, p := range v.plan.Placements {
		if b, ok := v.blocks[p.Block]; ok {
			years[at[v.plan.Blocks[b].Year]].Projects++
		}
	}
	for _, c := range v.account().limits.caps {
		if n, ok := at[c.Year]; ok && !c.Cumulative {
			limit := float64(c.Limit)
			if amount := years[n].amount(string(c.Resource)); amount != nil {
				amount.Cap = &limit
			}
		}
	}
	return years
}

func (y *PlanYear) add(b plottage.Block) {
	y.Blocks++
	y.Parcels += len(b.Parcels)
	y.AreaM2 += b.AreaM2
	y.Cost.Used += b.Cost
	y.DemolishedM2.Used += b.DemolishedM2
	y.Workers.Used += b.DisplacedWorkers
	y.Firms += len(b.DisplacedFirms)
}

// amount returns the year's amount of a resource, nil for one that is not drawn.
func (y *PlanYear) amount(resource string) *Capped {
	switch resource {
	case "money":
		return &y.Cost
	case "demolition":
		return &y.DemolishedM2
	case "relocation":
		return &y.Workers
	}
	return nil
}

func (v *view) cumulativeCaps() []CapInfo {
	out, years := []CapInfo{}, v.byYear()
	for _, c := range v.account().limits.caps {
		if !c.Cumulative {
			continue
		}
		info := CapInfo{Resource: string(c.Resource), Until: c.Year, Cap: float64(c.Limit)}
		for _, y := range years {
			if amount := y.amount(string(c.Resource)); amount != nil && y.Year <= c.Year {
				info.Used += amount.Used
			}
		}
		out = append(out, info)
	}
	return out
}
