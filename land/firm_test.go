package land

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plottage/plottage"
)

func TestTenantsInheritTheClassOfTheLand(t *testing.T) {
	firms := []plottage.Firm{{ID: "h", Class: "B"}, {ID: "s", Class: "D"}, {ID: "n"}}
	holdings := []plottage.Holding{
		{Firm: "s", Parcel: "p", Tenant: true}, {Firm: "h", Parcel: "p"}, {Firm: "x", Parcel: "p", Tenant: true},
		{Firm: "n", Parcel: "q"}, {Firm: "s", Parcel: "q", Tenant: true},
		{Firm: "s", Parcel: "r", Tenant: true},
	}
	for _, c := range []struct{ parcel, grade, want string }{
		{"p", "", "h:B s:B* x:B*"},
		{"p", "C", "h:B s:C* x:C*"},
		{"q", "A", "n:A s:A*"},
		{"q", "", "n: s:"},
		{"r", "", "s:"}, // nobody holds the land: no class from the tenant itself
	} {
		var got []string
		for _, f := range FirmsOn(c.parcel, c.grade, firms, holdings) {
			got = append(got, fmt.Sprintf("%s:%s%s", f.Firm, f.Class, map[bool]string{true: "*"}[f.Inherited]))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("parcel %s of grade %q: %s, want %s", c.parcel, c.grade, s, c.want)
		}
	}
}
