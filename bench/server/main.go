// Command server drives tiles and API of a server under load and reports latency,
// errors and memory.
//
//	go run ./bench/server [-n 100000] [-for 60s] [-tiles 500] [-api 200] [-solve] [-city FILE]
//	go run ./bench/server -tile-url 'http://127.0.0.1:3000/parcels/{z}/{x}/{y}' -api 0 -city FILE
//
// It makes a city of about n parcels (copies of the made-up one side by side), grades,
// joins and plans it with the program itself, starts `plottage serve` on a free
// loopback port, and sends requests on a fixed schedule whatever the answers take
// (an open loop): latency is counted from the moment a request was due, so that a
// server that stands still is charged for all who wait. With -solve the server is asked
// to search for a plan meanwhile. With -tile-url another tile server on this machine
// gets the same tiles. It stops by itself.
//
// With -peer PROGRAM it loads the same parcels into a PostGIS of its own, starts that
// tegola (a build of github.com/go-spatial/tegola/cmd/tegola) on it and drives the same
// tiles through both, one after the other, cold and again; rows tiles, of, ….
//
// With -browser it measures what a planner waits for in a headless Chromium that draws
// by software: see browser.mjs for the rows.
//
// Rows: kind, requests, errors, not_found, mb, p50_ms, p90_ms, p99_ms, max_ms; then
// rss. A last line sums up; rss_growth is the share by which the server's memory grew
// between a quarter of the time and the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

type options struct {
	n          int
	length     time.Duration
	tiles, api int
	solve      bool
	city, dir  string
	tileURL    string
	peer       string
	browser    bool
	seed       uint64
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 100_000, "parcels")
	flag.DurationVar(&o.length, "for", time.Minute, "how long")
	flag.IntVar(&o.tiles, "tiles", 500, "tiles a second")
	flag.IntVar(&o.api, "api", 200, "API requests a second")
	flag.BoolVar(&o.solve, "solve", false, "search for a plan meanwhile")
	flag.StringVar(&o.city, "city", "", "serve this city instead of making one")
	flag.StringVar(&o.dir, "dir", "", "folder for the files; default a temporary one, removed afterwards")
	flag.StringVar(&o.tileURL, "tile-url", "", "drive this tile server on the loopback address instead")
	flag.StringVar(&o.peer, "peer", "", "a tegola program: drive its tiles of the same parcels too, in the same run")
	flag.BoolVar(&o.browser, "browser", false, "measure a headless Chromium instead")
	flag.Uint64Var(&o.seed, "seed", 1, "same seed, same requests")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if err := loopbackOnly(o.tileURL); err != nil {
		return err
	}
	if o.dir == "" {
		tmp, err := os.MkdirTemp("", "plottage-server-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		o.dir = tmp
	}
	program := filepath.Join(o.dir, "plottage")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/plottage").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if o.city == "" {
		o.city = filepath.Join(o.dir, "city.gpkg")
		if err := makeCity(ctx, program, o.city, o.n); err != nil {
			return err
		}
	}
	srv, err := start(ctx, program, o.city)
	if err != nil {
		return err
	}
	defer srv.stop()
	mix, err := newMix(ctx, srv.url, o)
	if err != nil {
		return err
	}
	switch {
	case o.browser:
		return browse(ctx, o, srv)
	case o.peer != "":
		return beside(ctx, o, mix, srv)
	}
	if o.solve {
		end, err := solve(ctx, srv.url, o.length)
		if err != nil {
			return err
		}
		defer func() { fmt.Fprintln(os.Stderr, "solve at the end:", end()) }()
	}
	return report(drive(ctx, o, mix, srv), o)
}

// loopbackOnly refuses to load anything but this machine.
func loopbackOnly(template string) error {
	if template == "" {
		return nil
	}
	u, err := url.Parse(template)
	if err != nil {
		return err
	}
	if h := u.Hostname(); h != "127.0.0.1" && h != "localhost" && h != "::1" {
		return fmt.Errorf("%s is not this machine", h)
	}
	return nil
}

func report(r result, o options) error {
	fmt.Println("kind\trequests\terrors\tnot_found\tmb\tp50_ms\tp90_ms\tp99_ms\tmax_ms")
	for _, k := range r.kinds {
		fmt.Printf("%s\t%d\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", k.name, len(k.ms), k.errors, k.notFound, float64(k.bytes)/(1<<20), k.at(0.5), k.at(0.9), k.at(0.99), k.at(1))
	}
	fmt.Println("rss\tstart_mb\tquarter_mb\tend_mb")
	fmt.Printf("rss\t%.0f\t%.0f\t%.0f\n", r.rssStart, r.rssQuarter, r.rssEnd)
	tiles, api := r.together("tile"), r.together("api")
	fmt.Printf("summary\ttiles_p99_ms=%.1f\tapi_p99_ms=%.1f\terrors=%d\trss_growth=%.3f\ttiles_s=%.0f\tapi_s=%.0f\tseconds=%.0f\tsolve=%t\tserver_cpu_s=%.1f\n",
		tiles.at(0.99), api.at(0.99), tiles.errors+api.errors, r.rssEnd/r.rssQuarter-1,
		float64(len(tiles.ms))/r.seconds, float64(len(api.ms))/r.seconds, r.seconds, o.solve, r.cpu)
	return nil
}
