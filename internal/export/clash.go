package export

import (
	"encoding/json"
	"fmt"
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

// clashWords names the rules that no plan keeps together.
func (s *Snapshot) clashWords(all []renewal.Clash) string {
	return strings.Join(s.Speaker().Clashes(all, false), " ")
}

// Speaker tells of the snapshot in its language.
func (s *Snapshot) Speaker() aloud.Speaker { return aloud.Speaker{Style: s.figures, Town: s.townName} }

// rowWords names a row of the problem: "money:2027", "relocation:<=2030", "power:T1:2028".
func (s *Snapshot) rowWords(row string) string {
	parts := strings.Split(row, ":")
	when := parts[len(parts)-1]
	if year, ok := strings.CutPrefix(when, "<="); ok {
		when = s.t("renewal.row.up_to", "year", year)
	}
	town := ""
	if parts[0] == "floor" {
		if class := s.classWords(parts[1:]); class != "" {
			return s.t("renewal.row.floor", "class", class)
		}
		return s.t("renewal.row.floor_any")
	}
	if len(parts) > 1 {
		town = s.townName(parts[1])
	}
	return s.t("renewal.row."+parts[0], "town", town, "when", when)
}

// classWords puts town, stage and grade in words, those that are stated.
func (s *Snapshot) classWords(parts []string) string {
	var words []string
	for i, part := range parts {
		switch {
		case part == "":
		case i == 0:
			words = append(words, s.townName(part))
		case part == "idle":
			words = append(words, s.t("land.queue.idle"))
		case i == 1:
			words = append(words, s.t("land.stage."+part))
		default:
			words = append(words, s.t("renewal.grade", "grade", part))
		}
	}
	return strings.Join(words, " · ")
}

func (s *Snapshot) rowAmount(row string, v int64) string {
	kind, _, _ := strings.Cut(row, ":")
	switch kind {
	case "money", "fund":
		return s.figures.Money(float64(v))
	case "relocation":
		return s.t("renewal.amount.workers", "n", s.figures.Count(int(v)))
	case "power":
		return fmt.Sprintf("%.1f MW", float64(v)/1_000)
	case "town", "floor", "change":
		return s.figures.Area(float64(v))
	}
	return s.figures.Floor(float64(v))
}
