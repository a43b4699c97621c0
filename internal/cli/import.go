package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/importer/source"
)

// importFlags are what plottage import is told.
type importFlags struct {
	importer.Options
	keys, sets               []string
	mapping, report, refused string
	class, asOf              string
	gcj02, bd09              bool
	maxTime                  time.Duration
	maxMemory                int64
}

// importCommand brings a file into a city.
func importCommand(a *app) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import CITY.gpkg FILE",
		Short: a.t("cli.import.short"),
		Long:  a.t("cli.import.long"),
		Args:  exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runImport(cmd, args[0], args[1], f)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.As, "as", "", a.t("cli.import.flag.as"))
	fs.StringSliceVar(&f.Layers, "layer", nil, a.t("cli.import.flag.layer"))
	fs.StringVar(&f.mapping, "mapping", "", a.t("cli.import.flag.mapping"))
	fs.BoolVar(&f.Propose, "propose", false, a.t("cli.import.flag.propose"))
	fs.StringArrayVar(&f.keys, "key", nil, a.t("cli.import.flag.key"))
	fs.StringArrayVar(&f.sets, "set", nil, a.t("cli.import.flag.set"))
	fs.StringVar(&f.Encoding, "encoding", "", a.t("cli.import.flag.encoding"))
	fs.IntVar(&f.EPSG, "epsg", 0, a.t("cli.import.flag.epsg"))
	fs.BoolVar(&f.SwapXY, "swap-xy", false, a.t("cli.import.flag.swap_xy"))
	fs.BoolVar(&f.gcj02, "gcj02", false, a.t("cli.import.flag.gcj02"))
	fs.BoolVar(&f.bd09, "bd09", false, a.t("cli.import.flag.bd09"))
	fs.BoolVar(&f.AssumeCGCS2000, "assume-cgcs2000", false, a.t("cli.import.flag.assume_cgcs2000"))
	fs.BoolVar(&f.PointArea, "point-area", false, a.t("cli.import.flag.point_area"))
	fs.StringVar(&f.class, "class", "", a.t("cli.import.flag.class"))
	fs.StringVar(&f.Owner, "owner", "", a.t("cli.import.flag.owner"))
	fs.StringVar(&f.asOf, "as-of", "", a.t("cli.import.flag.as_of"))
	fs.StringVar(&f.report, "report", "", a.t("cli.import.flag.report"))
	fs.StringVar(&f.refused, "refused", "", a.t("cli.import.flag.refused"))
	fs.BoolVar(&f.DryRun, "dry-run", false, a.t("cli.import.flag.dry_run"))
	fs.DurationVar(&f.maxTime, "max-time", 0, a.t("cli.import.flag.max_time"))
	fs.Int64Var(&f.maxMemory, "max-memory", 0, a.t("cli.import.flag.max_memory"))
	return cmd
}

func (a *app) runImport(cmd *cobra.Command, cityFile, file string, f importFlags) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	open := a.open
	if o.DryRun || o.Propose {
		open = a.look
	}
	city, err := open(cmd.Context(), cityFile)
	if err != nil {
		return err
	}
	defer city.Close()
	o.Progress = a.importProgress()
	r, err := importer.Import(cmd.Context(), city.Store, city.Actor, city.Now, file, o)
	if closed := city.Close(); closed != nil && err == nil { // before printing: who reads may stop reading
		err = closed
	}
	if written := a.writeReports(r, f); written != nil && err == nil {
		err = written
	}
	if err != nil {
		return err
	}
	if o.Propose {
		return a.printProposal(r, f.mapping)
	}
	if err := r.AllRefused(); err != nil {
		if !a.json { // each row says why
			r.Print(a.stdout, a.lang)
		}
		return err
	}
	return a.print(r, func(w io.Writer) error {
		r.Print(w, a.lang)
		if n := r.RefusedRows(); n > 0 && f.refused == "" {
			fmt.Fprintln(w, a.t("import.refused_hint", "count", n))
		}
		if o.DryRun {
			fmt.Fprintln(w, a.t("import.dry_run"))
			return nil
		}
		done := "import.done"
		if len(r.Records) == 0 {
			done = "import.done_nothing"
		}
		_, err := fmt.Fprintln(w, a.t(done, "file", filepath.Base(file), "city", cityFile))
		return err
	})
}

