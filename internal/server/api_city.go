package server

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
)

// Version tells a page whether what it shows is still what the server has.
type Version struct {
	Program string `json:"program" doc:"version of the program"`
	Born    string `json:"born" doc:"differs between runs of the program"`
	City    int64  `json:"city" doc:"version of the city: counts acknowledged changes"`
	Tag     string `json:"tag" doc:"names this city at this version"`
	Tiles   string `json:"tiles" doc:"names what tiles are cut from: the same as long as no tile that was cut is wrong"`
}

func (s *Server) getVersion(_ context.Context, snap *snapshot, _ *struct{}) (Version, error) {
	return Version{Program: plottage.Version, Born: s.born, City: snap.meta.Version, Tag: snap.tag, Tiles: snap.tilesTag}, nil
}

// CityInfo is the city as a whole.
type CityInfo struct {
	Name     plottage.Label `json:"name"`
	File     string         `json:"file" doc:"name of the city file, for commands"`
	EPSG     int            `json:"epsg" doc:"projected coordinate system; 0 before the first import"`
	Currency string         `json:"currency" doc:"ISO 4217"`
	Version  Version        `json:"version"`
	Counts   Counts         `json:"counts"`
	Extent   []float64      `json:"extent" doc:"west, south, east, north in degrees; empty when there is nothing to show"`
	Plan     int64          `json:"plan" doc:"id of the newest plan that decides something, of the newest when none does; 0 none"`
	Tried    int64          `json:"tried" doc:"id of the newest plan when it decides nothing: no plan keeps its rules, or it clears no land; 0 none"`
	Sources  []SourceInfo   `json:"sources"`
	Basemap  *BasemapInfo   `json:"basemap,omitempty" doc:"what lies under the parcels; missing when nothing does"`
}

// Counts says how much of each noun the city has.
type Counts struct {
	Parcels    int `json:"parcels"`
	Graded     int `json:"graded" doc:"parcels with a verdict"`
	Candidates int `json:"candidates"`
	Firms      int `json:"firms"`
	Projects   int `json:"projects"`
	Towns      int `json:"towns"`
	Ways       int `json:"ways"`
	Clusters   int `json:"clusters"`
	Plans      int `json:"plans"`
	Locks      int `json:"locks"`
}

// SourceInfo is a file that brought data, with how fresh it is.
type SourceInfo struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Class    string `json:"class"`
	Owner    string `json:"owner" doc:"bureau that answers for it, empty when not stated"`
	AsOf     string `json:"as_of" doc:"date of the data, empty when not stated"`
	Imported string `json:"imported"`
	Rows     int    `json:"rows"`
}

func sourceInfo(s plottage.Source) SourceInfo {
	return SourceInfo{s.ID, s.Name, string(s.Class), s.Owner, string(s.AsOf), s.Imported, s.Rows}
}

func (s *Server) getCity(ctx context.Context, snap *snapshot, _ *struct{}) (CityInfo, error) {
	version, _ := s.getVersion(ctx, snap, nil)
	info := CityInfo{
		Name: snap.meta.Name, File: s.opts.File, EPSG: snap.meta.EPSG, Currency: snap.meta.Currency,
		Version: version, Counts: snap.counts(), Extent: snap.extent(), Plan: snap.newest(), Tried: snap.tried(), Sources: []SourceInfo{},
	}
	if shown, all := plansShown(ctx); !all {
		there := slices.DeleteFunc(slices.Clone(shown), func(id int64) bool { return !snap.hasPlan(id) })
		if info.Plan, info.Counts.Plans = 0, len(there); len(there) > 0 {
			info.Plan = there[0]
		}
	}
	info.Basemap = s.opts.Basemap.info(info.Extent)
	for _, id := range sortedKeys(snap.sources) {
		info.Sources = append(info.Sources, sourceInfo(snap.sources[id]))
	}
	return info, nil
}

func (s *snapshot) counts() Counts {
	c := Counts{
		Parcels: len(s.parcels), Graded: s.graded, Firms: len(s.firms), Projects: len(s.projects),
		Towns: len(s.towns), Ways: s.ways, Plans: len(s.plans), Locks: len(s.locks),
	}
	for _, v := range s.verdicts {
		if v != nil && v.Candidate {
			c.Candidates++
		}
	}
	if s.clusters != nil {
		c.Clusters = len(s.clusters.Clusters)
	}
	return c
}

// extent is the box of the parcels, or of the towns in a city without any.
func (s *snapshot) extent() []float64 {
	b, ok := s.shapes.parcels.Bound()
	if !ok {
		b, ok = s.shapes.towns.Bound()
	}
	if !ok {
		return []float64{}
	}
	box := degrees(b)
	return box[:]
}
