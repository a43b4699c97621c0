package ogc

// NorthingFirst is northingFirst for tests.
func NorthingFirst(epsg int) bool { return northingFirst(epsg) }
