package renewaltest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Break is a way to spoil a plan. Spoil changes the plan and reports false when it
// found nothing to spoil; the rest of the plan, its figures too, stays as it was.
type Break struct {
	Name  string
	Spoil func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool
}

// Clone returns a plan that shares nothing with the one given.
func Clone(p plottage.Plan) plottage.Plan {
	b, _ := json.Marshal(p)
	var q plottage.Plan
	_ = json.Unmarshal(b, &q)
	return q
}

func someBlock(r *rand.Rand, plan *plottage.Plan) *plottage.Block {
	return &plan.Blocks[r.IntN(len(plan.Blocks))]
}

// Breaks lists the ways to spoil a plan that has blocks, all of them with lots.
func Breaks() []Break {
	all := slices.Concat(blockBreaks, keptBreaks, mixBreaks, agreedBreaks, projectBreaks, moveBreaks)
	for i, b := range all {
		all[i].Spoil = func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
			empty := slices.ContainsFunc(plan.Blocks, func(b plottage.Block) bool { return len(b.Parcels) == 0 })
			return len(plan.Blocks) > 0 && !empty && b.Spoil(r, p, plan)
		}
	}
	return all
}

var blockBreaks = []Break{
	{"drop a lot", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		i := r.IntN(len(b.Parcels))
		b.Parcels = slices.Delete(b.Parcels, i, i+1)
		return true
	}},
	{"add a foreign lot", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		b.Parcels = append(b.Parcels, p.Lots[r.IntN(len(p.Lots))].ID)
		return true
	}},
	{"move a block to another year", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b, y := someBlock(r, plan), p.Years[r.IntN(len(p.Years))]
		same := y == b.Year
		b.Year = y
		return !same
	}},
	{"another mode", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b, m := someBlock(r, plan), p.Modes[r.IntN(len(p.Modes))].Name
		same := m == b.Mode
		b.Mode = m
		return !same
	}},
	{"a block twice", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := *someBlock(r, plan)
		b.ID += "-again"
		plan.Blocks = append(plan.Blocks, b)
		return true
	}},
	{"a lot that is none", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		b.Parcels[r.IntN(len(b.Parcels))] = "no lot"
		return true
	}},
	{"a wrong value", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		plan.Value += float64(1 + r.IntN(1000))
		return true
	}},
	{"a wrong figure", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		switch r.IntN(6) {
		case 0:
			b.AreaM2++
		case 1:
			b.Cost--
		case 2:
			b.DemolishedM2++
		case 3:
			b.DisplacedWorkers--
		case 4:
			b.NewFloorM2++
		default:
			b.Value--
		}
		return true
	}},
	{"two lots by themselves together", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		for i := range plan.Blocks {
			b := &plan.Blocks[i]
			if alone(p, b.Mode) {
				b.Parcels = append(b.Parcels, freeLot(r, p, plan))
				return true
			}
		}
		return false
	}},
	{"a block in a mode for single lots", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		for _, m := range p.Modes {
			if m.Alone && len(b.Parcels) > 1 {
				b.Mode = m.Name
				return true
			}
		}
		return false
	}},
}

var mixBreaks = []Break{
	{"a lot taken in another mix", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		id := b.Parcels[r.IntN(len(b.Parcels))]
		i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id })
		if i < 0 || len(p.Lots[i].Mixes) == 0 {
			return false
		}
		old := slices.IndexFunc(b.Treated, func(t plottage.Treated) bool { return t.Parcel == id })
		if old >= 0 {
			b.Treated = slices.Delete(b.Treated, old, old+1)
			return true
		}
		mixes := p.Lots[i].Mixes
		b.Treated = append(b.Treated, plottage.Treated{Parcel: id, Buildings: mixes[r.IntN(len(mixes))].Buildings})
		return true
	}},
	{"a mix that is none", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		x := plottage.Treated{Parcel: b.Parcels[0], Buildings: []plottage.Handled{{ID: "no building", What: plottage.Keep}}}
		if r.IntN(2) == 0 && len(b.Treated) > 0 {
			x = b.Treated[r.IntN(len(b.Treated))] // said twice
		}
		b.Treated = append(b.Treated, x)
		return true
	}},
	{"buildings of a lot elsewhere", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		l := &p.Lots[r.IntN(len(p.Lots))]
		if len(l.Mixes) == 0 || slices.Contains(b.Parcels, l.ID) {
			return false
		}
		b.Treated = append(b.Treated, plottage.Treated{Parcel: l.ID, Buildings: l.Mixes[0].Buildings})
		return true
	}},
}

