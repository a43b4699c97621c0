package cli

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write the command pages of the manual anew")

// generated begins the part of the page that is made from the commands.
const generated = "<!-- from here on made from the commands: go test ./internal/cli -run Manual -update -->\n"

// The manual's list of commands is the commands: names, words and flags.
func TestTheManualListsTheCommandsAsTheyAre(t *testing.T) {
	for lang, name := range map[string]string{"en": "09-commands.md", "zh": "09-commands.zh.md"} {
		path := filepath.Join("../../docs/manual", name)
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, got, ok := strings.Cut(string(page), generated)
		if !ok {
			t.Fatalf("%s lacks the line %q", name, generated)
		}
		a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, lang: lang}
		var b strings.Builder
		a.commandPage(&b, a.rootCommand())
		if *update {
			if err := os.WriteFile(path, []byte(head+generated+b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got != b.String() {
			t.Errorf("%s is not what the commands say; run: go test ./internal/cli -run Manual -update", name)
		}
	}
}

func (a *app) commandPage(b *strings.Builder, cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		fmt.Fprintf(b, "\n## %s\n\n", c.CommandPath())
		if !c.HasSubCommands() {
			fmt.Fprintf(b, "`%s`\n\n", a.useLine(c))
		}
		about := c.Long
		if about == "" {
			about = c.Short
		}
		fmt.Fprintln(b, cell(about))
		a.flagTable(b, c)
		a.commandPage(b, c)
	}
}

func (a *app) flagTable(b *strings.Builder, cmd *cobra.Command) {
	rows := ""
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		r := a.flagLine(f)
		rows += fmt.Sprintf("| `%s` | %s |\n", strings.TrimSpace(r[0]), strings.ReplaceAll(cell(r[1]), "\n", " "))
	})
	if rows != "" {
		fmt.Fprintf(b, "\n| | |\n|---|---|\n%s", rows)
	}
}

// cell keeps words from being taken for markup.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "*", "\\*", "_", "\\_").Replace(s)
}
