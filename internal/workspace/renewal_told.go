package workspace

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Told is what there is to tell the owner of a parcel about a plan: why it is in or
// out, the block it is in, and where its firms go. internal/aloud puts it in sentences.
type Told struct {
	Why     renewal.Why
	Name    string // of the parcel; "" when it has none
	Owner   string
	Town    plottage.Label
	AreaM2  float64
	Block   *plottage.Block // nil when out; the one it is kept inside
	Joins   bool            // kept inside, it holds the block together; else the block would enclose it
	Locked  bool            // other land of its block has to be in: it is locked
	Stays   bool            // in, and its firms stay where they are
	Decant  bool            // the plan looks for places for displaced firms
	BestM2  int64           // land of the best block with it
	LeastM2 int64           // least land of a block
	Until   int             // the last year that counts
	Firms   []DisplacedFirm // that have to leave it
	Today   string          // the day it is said: a notice due before it is short

	// Forced is what was worked out about deciding it otherwise; nil when nothing was.
	Forced *renewal.Forced

	// Buildings says what becomes of them when they are not all treated alike.
	Buildings []plottage.Handled
	Spared    bool // firms are on it, and all of them are in buildings that stay
}

// lastCounted is the last year whose yearly values count.
func lastCounted(p *renewal.Problem) int { return p.Years[0] + len(p.DiscountPPM) - 1 }

// told gathers it for the parcels explained. What may not serve planning is left out.
func (c *City) told(ctx context.Context, p *renewal.Problem, plan *plottage.Plan, o SolveOptions, all []renewal.Why) ([]Told, error) {
	barred, err := barredFields(ctx, c)
	if err != nil {
		return nil, err
	}
	firms, err := c.Firms(ctx)
	if err != nil {
		return nil, err
	}
	towns, err := c.Towns(ctx)
	if err != nil {
		return nil, err
	}
	lots := map[string]*renewal.Lot{}
	for i := range p.Lots {
		lots[p.Lots[i].ID] = &p.Lots[i]
	}
	ledger := LedgerOf(p, plan, firms, o.Economy.Relocate, DefaultLedgerOptions(), barred)
	forced, err := c.forcedOf(ctx, plan.ID)
	if err != nil {
		return nil, err
	}
	var out []Told
	for _, w := range all {
		parcel, err := c.Parcel(ctx, w.Lot)
		if err != nil {
			return nil, err
		}
		t := Told{Why: w, AreaM2: parcel.AreaM2, Decant: p.Decant, LeastM2: p.Block.MinAreaM2, Until: lastCounted(p), Today: string(plottage.DateOf(c.Now()))}
		if f := forced[w.Lot]; f != nil && (f.Kind == plottage.LockOut) == w.In && !f.Never && !f.Open {
			t.Forced = f
		}
		if !barred["parcel.name"] {
			t.Name = parcel.Name
		}
		if !barred["parcel.owner"] {
			t.Owner = parcel.Owner
		}
		if i := slices.IndexFunc(towns, func(z plottage.Town) bool { return z.ID == parcel.Town }); i >= 0 {
			t.Town = towns[i].Name
		}
		for _, id := range w.Best {
			t.BestM2 += lots[id].AreaM2
		}
		if i := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == w.Block }); i >= 0 {
			t.Block = &plan.Blocks[i]
			m := slices.IndexFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == t.Block.Mode })
			if n := slices.IndexFunc(t.Block.Treated, func(x plottage.Treated) bool { return x.Parcel == w.Lot }); n >= 0 {
				t.Buildings = t.Block.Treated[n].Buildings
			}
			t.Stays = m >= 0 && !p.Modes[m].Displaces
			others := slices.DeleteFunc(slices.Concat(t.Block.Parcels, t.Block.Kept), func(id string) bool { return id == w.Lot })
			t.Joins = w.Reason == renewal.KeptInside && piecesOf(p, others, true) > 1
			t.Locked = slices.ContainsFunc(p.Locks, func(k plottage.Lock) bool {
				return k.Kind == plottage.LockIn && k.Parcel != w.Lot && slices.Contains(t.Block.Parcels, k.Parcel)
			})
		}
		for _, d := range ledger.Firms {
			if slices.Contains(d.Parcels, w.Lot) {
				t.Firms = append(t.Firms, d)
			}
		}
		t.Spared = len(t.Buildings) > 0 && len(t.Firms) == 0 && len(lots[w.Lot].Firms) > 0
		out = append(out, t)
	}
	return out, nil
}
