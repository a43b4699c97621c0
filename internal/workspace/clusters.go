package workspace

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// UsualRule is the contiguity rule where nobody states another.
func UsualRule() plottage.ContiguityRule { return plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 0.5} }

// ClusterOptions say which candidates count as lying together.
type ClusterOptions struct {
	Pack     string                  `json:"pack"` // "" the pack graded last
	Rule     plottage.ContiguityRule `json:"rule"`
	WarnLots int                     `json:"warn_lots"` // clusters of more lots are named; 0: 24
}

// Clustered is the answer of Clusters.
type Clustered struct {
	Run        int64                   `json:"run"`
	Pack       string                  `json:"pack"`
	Rule       plottage.ContiguityRule `json:"rule"`
	Candidates land.Tally              `json:"candidates"`
	Links      int                     `json:"links"`
	Touching   int                     `json:"touching"`   // links that share a border
	AcrossGap  int                     `json:"across_gap"` // the other links
	AcrossWay  int                     `json:"across_way"` // those of AcrossGap that cross a way
	Clusters   []plottage.Cluster      `json:"clusters"`
	Sizes      []land.Sizes            `json:"sizes"`
	Large      []int                   `json:"large,omitempty"` // ids of clusters of more than WarnLots lots
}

// sizesMu are the sizes of block that rules of practice speak of, in mu.
var sizesMu = []float64{0, 15, 30, 50, 100, 200}

// clusterInput is kept with the run.
type clusterInput struct {
	Rule    plottage.ContiguityRule `json:"rule"`
	Parcels []clusterParcel         `json:"parcels"`
	Ways    []clusterWay            `json:"ways,omitempty"`
}

type clusterParcel struct {
	ID        string  `json:"id"`
	Candidate bool    `json:"candidate,omitempty"`
	AreaM2    float64 `json:"area_m2"`
	WKB       []byte  `json:"wkb"`
}

type clusterWay struct {
	Class plottage.WayClass `json:"class"`
	WKB   []byte            `json:"wkb"`
}

// Clusters links the candidates of a grading by the contiguity rule and keeps links
// and clusters.
func (c *City) Clusters(ctx context.Context, o ClusterOptions) (Clustered, error) {
	start := c.Now()
	if o.WarnLots == 0 {
		o.WarnLots = 24
	}
	parcels, candidate, pack, err := c.candidates(ctx, o.Pack)
	if err != nil {
		return Clustered{}, err
	}
	ways, err := c.Ways(ctx)
	if err != nil {
		return Clustered{}, err
	}
	links, err := land.FindLinks(ctx, parcels, candidate, ways, o.Rule)
	if err != nil {
		return Clustered{}, err
	}
	clusters := land.Clusters(parcels, candidate, links)
	out := describe(clusters, links, o)
	out.Pack = pack
	input, err := clusterInputOf(parcels, candidate, ways, o.Rule)
	if err != nil {
		return Clustered{}, err
	}
	cl := Clustering{Rule: o.Rule, Links: links, Clusters: clusters}
	run, err := c.newRun("land clusters", start, o, input, cl)
	if err != nil {
		return Clustered{}, err
	}
	out.Run, err = c.SaveClustering(ctx, c.Actor, run, cl)
	return out, err
}

// candidates returns all parcels, which of them a grading made candidates, and the
// pack it was made with.
func (c *City) candidates(ctx context.Context, pack string) (parcels []plottage.Parcel, candidate []bool, ref string, err error) {
	verdicts, err := c.graded(ctx, pack)
	if err != nil {
		return nil, nil, "", err
	}
	yes := map[string]bool{}
	for i := range verdicts {
		if verdicts[i].Candidate {
			yes[verdicts[i].Parcel] = true
		}
	}
	if parcels, err = c.Parcels(ctx); err != nil {
		return nil, nil, "", err
	}
	candidate = make([]bool, len(parcels))
	for i := range parcels {
		candidate[i] = yes[parcels[i].ID]
	}
	return parcels, candidate, verdicts[0].Pack, nil
}

