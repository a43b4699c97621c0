package gpkg

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const removeWhileOpen = false

// tryLock takes an exclusive lock, far behind the text so that it stays readable, if
// nobody has it.
func tryLock(f *os.File) (free bool, err error) {
	at := &windows.Overlapped{OffsetHigh: 1}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
