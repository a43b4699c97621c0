package workspace

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// LedgerOptions say what the ledger of displaced firms counts as recent and how early
// firms are told; words: locale key "study.option.<json name>".
type LedgerOptions struct {
	Plan   int64 `json:"plan" usage:"plan; 0: the newest"`
	Recent int   `json:"recent" usage:"a purchase, permit or order of the last so many years before works is a hardship" default:"5"`
	Notice int   `json:"notice" usage:"months of notice before works" default:"12"`
}

// DefaultLedgerOptions returns the defaults the tags state.
func DefaultLedgerOptions() LedgerOptions { return LedgerOptions{Recent: 5, Notice: 12} }

// FirmLedger says of every firm a plan displaces where it goes, when, at what cost,
// when it has to be told, and what makes it hard.
type FirmLedger struct {
	Plan    PlanRef         `json:"plan"`
	Decant  bool            `json:"decant"` // the plan gives every displaced firm a place
	Firms   []DisplacedFirm `json:"firms"`  // by year and id
	FloorM2 float64         `json:"floor_m2"`
	Cost    float64         `json:"cost"`
	Hard    int             `json:"hard"`     // firms with a hardship
	NoPlace int             `json:"no_place"` // firms some of whose floor has no place
	Late    int             `json:"late"`     // firms whose day of notice is past
	Unsure  []UnsureParcel  `json:"unsure"`   // parcels whose grade is not stable
	Cleared int             `json:"cleared"`  // parcels cleared
}

// DisplacedFirm is one line of the ledger. A firm on several cleared parcels is one.
type DisplacedFirm struct {
	Firm     string     `json:"firm"`
	Name     string     `json:"name"`
	Class    string     `json:"class"`
	Town     string     `json:"town"`
	Parcels  []string   `json:"parcels"`
	Blocks   []string   `json:"blocks"`
	Year     int        `json:"year"`   // works start, the first of its parcels
	Notice   string     `json:"notice"` // told by, a day
	Late     bool       `json:"late"`   // that day is past
	FloorM2  float64    `json:"floor_m2"`
	Cost     float64    `json:"cost"` // moving, at the plan's price a m²
	Places   []NewPlace `json:"places"`
	PlacedM2 float64    `json:"placed_m2"`
	Hardship []Hardship `json:"hardship"`
}

// NewPlace is where a firm goes: "town:<id>" vacant floor, "block:<id>" new floor.
type NewPlace struct {
	To      string  `json:"to"`
	Year    int     `json:"year"`
	FloorM2 float64 `json:"floor_m2"`
}

// Hardship is a fact that makes moving a firm hard: bought, permit, equipment (recent)
// or sole; locale key "renewal.hardship.<key>".
type Hardship struct {
	Key string `json:"key"`
	On  string `json:"on,omitempty"`
}

// UnsureParcel is a parcel that the plan clears, or a lock forces, though its grade is
// not stable.
type UnsureParcel struct {
	GradeSure
	Block  string `json:"block"`  // "" when the plan does not clear it
	Locked bool   `json:"locked"` // a lock forces it
}

// FirmLedger makes the ledger of a stored plan. Facts about firms that may serve
// statistics only are left out.
func (c *City) FirmLedger(ctx context.Context, o LedgerOptions) (FirmLedger, error) {
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return FirmLedger{}, err
	}
	switch {
	case o.Recent < 0 || o.Recent > 100:
		return FirmLedger{}, optionError("recent", strconv.Itoa(o.Recent))
	case o.Notice < 0 || o.Notice > 240:
		return FirmLedger{}, optionError("notice", strconv.Itoa(o.Notice))
	}
	firms, err := c.Firms(ctx)
	if err != nil {
		return FirmLedger{}, err
	}
	barred, err := barredFields(ctx, c)
	if err != nil {
		return FirmLedger{}, err
	}
	out := LedgerOf(b.problem, &b.plan, firms, b.options.Economy.Relocate, o, barred)
	out.asOf(string(plottage.DateOf(c.Now())))
	out.Unsure, err = c.unsure(ctx, b.problem, &b.plan)
	return out, err
}

// asOf marks the firms that should have been told before today.
func (l *FirmLedger) asOf(today string) {
	for i := range l.Firms {
		if d := &l.Firms[i]; d.Notice < today {
			d.Late = true
			l.Late++
		}
	}
}

// LedgerOf makes the ledger of a plan of the problem: perM2 is the price of moving a m²
// of floor, barred names fields ("firm.class") that may not be read. It says nothing of
// grades: Unsure is empty.
func LedgerOf(p *renewal.Problem, plan *plottage.Plan, firms []plottage.Firm, perM2 float64, o LedgerOptions, barred map[string]bool) FirmLedger {
	byID := map[string]*plottage.Firm{}
	for i := range firms {
		byID[firms[i].ID] = &firms[i]
	}
	out := FirmLedger{Plan: refOf(plan), Decant: p.Decant, Firms: displaced(p, plan), Unsure: []UnsureParcel{}}
	for _, b := range plan.Blocks {
		out.Cleared += len(b.Parcels)
	}
	for i := range out.Firms {
		d := &out.Firms[i]
		if f := byID[d.Firm]; f != nil {
			d.Name, d.Town = f.Name, f.Town
			if !barred["firm.class"] {
				d.Class = f.Class
			}
			d.Hardship = hardships(f, d.Year, o.Recent, barred)
		}
		d.Notice = noticeDay(d.Year, o.Notice)
		d.Cost = d.FloorM2 * perM2
		out.FloorM2 += d.FloorM2
		out.Cost += d.Cost
		if len(d.Hardship) > 0 {
			out.Hard++
		}
		if out.Decant && d.PlacedM2 < d.FloorM2 {
			out.NoPlace++
		}
	}
	return out
}

