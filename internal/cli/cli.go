// Package cli is the command line: one file per part, each a cobra command that
// opens the city, calls internal/workspace and prints the answer.
//
// Every command takes --json (one JSON document on stdout) and --lang zh|en.
// Progress goes to stderr, and only when stderr is a terminal. Exit codes: 0 ok,
// 1 failure, 2 usage, 3 input refused, 4 infeasible, 5 limit reached.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// errShown ends the program with 1 when what failed has been printed already.
var errShown = errors.New("shown")

// app is one run of the program.
type app struct {
	stdout, stderr io.Writer
	now            func() time.Time
	lang           string // "zh" or "en"
	json           bool
	yes            bool
}

// parts are the commands in the order help shows them.
var parts = []func(*app) *cobra.Command{
	newCommand,
	importCommand,
	landCommand,
	renewalCommand,
	readChildCommand,
	serveCommand,
	openapiCommand,
	solveChildCommand,
	intakeChildCommand,
	exportCommand,
	runsCommand,
	logCommand,
	demoCommand,
}

// Main runs the program with args (without its name) and returns the exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, now: time.Now, lang: defaultLang(os.Getenv)}
	a.lang = langFromArgs(args, a.lang) // help is written before flags are parsed
	a.json = jsonFromArgs(args)         // and so is what is wrong with a flag
	root := a.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, errShown) {
		return 1
	}
	a.printError(err)
	return exitCode(err)
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:               "plottage",
		Short:             a.t("cli.short"),
		Long:              a.t("cli.long"),
		Args:              cobra.ArbitraryArgs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if !slices.Contains(locale.Langs, a.lang) {
				return usage("usage_lang", nil, "lang", a.lang)
			}
			return nil
		},
	}
	var version bool
	root.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > 0:
			return unknownCommand(cmd, args[0])
		case version:
			return a.version()
		}
		return a.start()
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.Flags().BoolVar(&version, "version", false, a.t("cli.flag.version"))
	root.PersistentFlags().StringVar(&a.lang, "lang", a.lang, a.t("cli.flag.lang"))
	root.PersistentFlags().BoolVar(&a.json, "json", a.json, a.t("cli.flag.json"))
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpFunc(a.help)
	root.SetHelpCommand(helpCommand(a))
	for _, part := range parts {
		root.AddCommand(part(a))
	}
	a.localise(root)
	return root
}

func (a *app) version() error {
	return a.print(map[string]string{"program": "plottage", "version": plottage.Version}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "plottage "+plottage.Version)
		return err
	})
}

// t returns a sentence in the user's language.
func (a *app) t(key string, args ...any) string {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return locale.T(a.lang, key, m)
}

// open opens the city file for reading and writing.
func (a *app) open(ctx context.Context, path string) (*workspace.City, error) {
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return a.workspace(s), nil
}

// look opens the city file for reading: it works while another command or a server
// has the city open, and changes nothing.
func (a *app) look(ctx context.Context, path string) (*workspace.City, error) {
	s, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	return a.workspace(s), nil
}

// viewing is a command on the city its first argument names, open for reading.
func (a *app) viewing(run func(*cobra.Command, *workspace.City, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		city, err := a.look(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		defer city.Close()
		return run(cmd, city, args)
	}
}

// print writes v as JSON with --json, else calls human.
func (a *app) print(v any, human func(io.Writer) error) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	return human(a.stdout)
}

// progress returns the writer for progress, io.Discard unless stderr is a terminal.
func (a *app) progress() io.Writer {
	f, ok := a.stderr.(*os.File)
	if a.json || !ok || !term.IsTerminal(int(f.Fd())) {
		return io.Discard
	}
	return f
}

// printError says what went wrong and what to do.
func (a *app) printError(err error) {
	e, message, hint := a.inWords(err)
	if a.json {
		_ = a.print(map[string]any{"error": e, "message": message, "hint": hint}, nil)
		return
	}
	a.printWords(message, hint)
}

// inWords is an error with its sentence and hint.
func (a *app) inWords(err error) (e *plottage.Error, message, hint string) {
	if !errors.As(err, &e) {
		e = &plottage.Error{Code: plottage.Internal, Key: "internal", Args: map[string]any{"detail": err.Error()}, Err: err}
	}
	args := ErrorArgs(e)
	message = locale.T(a.lang, "error."+e.Key, args)
	if file := e.Where.File; !strings.Contains(message, file) {
		message = a.t("cli.error.in_file", "file", file, "message", message)
	}
	return e, message, locale.Hint(a.lang, e.Key, args)
}

func (a *app) printWords(message, hint string) {
	fmt.Fprintf(a.stderr, "plottage: %s\n", message)
	if hint != "" {
		fmt.Fprintf(a.stderr, "  → %s\n", hint)
	}
}

// ErrorArgs returns the arguments of an error's sentence, its place included.
func ErrorArgs(e *plottage.Error) map[string]any {
	args := map[string]any{
		"file": e.Where.File, "layer": e.Where.Layer, "row": e.Where.Row,
		"field": e.Where.Field, "value": e.Where.Value,
	}
	if e.Err != nil {
		args["detail"] = e.Err.Error()
	}
	for k, v := range e.Args {
		args[k] = v
	}
	return args
}

func exitCode(err error) int {
	switch plottage.CodeOf(err) {
	case plottage.Usage:
		return 2
	case plottage.BadInput:
		return 3
	case plottage.Impossible:
		return 4
	case plottage.Limit:
		return 5
	}
	return 1
}

// defaultLang reads the locale of the environment: zh for Chinese, else en.
func defaultLang(getenv func(string) string) string {
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := getenv(v); s != "" {
			if strings.HasPrefix(s, "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

func langFromArgs(args []string, otherwise string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			return v
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return otherwise
}

func jsonFromArgs(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.Contains(args, "--json") || slices.Contains(args, "--json=true")
}

func actor() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
