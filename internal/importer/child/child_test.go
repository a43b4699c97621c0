package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// TestMain makes this binary the child of its own tests: the request's path says how
// the child misbehaves.
func TestMain(m *testing.M) {
	Main(misbehave)
	os.Exit(m.Run())
}

func misbehave(ctx context.Context, q Request, sink layer.Sink) error {
	switch q.Path {
	case "well":
		if err := sink.Layer(&layer.Layer{Name: "a", Columns: []layer.Column{{Name: "x"}}}); err != nil {
			return err
		}
		for i := range 3 {
			if err := sink.Row(&layer.Row{N: i + 1, Geometry: orb.Point{1, 2}, Values: []any{int64(i)}}); err != nil {
				return err
			}
		}
		return nil
	case "hang":
		for { // an empty select would be found out as a deadlock
			time.Sleep(time.Second)
		}
	case "eat":
		var kept [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := range b {
				b[i] = 1
			}
			kept = append(kept, b)
			_ = kept
		}
	case "panic":
		var m map[string]int
		m["x"] = 1
	case "exit":
		os.Exit(7)
	case "babble":
		fmt.Println("this is not the protocol")
		return nil
	case "flood":
		if err := sink.Layer(&layer.Layer{Name: "a"}); err != nil {
			return err
		}
		for {
			if err := sink.Row(&layer.Row{N: 1}); err != nil {
				return err
			}
		}
	case "refuse":
		return &plottage.Error{Code: plottage.BadInput, Key: "some_key", Args: map[string]any{"a": "b"}, Err: errors.New("why")}
	}
	return nil
}

// collect keeps what a child sends.
type collect struct {
	layers []*layer.Layer
	rows   []*layer.Row
	issues []layer.Issue
}

func (c *collect) Layer(l *layer.Layer) error { c.layers = append(c.layers, l); return nil }
func (c *collect) Issue(i layer.Issue) error  { c.issues = append(c.issues, i); return nil }
func (c *collect) Row(r Raw) error {
	row, err := r.Row()
	c.rows = append(c.rows, row)
	return err
}

func run(t *testing.T, how string, b Budget) (*collect, Usage, error) {
	t.Helper()
	c := &collect{}
	u, err := Run(context.Background(), Request{Path: how, Temp: t.TempDir()}, b, c)
	return c, u, err
}

func TestAChildThatBehavesIsHeard(t *testing.T) {
	c, u, err := run(t, "well", Budget{Time: time.Minute, Memory: 512 << 20})
	if err != nil || len(c.rows) != 3 || len(c.layers) != 1 {
		t.Fatalf("got %d rows, %d layers, %v", len(c.rows), len(c.layers), err)
	}
	if c.rows[2].Values[0] != int64(2) || c.rows[2].Geometry != (orb.Point{1, 2}) {
		t.Errorf("got row %+v", c.rows[2])
	}
	if u.Killed != "" {
		t.Errorf("killed: %s", u.Killed)
	}
}

func TestAChildThatMisbehavesEndsInWords(t *testing.T) {
	for _, c := range []struct {
		how  string
		code plottage.Code
		key  string
	}{
		{"hang", plottage.Limit, "import_time"},
		{"eat", plottage.Limit, "import_memory"},
		{"panic", plottage.BadInput, "import_crashed"},
		{"exit", plottage.BadInput, "import_crashed"},
		{"flood", plottage.Limit, "import_too_much"},
		{"refuse", plottage.BadInput, "some_key"},
	} {
		b := Budget{Time: time.Minute, Memory: 200 << 20, Bounds: Bounds{Rows: 10_000}}
		if c.how == "hang" {
			b.Time = 300 * time.Millisecond
		}
		_, _, err := run(t, c.how, b)
		var e *plottage.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Key != c.key {
			// A child that eats memory may be stopped by the kernel before we see it.
			if c.how == "eat" && errors.As(err, &e) && e.Key == "import_crashed" {
				continue
			}
			t.Errorf("%s: got %v, want %s %s", c.how, err, c.code, c.key)
		}
	}
}

func TestACancelledImportStopsItsChild(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err := Run(ctx, Request{Path: "hang"}, Budget{Time: time.Hour, Memory: 1 << 30}, &collect{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestRowsTravelUnchanged(t *testing.T) {
	for _, want := range []*layer.Row{
		{N: 1, Values: []any{}},
		{N: 2, Values: []any{nil, "地块", 1.5, int64(-7), true, false, plottage.Date("2026-11-23")}},
		{N: 3, Geometry: orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, WKB: []byte{9, 9}, Values: []any{""}},
	} {
		b, err := AppendRow(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Raw(b).Row()
		if err != nil {
			t.Fatal(err)
		}
		if len(want.WKB) == 0 {
			got.WKB = nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	w := newWriter(&b)
	_ = w.Layer(&layer.Layer{Name: "a", Columns: []layer.Column{{Name: "x"}}})
	_ = w.Row(&layer.Row{N: 1, Geometry: orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, Values: []any{"a", 1.0, int64(2), true, plottage.Date("2020-01-01")}})
	_ = w.Issue(layer.Issue{Severity: layer.Noted, Key: "k"})
	_ = w.json(frameDone, summary{Rows: 1})
	_ = w.w.Flush()
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte(magic + "L\x02{}R\xff\xff\xff\xff\x0f"))
	f.Add([]byte(magic + "E\x02{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = Decode(bytes.NewReader(b), Bounds{Rows: 1000, Bytes: 1 << 20}, &collect{})
	})
}
