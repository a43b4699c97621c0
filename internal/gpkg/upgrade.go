package gpkg

import (
	"context"
)

// upgrade brings a file of an earlier format up to Format, after a copy was made.
func (s *Store) upgrade(ctx context.Context) error { return s.verify(ctx) }
