package plottage

// Handling is what becomes of a building in a block: keep, refit, raise or clear;
// locale key "renewal.handling.<Handling>".
type Handling string

// The ways to handle a building.
const (
	Keep  Handling = "keep"  // it stays as it is, and who works in it
	Refit Handling = "refit" // it is put in order; who works in it stays
	Raise Handling = "raise" // storeys are added; who works in it stays
	Clear Handling = "clear" // it is torn down
)

// Handled says what becomes of one building.
type Handled struct {
	ID   string   `json:"id"`
	What Handling `json:"what"`
}

// Treated says what becomes of the buildings of a parcel that a block does not treat
// as its mode treats whole parcels.
type Treated struct {
	Parcel    string    `json:"parcel"`
	Buildings []Handled `json:"buildings"` // every building on record, ascending
}
