package workspace

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// BlocksShown are blocks of a stored plan with their reasons.
type BlocksShown struct {
	Plan   int64          `json:"plan"`
	Run    int64          `json:"run"` // whose options, problem and certificate the figures are from
	Blocks []BlockReasons `json:"blocks"`
}

// BlockReasons are the reasons of one block, with what there is to tell of it.
// internal/aloud puts it in sentences.
type BlockReasons struct {
	renewal.BlockWhy
	Prices map[renewal.PartKind][]UnitPrice `json:"prices"` // behind each part

	Stands   plottage.Block `json:"-"`
	Town     plottage.Label `json:"-"`
	Years    []int          `json:"-"` // of the plan
	Until    int            `json:"-"` // the last year that counts
	Stays    bool           `json:"-"` // its firms stay where they are
	Decant   bool           `json:"-"` // the plan looks for places for displaced firms
	FloorM2  float64        `json:"-"` // of firms that have to leave
	PlacedM2 float64        `json:"-"` // of it, that has a place

	// Pieces is how many pieces the cleared land makes that share no border; Bridged says
	// that parcels kept between them join all of it. Other pieces are parted by what the
	// contiguity rule lets a block cross: a road, a strip.
	Pieces  int  `json:"-"`
	Bridged bool `json:"-"`
}

// UnitPrice is a unit price or yield of the run's options; locale key
// "renewal.economy.<key>".
type UnitPrice struct {
	Key   string  `json:"key"`
	Value float64 `json:"value"`
}

// ExplainBlocks gives the reasons of blocks of a stored plan, 0 the newest. A block that
// the plan does not have is plottage.NotFound.
func (c *City) ExplainBlocks(ctx context.Context, id int64, blocks []string) (BlocksShown, error) {
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return BlocksShown{}, err
	}
	towns, err := c.Towns(ctx)
	if err != nil {
		return BlocksShown{}, err
	}
	return BlocksOf(plan, run, towns, blocks)
}

// BlocksOf gives the reasons of blocks of a plan from the run that made it, as
// ExplainBlocks does.
func BlocksOf(plan plottage.Plan, run plottage.Run, towns []plottage.Town, blocks []string) (BlocksShown, error) {
	for _, id := range blocks {
		if !slices.ContainsFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == id }) {
			return BlocksShown{}, &plottage.Error{Code: plottage.NotFound, Key: "renewal_no_block", Args: map[string]any{"block": id, "plan": plan.ID}}
		}
	}
	p, err := problemOf(run)
	if err != nil {
		return BlocksShown{}, err
	}
	var k kept
	var o SolveOptions
	for _, part := range []struct {
		from []byte
		to   any
	}{{run.Options, &o}, {run.Result, &k}} {
		if len(part.from) == 0 {
			continue
		}
		if err := json.Unmarshal(part.from, part.to); err != nil {
			return BlocksShown{}, err
		}
	}
	out := BlocksShown{Plan: plan.ID, Run: run.ID, Blocks: []BlockReasons{}}
	for _, w := range renewal.ExplainBlocks(p, &plan, k.Prices, blocks) {
		r := BlockReasons{BlockWhy: w, Decant: p.Decant, Years: plan.Years, Until: lastCounted(p), Prices: map[renewal.PartKind][]UnitPrice{}}
		r.tell(p, &plan)
		for _, part := range w.Parts {
			r.Prices[part.Kind] = o.Economy.behind(part.Kind, r.Stands.Mode, len(r.Stands.Treated) > 0)
		}
		if i := slices.IndexFunc(towns, func(z plottage.Town) bool { return z.ID == r.Stands.Town }); i >= 0 {
			r.Town = towns[i].Name
		}
		out.Blocks = append(out.Blocks, r)
	}
	return out, nil
}

// tell fills in what the plan says of the block.
func (r *BlockReasons) tell(p *renewal.Problem, plan *plottage.Plan) {
	i := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == r.Block })
	r.Stands = plan.Blocks[i]
	m := slices.IndexFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == r.Stands.Mode })
	r.Stays = m >= 0 && !p.Modes[m].Displaces
	r.Pieces = piecesOf(p, r.Stands.Parcels, false)
	r.Bridged = r.Pieces > 1 && piecesOf(p, append(slices.Clone(r.Stands.Parcels), r.Stands.Kept...), false) == 1
	for i := range p.Lots {
		if !slices.Contains(r.Stands.Parcels, p.Lots[i].ID) {
			continue
		}
		for _, f := range p.Lots[i].As(r.Stands.Treated).Firms {
			r.FloorM2 += float64(f.FloorM2)
		}
	}
	for _, m := range plan.Moves {
		if m.Block == r.Block {
			r.PlacedM2 += m.FloorM2
		}
	}
}

// pricesBehind names the unit prices that a part of a block in a mode stands on, where
// its parcels have no figures of their own: by builder.treatment and builder.singly.
var pricesBehind = map[renewal.PartKind]map[string]string{
	renewal.PartCost: {
		"clear": clearing, "reserve": clearing, "vertical": clearing + " vertical_far vertical_build", "convert": "convert_cost",
		"upgrade": "upgrade_cost", "reclaim": "demolish", "swap": clearing + " swap",
	},
	renewal.PartAfter: {
		"clear": renewed, "vertical": renewed + " vertical_after", "convert": renewed + " convert_after",
		"upgrade": renewed + " upgrade_after", "topup": renewed + " topup_after now", "reclaim": renewed, "swap": renewed,
	},
	renewal.PartReceipt: {"clear": "usable receipt", "vertical": "vertical_land receipt", "reclaim": "usable receipt", "swap": "usable receipt"},
}

const (
	clearing = "land building assessed demolish relocate"
	renewed  = "after yield after_quantile"
)

// pricesOfMixes are those that parcels taken building by building stand on besides, by
// builder.mix.
var pricesOfMixes = map[renewal.PartKind]string{
	renewal.PartCost: "vertical_build convert_cost keep_land raise", renewal.PartAfter: renewed + " convert_after keep_land raise now", renewal.PartReceipt: "keep_land",
}

// behind lists the unit prices behind a part, in the order of Economy; mixed: some
// parcels are taken building by building.
func (e Economy) behind(kind renewal.PartKind, mode string, mixed bool) []UnitPrice {
	keys := strings.Fields(pricesBehind[kind][mode])
	if kind == renewal.PartNow {
		keys = []string{"now", "yield"}
	} else if mixed {
		keys = append(keys, strings.Fields(pricesOfMixes[kind])...)
	}
	list := []UnitPrice{}
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("json"); slices.Contains(keys, key) {
			list = append(list, UnitPrice{key, v.Field(i).Float()})
		}
	}
	return list
}

// piecesOf counts the pieces that parcels make which share a border or, with gaps, are
// linked at all.
func piecesOf(p *renewal.Problem, parcels []string, gaps bool) int {
	up := make(map[string]string, len(parcels))
	for _, id := range parcels {
		up[id] = id
	}
	root := func(id string) string {
		for up[id] != id {
			id = up[id]
		}
		return id
	}
	n := len(up)
	for _, l := range p.Links {
		if _, a := up[l.A]; !a || !gaps && l.SharedCM == 0 {
			continue
		}
		if _, b := up[l.B]; !b {
			continue
		}
		if a, b := root(l.A), root(l.B); a != b {
			up[a], n = b, n-1
		}
	}
	return n
}
