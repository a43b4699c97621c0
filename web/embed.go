// Package web holds the built screens. They are made by npm from the sources beside
// this file (make web) and are not kept in the repository: without them the program
// builds and says what is missing.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built screens; index.html is missing when they were not built.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // the name above is a constant
	}
	return sub
}
