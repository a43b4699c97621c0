package land_test

import (
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// Land granted with a start agreed for March 2025, on which nothing stands twenty
// months later. Why it stands idle nobody has found out.
func Example() {
	pack, _ := land.Choose(land.Builtin(), "order53", "2026-11-23")
	program, _ := land.Compile(pack, nil)
	facts := land.Facts{Parcels: []plottage.Parcel{{
		ID: "GB00007", Industrial: plottage.Some(true), SuppliedOn: "2024-09-01", StartDue: "2025-03-10",
	}}}
	table := land.Tabulate(facts, program.Reads(), land.Reading{AsOf: "2026-11-23", Carried: []string{"started_on"}})
	verdicts, _ := program.Grade(context.Background(), table, nil)
	v := verdicts[0]
	fmt.Printf("%s: %s, disposal %q\n", v.Parcel, v.Queue, v.Disposal)
	for _, f := range v.Findings {
		fmt.Println(f.Outcome, f.Rule, f.Missing)
	}
	// Output:
	// GB00007: idle, disposal ""
	// holds idle-not-started []
	// undecided government-cause [idle_cause]
	// undecided fee [idle_cause]
}
