package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// WhyInfo is what decides whether a plan clears a parcel: the best block it could be
// part of, what that block's use of the limits is worth elsewhere, and what forcing
// it would cost. Told says it in sentences that can be read to the owner.
type WhyInfo struct {
	Told Sentences `json:"told" doc:"the same in sentences to be read to the owner"`

	Known    bool     `json:"known" doc:"false: the parcel was no candidate of the plan, or the plan does not say"`
	Reason   string   `json:"reason"`
	Block    string   `json:"block"`
	LinkedM2 float64  `json:"linked_m2" doc:"land connected with it, itself included"`
	Best     []string `json:"best" doc:"parcels of the best block with it"`
	Year     int      `json:"year" doc:"in which that block would start"`
	Mode     string   `json:"mode"`
	Value    float64  `json:"value" doc:"what it would add"`
	Charges  []Charge `json:"charges" doc:"what its use of each limit is worth elsewhere, dearest first"`
	Net      float64  `json:"net" doc:"value less charges"`
	Forcing  float64  `json:"forcing" doc:"clearing it would cost the plan at least this much; 0: no such bound"`
	Dropping float64  `json:"dropping" doc:"leaving it out would cost the plan at least this much; 0: no such bound"`

	Instead *Instead `json:"instead,omitempty" doc:"the best block of its cluster without it; missing when there is none"`
}

// Instead is a block that could stand instead.
type Instead struct {
	Parcels []string `json:"parcels"`
	Block   string   `json:"block" doc:"of the plan, when it is one as it stands; else empty"`
	Year    int      `json:"year"`
	Mode    string   `json:"mode"`
	Value   float64  `json:"value"`
	Price   float64  `json:"price" doc:"what its use of the limits is worth elsewhere"`
	Net     float64  `json:"net" doc:"value less price"`
}

// Sentences are the same sentences in each language.
type Sentences struct {
	ZH []string `json:"zh"`
	EN []string `json:"en"`
}

// Charge is the price of using one limit.
type Charge struct {
	Row     string  `json:"row" doc:"resource:year, power:town:year, …; locks: parcels of the block that have to be in"`
	Used    float64 `json:"used"`
	Amount  float64 `json:"amount"`
	Price   float64 `json:"price" doc:"of one unit of the limit, from the plan's certificate, cuts on the limit included"`
	Limit   float64 `json:"limit" doc:"as the plan's problem states it; 0 with known false"`
	Planned float64 `json:"planned" doc:"what the plan uses of it"`
	AtLeast bool    `json:"at_least" doc:"a floor to be reached, not a cap"`
	Known   bool    `json:"known" doc:"false: the plan does not say what the limit is"`
}

type whyInput struct {
	ID   string `path:"id" maxLength:"200"`
	Plan int64  `query:"plan" minimum:"1"`
}

// getWhy is apart from the parcel: in a large city it takes a while, and the drawer
// should not wait for it.
func (s *Server) getWhy(ctx context.Context, snap *snapshot, in *whyInput) (WhyInfo, error) {
	if snap.at(in.ID) < 0 {
		return WhyInfo{}, notFound("parcel", in.ID)
	}
	v, err := snap.view(ctx, in.Plan)
	if err != nil {
		return WhyInfo{}, err
	}
	if why, ok := v.whys.Load(in.ID); ok {
		return why.(WhyInfo), nil
	}
	shown, err := snap.city.ShowRenewal(ctx, in.Plan, []string{in.ID})
	info := WhyInfo{Best: []string{}, Charges: []Charge{}, Told: Sentences{[]string{}, []string{}}}
	switch {
	case plottage.CodeOf(err) == plottage.NotFound:
	case err != nil:
		return info, fmt.Errorf("explain %s in plan %d: %w", in.ID, in.Plan, err)
	case len(shown.Why) == 1:
		info = whyInfo(shown.Why[0], shown.Usage)
		if len(shown.Told) == 1 {
			info.Told = Sentences{snap.speaker("zh").Parcel(shown.Told[0]), snap.speaker("en").Parcel(shown.Told[0])}
		}
		if i := info.Instead; i != nil {
			i.Block = standingBlock(shown.Plan.Blocks, i.Parcels)
		}
	}
	v.whys.Store(in.ID, info)
	return info, nil
}

func whyInfo(w renewal.Why, usage []renewal.Usage) WhyInfo {
	info := WhyInfo{
		Told: Sentences{[]string{}, []string{}}, Known: true, Reason: string(w.Reason), Block: w.Block, LinkedM2: float64(w.Linked), Best: append([]string{}, w.Best...),
		Year: w.Year, Mode: w.Mode, Value: float64(w.Value), Charges: []Charge{}, Net: float64(w.Net), Forcing: float64(w.Forcing), Dropping: float64(w.Dropping),
	}
	for _, c := range w.Prices {
		info.Charges = append(info.Charges, chargeOf(c, usage))
	}
	if a := w.Instead; a != nil {
		info.Instead = &Instead{Parcels: a.Lots, Year: a.Year, Mode: a.Mode, Value: float64(a.Value), Price: float64(a.Price), Net: float64(a.Net)}
	}
	return info
}

func chargeOf(c renewal.Charge, usage []renewal.Usage) Charge {
	out := Charge{Row: c.Row, Used: float64(c.Used), Amount: float64(c.Amount)}
	if c.Used != 0 {
		out.Price = out.Amount / out.Used
	}
	if i := slices.IndexFunc(usage, func(u renewal.Usage) bool { return u.Row == c.Row }); i >= 0 {
		u := usage[i]
		out.Limit, out.Planned, out.AtLeast, out.Known = float64(u.Limit), float64(u.Used), u.AtLeast, true
	}
	return out
}

// standingBlock names the block of a plan that has just these parcels, ascending.
func standingBlock(blocks []plottage.Block, parcels []string) string {
	for i := range blocks {
		if slices.Equal(slices.Sorted(slices.Values(blocks[i].Parcels)), parcels) {
			return blocks[i].ID
		}
	}
	return ""
}
