package plottage

import "github.com/paulmach/orb"

// Parcel (宗地) is a piece of land with one number in the cadastre. What is not
// known stays unknown; nothing is filled in.
type Parcel struct {
	ID       string           `json:"id"` // number in the cadastre, unique in the city
	Name     string           `json:"name,omitempty"`
	Town     string           `json:"town,omitempty"` // Town.ID
	Owner    string           `json:"owner,omitempty"`
	Geometry orb.MultiPolygon `json:"-"` // in the city's projected CRS, metres; shells counter-clockwise

	AreaM2           float64      `json:"area_m2"`            // measured from Geometry
	RegisteredAreaM2 Opt[float64] `json:"registered_area_m2"` // as the title says

	Use        string    `json:"use,omitempty"`      // land-use code of the source, e.g. 0601 or 4010
	UseName    string    `json:"use_name,omitempty"` // its name in the source
	Zoning     string    `json:"zoning,omitempty"`
	Industrial Opt[bool] `json:"industrial"` // whether the city counts it as industrial land

	FloorAreaM2 Opt[float64] `json:"floor_area_m2"` // gross floor area of all buildings
	FootprintM2 Opt[float64] `json:"footprint_m2"`  // ground covered by buildings, structures and yards
	Storeys     Opt[float64] `json:"storeys"`
	YearBuilt   Opt[int]     `json:"year_built"`
	Dwellings   Opt[float64] `json:"dwellings"` // homes on the parcel

	LandValue     Opt[float64] `json:"land_value"`     // assessed, city currency
	BuildingValue Opt[float64] `json:"building_value"` // assessed, city currency
	TotalValue    Opt[float64] `json:"total_value"`    // assessed, city currency
	GrantPrice    Opt[float64] `json:"grant_price"`    // price paid at grant or allocation

	ApprovedOn     Date         `json:"approved_on,omitempty"`     // conversion or expropriation approved
	ExpropriatedOn Date         `json:"expropriated_on,omitempty"` // expropriation completed
	SuppliedOn     Date         `json:"supplied_on,omitempty"`     // granted or allocated
	StartDue       Date         `json:"start_due,omitempty"`       // agreed start of construction
	StartedOn      Date         `json:"started_on,omitempty"`
	CompletedOn    Date         `json:"completed_on,omitempty"`
	OperatingSince Date         `json:"operating_since,omitempty"`
	SuspendedSince Date         `json:"suspended_since,omitempty"` // works stand still since
	BuiltShare     Opt[float64] `json:"built_share"`               // developed area ÷ area that should be started, 0..1
	InvestedShare  Opt[float64] `json:"invested_share"`            // paid-in ÷ agreed investment, 0..1
	IdleCause      string       `json:"idle_cause,omitempty"`      // "owner", "government", "force_majeure", "" not known

	// Yearly figures of the parcel as a whole, where the city keeps them by parcel
	// rather than by firm; latest full year.
	Tax        Opt[float64] `json:"tax"`         // city currency a year
	Revenue    Opt[float64] `json:"revenue"`     // city currency a year
	ValueAdded Opt[float64] `json:"value_added"` // city currency a year
	EnergyTCE  Opt[float64] `json:"energy_tce"`  // tonnes of coal equivalent a year
	EmissionT  Opt[float64] `json:"emission_t"`  // tonnes of pollutants a year
	Workers    Opt[float64] `json:"workers"`

	Grade           string    `json:"grade,omitempty"` // given by the source, e.g. A B C D
	Contaminated    Opt[bool] `json:"contaminated"`    // in the sense of the EPA's brownfield
	Deliverable     Opt[bool] `json:"deliverable"`     // brownfield register: deliverable / available and achievable
	OwnershipStatus string    `json:"ownership_status,omitempty"`
	PlanningStatus  string    `json:"planning_status,omitempty"`
	PermissionOn    Date      `json:"permission_on,omitempty"`

	Source int64 `json:"source,omitempty"` // Source.ID that brought the geometry
	Row    int   `json:"row,omitempty"`    // row of that source, counted from 1

	// Extra keeps columns of the source that map to no field, as text.
	Extra map[string]string `json:"extra,omitempty"`
}
