package server

import (
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// WhyInfo is what decides whether a plan clears a parcel: the best block it could be
// part of, what that block's use of the limits is worth elsewhere, and what forcing
// it would cost. Sentences: renewal.reason.<reason> and renewal.why.… of the catalogue.
type WhyInfo struct {
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
}

// Charge is the price of using one limit.
type Charge struct {
	Row    string  `json:"row" doc:"resource:year, power:town:year, …"`
	Used   float64 `json:"used"`
	Amount float64 `json:"amount"`
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
	info := WhyInfo{Best: []string{}, Charges: []Charge{}}
	switch {
	case plottage.CodeOf(err) == plottage.NotFound:
	case err != nil:
		return info, fmt.Errorf("explain %s in plan %d: %w", in.ID, in.Plan, err)
	case len(shown.Why) == 1:
		info = whyInfo(shown.Why[0])
	}
	v.whys.Store(in.ID, info)
	return info, nil
}

func whyInfo(w renewal.Why) WhyInfo {
	info := WhyInfo{
		Known: true, Reason: string(w.Reason), Block: w.Block, LinkedM2: float64(w.Linked), Best: append([]string{}, w.Best...),
		Year: w.Year, Mode: w.Mode, Value: float64(w.Value), Charges: []Charge{}, Net: float64(w.Net), Forcing: float64(w.Forcing), Dropping: float64(w.Dropping),
	}
	for _, c := range w.Prices {
		info.Charges = append(info.Charges, Charge{c.Row, float64(c.Used), float64(c.Amount)})
	}
	return info
}
