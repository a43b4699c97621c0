package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// fullRun has every field set; what the store gives is left out.
func fullRun(seed int) plottage.Run {
	r := filled[plottage.Run](seed)
	r.ID = 0
	r.Input = []byte(strings.Repeat("输入 ", 5000))
	sum := sha256.Sum256(r.Input)
	r.InputSHA256 = hex.EncodeToString(sum[:])
	return r
}

var workTests = []test{
	{"a run comes back with all it needs to be repeated", func(c *city) {
		want := fullRun(5)
		id, err := c.SaveRun(c.ctx, "tester", want)
		c.ok(err)
		want.ID = id
		got, err := c.Store.Run(c.ctx, id)
		c.ok(err)
		same(c, "run", got, want)
		c.reopen()
		got, err = c.Store.Run(c.ctx, id)
		c.ok(err)
		same(c, "run after opening again", got, want)
	}},
	{"the store makes the hash of the input itself", func(c *city) {
		r := fullRun(5)
		want := r.InputSHA256
		r.InputSHA256 = "wrong"
		id, err := c.SaveRun(c.ctx, "tester", r)
		c.ok(err)
		got, err := c.Store.Run(c.ctx, id)
		c.ok(err)
		same(c, "hash", got.InputSHA256, want)
	}},
	{"the list of runs is newest first and light", func(c *city) {
		for i := range 3 {
			_, err := c.SaveRun(c.ctx, "tester", fullRun(i*20))
			c.ok(err)
		}
		list, err := c.Runs(c.ctx)
		c.ok(err)
		if len(list) != 3 || list[0].ID < list[2].ID || list[0].Input != nil || list[0].Verb == "" || list[0].Seed != fullRun(40).Seed {
			c.Fatalf("runs %+v", list)
		}
	}},
	{"verdicts come back with every finding", func(c *city) {
		var v []plottage.Verdict
		for i := range 3 {
			x := filled[plottage.Verdict](i * 50)
			x.Pack = "order53@2012-07-01"
			v = append(v, x)
		}
		sortByParcel(v)
		id, err := c.SaveVerdicts(c.ctx, "tester", fullRun(1), "order53@2012-07-01", v)
		c.ok(err)
		got, err := c.Verdicts(c.ctx, "order53@2012-07-01")
		c.ok(err)
		same(c, "verdicts", got, v)
		_, err = c.Store.Run(c.ctx, id)
		c.ok(err)
		none, err := c.Verdicts(c.ctx, "other")
		c.ok(err)
		same(c, "verdicts of a pack that never ran", len(none), 0)
	}},
	{"grading again replaces the pack's verdicts and no others", func(c *city) {
		save := func(pack string, ids ...string) {
			var v []plottage.Verdict
			for _, id := range ids {
				v = append(v, plottage.Verdict{Parcel: id, Pack: pack})
			}
			_, err := c.SaveVerdicts(c.ctx, "tester", plottage.Run{Verb: "land grade"}, pack, v)
			c.ok(err)
		}
		count := func(pack string, want int) {
			v, err := c.Verdicts(c.ctx, pack)
			c.ok(err)
			same(c, "verdicts of "+pack, len(v), want)
		}
		save("p@1", "a", "b", "c")
		save("q@1", "a")
		save("p@1", "a")
		count("p@1", 1)
		count("q@1", 1)
		last, err := c.Verdicts(c.ctx, "")
		c.ok(err)
		same(c, "last pack", last[0].Pack, "p@1")
	}},
	{"a verdict that cannot be kept keeps the old ones", func(c *city) {
		_, err := c.SaveVerdicts(c.ctx, "tester", plottage.Run{}, "p@1", []plottage.Verdict{{Parcel: "a", Pack: "p@1"}})
		c.ok(err)
		c.fails(c.unchanged(func() error {
			_, err := c.SaveVerdicts(c.ctx, "tester", plottage.Run{}, "p@1", []plottage.Verdict{{Parcel: "a"}, {Parcel: "b", Confidence: math.NaN()}})
			return err
		}), plottage.BadInput)
	}},
	{"the last clustering comes back", func(c *city) {
		want := workspace.Clustering{
			Rule:     plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 12, Across: []plottage.WayClass{plottage.Lane}},
			Links:    []plottage.Link{{A: "a", B: "b", SharedM: 3.25}, {A: "a", B: "c", GapM: 7, Way: plottage.Lane}},
			Clusters: []plottage.Cluster{{ID: 1, Parcels: []string{"a", "b", "c"}, AreaM2: 99}, {ID: 2, Parcels: []string{"z"}, AreaM2: 3}},
		}
		for range 2 {
			id, err := c.SaveClustering(c.ctx, "tester", plottage.Run{Verb: "land clusters"}, want)
			c.ok(err)
			want.Run = id
			got, err := c.Clustering(c.ctx)
			c.ok(err)
			same(c, "clustering", got, want)
		}
		empty, err := c.SaveClustering(c.ctx, "tester", plottage.Run{}, workspace.Clustering{})
		c.ok(err)
		got, err := c.Clustering(c.ctx)
		c.ok(err)
		if got.Run != empty || len(got.Clusters)+len(got.Links) != 0 {
			c.Fatalf("clustering without clusters: %+v", got)
		}
	}},
	{"every field of a plan comes back, blocks in their order", func(c *city) {
		want := fullPlan(3)
		id, err := c.SavePlan(c.ctx, "tester", fullRun(9), want)
		c.ok(err)
		check := func() {
			got, err := c.Plan(c.ctx, id)
			c.ok(err)
			want.ID, want.Run = id, got.Run
			same(c, "plan", got, want)
			_, err = c.Store.Run(c.ctx, got.Run)
			c.ok(err)
		}
		check()
		c.reopen()
		check()
	}},
	{"plans are listed newest first without their parts, and 0 is the newest", func(c *city) {
		var last int64
		for i := range 3 {
			p := fullPlan(i)
			var err error
			last, err = c.SavePlan(c.ctx, "tester", fullRun(i), p)
			c.ok(err)
		}
		list, err := c.Plans(c.ctx)
		c.ok(err)
		if len(list) != 3 || list[0].ID != last || list[0].Blocks != nil || list[0].Value == 0 {
			c.Fatalf("plans %+v", list)
		}
		newest, err := c.Plan(c.ctx, 0)
		c.ok(err)
		same(c, "newest", newest.ID, last)
		_, err = c.Plan(c.ctx, 99)
		c.fails(err, plottage.NotFound)
	}},
	{"a plan with a broken part is not kept at all, nor is its run", func(c *city) {
		for _, spoil := range []func(*plottage.Plan){
			func(p *plottage.Plan) { p.Blocks[1].ID = p.Blocks[0].ID },
			func(p *plottage.Plan) { p.Blocks[1].Cost = math.NaN() },
			func(p *plottage.Plan) { p.Moves[1].FloorM2 = math.Inf(1) },
			func(p *plottage.Plan) { p.Placements[0].Project = "\xff" },
		} {
			p := fullPlan(1)
			spoil(&p)
			c.fails(c.unchanged(func() error { _, err := c.SavePlan(c.ctx, "tester", fullRun(1), p); return err }), plottage.BadInput)
		}
	}},
	{"a plan is replaced as a whole by who saw it last, and keeps its id", func(c *city) {
		id, err := c.SavePlan(c.ctx, "anna", fullRun(1), fullPlan(1))
		c.ok(err)
		seen, err := c.Plan(c.ctx, id)
		c.ok(err)
		want := fullPlan(2)
		want.ID = id
		c.ok(c.ReplacePlan(c.ctx, "anna", seen.Run, fullRun(2), want))
		got, err := c.Plan(c.ctx, id)
		c.ok(err)
		if got.Run == seen.Run {
			c.Fatalf("the replaced plan still has run %d", got.Run)
		}
		want.Run, want.Check = got.Run, plottage.Check{}
		same(c, "replaced", got, want)
		_, err = c.Store.Run(c.ctx, seen.Run)
		c.ok(err)
		err = c.unchanged(func() error { return c.ReplacePlan(c.ctx, "bo", seen.Run, fullRun(3), want) })
		c.fails(err, plottage.Conflict)
		want.ID = 99
		c.fails(c.unchanged(func() error { return c.ReplacePlan(c.ctx, "bo", 0, fullRun(3), want) }), plottage.NotFound)
	}},
	{"what the checker said stays with the plan it was said of", func(c *city) {
		p, said := fullPlan(1), fullPlan(2).Check
		p.Check = plottage.Check{}
		id, err := c.SavePlan(c.ctx, "tester", fullRun(1), p)
		c.ok(err)
		unchecked, err := c.Plan(c.ctx, id)
		c.ok(err)
		same(c, "a plan just made", unchecked.Check, plottage.Check{})
		c.ok(c.SaveCheck(c.ctx, "anna", id, unchecked.Run, said))
		c.ok(c.RenamePlan(c.ctx, "bo", id, "稳妥方案"))
		c.reopen()
		want := unchecked
		want.Name, want.Check = "稳妥方案", said
		got, err := c.Plan(c.ctx, id)
		c.ok(err)
		same(c, "a plan renamed since", got, want)
		heads, err := c.Plans(c.ctx)
		c.ok(err)
		same(c, "in the list", heads[0].Check, said)
		copied, err := c.SavePlan(c.ctx, "anna", fullRun(2), got)
		c.ok(err)
		again, err := c.Plan(c.ctx, copied)
		c.ok(err)
		same(c, "a copy", again.Check, said)
		c.ok(c.ReplacePlan(c.ctx, "anna", got.Run, fullRun(3), got))
		err = c.unchanged(func() error { return c.SaveCheck(c.ctx, "bo", id, got.Run, said) })
		c.fails(err, plottage.Conflict)
		got, err = c.Plan(c.ctx, id)
		c.ok(err)
		same(c, "a plan replaced since", got.Check, plottage.Check{})
		c.fails(c.unchanged(func() error { return c.SaveCheck(c.ctx, "bo", 99, 0, said) }), plottage.NotFound)
	}},
	{"a plan is renamed alone, and deleted with its parts; its id is not given again", func(c *city) {
		first, err := c.SavePlan(c.ctx, "tester", fullRun(1), fullPlan(1))
		c.ok(err)
		second, err := c.SavePlan(c.ctx, "tester", fullRun(2), fullPlan(2))
		c.ok(err)
		before, err := c.Plan(c.ctx, first)
		c.ok(err)
		c.ok(c.RenamePlan(c.ctx, "tester", first, "稳妥方案"))
		got, err := c.Plan(c.ctx, first)
		c.ok(err)
		before.Name = "稳妥方案"
		same(c, "renamed", got, before)
		c.ok(c.DeletePlan(c.ctx, "tester", second))
		_, err = c.Plan(c.ctx, second)
		c.fails(err, plottage.NotFound)
		got, err = c.Plan(c.ctx, first)
		c.ok(err)
		same(c, "the other", got, before)
		third, err := c.SavePlan(c.ctx, "tester", fullRun(3), fullPlan(3))
		c.ok(err)
		if third <= second {
			c.Fatalf("plan %d after plan %d was deleted", third, second)
		}
		c.fails(c.unchanged(func() error { return c.RenamePlan(c.ctx, "tester", second, "x") }), plottage.NotFound)
		c.fails(c.unchanged(func() error { return c.DeletePlan(c.ctx, "tester", second) }), plottage.NotFound)
	}},
	{"rule packs are kept by id and replaced by it", func(c *city) {
		c.ok(c.SaveRulePack(c.ctx, "tester", "local@1", []byte("name: 一\n")))
		c.ok(c.SaveRulePack(c.ctx, "tester", "other@1", []byte("x")))
		c.ok(c.SaveRulePack(c.ctx, "tester", "local@1", []byte("name: 二\n")))
		got, err := c.RulePacks(c.ctx)
		c.ok(err)
		same(c, "packs", got, map[string][]byte{"local@1": []byte("name: 二\n"), "other@1": []byte("x")})
		c.fails(c.unchanged(func() error { return c.SaveRulePack(c.ctx, "tester", "", []byte("x")) }), plottage.BadInput)
	}},
}

// fullPlan has every field set.
func fullPlan(seed int) plottage.Plan {
	p := filled[plottage.Plan](seed * 1000)
	p.ID, p.Run = 0, 0
	return p
}

func sortByParcel(v []plottage.Verdict) {
	for i := range v {
		for j := i; j > 0 && v[j].Parcel < v[j-1].Parcel; j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
}
