package export

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/crs"
)

// writeBoundary writes 界址点 coordinates in the layout in which plots are reported
// (报盘坐标): X is north, Y is east with the zone in front. It takes the plan's
// blocks, or the parcels when they are asked for or there is no plan.
func writeBoundary(ctx context.Context, s *Snapshot, out io.Writer) error {
	zone, prefix, width, err := s.zone()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	head := []string{"[属性描述]", "格式版本号=1.01版本", "数据产生单位=" + oneLine(s.Meta.Name.In("zh")), "数据产生日期=" + string(plottage.DateOf(s.Now)),
		"坐标系=2000国家大地坐标系", fmt.Sprintf("几度分带=%d", width), "投影类型=高斯克吕格", "计量单位=米", fmt.Sprintf("带号=%d", zone),
		"精度=0.001", "转换参数=,,,,,,", "[地块坐标]"}
	fmt.Fprint(w, strings.Join(head, "\r\n"), "\r\n")
	if s.Plan != nil && s.Options.what() != Parcels {
		for _, b := range s.blocks() {
			name := s.townName(b.Town) + b.ID
			boundaryPlot(w, b.ID, name, s.word("export.mode.", b.Mode), "", s.outline(b), prefix)
		}
		return w.Flush()
	}
	for i := range s.Parcels {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p := &s.Parcels[i]
		boundaryPlot(w, p.ID, cmp.Or(p.Name, p.ID), p.UseName, p.Use, p.Geometry, prefix)
	}
	return w.Flush()
}

// zone returns the Gauss-Krüger zone of the city, what to add to eastings so that
// they carry it, and the width of the zone in degrees.
func (s *Snapshot) zone() (zone int, prefix float64, width int, err error) {
	c, err := crs.ByEPSG(s.Meta.EPSG)
	if err != nil || c.Datum != "CGCS2000" && !strings.Contains(c.Name, "CGCS2000") || c.Geographic {
		return 0, 0, 0, &plottage.Error{Code: plottage.Usage, Key: "export_no_zone", Args: map[string]any{"epsg": s.Meta.EPSG}, Err: err}
	}
	cm := int(math.Round(c.CentralMeridian()))
	code := c.WithoutPrefix().EPSG
	if width = 3; code >= 4502 && code <= 4512 { // the 6° zones, EPSG register
		width = 6
		zone = (cm + 3) / 6
	} else {
		zone = cm / 3
	}
	if c.FalseEasting() < 1e6 {
		prefix = float64(zone) * 1e6
	}
	return zone, prefix, width, nil
}

// boundaryPlot writes one plot: points, hectares, number, name, 面, sheet, use,
// class, @; then its points ring by ring, the first point again at each ring's end.
func boundaryPlot(w io.Writer, id, name, use, class string, g orb.MultiPolygon, prefix float64) {
	n, hectares := 0, 0.0
	for _, p := range g {
		for k, r := range p {
			n += len(r)
			a := math.Abs(ringArea(r))
			if k > 0 {
				a = -a
			}
			hectares += a / plottage.M2PerHa
		}
	}
	fmt.Fprintf(w, "%d,%.4f,%s,%s,面,,%s,%s,@\r\n", n, hectares, oneLine(id), oneLine(name), oneLine(use), oneLine(class))
	ring := 0
	point := 0
	for _, p := range g {
		for _, r := range p {
			ring++
			first := point + 1
			for i, q := range r {
				number := first
				if i < len(r)-1 {
					point++
					number = point
				}
				fmt.Fprintf(w, "J%d,%d,%.3f,%.3f\r\n", number, ring, q[1], q[0]+prefix)
			}
		}
	}
}

// ringArea is the signed area of a ring, relative to its first point for precision.
func ringArea(r orb.Ring) float64 {
	a := 0.0
	for i := 1; i+1 < len(r); i++ {
		ux, uy, vx, vy := r[i][0]-r[0][0], r[i][1]-r[0][1], r[i+1][0]-r[0][0], r[i+1][1]-r[0][1]
		a += ux*vy - uy*vx
	}
	return a / 2
}

// oneLine keeps a value in its column: separators and line ends become spaces.
func oneLine(s string) string {
	return strings.TrimSpace(strings.NewReplacer(",", " ", "，", " ", "\r", " ", "\n", " ", "@", " ").Replace(s))
}
