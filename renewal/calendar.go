package renewal

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// Calendar sets the land a plan makes ready beside the projects that wait for it: the
// dated list, and both reserve lists - land without a project, projects without land.
type Calendar struct {
	Years   []CalendarYear `json:"years"`   // from the first block ready or project released to the last event
	Land    []ReadyLand    `json:"land"`    // dated list: blocks by ready year
	Waiting []PlacedWait   `json:"waiting"` // projects with land, by the year they take it
	Reserve []Unplaced     `json:"reserve"` // projects without land
}

// CalendarYear is one year of the calendar.
type CalendarYear struct {
	Year     int   `json:"year"`
	ReadyM2  int64 `json:"ready_m2"` // usable land that becomes ready
	TakenM2  int64 `json:"taken_m2"` // that projects take
	FreeM2   int64 `json:"free_m2"`  // ready and not taken at the end of the year
	Waiting  int   `json:"waiting"`  // projects released that will get land but have none yet
	WaitM2   int64 `json:"wait_m2"`  // land they need
	Unplaced int   `json:"unplaced"` // projects released, not past their deadline, that get none
}

// ReadyLand is a block on the dated list.
type ReadyLand struct {
	Block    string   `json:"block"`
	Town     string   `json:"town"`
	Mode     string   `json:"mode"`
	Start    int      `json:"start"`
	Ready    int      `json:"ready"`
	UsableM2 int64    `json:"usable_m2"`
	TakenM2  int64    `json:"taken_m2"`
	FreeM2   int64    `json:"free_m2"` // reserve: no project of the plan takes it
	Projects []string `json:"projects"`
}

// PlacedWait is a project with land and how long it waits for it.
type PlacedWait struct {
	Project string `json:"project"`
	Block   string `json:"block"`
	AreaM2  int64  `json:"area_m2"`
	Release int    `json:"release"`
	Year    int    `json:"year"`  // it takes the land
	Waits   int    `json:"waits"` // years from its release
	Idle    int    `json:"idle"`  // years the land waits for it
}

// Unplaced is a project on the reserve list. Why is too_large (no block of the plan
// has as much land), too_late (none is ready by its deadline), misfit (none of those in
// time is of its towns, modes and distances), no_gain (it promises no more than its land
// yields anyway), no_room (others take the land), anchor (the project it follows takes no
// land, or later), power (its town has none left) or free (there is land for it:
// the plan is not the best); locale key "renewal.unplaced.<why>".
type Unplaced struct {
	Project  string `json:"project"`
	AreaM2   int64  `json:"area_m2"`
	Release  int    `json:"release"`
	Deadline int    `json:"deadline"`
	Why      string `json:"why"`
	Largest  int64  `json:"largest_m2"` // usable land of the largest block it could stand on by itself; 0: none
}

// CalendarOf makes the calendar of a plan.
func CalendarOf(p *Problem, plan *plottage.Plan) Calendar {
	c := Calendar{Years: []CalendarYear{}, Land: []ReadyLand{}, Waiting: []PlacedWait{}, Reserve: []Unplaced{}}
	lots, projects, at := p.lotIDs(), map[string]*Project{}, map[string]int{}
	for i := range p.Projects {
		projects[p.Projects[i].ID] = &p.Projects[i]
	}
	for _, b := range plan.Blocks {
		m := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		land := ReadyLand{Block: b.ID, Town: b.Town, Mode: b.Mode, Start: b.Year, Ready: b.Year + p.Modes[m].BuildYears, Projects: []string{}}
		for _, id := range b.Parcels {
			land.UsableM2 += p.Lots[lots[id]].As(b.Treated).In[m].UsableM2
		}
		at[b.ID] = len(c.Land)
		c.Land = append(c.Land, land)
	}
	placed, power := map[string]bool{}, newRowBook(p)
	for _, pl := range plan.Placements {
		k, i := projects[pl.Project], at[pl.Block]
		if k == nil {
			continue
		}
		placed[k.ID] = true
		power.addProject(k.PowerKW, c.Land[i].Town, pl.Year)
		c.Land[i].TakenM2 += k.AreaM2
		c.Land[i].Projects = append(c.Land[i].Projects, k.ID)
		c.Waiting = append(c.Waiting, PlacedWait{k.ID, pl.Block, k.AreaM2, k.Release, pl.Year, max(0, pl.Year-k.Release), max(0, pl.Year-c.Land[i].Ready)})
	}
	for i := range p.Projects {
		if k := &p.Projects[i]; !placed[k.ID] {
			c.Reserve = append(c.Reserve, p.unplaced(k, plan, c.Land, power))
		}
	}
	for i := range c.Land {
		c.Land[i].FreeM2 = c.Land[i].UsableM2 - c.Land[i].TakenM2
		slices.Sort(c.Land[i].Projects)
	}
	slices.SortFunc(c.Land, func(a, b ReadyLand) int { return cmp.Or(cmp.Compare(a.Ready, b.Ready), cmp.Compare(a.Block, b.Block)) })
	slices.SortFunc(c.Waiting, func(a, b PlacedWait) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Project, b.Project))
	})
	slices.SortFunc(c.Reserve, func(a, b Unplaced) int {
		return cmp.Or(cmp.Compare(a.Deadline, b.Deadline), cmp.Compare(a.Project, b.Project))
	})
	c.Years = c.byYear(p)
	return c
}

