package server

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// follow reloads the city when its version changes, until ctx ends.
func (s *Server) follow(ctx context.Context) {
	tick := time.NewTicker(s.opts.Poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("read the city again", "err", err)
			}
		}
	}
}

// refresh reads a new snapshot when the city has another version than the one shown:
// only its plans and locks where nothing else changed. Requests are answered from the
// old one until the new one is ready to be looked at.
func (s *Server) refresh(ctx context.Context) error {
	s.reading.Lock()
	defer s.reading.Unlock()
	now := s.now.Load()
	meta, err := s.city.Meta(ctx)
	if err != nil || meta.Version == now.meta.Version {
		return err
	}
	snap, err := now.replanned(ctx, meta)
	if snap == nil && err == nil {
		snap, err = load(ctx, s.city)
	}
	if err != nil {
		return err
	}
	if v, err := snap.view(ctx, snap.newest()); err == nil { // else whoever asks for it is told
		v.account()
	}
	s.show(snap)
	s.log.Info("city changed", "version", snap.meta.Version)
	return nil
}

// show puts a snapshot in the place of the old one and cuts its widest tiles.
func (s *Server) show(snap *snapshot) {
	s.now.Store(snap)
	ctx, stop := context.WithCancel(s.life)
	if before := s.warming.Swap(&stop); before != nil {
		(*before)()
	}
	go func() {
		defer stop()
		snap.warm(ctx)
	}()
}

// replanned is the snapshot with the plans, runs and locks of a later version, nil
// when more than those changed since.
func (s *snapshot) replanned(ctx context.Context, meta workspace.Meta) (*snapshot, error) {
	rows, err := s.city.Audit(ctx, s.meta.Version)
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	if int64(len(rows)) != meta.Version-s.meta.Version {
		return nil, nil // changed again meanwhile, or by a program that keeps no audit
	}
	for _, r := range rows {
		if !leavesTheLand(r) {
			return nil, nil
		}
	}
	next := *s
	if err := next.readPlans(ctx); err != nil {
		return nil, err
	}
	if after, err := s.city.Meta(ctx); err != nil || after.Version != meta.Version {
		return nil, err
	}
	stayed := map[int64]bool{0: true}
	for _, p := range next.plans {
		stayed[p.ID] = sameDecisions(s.head(p.ID), p)
	}
	next.succeed(s, meta, func(plan int64) bool { return stayed[plan] })
	if slices.ContainsFunc(s.plans, func(p plottage.Plan) bool { return !stayed[p.ID] }) {
		next.tilesTag = next.tag // one was replaced or taken away
	}
	return &next, nil
}

// leavesTheLand says whether a change touched plans, runs and locks alone. Gradings and
// clusterings are kept as runs too, and change what parcels are told to be.
func leavesTheLand(r workspace.AuditRow) bool {
	return r.Object == "locks" || strings.HasPrefix(r.Object, "plan ") ||
		strings.HasPrefix(r.Object, "run ") && strings.HasPrefix(r.Verb, "renewal ")
}

// sameDecisions says whether a plan is the one it was; its name and what was said of it are
// no part of it.
func sameDecisions(was *plottage.Plan, p plottage.Plan) bool {
	if was == nil {
		return false
	}
	a := *was
	a.Check, p.Check = plottage.Check{}, plottage.Check{}
	a.Name, p.Name = "", "" // no tile holds it, and who reads a plan is told the name of its head
	return reflect.DeepEqual(a, p)
}

// withLocks is the snapshot after nothing but the locks changed: a lock should show
// at once, not after a whole city was read again.
func (s *snapshot) withLocks(meta workspace.Meta, locks []plottage.Lock) *snapshot {
	next := *s
	next.locks = byParcel(locks)
	next.succeed(s, meta, func(int64) bool { return true })
	return &next
}

// succeed keeps of the snapshot before what still holds: plans that stayed, and their
// tiles. Locks are not in those: the page draws them over the tiles.
func (s *snapshot) succeed(before *snapshot, meta workspace.Meta, stayed func(plan int64) bool) {
	s.meta, s.tag = meta, tagOf(meta)
	s.flights, s.standard = &singleflight.Group{}, &standard{}
	s.views = &views{plans: before.views.plans.Carry(stayed), looks: newLooks()} // looks hold on to their snapshot
	s.tiles = before.tiles.Carry(func(k tileKey) bool { return stayed(k.plan) && stayed(k.vs) })
}

// head returns the plan without its blocks, nil when there is none of that id.
func (s *snapshot) head(id int64) *plottage.Plan {
	for i := range s.plans {
		if s.plans[i].ID == id {
			return &s.plans[i]
		}
	}
	return nil
}
