package importer

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/workspace"
)

// How many issues of one kind are kept row by row. What goes beyond is counted and
// said in one issue, "more"; refused rows are always all given back.
const (
	maxNoted    = 1_000
	maxRepaired = 100_000
)

// issues collects what is found, changed and refused; safe for several goroutines.
type issues struct {
	file  string
	mu    sync.Mutex
	list  []layer.Issue
	kinds map[kind]int
}

type kind struct{ severity, key string }

func newIssues(file string) *issues { return &issues{file: file, kinds: map[kind]int{}} }

func (s *issues) add(list ...layer.Issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range list {
		if i.Where.File == "" {
			i.Where.File = s.file
		}
		i.Where.Value = shorten(i.Where.Value)
		k := kind{i.Severity, i.Key}
		s.kinds[k]++
		if s.kinds[k] <= mostOf(i.Severity) {
			s.list = append(s.list, i)
		}
	}
}

// count notes an issue without keeping it.
func (s *issues) count(severity, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kinds[kind{severity, key}]++
}

func mostOf(severity string) int {
	if severity == layer.Noted {
		return maxNoted
	}
	return maxRepaired
}

// counts returns how many issues of each severity there are.
func (s *issues) counts() map[string]int {
	n := map[string]int{layer.Refused: 0, layer.Repaired: 0, layer.Noted: 0}
	for k, c := range s.kinds {
		n[k.severity] += c
	}
	return n
}

// all returns the kept issues, of the file first and then by row, and one for each
// kind that was cut off.
func (s *issues) all() []workspace.Issue {
	slices.SortStableFunc(s.list, func(a, b layer.Issue) int {
		return cmp.Or(cmp.Compare(a.Where.Layer, b.Where.Layer), cmp.Compare(a.Where.Row, b.Where.Row))
	})
	out := make([]workspace.Issue, 0, len(s.list))
	for _, i := range s.list {
		out = append(out, workspace.Issue(i))
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.kinds), func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.severity, b.severity), cmp.Compare(a.key, b.key))
	}) {
		if more := s.kinds[k] - mostOf(k.severity); more > 0 {
			out = append(out, workspace.Issue{Severity: k.severity, Key: "more", Args: map[string]any{"count": more, "kind": k.key}, Where: plottage.Where{File: s.file}})
		}
	}
	return out
}

// shorten cuts a value for a message.
func shorten(s string) string {
	const most = 80
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
