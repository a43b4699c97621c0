package cli

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
)

// runsCommand lists what was computed for the city, or shows one run.
func runsCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "runs CITY.gpkg [RUN]",
		Short: a.t("cli.runs.short"),
		Long:  a.t("cli.runs.long"),
		Args:  argsBetween(1, 2),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			if len(args) == 2 {
				return a.showRun(cmd, city, args[1])
			}
			runs, err := city.Runs(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(append([]plottage.Run{}, runs...), func(w io.Writer) error { return a.printRuns(w, runs) })
		}),
	}
}

// runDetail is one run with its options and the size of what is kept of it.
type runDetail struct {
	plottage.Run
	Options     json.RawMessage `json:"options"`
	InputBytes  int             `json:"input_bytes"`
	ResultBytes int             `json:"result_bytes"`
	Certificate int             `json:"certificate_bytes"`
}

func (a *app) showRun(cmd *cobra.Command, city *workspace.City, number string) error {
	id, err := runNumber(number)
	if err != nil {
		return err
	}
	r, err := city.Run(cmd.Context(), id)
	if err != nil {
		return err
	}
	d := runDetail{Run: r, Options: r.Options, InputBytes: len(r.Input), ResultBytes: len(r.Result), Certificate: len(r.Certificate)}
	if len(d.Options) == 0 {
		d.Options = json.RawMessage("null")
	}
	return a.print(d, func(w io.Writer) error {
		if err := a.printRuns(w, []plottage.Run{r}); err != nil {
			return err
		}
		p := a.landPrinter(w, "")
		p.line("")
		p.line(a.t("cli.runs.options", "options", string(d.Options)))
		p.line(a.t("cli.runs.input", "sha256", r.InputSHA256, "size", byteSize(int64(d.InputBytes))))
		return p.err
	})
}

func runNumber(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, usage("usage_run", err, "value", s)
	}
	return id, nil
}

func (a *app) printRuns(w io.Writer, runs []plottage.Run) error {
	p := a.landPrinter(w, "")
	if len(runs) == 0 {
		p.line(a.t("cli.runs.none"))
		return p.err
	}
	rows := [][]string{{a.t("cli.runs.col.run"), a.t("cli.log.col.verb"), a.t("cli.runs.col.started"), a.t("cli.runs.col.seconds"),
		a.t("cli.runs.col.seed"), a.t("cli.runs.col.status"), a.t("cli.runs.col.program")}}
	for _, r := range runs {
		rows = append(rows, []string{strconv.FormatInt(r.ID, 10), a.word("cli.verb.", r.Verb), localTime(r.Started), figure.Fixed(r.Seconds, 1),
			strconv.FormatUint(r.Seed, 10), a.word("cli.run_status.", r.Status), r.Version})
	}
	p.table(rows, 1, 2, 5, 6)
	return p.err
}

// logCommand lists the audit: every acknowledged change of the city.
func logCommand(a *app) *cobra.Command {
	var since int64
	cmd := &cobra.Command{
		Use:   "log CITY.gpkg",
		Short: a.t("cli.log.short"),
		Long:  a.t("cli.log.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			rows, err := city.Audit(cmd.Context(), since)
			if err != nil {
				return err
			}
			return a.print(auditDocument(rows), func(w io.Writer) error { return a.printLog(w, rows) })
		}),
	}
	cmd.Flags().Int64Var(&since, "since", 0, a.t("cli.log.flag.since"))
	return cmd
}

// auditEntry is an audit row whose detail is JSON, not JSON in a string.
type auditEntry struct {
	workspace.AuditRow
	Detail json.RawMessage `json:"detail"`
}

func auditDocument(rows []workspace.AuditRow) []auditEntry {
	all := []auditEntry{}
	for _, r := range rows {
		e := auditEntry{r, json.RawMessage(r.Detail)}
		if !json.Valid(e.Detail) { // another program wrote it
			e.Detail, _ = json.Marshal(r.Detail)
		}
		all = append(all, e)
	}
	return all
}

func (a *app) printLog(w io.Writer, audit []workspace.AuditRow) error {
	p := a.landPrinter(w, "")
	rows := [][]string{{a.t("cli.log.col.version"), a.t("cli.log.col.at"), a.t("cli.log.col.actor"), a.t("cli.log.col.verb"), a.t("cli.log.col.object")}}
	for _, r := range audit {
		rows = append(rows, []string{strconv.FormatInt(r.Version, 10), localTime(r.At), r.Actor, a.word("cli.verb.", r.Verb), r.Object})
	}
	p.table(rows, 1, 2, 3, 4)
	return p.err
}

// word puts a word of the city file into the user's language where it is known.
func (a *app) word(prefix, s string) string {
	if key := prefix + strings.ReplaceAll(s, " ", "_"); a.has(key) {
		return a.t(key)
	}
	return s
}

// localTime writes a time of the city file (RFC 3339, UTC) by the clock on the wall.
func localTime(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
