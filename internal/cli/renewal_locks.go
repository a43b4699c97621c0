package cli

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/textenc"
	"github.com/plottage/plottage/internal/workspace"
)

// renewalLockCommand locks parcels, as the map does.
func renewalLockCommand(a *app) *cobra.Command {
	var list, kind string
	var k plottage.Lock
	cmd := &cobra.Command{
		Use:   "lock CITY.gpkg [PARCEL…]",
		Short: a.t("cli.renewal.lock.short"),
		Long:  a.t("cli.renewal.lock.long"),
		Args:  argsBetween(1, math.MaxInt32),
		RunE: func(cmd *cobra.Command, args []string) error {
			k.Kind = plottage.LockKind(kind)
			var locks []plottage.Lock
			for _, id := range args[1:] {
				locks = append(locks, plottage.Lock{Parcel: id, Kind: k.Kind, Year: k.Year, Note: k.Note})
			}
			if list != "" {
				more, err := readLocks(list, k)
				if err != nil {
					return err
				}
				locks = append(locks, more...)
			}
			if len(locks) == 0 {
				return usage("lock_nothing", nil)
			}
			return a.changeLocks(cmd, args[0], func(c *workspace.City) (workspace.LocksChange, error) { return c.Lock(cmd.Context(), locks) })
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", a.t("cli.renewal.lock.flag.kind"))
	cmd.Flags().IntVar(&k.Year, "year", 0, a.t("cli.renewal.lock.flag.year"))
	cmd.Flags().StringVar(&k.Note, "note", "", a.t("cli.renewal.lock.flag.note"))
	cmd.Flags().StringVar(&list, "list", "", a.t("cli.renewal.lock.flag.list"))
	return cmd
}

func renewalUnlockCommand(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "unlock CITY.gpkg [PARCEL…]",
		Short: a.t("cli.renewal.unlock.short"),
		Long:  a.t("cli.renewal.unlock.long"),
		Args:  argsBetween(1, math.MaxInt32),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) > 1) {
				return usage("unlock_nothing", nil)
			}
			return a.changeLocks(cmd, args[0], func(c *workspace.City) (workspace.LocksChange, error) {
				return c.Unlock(cmd.Context(), args[1:], all)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, a.t("cli.renewal.unlock.flag.all"))
	return cmd
}

func renewalLocksCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "locks CITY.gpkg",
		Short: a.t("cli.renewal.locks.short"),
		Long:  a.t("cli.renewal.locks.long"),
		Args:  exactArgs(1),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, _ []string) error {
			locks, err := city.Locks(cmd.Context())
			if err != nil {
				return err
			}
			slices.SortFunc(locks, func(x, y plottage.Lock) int { return cmp.Compare(x.Parcel, y.Parcel) })
			return a.print(append([]plottage.Lock{}, locks...), func(w io.Writer) error {
				p, err := a.renewalPrinter(cmd.Context(), w, city)
				if err != nil {
					return err
				}
				p.locks(locks)
				return p.err
			})
		}),
	}
}

// changeLocks changes the locks of a city and says what that did.
func (a *app) changeLocks(cmd *cobra.Command, path string, change func(*workspace.City) (workspace.LocksChange, error)) error {
	city, err := a.open(cmd.Context(), path)
	if err != nil {
		return err
	}
	defer city.Close()
	done, err := change(city)
	if err != nil {
		return err
	}
	p, err := a.renewalPrinter(cmd.Context(), a.stdout, city)
	if err != nil {
		return err
	}
	if err := city.Close(); err != nil { // before printing: who reads may stop reading
		return err
	}
	return a.print(done, func(io.Writer) error {
		p.lockChange(done)
		return p.err
	})
}

// mostLockList is how long a list of locks may be, in bytes: room for every parcel of a large city.
const mostLockList = 16 << 20

