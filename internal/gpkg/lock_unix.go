//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package gpkg

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const removeWhileOpen = true

// tryLock takes an exclusive lock if nobody has it.
func tryLock(f *os.File) (free bool, err error) {
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
