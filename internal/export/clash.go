package export

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/plottage/plottage/renewal"
)

// reasonWords says why no plan keeps all rules. The plan keeps the clashes as JSON;
// another program's plan may say it in its own words.
func (s *Snapshot) reasonWords() string {
	var all []renewal.Clash
	if json.Unmarshal([]byte(s.Plan.Reason), &all) != nil {
		return s.Plan.Reason
	}
	return s.clashWords(all)
}

// clashWords names the rules that no plan keeps together.
func (s *Snapshot) clashWords(all []renewal.Clash) string {
	var lines []string
	for _, c := range all {
		lots := strings.Join(c.Lots[:min(len(c.Lots), 8)], s.t("export.and"))
		if len(c.Lots) > 8 {
			lots += " …"
		}
		key := "renewal.clash." + c.Row
		switch {
		case c.Row == "locks" || c.Row == "block" || c.Row == "together":
		case c.Exact:
			key = "renewal.clash.cap"
		default:
			key = "renewal.clash.cap_enough"
		}
		lines = append(lines, s.t(key, "parcels", lots, "row", s.rowWords(c.Row), "limit", s.rowAmount(c.Row, c.Limit), "needed", s.rowAmount(c.Row, c.Needed)))
	}
	return strings.Join(lines, " ")
}

// rowWords names a row of the problem: "money:2027", "relocation:<=2030", "power:T1:2028".
func (s *Snapshot) rowWords(row string) string {
	parts := strings.Split(row, ":")
	when := parts[len(parts)-1]
	if year, ok := strings.CutPrefix(when, "<="); ok {
		when = s.t("renewal.row.up_to", "year", year)
	}
	town := ""
	if parts[0] == "floor" {
		return s.t("renewal.row.floor", "class", s.classWords(parts[1:]))
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
