package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// newCommand makes an empty city file.
func newCommand(a *app) *cobra.Command {
	var name, nameZH, currency string
	var epsg int
	cmd := &cobra.Command{
		Use:   "new CITY.gpkg",
		Short: a.t("cli.new.short"),
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			meta := workspace.Meta{Name: plottage.Label{EN: name, ZH: nameZH}, EPSG: epsg, Currency: currency}
			s, err := gpkg.Create(cmd.Context(), args[0], meta, actor(), a.now)
			if err != nil {
				return err
			}
			defer s.Close()
			m, err := s.Meta(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(m, func(w io.Writer) error {
				_, err := fmt.Fprintln(w, a.t("cli.new.done", "file", args[0]))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", a.t("cli.new.flag.name"))
	cmd.Flags().StringVar(&nameZH, "name-zh", "", a.t("cli.new.flag.name_zh"))
	cmd.Flags().StringVar(&currency, "currency", "CNY", a.t("cli.new.flag.currency"))
	cmd.Flags().IntVar(&epsg, "epsg", 0, a.t("cli.new.flag.epsg"))
	return cmd
}
