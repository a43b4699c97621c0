package gpkg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// Snapshot writes the city as it is at one moment to a new file, while readers and
// the writer go on. The copy is one whole, packed file that opens anywhere; it is an
// error when path exists.
func (s *Store) Snapshot(ctx context.Context, path string) error {
	tmp, err := besides(path)
	if err != nil {
		return creating(path, err)
	}
	defer os.Remove(tmp)
	db, err := openDB(ctx, s.path, copier, 1)
	if err != nil {
		return s.explain(err)
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", tmp)
	if err = errors.Join(err, db.Close()); err != nil {
		return explain(path, err)
	}
	return publish(tmp, path)
}

// besides gives an unused name in the folder of path for a file in the making. The
// file itself is not there: SQLite makes it.
func besides(path string) (string, error) {
	if _, err := os.Lstat(path); err == nil {
		return "", os.ErrExist
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	return f.Name(), f.Close()
}

// publish gives a finished file its name. It is on disk before it has the name, and
// never takes the place of another.
func publish(tmp, path string) error {
	if err := syncFile(tmp); err != nil {
		return creating(path, err)
	}
	err := os.Link(tmp, path)
	if err != nil && !errors.Is(err, os.ErrExist) { // a disk without links
		if _, missing := os.Lstat(path); errors.Is(missing, os.ErrNotExist) {
			err = os.Rename(tmp, path)
		}
	}
	if err != nil {
		return creating(path, err)
	}
	os.Remove(tmp)
	_ = syncFile(filepath.Dir(path)) // not every system can; the name is then as safe as any new file's
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
