package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// blocksTable lists the plan's blocks in the order of years.
func (s *Snapshot) blocksTable() table {
	columns := []column{{"block", text(""), 11}, {"year", year(0), 7}, {"ready", year(0), 7}, {"town", text(""), 14}, {"mode", text(""), 12},
		{"parcels", whole(0), 8}, {"area", area(0), 12}, {"compactness", ratio(0), 9}, {"cost", money(0), 14}, {"demolished", floor(0), 14},
		{"workers", number(0), 10}, {"firms", whole(0), 8}, {"new_floor", floor(0), 14}, {"value", money(0), 14}, {"projects", text(""), 40}, {"parcel_ids", text(""), 60}}
	return of("blocks", columns, s.blocks(), func(b plottage.Block) []any {
		return []any{text(b.ID), year(b.Year), someYear(b.Ready), some(s.townName(b.Town)), some(s.word("export.mode.", b.Mode)),
			whole(len(b.Parcels)), area(b.AreaM2), ratio(b.Compactness), money(b.Cost), floor(b.DemolishedM2),
			number(b.DisplacedWorkers), whole(len(b.DisplacedFirms)), floor(b.NewFloorM2), money(b.Value),
			some(strings.Join(s.placedOn(b.ID), "、")), some(strings.Join(b.Parcels, " "))}
	})
}

// blocks returns the plan's blocks by year and id.
func (s *Snapshot) blocks() []plottage.Block {
	if s.Plan == nil {
		return nil
	}
	return slices.SortedFunc(slices.Values(s.Plan.Blocks), func(a, b plottage.Block) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), strings.Compare(a.ID, b.ID))
	})
}

// placedOn returns the names of the projects on a block.
func (s *Snapshot) placedOn(block string) []string {
	var names []string
	for _, p := range s.Plan.Placements {
		if p.Block == block {
			names = append(names, s.projectName(p.Project))
		}
	}
	return names
}

func (s *Snapshot) projectName(id string) string {
	if p, ok := s.project[id]; ok && p.Name != "" {
		return p.Name
	}
	return id
}

func (s *Snapshot) firmName(id string) string {
	if f, ok := s.firm[id]; ok && f.Name != "" {
		return f.Name
	}
	return id
}

// parcelsTable lists every parcel with its facts, its verdict and why it is in the
// plan or not.
func (s *Snapshot) parcelsTable() table {
	columns := []column{{"parcel", text(""), 22}, {"name", text(""), 16}, {"town", text(""), 14}, {"owner", text(""), 30}, {"use", text(""), 14},
		{"area", area(0), 10}, {"registered", area(0), 10}, {"floor_area", floor(0), 12}, {"far", ratio(0), 8}, {"year_built", year(0), 8},
		{"supplied_on", date(""), 12}, {"stage", text(""), 14}, {"queue", text(""), 10}, {"grade", text(""), 8}, {"disposal", text(""), 18}, {"candidate", text(""), 8},
		{"score", ratio(0), 8}, {"confidence", share(0), 9}, {"grounds", text(""), 60}, {"missing", text(""), 30},
		{"block", text(""), 11}, {"year", year(0), 7}, {"why", text(""), 50}}
	return of("parcels", columns, s.Parcels, func(p plottage.Parcel) []any {
		row := []any{text(p.ID), some(p.Name), some(s.townName(p.Town)), some(p.Owner), some(cmp.Or(p.UseName, p.Use)),
			area(p.AreaM2), opt[area](p.RegisteredAreaM2), opt[floor](p.FloorAreaM2), plotRatio(p), someYear(p.YearBuilt.Or(0)),
			someDate(p.SuppliedOn)}
		row = append(row, s.verdictCells(p.ID)...)
		block, when := any(nil), any(nil)
		if b := s.block[p.ID]; b != nil {
			block, when = text(b.ID), year(b.Year)
		}
		return append(row, block, when, some(s.why(p.ID)))
	})
}

