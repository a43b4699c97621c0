package aloud

import (
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal/check"
)

// Failed says what is wrong where a statement of the checker failed; exactly adds the plain
// number to an amount.
func (s Speaker) Failed(i check.Item, exactly bool) string {
	got, errGot := strconv.ParseInt(i.Got, 10, 64)
	want, errWant := strconv.ParseInt(i.Want, 10, 64)
	switch {
	case i.Check == "rows" && strings.HasPrefix(i.Object, "owner:"):
		return s.t("renewal.failed.owner", "row", s.Row(i.Object))
	case i.Check == "rows" && errGot == nil && errWant == nil:
		key := "renewal.failed.most"
		if got < want {
			key = "renewal.failed.least"
		}
		return s.t(key, "row", s.Row(i.Object), "got", s.amount(i.Object, got, exactly), "want", s.amount(i.Object, want, exactly))
	case i.Check == "bound" && i.Object == "certificate" && i.Got == "none":
		return s.t("renewal.failed.no_certificate")
	case i.Check == "bound" && i.Object == "plan.status":
		return s.t("renewal.failed.none")
	}
	return s.t("cli.renewal.check.wrong", "object", i.Object, "got", i.Got, "want", i.Want)
}

// Objected says what a kept check found wrong.
func (s Speaker) Objected(o plottage.FailedCheck) string {
	return s.Failed(check.Item{Check: o.Check, Object: o.Object, Got: o.Got, Want: o.Want}, false)
}

// amount writes an amount of a row, with the plain number for who has to type it in.
func (s Speaker) amount(row string, v int64, exactly bool) string {
	if exactly {
		return s.Amount(row, v) + " (" + strconv.FormatInt(v, 10) + ")"
	}
	return s.Amount(row, v)
}
