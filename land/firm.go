package land

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// FirmOn is a firm on a parcel with the performance class that counts for it there.
type FirmOn struct {
	Firm      string `json:"firm"`
	Name      string `json:"name,omitempty"`
	Tenant    bool   `json:"tenant"`
	Class     string `json:"class,omitempty"`
	Inherited bool   `json:"inherited,omitempty"` // a tenant's, from the land
}

// FirmsOn lists the firms of a parcel, landholders first, then by id. grade is the
// grade of the parcel, "" none. A landholder has its own class, or else the grade of
// its land. A tenant inherits the class of the land it rents, whatever its own
// (Jiangshan 2023): the grade of the parcel, or else the first landholder's class.
func FirmsOn(parcel, grade string, firms []plottage.Firm, holdings []plottage.Holding) []FirmOn {
	at := index(firms, func(f *plottage.Firm) string { return f.ID })
	var list []FirmOn
	for _, h := range holdings {
		if h.Parcel != parcel {
			continue
		}
		on := FirmOn{Firm: h.Firm, Tenant: h.Tenant}
		if i, ok := at[h.Firm]; ok {
			on.Name, on.Class = firms[i].Name, firms[i].Class
		}
		list = append(list, on)
	}
	slices.SortFunc(list, func(a, b FirmOn) int {
		if a.Tenant != b.Tenant {
			return map[bool]int{false: -1, true: 1}[a.Tenant]
		}
		return cmp.Compare(a.Firm, b.Firm)
	})
	ofLand := grade
	for i := range list {
		on := &list[i]
		switch {
		case on.Tenant:
			on.Class, on.Inherited = ofLand, ofLand != ""
		case on.Class == "":
			on.Class = grade
		}
		if ofLand == "" && !on.Tenant {
			ofLand = on.Class
		}
	}
	return list
}
