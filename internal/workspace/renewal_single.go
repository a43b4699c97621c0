package workspace

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// idleStage is what a lot of the idle queue (闲置) has as its stage; other lots have the
// stage of their verdict.
const idleStage = "idle"

// readVerdicts takes stages and grades from the newest grading, when something asks
// for them.
func (b *builder) readVerdicts(ctx context.Context, c *City) error {
	if len(b.o.Floors) == 0 && !slices.ContainsFunc(b.o.Modes, func(m string) bool { return singleModes[m] }) {
		return nil
	}
	all, err := c.Verdicts(ctx, "")
	b.verdict = make(map[string]*plottage.Verdict, len(all))
	for i := range all {
		b.verdict[all[i].Parcel] = &all[i]
	}
	return err
}

// stage is the stage of a parcel by the newest grading, "" without a verdict.
func (b *builder) stage(id string) string {
	v := b.verdict[id]
	switch {
	case v == nil:
		return ""
	case v.Queue == plottage.QueueIdle:
		return idleStage
	}
	return string(v.Stage)
}

// gradeOf is the class the newest grading gave, else the source's.
func (b *builder) gradeOf(p *plottage.Parcel) string {
	switch v := b.verdict[p.ID]; {
	case b.verdict == nil:
		return ""
	case v != nil && v.Grade != "":
		return v.Grade
	}
	return p.Grade
}

// topUpStages are the stages a supplementary contract is made for.
var topUpStages = []plottage.Stage{plottage.UnderBuilt, plottage.NotOperating, plottage.BelowStandard}

// singly is what a mode for single parcels does to one.
func (b *builder) singly(mode string, p *plottage.Parcel, now, floor, held, acquire float64) renewal.Treatment {
	e, area := b.o.Economy, p.AreaM2
	stage := b.stage(p.ID)
	switch mode {
	case "upgrade":
		return renewal.Treatment{Off: floor <= 0, CostCNY: whole(area * e.UpgradeCost), AfterCNY: whole(area * b.afterM2 * e.UpgradeAfter)}
	case "topup":
		return renewal.Treatment{Off: !slices.Contains(topUpStages, plottage.Stage(stage)), AfterCNY: whole(max(now, area*b.afterM2*e.TopupAfter))}
	}
	t := renewal.Treatment{CostCNY: whole(acquire*e.Swap + floor*e.Demolish + held*e.Relocate), DemolishedM2: whole(floor), UsableM2: whole(area * e.Usable),
		AfterCNY: whole(area * b.afterM2), ReceiptCNY: whole(area * e.Usable * e.Receipt)}
	if mode == "reclaim" { // without compensation, and only where the owner is to blame
		t.Off, t.CostCNY = stage != idleStage || p.IdleCause == "government" || p.IdleCause == "force_majeure", whole(floor*e.Demolish)
	}
	return t
}

// clearing is what a lot costs in the first mode for blocks, else in the first mode.
func (b *builder) clearing(p *renewal.Problem, l *renewal.Lot) int64 {
	for m := range p.Modes {
		if !p.Modes[m].Alone {
			return l.In[m].CostCNY
		}
	}
	return l.In[0].CostCNY
}
