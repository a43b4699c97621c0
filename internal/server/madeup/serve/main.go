// Command serve shows the made-up city of package madeup, for work on the screens:
// go run ./internal/server/madeup/serve
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

func main() {
	port := flag.Int("port", 8559, "port on the loopback address")
	ui := flag.String("ui", "web/dist", "folder of the built screens")
	empty := flag.Bool("empty", false, "a city without parcels")
	raw := flag.Bool("raw", false, "a city not graded yet")
	infeasible := flag.Bool("infeasible", false, "a city whose caps admit no plan")
	name := flag.String("name", "", "name of the city")
	under := flag.String("basemap", "", "PMTiles file that lies under the parcels")
	flag.Parse()
	city := madeup.New()
	switch {
	case *empty:
		city = madeup.Empty()
	case *raw:
		city.Ungrade()
	case *infeasible:
		city.Clash()
	}
	if *name != "" {
		city.City.Name = plottage.Label{ZH: *name, EN: *name}
	}
	if err := serve(city, *port, *ui, basemap(*under)); err != nil {
		log.Fatal(err)
	}
}

// basemap opens a file; one that cannot be shown is told on the page, as one beside a city is.
func basemap(path string) *server.Basemap {
	if path == "" {
		return nil
	}
	b, err := server.OpenBasemap(path)
	if err != nil {
		return server.BadBasemap(path, err)
	}
	return b
}

func serve(city *madeup.Store, port int, ui string, under *server.Basemap) error {
	defer under.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := server.New(ctx, city, strconv.Itoa(os.Getpid()), server.Options{UI: os.DirFS(ui), File: "shuangxi.gpkg", Basemap: under, Desk: &madeup.Desk{Store: city, Step: 400 * time.Millisecond}, Poll: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	ln, err := server.Listen(ctx, "", port)
	if err != nil {
		return err
	}
	fmt.Println("http://" + ln.Addr().String())
	return s.Serve(ctx, ln)
}
