package land

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/topology"
)

const cellM = 10

// drawn makes parcels and ways of a map of letters, one cell 10 m wide; the first
// line is north.
func drawn(lines []string) (parcels []plottage.Parcel, candidate []bool, ways []plottage.Way) {
	var cells []orb.MultiPolygon
	var group []int
	var names []rune
	for y, line := range lines {
		for x, c := range line {
			x0, y0 := float64(x*cellM), float64((len(lines)-y-1)*cellM)
			class := map[rune]plottage.WayClass{'|': plottage.Lane, '#': plottage.Arterial}[c]
			if class != "" {
				ways = append(ways, plottage.Way{Class: class, Geometry: orb.MultiLineString{{{x0 + cellM/2, y0}, {x0 + cellM/2, y0 + cellM}}}})
			}
			if !unicode.IsLetter(c) {
				continue
			}
			if !slices.Contains(names, c) {
				names = append(names, c)
			}
			cells = append(cells, orb.MultiPolygon{{{{x0, y0}, {x0 + cellM, y0}, {x0 + cellM, y0 + cellM}, {x0, y0 + cellM}, {x0, y0}}}})
			group = append(group, slices.Index(names, c))
		}
	}
	coverage, _ := topology.Clean(cells, topology.Options{})
	for k, mp := range coverage.Dissolve(group) {
		n := 0
		for _, g := range group {
			if g == k {
				n++
			}
		}
		parcels = append(parcels, plottage.Parcel{ID: string(names[k]), Geometry: mp, AreaM2: float64(n) * cellM * cellM})
		candidate = append(candidate, unicode.IsLower(names[k]))
	}
	return parcels, candidate, ways
}

// A line on the very border parts two lots where the rule does not allow its class.
func TestLineOnTheBorder(t *testing.T) {
	parcels, candidate, _ := drawn([]string{"aabb", "aabb"})
	line := func(class plottage.WayClass, from, to float64) []plottage.Way {
		return []plottage.Way{{Class: class, Geometry: orb.MultiLineString{{{20.1, from}, {19.9, to}}}}}
	}
	for _, c := range []struct {
		name   string
		ways   []plottage.Way
		shared float64
	}{
		{"none", nil, 20},
		{"all of it", line(plottage.RedLine, -5, 25), 0},
		{"half of it", line(plottage.RedLine, -5, 10), 10},
		{"allowed", line(plottage.Lane, -5, 25), 20},
		{"across it", []plottage.Way{{Class: plottage.RedLine, Geometry: orb.MultiLineString{{{0, 10}, {40, 10}}}}}, 20},
		{"nearby", []plottage.Way{{Class: plottage.RedLine, Geometry: orb.MultiLineString{{{25, -5}, {25, 25}}}}}, 20},
	} {
		rule := plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 0.5, Across: []plottage.WayClass{plottage.Lane}}
		links, err := FindLinks(t.Context(), parcels, candidate, c.ways, rule)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		if len(links) > 0 {
			got = links[0].SharedM
		}
		if abs(got-c.shared) > 0.6 {
			t.Errorf("%s: %v m shared, want %v", c.name, got, c.shared)
		}
	}
}

func ruleOf(t *testing.T, line string) (r plottage.ContiguityRule) {
	for word := range strings.FieldsSeq(line) {
		k, v, _ := strings.Cut(word, "=")
		x, _ := strconv.ParseFloat(v, 64)
		switch k {
		case "min-shared":
			r.MinSharedM = x
		case "gap":
			r.MaxGapM = x
		case "across":
			for class := range strings.SplitSeq(v, ",") {
				r.Across = append(r.Across, plottage.WayClass(class))
			}
		default:
			t.Fatalf("no rule called %q", k)
		}
	}
	return r
}

func described(clusters []plottage.Cluster, links []plottage.Link) string {
	var b strings.Builder
	for i, c := range clusters {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.Join(c.Parcels, ""))
	}
	for _, l := range links {
		fmt.Fprintf(&b, "\n%s-%s", l.A, l.B)
		if l.SharedM > 0 {
			fmt.Fprintf(&b, " %.0fm shared", l.SharedM)
		} else {
			fmt.Fprintf(&b, " %.0fm gap", l.GapM)
		}
		if l.Way != "" {
			b.WriteString(" " + string(l.Way))
		}
	}
	return b.String()
}

func TestDrawnClusters(t *testing.T) {
	b, err := os.ReadFile("testdata/clusters.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for text := range strings.SplitSeq(string(b), "\n\n") {
		var lines []string
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\n"); line != "" && (!strings.HasPrefix(line, "# ")) {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 {
			continue
		}
		n++
		cut := slices.Index(lines, "----")
		parcels, candidate, ways := drawn(lines[1:cut])
		links, err := FindLinks(t.Context(), parcels, candidate, ways, ruleOf(t, lines[0]))
		if err != nil {
			t.Fatal(err)
		}
		got, want := described(Clusters(parcels, candidate, links), links), strings.Join(lines[cut+1:], "\n")
		if got != want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", text, got, want)
		}
	}
	if n < 10 {
		t.Errorf("%d drawn cases, want all of them", n)
	}
}

