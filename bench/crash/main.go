// Command crash kills a process that writes a city file, again and again at random
// moments, and checks what is left.
//
//	go run ./bench/crash -n 1000
//
// A child imports, edits and saves plans and tells its parent, over a pipe, each
// version of the city that was acknowledged. The parent kills it (SIGKILL), opens the
// file and checks: no acknowledged version is lost, no operation is there by half,
// the file opens at once and SQLite finds it sound. kill -9 does not test a power
// cut: the operating system keeps what was written.
//
// One tab-separated row a kind of work that the kill hit (kind, kills, acknowledged,
// lost, half, corrupt, slowest opening in ms), a last line "summary".
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	n := flag.Int("n", 1000, "kills")
	seed := flag.Uint64("seed", 1, "of the moments and the work")
	dir := flag.String("dir", "", "folder of the city file; a temporary one when empty")
	child := flag.String("child", "", "run as the child that writes this file (for the program itself)")
	flag.Parse()
	if *child != "" {
		if err := write(context.Background(), *child, *seed, os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	t, err := siege(self, *dir, *n, *seed)
	if err != nil {
		log.Fatal(err)
	}
	t.print(os.Stdout)
	if t.failed() {
		os.Exit(1)
	}
}

// siege makes a city and kills n writers of it.
func siege(self, dir string, n int, seed uint64) (*tally, error) {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "crash")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	b := &besieged{self: self, path: filepath.Join(dir, "city.gpkg"), seed: seed, tally: newTally()}
	if err := b.found(); err != nil {
		return nil, err
	}
	for i := range n {
		if err := b.round(uint64(i)); err != nil {
			return b.tally, fmt.Errorf("round %d: %w", i, err)
		}
	}
	return b.tally, nil
}
