// Command plottage plans how a city renews its industrial land.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/plottage/plottage/internal/cli"
	"github.com/plottage/plottage/internal/highs"
)

func main() {
	highs.RunIfChild()
	// The first interrupt asks long work to stop and keep its best; the second kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
