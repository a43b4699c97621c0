package server

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"sync"

	"github.com/paulmach/orb"
	"golang.org/x/sync/singleflight"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/lru"
	"github.com/plottage/plottage/internal/ogc"
	"github.com/plottage/plottage/internal/tile"
	"github.com/plottage/plottage/internal/workspace"
)

// snapshot is the city at one version, indexed for the screens. It does not change
// once loaded, apart from its caches.
type snapshot struct {
	city City
	meta workspace.Meta
	tag  string // names city, version and program, for ETags

	// tilesTag is the tag of the version since which no tile that was cut became wrong:
	// new plans, locks and verdicts of the checker leave those of other plans right.
	tilesTag string

	world toWorld

	parcels   []plottage.Parcel // geometry moved to shapes
	byID      map[string]int    // index in parcels
	verdicts  []*plottage.Verdict
	graded    int
	pack      packWords
	cluster   []int // Cluster.ID of each parcel, 0 none
	clusters  *workspace.Clustering
	locks     map[string]plottage.Lock
	holdings  map[string][]plottage.Holding  // by parcel
	buildings map[string][]plottage.Building // by parcel
	firms     []plottage.Firm
	firmByID  map[string]int
	projects  []plottage.Project
	towns     []plottage.Town
	townByID  map[string]int
	ways      int
	wayList   []plottage.Way // geometry moved to shapes
	wayLook   *wayLook
	sources   map[int64]plottage.Source
	classes   map[string]plottage.SourceClass // by "noun.field"
	plans     []plottage.Plan                 // newest first, without blocks
	runs      map[int64]plottage.Run          // without their documents

	shapes  shapes
	tiles   *lru.Cache[tileKey, drawn]
	flights *singleflight.Group // of tiles, views and looks being made
	views   *views
	lookups *lookups
	*standard
}

// standard is the snapshot as /ogc shows it, made when somebody asks.
type standard struct {
	dataMu sync.Mutex
	data   *ogc.Dataset
}

// shapes is the geometry of a city in web Mercator metres.
type shapes struct {
	parcels, parcelLabels, towns, townLabels, ways *tile.Shapes
}

// cutBytes bounds what is kept of parcels cut into tiles; 100,000 take some 30 MB.
const cutBytes = 64 << 20

// load reads the city. When it changes meanwhile it reads again.
func load(ctx context.Context, city City) (*snapshot, error) {
	for range 4 {
		s, err := loadOnce(ctx, city)
		if err != nil {
			return nil, err
		}
		after, err := city.Meta(ctx)
		if err != nil {
			return nil, err
		}
		if after.Version == s.meta.Version {
			return s, nil
		}
	}
	return nil, fmt.Errorf("the city changed four times while it was read")
}

func loadOnce(ctx context.Context, city City) (*snapshot, error) {
	meta, err := city.Meta(ctx)
	if err != nil {
		return nil, fmt.Errorf("read meta: %w", err)
	}
	s := &snapshot{city: city, meta: meta, tag: tagOf(meta), tiles: newTiles(), flights: &singleflight.Group{}, views: newViews(), standard: &standard{}}
	if s.world, err = worldOf(meta.EPSG); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context) error{
		s.readSources, s.readParcels, s.readTowns, s.readWays, s.readFirms, s.readVerdicts, s.readClusters, s.readPlans,
	} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	s.tilesTag = s.tag
	bare := *s
	bare.tiles, bare.views, bare.standard = nil, nil, nil // the next version keeps its lookups, but not these
	s.lookups = newLookups(&bare)
	return s, nil
}

// tagOf names a version of a city and the program that draws it.
func tagOf(m workspace.Meta) string {
	h := fnv.New64a()
	fmt.Fprint(h, m.Created, "\x00", m.Name.EN, "\x00", m.Name.ZH, "\x00", m.EPSG, "\x00", m.Version, "\x00", plottage.Version)
	return fmt.Sprintf("%x", h.Sum64())
}

func (s *snapshot) readSources(ctx context.Context) error {
	sources, err := s.city.Sources(ctx)
	if err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	s.sources = map[int64]plottage.Source{}
	for _, src := range sources {
		s.sources[src.ID] = src
	}
	classes, err := s.city.FieldClasses(ctx)
	if err != nil {
		return fmt.Errorf("read field classes: %w", err)
	}
	s.classes = map[string]plottage.SourceClass{}
	for _, c := range classes {
		s.classes[c.Noun+"."+c.Field] = c.Class
	}
	return nil
}

func (s *snapshot) readParcels(ctx context.Context) error {
	parcels, err := s.city.Parcels(ctx)
	if err != nil {
		return fmt.Errorf("read parcels: %w", err)
	}
	s.parcels, s.byID = parcels, make(map[string]int, len(parcels))
	geoms, labels := make([]orb.Geometry, len(parcels)), make([]orb.Geometry, len(parcels))
	for i := range parcels {
		p := &parcels[i]
		s.byID[p.ID] = i
		geoms[i], labels[i] = s.world.area(p.Geometry)
		p.Geometry = nil
	}
	s.shapes.parcels, s.shapes.parcelLabels = tile.NewShapes(geoms).Keep(cutBytes), tile.NewShapes(labels)
	s.verdicts, s.cluster = make([]*plottage.Verdict, len(parcels)), make([]int, len(parcels))
	return nil
}