// verdictCells are the columns from stage to missing.
func (s *Snapshot) verdictCells(parcel string) []any {
	v := s.verdict[parcel]
	if v == nil {
		return make([]any, 9)
	}
	candidate := s.t("export.no")
	if v.Candidate {
		candidate = s.t("export.yes")
	}
	return []any{some(s.word("export.stage.", string(v.Stage))), some(s.word("export.queue.", string(v.Queue))), some(s.gradeName(v.Grade)),
		some(s.disposalName(v.Disposal)), text(candidate), opt[ratio](v.Score), share(v.Confidence), some(s.grounds(v)), some(s.missing(v))}
}

func plotRatio(p plottage.Parcel) any {
	if !p.FloorAreaM2.Known || p.AreaM2 <= 0 {
		return nil
	}
	return ratio(p.FloorAreaM2.V / p.AreaM2)
}

// placementsTable lists every project and where it goes, or that it finds no place.
func (s *Snapshot) placementsTable() table {
	placed := map[string]plottage.Placement{}
	if s.Plan != nil {
		for _, p := range s.Plan.Placements {
			placed[p.Project] = p
		}
	}
	columns := []column{{"project_id", text(""), 10}, {"project", text(""), 34}, {"industry", text(""), 10}, {"needs", area(0), 12}, {"power", number(0), 10},
		{"release", year(0), 9}, {"deadline", year(0), 9}, {"investment", money(0), 14}, {"promised_tax", money(0), 14}, {"jobs", number(0), 8},
		{"block", text(""), 11}, {"takes_land", year(0), 9}, {"town", text(""), 14}, {"waits", whole(0), 10}, {"land_waits", whole(0), 10}, {"why_no_land", text(""), 60}}
	return of("placements", columns, s.Projects, func(p plottage.Project) []any {
		row := []any{text(p.ID), some(p.Name), some(p.Industry), area(p.AreaM2), number(p.PowerMW), someYear(p.Release), someYear(p.Deadline),
			money(p.Investment), money(p.Tax), number(p.Jobs)}
		at, ok := placed[p.ID]
		if !ok {
			row = append(row, some(s.t("export.unplaced")), nil, nil)
		} else {
			row = append(row, text(at.Block), year(at.Year), some(s.townName(s.townOf(at.Block))))
		}
		return append(row, s.waitCells(p.ID)...)
	})
}

func (s *Snapshot) townOf(block string) string {
	for _, b := range s.Plan.Blocks {
		if b.ID == block {
			return b.Town
		}
	}
	return ""
}

// place says where a move goes: "town:<id>" or "block:<id>".
func (s *Snapshot) place(to string) string {
	if id, ok := strings.CutPrefix(to, "town:"); ok {
		return s.t("export.to.town", "town", s.townName(id))
	}
	if id, ok := strings.CutPrefix(to, "block:"); ok {
		return s.t("export.to.block", "block", id)
	}
	return to
}

// sourcesTable lists where the data come from and how fresh they are.
func (s *Snapshot) sourcesTable() table {
	columns := []column{{"source", text(""), 36}, {"owner_bureau", text(""), 22}, {"source_class", text(""), 16}, {"as_of", date(""), 12}, {"age", whole(0), 10},
		{"imported", text(""), 18}, {"rows", whole(0), 10}, {"format", text(""), 12}, {"sha256", text(""), 24}}
	return of("sources", columns, s.Sources, func(src plottage.Source) []any {
		age := any(nil)
		if src.AsOf.Known() {
			age = whole(src.AsOf.DaysUntil(plottage.DateOf(s.Now)))
		}
		return []any{text(src.Name), some(src.Owner), some(s.word("export.class.", string(src.Class))), someDate(src.AsOf), age,
			some(strings.TrimSuffix(strings.Replace(src.Imported, "T", " ", 1), "Z")), whole(src.Rows), some(src.Format), some(short(src.SHA256))}
	})
}

// short is the head of a hash.
func short(hash string) string {
	if len(hash) > 16 {
		return hash[:16]
	}
	return hash
}
