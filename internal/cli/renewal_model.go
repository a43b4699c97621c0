package cli

import (
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/kernel/lp"
)

// modelled is what renewal model answers.
type modelled struct {
	workspace.Modelled
	File string `json:"file"`
}

func renewalModelCommand(a *app) *cobra.Command {
	o := workspace.DefaultSolveOptions()
	var file, to string
	cmd := &cobra.Command{
		Use:   "model CITY.gpkg --to FILE.mps",
		Short: a.t("cli.renewal.model.short"),
		Long:  a.t("cli.renewal.model.long"),
		Args:  exactArgs(1),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !strings.HasSuffix(to, ".mps") && !strings.HasSuffix(to, ".mps.gz") {
			return usage("renewal_model_file", nil, "file", to)
		}
		if err := optionsFile(cmd, file, &o); err != nil {
			return err
		}
		return a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			m, err := city.ModelRenewal(cmd.Context(), o)
			if err != nil {
				return err
			}
			if err := export.Replace(to, func(tmp string) error { return writeModel(m, tmp, strings.HasSuffix(to, ".gz")) }); err != nil {
				return err
			}
			return a.print(modelled{m, to}, func(w io.Writer) error {
				p := a.landPrinter(w, "")
				p.line(a.t("cli.renewal.model.done", "file", to, "columns", m.Columns, "whole", m.Whole, "rows", m.Rows, "lots", m.Lots))
				for _, n := range m.Notes {
					p.line("  * " + a.t("renewal.note."+n))
				}
				p.line(a.t("cli.renewal.model.next", "city", args[0], "run", m.Run))
				return p.err
			})
		})(cmd, args)
	}
	a.optionFlags(cmd.Flags(), &o, "renewal.option", "")
	a.optionFlags(cmd.Flags(), &o.Economy, "renewal.economy", "eco-")
	for _, name := range []string{"time", "gap", "seed", "engine", "from", "name"} { // taken, so that the flags of a solve can be used again
		_ = cmd.Flags().MarkHidden(name)
	}
	cmd.Flags().StringVar(&file, "options", "", a.t("cli.renewal.solve.flag.options"))
	cmd.Flags().StringVar(&to, "to", "", a.t("cli.renewal.model.flag.to"))
	return cmd
}

// writeModel writes the program into a new file.
func writeModel(m workspace.Modelled, path string, packed bool) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if !packed {
		return m.WriteMPS(f)
	}
	z := gzip.NewWriter(f)
	if err := m.WriteMPS(z); err != nil {
		return err
	}
	return z.Close()
}

func renewalTakeCommand(a *app) *cobra.Command {
	o := workspace.TakeOptions{Limit: time.Minute, Seed: 1}
	var file string
	cmd := &cobra.Command{
		Use:   "take CITY.gpkg --solution FILE.sol",
		Short: a.t("cli.renewal.take.short"),
		Long:  a.t("cli.renewal.take.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			if file == "" {
				return usage("renewal_take_file", nil)
			}
			var err error
			if o.Answer, err = readSolution(file); err != nil {
				return err
			}
			o.File = filepath.Base(file)
			t, err := city.TakeRenewal(cmd.Context(), o, a.renewalProgress(workspace.SolveOptions{Limit: o.Limit}))
			if err != nil {
				return err
			}
			p, err := a.studyPrinter(cmd, a.stdout, city)
			if err != nil {
				return err
			}
			if !t.Report.Passed {
				return p.notTaken(o.File, t)
			}
			return a.print(t, func(io.Writer) error {
				p.taken(t)
				return p.err
			})
		}),
	}
	cmd.Flags().StringVar(&file, "solution", "", a.t("cli.renewal.take.flag.solution"))
	cmd.Flags().Int64Var(&o.Run, "run", 0, a.t("cli.renewal.take.flag.run"))
	cmd.Flags().StringVar(&o.Name, "name", "", a.t("renewal.option.name"))
	cmd.Flags().Var((*duration)(&o.Limit), "time", a.t("cli.renewal.take.flag.time"))
	cmd.Flags().Uint64Var(&o.Seed, "seed", o.Seed, a.t("renewal.option.seed"))
	return cmd
}

// mostSolution bounds a solution file in bytes, unpacked.
const mostSolution = 1 << 30

func readSolution(path string) (lp.Answer, error) {
	f, err := os.Open(path)
	if err != nil {
		return lp.Answer{}, usageError(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return lp.Answer{}, &plottage.Error{Code: plottage.BadInput, Key: "renewal_solution_read", Args: map[string]any{"file": filepath.Base(path), "row": 0, "value": err.Error()},
				Where: plottage.Where{File: filepath.Base(path)}, Err: err}
		}
		r = z
	}
	return workspace.ReadSolution(io.LimitReader(r, mostSolution), filepath.Base(path))
}

// taken tells of a plan made from another solver's answer.
func (p renewalPrinter) taken(t workspace.Taken) {
	p.plan(workspace.Shown{Plan: t.Plan, Usage: t.Usage, Notes: t.Notes, Empty: t.Empty, Solver: t.Solver})
	if t.Better > 0 {
		p.line(p.t("cli.renewal.take.better", "value", p.style.Money(t.Better)))
	}
	p.line(p.t("cli.renewal.take.kept", "plan", t.Plan.ID, "model", t.Model))
}

// solver says whose answer a plan is, where it is not ours.
func (p renewalPrinter) solver(name string) {
	switch name {
	case "":
	case "?":
		p.line(p.t("cli.renewal.take.by_other"))
	default:
		p.line(p.t("cli.renewal.take.by", "solver", name))
	}
}

// notTaken is the error of an answer that is no plan: what the checker found wrong, but for
// the bound, which it has none of.
func (p renewalPrinter) notTaken(file string, t workspace.Taken) error {
	var reasons []string
	for _, i := range t.Report.Items {
		if i.OK || i.Check == "bound" && t.Report.Bound == math.MaxInt64 {
			continue
		}
		reasons = append(reasons, p.t("renewal.check."+i.Check)+p.t("renewal.colon")+p.speaker().Failed(i, true))
	}
	return &plottage.Error{Code: plottage.BadInput, Key: "renewal_take_broken", Args: map[string]any{"file": file, "reasons": strings.Join(reasons, "\n  "), "check": t.Report.Items}}
}
