package server_test

import (
	"math"
	"net/http"
	"slices"
	"testing"

	"github.com/plottage/plottage/internal/server"
)

// The reasons of a block add up, name limits and projects, and moving it as they say is
// worth what drawing it by hand is.
func TestWhyABlockIsAsItIs(t *testing.T) {
	s := shuangxi(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	pressed := 0
	for _, b := range plan.Blocks[:3] {
		why := read[server.BlockWhyInfo](t, s.ask("/api/plans/3/blocks/"+b.ID+"/why"))
		if !why.Known || why.Run != plan.Run.ID || why.Reason == "" || len(why.Told.ZH) < 6 || len(why.Told.EN) != len(why.Told.ZH) {
			t.Fatalf("%s: %+v", b.ID, why)
		}
		sum := 0.0
		for _, part := range why.Parts {
			sum += part.Value
			if math.Abs(part.Amount*part.Factor-part.Value) > 1+float64(len(part.Of))+1e-6*math.Abs(part.Amount) || len(part.Of) == 0 || part.Yearly == (part.From == part.Until) {
				t.Errorf("%s: %+v", b.ID, part)
			}
			if part.Kind == "project" && part.Of[0].Name == "" {
				t.Errorf("%s: a project without a name: %+v", b.ID, part)
			}
		}
		if sum != why.Value || !slices.ContainsFunc(why.Parts, func(p server.BlockPart) bool { return p.Kind == "cost" && len(p.Prices) > 0 }) {
			t.Errorf("%s: the parts make %.0f, in all %.0f", b.ID, sum, why.Value)
		}
		for _, u := range why.Uses {
			if u.Limit == 0 || !u.Known {
				t.Errorf("%s: a limit that is not stated: %+v", b.ID, u)
			}
			if u.Presses {
				pressed++
			}
		}
		for _, c := range append(slices.Clone(why.Others), why.Dropped) {
			blocks := drafted(plan)
			i := slices.IndexFunc(blocks, func(d server.DraftBlock) bool { return d.ID == b.ID })
			if blocks[i].Year, blocks[i].Mode = c.Year, c.Mode; c.Year == 0 {
				blocks = slices.Delete(blocks, i, i+1)
			}
			drawn := s.draft(blocks)
			if drawn.Plan.Value != c.Value {
				t.Errorf("%s in %d %s: %.0f, drawn by hand %.0f", b.ID, c.Year, c.Mode, c.Value, drawn.Plan.Value)
			}
			for _, k := range c.Broken {
				if !slices.Contains(drawn.Broken, k) {
					t.Errorf("%s in %d %s: breaks %+v, drawn by hand %+v", b.ID, c.Year, c.Mode, k, drawn.Broken)
				}
			}
		}
	}
	if answer := s.ask("/api/plans/3/blocks/nowhere/why"); answer.Code != http.StatusNotFound {
		t.Errorf("a block that is none: %d", answer.Code)
	}
}
