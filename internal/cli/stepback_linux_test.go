package cli

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// A process that steps back does so with all its threads, those it starts later too.
func TestSteppingBackTakesEveryThread(t *testing.T) {
	const child = "PLOTTAGE_TEST_STEP_BACK"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), child+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return
	}
	stepBack(planNice)
	done := make(chan struct{})
	for range 50 { // goroutines that block in the system bring threads of their own
		go func() {
			r, w, err := os.Pipe()
			if err == nil {
				_, _ = w.Write([]byte{1})
				_, _ = unix.Read(int(r.Fd()), make([]byte, 1))
			}
			done <- struct{}{}
		}()
	}
	for range 50 {
		<-done
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		var id int
		for _, c := range thread.Name() {
			id = id*10 + int(c-'0')
		}
		// The system call returns 20 less the niceness.
		if p, err := unix.Getpriority(unix.PRIO_PROCESS, id); err == nil && p != 20-planNice {
			t.Errorf("thread %d has niceness %d, want %d", id, 20-p, planNice)
		}
	}
}
