// Package renewaltest makes problems for tests and benchmarks of package renewal:
// made-up cities whose lots lie on lattices, with sizes, values and caps as field
// statistics of Zhejiang industrial land have them.
package renewaltest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/plottage/plottage/renewal"
)

const muM2 = 10_000.0 / 15

// City says what to make. The zero value of a field takes the default in brackets.
type City struct {
	Seed       uint64
	Clusters   int     // [15]
	MinLots    int     // lots of a cluster, at least [6]
	MaxLots    int     // at most [18]
	Lots       int     // lots in all; the last cluster is cut off there [as they come]
	LotMu      float64 // median area of a lot in mu [18]
	Years      int     // [5]
	Projects   int     // [Clusters × 4/3]
	CapPermil  int64   // yearly caps in thousandths of the whole city's amounts [60]
	MinMu      int64   // least area of a block [100]
	MaxMu      int64   // largest [400]
	Towns      int     // [4]
	TotalMu    float64 // scale all lots to this area together [as they come]
	Everything bool    // a second mode, decant, power, compactness, misfits, a town floor
	Alone      bool    // modes for single lots: upgrade, reclaim
	Fund       bool    // receipts and a revolving fund
	Signed     bool    // a signed block
	Floors     bool    // stages, grades and floors on them
	Owners     bool    // owners whose land is not split
	Anchors    bool    // projects that follow others
	Approved   bool    // a plan approved before, and how far the new one may go from it
	Bridges    bool    // parcels that may be kept inside blocks
	Pockets    bool    // parcels that blocks may not enclose
	Mixes      bool    // lots whose buildings may be handled each by itself
}

// District is a plan area as Ningbo Beilun's: 57 lots, 3,015 mu, five years.
func District(seed uint64) City {
	return City{Seed: seed, Clusters: 6, Lots: 57, LotMu: 50, TotalMu: 3015, Projects: 12}
}

func (c *City) defaults() {
	or := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	or(&c.Clusters, 15)
	or(&c.MinLots, 6)
	or(&c.MaxLots, 18)
	or(&c.Years, 5)
	or(&c.Projects, c.Clusters*4/3)
	or(&c.Towns, 4)
	if c.LotMu == 0 {
		c.LotMu = 18
	}
	if c.CapPermil == 0 {
		c.CapPermil = 60
	}
	if c.MinMu == 0 {
		c.MinMu = 100
	}
	if c.MaxMu == 0 {
		c.MaxMu = 400
	}
}

// Problem makes the city's problem; the same City gives the same problem.
func (c City) Problem() renewal.Problem {
	c.defaults()
	r := rand.New(rand.NewPCG(c.Seed, 0x706c6f74))
	p := renewal.Problem{Format: renewal.Format, Currency: "CNY",
		Block: renewal.BlockRule{MinAreaM2: int64(float64(c.MinMu) * muM2), MaxAreaM2: int64(float64(c.MaxMu) * muM2)},
		Modes: []renewal.Mode{{Name: "clear", BuildYears: 1, Displaces: true}}}
	if c.Everything {
		p.Modes = append(p.Modes, renewal.Mode{Name: "vertical", BuildYears: 2, Displaces: true})
		p.Block.MinCompactnessPPM = 300_000
		p.Decant = true
	}
	for t := range c.Years {
		p.Years = append(p.Years, 2027+t)
	}
	factor := 1.0
	for range 20 {
		p.DiscountPPM = append(p.DiscountPPM, int64(math.Round(factor*1e6)))
		factor /= 1.05
	}
	for z := range c.Towns {
		p.Towns = append(p.Towns, renewal.Town{ID: fmt.Sprintf("T%d", z+1)})
	}
	c.lots(r, &p)
	c.projects(r, &p)
	c.caps(&p)
	if c.Everything {
		c.everything(r, &p)
	}
	c.more(&p)
	return p
}

func logNormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// lots lays clusters out as lattices five lots wide.
func (c City) lots(r *rand.Rand, p *renewal.Problem) {
	scale := 1.0
	var areas []float64
	var sizes []int
	total := 0
	for k := range c.Clusters {
		n := c.MinLots + r.IntN(c.MaxLots-c.MinLots+1)
		if c.Lots > 0 {
			n = c.Lots/c.Clusters - 2 + r.IntN(5)
			if k == c.Clusters-1 || total+n > c.Lots {
				n = c.Lots - total
			}
		}
		total += n
		sizes = append(sizes, n)
		for range n {
			areas = append(areas, logNormal(r, c.LotMu, 0.45))
		}
	}
	if c.TotalMu > 0 {
		var sum float64
		for _, a := range areas {
			sum += a
		}
		scale = c.TotalMu / sum
	}
	for k, n := range sizes {
		first := len(p.Lots)
		town := p.Towns[k%len(p.Towns)].ID
		for i := range n {
			a := areas[first+i] * scale * muM2
			p.Lots = append(p.Lots, c.lot(r, fmt.Sprintf("L%03d-%02d", k+1, i+1), town, a))
		}
		for i := range n {
			for _, j := range []int{i + 1, i + 5} {
				if j < n && (j == i+5 || j%5 != 0) {
					a, b := &p.Lots[first+i], &p.Lots[first+j]
					shared := 80 * math.Sqrt(float64(min(a.AreaM2, b.AreaM2))) // cm: 0.8 of the smaller one's side
					p.Links = append(p.Links, renewal.Link{A: a.ID, B: b.ID, SharedCM: int64(shared)})
				}
			}
		}
	}
}

