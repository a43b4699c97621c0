package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

// served is a server on a real socket, as `plottage serve` starts it.
func served(t *testing.T, opts server.Options, city server.City) (url string) {
	t.Helper()
	s := open(t, city, opts)
	ln, err := server.Listen(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(t.Context(), ln)
	return "http://" + ln.Addr().String()
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	w, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(b)
}

// Five hundred pages that watch one solve all see its end, others are answered
// meanwhile, and nothing stays behind. Half of them hang up early.
func TestManyWatchersOfOneSolve(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New(), Step: 300 * time.Millisecond}
	url := served(t, server.Options{Desk: desk}, desk.Store)
	var form server.Solves
	_, body := get(t, url+"/api/solves?plan=3")
	if err := json.Unmarshal([]byte(body), &form); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(form.Form)
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.Post(url+"/api/solves", "application/json", strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	var solve server.SolveInfo
	if err := json.NewDecoder(w.Body).Decode(&solve); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	var ended atomic.Int32
	var watching sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{}}
	for n := range 500 {
		watching.Go(func() {
			w, err := client.Get(fmt.Sprintf("%s/api/solves/%d/events", url, solve.ID))
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Body.Close()
			for lines := bufio.NewScanner(w.Body); lines.Scan(); {
				if n%2 == 1 {
					return // a page that was closed
				}
				if strings.Contains(lines.Text(), `"state":"done"`) {
					ended.Add(1)
				}
			}
		})
	}
	if status, _ := get(t, url+"/tiles/13/6828/3397.mvt?plan=3"); status != http.StatusOK {
		t.Errorf("a tile meanwhile: %d", status)
	}
	watching.Wait()
	if n := ended.Load(); n != 250 {
		t.Errorf("%d of 250 watchers saw the end", n)
	}
	client.CloseIdleConnections()
	for end := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before+50; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d stay", before, runtime.NumGoroutine())
		}
	}
}

// Clients that send half a request, or ask and never read, hold up nobody else.
func TestSlowClientsHoldUpNobody(t *testing.T) {
	url := served(t, server.Options{}, madeup.New())
	address := strings.TrimPrefix(url, "http://")
	for n := range 200 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		ask := "GET /api/summary HTTP/1.1\r\nHost: local" // and no more
		if n%2 == 0 {
			ask = strings.Repeat("GET /ogc/collections/parcels/items?limit=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n", 20) // never read
		}
		if _, err := c.Write([]byte(ask)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/api/city", "/tiles/13/6828/3397.mvt?plan=3", "/ogc/collections/parcels/items?limit=5"} {
		if status, _ := get(t, url+path); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// A box over the whole world is a page as any other, and a body beyond the limit is
// refused with words.
func TestTooMuchIsAskedFor(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	url := served(t, server.Options{Desk: desk}, desk.Store)
	status, body := get(t, url+"/ogc/collections/parcels/items?bbox=-180,-90,180,90&limit=99999999999999999999")
	if status != http.StatusOK || strings.Count(body, `"type":"Feature"`) != len(desk.Land) {
		t.Errorf("the whole world: %d with %d features of %d", status, strings.Count(body, `"type":"Feature"`), len(desk.Land))
	}
	long := `{"parcels":["` + strings.Repeat("x", 5<<20) + `"],"plan":0}`
	w, err := http.Post(url+"/api/totals", "application/json", strings.NewReader(long))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 5 MB: %d", w.StatusCode)
	}
}
