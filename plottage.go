// Package plottage holds the nouns of a city that renews its industrial land.
//
// A [Parcel] (宗地) is a piece of land with one number in the cadastre. Firms hold
// parcels or rent on them ([Firm], [Holding]); projects look for land ([Project]);
// towns bound both ([Town]); ways lie between parcels ([Way]). A [Verdict] says in
// which stage of use a parcel stands and by which rule. Candidates that touch, or
// nearly touch, form a [Cluster]; connected parts of clusters become blocks
// ([Block], 连片地块), and a [Plan] clears blocks year by year.
//
// The package decides nothing: it has structs, units, validation and error codes.
// The nine parts (land, renewal, site, …) are functions over these nouns, and
// internal/workspace keeps them in one file, the city file (docs/format.md).
//
// Units are in the names: areas in square metres (M2), lengths in metres (M),
// money in the city's currency as whole units (CNY: yuan, not 万元), years as
// calendar years. Mu and 万元 appear only where people read them (money.go, area.go).
package plottage

// Version is the version of the program, stored with every run.
const Version = "0.1.0-dev"
