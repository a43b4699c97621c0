package plottage

// Link says that two parcels belong together under the contiguity rule, and why.
type Link struct {
	A       string   `json:"a"` // Parcel.ID, A < B
	B       string   `json:"b"`
	SharedM float64  `json:"shared_m"`      // length of the common boundary
	GapM    float64  `json:"gap_m"`         // width of the gap when they do not touch
	Way     WayClass `json:"way,omitempty"` // class of the way in the gap, "" none known
}

// ContiguityRule says when two parcels count as one piece of land. It decides the
// answer more than any solver does, so it is stated with every plan and drawn on
// the map.
type ContiguityRule struct {
	MinSharedM float64    `json:"min_shared_m" usage:"common boundary that counts as touching, in metres" default:"1"`
	MaxGapM    float64    `json:"max_gap_m"    usage:"widest gap a block may reach across, in metres" default:"0.5"`
	Across     []WayClass `json:"across"       usage:"classes of ways a gap may cross"`
}

// Cluster is a set of candidates connected by links; clusters do not touch.
type Cluster struct {
	ID      int      `json:"id"` // from 1, largest area first
	Parcels []string `json:"parcels"`
	AreaM2  float64  `json:"area_m2"`
}
