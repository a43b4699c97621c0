package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/gpkg"
)

// exportCommand writes the city or a plan of it into a file.
func exportCommand(a *app) *cobra.Command {
	var o export.Options
	var to string
	var check bool
	var compare string
	cmd := &cobra.Command{
		Use:   "export CITY.gpkg --to FILE",
		Short: a.t("cli.export.short"),
		Long:  a.t("cli.export.long"),
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Lang = a.lang
			if err := comparePlans(&o, compare); err != nil {
				return err
			}
			if err := o.Check(to); err != nil {
				return err
			}
			written, err := a.export(cmd.Context(), args[0], to, o, check)
			if err != nil {
				return err
			}
			return a.print(written, func(w io.Writer) error { return a.printExport(w, written) })
		},
	}
	cmd.Flags().StringVar(&to, "to", "", a.t("cli.export.flag.to", "endings", strings.Join(export.Endings, " ")))
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.export.flag.plan"))
	cmd.Flags().StringVar(&o.What, "what", export.All, a.t("cli.export.flag.what"))
	cmd.Flags().StringVar(&compare, "compare", "", a.t("cli.export.flag.compare"))
	cmd.Flags().BoolVar(&o.Short, "short", false, a.t("cli.export.flag.short"))
	cmd.Flags().Int64Var(&o.Study, "study", 0, a.t("cli.export.flag.study"))
	cmd.Flags().IntVar(&o.Width, "width", 0, a.t("cli.export.flag.width"))
	cmd.Flags().IntVar(&o.DPI, "dpi", 0, a.t("cli.export.flag.dpi"))
	cmd.Flags().BoolVar(&check, "check", false, a.t("cli.export.flag.check"))
	return cmd
}

// comparePlans reads --compare A,B.
func comparePlans(o *export.Options, compare string) error {
	if compare == "" {
		return nil
	}
	first, second, ok := strings.Cut(compare, ",")
	a, errA := strconv.ParseInt(strings.TrimSpace(first), 10, 64)
	b, errB := strconv.ParseInt(strings.TrimSpace(second), 10, 64)
	if !ok || errA != nil || errB != nil || a < 1 || b < 1 {
		return &plottage.Error{Code: plottage.Usage, Key: "export_compare", Args: map[string]any{"value": compare}}
	}
	o.Plan, o.Versus = a, b
	return nil
}

// export reads the city without locking it and writes the file. With check the
// independent checker goes over the plan first, and the file says what it found.
func (a *app) export(ctx context.Context, path, to string, o export.Options, check bool) (export.Written, error) {
	store, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		return export.Written{}, err
	}
	defer store.Close()
	snapshot, err := export.Read(ctx, store, o, a.now())
	if err != nil {
		return export.Written{}, err
	}
	if check && snapshot.Plan != nil {
		checked, err := a.workspace(store).CheckRenewal(ctx, snapshot.Plan.ID)
		if err != nil {
			return export.Written{}, err
		}
		said := checked.Said(a.now())
		snapshot.Check = &said
	}
	return export.Write(ctx, snapshot, to)
}

func (a *app) printExport(w io.Writer, e export.Written) error {
	_, err := fmt.Fprintln(w, a.t("cli.export.done", "file", e.File, "parcels", e.Parcels, "blocks", e.Blocks, "size", byteSize(e.Bytes)))
	if err == nil && e.Unlettered {
		_, err = fmt.Fprintln(w, a.t("cli.export.unlettered"))
	}
	if err == nil && len(e.LeftOut) > 0 {
		_, err = fmt.Fprintln(w, a.t("cli.export.left_out", "fields", strings.Join(e.LeftOut, ", ")))
	}
	return err
}

// byteSize writes a file's size: "312 kB".
func byteSize(n int64) string {
	switch {
	case n >= 10_000_000:
		return fmt.Sprintf("%d MB", n/1_000_000)
	case n >= 1_000:
		return fmt.Sprintf("%d kB", n/1_000)
	}
	return fmt.Sprintf("%d B", n)
}
