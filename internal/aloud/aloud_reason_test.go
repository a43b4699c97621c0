package aloud_test

import (
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// What would change a decision is said of what the parcel brings: costs take of the limits
// too, so that the bound says nothing of them. What ties land together is told as that.
func TestWhatWouldChangeADecision(t *testing.T) {
	s := aloud.Speaker{Style: figure.For("en", "CNY"), Town: func(id string) string { return id }}
	in := plottage.Block{ID: "2027-01", Parcels: []string{"a", "b"}, Kept: []string{"k"}, AreaM2: 40_000, Year: 2027, Ready: 2028, Mode: "clear", Value: 5e6}
	poor := in
	poor.Value = -5e6
	for _, c := range []struct {
		name string
		told workspace.Told
		want []string
	}{
		{"in, with a bound", workspace.Told{Block: &in, Why: renewal.Why{In: true, Reason: renewal.Chosen, Dropping: 3e6}},
			[]string{"For this to change, it would have to bring over CNY 3 mn less than reckoned, all years up to 2046 together. Up to that it stays in."}},
		{"out, with a bound", workspace.Told{Why: renewal.Why{Reason: renewal.PricedOut, Forcing: 3e6}}, []string{"bring at least CNY 3 mn more than reckoned"}},
		{"out, by prices", workspace.Told{Why: renewal.Why{Reason: renewal.LosesMoney, Value: -1e6, Net: -2e6}}, []string{"bring about CNY 2 mn more than reckoned", "an estimate"}},
		{"priced out by what it takes", workspace.Told{Why: renewal.Why{Reason: renewal.PricedOut, Net: -1e6, Prices: []renewal.Charge{{Row: "owner:Li:a", Used: 1, Amount: 9e6}, {Row: "locks", Used: 1, Amount: 8e6}, {Row: "money:2027", Used: 4e6, Amount: 2e6}}}},
			[]string{"What weighs most is the money of 2027: the block would take CNY 4 mn, which bring CNY 2 mn elsewhere."}},
		{"signed", workspace.Told{Block: &in, Why: renewal.Why{In: true, Reason: renewal.Signed}}, []string{"because its block was signed", "what was signed would have to be changed"}},
		{"dear, beside land that has to be in", workspace.Told{Block: &poor, Locked: true, Why: renewal.Why{In: true, Reason: renewal.Chosen}}, []string{"CNY 5 mn more than it brings; it is in because the city decided that other land of it has to be renewed"}},
		{"of an owner who is not split, in", workspace.Told{Block: &in, Why: renewal.Why{In: true, Reason: renewal.Chosen, Whole: []string{"b", "c"}}}, []string{"the plan renews all of its 3 parcels"}},
		{"of an owner who is not split, out", workspace.Told{Why: renewal.Why{Reason: renewal.PricedOut, Whole: []string{"b"}}}, []string{"its 2 parcels are renewed together or not at all"}},
		{"one building", workspace.Told{Block: &in, Buildings: []plottage.Handled{{ID: "F1", What: "keep"}}, Why: renewal.Why{In: true, Reason: renewal.Chosen}}, []string{"What becomes of the buildings on it: building F1 is kept."}},
		{"kept, and it joins", workspace.Told{Block: &in, Joins: true, Why: renewal.Why{Lot: "k", Reason: renewal.KeptInside}},
			[]string{"it lies inside block 2027-01: 2 parcels with 60 mu (4 ha) of land around it are to be cleared and built anew", "without it the block would be in pieces", "whoever is on it can stay", "object to lying inside"}},
		{"kept, or it would be enclosed", workspace.Told{Block: &in, Why: renewal.Why{Lot: "k", Reason: renewal.KeptInside}}, []string{"the block would otherwise enclose it"}},
	} {
		c.told.Until = 2046
		all := strings.Join(s.Parcel(c.told), " ")
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s: %q is not in %q", c.name, want, all)
			}
		}
	}
	if got, want := s.Charge(renewal.Charge{Row: "owner:Li:a", Used: -1, Amount: -6e6}), "land of Li not split: counts CNY -6 mn"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
