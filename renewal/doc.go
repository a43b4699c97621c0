// Package renewal answers the question a city asks once its poor land is known:
// which parcels to clear, in which contiguous blocks (连片地块), in which year,
// within what it may spend, tear down and displace, and which projects take the
// land, so that the plan is worth most; and how much better any plan could be.
//
// A [Problem] is one document of whole numbers: lots with what each way of treating
// them (a [Mode]: clear and rebuild, vertical factory, convert, reserve) costs,
// frees and yields; links between lots; caps, locks, projects, towns. A block is a
// connected set of lots of one town in one mode, started in one year, within a
// window of size and no longer drawn out than a compactness allows.
//
// [Evaluate] recomputes what a plan is worth and uses, exactly, and names every
// rule it breaks. [Solve] searches. It enumerates the connected sets of each
// cluster once, prices them by two Lagrangian relaxations (by cluster and by year)
// whose value bounds every plan, searches plans by ruin and recreate, and closes
// small problems by branch and bound. The prices behind the bound are the
// [Certificate]; package renewal/check re-verifies plan and bound from the
// documents alone and shares no code with the solver.
//
// The mathematics is in docs/method/renewal.md.
package renewal
