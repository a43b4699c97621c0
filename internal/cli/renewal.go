package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// renewalCommand plans which parcels are cleared, in which blocks and years.
func renewalCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "renewal", Short: a.t("cli.renewal.short"), Long: a.t("cli.renewal.long")}
	cmd.AddCommand(renewalSolveCommand(a), renewalCheckCommand(a), renewalShowCommand(a), renewalReplayCommand(a),
		renewalCompareCommand(a), renewalFrontierCommand(a), renewalGoalCommand(a), renewalPortfolioCommand(a),
		renewalForceCommand(a), renewalScenariosCommand(a), renewalLedgerCommand(a), renewalCalendarCommand(a), renewalModelCommand(a), renewalTakeCommand(a),
		renewalLockCommand(a), renewalUnlockCommand(a), renewalLocksCommand(a))
	return cmd
}

func renewalSolveCommand(a *app) *cobra.Command {
	o := workspace.DefaultSolveOptions()
	var file string
	cmd := &cobra.Command{
		Use:   "solve CITY.gpkg",
		Short: a.t("cli.renewal.solve.short"),
		Long:  a.t("cli.renewal.solve.long"),
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := optionsFile(cmd, file, &o); err != nil {
				return err
			}
			return a.renewalSolve(cmd, args[0], o)
		},
	}
	a.optionFlags(cmd.Flags(), &o, "renewal.option", "")
	a.optionFlags(cmd.Flags(), &o.Economy, "renewal.economy", "eco-")
	cmd.Flags().StringVar(&file, "options", "", a.t("cli.renewal.solve.flag.options"))
	return cmd
}

// optionsFile reads options from a JSON file; flags given on the command line count
// more.
func optionsFile(cmd *cobra.Command, file string, o *workspace.SolveOptions) error {
	for _, name := range []string{"budget", "demolition", "relocation", "fund"} {
		// Said to be nothing is not said to be without a limit: a variable of a script was empty.
		if f := cmd.Flags().Lookup(name); f.Changed && strings.TrimSpace(f.Value.String()) == "" {
			return &plottage.Error{Code: plottage.Usage, Key: "renewal_option_missing", Args: map[string]any{"option": name}}
		}
	}
	if file == "" {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return usageError(err)
	}
	var again []func() error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if list, ok := f.Value.(pflag.SliceValue); ok {
			all := list.GetSlice()
			again = append(again, func() error { return list.Replace(all) })
			return
		}
		text := f.Value.String()
		again = append(again, func() error { return cmd.Flags().Set(f.Name, text) })
	})
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(o); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return &plottage.Error{Code: plottage.Usage, Key: "renewal_option_unknown", Args: map[string]any{"file": file, "option": strings.Trim(name, `"`)}}
		}
		return usageError(fmt.Errorf("%s: %w", file, err))
	}
	for _, set := range again {
		if err := set(); err != nil {
			return usageError(err)
		}
	}
	return nil
}

func (a *app) renewalSolve(cmd *cobra.Command, path string, o workspace.SolveOptions) error {
	city, err := a.open(cmd.Context(), path)
	if err != nil {
		return err
	}
	defer city.Close()
	s, err := city.SolveRenewal(cmd.Context(), o, a.renewalProgress(o))
	if err != nil {
		return err
	}
	// An interrupt ended the search; what it found is shown all the same.
	show := context.WithoutCancel(cmd.Context())
	p, err := a.renewalPrinter(show, a.stdout, city)
	if err != nil {
		return err
	}
	if s.Unsure, err = city.UnsureParcels(show, s.Plan.ID); err != nil {
		return err
	}
	if err := city.Close(); err != nil { // before printing: who reads may stop reading
		return err
	}
	if s.Plan.Status == plottage.Infeasible || len(s.Clashes) > 0 {
		return p.noPlan(s.Plan.Status == plottage.Infeasible, s.NoPlan, s.Plan.ID)
	}
	return a.print(s, func(io.Writer) error {
		p.plan(workspace.Shown{Plan: s.Plan, Usage: s.Usage, Notes: s.Notes, Empty: s.Empty})
		p.unsure(s.Unsure, cleared(&s.Plan))
		p.engine(o.Engine, s.Engine)
		p.line(a.t("cli.renewal.solve.next", "file", path, "plan", s.Plan.ID))
		return p.err
	})
}

// engine says which engine solved linear programs, when one was asked for.
func (p renewalPrinter) engine(asked, name string) {
	switch {
	case asked == "native":
		p.line(p.t("cli.renewal.solve.engine_native"))
	case asked == "highs" && name == "":
		p.line(p.t("cli.renewal.solve.engine_idle"))
	case asked == "highs":
		p.line(p.t("cli.renewal.solve.engine", "engine", name))
	}
}

