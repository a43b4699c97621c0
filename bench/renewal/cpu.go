package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// processor is the time this process and its children have spent on processors,
// halved: what the wall clock of a calm machine with two cores would show.
func processor() time.Duration {
	total := 0.0
	me := strconv.Itoa(os.Getpid())
	dirs, _ := os.ReadDir("/proc")
	for _, d := range dirs {
		if d.Name()[0] < '0' || d.Name()[0] > '9' {
			continue
		}
		b, err := os.ReadFile("/proc/" + d.Name() + "/stat")
		if err != nil {
			continue
		}
		f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+2:]))
		if d.Name() != me && f[1] != me {
			continue
		}
		u, _ := strconv.ParseFloat(f[11], 64)
		v, _ := strconv.ParseFloat(f[12], 64)
		total += (u + v) / 100
	}
	return time.Duration(total / 2 * 1e9)
}
