package server

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// LocksInfo is all locks of the city at one version.
type LocksInfo struct {
	Version int64      `json:"version" doc:"of the city; the base of the next change"`
	Tag     string     `json:"tag" doc:"names the city at this version"`
	Locks   []LockInfo `json:"locks" doc:"by parcel"`

	Setters []LockSetter `json:"setters,omitempty" doc:"with since: who set each lock, or took it away, after that version; the one without a parcel made the first change, and took away what no other names"`
}

// LockSetter says since when a parcel's lock is as it is, and by whom.
type LockSetter struct {
	Parcel string `json:"parcel"`
	By     string `json:"by"`
	At     string `json:"at" doc:"RFC 3339"`
}

// LockInfo is one lock.
type LockInfo struct {
	Parcel string `json:"parcel"`
	Kind   string `json:"kind" enum:"in,out"`
	Year   int    `json:"year" doc:"with in: cleared in this year; 0 any" minimum:"0" maximum:"3000"`
	Note   string `json:"note" maxLength:"400"`
}

// LocksChange replaces all locks.
type LocksChange struct {
	Base  int64      `json:"base" doc:"version of the city the change was made from"`
	Locks []LockInfo `json:"locks" maxItems:"20000"`
	By    string     `json:"by,omitempty" maxLength:"80" doc:"who changes them, for others to read; empty: the account the server runs under"`
}

func (s *snapshot) locksInfo() LocksInfo {
	info := LocksInfo{Version: s.meta.Version, Tag: s.tag, Locks: []LockInfo{}}
	for _, id := range sortedKeys(s.locks) {
		l := s.locks[id]
		info.Locks = append(info.Locks, LockInfo{l.Parcel, string(l.Kind), l.Year, l.Note})
	}
	return info
}

type locksAsk struct {
	Since int64 `query:"since" minimum:"0" doc:"also say who changed locks after this version; 0: do not"`
}

func (s *Server) getLocks(ctx context.Context, snap *snapshot, in *locksAsk) (LocksInfo, error) {
	info := snap.locksInfo()
	if in.Since == 0 || readOnly(ctx) {
		return info, nil
	}
	rows, err := s.city.Audit(ctx, in.Since)
	if err != nil {
		return LocksInfo{}, fmt.Errorf("read who changed locks: %w", err)
	}
	info.Setters, err = setters(slices.DeleteFunc(rows, func(r workspace.AuditRow) bool { return r.Version > snap.meta.Version }))
	return info, err
}

// setters goes through the changes of locks, oldest first: each states all locks, so
// that a parcel's is of the last change before which it was another.
func setters(rows []workspace.AuditRow) ([]LockSetter, error) {
	var before map[string]plottage.Lock
	by := map[string]LockSetter{}
	for _, r := range rows {
		if r.Verb != "locks" {
			continue
		}
		var all struct {
			Locks []plottage.Lock `json:"locks"`
		}
		if err := json.Unmarshal([]byte(r.Detail), &all); err != nil {
			return nil, fmt.Errorf("read change %d of locks: %w", r.Version, err)
		}
		now := byParcel(all.Locks)
		set := func(id string) { by[id] = LockSetter{id, r.Actor, r.At} }
		for id, l := range now {
			if was, had := before[id]; !had || was != l {
				set(id)
			}
		}
		for id := range before {
			if _, has := now[id]; !has {
				set(id)
			}
		}
		if before == nil { // who is not named by the first may have been let go by it
			by[""] = LockSetter{"", r.Actor, r.At}
		}
		before = now
	}
	out := make([]LockSetter, 0, len(by))
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, by[id])
	}
	return out, nil
}

type locksInput struct{ Body LocksChange }