func (c City) lot(r *rand.Rand, id, town string, areaM2 float64) renewal.Lot {
	far := 0.4 + 1.1*r.Float64()
	floor := areaM2 * far
	now := areaM2 * logNormal(r, 75, 0.6)
	price := logNormal(r, 450, 0.25) // acquisition, yuan per m² of land
	l := renewal.Lot{ID: id, Town: town, AreaM2: int64(areaM2), PerimeterCM: int64(410 * math.Sqrt(areaM2)),
		NowCNY: int64(now), Workers: int64(areaM2 / muM2 * logNormal(r, 6, 0.5))}
	after := areaM2 * 300 * (0.9 + 0.2*r.Float64())
	l.In = append(l.In, renewal.Treatment{CostCNY: int64(areaM2*price + floor*700), DemolishedM2: int64(floor),
		UsableM2: int64(areaM2 * 0.85), AfterCNY: int64(after)})
	if c.Everything {
		l.In = append(l.In, renewal.Treatment{CostCNY: int64(areaM2*price + floor*700 + areaM2*900), DemolishedM2: int64(floor),
			UsableM2: int64(areaM2 * 0.5), AfterCNY: int64(after * 1.3), NewFloorM2: int64(areaM2 * 1.5)})
	}
	left := floor
	for n := 1; left > 500 && n < 4; n++ {
		f := math.Min(left, floor*(0.2+0.6*r.Float64()))
		l.Firms = append(l.Firms, renewal.Firm{ID: fmt.Sprintf("F-%s-%d", id, n), FloorM2: int64(f)})
		left -= f
	}
	return l
}

func (c City) projects(r *rand.Rand, p *renewal.Problem) {
	for k := range c.Projects {
		a := (30 + 120*r.Float64()*r.Float64()) * muM2
		release := 2027 + r.IntN(c.Years)
		q := renewal.Project{ID: fmt.Sprintf("P%03d", k+1), AreaM2: int64(a), Release: release, Deadline: release + 1 + r.IntN(4),
			GainCNY: int64(a * logNormal(r, 120, 0.5))}
		if r.IntN(2) == 0 {
			q.Towns = []string{p.Towns[r.IntN(len(p.Towns))].ID}
		}
		p.Projects = append(p.Projects, q)
	}
}

func (c City) caps(p *renewal.Problem) {
	var money, floor, people int64
	for i := range p.Lots {
		money += p.Lots[i].In[0].CostCNY
		floor += p.Lots[i].In[0].DemolishedM2
		people += p.Lots[i].Workers
	}
	for _, y := range p.Years {
		p.Caps = append(p.Caps,
			renewal.Cap{Resource: renewal.Money, Year: y, Limit: money / 1000 * c.CapPermil},
			renewal.Cap{Resource: renewal.Demolition, Year: y, Limit: floor * c.CapPermil / 1000},
			renewal.Cap{Resource: renewal.Relocation, Year: y, Limit: people * c.CapPermil / 1000})
	}
}

func (c City) everything(r *rand.Rand, p *renewal.Problem) {
	var floor int64
	for i := range p.Lots {
		floor += p.Lots[i].In[0].DemolishedM2
	}
	for z := range p.Towns {
		v := floor * c.CapPermil / 1000 / int64(len(p.Towns))
		for range p.Years {
			p.Towns[z].VacantM2 = append(p.Towns[z].VacantM2, v*3/4)
			p.Towns[z].PowerKW = append(p.Towns[z].PowerKW, int64(6000+r.IntN(6000)))
		}
	}
	for k := range p.Projects {
		q := &p.Projects[k]
		q.PowerKW = int64(500 + r.IntN(3000))
		if r.IntN(4) == 0 {
			q.Modes = []string{"clear"}
		}
		for range r.IntN(3) {
			if id := p.Lots[r.IntN(len(p.Lots))].ID; len(q.Misfits) == 0 || q.Misfits[0] != id {
				q.Misfits = append(q.Misfits, id)
			}
		}
	}
}

// Permute renames every lot, link, firm and project, reorders all lists and turns
// the links round: the same city to anyone but a clerk.
func Permute(p renewal.Problem, r *rand.Rand) renewal.Problem {
	name := map[string]string{}
	perm := r.Perm(len(p.Lots))
	for i := range p.Bridges {
		name[p.Bridges[i].ID] = fmt.Sprintf("Y%05d", len(p.Bridges)-i)
	}
	lots := make([]renewal.Lot, len(p.Lots))
	for i, l := range p.Lots {
		name[l.ID] = fmt.Sprintf("X%05d", perm[i])
		l.ID = name[l.ID]
		l.Mixes = permuteMixes(l.Mixes, r)
		lots[perm[i]] = l
	}
	p.Lots = lots
	links := make([]renewal.Link, len(p.Links))
	for i, k := range r.Perm(len(p.Links)) {
		l := p.Links[i]
		links[k] = renewal.Link{A: name[l.B], B: name[l.A], SharedCM: l.SharedCM}
	}
	p.Links = links
	projects, called := make([]renewal.Project, len(p.Projects)), map[string]string{}
	for i, k := range r.Perm(len(p.Projects)) {
		q := p.Projects[i]
		q.ID = fmt.Sprintf("Q%04d", k)
		called[p.Projects[i].ID] = q.ID
		var misfits []string
		for _, id := range q.Misfits {
			misfits = append(misfits, name[id])
		}
		q.Misfits = misfits
		projects[k] = q
	}
	for k := range projects {
		projects[k].After = called[projects[k].After]
	}
	p.Projects = projects
	for i := range p.Locks {
		p.Locks[i].Parcel = name[p.Locks[i].Parcel]
	}
	return permuteMore(p, name, r)
}
