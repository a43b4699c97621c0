package renewal

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage"
)

// ScenarioOptions say what may come otherwise than planned.
type ScenarioOptions struct {
	Draws int     `json:"draws" usage:"how many scenarios" default:"500"`
	Seed  uint64  `json:"seed" usage:"same seed, same scenarios" default:"1"`
	Price float64 `json:"price" usage:"spread of costs: standard deviation of their logarithm" default:"0.15"`
	Tax   float64 `json:"tax" usage:"spread of yearly values: standard deviation of their logarithm" default:"0.1"`
	Drop  float64 `json:"drop" usage:"chance that a project does not come" default:"0.15"`
	Delay float64 `json:"delay" usage:"chance that a project comes later" default:"0.25"`
	Late  int     `json:"late" usage:"years by which it is late at most" default:"2"`
}

// Scenarios is how plans fare when prices, taxes and projects come otherwise. All
// plans meet the same scenarios (common random numbers), so differences between plans
// are not those of luck.
type Scenarios struct {
	Draws       int     `json:"draws"`
	Plans       []Fared `json:"plans"`        // as given
	BestMean    int     `json:"best_mean"`    // index of the plan worth most on average
	LeastRegret int     `json:"least_regret"` // index of the plan whose largest regret is least
	Stopped     bool    `json:"stopped"`
}

// Fared is one plan over all scenarios. The regret in a scenario is what the best of
// the plans is worth there more.
type Fared struct {
	Plan       int64   `json:"plan"`
	Planned    int64   `json:"planned"` // value as planned
	Mean       int64   `json:"mean"`
	P10        int64   `json:"p10"`
	P50        int64   `json:"p50"`
	P90        int64   `json:"p90"`
	Worst      int64   `json:"worst"`
	Top        int64   `json:"top"` // highest value
	MaxRegret  int64   `json:"max_regret"`
	MeanRegret int64   `json:"mean_regret"`
	Best       float64 `json:"best"`      // share of scenarios in which no other plan is worth more
	Overspent  float64 `json:"overspent"` // share in which costs pass a cap on money
	Lost       float64 `json:"lost"`      // share in which it is worth less than nothing
	Sample     []int64 `json:"sample"`    // values in the first scenarios, the same ones for every plan
}

// sampled is how many scenarios are kept one by one: enough to be seen as a cloud.
const sampled = 60

// scenario is one draw.
type scenario struct {
	price, tax map[string]float64 // by town
	drop       []bool             // by project
	delay      []int
}

// FareScenarios evaluates plans of one problem under scenarios. Costs and yearly values
// of each town are multiplied by log-normal factors of mean 1, half of whose variance
// is common to the city; projects drop out or are late, independently. A plan does not
// react: a dropped project's land keeps the value it has without it, a late one takes
// its land later. When ctx ends, the scenarios so far count. progress, when not nil, is
// told how many are done. Method:
// docs/method/studies.md#scenarios.
func FareScenarios(ctx context.Context, p Problem, plans []plottage.Plan, o ScenarioOptions, progress func(done int)) (Scenarios, error) {
	if err := p.Validate(); err != nil {
		return Scenarios{}, err
	}
	out := Scenarios{Plans: []Fared{}, BestMean: -1, LeastRegret: -1}
	var fare []*faring
	for i := range plans {
		fare = append(fare, newFaring(&p, &plans[i]))
	}
	values, over := make([][]int64, len(plans)), make([]int, len(plans))
	for n := range o.Draws {
		if ctx.Err() != nil {
			out.Stopped = true
			break
		}
		s := draw(&p, o, rand.New(rand.NewPCG(o.Seed, uint64(n))))
		for i := range fare {
			v, overspent := fare[i].value(s)
			values[i] = append(values[i], v)
			if overspent {
				over[i]++
			}
		}
		out.Draws++
		if progress != nil {
			progress(out.Draws)
		}
	}
	if out.Draws == 0 || len(plans) == 0 {
		return out, nil
	}
	best := slices.Clone(values[0])
	for _, v := range values {
		for n := range v {
			best[n] = max(best[n], v[n])
		}
	}
	for i := range plans {
		f := fared(values[i], best)
		f.Plan, f.Planned, f.Overspent = plans[i].ID, fare[i].planned(), float64(over[i])/float64(out.Draws)
		out.Plans = append(out.Plans, f)
		if out.BestMean < 0 || f.Mean > out.Plans[out.BestMean].Mean {
			out.BestMean = i
		}
		if out.LeastRegret < 0 || f.MaxRegret < out.Plans[out.LeastRegret].MaxRegret {
			out.LeastRegret = i
		}
	}
	return out, nil
}

// fared sums up one plan's values beside the best of each scenario.
func fared(values, best []int64) Fared {
	var f Fared
	var sum, regret float64
	for n, v := range values {
		sum += float64(v)
		r := best[n] - v
		regret += float64(r)
		f.MaxRegret = max(f.MaxRegret, r)
		if r == 0 {
			f.Best++
		}
		if v < 0 {
			f.Lost++
		}
	}
	n := float64(len(values))
	f.Mean, f.MeanRegret = int64(math.Round(sum/n)), int64(math.Round(regret/n))
	f.Best /= n
	f.Lost /= n
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) int64 { return sorted[int(math.Round(q*(n-1)))] }
	f.Worst, f.P10, f.P50, f.P90, f.Top = sorted[0], at(0.1), at(0.5), at(0.9), at(1)
	f.Sample = slices.Clone(values[:min(sampled, len(values))])
	return f
}

