package server

import "context"

// onlyReads marks a request that may look and nothing else.
type onlyReads struct{}

// readOnly reports whether a request may only look.
func readOnly(ctx context.Context) bool { return ctx.Value(onlyReads{}) != nil }
