package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/workspace"
)

// ask sends a request and reads the answer into to.
func ask(t *testing.T, method, url string, body, to any) int {
	t.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(to); err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return resp.StatusCode
}

// A planner asks for a study on the map: it is made in the background, tells how far
// it is, and its answer and plans are kept; the newest plan stays what it was.
func TestStudiesAreMadeWhileTheCityIsServed(t *testing.T) {
	dir := filepath.Dir(landCity(t))
	for _, args := range []string{
		"land grade city.gpkg --pack assessed-value",
		"land clusters city.gpkg --gap 12 --across lane",
		"renewal solve city.gpkg --years 2027-2028 --min-mu 10 --budget none --demolition none --relocation none --time 5s",
	} {
		if b, err := program(t, dir, strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("plottage %s: %v\n%s", args, err, b)
		}
	}
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
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&ready); err != nil {
		t.Fatal(err)
	}
	// Stopped before there is any plan, a solve says that it was stopped, not that something broke.
	var solve server.SolveInfo
	ask(t, "POST", ready.URL+"/api/solves", server.SolveForm{From: 1, Years: "2027-2028", Budget: "none", Demolition: "none", Relocation: "none", MaxMu: 100, Modes: []string{"clear"}, Decant: "auto", Seconds: 60}, &solve)
	ask(t, "POST", fmt.Sprintf("%s/api/solves/%d/stop", ready.URL, solve.ID), nil, &solve)
	for solve.State == "waiting" || solve.State == "running" {
		time.Sleep(50 * time.Millisecond)
		ask(t, "GET", fmt.Sprintf("%s/api/solves/%d", ready.URL, solve.ID), nil, &solve)
	}
	if solve.State == "failed" && solve.Problem.Key != "serve_solve_stopped" || solve.ID == 0 {
		t.Errorf("stopped at once: %+v %+v", solve, solve.Problem)
	}
	form := server.StudyForm{Kind: "frontier", Seconds: 60, Frontier: &server.FrontierForm{Of: "money", Steps: 3}}
	var info server.StudyInfo
	if code := ask(t, "POST", ready.URL+"/api/studies", form, &info); code != 200 || info.ID == 0 {
		t.Fatalf("got %d %+v", code, info)
	}
	for info.State == "waiting" || info.State == "running" {
		time.Sleep(50 * time.Millisecond)
		ask(t, "GET", fmt.Sprintf("%s/api/studies/%d", ready.URL, info.ID), nil, &info)
	}
	if info.State != "done" || info.Run == 0 || info.Progress == nil || info.Progress.Done == 0 {
		t.Fatalf("got %+v %+v", info, info.Problem)
	}
	var f workspace.FrontierStudy
	if code := ask(t, "GET", fmt.Sprintf("%s/api/studies/kept/frontier/%d", ready.URL, info.Run), nil, &f); code != 200 || len(f.Points) < 2 {
		t.Errorf("got %d %+v", code, f)
	}
	var list server.Studies
	ask(t, "GET", ready.URL+"/api/studies", nil, &list)
	if !list.Possible || len(list.Kept) != 1 || list.Kept[0].Run != info.Run {
		t.Errorf("got %+v", list)
	}
	var plans []server.PlanHead
	ask(t, "GET", ready.URL+"/api/plans", nil, &plans)
	own := 0
	for _, p := range plans {
		if !p.Study {
			own++
		}
	}
	if own != 1 {
		t.Errorf("%d plans were asked for, want 1 of %d", own, len(plans))
	}
	if code := ask(t, "GET", fmt.Sprintf("%s/api/studies/kept/goal/%d", ready.URL, info.Run), nil, &map[string]any{}); code != 404 {
		t.Errorf("a frontier read as a goal: %d", code)
	}
	bad := server.StudyForm{Kind: "goal", Seconds: 5, Goal: &server.GoalForm{Least: "money", Reach: "nothing", Tries: 3}}
	ask(t, "POST", ready.URL+"/api/studies", bad, &info)
	for info.State == "waiting" || info.State == "running" {
		time.Sleep(50 * time.Millisecond)
		ask(t, "GET", fmt.Sprintf("%s/api/studies/%d", ready.URL, info.ID), nil, &info)
	}
	if info.State != "failed" || info.Problem == nil || info.Problem.Key != "renewal_option" {
		t.Errorf("got %+v", info)
	}
}
