package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program starts the test binary as plottage, in another process.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PLOTTAGE_TEST_PROGRAM=1")
	return cmd
}

// An officer solves in a terminal while the map is open: the plan appears on the map,
// other commands that look work beside a writer, and the city is one whole file after.
func TestPlansAppearOnTheMapWhileItIsServed(t *testing.T) {
	dir := filepath.Dir(landCity(t))
	serve := program(t, dir, "serve", "city.gpkg", "--port", "0", "--json")
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		serve.Process.Signal(os.Interrupt)
		serve.Wait()
	}()
	var ready struct{ URL string }
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&ready); err != nil || ready.URL == "" {
		t.Fatalf("serve says no address: %v", err)
	}
	if n := plansOn(t, ready.URL); n != 0 {
		t.Fatalf("%d plans before the first", n)
	}
	for _, args := range []string{
		"land grade city.gpkg --pack assessed-value",
		"land clusters city.gpkg --gap 12 --across lane",
		"renewal solve city.gpkg --years 2027-2028 --min-mu 10 --budget none --demolition none --relocation none --time 5s",
		"renewal check city.gpkg",
		"renewal show city.gpkg",
		"export city.gpkg --to plan.geojson",
		"renewal replay city.gpkg 3",
	} {
		if b, err := program(t, dir, strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("plottage %s while the city is served: %v\n%s", args, err, b)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "city.gpkg-*")); len(left) > 0 {
			t.Errorf("plottage %s left %v", args, left)
		}
	}
	for range 200 { // the map asks every other second
		if plansOn(t, ready.URL) == 1 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the plan never appeared on the map")
}

func plansOn(t *testing.T, url string) int {
	t.Helper()
	resp, err := http.Get(url + "/api/city")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var city struct{ Counts struct{ Plans int } }
	if err := json.NewDecoder(resp.Body).Decode(&city); err != nil {
		t.Fatal(err)
	}
	return city.Counts.Plans
}

// While one process writes, those that look go on; a second writer is told who writes.
func TestLookingBesideAWriter(t *testing.T) {
	path := landCity(t)
	dir := filepath.Dir(path)
	writer, err := (&app{now: time.Now}).open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	for args, want := range map[string]string{
		"log city.gpkg":                     "import",
		"runs city.gpkg":                    "Nothing was computed",
		"land packs --city city.gpkg":       "order53",
		"export city.gpkg --to all.geojson": "all.geojson",
	} {
		b, err := program(t, dir, append(strings.Fields(args), "--lang", "en")...).CombinedOutput()
		if err != nil || !bytes.Contains(b, []byte(want)) {
			t.Errorf("plottage %s beside a writer: %v\n%s", args, err, b)
		}
	}
	b, err := program(t, dir, "land", "grade", "city.gpkg", "--pack", "assessed-value", "--lang", "en").CombinedOutput()
	if err == nil || !bytes.Contains(b, []byte("process ")) {
		t.Errorf("a second writer: %v\n%s", err, b)
	}
}