var keptBreaks = []Break{
	{"a bridge kept without need", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		if len(p.Bridges) == 0 {
			return false
		}
		b, id := someBlock(r, plan), p.Bridges[r.IntN(len(p.Bridges))].ID
		b.Kept = append(b.Kept, id)
		return true
	}},
	{"a lot kept instead of cleared", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		b := someBlock(r, plan)
		n := r.IntN(len(b.Parcels))
		b.Kept = append(b.Kept, b.Parcels[n])
		b.Parcels = slices.Delete(b.Parcels, n, n+1)
		return true
	}},
	{"a pocket enclosed", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		if len(p.Pockets) == 0 {
			return false
		}
		k, b := p.Pockets[r.IntN(len(p.Pockets))], someBlock(r, plan)
		b.Parcels = nil
		for _, id := range k.Beside {
			if slices.ContainsFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id }) {
				b.Parcels = append(b.Parcels, id)
			}
		}
		return len(b.Parcels) > 0
	}},
}

var agreedBreaks = []Break{
	{"a signed block left out", func(_ *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		return without(plan, func(b plottage.Block) bool {
			return slices.ContainsFunc(p.Signed, func(s renewal.Agreed) bool { return slices.Contains(s.Lots, b.Parcels[0]) })
		})
	}},
	{"a signed block in another year", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		for i := range plan.Blocks {
			b := &plan.Blocks[i]
			if slices.ContainsFunc(p.Signed, func(s renewal.Agreed) bool { return slices.Contains(s.Lots, b.Parcels[0]) }) {
				was := b.Year
				b.Year = p.Years[r.IntN(len(p.Years))]
				return b.Year != was
			}
		}
		return false
	}},
	{"an owner split", func(_ *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		owner := map[string]string{}
		for _, l := range p.Lots {
			if slices.Contains(p.WholeOwners, l.Owner) {
				owner[l.ID] = l.Owner
			}
		}
		for i := range plan.Blocks {
			b := &plan.Blocks[i]
			for n, id := range b.Parcels {
				if owner[id] != "" && !alone(p, b.Mode) && len(b.Parcels) > 1 && held(p, owner[id]) > 1 {
					b.Parcels = slices.Delete(b.Parcels, n, n+1)
					return true
				}
			}
		}
		return false
	}},
	{"an approved block left out", func(_ *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		return p.Approved != nil && without(plan, func(b plottage.Block) bool {
			return slices.ContainsFunc(p.Approved.Blocks, func(s renewal.Agreed) bool {
				return s.Year == b.Year && s.Mode == b.Mode && slices.Equal(s.Lots, b.Parcels)
			})
		})
	}},
	{"all other land cleared at once", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		town := p.Towns[r.IntN(len(p.Towns))].ID
		b := plottage.Block{ID: "all", Mode: p.Modes[0].Name, Year: p.Years[0], Town: town}
		for _, l := range p.Lots {
			if l.Town == town && !slices.ContainsFunc(plan.Blocks, func(x plottage.Block) bool { return slices.Contains(x.Parcels, l.ID) }) {
				b.Parcels = append(b.Parcels, l.ID)
			}
		}
		plan.Blocks = append(plan.Blocks, b)
		return len(b.Parcels) > 0
	}},
}

