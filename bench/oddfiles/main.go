// Oddfiles runs a corpus of odd and malformed files through the importer:
//
//	go run ./bench/oddfiles [-only PART] DIR…
//
// One row a file: path, end (accept, repair, reject), wanted end, seconds, peak MB of
// the reading process, key, message. The summary counts panics, kills, and files over
// the goals of 10 s and 256 MB.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
)

const (
	goalSeconds = 10
	goalMB      = 256
)

func main() {
	importer.ChildMain()
	only := flag.String("only", "", "paths that contain this")
	flag.Parse()
	roots := flag.Args()
	if len(roots) == 0 {
		roots = []string{"../shared/data/odd-files"}
	}
	t := tally{ends: map[string]int{}}
	for _, root := range roots {
		if err := t.run(root, *only); err != nil {
			fmt.Fprintln(os.Stderr, "oddfiles:", err)
			os.Exit(1)
		}
	}
	t.summary()
}

// tally counts over all files.
type tally struct {
	files, panics, kills, slow, large, cases, asWanted int
	ends                                               map[string]int
	maxSeconds, maxMB                                  float64
}

func (t *tally) run(root, only string) error {
	wanted := map[string]string{}
	made := filepath.Join(root, "made")
	if cases, err := corpus.Cases(made); err == nil {
		for _, c := range cases {
			wanted[filepath.Join("made", c.Path)] = c.Want
		}
	}
	files, err := corpus.Files(root)
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.Contains(f, only) {
			t.add(corpus.Run(context.Background(), root, f), wanted[f])
		}
	}
	return nil
}

func (t *tally) add(o corpus.Outcome, want string) {
	t.files++
	t.ends[o.End]++
	t.maxSeconds, t.maxMB = max(t.maxSeconds, o.Seconds), max(t.maxMB, o.PeakMB)
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	count(&t.panics, o.Crashed)
	count(&t.kills, o.Killed != "")
	count(&t.slow, o.Seconds > goalSeconds)
	count(&t.large, o.PeakMB > goalMB)
	count(&t.cases, want != "")
	count(&t.asWanted, want != "" && o.Meets(want))
	fmt.Printf("%s\t%s\t%s\t%.3f\t%.1f\t%s\t%s\n", clean(o.Path), o.End, want, o.Seconds, o.PeakMB, o.Key, clean(o.Message))
}

func (t *tally) summary() {
	fmt.Printf("summary\tfiles=%d accept=%d repair=%d reject=%d panics=%d kills=%d over_10s=%d over_256mb=%d max_s=%.2f max_mb=%.0f cases=%d as_wanted=%d\n",
		t.files, t.ends[corpus.Accept], t.ends[corpus.Repair], t.ends[corpus.Reject], t.panics, t.kills, t.slow, t.large, t.maxSeconds, t.maxMB, t.cases, t.asWanted)
}

// clean keeps a name or message from breaking the table.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '·'
		}
		return r
	}, s)
}
