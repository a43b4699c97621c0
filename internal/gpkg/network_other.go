//go:build !linux

package gpkg

// networkKind cannot tell here.
func networkKind(string) string { return "" }