// without takes the first block for which out holds, and its projects, from the plan.
func without(plan *plottage.Plan, out func(plottage.Block) bool) bool {
	i := slices.IndexFunc(plan.Blocks, out)
	if i < 0 {
		return false
	}
	id := plan.Blocks[i].ID
	plan.Blocks = slices.Delete(plan.Blocks, i, i+1)
	plan.Placements = slices.DeleteFunc(plan.Placements, func(pl plottage.Placement) bool { return pl.Block == id })
	plan.Moves = slices.DeleteFunc(plan.Moves, func(m plottage.Move) bool { return m.Block == id })
	return true
}

// held counts the lots of an owner.
func held(p *renewal.Problem, owner string) int {
	n := 0
	for _, l := range p.Lots {
		if l.Owner == owner {
			n++
		}
	}
	return n
}

func alone(p *renewal.Problem, mode string) bool {
	return slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Alone && m.Name == mode })
}

// freeLot is a lot in no block, or any when all are taken.
func freeLot(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) string {
	taken := map[string]bool{}
	for _, b := range plan.Blocks {
		for _, id := range b.Parcels {
			taken[id] = true
		}
	}
	for range 50 {
		if id := p.Lots[r.IntN(len(p.Lots))].ID; !taken[id] {
			return id
		}
	}
	return p.Lots[0].ID
}

var projectBreaks = []Break{
	{"a project twice", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Placements) == 0 {
			return false
		}
		plan.Placements = append(plan.Placements, plan.Placements[r.IntN(len(plan.Placements))])
		return true
	}},
	{"a project elsewhere", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Placements) == 0 {
			return false
		}
		pl, b := &plan.Placements[r.IntN(len(plan.Placements))], someBlock(r, plan).ID
		same := b == pl.Block
		pl.Block = b
		return !same
	}},
	{"a project in another year", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Placements) == 0 {
			return false
		}
		plan.Placements[r.IntN(len(plan.Placements))].Year++
		return true
	}},
	{"an anchor left out", func(_ *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		placed := func(id string) int {
			return slices.IndexFunc(plan.Placements, func(pl plottage.Placement) bool { return pl.Project == id })
		}
		for _, k := range p.Projects {
			if i := placed(k.After); k.After != "" && i >= 0 && placed(k.ID) >= 0 {
				plan.Placements = slices.Delete(plan.Placements, i, i+1)
				return true
			}
		}
		return false
	}},
	{"an unknown project", func(_ *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		plan.Placements = append(plan.Placements, plottage.Placement{Project: "nobody", Block: plan.Blocks[0].ID, Year: plan.Blocks[0].Ready})
		return true
	}},
}

var moveBreaks = []Break{
	{"a firm without a place", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Moves) == 0 {
			return false
		}
		i := r.IntN(len(plan.Moves))
		plan.Moves = slices.Delete(plan.Moves, i, i+1)
		return true
	}},
	{"too small a place", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Moves) == 0 {
			return false
		}
		plan.Moves[r.IntN(len(plan.Moves))].FloorM2--
		return true
	}},
	{"a place that is none", func(r *rand.Rand, _ *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Moves) == 0 {
			return false
		}
		plan.Moves[r.IntN(len(plan.Moves))].To = "town:nowhere"
		return true
	}},
	{"everybody to one place", func(r *rand.Rand, p *renewal.Problem, plan *plottage.Plan) bool {
		if len(plan.Moves) == 0 {
			return false
		}
		to := plan.Moves[r.IntN(len(plan.Moves))].To
		var room, sum float64
		for _, z := range p.Towns {
			for _, v := range z.VacantM2 {
				if to == "town:"+z.ID {
					room += float64(v)
				}
			}
		}
		for _, b := range plan.Blocks {
			if to == "block:"+b.ID {
				room += b.NewFloorM2
			}
		}
		for i := range plan.Moves {
			plan.Moves[i].To = to
			sum += plan.Moves[i].FloorM2
		}
		return sum > room
	}},
}

