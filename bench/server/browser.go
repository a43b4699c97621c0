package main

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed browser.mjs
var browserScript []byte

// browse has a browser on this machine open the page, pan and select, and prints what
// it measured. It needs Node.js, the packages of web/ and a Chromium.
func browse(ctx context.Context, o options, srv *process) error {
	script := filepath.Join(o.dir, "browser.mjs")
	if err := os.WriteFile(script, browserScript, 0o600); err != nil {
		return err
	}
	web, err := filepath.Abs("web")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "node", script, srv.url, filepath.Join(web, "package.json"))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