// putLocks stores the locks if nobody changed the city since base, and shows them.
func (s *Server) putLocks(ctx context.Context, snap *snapshot, in *locksInput) (LocksInfo, error) {
	desk, err := s.desk()
	if err != nil {
		return LocksInfo{}, err
	}
	locks, err := snap.readLocks(in.Body.Locks)
	if err != nil {
		return LocksInfo{}, err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := desk.SetLocks(ctx, in.Body.By, in.Body.Base, locks); err != nil {
		if plottage.CodeOf(err) == plottage.Conflict {
			_ = s.refresh(ctx) // the page asks next what it is now
		}
		return LocksInfo{}, err
	}
	return s.showLocks(context.WithoutCancel(ctx), in.Body.Base, locks)
}

// readLocks checks a list of locks against the city: parcels that exist, each once.
func (s *snapshot) readLocks(list []LockInfo) ([]plottage.Lock, error) {
	locks, seen := make([]plottage.Lock, 0, len(list)), map[string]bool{}
	for _, l := range list {
		if s.at(l.Parcel) < 0 {
			// A lock of a parcel that an import took away may stay, but not come new.
			if _, had := s.locks[l.Parcel]; !had {
				return nil, notFound("parcel", l.Parcel)
			}
		}
		if seen[l.Parcel] {
			return nil, newProblem(http.StatusBadRequest, "serve_lock_twice", map[string]any{"id": l.Parcel})
		}
		seen[l.Parcel] = true
		if l.Kind == string(plottage.LockOut) {
			l.Year = 0
		}
		locks = append(locks, plottage.Lock{Parcel: l.Parcel, Kind: plottage.LockKind(l.Kind), Year: l.Year, Note: l.Note})
	}
	return locks, nil
}

// showLocks shows the locks just stored. The version must follow right on base; else
// somebody else's change lies between and everything is read again.
func (s *Server) showLocks(ctx context.Context, base int64, locks []plottage.Lock) (LocksInfo, error) {
	meta, err := s.city.Meta(ctx)
	if err != nil {
		return LocksInfo{}, err
	}
	s.reading.Lock()
	if now := s.now.Load(); now.meta.Version == base && meta.Version == base+1 {
		s.show(now.withLocks(meta, locks))
		s.reading.Unlock()
		return s.now.Load().locksInfo(), nil
	}
	s.reading.Unlock()
	if err := s.refresh(ctx); err != nil {
		return LocksInfo{}, err
	}
	return s.now.Load().locksInfo(), nil
}

// TotalsAsk names parcels to add up, and the plan whose costs count.
type TotalsAsk struct {
	Parcels []string `json:"parcels" maxItems:"20000"`
	Plan    int64    `json:"plan" doc:"0: no plan, hence no costs" minimum:"0"`
}

// Totals adds up parcels. Figures that are not known for every parcel say for how
// many they are.
type Totals struct {
	Parcels    int   `json:"parcels"`
	Candidates int   `json:"candidates"`
	Planned    int   `json:"planned" doc:"cleared by the plan"`
	Firms      int   `json:"firms"`
	LandM2     Known `json:"land_m2"`
	FloorM2    Known `json:"floor_m2"`
	Workers    Known `json:"workers"`
	Cost       Known `json:"cost" doc:"of clearing them, as the plan's computation reckoned it"`
}

// Known is a sum and how many parcels have the figure.
type Known struct {
	Sum   float64 `json:"sum"`
	Known int     `json:"known"`
}

func (k *Known) add(v float64) { k.Sum, k.Known = k.Sum+v, k.Known+1 }

type totalsInput struct{ Body TotalsAsk }

func (s *Server) postTotals(ctx context.Context, snap *snapshot, in *totalsInput) (Totals, error) {
	v, err := snap.view(ctx, in.Body.Plan)
	if err != nil {
		return Totals{}, err
	}
	t, firms, seen := Totals{}, map[string]bool{}, map[string]bool{}
	for _, id := range in.Body.Parcels {
		i := snap.at(id)
		if i < 0 || seen[id] {
			continue
		}
		seen[id] = true
		snap.addParcel(&t, v, i)
		for _, h := range snap.holdings[id] {
			firms[h.Firm] = true
		}
	}
	t.Firms = len(firms)
	return t, nil
}

func (s *snapshot) addParcel(t *Totals, v *view, i int) {
	p := &s.parcels[i]
	t.Parcels++
	t.LandM2.add(p.AreaM2)
	if verdict := s.verdicts[i]; verdict != nil && verdict.Candidate {
		t.Candidates++
	}
	if v.clearedIn(i) != 0 {
		t.Planned++
	}
	if f := open(s, "parcel.floor_area_m2", p.FloorAreaM2); f.Known {
		t.FloorM2.add(f.V)
	}
	cost, reckoned := v.account().limits.costs[p.ID]
	if reckoned {
		t.Cost.add(cost)
	}
	switch w := open(s, "parcel.workers", p.Workers); {
	case reckoned:
		t.Workers.add(v.account().limits.workers[p.ID])
	case w.Known:
		t.Workers.add(w.V)
	}
}

func planID(id int64) string { return strconv.FormatInt(id, 10) }
