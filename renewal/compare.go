package renewal

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// Stated is a plan with the problem it was made for; Problem may be nil when it is
// not known, then the plan has no rows.
type Stated struct {
	Problem *Problem
	Plan    *plottage.Plan
}

// Comparison is two plans number by number. Every list is in a fixed order, and
// comparing the other way round turns every pair round.
type Comparison struct {
	Whole    []FigurePair `json:"whole"`    // in the order of [Figures]
	Years    []YearPair   `json:"years"`    // ascending
	Rows     []RowPair    `json:"rows"`     // caps, decant, power, town floors: as the problems have them, a's first
	Towns    []TownPair   `json:"towns"`    // by id
	Parcels  Sides        `json:"parcels"`  // what each clears
	Treated  []Otherwise  `json:"treated"`  // parcels that both clear, by id, otherwise: in another mode, or with their buildings handled otherwise
	Projects Sides        `json:"projects"` // which get land
	Firms    Sides        `json:"firms"`    // which are displaced
}

// Figures are the keys of Comparison.Whole; locale key "renewal.figure.<key>".
var Figures = []string{"value", "bound", "gap", "blocks", "parcels", "area_m2", "cost", "demolished_m2", "workers", "firms", "projects", "new_floor_m2"}

// FigurePair is one figure of both plans.
type FigurePair struct {
	Key string  `json:"key"`
	A   float64 `json:"a"`
	B   float64 `json:"b"`
}

// YearPair is what both plans do in one year.
type YearPair struct {
	Year    int          `json:"year"`
	Figures []FigurePair `json:"figures"` // blocks, parcels, area_m2, cost, demolished_m2, workers, firms, projects
}

// TownPair is what both plans do in one town.
type TownPair struct {
	Town    string       `json:"town"`
	Figures []FigurePair `json:"figures"` // as of a year
}

// RowPair is one row of both problems. A limit that one of them does not have is nil.
type RowPair struct {
	Row    string `json:"row"`
	A      int64  `json:"a"`
	B      int64  `json:"b"`
	LimitA *int64 `json:"limit_a"`
	LimitB *int64 `json:"limit_b"`
	Least  bool   `json:"least,omitempty"` // limits are floors
}

// Sides are ids of one plan alone, of the other alone, of both in the same year, and
// of both in different years; each list ascending. Firms have no year.
type Sides struct {
	A     []string `json:"a"`
	B     []string `json:"b"`
	Both  []string `json:"both"`
	Moved []Moved  `json:"moved"`
}

// Otherwise is a parcel that both plans have and treat otherwise. Buildings are empty
// where the parcel is taken as its mode takes whole parcels.
type Otherwise struct {
	Parcel     string             `json:"parcel"`
	BlockA     string             `json:"block_a"`
	BlockB     string             `json:"block_b"`
	ModeA      string             `json:"mode_a"`
	ModeB      string             `json:"mode_b"`
	BuildingsA []plottage.Handled `json:"buildings_a,omitempty"`
	BuildingsB []plottage.Handled `json:"buildings_b,omitempty"`
}

// Moved is a parcel or project that both plans have, in different years.
type Moved struct {
	ID    string `json:"id"`
	YearA int    `json:"year_a"`
	YearB int    `json:"year_b"`
}

// Compare sets two plans side by side. Their problems may differ.
func Compare(a, b Stated) Comparison {
	c := Comparison{Whole: []FigurePair{}, Years: []YearPair{}, Rows: rowPairs(a, b), Towns: []TownPair{}}
	ta, tb := totalsOf(a.Plan, all), totalsOf(b.Plan, all)
	for _, key := range Figures {
		p := FigurePair{Key: key}
		switch key {
		case "value":
			p.A, p.B = a.Plan.Value, b.Plan.Value
		case "bound":
			p.A, p.B = a.Plan.Bound, b.Plan.Bound
		case "gap":
			p.A, p.B = a.Plan.Gap, b.Plan.Gap
		default:
			p.A, p.B = ta[key], tb[key]
		}
		c.Whole = append(c.Whole, p)
	}
	years := slices.Concat(a.Plan.Years, b.Plan.Years)
	slices.Sort(years)
	for _, y := range slices.Compact(years) {
		in := func(k *plottage.Block) bool { return k.Year == y }
		c.Years = append(c.Years, YearPair{y, pairs(totalsOf(a.Plan, in), totalsOf(b.Plan, in))})
	}
	for _, z := range townsOf(a.Plan, b.Plan) {
		in := func(k *plottage.Block) bool { return k.Town == z }
		c.Towns = append(c.Towns, TownPair{z, pairs(totalsOf(a.Plan, in), totalsOf(b.Plan, in))})
	}
	c.Parcels = sides(clearedIn(a.Plan), clearedIn(b.Plan))
	c.Treated = treatedOtherwise(a.Plan, b.Plan)
	c.Projects = sides(placedIn(a.Plan), placedIn(b.Plan))
	c.Firms = sides(displacedBy(a.Plan), displacedBy(b.Plan))
	return c
}