// readLocks reads a list of locks: a parcel a line, and after it kind, year and note where
// they are others than those given. A first line that begins with “parcel” is a heading.
func readLocks(path string, like plottage.Lock) ([]plottage.Lock, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usageError(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostLockList+1))
	if err != nil {
		return nil, usageError(err)
	}
	if len(text) > mostLockList {
		return nil, usage("lock_list", nil, "file", path, "most", byteSize(mostLockList))
	}
	r := csv.NewReader(textenc.NewReader(bytes.NewReader(text), textenc.Detect(text, true)))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	var locks []plottage.Lock
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return locks, nil
		}
		if err != nil {
			return nil, usageError(err)
		}
		if first && slices.Contains([]string{"parcel", "宗地", "宗地编号", "编号"}, strings.ToLower(strings.TrimSpace(row[0]))) {
			continue
		}
		line, _ := r.FieldPos(0)
		k, err := lockOf(row, like)
		if err != nil {
			return nil, usage("lock_line", nil, "file", path, "line", line, "value", strings.Join(row, ","))
		}
		locks = append(locks, k)
	}
}

// lockOf reads one line of a list of locks; like says what the line leaves open.
func lockOf(row []string, like plottage.Lock) (plottage.Lock, error) {
	k := like
	for i, cell := range row {
		switch cell = strings.TrimSpace(cell); {
		case strings.ContainsRune(cell, utf8.RuneError):
			return k, errors.New("bytes that are no text")
		case i == 0:
			k.Parcel = cell
		case cell == "":
		case i == 1:
			if k.Kind = plottage.LockKind(strings.ToLower(cell)); k.Kind == plottage.LockOut {
				k.Year = 0
			}
		case i == 2:
			year, err := strconv.Atoi(cell)
			if err != nil {
				return k, err
			}
			k.Year = year
		case i == 3:
			k.Note = cell
		default:
			return k, errors.New("too many columns")
		}
	}
	if k.Parcel == "" {
		return k, errors.New("no parcel")
	}
	return k, nil
}

// lockWords says how a parcel is locked.
func (p renewalPrinter) lockWords(k plottage.Lock) string {
	switch {
	case k.Kind == plottage.LockOut:
		return p.t("renewal.lock.out")
	case k.Kind != plottage.LockIn:
		return p.t("renewal.lock.unknown", "kind", string(k.Kind))
	case k.Year != 0:
		return p.t("renewal.lock.in_year", "year", k.Year)
	}
	return p.t("renewal.lock.in")
}

// locks lists locks.
func (p renewalPrinter) locks(locks []plottage.Lock) {
	if len(locks) == 0 {
		p.line(p.t("renewal.lock.none"))
		return
	}
	rows := [][]string{{p.t("renewal.lock.parcel"), p.t("renewal.lock.col"), p.t("renewal.lock.note")}}
	for _, k := range locks {
		rows = append(rows, []string{k.Parcel, p.lockWords(k), k.Note})
	}
	p.table(rows, 1, 2)
}

// lockChange says what a change of locks did: parcels of one lock on one line, and how those
// were locked whose lock was another.
func (p renewalPrinter) lockChange(done workspace.LocksChange) {
	var order []string
	by := map[string][]string{}
	add := func(words, id string) {
		if by[words] == nil {
			order = append(order, words)
		}
		by[words] = append(by[words], id)
	}
	for _, k := range done.Set {
		id := k.Parcel
		if k.Was != nil {
			id = p.t("renewal.lock.was", "parcel", id, "lock", p.lockWords(*k.Was))
		}
		add(p.lockWords(k.Lock), id)
	}
	for _, k := range done.Removed {
		add(p.t("renewal.lock.off"), p.t("renewal.lock.was", "parcel", k.Parcel, "lock", p.lockWords(k)))
	}
	for _, id := range done.Same {
		add(p.t("renewal.lock.same"), id)
	}
	for _, words := range order {
		p.line(p.t("renewal.lock.line", "lock", words, "parcels", strings.Join(by[words], p.t("renewal.comma"))))
	}
	p.line(p.t("renewal.lock.now", "n", done.Locks))
}
