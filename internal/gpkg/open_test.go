package gpkg

import (
	"bufio"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// inWords checks that err is the one of the key and has a sentence and a hint in
// both languages with nothing left unfilled.
func inWords(t *testing.T, err error, code plottage.Code, key string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", key)
	}
	e, ok := err.(*plottage.Error)
	if !ok || e.Code != code || e.Key != key {
		t.Fatalf("got %v, want %s %s", err, code, key)
	}
	args := map[string]any{"file": e.Where.File, "field": e.Where.Field, "value": e.Where.Value, "row": e.Where.Row, "detail": "…"}
	for k, v := range e.Args {
		args[k] = v
	}
	for _, lang := range locale.Langs {
		for _, part := range []string{"error.", "hint."} {
			if s := locale.T(lang, part+key, args); unfilled.MatchString(s) {
				t.Errorf("%s %s%s: %q", lang, part, key, s)
			}
		}
	}
}

var unfilled = regexp.MustCompile(`\{[a-z_]+\}|\[(error|hint)\.`)

func TestOpenSaysWhatIsWrongWithAFile(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile(wholeCity(t))
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.gpkg")
	sqlFile(t, plain, "PRAGMA application_id=1196444487", "CREATE TABLE t (x)")
	foreign := filepath.Join(dir, "foreign.db")
	sqlFile(t, foreign, "CREATE TABLE t (x)")
	newer := file("newer.gpkg", whole)
	sqlFile(t, newer, "UPDATE meta SET value = '999' WHERE key = 'format'")
	gutted := file("gutted.gpkg", whole)
	sqlFile(t, gutted, "DROP TABLE firms")
	keyless := file("keyless.gpkg", whole)
	sqlFile(t, keyless, "ALTER TABLE firms RENAME COLUMN id TO nummer")
	noFormat := file("noformat.gpkg", whole)
	sqlFile(t, noFormat, "UPDATE meta SET value = 'x' WHERE key = 'format'")
	for _, c := range []struct {
		path string
		code plottage.Code
		key  string
	}{
		{filepath.Join(dir, "none.gpkg"), plottage.NotFound, "city_missing"},
		{dir, plottage.Internal, "city_disk"},
		{file("empty.gpkg", nil), plottage.BadInput, "city_not_sqlite"},
		{file("text.gpkg", []byte(strings.Repeat("宗地代码,面积\n", 50))), plottage.BadInput, "city_not_sqlite"},
		{file("short.gpkg", whole[:60]), plottage.BadInput, "city_not_sqlite"},
		{foreign, plottage.BadInput, "city_not_gpkg"},
		{plain, plottage.BadInput, "city_not_city"},
		{noFormat, plottage.BadInput, "city_not_city"},
		{newer, plottage.BadInput, "city_newer"},
		{gutted, plottage.BadInput, "city_incomplete"},
		{keyless, plottage.BadInput, "city_incomplete"},
		{file("cut.gpkg", whole[:8192]), plottage.BadInput, "city_damaged"},
		{file("scrambled.gpkg", scramble(whole)), plottage.BadInput, "city_damaged"},
	} {
		before, _ := os.ReadFile(c.path)
		_, err := Open(ctx, c.path)
		t.Log(filepath.Base(c.path))
		inWords(t, err, c.code, c.key)
		if _, err := OpenReadOnly(ctx, c.path); plottage.CodeOf(err) != c.code {
			t.Errorf("read only: %v", err)
		}
		if after, _ := os.ReadFile(c.path); string(after) != string(before) && c.key != "city_damaged" {
			// Only the two bytes of the header that tell the journal's mode may differ.
			if len(after) != len(before) || string(after[100:200]) != string(before[100:200]) {
				t.Errorf("%s was changed by looking at it", c.path)
			}
		}
		if _, err := os.Stat(c.path + LockSuffix); err == nil {
			t.Errorf("%s: the lock was left behind", c.path)
		}
	}
}

// scramble overwrites the schema with noise and leaves the header.
func scramble(b []byte) []byte {
	b = append([]byte(nil), b...)
	for i := 100; i < 4096; i++ {
		b[i] = byte(i * 131)
	}
	return b
}

// sqlFile runs statements on a file as another program would, with the functions the
// triggers need.
func sqlFile(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open(driverName, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestCreateNeverTouchesWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "city.gpkg")
	if err := os.WriteFile(path, []byte("dear to me"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Create(context.Background(), path, workspace.Meta{}, "t", time.Now)
	inWords(t, err, plottage.Usage, "city_exists")
	if b, _ := os.ReadFile(path); string(b) != "dear to me" {
		t.Fatal("overwritten")
	}
	_, err = Create(context.Background(), filepath.Join(path, "x", "y.gpkg"), workspace.Meta{}, "t", time.Now)
	if err == nil {
		t.Fatal("made a city below a file")
	}
	_, err = Create(context.Background(), filepath.Join(t.TempDir(), "none", "y.gpkg"), workspace.Meta{}, "t", time.Now)
	inWords(t, err, plottage.NotFound, "city_no_folder")
}

func TestAFailedCreateLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := Create(context.Background(), filepath.Join(dir, "city.gpkg"), workspace.Meta{EPSG: -5}, "t", time.Now)
	inWords(t, err, plottage.BadInput, "city_crs_code")
	left, _ := os.ReadDir(dir)
	if len(left) != 0 {
		t.Fatalf("left %v", left)
	}
}

func TestAClosedCityIsOneFile(t *testing.T) {
	path := wholeCity(t)
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Fatalf("beside the city: %v %v", files, err)
	}
	b, _ := os.ReadFile(path)
	if b[18] != 1 || b[19] != 1 {
		t.Error("the file is left in write-ahead mode") // sqlite.org/fileformat2.html, offset 18
	}
}

