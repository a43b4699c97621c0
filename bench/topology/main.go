// Command topology measures kernel/topology on a made-up cadastre.
//
//	go run ./bench/topology -n 100000 -noise 0.03
//
// prints one row a step (step, seconds, what came out), tab-separated, and a last
// line "summary" of key=value. The same city without noise gives the areas and
// blocks the noisy one must reproduce. With -postgis a PostGIS server of its own is
// started in a temporary folder and unites the same parcels by block beside it.
package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/kernel/topology"
)

func main() {
	n := flag.Int("n", 100_000, "number of parcels")
	noise := flag.Float64("noise", 0, "each vertex of each parcel is off by up to this, in metres")
	seed := flag.Uint64("seed", 1, "of the noise")
	pattern := flag.String("pattern", "blocks", "blocks or bricks")
	gap := flag.Float64("gap", 0, "also find parcels across gaps up to this, in metres")
	tolerance := flag.Float64("simplify", 0, "also simplify borders by this, in metres")
	postgis := flag.Bool("postgis", false, "unite by block with PostGIS as well")
	flag.Parse()
	draw := blocksCity
	if *pattern == "bricks" {
		draw = bricksCity
	}
	c := draw(*n, &drawer{rand.New(rand.NewPCG(*seed, 7)), *noise})
	exact := draw(*n, &drawer{})
	s := measure(c, exact, *gap, *tolerance)
	if *postgis {
		s += measurePostGIS(c)
	}
	fmt.Printf("summary\tn=%d\tnoise=%g\tpattern=%s%s\n", *n, *noise, *pattern, s)
}

// step times f and prints a row; it returns wall and processor seconds.
func step(name string, f func() string) (wall, cpu float64) {
	t, c := time.Now(), cpuSeconds()
	what := f()
	wall, cpu = time.Since(t).Seconds(), cpuSeconds()-c
	fmt.Printf("%s\t%.3f\tcpu=%.3f\t%s\n", name, wall, cpu, what)
	return wall, cpu
}

// cpuSeconds is the processor time this process has used.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Fprintln(os.Stderr, "processor time:", err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func measure(c, exact city, gap, tolerance float64) string {
	var cov *topology.Coverage
	var rep topology.Report
	var pairs []topology.Contact
	var blocks []orb.MultiPolygon
	clean, cleanCPU := step("clean", func() string {
		cov, rep = topology.Clean(c.parcels, topology.Options{})
		return fmt.Sprintf("moved=%d split=%d max_move_m=%.4f defects=%d overlaps=%d gaps=%d unresolved=%d",
			rep.Moved, rep.Split, rep.MaxMoveM, len(rep.Defects), len(rep.Overlaps), len(rep.Gaps), rep.Unresolved)
	})
	adjacency, _ := step("adjacency", func() string {
		pairs = cov.Adjacency(0)
		return fmt.Sprintf("pairs=%d", len(pairs))
	})
	dissolve, _ := step("dissolve", func() string {
		blocks = cov.Dissolve(c.block)
		return fmt.Sprintf("blocks=%d", len(blocks))
	})
	if gap > 0 {
		step("near", func() string {
			return fmt.Sprintf("pairs=%d", len(cov.Near(topology.NearOptions{MaxGapM: gap})))
		})
	}
	if tolerance > 0 {
		step("simplify", func() string {
			small := cov.Simplify(tolerance)
			return fmt.Sprintf("pairs=%d", len(small.Adjacency(0)))
		})
	}
	parts, holes, area := count(blocks)
	_, _, want := count(exact.parcels)
	return fmt.Sprintf("\twrong_blocks=%d", wrongBlocks(blocks, exact)) + fmt.Sprintf("\tclean_s=%.3f\tclean_cpu_s=%.3f\tadjacency_s=%.3f\tdissolve_s=%.3f\tpairs=%d\tblocks=%d\tholes=%d\tarea_error=%.2e",
		clean, cleanCPU, adjacency, dissolve, len(pairs), parts, holes, math.Abs(area-want)/want)
}

// wrongBlocks counts the blocks that are not one piece without a hole, as drawn, or
// whose area differs from the exact one by more than a thousandth.
func wrongBlocks(blocks []orb.MultiPolygon, exact city) (wrong int) {
	want := make([]float64, exact.blocks)
	for i, mp := range exact.parcels {
		_, _, a := count([]orb.MultiPolygon{mp})
		want[exact.block[i]] += a
	}
	for b, mp := range blocks {
		if parts, holes, a := count([]orb.MultiPolygon{mp}); parts != 1 || holes != 0 || math.Abs(a/want[b]-1) > 1e-3 {
			wrong++
		}
	}
	return wrong
}

// count returns parts, holes and area of polygons.
func count(mps []orb.MultiPolygon) (parts, holes int, area float64) {
	for _, mp := range mps {
		for _, p := range mp {
			parts++
			holes += len(p) - 1
			for _, r := range p {
				area += localArea(r)
			}
		}
	}
	return parts, holes, area
}

// localArea is the signed area of a ring measured from its first vertex, which
// keeps the digits that large coordinates would lose.
func localArea(r orb.Ring) float64 {
	moved := make(orb.Ring, len(r))
	for i, p := range r {
		moved[i] = orb.Point{p[0] - r[0][0], p[1] - r[0][1]}
	}
	a := math.Abs(planar.Area(moved))
	if moved.Orientation() == orb.CW {
		return -a
	}
	return a
}
