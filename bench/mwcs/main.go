// Command mwcs solves maximum-weight connected subgraph instances in STP format
// (SteinLib; 11th DIMACS challenge) and prices of prize-collecting Steiner trees.
//
//	go run ./bench/mwcs [-limit 60s] FILES.stp
//
// One row an instance: instance, value, bound, gap, seconds, nodes of branch and
// bound. For a prize-collecting Steiner tree the value is the published form, edge
// costs paid plus prizes left. A last line sums up.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage/kernel/connected"
)

func main() {
	limit := flag.Duration("limit", time.Minute, "time for one instance")
	flag.Parse()
	fmt.Println("instance\tvalue\tbound\tgap\tseconds\tnodes")
	proven, total, worst := 0, 0.0, 0.0
	for _, file := range flag.Args() {
		in, err := read(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "mwcs:", err)
			os.Exit(1)
		}
		ctx, cancel := context.WithTimeout(context.Background(), *limit)
		began := time.Now()
		r := connected.MaxWeight(ctx, in.adj, in.weight, connected.Options{})
		seconds := time.Since(began).Seconds()
		cancel()
		if !in.holds(r) {
			fmt.Fprintf(os.Stderr, "mwcs: %s: the set is not connected or not worth what it says\n", file)
			os.Exit(1)
		}
		value, bound := r.Value, r.Bound
		if in.edgeCosts {
			value, bound = in.prizes-value, in.prizes-bound
		}
		gap := 0.0
		if !r.Proven {
			gap = math.Abs(bound-value) / math.Max(math.Abs(value), 1e-12)
		} else {
			proven++
		}
		total += seconds
		worst = max(worst, seconds)
		fmt.Printf("%s\t%.6f\t%.6f\t%.6f\t%.3f\t%d\n", strings.TrimSuffix(filepath.Base(file), ".stp"), value, bound, gap, seconds, r.Nodes)
	}
	fmt.Printf("summary\tproven=%d\tof=%d\ttotal_s=%.2f\tworst_s=%.2f\n", proven, flag.NArg(), total, worst)
}

// instance is a graph with node weights; edges with costs became nodes of their own.
type instance struct {
	adj       [][]int32
	weight    []float64
	prizes    float64
	edgeCosts bool
}

func read(file string) (instance, error) {
	f, err := os.Open(file)
	if err != nil {
		return instance{}, err
	}
	defer f.Close()
	var in instance
	type edge struct {
		u, v int
		cost float64
	}
	var edges []edge
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var key string
		var u, v int
		var x float64
		line := sc.Text()
		switch fmt.Sscan(line, &key); {
		case strings.EqualFold(key, "Nodes"):
			fmt.Sscan(line, &key, &n)
			in.weight = make([]float64, n)
		case key == "E":
			if k, _ := fmt.Sscan(line, &key, &u, &v, &x); k == 4 {
				in.edgeCosts = true
			}
			edges = append(edges, edge{u - 1, v - 1, x})
		case key == "T", key == "TP":
			fmt.Sscan(line, &key, &u, &x)
			in.weight[u-1] = x
			in.prizes += max(0, x)
		}
	}
	in.adj = make([][]int32, n)
	link := func(a, b int) {
		in.adj[a], in.adj[b] = append(in.adj[a], int32(b)), append(in.adj[b], int32(a))
	}
	for _, e := range edges {
		if !in.edgeCosts {
			link(e.u, e.v)
			continue
		}
		middle := len(in.adj) // the edge as a node that costs what the edge costs
		in.adj, in.weight = append(in.adj, nil), append(in.weight, -e.cost)
		link(e.u, middle)
		link(middle, e.v)
	}
	for v := range in.adj {
		slices.Sort(in.adj[v])
		in.adj[v] = slices.Compact(in.adj[v])
	}
	return in, nil
}

// holds re-checks an answer with code of its own.
func (in *instance) holds(r connected.Result) bool {
	if len(r.Set) == 0 {
		return r.Value == 0
	}
	member := map[int32]bool{}
	sum := 0.0
	for _, v := range r.Set {
		member[int32(v)] = true
		sum += in.weight[v]
	}
	queue := []int32{int32(r.Set[0])}
	delete(member, queue[0])
	for i := 0; i < len(queue); i++ {
		for _, u := range in.adj[queue[i]] {
			if member[u] {
				delete(member, u)
				queue = append(queue, u)
			}
		}
	}
	return len(member) == 0 && math.Abs(sum-r.Value) < 1e-6
}
