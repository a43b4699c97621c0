package plottage

// Lock is a planner's decision that a plan must keep.
type Lock struct {
	Parcel string   `json:"parcel"`
	Kind   LockKind `json:"kind"`
	Year   int      `json:"year,omitempty"` // with LockIn: cleared in this year; 0 any
	Note   string   `json:"note,omitempty"`
}

// LockKind says which way a parcel is locked.
type LockKind string

// The kinds of locks.
const (
	LockIn  LockKind = "in"  // must be cleared
	LockOut LockKind = "out" // must not be cleared
)
