package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// intakeVerb is the command of a process that reviews or commits an upload of the data
// room; people never type it.
const intakeVerb = "intake-child"

// intakeAsk is what such a process reads from its standard input.
type intakeAsk struct {
	Commit  bool             `json:"commit"`
	Request dataroom.Request `json:"request"`
}

// intakeLine is one line it writes: a step, and last the source's id or an error.
type intakeLine struct {
	Step   *dataroom.IntakeStep `json:"step,omitempty"`
	Done   bool                 `json:"done,omitempty"`
	Source int64                `json:"source,omitempty"`
	Error  *plottage.Error      `json:"error,omitempty"`
}

// Review implements dataroom.Runner.
func (d desk) Review(ctx context.Context, q dataroom.Request, step func(dataroom.IntakeStep)) error {
	_, err := d.intake(ctx, intakeAsk{Request: q}, step)
	return err
}

// Commit implements dataroom.Runner.
func (d desk) Commit(ctx context.Context, q dataroom.Request, step func(dataroom.IntakeStep)) (int64, error) {
	return d.intake(context.WithoutCancel(ctx), intakeAsk{Commit: true, Request: q}, step) // saved or not, never torn
}

// intake has a process of its own read the file: whatever the file does to it, the
// server stays up and its memory small.
func (d desk) intake(ctx context.Context, ask intakeAsk, step func(dataroom.IntakeStep)) (int64, error) {
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, program, intakeVerb, d.path)
	cmd.Env, cmd.Stderr = os.Environ(), d.app.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	err = errors.Join(json.NewEncoder(in).Encode(ask), in.Close())
	source, told := followIntake(out, step)
	waited := cmd.Wait()
	var e *plottage.Error
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case errors.As(told, &e):
		return 0, e
	}
	return source, errors.Join(err, told, waited)
}

// followIntake reads what the process writes, to its end.
func followIntake(r io.Reader, step func(dataroom.IntakeStep)) (source int64, err error) {
	err = errors.New("the reading process ended without an answer")
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var l intakeLine
		if bad := json.Unmarshal(lines.Bytes(), &l); bad != nil {
			return 0, fmt.Errorf("the reading process wrote %q: %w", lines.Text(), bad)
		}
		switch {
		case l.Step != nil:
			step(*l.Step)
		case l.Error != nil:
			err = l.Error
		case l.Done:
			source, err = l.Source, nil
		}
	}
	return source, errors.Join(err, lines.Err())
}

func intakeChildCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: intakeVerb, Hidden: true, Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var ask intakeAsk
			if err := json.NewDecoder(cmd.InOrStdin()).Decode(&ask); err != nil {
				return err
			}
			w := json.NewEncoder(a.stdout)
			step := func(s dataroom.IntakeStep) { _ = w.Encode(intakeLine{Step: &s}) }
			source, err := a.intakeChild(cmd.Context(), args[0], ask, step)
			if err == nil {
				return w.Encode(intakeLine{Done: true, Source: source})
			}
			return w.Encode(intakeLine{Error: a.fault(err)})
		},
	}
}

func (a *app) intakeChild(ctx context.Context, path string, ask intakeAsk, step func(dataroom.IntakeStep)) (source int64, err error) {
	if !ask.Commit {
		city, err := gpkg.OpenReadOnly(ctx, path)
		if err != nil {
			return 0, err
		}
		defer city.Close()
		return 0, dataroom.Review(ctx, city, a.now, ask.Request, step)
	}
	who := ask.Request.Who
	if who == "" {
		who = actor()
	}
	err = a.write(ctx, path, 10*time.Second, func(s workspace.Store) error {
		source, err = dataroom.Commit(ctx, s, who, a.now, ask.Request, step)
		return err
	})
	return source, err
}