// Restate writes the figures of a plan anew from its blocks, placements and the
// problem, so that nothing but the rules can be wrong with it. It reports false when
// the plan names something the problem does not know.
func Restate(p *renewal.Problem, plan *plottage.Plan) bool {
	lots, projects, blocks := map[string]*renewal.Lot{}, map[string]*renewal.Project{}, map[string]*plottage.Block{}
	for i := range p.Lots {
		lots[p.Lots[i].ID] = &p.Lots[i]
	}
	for k := range p.Projects {
		projects[p.Projects[k].ID] = &p.Projects[k]
	}
	for i := range plan.Blocks {
		b := &plan.Blocks[i]
		if !restateBlock(p, b, lots) {
			return false
		}
		blocks[b.ID] = b
	}
	for i := range plan.Placements {
		pl := &plan.Placements[i]
		k, b := projects[pl.Project], blocks[pl.Block]
		if k == nil || b == nil {
			return false
		}
		alone := plottage.Plan{Blocks: []plottage.Block{*b}}
		before := renewal.Evaluate(p, &alone).Value
		alone.Placements = []plottage.Placement{*pl}
		pl.AreaM2, pl.Value = float64(k.AreaM2), float64(renewal.Evaluate(p, &alone).Value-before)
		b.Value += pl.Value
	}
	plan.Value = float64(renewal.Evaluate(p, plan).Value)
	return true
}

func restateBlock(p *renewal.Problem, b *plottage.Block, lots map[string]*renewal.Lot) bool {
	m := slices.IndexFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == b.Mode })
	if m < 0 || len(b.Parcels) == 0 {
		return false
	}
	b.AreaM2, b.Cost, b.DemolishedM2, b.DisplacedWorkers, b.NewFloorM2, b.DisplacedFirms = 0, 0, 0, 0, 0, nil
	in := map[string]bool{}
	var perimeter int64
	slices.SortFunc(b.Parcels, strings.Compare)
	for _, id := range b.Parcels {
		l := lots[id]
		if l == nil || in[id] {
			return false
		}
		in[id] = true
		l = l.As(b.Treated)
		perimeter += l.PerimeterCM
		b.AreaM2 += float64(l.AreaM2)
		b.Cost += float64(l.In[m].CostCNY)
		b.DemolishedM2 += float64(l.In[m].DemolishedM2)
		b.NewFloorM2 += float64(l.In[m].NewFloorM2)
		if p.Modes[m].Displaces {
			b.DisplacedWorkers += float64(l.Workers)
			for _, f := range l.Firms {
				b.DisplacedFirms = append(b.DisplacedFirms, f.ID)
			}
		}
	}
	land, town := b.AreaM2, map[string]string{}
	for _, id := range b.Kept {
		i := slices.IndexFunc(p.Bridges, func(k renewal.Bridge) bool { return k.ID == id })
		if i < 0 || in[id] {
			return false
		}
		in[id], town[id] = true, p.Bridges[i].Town
		land += float64(p.Bridges[i].AreaM2)
		perimeter += p.Bridges[i].PerimeterCM
	}
	for id := range in {
		if lots[id] != nil {
			town[id] = lots[id].Town
		}
	}
	for _, l := range p.Links {
		if in[l.A] && in[l.B] && town[l.A] == town[l.B] {
			perimeter -= 2 * l.SharedCM
		}
	}
	slices.Sort(b.DisplacedFirms)
	b.DisplacedFirms = slices.Compact(b.DisplacedFirms)
	b.Ready, b.Town = b.Year+p.Modes[m].BuildYears, lots[b.Parcels[0]].Town
	b.Value = float64(renewal.Evaluate(p, &plottage.Plan{Blocks: []plottage.Block{*b}}).Value)
	b.Compactness = compactness(land, perimeter)
	return true
}

// compactness is 4πA/P² in millionths rounded down, as 0…1.
func compactness(areaM2 float64, perimeterCM int64) float64 {
	if perimeterCM <= 0 {
		return 0
	}
	q := int64(areaM2 * 10_000 * 12_566_371 / (float64(perimeterCM) * float64(perimeterCM)))
	return float64(min(q, 1_000_000)) / 1e6
}
