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
	if err := serve(city, *port, *ui); err != nil {
		log.Fatal(err)
	}
}

func serve(city *madeup.Store, port int, ui string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := server.New(ctx, city, strconv.Itoa(os.Getpid()), server.Options{UI: os.DirFS(ui), File: "shuangxi.gpkg", Desk: &madeup.Desk{Store: city, Step: 400 * time.Millisecond}, Poll: 300 * time.Millisecond})
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