// renewalProgress shows value, bound and gap on a terminal while the plan grows.
func (a *app) renewalProgress(o workspace.SolveOptions) func(renewal.Progress) {
	w := a.progress()
	if w == io.Discard {
		return nil
	}
	return func(p renewal.Progress) {
		if p.Short {
			fmt.Fprintf(w, "\r\033[K%s", a.t("cli.renewal.progress_short", "seconds", strconv.FormatFloat(p.Seconds, 'f', 0, 64)))
			return
		}
		fmt.Fprintf(w, "\r\033[K%s", a.t("cli.renewal.progress", "seconds", strconv.FormatFloat(p.Seconds, 'f', 0, 64),
			"value", p.Value, "bound", p.Bound, "gap", strconv.FormatFloat(100*p.Gap, 'f', 2, 64)))
		if o.Limit > 0 && p.Seconds >= o.Limit.Seconds() || p.Gap == 0 {
			fmt.Fprint(w, "\r\033[K")
		}
	}
}

func renewalCheckCommand(a *app) *cobra.Command {
	var plan int64
	cmd := &cobra.Command{
		Use:   "check CITY.gpkg",
		Short: a.t("cli.renewal.check.short"),
		Long:  a.t("cli.renewal.check.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			c, err := city.CheckRenewal(cmd.Context(), plan)
			if err != nil {
				return err
			}
			p, err := a.renewalPrinter(cmd.Context(), a.stdout, city)
			if err != nil {
				return err
			}
			if err := a.print(c, func(io.Writer) error { return p.check(c) }); err != nil || c.Passed {
				return err
			}
			return errShown
		}),
	}
	cmd.Flags().Int64Var(&plan, "plan", 0, a.t("cli.renewal.flag.plan"))
	return cmd
}

func renewalShowCommand(a *app) *cobra.Command {
	var plan int64
	var parcels, blocks []string
	var all bool
	cmd := &cobra.Command{
		Use:   "show CITY.gpkg",
		Short: a.t("cli.renewal.show.short"),
		Long:  a.t("cli.renewal.show.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			if len(blocks) > 0 && len(parcels) > 0 {
				return usage("usage_parcel_or_block", nil)
			}
			if len(blocks) > 0 {
				return a.renewalBlocks(cmd, city, plan, blocks)
			}
			s, err := city.ShowRenewal(cmd.Context(), plan, parcels)
			if err != nil {
				return err
			}
			if s.Unsure, err = city.UnsureParcels(cmd.Context(), s.Plan.ID); err != nil {
				return err
			}
			if len(parcels) > 0 {
				s.Unsure = slices.DeleteFunc(s.Unsure, func(u workspace.UnsureParcel) bool { return !slices.Contains(parcels, u.Parcel) })
			}
			return a.print(s, func(w io.Writer) error {
				p, err := a.renewalPrinter(cmd.Context(), w, city)
				if err != nil {
					return err
				}
				p.all = all
				if len(s.Told) > 0 {
					p.told(s.Told)
				} else {
					p.plan(s)
					p.moves(s.Plan)
				}
				p.unsure(s.Unsure, cleared(&s.Plan))
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&plan, "plan", 0, a.t("cli.renewal.flag.plan"))
	cmd.Flags().StringArrayVar(&parcels, "parcel", nil, a.t("cli.renewal.show.flag.parcel"))
	cmd.Flags().StringArrayVar(&blocks, "block", nil, a.t("cli.renewal.show.flag.block"))
	cmd.Flags().BoolVar(&all, "all", false, a.t("cli.renewal.show.flag.all"))
	return cmd
}

// renewalBlocks says why blocks of a plan are as they are.
func (a *app) renewalBlocks(cmd *cobra.Command, city *workspace.City, plan int64, blocks []string) error {
	b, err := city.ExplainBlocks(cmd.Context(), plan, blocks)
	if err != nil {
		return err
	}
	return a.print(b, func(w io.Writer) error {
		p, err := a.renewalPrinter(cmd.Context(), w, city)
		if err != nil {
			return err
		}
		p.toldBlocks(b.Blocks)
		return p.err
	})
}

func renewalReplayCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "replay CITY.gpkg RUN",
		Short: a.t("cli.renewal.replay.short"),
		Args:  exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := runNumber(args[1])
			if err != nil {
				return err
			}
			city, err := a.look(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer city.Close()
			r, err := city.ReplayRenewal(cmd.Context(), run)
			if err != nil {
				return err
			}
			key := "cli.renewal.replay.same"
			if !r.Same {
				key = "cli.renewal.replay.differs"
			}
			err = a.print(r, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, a.t(key, "run", run))
				return err
			})
			if err == nil && !r.Same {
				return errShown
			}
			return err
		},
	}
}