// random draws a map of lots of 2 cells with lanes and roads between.
func random(rng *rand.Rand) []string {
	var lines []string
	for range 6 {
		var b strings.Builder
		for range 10 {
			b.WriteByte("abcdefghijkXYZ..|#"[rng.IntN(18)])
		}
		lines = append(lines, b.String())
	}
	return lines
}

// Neither the order of parcels, nor where the city lies, nor parcels far away change
// which parcels belong together; a wider gap and more classes never part what was
// together.
func TestClustersKeepTheirProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for range 30 {
		parcels, candidate, ways := drawn(random(rng))
		rule := plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 12, Across: []plottage.WayClass{plottage.Lane}}
		links, err := FindLinks(t.Context(), parcels, candidate, ways, rule)
		if err != nil {
			t.Fatal(err)
		}
		clusters := Clusters(parcels, candidate, links)
		checkPartition(t, parcels, candidate, links, clusters)

		p2, c2, w2 := moved(parcels, candidate, ways, rng)
		links2, _ := FindLinks(t.Context(), p2, c2, w2, rule)
		if got := Clusters(p2, c2, links2); !reflect.DeepEqual(got, clusters) {
			t.Fatalf("shuffled and moved: %v, want %v", got, clusters)
		}
		wide := rule
		wide.MaxGapM, wide.Across = 25, []plottage.WayClass{plottage.Lane, plottage.Arterial}
		more, _ := FindLinks(t.Context(), parcels, candidate, ways, wide)
		if len(Clusters(parcels, candidate, more)) > len(clusters) {
			t.Fatal("a wider gap gave more clusters")
		}
		joined := map[string]int{}
		for _, c := range Clusters(parcels, candidate, more) {
			for _, id := range c.Parcels {
				joined[id] = c.ID
			}
		}
		for _, c := range clusters {
			for _, id := range c.Parcels {
				if joined[id] != joined[c.Parcels[0]] {
					t.Fatalf("a wider gap parted %v", c.Parcels)
				}
			}
		}
	}
}

func moved(parcels []plottage.Parcel, candidate []bool, ways []plottage.Way, rng *rand.Rand) ([]plottage.Parcel, []bool, []plottage.Way) {
	shift := func(p orb.Point) orb.Point { return orb.Point{p[0] + 512_000, p[1] + 3_250_000} }
	order := rng.Perm(len(parcels))
	p2, c2 := make([]plottage.Parcel, len(parcels)), make([]bool, len(parcels))
	for i, k := range order {
		p2[k], c2[k] = parcels[i], candidate[i]
		p2[k].Geometry = p2[k].Geometry.Clone()
		for _, poly := range p2[k].Geometry {
			for _, ring := range poly {
				for j := range ring {
					ring[j] = shift(ring[j])
				}
			}
		}
	}
	var w2 []plottage.Way
	for _, w := range ways {
		w.Geometry = w.Geometry.Clone()
		for _, line := range w.Geometry {
			for j := range line {
				line[j] = shift(line[j])
			}
		}
		w2 = append(w2, w)
	}
	far := plottage.Parcel{ID: "far", Geometry: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}}, AreaM2: 1}
	return append(p2, far), append(c2, false), w2
}

// checkPartition holds clusters to be the connected components of the links, by a
// search that shares nothing with Clusters.
func checkPartition(t *testing.T, parcels []plottage.Parcel, candidate []bool, links []plottage.Link, clusters []plottage.Cluster) {
	t.Helper()
	of := map[string]int{}
	last := clusters[0].AreaM2
	for i, c := range clusters {
		if c.ID != i+1 || c.AreaM2 > last || !slices.IsSorted(c.Parcels) {
			t.Fatalf("cluster %+v at place %d", c, i)
		}
		last = c.AreaM2
		for _, id := range c.Parcels {
			of[id] = c.ID
		}
	}
	reach := func(from string) []string {
		seen, todo := []string{from}, []string{from}
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			for _, l := range links {
				for _, pair := range [][2]string{{l.A, l.B}, {l.B, l.A}} {
					if pair[0] == at && !slices.Contains(seen, pair[1]) {
						seen, todo = append(seen, pair[1]), append(todo, pair[1])
					}
				}
			}
		}
		slices.Sort(seen)
		return seen
	}
	for i, p := range parcels {
		if !candidate[i] {
			if of[p.ID] != 0 {
				t.Fatalf("%s is in a cluster and no candidate", p.ID)
			}
			continue
		}
		if want := reach(p.ID); !slices.Equal(clusters[of[p.ID]-1].Parcels, want) {
			t.Fatalf("cluster of %s is %v, want %v", p.ID, clusters[of[p.ID]-1].Parcels, want)
		}
	}
	if !slices.IsSortedFunc(links, func(x, y plottage.Link) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) }) {
		t.Fatal("links are not in order")
	}
}
