// Command serve shows the made-up city of package madeup, for work on the screens:
// go run ./internal/server/madeup/serve
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

func main() {
	port := flag.Int("port", 8559, "port on the loopback address")
	ui := flag.String("ui", "web/dist", "folder of the built screens")
	empty := flag.Bool("empty", false, "show an empty city")
	flag.Parse()
	city := madeup.New()
	if *empty {
		city = madeup.Empty()
	}
	ctx := context.Background()
	s, err := server.New(ctx, city, "development", server.Options{UI: os.DirFS(*ui), File: "shuangxi.gpkg"})
	if err != nil {
		log.Fatal(err)
	}
	ln, err := server.Listen(ctx, "", *port)
	if err != nil {
		log.Fatal(err)
	}
	log.Print("http://localhost", ln.Addr())
	log.Fatal(s.Serve(ctx, ln))
}
