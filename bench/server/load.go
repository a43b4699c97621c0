package main

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// kind is what was seen of one kind of request.
type kind struct {
	name     string
	ms       []float64 // from when it was due to its last byte, ascending
	errors   int
	notFound int // tiles without anything: not an error
	bytes    int64
}

// at returns a quantile of the latencies, the nearest rank.
func (k kind) at(q float64) float64 {
	if len(k.ms) == 0 {
		return 0
	}
	return k.ms[min(len(k.ms)-1, int(q*float64(len(k.ms))))]
}

type result struct {
	kinds                        []kind
	seconds                      float64
	rssStart, rssQuarter, rssEnd float64
	cpu                          float64
}

// together joins all kinds whose name starts so.
func (r result) together(prefix string) kind {
	all := kind{name: prefix}
	for _, k := range r.kinds {
		if strings.HasPrefix(k.name, prefix) {
			all.ms = append(all.ms, k.ms...)
			all.errors, all.bytes = all.errors+k.errors, all.bytes+k.bytes
		}
	}
	slices.Sort(all.ms)
	return all
}

// patience is how long a request may take; later it counts as an error.
const patience = 10 * time.Second

type load struct {
	client *http.Client
	mu     sync.Mutex
	kinds  map[string]*kind
	wait   sync.WaitGroup
}

// drive sends both streams for the time given and waits for the last answers.
func drive(ctx context.Context, o options, m *mix, p *process) result {
	l := &load{kinds: map[string]*kind{}, client: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{MaxIdleConns: 2048, MaxIdleConnsPerHost: 2048, DisableCompression: true},
	}}
	r := result{rssStart: p.rssMB()}
	ctx, cancel := context.WithTimeout(ctx, o.length+2*patience)
	defer cancel()
	began, cpu := time.Now(), p.cpuSeconds()
	quarter := time.AfterFunc(o.length/4, func() { r.rssQuarter = p.rssMB() })
	defer quarter.Stop()
	var streams sync.WaitGroup
	var drawing sync.Mutex // one source of chance for both
	for rate, draw := range map[*int]func() (string, string){&o.tiles: m.tile, &o.api: m.api} {
		if *rate <= 0 {
			continue
		}
		streams.Go(func() { l.stream(ctx, began, o.length, *rate, &drawing, draw) })
	}
	streams.Wait()
	l.wait.Wait()
	r.seconds = time.Since(began).Seconds()
	r.rssEnd, r.cpu = p.rssMB(), p.cpuSeconds()-cpu
	for _, k := range l.kinds {
		slices.Sort(k.ms)
		r.kinds = append(r.kinds, *k)
	}
	slices.SortFunc(r.kinds, func(a, b kind) int { return strings.Compare(a.name, b.name) })
	return r
}

// stream sends requests at their times and never waits for an answer.
func (l *load) stream(ctx context.Context, began time.Time, length time.Duration, rate int, drawing *sync.Mutex, draw func() (string, string)) {
	gap := time.Second / time.Duration(rate)
	for due := began; due.Sub(began) < length && ctx.Err() == nil; due = due.Add(gap) {
		time.Sleep(time.Until(due))
		drawing.Lock()
		name, address := draw()
		drawing.Unlock()
		l.wait.Go(func() { l.one(ctx, name, address, due) })
	}
}

func (l *load) one(ctx context.Context, name, address string, due time.Time) {
	status, size := l.get(ctx, address)
	ms := float64(time.Since(due)) / float64(time.Millisecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kinds[name]
	if k == nil {
		k = &kind{name: name}
		l.kinds[name] = k
	}
	k.ms = append(k.ms, ms)
	k.bytes += size
	switch {
	case status == http.StatusNoContent:
		k.notFound++
	case status != http.StatusOK:
		k.errors++
	}
}

// get returns the status, 0 when there was no whole answer.
func (l *load) get(ctx context.Context, address string) (status int, size int64) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, 0
	}
	r.Header.Set("Accept-Encoding", "gzip")
	w, err := l.client.Do(r)
	if err != nil {
		return 0, 0
	}
	defer w.Body.Close()
	size, err = io.Copy(io.Discard, w.Body)
	if err != nil {
		return 0, size
	}
	return w.StatusCode, size
}
