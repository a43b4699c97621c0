package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// helpWidth is how many columns help takes; a Chinese character takes two.
const helpWidth = 100

// firstSteps are the commands shown to who types plottage alone, each with its key.
var firstSteps = [][2]string{
	{"plottage demo", "cli.start.demo"},
	{"plottage new CITY.gpkg", "cli.start.new"},
	{"plottage import CITY.gpkg FILE", "cli.start.import"},
	{"plottage land grade CITY.gpkg --pack huzhou-five", "cli.start.grade"},
	{"plottage land clusters CITY.gpkg --gap 20", "cli.start.clusters"},
	{"plottage renewal solve CITY.gpkg", "cli.start.solve"},
	{"plottage serve CITY.gpkg", "cli.start.serve"},
}

// start greets who types plottage alone.
func (a *app) start() error {
	steps := []map[string]string{}
	for _, s := range firstSteps {
		steps = append(steps, map[string]string{"command": s[0], "does": a.t(s[1])})
	}
	return a.print(map[string]any{"program": "plottage", "version": plottage.Version, "start": steps}, func(w io.Writer) error {
		var b strings.Builder
		b.WriteString(a.t("cli.start.head") + "\n\n")
		var rows [][2]string
		for _, s := range firstSteps {
			rows = append(rows, [2]string{s[0], a.t(s[1])})
		}
		writePairs(&b, rows)
		b.WriteString("\n" + a.t("cli.start.more") + "\n")
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// help writes what a command is for and how it is used, in the user's language.
func (a *app) help(cmd *cobra.Command, _ []string) {
	text := a.helpText(cmd)
	_ = a.print(map[string]string{"command": cmd.CommandPath(), "help": text}, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func (a *app) helpText(cmd *cobra.Command) string {
	var b strings.Builder
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	for _, paragraph := range strings.Split(about, "\n\n") {
		b.WriteString(strings.Join(wrap(paragraph, helpWidth), "\n") + "\n\n")
	}
	b.WriteString(a.t("cli.help.usage") + "\n  " + a.useLine(cmd) + "\n")
	var rows [][2]string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			rows = append(rows, [2]string{c.Name(), c.Short})
		}
	}
	if len(rows) > 0 {
		b.WriteString("\n" + a.t("cli.help.commands") + "\n")
		writePairs(&b, rows)
	}
	a.writeFlags(&b, "cli.help.flags", cmd.LocalNonPersistentFlags())
	a.writeFlags(&b, "cli.help.global", cmd.Root().PersistentFlags())
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\n" + a.t("cli.help.more", "command", cmd.CommandPath()) + "\n")
	}
	return b.String()
}

// useLine is how a command is typed.
func (a *app) useLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() {
		return cmd.CommandPath() + " " + a.t("cli.help.command_word")
	}
	return strings.TrimSpace(cmd.UseLine() + " " + a.t("cli.help.flags_word"))
}

func (a *app) writeFlags(b *strings.Builder, key string, fs *pflag.FlagSet) {
	var rows [][2]string
	fs.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			rows = append(rows, a.flagLine(f))
		}
	})
	if len(rows) > 0 {
		b.WriteString("\n" + a.t(key) + "\n")
		writePairs(b, rows)
	}
}

// flagLine is a flag with the word for its value, and what it is for.
func (a *app) flagLine(f *pflag.Flag) [2]string {
	left := "    --" + f.Name
	if f.Shorthand != "" {
		left = "-" + f.Shorthand + ", --" + f.Name
	}
	if word := a.valueWord(f); word != "" {
		left += " " + word
	}
	right := f.Usage
	switch f.DefValue {
	case "", "0", "false", "[]", "0s":
	default:
		right += a.t("cli.help.default", "value", strings.Trim(f.DefValue, "[]"))
	}
	return [2]string{left, right}
}

// valueWord says what kind of value a flag takes; "" for one that takes none.
func (a *app) valueWord(f *pflag.Flag) string {
	kind := f.Value.Type()
	switch kind {
	case "bool":
		return ""
	case "int", "int64", "uint64":
		kind = "whole"
	case "float64":
		kind = "number"
	case "duration":
	default:
		kind = "text"
	}
	return a.t("cli.value." + kind)
}

// writePairs writes two columns; the second is wrapped.
func writePairs(b *strings.Builder, rows [][2]string) {
	left := 0
	for _, r := range rows {
		left = max(left, runewidth.StringWidth(r[0]))
	}
	for _, r := range rows {
		for i, line := range wrap(r[1], max(helpWidth-left-5, 40)) {
			if i > 0 {
				r[0] = ""
			}
			b.WriteString(strings.TrimRight(fmt.Sprintf("  %s%s   %s", r[0], strings.Repeat(" ", left-runewidth.StringWidth(r[0])), line), " ") + "\n")
		}
	}
}

// wrap parts a paragraph into lines of at most so many columns, at spaces and
// between Chinese characters, never before a closing mark.
func wrap(s string, width int) (lines []string) {
	line, used := "", 0
	for _, word := range words(s) {
		w := runewidth.StringWidth(word)
		if used+runewidth.StringWidth(strings.TrimRight(word, " ")) > width && used > 0 {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		line, used = line+word, used+w
	}
	return append(lines, strings.TrimRight(line, " "))
}

// words parts a text after spaces and after wide characters.
func words(s string) (all []string) {
	const closing = "，。；：、！？）》」』”"
	start := 0
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		before, r := runes[i-1], runes[i]
		wide := runewidth.RuneWidth(before) == 2 || runewidth.RuneWidth(r) == 2
		if (before == ' ' && r != ' ' || wide && before != '（' && before != '“' && before != '《') && !strings.ContainsRune(closing, r) {
			all = append(all, string(runes[start:i]))
			start = i
		}
	}
	return append(all, string(runes[start:]))
}

// helpCommand is "plottage help [COMMAND]".
func helpCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: a.t("cli.help.short"),
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), strings.Join(args, " "))
			}
			a.help(of, nil)
			return nil
		},
	}
}

// localise gives a command and all below it their help flag, in words, and makes a
// group of commands refuse what is none of them.
func (a *app) localise(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	if cmd.Flags().Lookup("help") == nil {
		cmd.Flags().BoolP("help", "h", false, a.t("cli.flag.help"))
	}
	if cmd.HasSubCommands() && cmd.RunE == nil {
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			a.help(cmd, nil)
			return nil
		}
	}
	for _, c := range cmd.Commands() {
		a.localise(c)
	}
}

// has says whether a language has a sentence.
func (a *app) has(key string) bool {
	_, ok := locale.Catalogue(a.lang)[key]
	return ok
}
