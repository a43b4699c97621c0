package workspace

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/plottage/plottage"
)

// LocksChange says what a change of locks did, parcel by parcel.
type LocksChange struct {
	Set     []ChangedLock   `json:"set"`     // by parcel: locks that are new or other than before
	Removed []plottage.Lock `json:"removed"` // by parcel
	Same    []string        `json:"same"`    // parcels that were so already
	Locks   int             `json:"locks"`   // of the city, now
}

// ChangedLock is a lock with the one it replaced; nil: the parcel was not locked.
type ChangedLock struct {
	plottage.Lock
	Was *plottage.Lock `json:"was,omitempty"`
}

// Years that a lock may name, and characters of its note: as many as the server takes.
const (
	firstLockYear = 1900
	lastLockYear  = 3000
	mostLockNote  = 400
)

// Lock locks parcels, each in place of whatever lock it has. Either all are locked or, when
// the city lacks one of them or two locks contradict one another, none.
func (c *City) Lock(ctx context.Context, locks []plottage.Lock) (LocksChange, error) {
	known, err := c.parcelsByID(ctx)
	if err != nil {
		return LocksChange{}, err
	}
	asked, err := lockedOnce(locks, known)
	if err != nil {
		return LocksChange{}, err
	}
	return c.changeLocks(ctx, func(now map[string]plottage.Lock, out *LocksChange) error {
		for _, k := range asked {
			was, had := now[k.Parcel]
			if had && was == k {
				out.Same = append(out.Same, k.Parcel)
				continue
			}
			set := ChangedLock{Lock: k}
			if had {
				set.Was = &was
			}
			out.Set = append(out.Set, set)
			now[k.Parcel] = k
		}
		return nil
	})
}

// Unlock takes the locks of parcels off, or of all parcels. A parcel that an import took
// away may still be unlocked.
func (c *City) Unlock(ctx context.Context, parcels []string, all bool) (LocksChange, error) {
	known, err := c.parcelsByID(ctx)
	if err != nil {
		return LocksChange{}, err
	}
	return c.changeLocks(ctx, func(now map[string]plottage.Lock, out *LocksChange) error {
		if all {
			parcels = slices.Sorted(maps.Keys(now))
		}
		parcels = once(parcels)
		var gone []string
		for _, id := range parcels {
			k, had := now[id]
			switch {
			case had:
				out.Removed = append(out.Removed, k)
				delete(now, id)
			case known[id] == nil:
				gone = append(gone, visible(id))
			default:
				out.Same = append(out.Same, id)
			}
		}
		return noSuchParcels(gone)
	})
}

// changeLocks applies a change to the city's locks and stores them, if that changes any.
func (c *City) changeLocks(ctx context.Context, change func(map[string]plottage.Lock, *LocksChange) error) (LocksChange, error) {
	meta, err := c.Meta(ctx)
	if err != nil {
		return LocksChange{}, err
	}
	locks, err := c.Locks(ctx)
	if err != nil {
		return LocksChange{}, err
	}
	now := map[string]plottage.Lock{}
	for _, k := range locks {
		now[k.Parcel] = k
	}
	out := LocksChange{Set: []ChangedLock{}, Removed: []plottage.Lock{}, Same: []string{}}
	if err := change(now, &out); err != nil {
		return LocksChange{}, err
	}
	out.Locks = len(now)
	slices.SortFunc(out.Set, func(a, b ChangedLock) int { return cmp.Compare(a.Parcel, b.Parcel) })
	slices.SortFunc(out.Removed, func(a, b plottage.Lock) int { return cmp.Compare(a.Parcel, b.Parcel) })
	if slices.Sort(out.Same); len(out.Set)+len(out.Removed) == 0 {
		return out, nil
	}
	list := make([]plottage.Lock, 0, len(now))
	for _, id := range slices.Sorted(maps.Keys(now)) {
		list = append(list, now[id])
	}
	return out, c.SetLocks(ctx, c.Actor, meta.Version, list)
}

// lockedOnce checks locks against the city and one another, and lists each parcel once.
func lockedOnce(locks []plottage.Lock, known map[string]*plottage.Parcel) ([]plottage.Lock, error) {
	var once []plottage.Lock
	var gone, twice, landless []string
	first := map[string]plottage.Lock{}
	for _, k := range locks {
		switch p := known[k.Parcel]; {
		case k.Kind == "":
			return nil, lockError("lock_no_kind", k)
		case k.Kind != plottage.LockIn && k.Kind != plottage.LockOut:
			return nil, lockError("lock_kind", k)
		case k.Kind == plottage.LockOut && k.Year != 0:
			return nil, lockError("lock_out_year", k)
		case k.Year != 0 && (k.Year < firstLockYear || k.Year > lastLockYear):
			return nil, lockError("lock_year", k)
		case utf8.RuneCountInString(k.Note) > mostLockNote:
			return nil, lockError("lock_note", k)
		case p == nil:
			gone = append(gone, visible(k.Parcel))
		case p.AreaM2 < 1 && k.Kind == plottage.LockIn:
			landless = append(landless, k.Parcel)
		}
		before, again := first[k.Parcel]
		switch {
		case !again:
			first[k.Parcel] = k
			once = append(once, k)
		case before != k && !slices.Contains(twice, k.Parcel):
			twice = append(twice, k.Parcel)
		}
	}
	switch {
	case len(gone) > 0:
		return nil, noSuchParcels(gone)
	case len(twice) > 0:
		return nil, lockedParcels("lock_twice", twice)
	case len(landless) > 0:
		return nil, lockedParcels("lock_landless", landless)
	}
	return once, nil
}

func lockError(key string, k plottage.Lock) error {
	return &plottage.Error{Code: plottage.Usage, Key: key, Args: map[string]any{"parcel": visible(k.Parcel), "kind": string(k.Kind), "year": k.Year, "most": mostLockNote}}
}

func noSuchParcels(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return lockedParcels("lock_parcel_unknown", ids)
}

func lockedParcels(key string, ids []string) error {
	return &plottage.Error{Code: plottage.BadInput, Key: key, Args: map[string]any{"parcels": firstOf(ids), "n": len(ids)},
		Where: plottage.Where{Layer: "locks", Field: "parcel", Value: ids[0]}}
}

func (c *City) parcelsByID(ctx context.Context) (map[string]*plottage.Parcel, error) {
	parcels, err := c.Parcels(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*plottage.Parcel, len(parcels))
	for i := range parcels {
		byID[parcels[i].ID] = &parcels[i]
	}
	return byID, nil
}
