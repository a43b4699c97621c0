package topology

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

var update = flag.Bool("update", false, "write what is got into testdata/*.txt")

// TestDrawn runs the drawn cases. A case is a comment, a command with options, a
// drawing, a line of dashes, and the answer. Letters are parcels of cells of 10 by
// 10 m (so "aa" is 20 m wide), dots are ground nobody owns; the bottom row lies at 0.
func TestDrawn(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no drawn cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, c := range strings.Split(strings.TrimRight(string(data), "\n"), "\n\n") {
				in, want, ok := strings.Cut(c, "\n----\n")
				if !ok {
					t.Fatalf("no ---- in\n%s", c)
				}
				got := runDrawn(t, in)
				if got != want && !*update {
					t.Errorf("%s\n---- got\n%s\n---- want\n%s", in, got, want)
				}
				out = append(out, in+"\n----\n"+got)
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// drawing is a city of letters.
type drawing struct {
	names []string // parcel -> letter, ascending
	polys []orb.MultiPolygon
	ways  []Way
}

func (d *drawing) index(name string) int { return sort.SearchStrings(d.names, name) }

// runDrawn runs the command of a case.
func runDrawn(t *testing.T, in string) string {
	var rows []string
	var cmd []string
	s := bufio.NewScanner(strings.NewReader(in))
	for s.Scan() {
		switch line := s.Text(); {
		case strings.HasPrefix(line, "#"):
		case cmd == nil:
			cmd = strings.Fields(line)
		default:
			rows = append(rows, line)
		}
	}
	d := draw(rows)
	opt := map[string]string{}
	for _, o := range cmd[1:] {
		k, v, _ := strings.Cut(o, "=")
		opt[k] = v
	}
	c, rep := Clean(d.polys, Options{})
	if rep.Unresolved != 0 {
		t.Errorf("edges left crossing: %d", rep.Unresolved)
	}
	var out []string
	say := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	switch cmd[0] {
	case "adjacency":
		for _, x := range c.Adjacency(metres(opt["min"])) {
			say("%s %s %g", d.names[x.A], d.names[x.B], x.SharedM)
		}
	case "corners":
		for _, x := range c.Corners() {
			say("%s %s", d.names[x[0]], d.names[x[1]])
		}
	case "near":
		n := NearOptions{MaxGapM: metres(opt["gap"]), MinFacingM: metres(opt["facing"]), Ways: waysOf(opt)}
		for _, x := range c.Near(n) {
			say("%s %s gap %g facing %g way %d from %g,%g to %g,%g", d.names[x.A], d.names[x.B], x.WidthM, x.FacingM, x.Way,
				x.From[0], x.From[1], x.To[0], x.To[1])
		}
	case "dissolve":
		group := make([]int, len(d.polys))
		for i := range group {
			group[i] = -1
		}
		for g, members := range strings.Split(opt["groups"], ",") {
			for _, m := range members {
				group[d.index(string(m))] = g
			}
		}
		for g, mp := range c.Dissolve(group) {
			say("%s: %s", strings.Split(opt["groups"], ",")[g], wkt(mp))
		}
	case "measures":
		areas, lengths := c.Areas(), c.Perimeters()
		for i, n := range d.names {
			say("%s area %g perimeter %g", n, areas[i], lengths[i])
		}
	case "gaps":
		for _, g := range rep.Gaps {
			var around []string
			for _, p := range g.Parcels {
				around = append(around, d.names[p])
			}
			say("area %g width %.3g at %g,%g between %s sliver %v", g.AreaM2, g.WidthM, g.At[0], g.At[1], strings.Join(around, ""), g.Sliver)
		}
	default:
		t.Fatalf("no command %q", cmd[0])
	}
	if len(out) == 0 {
		return "none"
	}
	return strings.Join(out, "\n")
}

func metres(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// waysOf reads v=x,allowed: a way straight up at x; h=y,barred: one across at y.
func waysOf(opt map[string]string) []Way {
	var ways []Way
	for _, k := range []string{"v", "h"} {
		at, rule, ok := strings.Cut(opt[k], ",")
		if !ok {
			continue
		}
		p, q := orb.Point{metres(at), -1000}, orb.Point{metres(at), 1000}
		if k == "h" {
			p, q = orb.Point{-1000, metres(at)}, orb.Point{1000, metres(at)}
		}
		ways = append(ways, Way{Lines: orb.MultiLineString{{p, q}}, Class: len(ways), Allowed: rule == "allowed"})
	}
	return ways
}

// wkt writes whole metres: rings in brackets, polygons apart by a bar.
func wkt(mp orb.MultiPolygon) string {
	var polys []string
	for _, p := range mp {
		var rings []string
		for _, r := range p {
			var pts []string
			for _, q := range r[:len(r)-1] {
				pts = append(pts, fmt.Sprintf("%g,%g", q[0], q[1]))
			}
			rings = append(rings, "("+strings.Join(pts, " ")+")")
		}
		polys = append(polys, strings.Join(rings, " less "))
	}
	return strings.Join(polys, " | ")
}

// draw reads letters. Rings have corners only: no vertex where a neighbour's corner
// meets a straight side, as cadastres have it.
func draw(rows []string) drawing {
	cells := map[string][][2]int{}
	for j, row := range rows {
		for i, r := range row {
			if r != '.' && r != ' ' {
				cells[string(r)] = append(cells[string(r)], [2]int{i, len(rows) - 1 - j})
			}
		}
	}
	var d drawing
	for n := range cells {
		d.names = append(d.names, n)
	}
	sort.Strings(d.names)
	for _, n := range d.names {
		d.polys = append(d.polys, outline(cells[n]))
	}
	return d
}

// outline goes round the cells with the land on the left, turning left where four
// cells meet, so that cells that touch in a corner are parts of their own.
func outline(cells [][2]int) orb.MultiPolygon {
	type step struct{ from, to [2]int }
	steps := map[step]bool{}
	for _, c := range cells {
		q := [][2]int{c, {c[0] + 1, c[1]}, {c[0] + 1, c[1] + 1}, {c[0], c[1] + 1}}
		for k := range q {
			s := step{q[k], q[(k+1)%4]}
			if back := (step{s.to, s.from}); steps[back] {
				delete(steps, back)
			} else {
				steps[s] = true
			}
		}
	}
	var order []step
	for s := range steps {
		order = append(order, s)
	}
	sort.Slice(order, func(i, j int) bool { return fmt.Sprint(order[i]) < fmt.Sprint(order[j]) })
	var shells, holes []orb.Ring
	for _, s := range order {
		if !steps[s] {
			continue
		}
		var r orb.Ring
		for at := s; steps[at]; {
			delete(steps, at)
			dx, dy := at.to[0]-at.from[0], at.to[1]-at.from[1]
			next := at
			for _, turn := range [][2]int{{-dy, dx}, {dx, dy}, {dy, -dx}} {
				if n := (step{at.to, [2]int{at.to[0] + turn[0], at.to[1] + turn[1]}}); steps[n] || n == s {
					next = n
					break
				}
			}
			if next.to[0]-next.from[0] != dx || next.to[1]-next.from[1] != dy {
				r = append(r, orb.Point{10 * float64(at.to[0]), 10 * float64(at.to[1])})
			}
			at = next
		}
		r = append(r, r[0])
		if r.Orientation() == orb.CCW {
			shells = append(shells, r)
		} else {
			holes = append(holes, r)
		}
	}
	return nest(shells, holes)
}