// graded returns the verdicts of the pack graded last, or of a pack by id, newest
// version first, or by id and version. It is an error when there are none.
func (c *City) graded(ctx context.Context, pack string) ([]plottage.Verdict, error) {
	refs := []string{pack}
	if pack != "" && !strings.Contains(pack, "@") {
		packs, err := c.Packs(ctx)
		if err != nil {
			return nil, err
		}
		refs = land.Versions(packs, pack)
	}
	for _, ref := range refs {
		if verdicts, err := c.Verdicts(ctx, ref); err != nil || len(verdicts) > 0 {
			return verdicts, err
		}
	}
	if pack == "" {
		return nil, &plottage.Error{Code: plottage.NotFound, Key: "land_not_graded"}
	}
	return nil, &plottage.Error{Code: plottage.NotFound, Key: "land_not_graded_by", Args: map[string]any{"pack": pack}}
}

func describe(clusters []plottage.Cluster, links []plottage.Link, o ClusterOptions) Clustered {
	out := Clustered{Rule: o.Rule, Clusters: clusters, Links: len(links)}
	for _, l := range links {
		if l.SharedM > 0 {
			out.Touching++
			continue
		}
		out.AcrossGap++
		if l.Way != "" {
			out.AcrossWay++
		}
	}
	for _, c := range clusters {
		out.Candidates.Parcels += len(c.Parcels)
		out.Candidates.AreaM2 += c.AreaM2
		if len(c.Parcels) > o.WarnLots {
			out.Large = append(out.Large, c.ID)
		}
	}
	m2 := make([]float64, len(sizesMu))
	for i, mu := range sizesMu {
		m2[i] = mu * plottage.M2PerMu
	}
	out.Sizes = land.SizesOf(clusters, m2...)
	return out
}

// clusterInputOf keeps what the answer turned on: candidates, what stands near them,
// and the ways.
func clusterInputOf(parcels []plottage.Parcel, candidate []bool, ways []plottage.Way, rule plottage.ContiguityRule) (clusterInput, error) {
	in := clusterInput{Rule: rule}
	for _, i := range land.Around(parcels, candidate, rule.MaxGapM) {
		p := parcels[i]
		b, err := wkb.Marshal(p.Geometry)
		if err != nil {
			return in, err
		}
		in.Parcels = append(in.Parcels, clusterParcel{ID: p.ID, Candidate: candidate[i], AreaM2: p.AreaM2, WKB: b})
	}
	for _, w := range ways {
		b, err := wkb.Marshal(w.Geometry)
		if err != nil {
			return in, err
		}
		in.Ways = append(in.Ways, clusterWay{Class: w.Class, WKB: b})
	}
	return in, nil
}

func replayClusters(ctx context.Context, r plottage.Run) (bool, error) {
	var in clusterInput
	var want Clustering
	if err := json.Unmarshal(r.Input, &in); err != nil {
		return false, err
	}
	if err := json.Unmarshal(r.Result, &want); err != nil {
		return false, err
	}
	var parcels []plottage.Parcel
	var candidate []bool
	for _, p := range in.Parcels {
		g, err := wkb.Unmarshal(p.WKB)
		if err != nil {
			return false, err
		}
		mp, _ := g.(orb.MultiPolygon)
		parcels = append(parcels, plottage.Parcel{ID: p.ID, AreaM2: p.AreaM2, Geometry: mp})
		candidate = append(candidate, p.Candidate)
	}
	var ways []plottage.Way
	for _, w := range in.Ways {
		g, err := wkb.Unmarshal(w.WKB)
		if err != nil {
			return false, err
		}
		ml, _ := g.(orb.MultiLineString)
		ways = append(ways, plottage.Way{Class: w.Class, Geometry: ml})
	}
	links, err := land.FindLinks(ctx, parcels, candidate, ways, in.Rule)
	if err != nil {
		return false, err
	}
	got := Clustering{Rule: in.Rule, Links: links, Clusters: land.Clusters(parcels, candidate, links)}
	return reflect.DeepEqual(orEmpty(got), orEmpty(want)), nil
}

// orEmpty makes nil and empty lists alike.
func orEmpty(c Clustering) Clustering {
	c.Run = 0
	c.Links = append([]plottage.Link{}, c.Links...)
	c.Clusters = append([]plottage.Cluster{}, c.Clusters...)
	c.Rule.Across = append([]plottage.WayClass{}, c.Rule.Across...)
	return c
}
