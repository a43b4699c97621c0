package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// count is what kills during one kind of work did.
type count struct {
	kills, acknowledged, lost, half, corrupt int
	openMS                                   float64 // slowest opening afterwards
}

// tally counts by kind.
type tally struct {
	kinds map[string]*count
	said  int
}

func newTally() *tally { return &tally{kinds: map[string]*count{}} }

func (t *tally) kind(name string) *count {
	if t.kinds[name] == nil {
		t.kinds[name] = &count{}
	}
	return t.kinds[name]
}

// say reports what is wrong, the first dozen times.
func (t *tally) say(format string, args ...any) {
	if t.said++; t.said <= 12 {
		fmt.Fprintf(os.Stderr, "crash: "+format+"\n", args...)
	}
}

func (t *tally) total() (sum count) {
	for _, c := range t.kinds {
		sum.kills += c.kills
		sum.acknowledged += c.acknowledged
		sum.lost += c.lost
		sum.half += c.half
		sum.corrupt += c.corrupt
		sum.openMS = max(sum.openMS, c.openMS)
	}
	return sum
}

func (t *tally) failed() bool { s := t.total(); return s.lost+s.half+s.corrupt > 0 }

func (t *tally) print(w io.Writer) {
	fmt.Fprintln(w, "kind\tkills\tacknowledged\tlost\thalf\tcorrupt\topen_ms_max")
	for _, name := range slices.Sorted(maps.Keys(t.kinds)) {
		c := t.kinds[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%.1f\n", name, c.kills, c.acknowledged, c.lost, c.half, c.corrupt, c.openMS)
	}
	s := t.total()
	fmt.Fprintf(w, "summary\tkills=%d acknowledged=%d lost=%d half=%d corrupt=%d open_ms_max=%.1f\n",
		s.kills, s.acknowledged, s.lost, s.half, s.corrupt, s.openMS)
}
