package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/bench/postgis"
	"github.com/plottage/plottage/internal/gpkg"
)

// peer is tegola beside a PostGIS with the parcels of the city.
type peer struct {
	cmd *exec.Cmd
	db  *postgis.Server
	url string // of its tiles
}

// startPeer loads the city's parcels with their grades into a PostGIS of its own, in
// web Mercator and indexed, and starts tegola on them with a file cache.
func startPeer(ctx context.Context, program, city, dir string) (*peer, error) {
	db, err := postgis.Start()
	if err != nil {
		return nil, err
	}
	p := &peer{db: db}
	if err := p.load(ctx, city); err != nil {
		p.stop()
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.stop()
		return nil, err
	}
	address := ln.Addr().String()
	ln.Close()
	config := filepath.Join(dir, "tegola.toml")
	if err := os.WriteFile(config, fmt.Appendf(nil, tegolaConfig, address, filepath.Join(dir, "tegola-cache"), db.Port), 0o600); err != nil {
		p.stop()
		return nil, err
	}
	p.cmd = exec.CommandContext(ctx, program, "serve", "--config", config, "--log-level", "ERROR")
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		p.cmd = nil
		p.stop()
		return nil, err
	}
	p.url = "http://" + address + "/maps/city/{z}/{x}/{y}.pbf"
	if err := p.await(ctx, "http://"+address+"/capabilities"); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

const tegolaConfig = `
[webserver]
port = "%s"
[cache]
type = "file"
basepath = "%s"
[[providers]]
name = "city"
type = "mvt_postgis"
uri = "postgres://postgres@127.0.0.1:%s/postgres?sslmode=disable"
srid = 3857
[[providers.layers]]
name = "parcels"
geometry_fieldname = "geom"
geometry_type = "multipolygon"
id_fieldname = "gid"
srid = 3857
sql = "SELECT ST_AsMVTGeom(geom, !BBOX!) AS geom, gid, id, grade, queue, candidate FROM parcels WHERE geom && !BBOX!"
[[maps]]
name = "city"
[[maps.layers]]
provider_layer = "city.parcels"
min_zoom = 0
max_zoom = 20
`

func (p *peer) await(ctx context.Context, address string) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		if w, err := http.DefaultClient.Do(r); err == nil {
			w.Body.Close()
			if w.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("%s does not answer", address)
}

func (p *peer) load(ctx context.Context, path string) error {
	store, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	meta, err := store.Meta(ctx)
	if err != nil {
		return err
	}
	parcels, err := store.Parcels(ctx)
	if err != nil {
		return err
	}
	verdicts, err := store.Verdicts(ctx, "")
	if err != nil {
		return err
	}
	graded := map[string]plottage.Verdict{}
	for _, v := range verdicts {
		graded[v.Parcel] = v
	}
	if _, err := p.db.SQL("CREATE TABLE raw (id text, grade text, queue text, candidate bool, g geometry)", nil); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		for _, x := range parcels {
			data, err := wkb.Marshal(x.Geometry)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			v := graded[x.ID]
			fmt.Fprintf(b, "%s\t%s\t%s\t%t\t%s\n", x.ID, v.Grade, v.Queue, v.Candidate, hex.EncodeToString(data))
		}
		w.CloseWithError(b.Flush())
	}()
	_, err = p.db.SQL("COPY raw FROM STDIN", r)
	r.Close()
	if err != nil {
		return err
	}
	for _, statement := range []string{
		fmt.Sprintf("CREATE TABLE parcels AS SELECT row_number() OVER () AS gid, id, grade, queue, candidate, ST_Transform(ST_SetSRID(g, %d), 3857)::geometry(MultiPolygon, 3857) AS geom FROM raw", meta.EPSG),
		"CREATE INDEX ON parcels USING gist (geom)", "VACUUM ANALYZE parcels",
	} {
		if _, err := p.db.SQL(statement, nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *peer) stop() {
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(os.Interrupt)
		_ = p.cmd.Wait()
	}
	p.db.Stop()
}

// beside drives the same tiles through the server and through the peer, one after the
// other, twice: cold, then with whatever each has kept.
func beside(ctx context.Context, o options, m *mix, srv *process) error {
	o.api = 0
	p, err := startPeer(ctx, o.peer, o.city, o.dir)
	if err != nil {
		return err
	}
	defer p.stop()
	fmt.Println("tiles\tof\trequests\terrors\tmb\tp50_ms\tp90_ms\tp99_ms\tmax_ms")
	var p99 [2][2]float64
	for round, name := range []string{"cold", "warm"} {
		for which, template := range []string{m.tileURL, p.url} {
			again := *m
			again.tileURL, again.r = template, newRand(o.seed)
			r := drive(ctx, o, &again, srv)
			k := r.together("tile")
			p99[round][which] = k.at(0.99)
			fmt.Printf("%s\t%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", name, []string{"plottage", "tegola"}[which], len(k.ms), k.errors, float64(k.bytes)/(1<<20), k.at(0.5), k.at(0.9), k.at(0.99), k.at(1))
		}
	}
	fmt.Println(strings.Join([]string{"summary", "peer=tegola",
		fmt.Sprintf("cold_p99_ratio=%.2f", p99[0][1]/p99[0][0]), fmt.Sprintf("warm_p99_ratio=%.2f", p99[1][1]/p99[1][0]),
		fmt.Sprintf("tiles_s=%d", o.tiles)}, "\t"))
	return nil
}