func all(*plottage.Block) bool { return true }

// totalsOf adds up the blocks that count, by figure. A firm on several parcels is one.
func totalsOf(p *plottage.Plan, counts func(*plottage.Block) bool) map[string]float64 {
	t := map[string]float64{}
	firms, in := map[string]bool{}, map[string]bool{}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if !counts(b) {
			continue
		}
		in[b.ID] = true
		t["blocks"]++
		t["parcels"] += float64(len(b.Parcels))
		t["area_m2"] += b.AreaM2
		t["cost"] += b.Cost
		t["demolished_m2"] += b.DemolishedM2
		t["workers"] += b.DisplacedWorkers
		t["new_floor_m2"] += b.NewFloorM2
		for _, f := range b.DisplacedFirms {
			firms[f] = true
		}
	}
	for _, pl := range p.Placements {
		if in[pl.Block] {
			t["projects"]++
		}
	}
	t["firms"] = float64(len(firms))
	return t
}

func pairs(a, b map[string]float64) []FigurePair {
	var list []FigurePair
	for _, key := range Figures[3:] {
		list = append(list, FigurePair{key, a[key], b[key]})
	}
	return list
}

func townsOf(plans ...*plottage.Plan) []string {
	var ids []string
	for _, p := range plans {
		for _, b := range p.Blocks {
			ids = append(ids, b.Town)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func rowPairs(a, b Stated) []RowPair {
	list, at := []RowPair{}, map[string]int{}
	add := func(s Stated, second bool) {
		if s.Problem == nil {
			return
		}
		for _, u := range Evaluate(s.Problem, s.Plan).Usage {
			i, ok := at[u.Row]
			if !ok {
				i = len(list)
				at[u.Row] = i
				list = append(list, RowPair{Row: u.Row, Least: u.AtLeast})
			}
			if limit := u.Limit; second {
				list[i].B, list[i].LimitB = u.Used, &limit
			} else {
				list[i].A, list[i].LimitA = u.Used, &limit
			}
		}
	}
	add(a, false)
	add(b, true)
	return list
}

func clearedIn(p *plottage.Plan) map[string]int {
	in := map[string]int{}
	for _, b := range p.Blocks {
		for _, id := range b.Parcels {
			in[id] = b.Year
		}
	}
	return in
}

func treatedOtherwise(a, b *plottage.Plan) []Otherwise {
	in := map[string]*plottage.Block{}
	for i := range b.Blocks {
		for _, id := range b.Blocks[i].Parcels {
			in[id] = &b.Blocks[i]
		}
	}
	list := []Otherwise{}
	for i := range a.Blocks {
		x := &a.Blocks[i]
		for _, id := range x.Parcels {
			y := in[id]
			if y == nil {
				continue
			}
			o := Otherwise{id, x.ID, y.ID, x.Mode, y.Mode, handledIn(x, id), handledIn(y, id)}
			if o.ModeA != o.ModeB || !slices.Equal(o.BuildingsA, o.BuildingsB) {
				list = append(list, o)
			}
		}
	}
	slices.SortFunc(list, func(x, y Otherwise) int { return cmp.Compare(x.Parcel, y.Parcel) })
	return list
}

// handledIn is what becomes of a parcel's buildings in a block, by building.
func handledIn(b *plottage.Block, parcel string) []plottage.Handled {
	for _, t := range b.Treated {
		if t.Parcel == parcel {
			return sortedHandled(t.Buildings)
		}
	}
	return nil
}

func placedIn(p *plottage.Plan) map[string]int {
	in := map[string]int{}
	for _, pl := range p.Placements {
		in[pl.Project] = pl.Year
	}
	return in
}

func displacedBy(p *plottage.Plan) map[string]int {
	in := map[string]int{}
	for _, f := range p.DisplacedFirms() {
		in[f] = 0
	}
	return in
}

// sides sorts ids, each with its year, by which of two plans has them.
func sides(a, b map[string]int) Sides {
	s := Sides{A: []string{}, B: []string{}, Both: []string{}, Moved: []Moved{}}
	for id, y := range a {
		switch other, in := b[id]; {
		case !in:
			s.A = append(s.A, id)
		case y == other:
			s.Both = append(s.Both, id)
		default:
			s.Moved = append(s.Moved, Moved{id, y, other})
		}
	}
	for id := range b {
		if _, in := a[id]; !in {
			s.B = append(s.B, id)
		}
	}
	for _, list := range [][]string{s.A, s.B, s.Both} {
		slices.Sort(list)
	}
	slices.SortFunc(s.Moved, func(x, y Moved) int { return cmp.Compare(x.ID, y.ID) })
	return s
}
