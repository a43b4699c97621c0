// Package land says in which stage of use a parcel stands, by which rule, and how
// sure that is; which parcels a renewal plan may clear; and which of those lie
// together.
//
// Rules come as packs ([Pack]): dated files that hold typed conditions, their
// articles and sources, and parameters a city may set. [Load] checks a pack whole;
// [Compile] fixes its parameters; [Tabulate] works out the inputs of the rules from
// the city's records ([Facts]) on a day; [Program.Grade] applies the rules to every
// parcel. A rule that turns on something nobody knows is undecided and says what is
// missing; it is never taken as false (docs/method/land.md#unknown).
//
// [FindLinks] and [Clusters] apply a contiguity rule: parcels that share enough
// border, or face each other across a way the rule allows and none it does not, are
// one piece of land (docs/method/land.md#contiguity).
//
// Everything here is pure: no files, no clock, same input same answer.
package land
