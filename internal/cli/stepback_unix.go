//go:build unix && !linux

package cli

import "golang.org/x/sys/unix"

// stepBack gives the processor to others first.
func stepBack() { _ = unix.Setpriority(unix.PRIO_PROCESS, 0, 15) } // not to be nice is no failure