// unplaced says why a project gets no land, from the hardest reason to the softest.
func (p *Problem) unplaced(k *Project, plan *plottage.Plan, land []ReadyLand, power *rowBook) Unplaced {
	u := Unplaced{Project: k.ID, AreaM2: k.AreaM2, Release: k.Release, Deadline: k.Deadline, Why: "too_large"}
	large, inTime, room, after, powered := false, false, false, false, false
	follows, comes := p.anchorYear(k, plan)
	for i, l := range land {
		if l.UsableM2 < k.AreaM2 {
			continue
		}
		large = true
		year, inside := projectYear(k, l.Ready)
		if !inside {
			continue
		}
		inTime = true
		if !p.suits(k, &plan.Blocks[i]) {
			continue
		}
		u.Largest = max(u.Largest, l.UsableM2)
		if l.UsableM2-l.TakenM2 >= k.AreaM2 {
			room = true
			after = after || comes && year >= follows
			powered = powered || power.hasRoom(k.PowerKW, l.Town, year)
		}
	}
	switch {
	case u.Largest > 0 && k.GainCNY == 0:
		u.Why = "no_gain"
	case u.Largest > 0 && !room:
		u.Why = "no_room"
	case u.Largest > 0 && !after:
		u.Why = "anchor"
	case u.Largest > 0 && !powered:
		u.Why = "power"
	case u.Largest > 0:
		u.Why = "free"
	case inTime:
		u.Why = "misfit"
	case large:
		u.Why = "too_late"
	}
	return u
}

// anchorYear is the year in which the project that k follows takes land, 0 when it
// follows none, and whether there is such a year.
func (p *Problem) anchorYear(k *Project, plan *plottage.Plan) (int, bool) {
	if k.After == "" {
		return 0, true
	}
	for _, pl := range plan.Placements {
		if pl.Project == k.After {
			return pl.Year, true
		}
	}
	return 0, false
}

// suits reports whether a project may stand on a block, apart from room and time.
func (p *Problem) suits(k *Project, b *plottage.Block) bool {
	if len(k.Modes) > 0 && !slices.Contains(k.Modes, b.Mode) || len(k.Towns) > 0 && !slices.Contains(k.Towns, b.Town) {
		return false
	}
	return !slices.ContainsFunc(b.Parcels, func(id string) bool { return slices.Contains(k.Misfits, id) })
}

// byYear runs through the years.
func (c *Calendar) byYear(p *Problem) []CalendarYear {
	first, last := p.Years[0], p.Years[len(p.Years)-1]
	for _, l := range c.Land {
		last = max(last, l.Ready)
	}
	for _, w := range c.Waiting {
		last = max(last, w.Year)
	}
	years, free := []CalendarYear{}, int64(0)
	for y := first; y <= last; y++ {
		out := CalendarYear{Year: y}
		for _, l := range c.Land {
			if l.Ready == y {
				out.ReadyM2 += l.UsableM2
			}
		}
		for _, w := range c.Waiting {
			switch {
			case w.Year == y:
				out.TakenM2 += w.AreaM2
			case w.Release <= y && y < w.Year:
				out.Waiting++
				out.WaitM2 += w.AreaM2
			}
		}
		for _, u := range c.Reserve {
			if u.Release <= y && y <= u.Deadline {
				out.Unplaced++
			}
		}
		free += out.ReadyM2 - out.TakenM2
		out.FreeM2 = free
		years = append(years, out)
	}
	return years
}
