package gpkg

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// bulkRows is from how many rows of geometry on the index is filled at the end instead
// of row by row through its triggers; measured, that is five times faster.
const bulkRows = 2_000

// put writes records, each in place of the one with the same key if the table has a
// key. Records come sorted by key, so that reading in that order is reading in a row.
func put[T any](t *tx, tab *table[T], recs []T) error {
	if len(recs) == 0 {
		return nil
	}
	order, err := ranked(tab, recs)
	if err != nil {
		return err
	}
	known, err := fids(t, &tab.spec)
	if err != nil {
		return err
	}
	bulk := tab.geometry != "" && len(recs) >= bulkRows
	if bulk {
		if err := t.dropTriggers(tab.name); err != nil {
			return err
		}
	}
	if err := write(t, tab, recs, order, known, bulk); err != nil {
		return err
	}
	return t.touch(tab.name)
}

// putFresh writes records whose keys cannot be in the table yet, in the order they
// come in.
func putFresh[T any](t *tx, tab *table[T], recs []T) error {
	order, err := ranked(tab, recs)
	if err != nil || len(recs) == 0 {
		return err
	}
	slices.Sort(order)
	if err := write(t, tab, recs, order, nil, false); err != nil {
		return err
	}
	return t.touch(tab.name)
}

// write splits the records into those that replace and those that are new.
func write[T any](t *tx, tab *table[T], recs []T, order []int, known map[string]int64, bulk bool) error {
	last, err := t.lastFID(tab.name)
	if err != nil {
		return err
	}
	fresh, old := &feed[T]{t: t, tab: tab, recs: recs}, &feed[T]{t: t, tab: tab, recs: recs}
	for _, i := range order {
		if fid, ok := known[tab.key(&recs[i])]; ok {
			old.add(i, fid)
		} else {
			last++
			fresh.add(i, last)
		}
	}
	if err := old.run(tab.updateSQL()); err != nil {
		return err
	}
	if err := fresh.run(tab.insertSQL()); err != nil {
		return err
	}
	if tab.geometry == "" {
		return nil
	}
	if err := t.widen(tab.name, union(old.extent, fresh.extent)); err != nil || !bulk {
		return err
	}
	if err := t.fillIndex(tab.name, len(known) > 0, fresh); err != nil {
		return err
	}
	return t.createTriggers(tab.name)
}

// ranked gives the order of the records by key and refuses two with one key.
func ranked[T any](tab *table[T], recs []T) ([]int, error) {
	order := make([]int, len(recs))
	for i := range order {
		order[i] = i
	}
	if len(tab.spec.key) == 0 {
		return order, nil
	}
	keys := make([]string, len(recs))
	for i := range recs {
		keys[i] = tab.key(&recs[i])
	}
	sort.SliceStable(order, func(i, j int) bool { return keys[order[i]] < keys[order[j]] })
	for n := 1; n < len(order); n++ {
		if i := order[n]; keys[i] == keys[order[n-1]] {
			return nil, refused(tab.name, rowOf(tab, recs, i), keys[i], &cellError{tab.spec.key[0], keys[i], errTwice})
		}
	}
	return order, nil
}

var errTwice = errors.New("the same key comes twice")

func rowOf[T any](tab *table[T], recs []T, i int) int {
	if tab.row != nil {
		if n := tab.row(&recs[i]); n > 0 {
			return n
		}
	}
	return i + 1
}

// fids maps the keys of a table to its rows; nil for a table without a key.
func fids(t *tx, s *spec) (map[string]int64, error) {
	if len(s.key) == 0 {
		return nil, nil
	}
	expr := quote(s.key[0])
	if len(s.key) == 2 {
		expr += " || char(31) || " + quote(s.key[1])
	}
	known := map[string]int64{}
	err := stream(t.ctx, t.conn, "SELECT "+expr+", fid FROM "+quote(s.name), nil, func(v []driver.Value) error {
		key, err := takeText(v[0])
		fid, _ := v[1].(int64)
		known[key] = fid
		return err
	})
	return known, err
}

