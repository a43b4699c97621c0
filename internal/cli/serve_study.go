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
	"runtime"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// analyst answers from a city open for reading; studies are made in a process of their
// own, as plans are.
type analyst struct {
	*workspace.City
	desk desk
}

var _ server.Analyst = analyst{}

// studyVerb is the command of a process that makes a study; people never type it.
const studyVerb = "study-child"

// studyLine is one line such a process writes: a step, and last its run or error.
type studyLine struct {
	Step  *renewal.Step   `json:"step,omitempty"`
	Run   int64           `json:"run,omitempty"`
	Error *plottage.Error `json:"error,omitempty"`
}

// Study implements server.Analyst. The process reads what is asked from its standard
// input; when that closes, because ctx ended or this process did, it keeps what it
// found and ends.
func (n analyst) Study(ctx context.Context, asked workspace.StudyAsked, progress func(renewal.Step)) (int64, error) {
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(program, studyVerb, n.desk.path)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(max(1, runtime.NumCPU()-1))) // the map stays quick
	cmd.Stderr = n.desk.app.stderr
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
	defer context.AfterFunc(ctx, func() { in.Close() })()
	if err := json.NewEncoder(in).Encode(asked); err != nil {
		in.Close()
		return 0, errors.Join(err, cmd.Wait())
	}
	run, err := followStudy(out, progress)
	in.Close()
	return run, errors.Join(err, cmd.Wait())
}

// followStudy reads what a process writes, to its end.
func followStudy(r io.Reader, progress func(renewal.Step)) (run int64, err error) {
	err = errors.New("the process of the study ended without an answer")
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var l studyLine
		if bad := json.Unmarshal(lines.Bytes(), &l); bad != nil {
			return 0, fmt.Errorf("the process of the study wrote %q: %w", lines.Text(), bad)
		}
		switch {
		case l.Step != nil:
			progress(*l.Step)
		case l.Error != nil:
			err = l.Error
		case l.Run != 0:
			run, err = l.Run, nil
		}
	}
	return run, errors.Join(err, lines.Err())
}

func studyChildCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: studyVerb, Hidden: true, Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w := json.NewEncoder(a.stdout)
			run, err := a.studyChild(cmd.Context(), args[0], bufio.NewReader(cmd.InOrStdin()), func(s renewal.Step) { _ = w.Encode(studyLine{Step: &s}) })
			if err == nil {
				return w.Encode(studyLine{Run: run})
			}
			var e *plottage.Error
			if !errors.As(err, &e) {
				fmt.Fprintln(a.stderr, err)
				e = &plottage.Error{Code: plottage.Internal, Key: "serve_internal"}
			}
			return w.Encode(studyLine{Error: e})
		},
	}
}

func (a *app) studyChild(ctx context.Context, path string, in *bufio.Reader, progress func(renewal.Step)) (int64, error) {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return 0, err
	}
	var asked workspace.StudyAsked
	if err := json.Unmarshal(line, &asked); err != nil {
		return 0, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in) // until whoever asked is gone
		stop()
	}()
	city, err := a.look(ctx, path)
	if err != nil {
		return 0, err
	}
	defer city.Close()
	city.Store = &lateWriter{Store: city.Store, app: a, path: path}
	return city.Study(ctx, asked, progress)
}
