//go:build unix

// Package cputime tells benchmarks what work took, whoever else was at work.
package cputime

import "syscall"

// Seconds is the processor time of this process and its ended children, user and system.
func Seconds() (sum float64) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
		}
	}
	return sum
}
