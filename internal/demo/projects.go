package demo

import (
	"fmt"

	"github.com/plottage/plottage"
)

// ventures are what the investment bureau negotiates about: an industry, what is to
// be made, and the load a hectare draws in MW.
var ventures = []struct {
	code, what string
	mwPerHa    float64
	upstairs   bool // light enough for upper floors
}{
	{"3825", "高效光伏组件", 0.9, false},
	{"3841", "储能电池系统", 1.2, false},
	{"3670", "新能源汽车热管理部件", 0.6, false},
	{"3484", "精密传动部件", 0.5, false},
	{"3982", "高密度互连电路板", 1.1, true},
	{"2770", "医用防护与诊断器材", 0.4, true},
	{"3525", "精密模具", 0.5, true},
	{"1830", "智能服饰工厂", 0.25, true},
	{"2451", "智能玩具", 0.3, true},
	{"2438", "时尚饰品产业园", 0.25, true},
	{"3872", "智能照明灯具", 0.35, true},
	{"2319", "绿色包装印刷", 0.4, true},
	{"3491", "工业机器人集成", 0.45, false},
	{"1421", "休闲食品", 0.4, false},
}

// makeProjects draws the projects that look for land: 30 to 150 mu, mostly at the
// small end, with years and promises.
func makeProjects(d dice) []plottage.Project {
	const n = 60
	projects := make([]plottage.Project, 0, n)
	for i := range n {
		v := oneOf(d, ventures)
		mu := round(d.within(52, 0.45, 30, 150), 1)
		p := plottage.Project{
			ID:       fmt.Sprintf("P%03d", i+1),
			Name:     fmt.Sprintf("%c%c%s项目", oneOf(d, firmFirst), oneOf(d, firmSecond), v.what),
			Industry: v.code, Stage: oneOf(d, []string{"lead", "lead", "signed", "signed", "approved"}),
			AreaM2: mu * plottage.M2PerMu, PowerMW: round(mu/15*v.mwPerHa*d.between(0.7, 1.3), 0.1),
			MinFAR: oneOf(d, []float64{1.5, 1.5, 1.8, 2.0, 2.5}),
		}
		p.Release = d.whole(2027, 2030)
		p.Deadline = min(p.Release+d.whole(0, 3), 2031)
		p.Investment = round(mu*d.within(430, 0.25, 250, 900)*10_000, 10_000)
		p.Tax = round(mu*d.within(27, 0.25, 14, 50)*10_000, 1_000)
		p.ValueAdded = round(p.Tax/d.within(0.18, 0.2, 0.1, 0.3), 1_000)
		p.Jobs = round(mu*d.within(7, 0.3, 3, 16), 1)
		wishes(&p, d, v.upstairs)
		projects = append(projects, p)
	}
	return projects
}

// wishes narrows where a project may go.
func wishes(p *plottage.Project, d dice, upstairs bool) {
	if d.chance(0.4) {
		p.Towns = append(p.Towns, districts[d.IntN(len(districts))].id)
		if other := districts[d.IntN(len(districts))].id; d.chance(0.4) && other != p.Towns[0] {
			p.Towns = append(p.Towns, other)
		}
	}
	if upstairs && d.chance(0.4) { // 工业上楼
		p.Modes, p.MinFAR = []string{"vertical"}, 2.5
	}
	if d.chance(0.12) {
		p.ProtectiveM = oneOf(d, []float64{50, 100})
	}
}
