package workspace

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/site"
)

// Built is a problem made from the city, with what had to be assumed on the way.
type Built struct {
	Problem renewal.Problem `json:"problem"`
	Pack    string          `json:"pack"`              // grading the candidates come from
	Notes   []string        `json:"notes"`             // locale keys "renewal.note.<note>": what was assumed
	Cluster map[string]int  `json:"cluster,omitempty"` // Cluster.ID by parcel
}

// builder gathers what a problem is made from.
type builder struct {
	o         SolveOptions
	meta      Meta
	years     []int
	parcels   map[string]*plottage.Parcel
	all       []plottage.Parcel
	holdings  map[string][]plottage.Holding
	buildings map[string][]plottage.Building // by parcel, largest first
	workers   map[string]float64             // by firm, latest year
	tax       map[string]float64
	share     map[string]float64 // by firm: floor or land held in all
	verdict   map[string]*plottage.Verdict
	afterM2   float64 // yearly value of renewed land, a m²
	notes     map[string]bool
	lockedOut map[string]bool
}

// BuildProblem writes the problem of the city's candidates under the options:
// candidates and links as clustered last, locks, firms, projects and towns.
// Statistics-only data are not used. It needs land grade and land clusters first.
func (c *City) BuildProblem(ctx context.Context, o SolveOptions) (Built, error) {
	years, err := parseYears(o.Years, c.Now().Year())
	if err != nil {
		return Built{}, err
	}
	clustering, err := c.Clustering(ctx)
	if err != nil {
		return Built{}, err
	}
	o.Modes = once(o.Modes)
	b := &builder{o: o, years: years, notes: map[string]bool{}, lockedOut: map[string]bool{}}
	if years[0] < c.Now().Year() {
		b.note("years_past")
	}
	if err := b.read(ctx, c); err != nil {
		return Built{}, err
	}
	out := Built{Cluster: map[string]int{}}
	candidate := map[string]bool{}
	for _, cl := range clustering.Clusters {
		for _, id := range cl.Parcels {
			candidate[id] = true
			out.Cluster[id] = cl.ID
		}
	}
	locks, err := c.Locks(ctx)
	if err != nil {
		return Built{}, err
	}
	if err := b.known(locks); err != nil {
		return Built{}, err
	}
	for _, k := range locks {
		if k.Kind == plottage.LockIn && b.parcels[k.Parcel] != nil && !candidate[k.Parcel] {
			candidate[k.Parcel] = true
			b.note("locked_in_not_candidate")
		}
	}
	p := &out.Problem
	if err := b.frame(p); err != nil {
		return Built{}, err
	}
	for i := range b.all {
		if q := &b.all[i]; candidate[q.ID] && q.AreaM2 >= 1 {
			p.Lots = append(p.Lots, b.lot(q))
		}
	}
	isLot := map[string]bool{}
	for i := range p.Lots {
		isLot[p.Lots[i].ID] = true
	}
	for _, l := range clustering.Links {
		if isLot[l.A] && isLot[l.B] {
			p.Links = append(p.Links, renewal.Link{A: l.A, B: l.B, SharedCM: int64(math.Round(l.SharedM * 100))})
		}
	}
	for _, k := range locks {
		if isLot[k.Parcel] {
			p.Locks = append(p.Locks, plottage.Lock{Parcel: k.Parcel, Kind: k.Kind, Year: k.Year})
		}
	}
	for _, k := range locks {
		b.lockedOut[k.Parcel] = k.Kind == plottage.LockOut
	}
	if err := b.surroundings(ctx, c, p, clustering.Rule); err != nil {
		return Built{}, err
	}
	if err := b.towns(ctx, c, p); err != nil {
		return Built{}, err
	}
	if err := b.projects(ctx, c, p); err != nil {
		return Built{}, err
	}
	if err := b.caps(p); err != nil {
		return Built{}, err
	}
	if err := b.agreements(ctx, c, p); err != nil {
		return Built{}, err
	}
	if left := p.TrimMixes(); len(left) > 0 {
		b.note("mixes_too_many")
	}
	for n := range b.notes {
		out.Notes = append(out.Notes, n)
	}
	slices.Sort(out.Notes)
	return out, p.Validate()
}

