package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plottage/plottage"
)

// usageError is a command that cannot be understood; what is wrong stands in err.
func usageError(err error) error {
	return &plottage.Error{Code: plottage.Usage, Key: "usage", Args: map[string]any{"detail": err.Error()}, Err: err}
}

func usage(key string, err error, args ...any) error {
	e := &plottage.Error{Code: plottage.Usage, Key: key, Err: err, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

// exactArgs wants so many arguments.
func exactArgs(n int) cobra.PositionalArgs { return argsBetween(n, n) }

// argsBetween wants at least so many arguments, and at most so many.
func argsBetween(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		want := least
		if len(args) > most {
			want = most
		}
		return usage("usage_args", nil, "want", want, "got", len(args), "use", cmd.UseLine())
	}
}

// flagError puts what is wrong with a flag in words.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return usage("usage_flag_unknown", err, "flag", name, "command", cmd.CommandPath())
	case errors.As(err, &empty):
		return usage("usage_flag_empty", err, "flag", "--"+empty.GetFlag().Name, "command", cmd.CommandPath())
	case errors.As(err, &wrong):
		f := wrong.GetFlag()
		return usage("usage_flag_value", err, "flag", "--"+f.Name, "value", wrong.GetValue(), "kind", a.valueWord(f), "command", cmd.CommandPath())
	}
	return usageError(err)
}

// unknownCommand names what there is instead.
func unknownCommand(cmd *cobra.Command, word string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		names = near
	}
	return usage("usage_command", nil, "command", word, "names", strings.Join(names, ", "))
}
