package plottage

// M2PerMu is the area of one mu (亩) in square metres: 15 mu = 1 hectare.
const M2PerMu = 10_000.0 / 15

// M2PerHa is the area of one hectare in square metres.
const M2PerHa = 10_000.0

// M2PerFt2 is the area of one international square foot in square metres (0.3048²).
const M2PerFt2 = 0.3048 * 0.3048

// Mu converts square metres to mu.
func Mu(m2 float64) float64 { return m2 / M2PerMu }

// Ha converts square metres to hectares.
func Ha(m2 float64) float64 { return m2 / M2PerHa }
