// Command write makes a small basemap for tests of the screens:
// go run ./internal/pmtiles/pmtilestest/write -lon 120.6 -lat 29.9 FILE
package main

import (
	"flag"
	"log"
	"os"

	"github.com/plottage/plottage/internal/pmtiles/pmtilestest"
)

func main() {
	lon := flag.Float64("lon", 120, "longitude of the middle, degrees")
	lat := flag.Float64("lat", 30, "latitude of the middle, degrees")
	form := flag.String("form", "protomaps", "protomaps, other (layers of no known schema) or pictures")
	flag.Parse()
	forms := map[string]func(lon, lat float64) pmtilestest.Archive{"protomaps": pmtilestest.Country, "other": pmtilestest.OtherCountry, "pictures": pmtilestest.Pictures}
	if forms[*form] == nil || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := os.WriteFile(flag.Arg(0), forms[*form](*lon, *lat).Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
