package plottage

// Firm (企业) is an enterprise in the city's register.
type Firm struct {
	ID       string `json:"id"` // unified social credit code or the register's number, unique
	Name     string `json:"name"`
	Industry string `json:"industry,omitempty"` // GB/T 4754, ISIC or NACE code as the city uses
	Class    string `json:"class,omitempty"`    // per-mu performance class given by the city: A B C D
	Town     string `json:"town,omitempty"`
	Since    Date   `json:"since,omitempty"`

	// Hardship facts: what makes moving this firm heavier than its floor area says.
	BoughtOn     Date         `json:"bought_on,omitempty"`     // last purchase of its land or building
	PermitOn     Date         `json:"permit_on,omitempty"`     // last permit for new building or process
	EquipmentOn  Date         `json:"equipment_on,omitempty"`  // last large order of equipment
	SoleEmployer bool         `json:"sole_employer,omitempty"` // the one large employer of its village or trade
	PowerMW      Opt[float64] `json:"power_mw"`                // connected load
	Source       int64        `json:"source,omitempty"`
	Row          int          `json:"row,omitempty"`
}

// FirmYear holds a firm's figures for one calendar year, money in the city's currency.
type FirmYear struct {
	Firm       string       `json:"firm"`
	Year       int          `json:"year"`
	Tax        Opt[float64] `json:"tax"`
	Revenue    Opt[float64] `json:"revenue"`
	ValueAdded Opt[float64] `json:"value_added"`
	EnergyTCE  Opt[float64] `json:"energy_tce"`
	EmissionT  Opt[float64] `json:"emission_t"`
	RD         Opt[float64] `json:"rd"`      // research and development expense
	Workers    Opt[float64] `json:"workers"` // yearly mean
}

// Holding says that a firm uses a parcel. Firms and parcels are many to many; a
// tenant inherits the landholder's class (Jiangshan 2023).
type Holding struct {
	Firm    string       `json:"firm"`
	Parcel  string       `json:"parcel"`
	Tenant  bool         `json:"tenant"`   // rents; false: holds the land
	LandM2  Opt[float64] `json:"land_m2"`  // share of the land
	FloorM2 Opt[float64] `json:"floor_m2"` // share of the floor area

	// Buildings are those of the parcel that the firm is in; empty: any.
	Buildings []string `json:"buildings,omitempty"`
}
