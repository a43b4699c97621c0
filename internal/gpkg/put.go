package gpkg

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// bulkRows is from how many rows of geometry on the index is filled at the end instead
// of row by row through its triggers; measured, that is five times faster.
const bulkRows = 2_000

// put writes records, each in place of the one with the same key if the table has a
// key. They are written sorted by key, so that reading in that order is reading in a
// row.
func put[T any](t *tx, tab *table[T], recs []T) error { return putFrom(t, tab, recs, 0) }

// putFrom is put for records that come from a source.
func putFrom[T any](t *tx, tab *table[T], recs []T, source int64) error {
	if len(recs) == 0 {
		return nil
	}
	known, err := fids(t, &tab.spec)
	if err != nil {
		return err
	}
	order, err := ranked(tab, recs)
	if err != nil {
		return err
	}
	return write(t, tab, recs, order, known, source)
}

// putNew writes records whose keys cannot be in the table yet, in the order they
// come in.
func putNew[T any](t *tx, tab *table[T], recs []T) error {
	if len(recs) == 0 {
		return nil
	}
	order, err := ranked(tab, recs)
	if err != nil {
		return err
	}
	slices.Sort(order)
	return write(t, tab, recs, order, nil, 0)
}

// write splits the records into those that replace and those that are new, and keeps
// the index and the stated extent in step.
func write[T any](t *tx, tab *table[T], recs []T, order []int, known map[string]int64, source int64) error {
	last, err := t.lastFID(tab.name)
	if err != nil {
		return err
	}
	fresh, old := &feed[T]{t: t, tab: tab, recs: recs, source: source}, &feed[T]{t: t, tab: tab, recs: recs, source: source}
	for _, i := range order {
		if fid, ok := known[tab.key(&recs[i])]; ok {
			old.add(i, fid)
		} else {
			last++
			fresh.add(i, last)
		}
	}
	run := func() error {
		if err := old.run(tab.updateSQL()); err != nil {
			return err
		}
		return fresh.run(tab.insertSQL())
	}
	if tab.geometry != "" && len(recs) >= bulkRows {
		err = t.unindexed(tab.name, run)
	} else {
		err = run()
	}
	if err != nil {
		return err
	}
	if err := t.widen(tab.name, union(old.extent, fresh.extent)); err != nil {
		return err
	}
	return t.touch(tab.name)
}

// unindexed runs body without the triggers of the index, builds it anew and puts the
// triggers back as they were: another program may have made them, in its own edition.
// A table whose index somebody dropped in QGIS has none afterwards either.
func (t *tx) unindexed(table string, body func() error) error {
	trigger, err := t.indexTriggers(table)
	if err != nil {
		return err
	}
	for name := range trigger {
		if err := t.exec("DROP TRIGGER " + quote(name)); err != nil {
			return err
		}
	}
	if err := body(); err != nil || len(trigger) == 0 {
		return err
	}
	if err := t.fillIndex(table); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(trigger)) {
		if err := t.exec(trigger[name]); err != nil {
			return err
		}
	}
	return nil
}

// indexTriggers gives the SQL of the triggers that keep a table's index, by name.
func (t *tx) indexTriggers(table string) (map[string]string, error) {
	rows, err := t.conn.QueryContext(t.ctx, `SELECT name, sql FROM sqlite_master
		WHERE type = 'trigger' AND tbl_name = ? AND substr(name, 1, length(?2)) = ?2`, table, rtree(table)+"_")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var name, sql string
		if err := rows.Scan(&name, &sql); err != nil {
			return nil, err
		}
		found[name] = sql
	}
	return found, rows.Err()
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
	source int64       // stamped on records that carry a source
	extent *[4]float64 // of all geometry written
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
		if e, ok := envelope(now.blobs[n%chunk]); ok {
			f.extent = union(f.extent, &e)
		}
		n++
		return now.cells[(n-1)%chunk], nil
	})
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
		rec := f.recs[f.items[n]] // a copy: the caller's records stay as they are
		if f.source != 0 {
			f.tab.stamp(&rec, f.source)
		}
		vals, blob, err := f.tab.cells(&rec, f.t.srs)
		if err != nil {
			c.err = refused(f.tab.name, rowOf(f.tab, f.recs, f.items[n]), f.tab.key(&rec), err)
			return c
		}
		c.cells[n-from], c.blobs[n-from] = append([]driver.Value{f.fids[n]}, vals...), blob
	}
	return c
}

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
