package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"
)

// server is a PostgreSQL server of our own: a folder, a port on loopback, gone when
// stopped. PostgreSQL refuses to run as root, so root starts it as user postgres.
type server struct {
	bin, dir, port string
	asPostgres     bool
}

// measurePostGIS unites the parcels by block in PostGIS and returns what goes into
// the summary; without a PostgreSQL on this machine it says so and returns nothing.
func measurePostGIS(c city) string {
	s, err := startServer()
	if err != nil {
		fmt.Printf("postgis\tnot measured: %v\n", err)
		return ""
	}
	defer s.stop()
	var answer string
	load, _ := step("postgis load", func() string { return s.try(func() error { return s.load(c) }) })
	union, _ := step("postgis union", func() string {
		return s.try(func() error {
			_, err := s.sql("CREATE TABLE blocks AS SELECT block, ST_Union(g) AS g FROM parcels GROUP BY block", nil)
			return err
		})
	})
	step("postgis count", func() string {
		return s.try(func() (err error) {
			answer, err = s.sql("SELECT sum(ST_NumGeometries(g)), sum(ST_NRings(g) - ST_NumGeometries(g)), postgis_lib_version() FROM blocks", nil)
			return err
		}) + answer
	})
	f := strings.Split(answer, "|")
	if len(f) != 3 {
		return ""
	}
	return fmt.Sprintf("\tpostgis=%s\tpostgis_load_s=%.3f\tpostgis_union_s=%.3f\tpostgis_blocks=%s\tpostgis_holes=%s", f[2], load, union, f[0], f[1])
}

// try runs f and gives the error in words.
func (s *server) try(f func() error) string {
	if err := f(); err != nil {
		return "failed: " + err.Error()
	}
	return ""
}

// startServer makes a cluster in a temporary folder and starts it.
func startServer() (*server, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, errors.New("no initdb under /usr/lib/postgresql")
	}
	s := &server{bin: filepath.Dir(found[len(found)-1]), asPostgres: os.Geteuid() == 0}
	if s.dir, err = os.MkdirTemp("", "plottage-postgis-"); err != nil {
		return nil, err
	}
	if s.asPostgres {
		if err := giveToPostgres(s.dir); err != nil {
			s.remove()
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.remove()
		return nil, err
	}
	s.port = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	if err := l.Close(); err != nil {
		s.remove()
		return nil, err
	}
	data := filepath.Join(s.dir, "data")
	start := fmt.Sprintf("-c listen_addresses=127.0.0.1 -c fsync=off -p %s -k %s", s.port, s.dir)
	for _, args := range [][]string{
		{"initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"},
		{"pg_ctl", "-D", data, "-w", "-l", filepath.Join(s.dir, "log"), "-o", start, "start"},
	} {
		if out, err := s.command(args[0], args[1:]...).CombinedOutput(); err != nil {
			s.stop()
			return nil, fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
	}
	if _, err := s.sql("CREATE EXTENSION postgis; CREATE TABLE parcels (block int, g geometry)", nil); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func giveToPostgres(dir string) error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// command is a program of PostgreSQL, run as postgres where we are root.
func (s *server) command(name string, args ...string) *exec.Cmd {
	path := filepath.Join(s.bin, name)
	if !s.asPostgres {
		return exec.Command(path, args...)
	}
	quoted := []string{path}
	for _, a := range args {
		quoted = append(quoted, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
	}
	return exec.Command("su", "postgres", "-s", "/bin/sh", "-c", strings.Join(quoted, " "))
}

// sql runs statements with in on standard input and returns the rows.
func (s *server) sql(statements string, in io.Reader) (string, error) {
	cmd := exec.Command("psql", "-h", "127.0.0.1", "-p", s.port, "-U", "postgres", "-X", "-q", "-A", "-t",
		"-v", "ON_ERROR_STOP=1", "-c", statements)
	cmd.Stdin = in
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("psql: %w: %s", err, problems.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// load copies the parcels over as WKB.
func (s *server) load(c city) error {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		for i, mp := range c.parcels {
			data, err := wkb.Marshal(mp)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			fmt.Fprintf(b, "%d\t%s\n", c.block[i], hex.EncodeToString(data))
		}
		w.CloseWithError(b.Flush())
	}()
	_, err := s.sql("COPY parcels FROM STDIN", r)
	r.Close()
	return err
}

func (s *server) stop() {
	out, err := s.command("pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "-w", "stop").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "stop postgres: %v: %s", err, out)
	}
	s.remove()
}

func (s *server) remove() {
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
