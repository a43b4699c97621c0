package main

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// city is a made-up cadastre: parcels with the number of the block they belong to.
type city struct {
	parcels []orb.MultiPolygon
	block   []int
	blocks  int
}

// Measures of the made-up city, in metres: what an industrial park of the Yangtze
// delta looks like from above, parcels of some 40 by 30 m in blocks between streets.
const (
	lotW, lotH = 40.0, 30.0
	across, up = 6, 4 // parcels in a block
	road       = 18.0
	wiggle     = 1.5 // how far a border strays from the straight line
	steps      = 3   // pieces a border is drawn in
	eastM      = 40_500_000.0 - 20_000
	northM     = 3_240_000.0
)

// drawer draws parcels; every parcel gets vertices of its own, off by up to noise.
type drawer struct {
	rng   *rand.Rand
	noise float64
}

func (d *drawer) ring(pts ...[]orb.Point) orb.MultiPolygon {
	var r orb.Ring
	for _, side := range pts {
		for _, p := range side[:len(side)-1] {
			r = append(r, orb.Point{p[0] + d.off(), p[1] + d.off()})
		}
	}
	return orb.MultiPolygon{{append(r, r[0])}}
}

func (d *drawer) off() float64 {
	if d.noise == 0 {
		return 0
	}
	return (2*d.rng.Float64() - 1) * d.noise
}

// line is a border from a to b that strays by a bounded amount, the same whoever
// draws it: the wiggle comes from the place alone.
func line(a, b orb.Point) []orb.Point {
	pts := []orb.Point{a}
	for k := 1; k < steps; k++ {
		t := float64(k) / steps
		p := orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
		s := wiggle * (hash(p) - 0.5)
		l := math.Hypot(b[0]-a[0], b[1]-a[1])
		pts = append(pts, orb.Point{p[0] - (b[1]-a[1])/l*s, p[1] + (b[0]-a[0])/l*s})
	}
	return append(pts, b)
}

// hash spreads places over 0..1.
func hash(p orb.Point) float64 {
	h := math.Sin(p[0]*12.9898+p[1]*78.233) * 43758.5453
	return h - math.Floor(h)
}

func reversed(pts []orb.Point) []orb.Point {
	r := make([]orb.Point, len(pts))
	for i, p := range pts {
		r[len(pts)-1-i] = p
	}
	return r
}

// blocksCity draws n parcels in blocks of 6 by 4 that share wiggly borders, with
// streets of 18 m between the blocks.
func blocksCity(n int, d *drawer) city {
	c := city{blocks: (n + across*up - 1) / (across * up)}
	side := int(math.Ceil(math.Sqrt(float64(c.blocks))))
	for b := range c.blocks {
		x0 := eastM + float64(b%side)*(across*lotW+road)
		y0 := northM + float64(b/side)*(up*lotH+road)
		at := func(i, j int) orb.Point { return orb.Point{x0 + float64(i)*lotW, y0 + float64(j)*lotH} }
		for k := range min(across*up, n-b*across*up) {
			i, j := k%across, k/across
			c.parcels = append(c.parcels, d.ring(
				line(at(i, j), at(i+1, j)),
				line(at(i+1, j), at(i+1, j+1)),
				reversed(line(at(i, j+1), at(i+1, j+1))),
				reversed(line(at(i, j), at(i, j+1)))))
			c.block = append(c.block, b)
		}
	}
	return c
}

// bricksCity draws n parcels in rows shifted by half a parcel and without streets,
// so that every border has a corner of a neighbour in its middle.
func bricksCity(n int, d *drawer) city {
	c := city{blocks: 1}
	side := int(math.Ceil(math.Sqrt(float64(n) * lotH / lotW)))
	for k := range n {
		i, j := k%side, k/side
		x := eastM + (float64(i)+float64(j%2)/2)*lotW
		y := northM + float64(j)*lotH
		p := []orb.Point{{x, y}, {x + lotW, y}, {x + lotW, y + lotH}, {x, y + lotH}, {x, y}}
		c.parcels = append(c.parcels, d.ring(p))
		c.block = append(c.block, 0)
	}
	return c
}
