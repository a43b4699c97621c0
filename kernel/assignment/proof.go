package assignment

// Proof is what proves a bound. Package check re-computes it with code of its own.
//
// Prices alone prove what BoundAt returns. A tree proves that no assignment costs at
// most Bound-1: at each node the prices of its passes forbid pairs, and where they
// leave an assignment possible the tree forks.
type Proof struct {
	Price    []float64 // of each job
	CapPrice []float64 // of each cap, not negative
	Tree     *Node     // nil: the prices alone
}

// Node is one node of a proof. What follows from its passes, with what its ancestors
// decided: a pair is forbidden when the relaxed value with it exceeds the limit, or
// when its agent has no room for it; a job with one agent left is placed there; a node
// is closed when a job has no agent left, when the relaxed value exceeds the limit, or
// when all jobs are placed at a cost above the limit.
type Node struct {
	Pass  [][]float64 // prices by job, in order
	Job   int32       // of the fork: in Child[0] Job is on Agent, in Child[1] it is not
	Agent int32
	Child [2]*Node // nil at a closed node
}
