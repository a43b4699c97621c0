package cli

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// landCommand grades parcels and finds candidates that lie together.
func landCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "land", Short: a.t("cli.land.short"), Long: a.t("cli.land.long")}
	cmd.AddCommand(landGradeCommand(a), landShowCommand(a), landClustersCommand(a), landPacksCommand(a), landReplayCommand(a))
	return cmd
}

func landGradeCommand(a *app) *cobra.Command {
	var o workspace.GradeOptions
	var asOf string
	var set []string
	cmd := &cobra.Command{
		Use:   "grade CITY.gpkg --pack PACK",
		Short: a.t("cli.land.grade.short"),
		Long:  a.t("cli.land.grade.long"),
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := gradeOptions(&o, asOf, set); err != nil {
				return err
			}
			return a.landGrade(cmd, args[0], o)
		},
	}
	fs := cmd.Flags()
	fs.StringSliceVar(&o.Packs, "pack", nil, a.t("cli.land.grade.flag.pack"))
	fs.StringVar(&asOf, "as-of", "", a.t("cli.land.grade.flag.as_of"))
	fs.StringArrayVar(&set, "set", nil, a.t("cli.land.grade.flag.set"))
	fs.BoolVar(&o.Reading.BlankUnknown, "blank-unknown", false, a.t("cli.land.grade.flag.blank_unknown"))
	fs.BoolVar(&o.Reading.Registered, "registered-area", false, a.t("cli.land.grade.flag.registered"))
	return cmd
}

// gradeOptions reads the day and the parameters.
func gradeOptions(o *workspace.GradeOptions, asOf string, set []string) error {
	if len(o.Packs) == 0 {
		return &plottage.Error{Code: plottage.Usage, Key: "land_no_pack", Args: map[string]any{"names": packNames()}}
	}
	if asOf != "" {
		d, err := plottage.ParseDate(asOf)
		if err != nil {
			return usageError(err)
		}
		o.Reading.AsOf = d
	}
	o.Set = map[string]string{}
	for _, s := range set {
		k, v, ok := strings.Cut(s, "=")
		if !ok {
			return &plottage.Error{Code: plottage.Usage, Key: "land_set", Args: map[string]any{"text": s}}
		}
		o.Set[strings.TrimSpace(k)] = v
	}
	return nil
}

func packNames() string {
	var names []string
	for _, p := range land.Builtin() {
		if !slices.Contains(names, p.ID) {
			names = append(names, p.ID)
		}
	}
	return strings.Join(names, ", ")
}

func (a *app) landGrade(cmd *cobra.Command, path string, o workspace.GradeOptions) error {
	ctx := cmd.Context()
	city, err := a.open(ctx, path)
	if err != nil {
		return err
	}
	defer city.Close()
	for i, ref := range o.Packs { // a file is added to the city first, so that the run can be repeated
		if !strings.HasSuffix(ref, ".yaml") && !strings.HasSuffix(ref, ".yml") {
			continue
		}
		p, err := addPack(cmd, city, ref)
		if err != nil {
			return err
		}
		o.Packs[i] = p.Ref()
	}
	gradings, err := city.Grade(ctx, o, a.landProgress())
	if err != nil {
		return err
	}
	meta, err := city.Meta(ctx)
	if err != nil {
		return err
	}
	if err := city.Close(); err != nil { // before printing: who reads may stop reading
		return err
	}
	return a.print(gradings, func(w io.Writer) error {
		p := a.landPrinter(w, meta.Currency)
		for i, g := range gradings {
			if i > 0 {
				p.line("")
			}
			p.grading(g)
		}
		p.line(a.t("cli.land.grade.next", "file", path))
		return p.err
	})
}

func addPack(cmd *cobra.Command, city *workspace.City, path string) (*land.Pack, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "land_pack_file", Args: map[string]any{"path": path}, Err: err}
	}
	p, err := city.AddPack(cmd.Context(), b)
	var e *plottage.Error
	if errors.As(err, &e) {
		e.Where.File = path
	}
	return p, err
}

// landProgress shows one bar a pack.
func (a *app) landProgress() func(pack string, done, total int) {
	w := a.progress()
	if w == io.Discard {
		return nil
	}
	var bar *progressbar.ProgressBar
	last := ""
	return func(pack string, done, total int) {
		if pack != last {
			last = pack
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(pack), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
	}
}

func landShowCommand(a *app) *cobra.Command {
	var pack string
	cmd := &cobra.Command{
		Use:   "show CITY.gpkg PARCEL",
		Short: a.t("cli.land.show.short"),
		Args:  exactArgs(2),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			e, err := city.Explain(cmd.Context(), args[1], pack)
			if err != nil {
				return err
			}
			meta, err := city.Meta(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(e, func(w io.Writer) error {
				p := a.landPrinter(w, meta.Currency)
				p.explanation(e)
				return p.err
			})
		}),
	}
	cmd.Flags().StringVar(&pack, "pack", "", a.t("cli.land.flag.graded"))
	return cmd
}

