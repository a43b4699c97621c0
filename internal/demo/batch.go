package demo

import (
	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// Batches returns the city as the bureaus would deliver it: the cadastre, the
// register of firms with the yearly figures, and the list of projects. Emissions
// come from a statistical survey (环境统计) and may serve statistics only.
func (c City) Batches() []workspace.Batch {
	source := func(name, owner string, class plottage.SourceClass, rows int) plottage.Source {
		return plottage.Source{Name: name, Format: "demo", Class: class, Owner: owner, AsOf: AsOf, Rows: rows}
	}
	return []workspace.Batch{
		{Source: source("宗地与道路（虚构）", "自然资源和规划局", plottage.Registry, len(c.Parcels)), EPSG: EPSG,
			Towns: c.Towns, Ways: c.Ways, Parcels: c.Parcels},
		{Source: source("企业名录与亩均数据（虚构）", "经济和信息化局", plottage.Administrative, len(c.Firms)), EPSG: EPSG,
			Firms: c.Firms, FirmYears: c.FirmYears, Holdings: c.Holdings,
			Classes: []workspace.FieldClass{{Noun: "firm_year", Field: "emission_t", Class: plottage.Statistical}}},
		{Source: source("在谈项目（虚构）", "投资促进中心", plottage.Declared, len(c.Projects)), EPSG: EPSG,
			Projects: c.Projects},
	}
}
