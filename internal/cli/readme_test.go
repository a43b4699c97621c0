package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of both READMEs run as they stand, in their order.
func TestCommandsOfTheReadmeRun(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh.md"} {
		t.Run(name, func(t *testing.T) {
			root, err := filepath.Abs("../..")
			if err != nil {
				t.Fatal(err)
			}
			commands := consoleCommands(t, filepath.Join(root, name))
			if len(commands) < 8 {
				t.Fatalf("only %d commands found", len(commands))
			}
			t.Chdir(t.TempDir())
			if err := os.Symlink(filepath.Join(root, "examples"), "examples"); err != nil {
				t.Fatal(err)
			}
			for _, c := range commands {
				args := strings.Fields(strings.ReplaceAll(c, `"Example district"`, "Example-district"))
				var out, errs bytes.Buffer
				if code := Main(context.Background(), args, &out, &errs); code != 0 {
					t.Fatalf("plottage %s: exit %d\n%s%s", c, code, out.String(), errs.String())
				}
			}
		})
	}
}

// consoleCommands lists what follows "$ plottage " in the console blocks of a page.
func consoleCommands(t *testing.T, page string) (all []string) {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			inside = line == "```console"
			continue
		}
		if c, ok := strings.CutPrefix(line, "$ plottage "); ok && inside {
			all = append(all, c)
		}
	}
	return all
}
