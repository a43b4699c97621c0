package export

import (
	"encoding/json"
	"strings"

	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/renewal"
)

// reasonWords says why no plan keeps all rules. The run keeps the clashes; a plan may carry
// them as JSON itself, and another program's plan may say it in its own words.
func (s *Snapshot) reasonWords() string {
	n := s.noPlan()
	if len(n.Clashes) == 0 && json.Unmarshal([]byte(s.Plan.Reason), &n.Clashes) != nil {
		return s.Plan.Reason
	}
	return strings.Join(s.Speaker().NoPlan(n, false), " ")
}

// noPlan is what the run keeps of why there is no plan; empty where there is one.
func (s *Snapshot) noPlan() (n renewal.NoPlan) {
	if s.Run != nil && len(s.Run.Result) > 0 {
		_ = json.Unmarshal(s.Run.Result, &n) // another program's: no clashes
	}
	return n
}

// Speaker tells of the snapshot in its language.
func (s *Snapshot) Speaker() aloud.Speaker { return aloud.Speaker{Style: s.figures, Town: s.townName} }
