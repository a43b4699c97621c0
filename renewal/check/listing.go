package check

import (
	"maps"
	"slices"
	"sync"
)

// listing remembers the blocks of groups of lots for the cases of a certificate: they
// differ in prices and in the years of a few lots, so that the same blocks would be listed
// again in each.
type listing struct {
	mu   sync.Mutex
	of   map[string]*listed
	room int // options that may still be remembered
}

// listed are the blocks of a group, whatever cases hold; nil options with complete: too
// many to remember.
type listed struct {
	options  []option
	complete bool
}

// mostListed bounds the memory of a listing: an option takes about 200 bytes.
const mostListed = 1_000_000

func newListing() *listing { return &listing{of: map[string]*listed{}, room: mostListed} }

// blocks calls each with every block of a group in every start that its lots, the caps and
// the cases around admit. It reports false, having called nothing, when there are too many
// sets.
func (b *bounder) blocks(g int, each func(*option)) bool {
	lots := b.groups[g]
	if b.isSigned(lots) {
		return b.list(g, each)
	}
	if b.memo == nil {
		return (len(lots) <= 20 || b.list(g, func(*option) {})) && b.list(g, each) // look before scoring
	}
	l := b.memo.get(b, g)
	if l.options == nil {
		return l.complete && b.list(g, each)
	}
	for i := range l.options {
		o := l.options[i]
		if !b.elsewhere(o.members, o.start) {
			each(&o)
		}
	}
	return true
}

// elsewhere reports whether a case around holds one of the lots in another year.
func (b *bounder) elsewhere(members []int, t int) bool {
	return b.heldAt != nil && slices.ContainsFunc(members, func(i int) bool { return b.heldAt[i] >= 0 && b.heldAt[i] != t })
}

// get lists the blocks of a group without what cases hold. Lots that cases leave out make
// another group.
func (l *listing) get(b *bounder, g int) *listed {
	key := make([]byte, 0, 4*len(b.groups[g]))
	for _, i := range b.groups[g] {
		bit := byte(0)
		if b.barred[i] {
			bit = 1
		}
		key = append(key, byte(i), byte(i>>8), byte(i>>16), bit)
	}
	l.mu.Lock()
	known := l.of[string(key)]
	l.mu.Unlock()
	if known != nil {
		return known
	}
	plain := *b
	plain.listed, plain.year = 0, maps.Clone(b.year)
	for i := range b.held {
		delete(plain.year, i)
	}
	plain.lockYears()
	out := &listed{options: []option{}}
	room := l.left()
	out.complete = plain.list(g, func(o *option) {
		if room--; room < 0 {
			out.options = nil
			return
		}
		out.options = append(out.options, *o)
	})
	if !out.complete {
		out.options = nil
	}
	b.listed += plain.listed
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room -= len(out.options)
	l.of[string(key)] = out
	return out
}

func (l *listing) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.room
}
