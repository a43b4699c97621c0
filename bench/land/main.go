// Command land measures grading and clustering: parcels with an assessor's figures
// on a grid of street blocks, or copies of a GeoPackage set side by side.
//
//	go run ./bench/land -n 500000
//	go run ./bench/land -n 500000 -file cambridge_parcels_fy2013.gpkg
//
// One tab-separated row a step: step, parcels, seconds, user seconds; then a line
// "summary" with all of them.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	_ "modernc.org/sqlite" // reads -file

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

func main() {
	n := flag.Int("n", 500_000, "number of parcels")
	file := flag.String("file", "", "GeoPackage in the form of the Cambridge parcels to copy side by side")
	packs := flag.String("packs", "assessed-value,order53,huzhou-five", "rule packs to grade by")
	gap := flag.Float64("gap", 12, "widest gap in metres")
	flag.Parse()
	var parcels []plottage.Parcel
	if *file != "" {
		parcels = tile(read(*file), *n)
	} else {
		parcels = grid(*n)
	}
	r := &rows{summary: []string{fmt.Sprintf("parcels=%d", len(parcels))}}
	var verdicts []plottage.Verdict
	for id := range strings.SplitSeq(*packs, ",") {
		p, err := land.Choose(land.Builtin(), id, "2026-11-23")
		if err != nil {
			log.Fatal(err)
		}
		var v []plottage.Verdict
		r.time("grade_"+id, len(parcels), func() {
			g, err := land.Compile(p, nil)
			if err != nil {
				log.Fatal(err)
			}
			t := land.Tabulate(land.Facts{Parcels: parcels}, g.Reads(), land.Reading{AsOf: "2026-11-23"})
			if v, err = g.Grade(context.Background(), t, nil); err != nil {
				log.Fatal(err)
			}
			land.Summarise(p, v, t.AreaM2)
		})
		if verdicts == nil {
			verdicts = v
		}
	}
	candidate, count := make([]bool, len(parcels)), 0
	for i := range verdicts {
		if candidate[i] = verdicts[i].Candidate; candidate[i] {
			count++
		}
	}
	var links []plottage.Link
	var clusters []plottage.Cluster
	r.time("clusters", count, func() {
		var err error
		links, err = land.FindLinks(context.Background(), parcels, candidate, nil, plottage.ContiguityRule{MinSharedM: 1, MaxGapM: *gap})
		if err != nil {
			log.Fatal(err)
		}
		clusters = land.Clusters(parcels, candidate, links)
	})
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("summary\t%s candidates=%d links=%d clusters=%d heap_mb=%d\n",
		strings.Join(r.summary, " "), count, len(links), len(clusters), m.HeapSys>>20)
}

type rows struct{ summary []string }

func (r *rows) time(step string, n int, f func()) {
	u, start := user(), time.Now()
	f()
	s, us := time.Since(start).Seconds(), (user() - u).Seconds()
	fmt.Printf("%s\t%d\t%.2f\t%.2f\n", step, n, s, us)
	r.summary = append(r.summary, fmt.Sprintf("%s_s=%.2f %s_user_s=%.2f", step, s, step, us))
}

// user is the processor time this program has taken.
func user() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano())
}

// grid draws street blocks of 2 × 10 lots of 20 × 30 m, 12 m apart.
func grid(n int) []plottage.Parcel {
	rng := rand.New(rand.NewPCG(1, 2))
	uses := []string{"101", "104", "105", "102", "111", "340", "931", "302", "325", "112"}
	parcels := make([]plottage.Parcel, n)
	across := 1
	for across*across*20 < n {
		across++
	}
	for i := range parcels {
		block, lot := i/20, i%20
		x := float64(block%across)*212 + float64(lot%10)*20
		y := float64(block/across)*72 + float64(lot/10)*30
		p := &parcels[i]
		p.ID = fmt.Sprintf("L%07d", i)
		p.Geometry = orb.MultiPolygon{{{{x, y}, {x + 20, y}, {x + 20, y + 30}, {x, y + 30}, {x, y}}}}
		p.AreaM2 = 600
		p.Use = uses[rng.IntN(len(uses))]
		if rng.IntN(34) == 0 {
			p.Use = []string{"400", "337", "316", "404"}[rng.IntN(4)]
		}
		p.LandValue, p.BuildingValue = plottage.Some(1e5+1e6*rng.Float64()), plottage.Some(2e6*rng.Float64())
		p.FloorAreaM2, p.YearBuilt = plottage.Some(1000*rng.Float64()), plottage.Some(1850+rng.IntN(170))
	}
	return parcels
}

func read(path string) []plottage.Parcel {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT coalesce("use", ''), coalesce(land_val, 0), coalesce(bldg_val, 0), coalesce(bldg_ft2, 0), coalesce(year, 0), geom FROM parcels`)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	var parcels []plottage.Parcel
	for rows.Next() {
		var p plottage.Parcel
		var landVal, bldgVal, ft2 float64
		var year int
		var blob []byte
		if err := rows.Scan(&p.Use, &landVal, &bldgVal, &ft2, &year, &blob); err != nil {
			log.Fatal(err)
		}
		box := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[blob[3]>>1&7] // header of a GeoPackage geometry
		g, err := wkb.Unmarshal(blob[8+box:])
		if err != nil {
			log.Fatal(err)
		}
		switch g := g.(type) {
		case orb.Polygon:
			p.Geometry = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			p.Geometry = g
		}
		p.AreaM2 = planar.Area(p.Geometry)
		p.LandValue, p.BuildingValue = plottage.Some(landVal), plottage.Some(bldgVal)
		p.FloorAreaM2, p.YearBuilt = plottage.Some(ft2*plottage.M2PerFt2), plottage.Some(year)
		parcels = append(parcels, p)
	}
	return parcels
}

// tile sets copies side by side until there are n parcels.
func tile(one []plottage.Parcel, n int) []plottage.Parcel {
	var b orb.Bound
	for i := range one {
		if i == 0 {
			b = one[i].Geometry.Bound()
		}
		b = b.Union(one[i].Geometry.Bound())
	}
	dx, dy := b.Max[0]-b.Min[0]+50, b.Max[1]-b.Min[1]+50
	var all []plottage.Parcel
	for k := 0; len(all) < n; k++ {
		for i := range one {
			if len(all) == n {
				break
			}
			p := one[i]
			p.ID = fmt.Sprintf("%d-%d", k, i)
			p.Geometry = p.Geometry.Clone()
			for _, poly := range p.Geometry {
				for _, ring := range poly {
					for j := range ring {
						ring[j][0] += float64(k%7) * dx
						ring[j][1] += float64(k/7) * dy
					}
				}
			}
			all = append(all, p)
		}
	}
	return all
}