func (s *snapshot) readTowns(ctx context.Context) error {
	towns, err := s.city.Towns(ctx)
	if err != nil {
		return fmt.Errorf("read towns: %w", err)
	}
	s.towns, s.townByID = towns, map[string]int{}
	geoms, labels := make([]orb.Geometry, len(towns)), make([]orb.Geometry, len(towns))
	for i := range towns {
		s.townByID[towns[i].ID] = i
		geoms[i], labels[i] = s.world.area(towns[i].Geometry)
	}
	s.shapes.towns, s.shapes.townLabels = tile.NewShapes(geoms), tile.NewShapes(labels)
	return nil
}

func (s *snapshot) readFirms(ctx context.Context) (err error) {
	if s.firms, err = s.city.Firms(ctx); err != nil {
		return fmt.Errorf("read firms: %w", err)
	}
	s.firmByID = make(map[string]int, len(s.firms))
	for i, f := range s.firms {
		s.firmByID[f.ID] = i
	}
	holdings, err := s.city.Holdings(ctx)
	if err != nil {
		return fmt.Errorf("read holdings: %w", err)
	}
	s.holdings = map[string][]plottage.Holding{}
	for _, h := range holdings {
		s.holdings[h.Parcel] = append(s.holdings[h.Parcel], h)
	}
	buildings, err := s.city.Buildings(ctx)
	if err != nil {
		return fmt.Errorf("read buildings: %w", err)
	}
	s.buildings = map[string][]plottage.Building{}
	for _, b := range buildings {
		s.buildings[b.Parcel] = append(s.buildings[b.Parcel], b)
	}
	if s.projects, err = s.city.Projects(ctx); err != nil {
		return fmt.Errorf("read projects: %w", err)
	}
	return nil
}

func (s *snapshot) readVerdicts(ctx context.Context) error {
	verdicts, err := s.city.Verdicts(ctx, "")
	if err != nil {
		return fmt.Errorf("read verdicts: %w", err)
	}
	for i := range verdicts {
		if at, ok := s.byID[verdicts[i].Parcel]; ok {
			s.verdicts[at] = &verdicts[i]
			s.graded++
		}
	}
	if len(verdicts) > 0 {
		err = s.readPack(ctx, verdicts[0])
	}
	return err
}

func (s *snapshot) readClusters(ctx context.Context) error {
	c, err := s.city.Clustering(ctx)
	if plottage.CodeOf(err) == plottage.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read clusters: %w", err)
	}
	s.clusters = &c
	for _, one := range c.Clusters {
		for _, id := range one.Parcels {
			if i, ok := s.byID[id]; ok {
				s.cluster[i] = one.ID
			}
		}
	}
	return nil
}

func (s *snapshot) readPlans(ctx context.Context) (err error) {
	if s.plans, err = s.city.Plans(ctx); err != nil {
		return fmt.Errorf("read plans: %w", err)
	}
	runs, err := s.city.Runs(ctx)
	if err != nil {
		return fmt.Errorf("read runs: %w", err)
	}
	s.runs = map[int64]plottage.Run{}
	for _, r := range runs {
		s.runs[r.ID] = r
	}
	locks, err := s.city.Locks(ctx)
	if err != nil {
		return fmt.Errorf("read locks: %w", err)
	}
	s.locks = byParcel(locks)
	return nil
}

func byParcel(locks []plottage.Lock) map[string]plottage.Lock {
	m := make(map[string]plottage.Lock, len(locks))
	for _, l := range locks {
		m[l.Parcel] = l
	}
	return m
}

// newest returns the id of the plan asked for last that decides something, of the last
// when none does, and 0 when there is none. Plans that studies made on their way do not
// count.
func (s *snapshot) newest() int64 {
	var decides, last int64
	for _, p := range s.plans {
		if workspace.OfStudy(s.runs[p.Run].Verb) {
			continue
		}
		last = max(last, p.ID)
		if decidesSomething(&p) {
			decides = max(decides, p.ID)
		}
	}
	return cmp.Or(decides, last)
}

// tried returns the id of a plan newer than the newest that decides something, 0 when
// there is none.
func (s *snapshot) tried() int64 {
	var last int64
	for _, p := range s.plans {
		if !workspace.OfStudy(s.runs[p.Run].Verb) && p.ID > s.newest() {
			last = max(last, p.ID)
		}
	}
	return last
}

// decidesSomething says whether a plan clears land; one that clears none is worth nothing.
func decidesSomething(p *plottage.Plan) bool {
	return p.Status != plottage.Infeasible && p.Value != 0
}

func (s *snapshot) townName(id string) plottage.Label {
	if i, ok := s.townByID[id]; ok {
		return s.towns[i].Name
	}
	return plottage.Label{ZH: id, EN: id}
}
