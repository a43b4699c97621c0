package site

import (
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// Check applies rules to a project and a piece of land; without rules, all of them.
func Check(p plottage.Project, l Land, rules ...Rule) Fit {
	if len(rules) == 0 {
		rules = Rules()
	}
	fit := Fit{Project: p.ID, Land: l.ID, Fits: true, Certain: true}
	for _, r := range rules {
		f := apply(r, p, l)
		fit.Findings = append(fit.Findings, f)
		fit.Fits = fit.Fits && f.Outcome != plottage.Fails
		fit.Certain = fit.Certain && f.Outcome == plottage.Holds
	}
	return fit
}

// Matches checks every project against every piece of land, projects first, in the
// orders given.
func Matches(projects []plottage.Project, lands []Land, rules ...Rule) []Fit {
	fits := make([]Fit, 0, len(projects)*len(lands))
	for i := range projects {
		for j := range lands {
			fits = append(fits, Check(projects[i], lands[j], rules...))
		}
	}
	return fits
}

func apply(r Rule, p plottage.Project, l Land) Finding {
	switch r {
	case Town:
		return among(r, p.Towns, one(l.Town), func(a, b string) bool { return a == b })
	case Use:
		return among(r, one(p.Use), l.Uses, func(ask, offer string) bool { return strings.HasPrefix(offer, ask) })
	case Industry:
		return industry(p, l)
	case Mode:
		return mode(p, l)
	case Area:
		return enough(r, l.AreaM2, p.AreaM2)
	case FAR:
		return enough(r, l.MaxFAR, p.MinFAR)
	case Power:
		return enough(r, l.PowerMW, p.PowerMW)
	case Distance:
		return enough(r, l.HomesM, p.ProtectiveM)
	case Deadline:
		return deadline(p, l)
	}
	panic("site: rule " + string(r) + " is not known")
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// among holds when nothing is asked for or one thing asked for is offered; it is
// undecided when something is asked for and the offer is not known.
func among(r Rule, asked, offered []string, same func(ask, offer string) bool) Finding {
	f := Finding{Rule: r, Outcome: plottage.Holds, Asked: asked, Offered: offered}
	if len(asked) == 0 {
		return f
	}
	if len(offered) == 0 {
		f.Outcome = plottage.Undecided
		return f
	}
	for _, a := range asked {
		if slices.ContainsFunc(offered, func(o string) bool { return same(a, o) }) {
			return f
		}
	}
	f.Outcome = plottage.Fails
	return f
}

// industry holds when the land admits all industries or the beginning of the
// project's code; a project without a code is undecided on land that chooses.
func industry(p plottage.Project, l Land) Finding {
	f := Finding{Rule: Industry, Outcome: plottage.Holds, Asked: one(p.Industry), Offered: l.Industries}
	switch {
	case len(l.Industries) == 0:
	case p.Industry == "":
		f.Outcome = plottage.Undecided
	case !slices.ContainsFunc(l.Industries, func(code string) bool { return strings.HasPrefix(p.Industry, code) }):
		f.Outcome = plottage.Fails
	}
	return f
}

// mode holds when either side accepts any way of building, or they share one.
func mode(p plottage.Project, l Land) Finding {
	f := Finding{Rule: Mode, Outcome: plottage.Holds, Asked: p.Modes, Offered: l.Modes}
	if len(p.Modes) > 0 && len(l.Modes) > 0 && !slices.ContainsFunc(p.Modes, func(m string) bool { return slices.Contains(l.Modes, m) }) {
		f.Outcome = plottage.Fails
	}
	return f
}

// enough holds when the land has at least what the project needs.
func enough(r Rule, has plottage.Opt[float64], needs float64) Finding {
	f := Finding{Rule: r, Outcome: plottage.Holds, Has: has, Needs: plottage.Some(needs)}
	if has.Known {
		f.Margin = plottage.Some(has.V - needs)
	}
	switch {
	case needs <= 0:
	case !has.Known:
		f.Outcome = plottage.Undecided
	case has.V < needs:
		f.Outcome = plottage.Fails
	}
	return f
}

// deadline holds when the land is ready by the last year in which the project still
// comes; a project without a deadline waits.
func deadline(p plottage.Project, l Land) Finding {
	f := Finding{Rule: Deadline, Outcome: plottage.Holds}
	if p.Deadline == 0 {
		return f
	}
	year := max(l.Ready, p.Release)
	f.Has, f.Needs = plottage.Some(float64(year)), plottage.Some(float64(p.Deadline))
	f.Margin = plottage.Some(float64(p.Deadline - year))
	if year > p.Deadline {
		f.Outcome = plottage.Fails
	}
	return f
}
