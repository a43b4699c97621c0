package crs

import "fmt"

// UnsupportedError says by name what of a system we do not do.
type UnsupportedError struct {
	What string // "code", "method", "parameters", "unit", "prime meridian", "axis", "wkt"
	Name string
}

// Error implements error.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("crs: %s not supported: %s", e.What, e.Name)
}

// DatumError says that a system stands on a datum whose shift to WGS 84 is not public,
// Xi'an 80 for instance. CRS is complete but for that: give it parameters with
// [CRS.WithHelmert], or take it as it is, and say so, with [CRS.Unshifted].
type DatumError struct {
	Datum string
	CRS   CRS
}

// Error implements error.
func (e *DatumError) Error() string {
	return fmt.Sprintf("crs: no public shift from %s to WGS 84 (%s)", e.Datum, e.CRS)
}

// tied returns c, with a DatumError when its datum has no shift.
func tied(c CRS, err error) (CRS, error) {
	if err != nil {
		return CRS{}, err
	}
	if !c.datum.tied() {
		return CRS{}, &DatumError{c.Datum, c}
	}
	return c, nil
}
