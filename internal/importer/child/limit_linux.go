package child

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// setLimits asks the kernel to hold this process to its request. RLIMIT_DATA counts
// writable private memory, unlike RLIMIT_AS, which would count the address space that
// the Go runtime reserves and never touches.
func setLimits(q Request) {
	set := func(what int, v uint64) {
		_ = unix.Setrlimit(what, &unix.Rlimit{Cur: v, Max: v}) // the parent watches too
	}
	if q.Memory > 0 {
		set(unix.RLIMIT_DATA, uint64(q.Memory)+256<<20)
	}
	if q.CPU > 0 {
		set(unix.RLIMIT_CPU, uint64(q.CPU))
	}
	set(unix.RLIMIT_CORE, 0)
	set(unix.RLIMIT_NOFILE, 256)
}

// ownGroup puts the process in a group of its own, which dies with us.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// memoryOf returns the resident bytes of a process now and at their highest.
func memoryOf(pid int) (now, peak int64) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0
	}
	return statusBytes(b, "VmRSS:"), statusBytes(b, "VmHWM:")
}

func peakOfSelf() int64 {
	_, peak := memoryOf(os.Getpid())
	return peak
}

func statusBytes(status []byte, name string) int64 {
	_, rest, _ := bytes.Cut(status, []byte(name))
	fields := bytes.Fields(rest[:min(len(rest), 64)])
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return kb << 10
}
