package gpkg

import (
	"cmp"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// The R-tree of a table is filled in one go after many rows were written. SQLite
// keeps an R-tree in three plain tables (sqlite.org/rtree.html, "Implementation
// details"; the layout of a node is described at the head of its rtree.c): we pack
// them ourselves, sorted into tiles (Leutenegger, Edgington and Lopez 1997, STR),
// which takes a tenth of the time of inserting box by box and gives the better tree.
// rtreecheck() accepts it, and later rows are inserted by SQLite as usual.

// cellBytes is the length of one entry of a node: an id and four single-precision
// bounds, big endian. Before them stand the depth and the number of entries, 16 bits
// each.
const cellBytes = 8 + 4*4

// packer builds the nodes of one index.
type packer struct {
	nodeBytes int // as SQLite made them: 1,228 unless pages are very small
}

// cellsMax is how many entries a node holds, cellsFill how many it gets: the rest is
// room for what is drawn later.
func (p packer) cellsMax() int  { return (p.nodeBytes - 4) / cellBytes }
func (p packer) cellsFill() int { return p.cellsMax() * 4 / 5 }

// cell is one entry of a node: a row of the table, or a child node, and its box.
type cell struct {
	id  int64
	box [4]float32 // minx, maxx, miny, maxy, rounded outwards
}

// node is a packed node before it has a number.
type node struct {
	cells []cell
	box   [4]float32
}

// fillIndex packs the index of a table anew from all of its rows.
func (t *tx) fillIndex(table string) error {
	cells, err := t.boxes(table)
	if err != nil {
		return err
	}
	name := rtree(table)
	var p packer
	if err := t.row("SELECT length(data) FROM " + quote(name+"_node") + " WHERE nodeno = 1").Scan(&p.nodeBytes); err != nil {
		return fmt.Errorf("index of %s: %w", table, err)
	}
	for _, part := range []string{"_node", "_rowid", "_parent"} {
		if err := t.exec("DELETE FROM " + quote(name+part)); err != nil {
			return err
		}
	}
	var levels [][]node
	for {
		level := p.tiles(cells)
		levels = append(levels, level)
		if len(level) == 1 {
			break
		}
		cells = cells[:0:0]
		for i, n := range level {
			cells = append(cells, cell{int64(i), n.box})
		}
	}
	return t.writeIndex(p, name, levels)
}

// boxes reads the box of every geometry of a table.
func (t *tx) boxes(table string) ([]cell, error) {
	var cells []cell
	query := "SELECT fid, geom FROM " + quote(table) + " WHERE geom NOTNULL"
	err := stream(t.ctx, t.conn, query, nil, func(v []driver.Value) error {
		fid, _ := v[0].(int64)
		blob, _ := v[1].([]byte)
		if e, ok := envelope(blob); ok {
			cells = append(cells, cell{fid, [4]float32{floor32(e[0]), ceil32(e[1]), floor32(e[2]), ceil32(e[3])}})
		}
		return nil
	})
	return cells, err
}

// floor32 and ceil32 round to single precision without losing ground.
func floor32(x float64) float32 {
	f := float32(x)
	if float64(f) > x {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func ceil32(x float64) float32 {
	f := float32(x)
	if float64(f) < x {
		f = math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}

// tiles groups cells into nodes: columns of equal number by x, each cut by y. One
// node, perhaps empty, when they fit.
func (p packer) tiles(cells []cell) []node {
	if len(cells) <= p.cellsMax() {
		return []node{newNode(cells)}
	}
	fill := p.cellsFill()
	count := (len(cells) + fill - 1) / fill
	columns := int(math.Ceil(math.Sqrt(float64(count))))
	by(cells, 0)
	var nodes []node
	for _, column := range shares(cells, columns) {
		by(column, 2)
		for _, part := range shares(column, (len(column)+fill-1)/fill) {
			nodes = append(nodes, newNode(part))
		}
	}
	return nodes
}

// by sorts cells by the middle of their boxes along one axis.
func by(cells []cell, axis int) {
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.box[axis]+a.box[axis+1], b.box[axis]+b.box[axis+1]), cmp.Compare(a.id, b.id))
	})
}

// shares cuts cells into n runs whose lengths differ by one at most.
func shares(cells []cell, n int) [][]cell {
	var out [][]cell
	for i := range n {
		if part := cells[len(cells)*i/n : len(cells)*(i+1)/n]; len(part) > 0 {
			out = append(out, part)
		}
	}
	return out
}

func newNode(cells []cell) node {
	n := node{cells: slices.Clone(cells)}
	for i, c := range cells {
		if i == 0 {
			n.box = c.box
		}
		n.box = [4]float32{min(n.box[0], c.box[0]), max(n.box[1], c.box[1]), min(n.box[2], c.box[2]), max(n.box[3], c.box[3])}
	}
	return n
}

// writeIndex numbers the nodes, the root 1, and writes the three tables.
func (t *tx) writeIndex(p packer, name string, levels [][]node) error {
	depth := len(levels) - 1
	first := make([]int64, len(levels)) // number of the first node of a level
	next := int64(1)
	for l := depth; l >= 0; l-- {
		first[l] = next
		next += int64(len(levels[l]))
	}
	var nodes, rows, parents [][]driver.Value
	for l := depth; l >= 0; l-- {
		for i, n := range levels[l] {
			no := first[l] + int64(i)
			for k := range n.cells {
				c := &n.cells[k]
				if l > 0 {
					c.id += first[l-1]
					parents = append(parents, []driver.Value{c.id, no})
				} else {
					rows = append(rows, []driver.Value{c.id, no})
				}
			}
			nodes = append(nodes, []driver.Value{no, p.bytes(&n, l == depth, depth)})
		}
	}
	slices.SortFunc(rows, func(a, b []driver.Value) int { return cmp.Compare(a[0].(int64), b[0].(int64)) })
	for part, list := range map[string][][]driver.Value{"_node": nodes, "_rowid": rows, "_parent": parents} {
		if err := t.each("INSERT INTO "+quote(name+part)+" VALUES (?, ?)", one(list)); err != nil {
			return err
		}
	}
	return nil
}

// bytes is the node as SQLite stores it; only the root carries the depth.
func (p packer) bytes(n *node, root bool, depth int) []byte {
	b := make([]byte, 0, p.nodeBytes)
	if !root {
		depth = 0
	}
	b = binary.BigEndian.AppendUint16(b, uint16(depth))
	b = binary.BigEndian.AppendUint16(b, uint16(len(n.cells)))
	for _, c := range n.cells {
		b = binary.BigEndian.AppendUint64(b, uint64(c.id))
		for _, x := range c.box {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b[:p.nodeBytes]
}

// one gives the value sets of a list, one at a time.
func one(list [][]driver.Value) func() ([]driver.Value, error) {
	n := 0
	return func() ([]driver.Value, error) {
		if n == len(list) {
			return nil, nil
		}
		n++
		return list[n-1], nil
	}
}
