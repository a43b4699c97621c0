package madeup

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

const pack = "made-up@2026-01-01"

const packYAML = `
format: 1
id: made-up
version: "2026-01-01"
title: {zh: 双溪市亩均效益评价办法, en: Shuangxi per-mu rule}
about: {zh: 仅供测试, en: for tests only}
region: CN-ZJ
in_force: {from: 2026-01-01}
sources:
  - {text: {zh: 示例, en: example}, status: example}
parameters:
  - {id: least, unit: money/mu/year, default: 10000, min: 0, status: example, label: {zh: 亩均税收下限, en: least tax per mu}, note: {zh: "", en: ""}}
inputs:
  - {name: tax_per_mu, kind: number, unit: money/mu/year}
grades:
  - {id: A, label: {zh: A类（优先发展）, en: A (develop first)}}
  - {id: B, label: {zh: B类（鼓励提升）, en: B (encourage)}}
  - {id: C, label: {zh: C类（监管调控）, en: C (supervise)}}
  - {id: D, label: {zh: D类（落后整治）, en: D (put right)}}
disposals:
  - {id: buy_back, label: {zh: 收储改造, en: buy back and rebuild}}
rules:
  - id: tax_per_mu
    article: art. 3
    text: {zh: "亩均税收低于{least}元的列入低效用地", en: "land with less than {least} of tax per mu counts as inefficient"}
    when: "tax_per_mu < least"
    then: {grade: D, queue: inefficient, disposal: buy_back, candidate: true}
`

// grade gives each parcel a verdict by its tax per mu.
func (m *maker) grade() {
	for _, p := range m.Land {
		v := plottage.Verdict{Parcel: p.ID, Pack: pack, AsOf: "2026-06-30", Stage: plottage.InFullUse, Confidence: 1}
		if !p.Tax.Known {
			v.Stage, v.Confidence = plottage.StageUnknown, 0.6
			v.Findings = []plottage.Finding{{Rule: "tax_per_mu", Article: "art. 3", Outcome: plottage.Undecided, Inputs: map[string]any{"land_mu": plottage.Mu(p.AreaM2)}, Missing: []string{"tax"}}}
			m.Verdict = append(m.Verdict, v)
			continue
		}
		perMu := p.Tax.V / plottage.Mu(p.AreaM2)
		v.Grade = "D"
		for i, least := range []float64{20_000, 10_000, 5_000} {
			if perMu >= least {
				v.Grade = string("ABC"[i])
				break
			}
		}
		if v.Grade >= "C" {
			v.Stage, v.Queue, v.Disposal, v.Candidate = plottage.BelowStandard, plottage.QueueInefficient, "buy_back", true
		}
		if v.Grade == "D" && m.r.IntN(5) == 0 {
			v.Stage, v.Queue = plottage.SuppliedUnused, plottage.QueueIdle
		}
		v.Score = plottage.Some(perMu / 300)
		v.Findings = []plottage.Finding{{Rule: "tax_per_mu", Article: "art. 3", Outcome: plottage.Holds, Inputs: map[string]any{"tax": p.Tax.V, "land_mu": plottage.Mu(p.AreaM2), "tax_per_mu": perMu}}}
		m.Verdict = append(m.Verdict, v)
	}
}

// clusters joins touching candidates.
func (m *maker) clusters() {
	area, candidate := map[string]float64{}, map[string]bool{}
	for _, p := range m.Land {
		area[p.ID] = p.AreaM2
	}
	for _, v := range m.Verdict {
		candidate[v.Parcel] = v.Candidate
	}
	seen := map[string]bool{}
	c := &workspace.Clustering{Run: 1, Rule: workspace.UsualRule()}
	for _, p := range m.Land {
		if seen[p.ID] || !candidate[p.ID] {
			continue
		}
		one := plottage.Cluster{}
		for queue := []string{p.ID}; len(queue) > 0; queue = queue[1:] {
			id := queue[0]
			if seen[id] || !candidate[id] {
				continue
			}
			seen[id] = true
			one.Parcels, one.AreaM2 = append(one.Parcels, id), one.AreaM2+area[id]
			queue = append(queue, m.adj[id]...)
		}
		slices.Sort(one.Parcels)
		c.Clusters = append(c.Clusters, one)
	}
	slices.SortStableFunc(c.Clusters, func(a, b plottage.Cluster) int { return int(b.AreaM2 - a.AreaM2) })
	for i := range c.Clusters {
		c.Clusters[i].ID = i + 1
	}
	m.Cluster = c
}

// plan clears the larger clusters, a few each year.
func (m *maker) plan() {
	p := plottage.Plan{ID: 3, Name: "", Run: 2, Status: plottage.Feasible, Years: []int{2027, 2028, 2029, 2030, 2031}, Value: 1.31e9, Bound: 1.352e9, Gap: 0.032}
	for i, c := range m.Cluster.Clusters {
		if i >= 14 || c.AreaM2 < 12_000 {
			break
		}
		year := p.Years[i%len(p.Years)]
		b := plottage.Block{ID: fmt.Sprintf("%d-%02d", year, 1+i/len(p.Years)), Parcels: c.Parcels, Year: year, Ready: year + 2, Mode: []string{"clear", "vertical"}[i%2], Cluster: c.ID, AreaM2: c.AreaM2, Compactness: 0.61, Cost: c.AreaM2 * 2100, Value: c.AreaM2 * 1500, NewFloorM2: float64(i%2) * c.AreaM2 * 1.5}
		for _, land := range m.Land {
			if slices.Contains(c.Parcels, land.ID) {
				b.Geometry = append(b.Geometry, orb.Clone(land.Geometry).(orb.MultiPolygon)...)
				b.Town, b.DemolishedM2, b.DisplacedWorkers = land.Town, b.DemolishedM2+land.FloorAreaM2.V, b.DisplacedWorkers+land.Workers.V
			}
		}
		for k, h := range m.Holding {
			if slices.Contains(c.Parcels, h.Parcel) {
				b.DisplacedFirms = append(b.DisplacedFirms, h.Firm)
				p.Moves = append(p.Moves, plottage.Move{Firm: h.Firm, From: h.Parcel, Block: b.ID, Year: year, To: "town:T" + fmt.Sprint(1+k%4), FloorM2: h.FloorM2.V})
			}
		}
		p.Blocks = append(p.Blocks, b)
	}
	slices.SortFunc(p.Blocks, func(a, b plottage.Block) int { return cmpID(a.ID, b.ID) })
	for i, project := range m.Project[:6] {
		b := p.Blocks[i]
		p.Placements = append(p.Placements, plottage.Placement{Project: project.ID, Block: b.ID, Year: max(b.Ready, project.Release), AreaM2: min(project.AreaM2, b.AreaM2), Value: 4e7})
	}
	m.Planned = []plottage.Plan{p}
	m.Ran[2] = plottage.Run{ID: 2, Verb: "renewal solve", Version: plottage.Version, Seed: 1, Started: "2026-11-22T09:00:00Z", Seconds: 21, Input: m.problem(p.Years), Status: "done"}
	m.Lot = []plottage.Lock{{Parcel: p.Blocks[0].Parcels[0], Kind: plottage.LockIn, Note: "市领导点题"}, {Parcel: m.Cluster.Clusters[16].Parcels[0], Kind: plottage.LockOut}}
}

func cmpID(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}
