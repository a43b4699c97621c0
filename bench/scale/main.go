// Command scale takes a large made-up city through import, grading and clusters
// with the program itself, as an officer would, and reports time and memory.
//
//	go run ./bench/scale -n 500000 [-dir DIR] [-keep]
//
// One row a step: step, seconds, cpu_s, peak_mb. The city is a shapefile of street
// blocks of 6 by 4 lots on either side of 18 m streets, in EPSG:4549, with the
// columns of an assessor's roll. A last line sums up.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	n := flag.Int("n", 500_000, "parcels")
	dir := flag.String("dir", "", "folder for the files; default a temporary one")
	keep := flag.Bool("keep", false, "leave the files")
	gap := flag.String("gap", "0.5", "gap of the contiguity rule, metres")
	flag.Parse()
	if err := run(*n, *dir, *gap, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(n int, dir, gap string, keep bool) error {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "plottage-scale-")
		if err != nil {
			return err
		}
		if !keep {
			defer os.RemoveAll(tmp)
		}
		dir = tmp
	}
	program := filepath.Join(dir, "plottage")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/plottage").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	shp, city := filepath.Join(dir, "lots.shp"), filepath.Join(dir, "city.gpkg")
	if err := writeShapefile(shp, n); err != nil {
		return err
	}
	fmt.Println("step\tseconds\tcpu_s\tpeak_mb")
	total, peak := 0.0, 0.0
	for _, step := range [][]string{
		{"new", city, "--currency", "USD"},
		{"import", city, shp, "--as", "parcels"},
		{"land", "grade", city, "--pack", "assessed-value"},
		{"land", "clusters", city, "--gap", gap},
	} {
		seconds, cpu, mb, err := measure(program, step)
		if err != nil {
			return fmt.Errorf("plottage %v: %w", step, err)
		}
		total, peak = total+seconds, max(peak, mb)
		name := step[0]
		if name == "land" {
			name += " " + step[1]
		}
		fmt.Printf("%s\t%.2f\t%.2f\t%.0f\n", name, seconds, cpu, mb)
	}
	info, err := os.Stat(city)
	if err != nil {
		return err
	}
	fmt.Printf("summary\tn=%d\ttotal_s=%.2f\tpeak_mb=%.0f\tcity_mb=%d\n", n, total, peak, info.Size()>>20)
	return nil
}

// measure runs one command; the peak is that of its largest process.
func measure(program string, args []string) (seconds, cpu, mb float64, err error) {
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	began := time.Now()
	err = cmd.Run()
	seconds = time.Since(began).Seconds()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		mb = float64(u.Maxrss) / 1024
	}
	cpu = cmd.ProcessState.UserTime().Seconds() + cmd.ProcessState.SystemTime().Seconds()
	return seconds, cpu, mb, err
}
