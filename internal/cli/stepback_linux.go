package cli

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// stepBack gives the processor to others first, by a niceness of up to 19. Linux counts it
// by thread: those there are get it, and those to come inherit it. A thread may start
// another while the list is gone through, so it is read until it holds no new one.
func stepBack(nice int) {
	stepped := map[string]bool{}
	for more := true; more; {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		more = false
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil && !stepped[t.Name()] {
				_ = unix.Setpriority(unix.PRIO_PROCESS, id, nice) // not to be nice is no failure
				stepped[t.Name()], more = true, true
			}
		}
	}
}
