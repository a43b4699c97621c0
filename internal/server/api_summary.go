package server

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/plottage/plottage"
)

// Summary is the city's land counted.
type Summary struct {
	Grading    *Grading    `json:"grading,omitempty" doc:"missing before the first grading"`
	Clustering *Clustering `json:"clustering,omitempty" doc:"missing before the first clustering"`
	Towns      []TownSum   `json:"towns"`
	AreaM2     float64     `json:"area_m2" doc:"all parcels"`
}

// Grading counts what the last rule pack said.
type Grading struct {
	Pack       string         `json:"pack"`
	Title      plottage.Label `json:"title"`
	AsOf       string         `json:"as_of"`
	Grades     []Class        `json:"grades" doc:"best first, as the pack orders them"`
	Queues     []Class        `json:"queues"`
	Stages     []Class        `json:"stages"`
	Candidates Class          `json:"candidates"`
}

// Class is a group of parcels counted. Label is empty for queues and stages, which
// the catalogue names.
type Class struct {
	Key     string         `json:"key" doc:"empty: in none"`
	Label   plottage.Label `json:"label"`
	Parcels int            `json:"parcels"`
	AreaM2  float64        `json:"area_m2"`
}

// Clustering counts the clusters of candidates and states their rule.
type Clustering struct {
	Rule     plottage.ContiguityRule `json:"rule"`
	Clusters int                     `json:"clusters"`
	Largest  []ClusterSum            `json:"largest" doc:"the ten largest"`
}

// ClusterSum is one cluster.
type ClusterSum struct {
	ID      int     `json:"id"`
	Parcels int     `json:"parcels"`
	AreaM2  float64 `json:"area_m2"`
}

// TownSum is the land of a town.
type TownSum struct {
	ID           string         `json:"id"`
	Name         plottage.Label `json:"name"`
	Parcels      int            `json:"parcels"`
	AreaM2       float64        `json:"area_m2"`
	CandidatesM2 float64        `json:"candidates_m2"`
}

func (s *Server) getSummary(_ context.Context, snap *snapshot, _ *struct{}) (Summary, error) {
	return snap.lookups.summary(), nil
}

func (s *snapshot) sumUp() Summary {
	sum := Summary{Grading: s.grading(), Clustering: s.clustering(), Towns: s.townSums()}
	for i := range s.parcels {
		sum.AreaM2 += s.parcels[i].AreaM2
	}
	return sum
}

func (s *snapshot) grading() *Grading {
	if s.graded == 0 {
		return nil
	}
	grades, queues, stages := tally{}, tally{}, tally{}
	g := &Grading{Title: s.pack.title, Candidates: Class{Key: "candidate"}}
	for i, v := range s.verdicts {
		if v == nil {
			continue
		}
		g.Pack, g.AsOf = v.Pack, string(v.AsOf)
		area := s.parcels[i].AreaM2
		grades.add(v.Grade, area)
		queues.add(string(v.Queue), area)
		stages.add(string(v.Stage), area)
		if v.Candidate {
			g.Candidates.Parcels++
			g.Candidates.AreaM2 += area
		}
	}
	g.Grades = grades.inOrder(s.pack.order, s.pack.grades)
	g.Queues = queues.inOrder(queueOrder, nil)
	g.Stages = stages.inOrder(stageOrder, nil)
	return g
}

var queueOrder = []string{string(plottage.QueueUnsupplied), string(plottage.QueueStock), string(plottage.QueueIdle), string(plottage.QueueInefficient), ""}

var stageOrder = []string{
	string(plottage.Unsupplied), string(plottage.SuppliedUnused), string(plottage.UnderBuilt),
	string(plottage.NotOperating), string(plottage.BelowStandard), string(plottage.InFullUse), "",
}

// tally counts parcels and area by key.
type tally map[string]Class

func (t tally) add(key string, areaM2 float64) {
	c := t[key]
	t[key] = Class{Key: key, Parcels: c.Parcels + 1, AreaM2: c.AreaM2 + areaM2}
}

// inOrder returns the classes met, first those of the order, then others by key, and
// "" last.
func (t tally) inOrder(order []string, labels map[string]plottage.Label) []Class {
	rank := map[string]int{}
	for i, key := range order {
		rank[key] = i + 1
	}
	place := func(c Class) int {
		switch r := rank[c.Key]; {
		case c.Key == "":
			return len(order) + 2
		case r == 0:
			return len(order) + 1
		default:
			return r
		}
	}
	out := slices.Collect(maps.Values(t))
	slices.SortFunc(out, func(a, b Class) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Key, b.Key))
	})
	for i := range out {
		out[i].Label = labels[out[i].Key]
	}
	return out
}

func (s *snapshot) clustering() *Clustering {
	if s.clusters == nil {
		return nil
	}
	c := &Clustering{Rule: s.clusters.Rule, Clusters: len(s.clusters.Clusters), Largest: []ClusterSum{}}
	c.Rule.Across = append([]plottage.WayClass{}, c.Rule.Across...)
	for _, one := range s.clusters.Clusters[:min(10, len(s.clusters.Clusters))] {
		c.Largest = append(c.Largest, ClusterSum{one.ID, len(one.Parcels), one.AreaM2})
	}
	return c
}

func (s *snapshot) townSums() []TownSum {
	sums, at := []TownSum{}, map[string]int{}
	for _, t := range s.towns {
		at[t.ID] = len(sums)
		sums = append(sums, TownSum{ID: t.ID, Name: t.Name})
	}
	for i := range s.parcels {
		p := &s.parcels[i]
		n, ok := at[p.Town]
		if !ok {
			continue
		}
		sums[n].Parcels++
		sums[n].AreaM2 += p.AreaM2
		if v := s.verdicts[i]; v != nil && v.Candidate {
			sums[n].CandidatesM2 += p.AreaM2
		}
	}
	return sums
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
