// Package guard stands between a reader and its sink: it keeps the limits, watches the
// context, and words what readers refuse, mend or note.
package guard
