//go:build unix && !linux

package cli

import "golang.org/x/sys/unix"

// stepBack gives the processor to others first, by a niceness of up to 19.
func stepBack(nice int) { _ = unix.Setpriority(unix.PRIO_PROCESS, 0, nice) } // not to be nice is no failure
