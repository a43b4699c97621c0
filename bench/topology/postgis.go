package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage/bench/postgis"
)

// measurePostGIS unites the parcels by block in PostGIS and returns what goes into
// the summary; without a PostgreSQL on this machine it says so and returns nothing.
func measurePostGIS(c city) string {
	s, err := postgis.Start()
	if err != nil {
		fmt.Printf("postgis\tnot measured: %v\n", err)
		return ""
	}
	defer s.Stop()
	var answer string
	load, _ := step("postgis load", func() string { return try(func() error { return load(s, c) }) })
	union, _ := step("postgis union", func() string {
		return try(func() error {
			_, err := s.SQL("CREATE TABLE blocks AS SELECT block, ST_Union(g) AS g FROM parcels GROUP BY block", nil)
			return err
		})
	})
	step("postgis count", func() string {
		return try(func() (err error) {
			answer, err = s.SQL("SELECT sum(ST_NumGeometries(g)), sum(ST_NRings(g) - ST_NumGeometries(g)), postgis_lib_version() FROM blocks", nil)
			return err
		}) + answer
	})
	f := strings.Split(answer, "|")
	if len(f) != 3 {
		return ""
	}
	return fmt.Sprintf("\tpostgis=%s\tpostgis_load_s=%.3f\tpostgis_union_s=%.3f\tpostgis_blocks=%s\tpostgis_holes=%s", f[2], load, union, f[0], f[1])
}

// try runs f and gives the error in words.
func try(f func() error) string {
	if err := f(); err != nil {
		return "failed: " + err.Error()
	}
	return ""
}

// load copies the parcels over as WKB.
func load(s *postgis.Server, c city) error {
	if _, err := s.SQL("CREATE TABLE parcels (block int, g geometry)", nil); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		for i, mp := range c.parcels {
			data, err := wkb.Marshal(mp)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			fmt.Fprintf(b, "%d\t%s\n", c.block[i], hex.EncodeToString(data))
		}
		w.CloseWithError(b.Flush())
	}()
	_, err := s.SQL("COPY parcels FROM STDIN", r)
	r.Close()
	return err
}
