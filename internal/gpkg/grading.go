package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// SaveVerdicts implements workspace.Store.
func (s *Store) SaveVerdicts(ctx context.Context, actor string, r plottage.Run, pack string, v []plottage.Verdict) (id int64, err error) {
	c := &change{actor: actor, verb: r.Verb, base: anyVersion, detail: map[string]any{"pack": pack, "verdicts": len(v)}}
	err = s.change(ctx, c, func(t *tx) error {
		if id, err = t.saveRun(r); err != nil {
			return err
		}
		c.object = "run " + strconv.FormatInt(id, 10)
		if err := t.exec("DELETE FROM verdicts WHERE pack = ?", pack); err != nil {
			return err
		}
		rows := make([]verdict, len(v))
		for i := range v {
			rows[i] = verdict{id, v[i]}
			rows[i].Pack = pack
		}
		if err := putNew(t, &verdicts, rows); err != nil {
			return err
		}
		if err := t.styleGrades(v); err != nil {
			return err
		}
		return t.setMeta("last_pack", pack)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// Verdicts implements workspace.Store; by parcel, empty when the pack never ran.
func (s *Store) Verdicts(ctx context.Context, pack string) (out []plottage.Verdict, err error) {
	tail := "WHERE pack = ? ORDER BY parcel"
	if pack == "" {
		tail = "WHERE pack = (SELECT value FROM meta WHERE key = 'last_pack') AND ? = '' ORDER BY parcel"
	}
	err = s.read(ctx, func(c *sql.Conn) error {
		rows, err := load(ctx, s, c, &verdicts, tail, pack)
		if err != nil {
			return err
		}
		out = make([]plottage.Verdict, len(rows))
		for i := range rows {
			out[i] = rows[i].Verdict
		}
		return nil
	})
	return out, err
}

// SaveClustering implements workspace.Store.
func (s *Store) SaveClustering(ctx context.Context, actor string, r plottage.Run, cl workspace.Clustering) (id int64, err error) {
	c := &change{actor: actor, verb: r.Verb, base: anyVersion, detail: map[string]any{
		"rule": cl.Rule, "clusters": len(cl.Clusters), "links": len(cl.Links)}}
	err = s.change(ctx, c, func(t *tx) error {
		if id, err = t.saveRun(r); err != nil {
			return err
		}
		c.object = "run " + strconv.FormatInt(id, 10)
		return t.saveClustering(id, cl)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

func (t *tx) saveClustering(run int64, cl workspace.Clustering) error {
	rule, err := marshal(cl.Rule)
	if err != nil {
		return refused("clusters", 0, "rule", &cellError{"rule", "", err})
	}
	if err := t.setMeta("clustering_rule", rule); err != nil {
		return err
	}
	if err := t.setMeta("clustering_run", strconv.FormatInt(run, 10)); err != nil {
		return err
	}
	for _, table := range []string{"clusters", "cluster_parcels", "links"} {
		if err := t.exec("DELETE FROM " + table); err != nil {
			return err
		}
	}
	var heads []cluster
	var all []member
	for _, c := range cl.Clusters {
		heads = append(heads, cluster{c.ID, len(c.Parcels), c.AreaM2})
		for _, p := range c.Parcels {
			all = append(all, member{c.ID, p})
		}
	}
	if err := putNew(t, &clusters, heads); err != nil {
		return err
	}
	if err := putNew(t, &members, all); err != nil {
		return err
	}
	return t.saveLinks(cl.Links)
}

func (t *tx) saveLinks(list []plottage.Link) error {
	middle, err := t.middles(list)
	if err != nil {
		return err
	}
	rows := make([]link, len(list))
	for i, l := range list {
		rows[i].Link = l
		a, okA := middle[l.A]
		b, okB := middle[l.B]
		if okA && okB {
			rows[i].line = orb.LineString{a, b}
		}
	}
	return putNew(t, &links, rows)
}

// middles gives the centroids of the parcels that links join, to draw the lines.
func (t *tx) middles(list []plottage.Link) (map[string]orb.Point, error) {
	middle := map[string]orb.Point{}
	for _, l := range list {
		middle[l.A], middle[l.B] = orb.Point{}, orb.Point{}
	}
	if len(middle) == 0 {
		return middle, nil
	}
	rows, err := t.conn.QueryContext(t.ctx, "SELECT id, geom FROM parcels WHERE geom NOTNULL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]orb.Point{}
	for rows.Next() {
		var id sql.RawBytes
		var blob sql.RawBytes
		if err := rows.Scan(&id, &blob); err != nil {
			return nil, err
		}
		if _, wanted := middle[string(id)]; !wanted {
			continue
		}
		if h, err := parseHeader(blob); err == nil {
			if m, err := multiPolygon(h.wkb); err == nil && len(m) > 0 {
				found[string(id)], _ = planar.CentroidArea(m)
			}
		}
	}
	return found, rows.Err()
}

// Clustering implements workspace.Store.
func (s *Store) Clustering(ctx context.Context) (cl workspace.Clustering, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		kv, err := metaValues(ctx, c)
		if err != nil {
			return err
		}
		if kv["clustering_run"] == "" {
			return failure(plottage.NotFound, "city_no_clusters", nil)
		}
		cl.Run, _ = strconv.ParseInt(kv["clustering_run"], 10, 64)
		if err := json.Unmarshal([]byte(kv["clustering_rule"]), &cl.Rule); err != nil {
			return s.spoilt("meta", "clustering_rule", err)
		}
		if cl.Links, err = readLinks(ctx, s, c); err != nil {
			return err
		}
		cl.Clusters, err = readClusters(ctx, s, c)
		return err
	})
	return cl, err
}

func readLinks(ctx context.Context, s *Store, c *sql.Conn) ([]plottage.Link, error) {
	rows, err := some(ctx, s, c, &links, "ORDER BY a, b")
	out := make([]plottage.Link, len(rows))
	for i := range rows {
		out[i] = rows[i].Link
	}
	return out, err
}

func readClusters(ctx context.Context, s *Store, c *sql.Conn) ([]plottage.Cluster, error) {
	heads, err := some(ctx, s, c, &clusters, "ORDER BY id")
	if err != nil {
		return nil, err
	}
	out := make([]plottage.Cluster, len(heads))
	at := map[int]int{}
	for i, h := range heads {
		out[i] = plottage.Cluster{ID: h.id, AreaM2: h.areaM2, Parcels: make([]string, 0, h.members)}
		at[h.id] = i
	}
	all, err := some(ctx, s, c, &members, "ORDER BY parcel")
	for _, m := range all {
		if i, ok := at[m.cluster]; ok {
			out[i].Parcels = append(out[i].Parcels, m.parcel)
		}
	}
	return out, err
}
