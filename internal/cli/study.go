package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// studying is a command that computes something about a plan and keeps it: the city is
// read while it works and opened for writing only to keep the answer, so that people
// and servers can use it meanwhile.
func (a *app) studying(run func(*cobra.Command, *workspace.City) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		city, err := a.look(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		defer city.Close()
		city.Store = &lateWriter{Store: city.Store, app: a, path: args[0]}
		return run(cmd, city)
	}
}

// scenarioProgress shows on a terminal how many scenarios were tried.
func (a *app) scenarioProgress() func(renewal.Step) {
	w := a.progress()
	if w == io.Discard {
		return nil
	}
	return func(s renewal.Step) {
		fmt.Fprintf(w, "\r\033[K%s", a.t("cli.study.scenarios.progress", "done", s.Done, "total", s.Total))
		if s.Done >= s.Total {
			fmt.Fprint(w, "\r\033[K")
		}
	}
}

// studyProgress shows on a terminal how far a study is.
func (a *app) studyProgress() func(renewal.Step) {
	w := a.progress()
	if w == io.Discard {
		return nil
	}
	return func(s renewal.Step) {
		fmt.Fprintf(w, "\r\033[K%s", a.t("cli.study.progress", "seconds", strconv.FormatFloat(s.Seconds, 'f', 0, 64), "done", s.Done, "total", s.Total,
			"value", s.Solve.Value, "gap", strconv.FormatFloat(100*s.Solve.Gap, 'f', 2, 64)))
		if s.Done >= s.Total {
			fmt.Fprint(w, "\r\033[K")
		}
	}
}

// printer is the printer of a study's answer; an interrupt ended the search, and what
// it found is shown all the same.
func (a *app) studyPrinter(cmd *cobra.Command, w io.Writer, city *workspace.City) (renewalPrinter, error) {
	return a.renewalPrinter(context.WithoutCancel(cmd.Context()), w, city)
}
