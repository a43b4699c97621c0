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
// With -program the commands people type are killed instead: plottage new, import, land
// grade, land clusters, renewal solve and export. Acknowledged is a command that ended
// with exit code 0; what it named in its JSON must be in the city, and what was killed
// must be there whole or not at all.
//
//	go run ./bench/crash -program -n 300
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

	"github.com/plottage/plottage/internal/cli"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/internal/importer"
)

func main() {
	actAsProgram()
	n := flag.Int("n", 1000, "kills")
	seed := flag.Uint64("seed", 1, "of the moments and the work")
	dir := flag.String("dir", "", "folder of the city file; a temporary one when empty")
	program := flag.Bool("program", false, "kill the commands of plottage instead of a writer of the store")
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
	attack := siege
	if *program {
		attack = besiege
	}
	t, err := attack(self, *dir, *n, *seed)
	if err != nil {
		log.Fatal(err)
	}
	t.print(os.Stdout)
	if t.failed() {
		os.Exit(1)
	}
}

// actAsProgram is cmd/plottage, and one edit of the store, when the environment says so.
func actAsProgram() {
	highs.RunIfChild()
	importer.ChildMain()
	if os.Getenv(programEnv) == "" {
		return
	}
	if args := os.Args[1:]; len(args) > 3 && args[0] == "crash-edit" {
		if err := editOne(context.Background(), args[1], args[2], args[3]); err != nil {
			log.Fatal(err)
		}
		os.Exit(0)
	}
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
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
