// Package check verifies a renewal plan and the bound that goes with it from the
// documents alone: the problem, the plan, the certificate. It knows the format of
// the documents and nothing of the program that wrote them: it reads them with its
// own structs, adds up with its own code, lists connected sets its own way, and
// recomputes from the prices that no plan can be worth more than the bound. A plan
// made by hand or by another program is verified the same way.
//
// What is checked and how is in docs/method/renewal.md#checker.
package check

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/plottage/plottage"
)

// Item is one thing that was checked. Check names it (locale key
// "renewal.check.<Check>"); Object, Got and Want say what failed.
type Item struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Count  int    `json:"count"` // how many objects were looked at
	Object string `json:"object,omitempty"`
	Got    string `json:"got,omitempty"`
	Want   string `json:"want,omitempty"`
}

// Report is the outcome of a verification.
type Report struct {
	Passed bool   `json:"passed"`
	Items  []Item `json:"items"`
	Value  int64  `json:"value"` // of the plan, recomputed
	Bound  int64  `json:"bound"` // verified here: no plan is worth more
	Sets   int    `json:"sets"`  // connected sets listed
	Steps  int    `json:"steps"` // of the search that a proof by search took
}

// FirstFailed is the first item that failed, nil when all passed.
func (r Report) FirstFailed() *Item {
	for n := range r.Items {
		if !r.Items[n].OK {
			return &r.Items[n]
		}
	}
	return nil
}

// FirstFailure describes the first item that failed, "" when all passed.
func (r Report) FirstFailure() string {
	if i := r.FirstFailed(); i != nil {
		return fmt.Sprintf("%s: %s got %s, want %s", i.Check, i.Object, i.Got, i.Want)
	}
	return ""
}

// Verify checks the plan against the problem document and the bound it states
// against the certificate. Of an answer that says that there is no plan it checks that
// this is proven. Without a certificate ("" or null) the bound is not
// checked and the item says so. The error is about documents that cannot be read.
func Verify(ctx context.Context, problem []byte, plan plottage.Plan, certificate []byte) (Report, error) {
	d, err := readProblem(problem)
	if err != nil {
		return Report{}, err
	}
	var cert *certificateDoc
	if len(certificate) > 0 {
		if err := json.Unmarshal(certificate, &cert); err != nil {
			return Report{}, &plottage.Error{Code: plottage.BadInput, Key: "renewal.certificate", Args: map[string]any{"value": err.Error()}}
		}
	}
	v := &verifier{d: d, plan: &plan, tally: map[string]*Item{}}
	v.plant()
	if plan.Status == plottage.Infeasible {
		v.verifyNone(ctx, cert)
	} else {
		v.verifyPlan()
		v.verifyBound(ctx, cert)
	}
	v.report.Passed = true
	for _, name := range checks {
		item := *v.tally[name]
		v.report.Items = append(v.report.Items, item)
		v.report.Passed = v.report.Passed && item.OK
	}
	return v.report, nil
}

// checks lists all items in the order they are reported.
var checks = []string{"lots", "town", "connected", "size", "compact", "kept", "enclaves", "buildings", "mode", "locks", "signed", "rows", "projects", "anchors", "room", "firms", "figures", "value", "bound"}

type verifier struct {
	d      *problemDoc
	plan   *plottage.Plan
	tally  map[string]*Item
	report Report
}

func (v *verifier) plant() {
	for _, name := range checks {
		v.tally[name] = &Item{Check: name, OK: true}
	}
}

// must counts a check and keeps the first failure.
func (v *verifier) must(check string, ok bool, object string, got, want any) {
	i := v.tally[check]
	i.Count++
	if ok || !i.OK {
		return
	}
	i.OK, i.Object, i.Got, i.Want = false, object, fmt.Sprint(got), fmt.Sprint(want)
}

// verifyBound recomputes the bound from the prices and compares what the plan says.
func (v *verifier) verifyBound(ctx context.Context, cert *certificateDoc) {
	v.report.Bound = math.MaxInt64
	if cert == nil || cert.Prices.Side == "" {
		v.must("bound", false, "certificate", "none", "prices")
		return
	}
	b := newBounder(v.d, cert, nil)
	bound, err := b.verify(ctx, v.report.Value)
	v.report.Sets, v.report.Steps = b.listed, b.steps
	if err != nil {
		v.must("bound", false, cert.Prices.Side, err.Error(), cert.Bound)
		return
	}
	v.report.Bound = bound
	v.must("bound", bound <= cert.Bound, "certificate", bound, cert.Bound)
	v.must("bound", float64(cert.Bound) <= v.plan.Bound, "plan.bound", v.plan.Bound, cert.Bound)
	v.must("bound", v.report.Value <= bound, "value", v.report.Value, bound)
	gap := 0.0
	if v.plan.Bound > float64(v.report.Value) {
		gap = (v.plan.Bound - float64(v.report.Value)) / math.Max(1, math.Abs(float64(v.report.Value)))
	}
	v.must("bound", math.Abs(gap-v.plan.Gap) <= 1e-9, "plan.gap", v.plan.Gap, gap)
	v.must("bound", v.plan.Status != plottage.Optimal || gap == 0, "plan.status", v.plan.Status, plottage.Feasible)
}
