package gpkg

import (
	"context"
	"database/sql"
	"errors"

	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// all reads a whole table in the given order.
func all[T any](ctx context.Context, s *Store, t *table[T], order string) (out []T, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		out, err = load(ctx, s, c, t, "ORDER BY "+order)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// where reads the rows of a table that tail selects.
func where[T any](ctx context.Context, s *Store, t *table[T], tail string, args ...any) (out []T, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		out, err = some(ctx, s, c, t, tail, args...)
		return err
	})
	return out, err
}

// Parcels implements workspace.Store.
func (s *Store) Parcels(ctx context.Context) ([]plottage.Parcel, error) {
	return all(ctx, s, &parcels, "id")
}

// Parcel implements workspace.Store.
func (s *Store) Parcel(ctx context.Context, id string) (plottage.Parcel, error) {
	found, err := where(ctx, s, &parcels, "WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		err = noParcel(id)
	}
	if err != nil {
		return plottage.Parcel{}, err
	}
	return found[0], nil
}

func noParcel(id string) error {
	return failure(plottage.NotFound, "city_no_parcel", nil, "id", shorten(id))
}

// measure fills the area of a parcel whose boundary another program moved.
func measure(p *plottage.Parcel) {
	if p.AreaM2 == 0 && len(p.Geometry) > 0 {
		p.AreaM2 = planar.Area(p.Geometry)
	}
}

// Firms implements workspace.Store.
func (s *Store) Firms(ctx context.Context) ([]plottage.Firm, error) { return all(ctx, s, &firms, "id") }

// FirmYears implements workspace.Store; by firm, then year.
func (s *Store) FirmYears(ctx context.Context) ([]plottage.FirmYear, error) {
	return all(ctx, s, &firmYears, "firm, year")
}

// Holdings implements workspace.Store; by firm, then parcel.
func (s *Store) Holdings(ctx context.Context) ([]plottage.Holding, error) {
	return all(ctx, s, &holdings, "firm, parcel")
}

// Buildings implements workspace.Store.
func (s *Store) Buildings(ctx context.Context) ([]plottage.Building, error) {
	return all(ctx, s, &buildings, "id")
}

// Projects implements workspace.Store.
func (s *Store) Projects(ctx context.Context) ([]plottage.Project, error) {
	return all(ctx, s, &projects, "id")
}

// Towns implements workspace.Store.
func (s *Store) Towns(ctx context.Context) ([]plottage.Town, error) { return all(ctx, s, &towns, "id") }

// Ways implements workspace.Store.
func (s *Store) Ways(ctx context.Context) ([]plottage.Way, error) { return all(ctx, s, &ways, "id") }

// Sources implements workspace.Store; in the order they came.
func (s *Store) Sources(ctx context.Context) ([]plottage.Source, error) {
	return all(ctx, s, &sources, "fid")
}

// SourceFile implements workspace.Store.
func (s *Store) SourceFile(ctx context.Context, id int64) (file []byte, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		var packed []byte
		err := c.QueryRowContext(ctx, "SELECT file FROM source_files WHERE source = ?", id).Scan(&packed)
		if errors.Is(err, sql.ErrNoRows) || err == nil && packed == nil {
			return failure(plottage.NotFound, "city_no_source_file", nil, "id", id)
		}
		if err != nil {
			return err
		}
		file, err = unpack(packed)
		return err
	})
	return file, err
}

// SourceMapping implements workspace.Store.
func (s *Store) SourceMapping(ctx context.Context, id int64) (mapping []byte, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		var text sql.NullString
		err := c.QueryRowContext(ctx, "SELECT mapping FROM source_files WHERE source = ?", id).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return failure(plottage.NotFound, "city_no_source_file", nil, "id", id)
		}
		if text.Valid {
			mapping = []byte(text.String)
		}
		return err
	})
	return mapping, err
}

// Issues implements workspace.Store; in the order the importer found them.
func (s *Store) Issues(ctx context.Context, source int64) ([]workspace.Issue, error) {
	rows, err := where(ctx, s, &issues, "WHERE source = ? ORDER BY fid", source)
	out := make([]workspace.Issue, len(rows))
	for i := range rows {
		out[i] = rows[i].Issue
	}
	return out, err
}

// Originals implements workspace.Store; in the order of the import.
func (s *Store) Originals(ctx context.Context, source int64) ([]workspace.Original, error) {
	rows, err := where(ctx, s, &originals, "WHERE source = ? ORDER BY fid", source)
	out := make([]workspace.Original, len(rows))
	for i := range rows {
		out[i] = rows[i].Original
	}
	return out, err
}

// FieldClasses implements workspace.Store; by noun, then field.
func (s *Store) FieldClasses(ctx context.Context) ([]workspace.FieldClass, error) {
	return all(ctx, s, &fieldClasses, "noun, field")
}
