package cli

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// childNice is how far a planning process steps back, of 19: beside a busy server it
// gets about a thirtieth of a processor, beside an idle one all of it.
const childNice = 15

// stepBack gives the processor to others first. Linux counts niceness by thread:
// those there are get it, and those to come inherit it. A thread may start another while
// the list is gone through, so it is read until it holds no new one.
func stepBack() {
	stepped := map[string]bool{}
	for more := true; more; {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		more = false
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil && !stepped[t.Name()] {
				_ = unix.Setpriority(unix.PRIO_PROCESS, id, childNice) // not to be nice is no failure
				stepped[t.Name()], more = true, true
			}
		}
	}
}
