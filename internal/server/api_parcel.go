package server

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
)

// ParcelInfo is everything known about one parcel.
type ParcelInfo struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Town      plottage.Label `json:"town"`
	AreaM2    float64        `json:"area_m2" doc:"measured from the boundary"`
	Box       []float64      `json:"box" doc:"west, south, east, north; empty without a boundary"`
	Facts     []Fact         `json:"facts"`
	Extra     []Pair         `json:"extra" doc:"columns of the source that map to no field"`
	Source    *SourceInfo    `json:"source,omitempty" doc:"what brought the boundary; missing when not recorded"`
	Row       int            `json:"row" doc:"row of that source, from 1; 0 not recorded"`
	Verdict   *VerdictInfo   `json:"verdict,omitempty" doc:"missing before grading or when the pack does not apply"`
	Firms     []FirmHere     `json:"firms"`
	Buildings []BuildingHere `json:"buildings"`
	Cluster   *ClusterSum    `json:"cluster,omitempty" doc:"missing outside clusters"`
	Lock      string         `json:"lock" enum:",in,out"`
	LockNote  string         `json:"lock_note"`
	Standing  Standing       `json:"standing"`
}

// Fact is one attribute. Its label is field.<field> of the catalogue.
type Fact struct {
	Field    string `json:"field"`
	Kind     string `json:"kind" enum:"text,number,whole,day,flag"`
	Unit     string `json:"unit"`
	Value    Scalar `json:"value" doc:"null: not known"`
	Class    string `json:"class" doc:"source class of the field, empty when not stated"`
	Withheld bool   `json:"withheld" doc:"known, but statistics-only: not shown parcel by parcel"`
}

// Pair is a column of the source as it stands.
type Pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// BuildingHere is a building on the parcel, and what the plan does with it.
type BuildingHere struct {
	ID        string   `json:"id"`
	FloorM2   *float64 `json:"floor_m2"`
	Use       string   `json:"use"`
	YearBuilt int      `json:"year_built" doc:"0 not known"`
	Condition string   `json:"condition" enum:",sound,worn,unsafe"`
	Protected bool     `json:"protected" doc:"it may not be torn down"`
	What      string   `json:"what" enum:",keep,refit,raise,clear" doc:"empty: the plan leaves the parcel alone, or says nothing of it"`
}

// FirmHere is a firm on the parcel.
type FirmHere struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Industry     string   `json:"industry"`
	Class        string   `json:"class" doc:"per-mu performance class"`
	Tenant       bool     `json:"tenant"`
	LandM2       *float64 `json:"land_m2"`
	FloorM2      *float64 `json:"floor_m2"`
	SoleEmployer bool     `json:"sole_employer"`
	To           *Target  `json:"to,omitempty" doc:"where the plan moves it from this parcel; missing: it does not"`
}

type parcelInput struct {
	ID   string `path:"id" maxLength:"200"`
	Plan int64  `query:"plan" doc:"plan it is judged in; 0 none"`
}

func (s *Server) getParcel(ctx context.Context, snap *snapshot, in *parcelInput) (ParcelInfo, error) {
	i := snap.at(in.ID)
	if i < 0 {
		return ParcelInfo{}, notFound("parcel", in.ID)
	}
	v, err := snap.view(ctx, in.Plan)
	if err != nil {
		return ParcelInfo{}, err
	}
	p := &snap.parcels[i]
	info := ParcelInfo{
		ID: p.ID, Name: p.Name, Town: snap.townName(p.Town), AreaM2: p.AreaM2, Box: boxOf(snap.shapes.parcels, i),
		Facts: snap.facts(p), Extra: pairs(p.Extra), Row: p.Row,
		Verdict: snap.verdictInfo(i), Firms: snap.firmsOn(p.ID, v), Buildings: snap.buildingsOn(i, v), Cluster: snap.clusterOf(i),
		Lock: string(snap.locks[p.ID].Kind), LockNote: snap.locks[p.ID].Note,
		Standing: snap.standing(v, i),
	}
	if src, ok := snap.sources[p.Source]; ok {
		one := sourceInfo(src)
		info.Source = &one
	}
	return info, nil
}

