package server

import (
	"slices"
	"strings"
	"sync"
)

// lookups are what searches and sums need of a city, made at the first question and
// kept for as long as the city stays the same.
type lookups struct {
	summary   func() Summary
	parcels   func() *lexicon
	firms     func() *lexicon
	firstUsed func() map[string]int // firm -> the first parcel it uses, as an index
}

func newLookups(s *snapshot) *lookups {
	return &lookups{
		summary: sync.OnceValue(s.sumUp),
		parcels: sync.OnceValue(func() *lexicon {
			return newLexicon(len(s.parcels), func(i int) []string { return []string{s.parcels[i].ID, s.parcels[i].Name} })
		}),
		firms: sync.OnceValue(func() *lexicon {
			return newLexicon(len(s.firms), func(i int) []string { return []string{s.firms[i].ID, s.firms[i].Name} })
		}),
		firstUsed: sync.OnceValue(func() map[string]int {
			first := make(map[string]int, len(s.firms))
			for i := range s.parcels {
				for _, h := range s.holdings[s.parcels[i].ID] {
					if _, ok := first[h.Firm]; !ok {
						first[h.Firm] = i
					}
				}
			}
			return first
		}),
	}
}

// lexicon holds the words of many items in one lower-case text, which is searched
// many times as fast as word by word.
type lexicon struct {
	text   string
	starts []int // of each item in text, and the end
}

// between stands between words; what people type has none.
const between = "\x00"

func newLexicon(n int, words func(int) []string) *lexicon {
	var b strings.Builder
	l := &lexicon{starts: make([]int, 0, n+1)}
	for i := range n {
		l.starts = append(l.starts, b.Len())
		for _, w := range words(i) {
			b.WriteString(strings.ToLower(w))
			b.WriteString(between)
		}
	}
	l.text = b.String()
	l.starts = append(l.starts, b.Len())
	return l
}

// found is an item that matches, with its rank.
type found struct{ item, rank int }

// find returns the items that match the lower-case q best, in order of rank and then
// of items: at most one more than can be shown.
func (l *lexicon) find(q string) []found {
	var byRank [3][]found
	for from := 0; from < len(l.text); {
		at := strings.Index(l.text[from:], q)
		if at < 0 {
			break
		}
		i, exact := slices.BinarySearch(l.starts, from+at)
		if !exact {
			i--
		}
		words := strings.Split(strings.TrimSuffix(l.text[l.starts[i]:l.starts[i+1]], between), between)
		if r := rank(q, words...); r >= 0 && len(byRank[r]) <= maxHits {
			byRank[r] = append(byRank[r], found{i, r})
		}
		from = l.starts[i+1]
	}
	all := slices.Concat(byRank[0], byRank[1], byRank[2])
	return all[:min(len(all), maxHits+1)]
}
