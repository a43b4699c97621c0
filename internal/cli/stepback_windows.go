package cli

import "golang.org/x/sys/windows"

// stepBack gives the processor to others first.
func stepBack() {
	_ = windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS) // not to be nice is no failure
}