// facts lists the fields of the catalogue, the measured area first. What the law
// keeps to statistics is not shown for a single parcel.
func (s *snapshot) facts(p *plottage.Parcel) []Fact {
	facts := []Fact{{Field: "area_m2", Kind: string(plottage.Number), Unit: "m2", Value: Scalar{p.AreaM2}, Class: string(plottage.Derived)}}
	for _, f := range plottage.ParcelFields {
		if f.Name == "id" || f.Name == "name" || f.Name == "town" {
			continue // the drawer's title
		}
		class := s.classes["parcel."+f.Name]
		fact := Fact{Field: f.Name, Kind: string(f.Kind), Unit: f.Unit, Value: Scalar{f.Get(p)}, Class: string(class)}
		if fact.Value.V != nil && !class.Permits(plottage.UseExport) {
			fact.Value, fact.Withheld = Scalar{}, true
		}
		facts = append(facts, fact)
	}
	return facts
}

// open returns the value of a field whose source may be shown unit by unit, else the
// zero value.
func open[T any](s *snapshot, field string, v T) T {
	if s.classes[field].Permits(plottage.UseExport) {
		return v
	}
	var none T
	return none
}

func pairs(extra map[string]string) []Pair {
	out := []Pair{}
	for _, k := range sortedKeys(extra) {
		out = append(out, Pair{k, extra[k]})
	}
	return out
}

func (s *snapshot) buildingsOn(i int, v *view) []BuildingHere {
	out := []BuildingHere{}
	for _, b := range s.buildings[s.parcels[i].ID] {
		here := BuildingHere{ID: b.ID, FloorM2: open(s, "building.floor_m2", pointer(b.FloorM2)), Use: open(s, "building.use", b.Use),
			YearBuilt: open(s, "building.year_built", b.YearBuilt), Protected: open(s, "building.protected", b.Protected)}
		switch b.Condition {
		case plottage.Sound, plottage.Worn, plottage.Unsafe:
			here.Condition = open(s, "building.condition", string(b.Condition))
		}
		here.What = string(v.handling(i, b))
		out = append(out, here)
	}
	return out
}

// handling is what the plan does with a building: what the block says of it, else what
// its way of building does to whole parcels; "" when that is neither.
func (v *view) handling(parcel int, building plottage.Building) plottage.Handling {
	n, in := v.blockOf[parcel]
	if !in || v.kept[parcel] {
		return ""
	}
	for _, t := range v.plan.Blocks[n].Treated {
		if k := slices.IndexFunc(t.Buildings, func(h plottage.Handled) bool { return h.ID == building.ID }); t.Parcel == building.Parcel && k >= 0 {
			return t.Buildings[k].What
		}
	}
	switch v.plan.Blocks[n].Mode {
	case "clear", "vertical", "reserve", "reclaim", "swap":
		return plottage.Clear
	case "convert":
		return plottage.Refit
	}
	return ""
}

func (s *snapshot) firmsOn(parcel string, v *view) []FirmHere {
	out := []FirmHere{}
	for _, h := range s.holdings[parcel] {
		here := FirmHere{
			ID: h.Firm, Name: h.Firm, Tenant: h.Tenant,
			LandM2:  open(s, "holding.land_m2", pointer(h.LandM2)),
			FloorM2: open(s, "holding.floor_m2", pointer(h.FloorM2)),
		}
		if i, ok := s.firmByID[h.Firm]; ok {
			f := &s.firms[i]
			here.Name, here.Industry = f.Name, open(s, "firm.industry", f.Industry)
			here.Class, here.SoleEmployer = open(s, "firm.class", f.Class), open(s, "firm.sole_employer", f.SoleEmployer)
		}
		for _, m := range v.plan.Moves {
			if m.Firm == h.Firm && m.From == parcel {
				to := s.target(m.To)
				here.To = &to
			}
		}
		out = append(out, here)
	}
	return out
}

func (s *snapshot) clusterOf(i int) *ClusterSum {
	id := s.cluster[i]
	if id == 0 {
		return nil
	}
	for _, c := range s.clusters.Clusters {
		if c.ID == id {
			return &ClusterSum{c.ID, len(c.Parcels), c.AreaM2}
		}
	}
	return nil
}

func pointer[T any](o plottage.Opt[T]) *T {
	if !o.Known {
		return nil
	}
	return &o.V
}