// options turns flags into options.
func (f importFlags) options() (importer.Options, error) {
	o := f.Options
	o.Class, o.AsOf = plottage.SourceClass(f.class), ""
	switch o.Class {
	case "", plottage.Administrative, plottage.Registry, plottage.Declared, plottage.Statistical, plottage.Open:
	default:
		return o, usageError(fmt.Errorf("--class %s: want administrative, registry, declared, statistical or open", f.class))
	}
	if f.asOf != "" {
		d, err := plottage.ParseDate(f.asOf)
		if err != nil {
			return o, usageError(err)
		}
		o.AsOf = d
	}
	if f.gcj02 && f.bd09 {
		return o, usageError(errors.New("--gcj02 and --bd09 exclude each other"))
	}
	if f.gcj02 {
		o.Shift = "gcj02"
	} else if f.bd09 {
		o.Shift = "bd09"
	}
	o.Time, o.Memory = f.maxTime, f.maxMemory<<20
	return o, f.keysAndMapping(&o)
}

func (f importFlags) keysAndMapping(o *importer.Options) error {
	var err error
	if o.Keys, err = pairs(f.keys, "--key %s: want COLUMN=FIELD"); err != nil {
		return err
	}
	if o.Set, err = pairs(f.sets, "--set %s: want FIELD=VALUE"); err != nil {
		return err
	}
	if f.mapping == "" || o.Propose {
		return nil
	}
	b, err := os.ReadFile(f.mapping)
	if err != nil {
		return usageError(err)
	}
	m, err := mapping.Parse(b, filepath.Base(f.mapping))
	o.Mapping = &m
	return err
}

// pairs parts words at their equals signs; want is the usage error of a word without.
func pairs(words []string, want string) (map[string]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	m := map[string]string{}
	for _, w := range words {
		a, b, ok := strings.Cut(w, "=")
		if !ok || a == "" || b == "" {
			return nil, usageError(fmt.Errorf(want, w))
		}
		m[a] = b
	}
	return m, nil
}

// printProposal shows the proposed mappings; with --mapping it writes the first to that
// file.
func (a *app) printProposal(r *importer.Report, file string) error {
	if len(r.Mappings) == 0 {
		return nil
	}
	y, err := r.Mappings[0].YAML()
	if err != nil {
		return err
	}
	if file != "" {
		if err := os.WriteFile(file, y, 0o644); err != nil {
			return err
		}
	}
	return a.print(r, func(w io.Writer) error {
		r.Print(w, a.lang)
		if file != "" {
			_, err := fmt.Fprintln(w, a.t("import.proposed", "file", file))
			return err
		}
		_, err := fmt.Fprintf(w, "\n%s", y)
		return err
	})
}

// writeReports writes what --report and --refused ask for, also of a refused import.
func (a *app) writeReports(r *importer.Report, f importFlags) error {
	if f.report != "" {
		write := r.WriteJSON
		if strings.EqualFold(filepath.Ext(f.report), ".xlsx") {
			write = func(p string) error { return r.WriteBook(p, a.lang) }
		}
		if err := write(f.report); err != nil {
			return err
		}
	}
	if f.refused != "" && r.RefusedRows() > 0 {
		return r.WriteRefused(f.refused)
	}
	return nil
}

// importProgress shows one bar a stage.
func (a *app) importProgress() func(stage string, done, total int) {
	w := a.progress()
	if w == io.Discard {
		return nil
	}
	var bar *progressbar.ProgressBar
	last := ""
	return func(stage string, done, total int) {
		if stage != last {
			last = stage
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(a.t("import.stage."+stage)), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
	}
}

// readChildCommand makes this process a reading child; people never type it.
func readChildCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    child.Verb,
		Hidden: true,
		Args:   exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !child.IsChild() {
				return usageError(errors.New(a.t("import.child_only")))
			}
			if code := child.Serve(os.Stdin, a.stdout, source.Read); code != 0 {
				return errors.New("reading process failed")
			}
			return nil
		},
	}
}
