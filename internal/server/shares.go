package server

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"sync"
	"time"
)

// shares are the links to look that this run of the program has given out. Only hashes
// of their tokens are kept, and they end with the program.
type shares struct {
	mu   sync.Mutex
	last int64
	list []share
}

type share struct {
	info ShareInfo
	hash [sha256.Size]byte
}

// ShareInfo is one link to look.
type ShareInfo struct {
	ID     int64  `json:"id"`
	Note   string `json:"note"`
	Made   string `json:"made"`
	Opened int    `json:"opened" doc:"how often its page was opened"`
	Plan   int64  `json:"plan" doc:"the plan it shows; 0: all of them"`
	Versus int64  `json:"vs" doc:"the plan it shows beside that; 0: none"`
}

// NewShare is a link just made; its path is told this once.
type NewShare struct {
	ShareInfo
	Path string `json:"path" doc:"of the page, on this server"`
}

// mostShares is how many links there are at a time.
const mostShares = 50

// add makes a link with a token of 160 random bits.
func (s *shares) add(ask ShareAsk, now time.Time) (NewShare, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) >= mostShares {
		return NewShare{}, newProblem(http.StatusConflict, "share_full", map[string]any{"most": mostShares})
	}
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	token := base64.RawURLEncoding.EncodeToString(b[:])
	s.last++
	info := ShareInfo{ID: s.last, Note: ask.Note, Made: now.UTC().Format(time.RFC3339), Plan: ask.Plan, Versus: ask.Versus}
	s.list = append(s.list, share{info, sha256.Sum256([]byte(token))})
	return NewShare{info, "/s/" + token + "/"}, nil
}

// admits reports whether a token is good and which plans it shows, all when none is
// named, and counts openings of the page. Hashes are compared, so that the time it takes
// tells nothing of a token.
func (s *shares) admits(token string, opened bool) (plans []int64, ok bool) {
	h := sha256.Sum256([]byte(token))
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(one share) bool { return one.hash == h })
	if i >= 0 && opened {
		s.list[i].info.Opened++
	}
	if i < 0 {
		return nil, false
	}
	for _, id := range []int64{s.list[i].info.Plan, s.list[i].info.Versus} {
		if id != 0 {
			plans = append(plans, id)
		}
	}
	return plans, true
}

func (s *shares) infos() []ShareInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []ShareInfo{}
	for _, one := range slices.Backward(s.list) {
		out = append(out, one.info)
	}
	return out
}

func (s *shares) revoke(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.list)
	s.list = slices.DeleteFunc(s.list, func(one share) bool { return one.info.ID == id })
	return len(s.list) < before
}