func landClustersCommand(a *app) *cobra.Command {
	var o workspace.ClusterOptions
	var across []string
	cmd := &cobra.Command{
		Use:   "clusters CITY.gpkg",
		Short: a.t("cli.land.clusters.short"),
		Long:  a.t("cli.land.clusters.long"),
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, class := range across {
				if !slices.Contains(land.WayClasses(), plottage.WayClass(class)) {
					return &plottage.Error{Code: plottage.Usage, Key: "land_way_class", Args: map[string]any{"class": class, "names": wayNames()}}
				}
				o.Rule.Across = append(o.Rule.Across, plottage.WayClass(class))
			}
			return a.landClusters(cmd, args[0], o)
		},
	}
	fs, usual := cmd.Flags(), workspace.UsualRule()
	fs.StringVar(&o.Pack, "pack", "", a.t("cli.land.flag.graded"))
	fs.Float64Var(&o.Rule.MaxGapM, "gap", usual.MaxGapM, a.t("cli.land.clusters.flag.gap"))
	fs.Float64Var(&o.Rule.MinSharedM, "min-shared", usual.MinSharedM, a.t("cli.land.clusters.flag.min_shared"))
	fs.StringSliceVar(&across, "across", nil, a.t("cli.land.clusters.flag.across", "names", wayNames()))
	fs.IntVar(&o.WarnLots, "warn-lots", 24, a.t("cli.land.clusters.flag.warn_lots"))
	return cmd
}

func wayNames() string {
	var names []string
	for _, c := range land.WayClasses() {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

func (a *app) landClusters(cmd *cobra.Command, path string, o workspace.ClusterOptions) error {
	ctx := cmd.Context()
	if !(o.Rule.MaxGapM >= 0 && o.Rule.MaxGapM <= 1000 && o.Rule.MinSharedM >= 0 && o.Rule.MinSharedM <= 1e6) {
		return &plottage.Error{Code: plottage.Usage, Key: "land_contiguity_range"}
	}
	city, err := a.open(ctx, path)
	if err != nil {
		return err
	}
	defer city.Close()
	found, err := city.Clusters(ctx, o)
	if err != nil {
		return err
	}
	meta, err := city.Meta(ctx)
	if err != nil {
		return err
	}
	if err := city.Close(); err != nil { // before printing: who reads may stop reading
		return err
	}
	return a.print(found, func(w io.Writer) error {
		p := a.landPrinter(w, meta.Currency)
		p.clusters(found, o.WarnLots)
		return p.err
	})
}

func landPacksCommand(a *app) *cobra.Command {
	var cityFile, add string
	cmd := &cobra.Command{
		Use:   "packs [PACK]",
		Short: a.t("cli.land.packs.short"),
		Long:  a.t("cli.land.packs.long"),
		Args:  argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			packs, err := a.packsOf(cmd, cityFile, add)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.showPack(packs, args[0])
			}
			return a.print(packs, func(w io.Writer) error {
				p := a.landPrinter(w, "")
				p.packs(packs)
				return p.err
			})
		},
	}
	cmd.Flags().StringVar(&cityFile, "city", "", a.t("cli.land.packs.flag.city"))
	cmd.Flags().StringVar(&add, "add", "", a.t("cli.land.packs.flag.add"))
	return cmd
}

// packsOf lists the built-in packs and, with a city, its own; add puts one in first.
func (a *app) packsOf(cmd *cobra.Command, cityFile, add string) ([]*land.Pack, error) {
	if cityFile == "" {
		if add != "" {
			return nil, &plottage.Error{Code: plottage.Usage, Key: "land_add_city"}
		}
		return land.Builtin(), nil
	}
	open := a.look
	if add != "" {
		open = a.open
	}
	city, err := open(cmd.Context(), cityFile)
	if err != nil {
		return nil, err
	}
	defer city.Close()
	if add != "" {
		if _, err := addPack(cmd, city, add); err != nil {
			return nil, err
		}
	}
	return city.Packs(cmd.Context())
}

// showPack prints the file of a pack, so that it can be copied and changed.
func (a *app) showPack(packs []*land.Pack, ref string) error {
	p, err := land.Choose(packs, ref, plottage.DateOf(a.now()))
	if plottage.CodeOf(err) == plottage.Usage { // not in force today: show it all the same
		p, err = land.Choose(packs, land.Versions(packs, ref)[0], "")
	}
	if err != nil {
		return err
	}
	return a.print(p, func(w io.Writer) error {
		_, err := w.Write(p.YAML())
		return err
	})
}

func landReplayCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "replay CITY.gpkg RUN",
		Short: a.t("cli.land.replay.short"),
		Args:  exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := runNumber(args[1])
			if err != nil {
				return err
			}
			city, err := a.look(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer city.Close()
			r, err := city.ReplayLand(cmd.Context(), id)
			if err != nil {
				return err
			}
			if !r.Same {
				return &plottage.Error{Code: plottage.Internal, Key: "land_replay_differs", Args: map[string]any{"run": id}}
			}
			return a.print(r, func(w io.Writer) error {
				_, err := io.WriteString(w, a.t("cli.land.replay.same", "run", id, "verb", r.Verb)+"\n")
				return err
			})
		},
	}
}