// TestMain lets the test binary be another process that holds a city open.
func TestMain(m *testing.M) {
	if path := os.Getenv("PLOTTAGE_HOLD"); path != "" {
		s, err := Open(context.Background(), path)
		if err != nil {
			os.Exit(3)
		}
		os.Stdout.WriteString("open\n")
		bufio.NewReader(os.Stdin).ReadString('\n')
		s.Close()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestASecondWriterIsRefusedInWordsAndReadersAreNot(t *testing.T) {
	path := wholeCity(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PLOTTAGE_HOLD="+path)
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "open\n" {
		t.Fatalf("the other process: %q %v", line, err)
	}
	_, err := Open(context.Background(), path)
	inWords(t, err, plottage.Conflict, "city_in_use")
	if holder := err.(*plottage.Error).Args["holder"].(string); !strings.Contains(holder, "process ") {
		t.Errorf("the message does not say who: %q", holder)
	}
	r, err := OpenReadOnly(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if ps, err := r.Parcels(context.Background()); err != nil || len(ps) == 0 {
		t.Errorf("reading beside a writer: %v", err)
	}
	inWords(t, r.SetLocks(context.Background(), "t", 1, nil), plottage.Usage, "city_read_only")
	r.Close()
	in.Write([]byte("\n"))
	cmd.Wait()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatalf("after the other process let go: %v", err)
	}
	s.Close()
}

func TestALockOfADeadProcessIsNoLock(t *testing.T) {
	path := wholeCity(t)
	if err := os.WriteFile(path+LockSuffix, []byte("process 1 on nowhere"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestAReadOnlyFolderCanBeLookedAt(t *testing.T) {
	if os.Getuid() == 0 {
		// root may write anywhere, so take the file as that case would
		path := wholeCity(t)
		db, err := openDB(context.Background(), path, immutable, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var n int
		if err := db.QueryRow("SELECT count(*) FROM parcels").Scan(&n); err != nil || n == 0 {
			t.Fatalf("%d parcels, %v", n, err)
		}
		return
	}
	path := wholeCity(t)
	os.Chmod(filepath.Dir(path), 0o555)
	defer os.Chmod(filepath.Dir(path), 0o755)
	r, err := OpenReadOnly(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}

func TestDamageInsideIsFoundAndSaid(t *testing.T) {
	path := wholeCity(t)
	b, _ := os.ReadFile(path)
	for i := len(b) / 2; i < len(b)/2+40_000; i++ {
		b[i] ^= 0x5a
	}
	os.WriteFile(path, b, 0o644)
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		inWords(t, err, plottage.BadInput, "city_damaged")
		return
	}
	defer s.Close()
	inWords(t, Check(ctx, s), plottage.BadInput, "city_damaged")
}

func TestCheckAcceptsASoundCity(t *testing.T) {
	s, err := Open(context.Background(), wholeCity(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := Check(context.Background(), s); err != nil {
		t.Fatal(err)
	}
}

func TestTheLogOfADeadProcessIsReadByAllWhoOpen(t *testing.T) {
	ctx, path := context.Background(), wholeCity(t)
	s := reopened(t, path)
	m, _ := s.Meta(ctx)
	if err := s.EditParcel(ctx, "t", m.Version, "P000001", map[string]any{"grade": "Z"}); err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(t.TempDir(), "dead.gpkg") // what a kill leaves
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dead+end, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, open := range map[string]func(context.Context, string) (workspace.Store, error){"reading": OpenReadOnly, "writing": Open} {
		d, err := open(ctx, dead)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p, err := d.Parcel(ctx, "P000001"); err != nil || p.Grade != "Z" {
			t.Errorf("%s: the last change is not there: %q %v", name, p.Grade, err)
		}
		d.Close()
	}
}

// A map that is open in the browser reads every other second. A writer beside it
// leaves one whole file all the same, whether the reader holds a connection or not.
func TestAWriterBesideAReaderLeavesAWholeFile(t *testing.T) {
	ctx := context.Background()
	for _, stays := range []bool{false, true} {
		path := wholeCity(t)
		r, err := OpenReadOnly(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		w := reopened(t, path)
		before, _ := r.Meta(ctx)
		if stays { // as QGIS does
			conn, err := r.(*Store).r.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM parcels").Scan(new(int)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.EditParcel(ctx, "t", before.Version, "P000001", map[string]any{"grade": "Z"}); err != nil {
			t.Fatal(err)
		}
		w.Close()
		if after, err := r.Meta(ctx); err != nil || after.Version != before.Version+1 {
			t.Errorf("the reader sees version %d after %d: %v", after.Version, before.Version, err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if log, err := os.Stat(path + "-wal"); err == nil && (log.Size() > 0 || !stays) {
			t.Errorf("a log of %d bytes is left (another program stays: %v)", log.Size(), stays)
		}
		copied := filepath.Join(t.TempDir(), "copy.gpkg")
		if err := os.WriteFile(copied, b, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := OpenReadOnly(ctx, copied)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := c.Parcel(ctx, "P000001"); err != nil || p.Grade != "Z" {
			t.Errorf("the copied file lacks the change: %q %v", p.Grade, err)
		}
		c.Close()
		r.Close()
	}
}

func BenchmarkReadOnlyMeta(b *testing.B) {
	path := filepath.Join(b.TempDir(), "city.gpkg")
	s, err := Create(b.Context(), path, workspace.Meta{}, "t", time.Now)
	if err != nil {
		b.Fatal(err)
	}
	s.Close()
	r, err := OpenReadOnly(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for b.Loop() {
		if _, err := r.Meta(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