// displaced gathers the plan's displaced floor by firm.
func displaced(p *renewal.Problem, plan *plottage.Plan) []DisplacedFirm {
	lots, at := map[string]*renewal.Lot{}, map[string]int{}
	for i := range p.Lots {
		lots[p.Lots[i].ID] = &p.Lots[i]
	}
	firms := []DisplacedFirm{}
	for _, block := range plan.Blocks {
		m := slices.IndexFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == block.Mode })
		if m < 0 || !p.Modes[m].Displaces {
			continue
		}
		for _, id := range block.Parcels {
			l := lots[id]
			if l == nil {
				continue
			}
			for _, f := range l.As(block.Treated).Firms {
				i, ok := at[f.ID]
				if !ok {
					i = len(firms)
					at[f.ID] = i
					firms = append(firms, DisplacedFirm{Firm: f.ID, Name: f.ID, Year: block.Year, Parcels: []string{}, Blocks: []string{}, Places: []NewPlace{}, Hardship: []Hardship{}})
				}
				d := &firms[i]
				d.Year = min(d.Year, block.Year)
				d.FloorM2 += float64(f.FloorM2)
				d.Parcels = append(d.Parcels, id)
				if !slices.Contains(d.Blocks, block.ID) {
					d.Blocks = append(d.Blocks, block.ID)
				}
			}
		}
	}
	for _, m := range plan.Moves {
		if i, ok := at[m.Firm]; ok {
			firms[i].Places = append(firms[i].Places, NewPlace{m.To, m.Year, m.FloorM2})
			firms[i].PlacedM2 += m.FloorM2
		}
	}
	slices.SortFunc(firms, func(x, y DisplacedFirm) int { return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(x.Firm, y.Firm)) })
	return firms
}

// hardships are the facts about a firm that weigh when works start in a year.
func hardships(f *plottage.Firm, year, recent int, barred map[string]bool) []Hardship {
	list := []Hardship{}
	for _, h := range []struct {
		key, field string
		on         plottage.Date
	}{{"bought", "bought_on", f.BoughtOn}, {"permit", "permit_on", f.PermitOn}, {"equipment", "equipment_on", f.EquipmentOn}} {
		if h.on.Known() && h.on.Time().Year() >= year-recent && !barred["firm."+h.field] {
			list = append(list, Hardship{h.key, string(h.on)})
		}
	}
	if f.SoleEmployer && !barred["firm.sole_employer"] {
		list = append(list, Hardship{Key: "sole"})
	}
	return list
}

// noticeDay is the day so many months before the year begins.
func noticeDay(year, months int) string {
	return string(plottage.DateOf(plottage.Date(fmt.Sprintf("%04d-01-01", year)).Time().AddDate(0, -months, 0)))
}

// UnsureParcels lists the parcels that a stored plan clears, or a lock of its problem
// forces, on a grade that is not stable. 0 is the newest plan.
func (c *City) UnsureParcels(ctx context.Context, plan int64) ([]UnsureParcel, error) {
	s, err := c.stated(ctx, plan)
	if err != nil {
		return nil, err
	}
	return c.unsure(ctx, s.Problem, s.Plan)
}

func (c *City) unsure(ctx context.Context, p *renewal.Problem, plan *plottage.Plan) ([]UnsureParcel, error) {
	block, locked := map[string]string{}, map[string]bool{}
	var ids []string
	for _, k := range plan.Blocks {
		for _, id := range k.Parcels {
			block[id] = k.ID
			ids = append(ids, id)
		}
	}
	for _, l := range p.Locks {
		if l.Kind == plottage.LockIn {
			if locked[l.Parcel] = true; block[l.Parcel] == "" {
				ids = append(ids, l.Parcel)
			}
		}
	}
	slices.Sort(ids)
	list := []UnsureParcel{}
	sure, err := c.GradeSureness(ctx, slices.Compact(ids))
	if plottage.CodeOf(err) == plottage.NotFound {
		return list, nil // not graded: nothing rests on a grade
	}
	for _, s := range sure {
		if !s.Stable {
			list = append(list, UnsureParcel{s, block[s.Parcel], locked[s.Parcel]})
		}
	}
	return list, err
}

// PlanCalendar is the calendar of a stored plan.
type PlanCalendar struct {
	Plan PlanRef `json:"plan"`
	renewal.Calendar
}

// Calendar sets the land a stored plan makes ready beside the projects; 0 is the newest.
func (c *City) Calendar(ctx context.Context, plan int64) (PlanCalendar, error) {
	s, err := c.stated(ctx, plan)
	if err != nil {
		return PlanCalendar{}, err
	}
	return PlanCalendar{refOf(s.Plan), renewal.CalendarOf(s.Problem, s.Plan)}, nil
}
