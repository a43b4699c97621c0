package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// solve has the server under test search for a plan, as a planner's click does, and
// returns a function that ends the search and says what became of it.
func solve(ctx context.Context, base string, length time.Duration) (end func() string, err error) {
	var all struct {
		Possible bool
		Form     map[string]any
	}
	if err := fetch(ctx, base+"/api/solves", &all); err != nil {
		return nil, err
	}
	if !all.Possible {
		return nil, fmt.Errorf("the server only shows the city")
	}
	all.Form["seconds"] = min(3600, max(1, length.Seconds()))
	var one struct{ ID int64 }
	if err := post(ctx, base+"/api/solves", all.Form, &one); err != nil {
		return nil, err
	}
	return func() string {
		address := fmt.Sprintf("%s/api/solves/%d", base, one.ID)
		var now struct{ State string }
		if err := fetch(ctx, address, &now); err != nil {
			return err.Error()
		}
		_ = post(ctx, address+"/stop", struct{}{}, &struct{}{})
		return now.State
	}, nil
}

func post(ctx context.Context, address string, body, answer any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, w.Status)
	}
	return json.NewDecoder(w.Body).Decode(answer)
}
