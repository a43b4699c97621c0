package cli

import "golang.org/x/sys/windows"

// stepBack gives the processor to others first; Windows knows one step, so that who steps
// back a little stays where it is.
func stepBack(nice int) {
	if nice < planNice {
		return
	}
	_ = windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS) // not to be nice is no failure
}