// known refuses locks on parcels that the city does not have: a plan would pass them over,
// though an import may only have given the parcel another number; locks of a kind that is
// none, which another program wrote; and locks in on parcels without land.
func (b *builder) known(locks []plottage.Lock) error {
	var gone, odd, landless []string
	for _, k := range locks {
		switch p := b.parcels[k.Parcel]; {
		case p == nil:
			gone = append(gone, visible(k.Parcel))
		case k.Kind != plottage.LockIn && k.Kind != plottage.LockOut:
			odd = append(odd, k.Parcel+" “"+string(k.Kind)+"”")
		case p.AreaM2 < 1 && k.Kind == plottage.LockIn:
			landless = append(landless, k.Parcel)
		case k.Kind == plottage.LockOut && k.Year != 0:
			b.note("lock_out_every_year")
		}
	}
	refused := func(key, field string, which []string) error {
		return &plottage.Error{Code: plottage.BadInput, Key: key, Args: map[string]any{"parcels": firstOf(which), "n": len(which)},
			Where: plottage.Where{Layer: "locks", Field: field, Value: which[0]}}
	}
	switch {
	case len(gone) > 0:
		return refused("renewal_lock_gone", "parcel", gone)
	case len(odd) > 0:
		return refused("renewal_lock_kind", "kind", odd)
	case len(landless) > 0:
		return refused("renewal_lock_landless", "parcel", landless)
	}
	return nil
}

// visible puts an id between quotes that could not be seen without: it is empty, or begins
// or ends with a space.
func visible(id string) string {
	if id == "" || id != strings.TrimSpace(id) {
		return "“" + id + "”"
	}
	return id
}

