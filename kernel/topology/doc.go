// Package topology turns drawn parcels into a coverage: land cut into faces, each
// face knowing which parcels own it, each border drawn once.
//
// A cadastre is never drawn twice alike. The border between two parcels is stored
// once with each of them, and the two copies differ by millimetres or centimetres,
// so that nothing touches and a union is full of slivers. Clean forgives this: it
// brings vertices within a tolerance together (snap), cuts every edge where another
// vertex or edge meets it (node), and finds the faces of the resulting planar
// graph. From the Coverage follow, without any overlay of polygons,
//
//   - who touches whom, and along how many metres (Adjacency, Corners);
//   - who faces whom across a street, and which street it is (Near);
//   - the outline of any group of parcels (Dissolve), by leaving out the edges that
//     have the group on both sides;
//   - borders simplified once for both neighbours (Simplify);
//   - what is wrong with the drawing: overlaps, enclosed gaps, duplicates and
//     invalid rings (Report).
//
// Parcels are numbered by their position in the input. Coordinates are planar
// metres; shells run counter-clockwise, holes clockwise. Areas of more than one
// owner (overlaps) stay with all their owners unless they are thinner than the
// tolerance. The method, its limits and how it was checked: docs/method/topology.md.
package topology
