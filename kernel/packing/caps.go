package packing

import (
	"math"
	"slices"
)

// priceCaps finds prices of the caps whose bound on the items' best choice is least or
// nearly, by the ellipsoid method (Bland, Goldfarb and Todd 1981): there are few caps,
// and it cannot stall where subgradients do. It begins at the prices of the last call,
// or, at the first, at the price of all caps added up.
func (o *oracle) priceCaps(p *period) {
	q := len(p.caps)
	if o.lambda == nil {
		o.lambda = o.surrogate(p, q)
		o.ellipsoid(p, math.Max(norm(o.lambda), 1e-9), 60*q)
		return
	}
	if o.rough {
		o.ellipsoid(p, 0.3*norm(o.lambda), 8*q)
		return
	}
	r := 0.1 * norm(o.lambda)
	if from := slices.Clone(o.lambda); r > 0 {
		o.ellipsoid(p, r, 12*q)
		for k := range from {
			from[k] -= o.lambda[k]
		}
		if norm(from) < 0.7*r {
			return
		}
	}
	o.lambda = o.surrogate(p, q)
	o.ellipsoid(p, math.Max(norm(o.lambda), 1e-9), 60*q)
}

// surrogate prices all caps alike, at the worth by room of the item at which the sum
// of the caps is full (Dantzig 1957).
func (o *oracle) surrogate(p *period, q int) []float64 {
	room := func(n int32) (sum float64) {
		for _, u := range p.use[int(n)*q : int(n)*q+q] {
			sum += u
		}
		return math.Max(sum, 1e-9)
	}
	list := slices.Clone(o.item)
	sortBy(list, func(n int32) float64 { return o.worth[n] / room(n) })
	left := 0.0
	for _, l := range o.left {
		left += l
	}
	y := make([]float64, q)
	for _, n := range list {
		if left -= room(n); left < 0 {
			for k := range y {
				y[k] = math.Max(0, o.worth[n]/room(n))
			}
			break
		}
	}
	return y
}

// ellipsoid lowers the bound within a radius of the prices; they are replaced by the
// best found.
func (o *oracle) ellipsoid(p *period, radius float64, steps int) {
	q := len(o.lambda)
	y, g, best := slices.Clone(o.lambda), make([]float64, q), math.Inf(1)
	shape := make([][]float64, q)
	for k := range shape {
		shape[k] = make([]float64, q)
		shape[k][k] = radius * radius
	}
	move := make([]float64, q)
	for range steps {
		if k := slices.IndexFunc(y, func(v float64) bool { return v < 0 }); k >= 0 {
			clear(g)
			g[k] = 1 // up
		} else if v := o.capBound(p, y, g); v < best {
			best = v
			copy(o.lambda, y)
		}
		along := 0.0
		for k := range move {
			move[k] = 0
			for l := range g {
				move[k] += shape[k][l] * g[l]
			}
			along += move[k] * g[k]
		}
		if along <= 1e-18*radius*radius {
			return
		}
		along = math.Sqrt(along)
		if q == 1 {
			y[0] += move[0] / along / 2
			shape[0][0] /= 4
			continue
		}
		n := float64(q)
		for k := range y {
			y[k] += move[k] / along / (n + 1)
		}
		for k := range shape {
			for l := range shape[k] {
				shape[k][l] = n * n / (n*n - 1) * (shape[k][l] - 2/(n+1)*move[k]*move[l]/(along*along))
			}
		}
	}
}

// capBound returns the bound at prices y of the caps and in g the direction in which
// it falls.
func (o *oracle) capBound(p *period, y, g []float64) float64 {
	q, v := len(y), 0.0
	for k := range g {
		v += y[k] * o.left[k]
		g[k] = -o.left[k]
	}
	for _, n := range o.item {
		u := p.use[int(n)*q : int(n)*q+q]
		d := o.worth[n]
		for k := range u {
			d -= y[k] * u[k]
		}
		if d > 0 {
			v += d
			for k := range u {
				g[k] += u[k]
			}
		}
	}
	return v
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}
