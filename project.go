package plottage

// Project (项目) is an investment that looks for land or floor space.
type Project struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Industry string `json:"industry,omitempty"` // same code system as Firm.Industry
	Stage    string `json:"stage,omitempty"`    // lead, signed, approved

	AreaM2      float64  `json:"area_m2"`                // land it needs, at least
	Use         string   `json:"use,omitempty"`          // land use it needs; "" any industrial
	Modes       []string `json:"modes,omitempty"`        // block modes it can stand on; empty: any
	PowerMW     float64  `json:"power_mw,omitempty"`     // electric load when running
	MinFAR      float64  `json:"min_far,omitempty"`      // plot ratio it builds
	Towns       []string `json:"towns,omitempty"`        // where it may go; empty: anywhere
	Near        []string `json:"near,omitempty"`         // firms it wants to be near
	ProtectiveM float64  `json:"protective_m,omitempty"` // distance it must keep from homes

	Release  int `json:"release"`  // first year in which it can take land
	Deadline int `json:"deadline"` // last year in which it still comes

	Investment float64 `json:"investment,omitempty"`  // fixed assets, city currency
	Tax        float64 `json:"tax,omitempty"`         // promised tax a year, city currency
	ValueAdded float64 `json:"value_added,omitempty"` // promised value added a year
	Jobs       float64 `json:"jobs,omitempty"`
	Source     int64   `json:"source,omitempty"`
	Row        int     `json:"row,omitempty"`
}
