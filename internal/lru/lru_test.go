package lru

import (
	"math/rand/v2"
	"testing"
)

func words(limit int) *Cache[string, string] {
	return New[string](limit, func(v string) int { return len(v) })
}

func TestWhatWasUsedLastStays(t *testing.T) {
	c := words(3 * (perEntry + 1))
	for _, k := range []string{"a", "b", "c"} {
		c.Put(k, k)
	}
	c.Get("a")
	c.Put("d", "d")
	for k, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, got := c.Get(k); got != want {
			t.Errorf("%s is kept: %v, want %v", k, got, want)
		}
	}
}

func TestAValueStaysAsItIs(t *testing.T) {
	c := words(10_000)
	c.Put("a", "first")
	c.Put("a", "second")
	if v, _ := c.Get("a"); v != "first" {
		t.Errorf("got %q, want the first", v)
	}
}

func TestATooLargeValueIsNotKept(t *testing.T) {
	c := words(perEntry + 3)
	c.Put("a", "four")
	if _, ok := c.Get("a"); ok {
		t.Error("a value beyond the limit is kept")
	}
	if size, n := c.Size(); size != 0 || n != 0 {
		t.Errorf("an empty cache counts %d bytes of %d values", size, n)
	}
}

func TestCarryKeepsOrderAndSize(t *testing.T) {
	c := words(4 * (perEntry + 1))
	for _, k := range []string{"a", "b", "c", "d"} {
		c.Put(k, k)
	}
	next := c.Carry(func(k string) bool { return k != "c" })
	next.Put("e", "e")
	next.Put("f", "f") // a is the oldest
	for k, want := range map[string]bool{"a": false, "b": true, "c": false, "d": true, "e": true, "f": true} {
		if _, got := next.Get(k); got != want {
			t.Errorf("%s is kept: %v, want %v", k, got, want)
		}
	}
	if _, ok := c.Get("c"); !ok {
		t.Error("carrying changed the cache it came from")
	}
}

// Whatever is put and read, the size stays within the limit and is what the entries
// weigh.
func TestTheSizeIsWhatIsKept(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := New[int](5000, func(v []byte) int { return len(v) })
	for range 2000 {
		if k := r.IntN(60); r.IntN(3) == 0 {
			c.Get(k)
		} else {
			c.Put(k, make([]byte, r.IntN(900)))
		}
		size, n := c.Size()
		want := n * perEntry
		for k := range c.byKey {
			want += len(c.byKey[k].Value.(*entry[int, []byte]).value)
		}
		if size != want || size > 5000 {
			t.Fatalf("counts %d bytes, holds %d, limit 5000", size, want)
		}
	}
}
