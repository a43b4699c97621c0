package server

import (
	"context"
	"encoding/json"

	"github.com/plottage/plottage"
)

// limits is the part of a solver's input that the screens draw: its caps and the
// size a block needs. The stored input is the document of renewal.Problem.
type limits struct {
	Caps []struct {
		Resource   string  `json:"resource"`
		Year       int     `json:"year"`
		Cumulative bool    `json:"cumulative"`
		Limit      float64 `json:"limit"`
	} `json:"caps"`
	Block struct {
		MinAreaM2 float64 `json:"min_area_m2"`
	} `json:"block"`
	Lots []struct {
		ID      string  `json:"id"`
		Workers float64 `json:"workers"`
		In      []struct {
			Off  bool    `json:"off"`
			Cost float64 `json:"cost"`
		} `json:"in"`
	} `json:"lots"`
	costs   map[string]float64 // of clearing a parcel in its first mode, by id
	workers map[string]float64 // displaced by it
}

// limitsOf reads them from a run; a plan without a readable run has none.
func limitsOf(r plottage.Run) limits {
	var l limits
	_ = json.Unmarshal(r.Input, &l)
	l.costs, l.workers = make(map[string]float64, len(l.Lots)), make(map[string]float64, len(l.Lots))
	for _, lot := range l.Lots {
		l.workers[lot.ID] = lot.Workers
		for _, t := range lot.In {
			if !t.Off {
				l.costs[lot.ID] = t.Cost
				break
			}
		}
	}
	l.Lots = nil // large, and no longer needed
	return l
}

// account is what a plan uses of every limit, from the problem it was made from. Both
// are large in a large city, and the map can be drawn without them.
type account struct {
	limits  limits
	usage   []Usage
	notes   []string
	clashes []Clash
}

// account returns the plan's account, reckoned at the first call.
func (v *view) account() *account { return v.reckon() }

// accountOf reckons it. A plan that came from elsewhere may have no problem beside it:
// then only its own blocks are known.
func accountOf(ctx context.Context, city City, plan, run int64) *account {
	a := &account{}
	if r, err := city.Run(ctx, run); err == nil {
		a.limits = limitsOf(r)
	}
	shown, err := city.ShowRenewal(ctx, plan, nil)
	if err != nil {
		return a
	}
	for _, u := range shown.Usage {
		a.usage = append(a.usage, Usage{u.Row, float64(u.Used), float64(u.Limit), u.AtLeast})
	}
	a.notes, a.clashes = shown.Notes, clashInfos(shown.Clashes)
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
	for _, c := range v.account().limits.Caps {
		if n, ok := at[c.Year]; ok && !c.Cumulative {
			limit := c.Limit
			if amount := years[n].amount(c.Resource); amount != nil {
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
	for _, c := range v.account().limits.Caps {
		if !c.Cumulative {
			continue
		}
		info := CapInfo{Resource: c.Resource, Until: c.Year, Cap: c.Limit}
		for _, y := range years {
			if amount := y.amount(c.Resource); amount != nil && y.Year <= c.Year {
				info.Used += amount.Used
			}
		}
		out = append(out, info)
	}
	return out
}