// once is a list in its order, each word the first time it stands there.
func once(words []string) []string {
	var all []string
	for _, w := range words {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// firstOf names the first of many: the rest is a count.
func firstOf(ids []string) string {
	if len(ids) > mostNamed {
		return strings.Join(ids[:mostNamed], ", ") + ", …"
	}
	return strings.Join(ids, ", ")
}

const mostNamed = 20

func (b *builder) note(key string) { b.notes[key] = true }

// mostMu is more land than any city has, in mu: beyond it is a slip.
const mostMu = 1e9

// frame writes years, discount factors, block rule and modes.
func (b *builder) frame(p *renewal.Problem) error {
	o := b.o
	*p = renewal.Problem{Format: renewal.Format, Currency: b.meta.Currency, Years: b.years}
	if !(o.Discount >= 0 && o.Discount <= 1) {
		return optionError("discount", fmt.Sprint(o.Discount))
	}
	if !(o.Gap >= 0 && o.Gap <= 1) {
		return optionError("gap", fmt.Sprint(o.Gap))
	}
	if o.Limit < 0 {
		return optionError("time", o.Limit.String())
	}
	if err := o.Economy.check(); err != nil {
		return err
	}
	if o.Horizon < len(b.years) || o.Horizon > 100 {
		return optionError("horizon", fmt.Sprint(o.Horizon))
	}
	if o.Mixes < 0 || o.Mixes > mostMixes {
		return optionError("mixes", fmt.Sprint(o.Mixes))
	}
	factor := 1.0
	for range o.Horizon {
		p.DiscountPPM = append(p.DiscountPPM, int64(math.Round(factor*1e6)))
		factor /= 1 + o.Discount
	}
	if !(o.MinMu*plottage.M2PerMu >= 1) || !(o.MaxMu >= o.MinMu) || o.MaxMu > mostMu {
		return optionError("min_mu", fmt.Sprint(o.MinMu, "…", o.MaxMu))
	}
	if !(o.Compactness >= 0 && o.Compactness <= 1) {
		return optionError("compactness", fmt.Sprint(o.Compactness))
	}
	p.Block = renewal.BlockRule{MinAreaM2: int64(math.Round(o.MinMu * plottage.M2PerMu)), MaxAreaM2: int64(math.Round(o.MaxMu * plottage.M2PerMu)),
		MinCompactnessPPM: int64(math.Round(o.Compactness * 1e6))}
	if len(o.Modes) == 0 {
		return optionError("modes", "")
	}
	for _, name := range o.Modes {
		years, ok := buildYears[name]
		if !ok {
			return optionError("modes", name)
		}
		p.Modes = append(p.Modes, renewal.Mode{Name: name, BuildYears: years, Displaces: !stays[name], Alone: singleModes[name]})
	}
	return nil
}

// read loads the records and indexes them.
func (b *builder) read(ctx context.Context, c *City) error {
	var err error
	if b.meta, err = c.Meta(ctx); err != nil {
		return err
	}
	if b.all, err = c.Parcels(ctx); err != nil {
		return err
	}
	b.parcels = make(map[string]*plottage.Parcel, len(b.all))
	for i := range b.all {
		b.parcels[b.all[i].ID] = &b.all[i]
	}
	barred, err := barredFields(ctx, c)
	if err != nil {
		return err
	}
	for i := range b.all {
		if barred["parcel.tax"] {
			b.all[i].Tax.Known = false
		}
		if barred["parcel.workers"] {
			b.all[i].Workers.Known = false
		}
	}
	if err := b.readBuildings(ctx, c, barred); err != nil {
		return err
	}
	if err := b.readFirms(ctx, c, barred); err != nil {
		return err
	}
	b.afterM2 = b.after()
	return b.readVerdicts(ctx, c)
}

// barredFields are the fields that statistics-only sources filled.
func barredFields(ctx context.Context, c *City) (map[string]bool, error) {
	classes, err := c.FieldClasses(ctx)
	barred := map[string]bool{}
	for _, f := range classes {
		if !f.Class.Permits(plottage.UsePlan) {
			barred[f.Noun+"."+f.Field] = true
		}
	}
	return barred, err
}

// readFirms takes each firm's latest workers and tax, and what it holds in all, so
// that its figures can be spread over its parcels.
func (b *builder) readFirms(ctx context.Context, c *City, barred map[string]bool) error {
	holdings, err := c.Holdings(ctx)
	if err != nil {
		return err
	}
	b.holdings, b.share = map[string][]plottage.Holding{}, map[string]float64{}
	for _, h := range holdings {
		b.holdings[h.Parcel] = append(b.holdings[h.Parcel], h)
	}
	for _, list := range b.holdings {
		for _, h := range list {
			b.share[h.Firm] += b.heldM2(h, len(list))
		}
	}
	years, err := c.FirmYears(ctx)
	if err != nil {
		return err
	}
	b.workers, b.tax = map[string]float64{}, map[string]float64{}
	slices.SortStableFunc(years, func(x, y plottage.FirmYear) int { return x.Year - y.Year })
	for _, y := range years {
		if y.Workers.Known && !barred["firm_year.workers"] {
			b.workers[y.Firm] = y.Workers.V
		}
		if y.Tax.Known && !barred["firm_year.tax"] {
			b.tax[y.Firm] = y.Tax.V
		}
	}
	return nil
}

// heldM2 is the floor a holding stands for: its own figure, or an equal share of the
// parcel's floor, or of its land.
func (b *builder) heldM2(h plottage.Holding, holders int) float64 {
	if h.FloorM2.Known {
		return h.FloorM2.V
	}
	p := b.parcels[h.Parcel]
	if p == nil {
		return 0
	}
	b.note("floor_shared_equally")
	floor := b.recorded(p.ID)
	if floor == 0 {
		floor = p.AreaM2
	}
	return p.FloorAreaM2.Or(floor) / float64(holders)
}

// after is the yearly value of renewed land: the option, or for a city that keeps
// assessed values the yield on a high quantile of what built land is assessed at.
func (b *builder) after() float64 {
	var per []float64
	for i := range b.all {
		p := &b.all[i]
		if v := totalValue(p); v > 0 && p.AreaM2 > 1 && !p.Tax.Known && p.FloorAreaM2.Or(0) > 0 && p.Dwellings.Or(0) == 0 {
			per = append(per, v/p.AreaM2)
		}
	}
	if len(per) < 20 || len(b.tax) > 0 {
		return b.o.Economy.After
	}
	b.note("after_from_assessment")
	slices.Sort(per)
	n := int(math.Round(b.o.Economy.AfterQuantile * float64(len(per)-1)))
	return per[min(max(n, 0), len(per)-1)] * b.o.Economy.Yield
}

func totalValue(p *plottage.Parcel) float64 {
	if p.TotalValue.Known {
		return p.TotalValue.V
	}
	return p.LandValue.Or(0) + p.BuildingValue.Or(0)
}

func whole(x float64) int64 { return int64(math.Round(math.Max(0, x))) }

// lot turns a parcel into a lot.
func (b *builder) lot(p *plottage.Parcel) renewal.Lot {
	l := renewal.Lot{ID: p.ID, Town: p.Town, Stage: b.stage(p.ID), Grade: b.gradeOf(p), AreaM2: whole(p.AreaM2), PerimeterCM: whole(perimeterM(p.Geometry) * 100)}
	if len(b.o.WholeOwners) > 0 {
		l.Owner = p.Owner
	}
	held := 0.0
	for _, h := range b.holdings[p.ID] {
		m2 := b.heldM2(h, len(b.holdings[p.ID]))
		held += m2
		l.Firms = append(l.Firms, renewal.Firm{ID: h.Firm, FloorM2: whole(m2)})
	}
	f := b.factsOf(p)
	l.Workers, l.NowCNY = whole(f.workers), whole(f.now)
	for _, mode := range b.o.Modes {
		if singleModes[mode] {
			l.In = append(l.In, b.singly(mode, p, f.now, f.floor, held, f.acquire))
			continue
		}
		l.In = append(l.In, b.treatment(mode, p.AreaM2, f.floor, held, f.acquire))
	}
	b.mixes(p, &l, f)
	return l
}

// lotFacts are the amounts of a parcel that treating it, whole or building by building,
// is made from.
type lotFacts struct{ now, floor, workers, acquire float64 }

// factsOf takes the parcel's own figures, else those of its firms, else unit prices.
func (b *builder) factsOf(p *plottage.Parcel) lotFacts {
	e := b.o.Economy
	f := lotFacts{floor: p.FloorAreaM2.Or(b.recorded(p.ID))}
	workers, tax := 0.0, 0.0
	for _, h := range b.holdings[p.ID] {
		if all := b.share[h.Firm]; all > 0 {
			m2 := b.heldM2(h, len(b.holdings[p.ID]))
			workers += b.workers[h.Firm] * m2 / all
			tax += b.tax[h.Firm] * m2 / all
		}
	}
	f.workers = p.Workers.Or(workers)
	value := totalValue(p)
	f.now = p.Tax.Or(tax)
	if f.now == 0 && value > 0 && len(b.tax) == 0 {
		f.now = value * e.Yield
	}
	if f.now == 0 {
		f.now = e.Now * p.AreaM2
	}
	f.acquire = p.AreaM2*e.Land + f.floor*e.Building
	if value > 0 {
		f.acquire = value * e.Assessed
	} else {
		b.note("acquisition_from_unit_prices")
	}
	return f
}

func (b *builder) treatment(mode string, area, floor, held, acquire float64) renewal.Treatment {
	e := b.o.Economy
	clear := acquire + floor*e.Demolish + held*e.Relocate
	switch mode {
	case "vertical":
		return renewal.Treatment{CostCNY: whole(clear + area*e.VerticalFAR*e.VerticalBuild), DemolishedM2: whole(floor), NewFloorM2: whole(area * e.VerticalFAR),
			UsableM2: whole(area * e.VerticalLand), AfterCNY: whole(area * b.afterM2 * e.VerticalAfter), ReceiptCNY: whole(area * e.VerticalLand * e.Receipt)}
	case "convert":
		return renewal.Treatment{CostCNY: whole(floor * e.ConvertCost), AfterCNY: whole(area * b.afterM2 * e.ConvertAfter)}
	case "reserve":
		return renewal.Treatment{CostCNY: whole(clear), DemolishedM2: whole(floor)}
	}
	return renewal.Treatment{CostCNY: whole(clear), DemolishedM2: whole(floor), UsableM2: whole(area * e.Usable), AfterCNY: whole(area * b.afterM2), ReceiptCNY: whole(area * e.Usable * e.Receipt)}
}

func perimeterM(mp orb.MultiPolygon) float64 { return planar.Length(mp) }

func (b *builder) towns(ctx context.Context, c *City, p *renewal.Problem) error {
	towns, err := c.Towns(ctx)
	if err != nil {
		return err
	}
	vacant := false
	for _, t := range towns {
		z := renewal.Town{ID: t.ID}
		if t.PowerMW.Known {
			z.PowerKW = []int64{whole(t.PowerMW.V * 1000)}
		}
		if t.VacantFloorM2.Known {
			z.VacantM2, vacant = []int64{whole(t.VacantFloorM2.V)}, true
		}
		p.Towns = append(p.Towns, z)
	}
	switch b.o.Decant {
	case "on":
		p.Decant = true
	case "auto", "":
		p.Decant = vacant && len(b.holdings) > 0
	case "off":
	default:
		return optionError("decant", b.o.Decant)
	}
	if !p.Decant && len(b.holdings) > 0 {
		b.note("no_decant")
	}
	for _, s := range b.o.TownFloors {
		id, mu, _ := strings.Cut(s, "=")
		v, err := strconv.ParseFloat(mu, 64)
		i := slices.IndexFunc(p.Towns, func(z renewal.Town) bool { return z.ID == id })
		if err != nil || !(v >= 0 && v <= mostMu) || i < 0 {
			return optionError("town_floors", s)
		}
		p.Towns[i].MinAreaM2 = whole(v * plottage.M2PerMu)
	}
	return nil
}

// lotRules are what package site decides for a lot by itself; towns, modes, area,
// power and deadlines are decided for blocks by the plan.
var lotRules = []site.Rule{site.Use, site.Distance}

func (b *builder) projects(ctx context.Context, c *City, p *renewal.Problem) error {
	projects, err := c.Projects(ctx)
	if err != nil {
		return err
	}
	farthest := 0.0
	for _, k := range projects {
		farthest = max(farthest, k.ProtectiveM)
	}
	lots := make([]*plottage.Parcel, len(p.Lots))
	for i := range lots {
		lots[i] = b.parcels[p.Lots[i].ID]
	}
	homes, err := newHomes(b.all).distances(ctx, lots, farthest)
	if err != nil {
		return err
	}
	for _, k := range projects {
		if whole(k.AreaM2) < 1 {
			b.note("project_without_area")
			continue
		}
		q := renewal.Project{ID: k.ID, AreaM2: whole(math.Ceil(k.AreaM2)), Towns: k.Towns, PowerKW: whole(k.PowerMW * 1000), Release: k.Release, Deadline: k.Deadline,
			GainCNY: whole(k.Tax - b.afterM2*k.AreaM2)}
		if q.Deadline == 0 {
			q.Deadline = b.years[len(b.years)-1] + b.o.Horizon
		}
		for _, m := range k.Modes {
			if slices.Contains(b.o.Modes, m) {
				q.Modes = append(q.Modes, m)
			}
		}
		if len(k.Modes) > 0 && len(q.Modes) == 0 {
			b.note("project_mode_not_planned")
			continue
		}
		if len(k.Modes) == 0 && k.Tax == 0 {
			b.note("project_without_tax")
		}
		for i := range p.Lots {
			land := site.Land{ID: p.Lots[i].ID, HomesM: clip(homes[i], k.ProtectiveM)}
			if !site.Check(k, land, lotRules...).Fits {
				q.Misfits = append(q.Misfits, p.Lots[i].ID)
			}
		}
		p.Projects = append(p.Projects, q)
	}
	return nil
}

// caps turns the options' caps into the problem's; percentages are of what clearing
// every candidate would take.
func (b *builder) caps(p *renewal.Problem) error {
	var cost, floor, people int64
	for i := range p.Lots {
		l := &p.Lots[i]
		cost += b.clearing(p, l)
		people += l.Workers
		m := int64(0)
		for _, in := range l.In {
			m = max(m, in.DemolishedM2)
		}
		floor += m
	}
	for _, r := range []struct {
		option   string
		resource renewal.Resource
		text     string
		total    int64
	}{{"budget", renewal.Money, b.o.Budget, cost}, {"demolition", renewal.Demolition, b.o.Demolition, floor}, {"relocation", renewal.Relocation, b.o.Relocation, people}} {
		if r.total == 0 && r.resource != renewal.Money && strings.Contains(r.text, "%") {
			b.note("no_" + string(r.resource) + "_known")
			continue // a share of nothing known would forbid everything
		}
		caps, err := parseCaps(r.option, r.resource, r.text, r.total, b.years)
		if err != nil {
			return err
		}
		p.Caps = append(p.Caps, caps...)
	}
	return b.fund(p, cost)
}
