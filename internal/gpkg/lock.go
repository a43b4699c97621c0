package gpkg

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/plottage/plottage"
)

// fileLock keeps a second writer out. It is an advisory lock of the operating system
// on a small file beside the city, so that it ends with the process, however that
// ends; the text in it only says who holds it.
type fileLock struct{ f *os.File }

// LockSuffix ends the name of the lock file beside a city that is open for writing.
const LockSuffix = ".lock"

// lockPatience is how often a lock that somebody has is asked for again, after
// lockPause each. A process that was killed while it started a child leaves the lock
// to the child until that has become another program: some milliseconds.
const (
	lockPatience = 15
	lockPause    = 20 * time.Millisecond
)

// takeLock takes the lock of a city file or says who has it.
func takeLock(path string) (*fileLock, error) {
	name := path + LockSuffix
	for try := range 100 {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			e := failure(plottage.Internal, "city_read_only", err)
			e.Where.File = path
			return nil, e
		}
		free, err := tryLock(f)
		if err != nil || !free {
			holder := readHolder(f)
			f.Close()
			if err == nil && try < lockPatience {
				time.Sleep(lockPause)
				continue
			}
			return nil, lockRefused(path, holder, err)
		}
		if stillThere(f, name) {
			writeHolder(f)
			return &fileLock{f}, nil
		}
		f.Close() // its last holder removed it between our opening and our locking
	}
	return nil, lockRefused(path, "", nil)
}

func lockRefused(path, holder string, err error) error {
	e := failure(plottage.Conflict, "city_in_use", err, "holder", holder)
	if err != nil {
		e = failure(plottage.Internal, "city_disk", err)
	}
	e.Where.File = path
	return e
}

func stillThere(f *os.File, name string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(name)
	return err == nil && os.SameFile(a, b)
}

func writeHolder(f *os.File) {
	host, _ := os.Hostname()
	f.Truncate(0)
	f.WriteAt([]byte(fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, time.Now().Format(time.RFC3339))), 0)
}

func readHolder(f *os.File) string {
	b, _ := io.ReadAll(io.LimitReader(io.NewSectionReader(f, 0, 256), 256))
	return strings.TrimSpace(strings.ToValidUTF8(string(b), ""))
}

// release removes the file while it is still locked, so that nobody can take it in
// between.
func (l *fileLock) release() error {
	if removeWhileOpen {
		os.Remove(l.f.Name())
		return l.f.Close()
	}
	err := l.f.Close()
	os.Remove(l.f.Name()) // fails, rightly, when the next writer already has it
	return err
}
