package server

import (
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// BlockWhyInfo is what a block of a plan brings and costs, which limits it takes of, and
// what the plan would be worth with the block otherwise. Told says it in sentences.
type BlockWhyInfo struct {
	Told Sentences `json:"told" doc:"the same in sentences to be read aloud"`

	Known    bool          `json:"known" doc:"false: the plan does not say what it was made from"`
	Run      int64         `json:"run" doc:"whose options, problem and certificate the figures are from"`
	Reason   string        `json:"reason" doc:"chosen, locked_in, signed"`
	Value    float64       `json:"value" doc:"of the parts together"`
	Parts    []BlockPart   `json:"parts"`
	Uses     []BlockUse    `json:"uses" doc:"limits it takes of or makes room in, dearest first"`
	Dropped  BlockChange   `json:"dropped" doc:"without the block, all other blocks as they stand"`
	Others   []BlockChange `json:"others" doc:"in every other year and mode that its parcels admit, best first"`
	Dropping float64       `json:"dropping" doc:"leaving all its parcels out would cost the plan at least this much; 0: no such bound"`
}

// BlockPart is one term of what a block is worth: renewal.part.<kind> of the catalogue.
type BlockPart struct {
	Kind   string      `json:"kind" enum:"after,receipt,now,cost,project"`
	Amount float64     `json:"amount" doc:"a year, or once; below zero: given up or paid"`
	From   int         `json:"from" doc:"first year it counts"`
	Until  int         `json:"until" doc:"last year"`
	Yearly bool        `json:"yearly" doc:"amount counts in every year; else once"`
	Factor float64     `json:"factor" doc:"discount factors of these years together"`
	Value  float64     `json:"value" doc:"amount times factor, rounded down parcel by parcel"`
	Of     []PartOf    `json:"of" doc:"parcels, or the one project; largest first"`
	Prices []UnitPrice `json:"prices" doc:"unit prices behind it where a parcel has no figure of its own: renewal.economy.<key>"`
}

// PartOf is what a parcel or project has in a part.
type PartOf struct {
	ID     string  `json:"id"`
	Name   string  `json:"name" doc:"of a project"`
	Amount float64 `json:"amount"`
	Value  float64 `json:"value"`
}

// UnitPrice is a unit price or yield of the run's options.
type UnitPrice struct {
	Key   string  `json:"key"`
	Value float64 `json:"value"`
}

// BlockUse is what a block takes of a limit, beside the whole plan.
type BlockUse struct {
	Charge
	Presses bool `json:"presses" doc:"the plan leaves less than a tenth of the limit"`
}

// BlockChange is the plan with one block otherwise.
type BlockChange struct {
	Year     int          `json:"year" doc:"0: left out"`
	Mode     string       `json:"mode"`
	Value    float64      `json:"value" doc:"of that plan"`
	Change   float64      `json:"change" doc:"less the value of the plan as it stands"`
	Broken   []Objection  `json:"broken" doc:"rules it breaks that the plan as it stands does not"`
	Landless []ProjectRef `json:"landless" doc:"projects that lose their land by it"`
}

type blockWhyInput struct {
	ID    int64  `path:"id" minimum:"1"`
	Block string `path:"block" maxLength:"40"`
}

// blockKey is the key of a block's reasons beside those of parcels.
type blockKey string

// getBlockWhy gives the reasons of one block.
func (s *Server) getBlockWhy(ctx context.Context, snap *snapshot, in *blockWhyInput) (BlockWhyInfo, error) {
	v, err := snap.view(ctx, in.ID)
	if err != nil {
		return BlockWhyInfo{}, err
	}
	if _, ok := v.blocks[in.Block]; !ok {
		return BlockWhyInfo{}, notFound("block", in.Block)
	}
	if why, ok := v.whys.Load(blockKey(in.Block)); ok {
		return why.(BlockWhyInfo), nil
	}
	info := BlockWhyInfo{Told: Sentences{[]string{}, []string{}}, Parts: []BlockPart{}, Uses: []BlockUse{}, Others: []BlockChange{}, Dropped: BlockChange{Broken: []Objection{}, Landless: []ProjectRef{}}}
	shown, err := snap.city.ExplainBlocks(ctx, in.ID, []string{in.Block})
	switch {
	case plottage.CodeOf(err) == plottage.NotFound:
	case err != nil:
		return info, fmt.Errorf("explain block %s of plan %d: %w", in.Block, in.ID, err)
	default:
		snap.blockWhy(&info, shown.Blocks[0], v.plan.Blocks)
		info.Known, info.Run = true, shown.Run
	}
	v.whys.Store(blockKey(in.Block), info)
	return info, nil
}

func (s *snapshot) blockWhy(info *BlockWhyInfo, b workspace.BlockReasons, blocks []plottage.Block) {
	info.Told = Sentences{s.speaker("zh").Block(b), s.speaker("en").Block(b)}
	info.Reason, info.Value, info.Dropping = string(b.Reason), float64(b.Value), float64(b.Dropping)
	for _, part := range b.Parts {
		out := BlockPart{Kind: string(part.Kind), Amount: float64(part.Amount), From: part.From, Until: part.Until, Yearly: part.Kind.Yearly(),
			Factor: float64(part.FactorPPM) / 1e6, Value: float64(part.Value), Of: []PartOf{}, Prices: []UnitPrice{}}
		for _, of := range part.Of {
			name := ""
			if part.Kind == renewal.PartProject {
				name = s.projectRef(of.ID).Name
			}
			out.Of = append(out.Of, PartOf{of.ID, name, float64(of.Amount), float64(of.Value)})
		}
		for _, u := range b.Prices[part.Kind] {
			out.Prices = append(out.Prices, UnitPrice(u))
		}
		info.Parts = append(info.Parts, out)
	}
	for _, u := range b.Uses {
		c := chargeOf(renewal.Charge{Row: u.Row, Used: u.Used, Amount: u.Worth}, []renewal.Usage{{Row: u.Row, Used: u.Planned, Limit: u.Limit, AtLeast: u.AtLeast}})
		info.Uses = append(info.Uses, BlockUse{c, u.Presses()})
	}
	info.Dropped = s.blockChange(&b.Dropped, blocks)
	for i := range b.Others {
		info.Others = append(info.Others, s.blockChange(&b.Others[i], blocks))
	}
}

func (s *snapshot) blockChange(c *renewal.Changed, blocks []plottage.Block) BlockChange {
	out := BlockChange{Year: c.Year, Mode: c.Mode, Value: float64(c.Value), Change: float64(c.Change), Broken: objections(c.Broken, blocks), Landless: []ProjectRef{}}
	for _, id := range c.Landless {
		out.Landless = append(out.Landless, s.projectRef(id))
	}
	return out
}

// speaker tells of the city in a language.
func (s *snapshot) speaker(lang string) aloud.Speaker {
	return aloud.Speaker{Style: figure.For(lang, s.meta.Currency), Town: func(id string) string { return s.townName(id).In(lang) }}
}