// draw takes the numbers of a scenario in a fixed order, used or not, so that a change
// of one option changes nothing else.
func draw(p *Problem, o ScenarioOptions, r *rand.Rand) scenario {
	s := scenario{price: map[string]float64{}, tax: map[string]float64{}}
	cityPrice, cityTax := r.NormFloat64(), r.NormFloat64()
	factor := func(sigma, city, town float64) float64 {
		return math.Exp(sigma*(city+town)/math.Sqrt2 - sigma*sigma/2)
	}
	for _, z := range p.lotTowns() {
		a, b := r.NormFloat64(), r.NormFloat64()
		s.price[z], s.tax[z] = factor(o.Price, cityPrice, a), factor(o.Tax, cityTax, b)
	}
	for range p.Projects {
		drop, delay, years := r.Float64(), r.Float64(), r.Float64()
		s.drop = append(s.drop, drop < o.Drop)
		late := 0
		if delay < o.Delay && o.Late > 0 {
			late = 1 + int(years*float64(o.Late))
		}
		s.delay = append(s.delay, min(late, o.Late))
	}
	return s
}

// lotTowns are the towns lots lie in, ascending.
func (p *Problem) lotTowns() []string {
	var ids []string
	for i := range p.Lots {
		ids = append(ids, p.Lots[i].Town)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// faring is a plan prepared for many scenarios: its discounted amounts by town.
type faring struct {
	p       *Problem
	plan    *plottage.Plan
	cost    map[string]float64   // discounted, by town
	yearly  map[string]float64   // discounted yearly value gained less lost, by town
	spent   []map[string]float64 // money by year index and town
	project []placedProject
}

type placedProject struct {
	index, year int
	town        string
}

func newFaring(p *Problem, plan *plottage.Plan) *faring {
	f := &faring{p: p, plan: plan, cost: map[string]float64{}, yearly: map[string]float64{}, spent: make([]map[string]float64, len(p.Years))}
	for t := range f.spent {
		f.spent[t] = map[string]float64{}
	}
	lots, projects, town := p.lotIDs(), map[string]int{}, map[string]string{}
	for i := range p.Projects {
		projects[p.Projects[i].ID] = i
	}
	for _, b := range plan.Blocks {
		m := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		t := b.Year - p.Years[0]
		for _, id := range b.Parcels {
			l := p.Lots[lots[id]].As(b.Treated)
			town[b.ID] = l.Town
			c := float64(l.In[m].CostCNY)
			f.spent[t][l.Town] += c
			f.cost[l.Town] += (c*float64(p.DiscountPPM[t]) - float64(l.In[m].ReceiptCNY)*float64(p.discountOf(b.Year+p.Modes[m].BuildYears))) / 1e6
			f.yearly[l.Town] += (float64(l.In[m].AfterCNY)*float64(p.discountFrom(b.Year+p.Modes[m].BuildYears)) - float64(l.NowCNY)*float64(p.discountFrom(b.Year))) / 1e6
		}
	}
	for _, pl := range plan.Placements {
		if k, ok := projects[pl.Project]; ok {
			f.project = append(f.project, placedProject{k, pl.Year, town[pl.Block]})
		}
	}
	return f
}

// comes says in which year a placed project takes its land in a scenario, if it does.
// Without its anchor it does not, and not before it.
func (f *faring) comes(s scenario, k, depth int) (int, bool) {
	i := slices.IndexFunc(f.project, func(x placedProject) bool { return x.index == k })
	if i < 0 || s.drop[k] || depth > len(f.project) {
		return 0, false
	}
	year := f.project[i].year + s.delay[k]
	anchor := f.p.Projects[k].After
	if anchor == "" {
		return year, true
	}
	a := slices.IndexFunc(f.p.Projects, func(x Project) bool { return x.ID == anchor })
	if a < 0 {
		return 0, false
	}
	before, ok := f.comes(s, a, depth+1)
	return max(year, before), ok
}

// planned is the value as planned.
func (f *faring) planned() int64 {
	v, _ := f.p.fits(f.plan)
	return v
}

// value is what the plan is worth in a scenario, and whether it passes a cap on money.
func (f *faring) value(s scenario) (int64, bool) {
	v := 0.0
	for _, z := range f.p.lotTowns() {
		v += s.tax[z]*f.yearly[z] - s.price[z]*f.cost[z]
	}
	for _, k := range f.project {
		if year, comes := f.comes(s, k.index, 0); comes {
			v += s.tax[k.town] * float64(f.p.projectValue(&f.p.Projects[k.index], year))
		}
	}
	year := make([]float64, len(f.spent))
	for t, by := range f.spent {
		for _, z := range f.p.lotTowns() {
			year[t] += s.price[z] * by[z]
		}
	}
	over := false
	for _, c := range f.p.Caps {
		if c.Resource != Money {
			continue
		}
		spent, t := 0.0, c.Year-f.p.Years[0]
		for y := range year {
			if y == t || c.Cumulative && y < t {
				spent += year[y]
			}
		}
		over = over || spent > float64(c.Limit)*(1+1e-12)
	}
	return int64(math.Round(v)), over
}
