// Package postgis starts a PostGIS of its own for a benchmark to be measured against.
package postgis

import (
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
)

// Server is a PostgreSQL server of our own: a folder, a port on loopback, gone when
// stopped. PostgreSQL refuses to run as root, so root starts it as user postgres.
type Server struct {
	Port       string
	bin, dir   string
	asPostgres bool
}

// Start makes a cluster in a temporary folder and starts it.
func Start() (*Server, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, errors.New("no initdb under /usr/lib/postgresql")
	}
	s := &Server{bin: filepath.Dir(found[len(found)-1]), asPostgres: os.Geteuid() == 0}
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
	s.Port = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	if err := l.Close(); err != nil {
		s.remove()
		return nil, err
	}
	data := filepath.Join(s.dir, "data")
	start := fmt.Sprintf("-c listen_addresses=127.0.0.1 -c fsync=off -p %s -k %s", s.Port, s.dir)
	for _, args := range [][]string{
		{"initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"},
		{"pg_ctl", "-D", data, "-w", "-l", filepath.Join(s.dir, "log"), "-o", start, "start"},
	} {
		if out, err := s.command(args[0], args[1:]...).CombinedOutput(); err != nil {
			s.Stop()
			return nil, fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
	}
	if _, err := s.SQL("CREATE EXTENSION postgis", nil); err != nil {
		s.Stop()
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
func (s *Server) command(name string, args ...string) *exec.Cmd {
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

// SQL runs statements with in on standard input and returns the rows.
func (s *Server) SQL(statements string, in io.Reader) (string, error) {
	cmd := exec.Command("psql", "-h", "127.0.0.1", "-p", s.Port, "-U", "postgres", "-X", "-q", "-A", "-t",
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

// Stop ends the server and removes its folder.
func (s *Server) Stop() {
	out, err := s.command("pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "-w", "stop").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "stop postgres: %v: %s", err, out)
	}
	s.remove()
}

func (s *Server) remove() {
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
