package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/web"
)

// serveFlags are what plottage serve is told.
type serveFlags struct {
	addr      string
	port      int
	maxUpload int64 // MiB
	readOnly  bool
	shareOn   string
	basemap   string
}

// serveCommand shows the city on a map in the browser.
func serveCommand(a *app) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve CITY.gpkg",
		Short: a.t("cli.serve.short"),
		Long:  a.t("cli.serve.long"),
		Args:  exactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.serve(cmd, args[0], f, nil) },
	}
	cmd.Flags().IntVar(&f.port, "port", server.DefaultPort, a.t("cli.serve.flag.port"))
	cmd.Flags().StringVar(&f.addr, "addr", "localhost", a.t("cli.serve.flag.addr"))
	cmd.Flags().StringVar(&f.shareOn, "share-on", "", a.t("cli.serve.flag.share_on"))
	cmd.Flags().StringVar(&f.basemap, "basemap", "", a.t("cli.serve.flag.basemap"))
	cmd.Flags().BoolVar(&f.readOnly, "read-only", false, a.t("cli.serve.flag.read_only"))
	cmd.Flags().Int64Var(&f.maxUpload, "max-upload", dataroom.DefaultMax>>20, a.t("cli.serve.flag.max_upload"))
	return cmd
}

// serve shows the city until the command is stopped. before, when not nil, prints
// what comes first, and with --json the only document.
func (a *app) serve(cmd *cobra.Command, path string, f serveFlags, before func(url string) error) error {
	ctx := cmd.Context()
	ln, err := server.Listen(ctx, f.addr, f.port) // before the city is read: a taken port is told at once
	if err != nil {
		return err
	}
	defer ln.Close()
	under, err := a.basemap(path, f.basemap)
	if err != nil {
		return err
	}
	defer under.Close()
	open, err := shareListener(ctx, f.shareOn)
	if err != nil {
		return err
	}
	// Only looking: other commands may change the city meanwhile, and it shows.
	store, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	city := a.workspace(store)
	s, err := server.New(ctx, city, strconv.FormatInt(a.now().UnixNano(), 36), server.Options{
		File: filepath.Base(path), UI: web.Files(), Poll: 2 * time.Second, Desk: desk{a, path, city}, Analyst: analyst{city, desk{a, path, city}},
		MaxUpload: f.maxUpload << 20, ReadOnly: f.readOnly, ShareOn: open, Basemap: under,
		Log: slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelInfo})),
	})
	if err != nil {
		return err
	}
	url := "http://" + ln.Addr().String()
	if before != nil {
		err = before(url)
	}
	if err == nil && (before == nil || !a.json) {
		err = a.print(map[string]string{"url": url, "city": path}, func(w io.Writer) error {
			_, err := fmt.Fprintln(w, a.t("cli.serve.ready", "city", path, "url", url))
			return err
		})
	}
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// shareListener opens the address that share links can be reached at by others, nil for
// none: only what somebody names is opened.
func shareListener(ctx context.Context, addr string) (net.Listener, error) {
	if addr == "" {
		return nil, nil
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "serve_share_on", Args: map[string]any{"address": addr}, Err: err}
	}
	return ln, nil
}

// openapiCommand writes the API's description; the client's types are made from it.
func openapiCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "openapi",
		Short:  a.t("cli.openapi.short"),
		Hidden: true,
		Args:   exactArgs(0),
		RunE: func(*cobra.Command, []string) error {
			doc, err := server.OpenAPI()
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(doc)
			return err
		},
	}
}