// lastFID is the highest fid ever given in a table: deleted ones are not used again.
func (t *tx) lastFID(table string) (n int64, err error) {
	err = t.row("SELECT max((SELECT ifnull(max(fid), 0) FROM "+quote(table)+"), ifnull((SELECT seq FROM sqlite_sequence WHERE name = ?), 0))", table).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// feed turns records into cells on a few goroutines, ahead of the one that writes.
type feed[T any] struct {
	t      *tx
	tab    *table[T]
	recs   []T
	items  []int
	fids   []int64
	bounds [][4]float64 // of items with geometry, for the index
	placed []int64      // their fids
	extent *[4]float64
}

func (f *feed[T]) add(i int, fid int64) {
	f.items, f.fids = append(f.items, i), append(f.fids, fid)
}

type cooked struct {
	cells [][]driver.Value
	blobs [][]byte
	err   error
}

func (f *feed[T]) run(query string) error {
	if len(f.items) == 0 {
		return nil
	}
	ready := f.cook()
	defer ready.stop()
	var now cooked
	n := 0
	return f.t.each(query, func() ([]driver.Value, error) {
		if n == len(f.items) {
			return nil, nil
		}
		if n%chunk == 0 {
			if now = ready.next(); now.err != nil {
				return nil, now.err
			}
		}
		f.note(f.fids[n], now.blobs[n%chunk])
		n++
		return now.cells[(n-1)%chunk], nil
	})
}

// note remembers where a geometry lies.
func (f *feed[T]) note(fid int64, blob []byte) {
	if blob == nil {
		return
	}
	e, _ := envelope(blob)
	f.placed, f.bounds = append(f.placed, fid), append(f.bounds, e)
	f.extent = union(f.extent, &e)
}

// kitchen hands out cooked chunks in order. At most aheadChunks are cooked and not
// yet eaten, which bounds the memory.
type kitchen struct {
	out   []chan cooked
	n     int
	slots chan struct{}
	quit  chan struct{}
	wg    sync.WaitGroup
}

const aheadChunks = 16

func (k *kitchen) next() cooked {
	c := <-k.out[k.n]
	k.n++
	<-k.slots
	return c
}

func (k *kitchen) stop() { close(k.quit); k.wg.Wait() }

// order hands out the numbers of the chunks to cook.
func (k *kitchen) order(jobs chan<- int) {
	defer close(jobs)
	for i := range k.out {
		select {
		case k.slots <- struct{}{}:
		case <-k.quit:
			return
		}
		select {
		case jobs <- i:
		case <-k.quit:
			return
		}
	}
}

func (f *feed[T]) cook() *kitchen {
	parts := (len(f.items) + chunk - 1) / chunk
	k := &kitchen{out: make([]chan cooked, parts), slots: make(chan struct{}, aheadChunks), quit: make(chan struct{})}
	for i := range k.out {
		k.out[i] = make(chan cooked, 1)
	}
	jobs := make(chan int)
	k.wg.Go(func() { k.order(jobs) })
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		k.wg.Go(func() {
			for i := range jobs {
				k.out[i] <- f.part(i)
			}
		})
	}
	return k
}

func (f *feed[T]) part(i int) cooked {
	from, to := i*chunk, min((i+1)*chunk, len(f.items))
	c := cooked{cells: make([][]driver.Value, to-from), blobs: make([][]byte, to-from)}
	for n := from; n < to; n++ {
		rec := &f.recs[f.items[n]]
		vals, blob, err := f.tab.cells(rec, f.t.srs)
		if err != nil {
			c.err = refused(f.tab.name, rowOf(f.tab, f.recs, f.items[n]), f.tab.key(rec), err)
			return c
		}
		c.cells[n-from], c.blobs[n-from] = append([]driver.Value{f.fids[n]}, vals...), blob
	}
	return c
}

// fillIndex fills the R-tree of a table whose triggers are away: from the rows just
// written when the table was empty, from all of it otherwise.
func (t *tx) fillIndex(table string, all bool, f interface {
	boxes() ([]int64, [][4]float64)
}) error {
	if all {
		if err := t.exec("DELETE FROM " + quote(rtree(table))); err != nil {
			return err
		}
		return t.exec(fmt.Sprintf(`INSERT INTO %s SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)
			FROM %s WHERE geom NOTNULL AND NOT ST_IsEmpty(geom)`, quote(rtree(table)), quote(table)))
	}
	fids, bounds := f.boxes()
	n := 0
	return t.each("INSERT INTO "+quote(rtree(table))+" VALUES (?, ?, ?, ?, ?)", func() ([]driver.Value, error) {
		if n == len(fids) {
			return nil, nil
		}
		e := bounds[n]
		n++
		return []driver.Value{fids[n-1], e[0], e[1], e[2], e[3]}, nil
	})
}

func (f *feed[T]) boxes() ([]int64, [][4]float64) { return f.placed, f.bounds }

func union(a, b *[4]float64) *[4]float64 {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	return &[4]float64{min(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3])}
}

// widen stretches the extent that gpkg_contents states over e.
func (t *tx) widen(table string, e *[4]float64) error {
	if e == nil {
		return nil
	}
	return t.exec(`UPDATE gpkg_contents SET
		min_x = min(ifnull(min_x, ?1), ?1), max_x = max(ifnull(max_x, ?2), ?2),
		min_y = min(ifnull(min_y, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4)
		WHERE table_name = ?5 OR table_name IN (SELECT view FROM (SELECT 'parcels_graded' AS view, 'parcels' AS base
			UNION ALL SELECT 'blocks_latest', 'blocks') WHERE base = ?5)`, e[0], e[1], e[2], e[3], table)
}

// touch notes when a table last changed.
func (t *tx) touch(table string) error {
	return t.exec("UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", gpkgTime(t.now), table)
}
