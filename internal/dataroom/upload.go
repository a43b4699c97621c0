package dataroom

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/plottage/plottage"
)

// State is where an upload stands.
type State string

// The states of an upload.
const (
	Receiving  State = "receiving"  // files are coming in
	Waiting    State = "waiting"    // for another review to end
	Reviewing  State = "reviewing"  // being read
	Ready      State = "ready"      // the review can be looked at and committed
	Asking     State = "asking"     // a person has to decide something first
	Denied     State = "refused"    // the file cannot be taken
	Broken     State = "failed"     // reading ran out of time or memory, or broke
	Committing State = "committing" // being saved
	Committed  State = "committed"  // in the city
)

// StagedFile is one file of an upload.
type StagedFile struct {
	Name     string `json:"name"`
	Size     int64  `json:"size"`     // as the sender stated it
	Received int64  `json:"received"` // on disk so far
}

// Info is an upload as it stands.
type Info struct {
	ID       int64           `json:"id"`
	State    State           `json:"state"`
	Name     string          `json:"name"` // of the file or folder that is imported
	Files    []StagedFile    `json:"files"`
	Choices  Choices         `json:"choices"`
	Step     *IntakeStep     `json:"step"`
	Problem  *plottage.Error `json:"problem"`
	Findings *Findings       `json:"findings"` // of the last review
	Source   int64           `json:"source"`   // in the city, once committed
}

// Upload is some files on their way into the city. It is safe for concurrent use.
type Upload struct {
	id  int64
	dir string
	max int64

	mu     sync.Mutex
	info   Info
	cancel context.CancelFunc // of the review under way
	round  int                // of reviews
	gone   bool
	done   sync.WaitGroup // reviews and commits under way
}

func newUpload(id int64, dir string, files []StagedFile, max int64) *Upload {
	u := &Upload{id: id, dir: dir, max: max}
	u.info = Info{ID: id, State: Receiving, Files: files, Name: sourceName(files)}
	return u
}

// Look returns the upload as it stands.
func (u *Upload) Look() Info {
	u.mu.Lock()
	defer u.mu.Unlock()
	info := u.info
	info.Files = append([]StagedFile{}, u.info.Files...)
	return info
}

func (u *Upload) change(f func(*Info)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f(&u.info)
}

// folder is where the files lie. It bears a name that says something, for it names the
// source of an import of several files.
func (u *Upload) folder() string { return filepath.Join(u.dir, "in", u.info.Name) }

// path is what is imported: a file alone, the .shp among its companions, or the folder.
func (u *Upload) path() string {
	files := u.Look().Files
	if len(files) == 1 {
		return filepath.Join(u.folder(), files[0].Name)
	}
	if shp := soleShape(files); shp != "" {
		return filepath.Join(u.folder(), shp)
	}
	return u.folder()
}

// soleShape is the one shapefile that all other files belong to, "" when it is not so.
func soleShape(files []StagedFile) string {
	shp := ""
	for _, f := range files {
		if strings.EqualFold(filepath.Ext(f.Name), ".shp") {
			if shp != "" {
				return ""
			}
			shp = f.Name
		}
	}
	for _, f := range files {
		stem, _, _ := strings.Cut(f.Name, ".")
		if want, _, _ := strings.Cut(shp, "."); shp == "" || !strings.EqualFold(stem, want) {
			return ""
		}
	}
	return shp
}

func sourceName(files []StagedFile) string {
	stem := strings.TrimSuffix(files[0].Name, filepath.Ext(files[0].Name))
	if stem == "" {
		return files[0].Name
	}
	return stem
}

// cleanName makes a file name of what a sender calls a file: no folder, nothing hidden,
// nothing a file system would trip over.
func cleanName(name string) (string, error) {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"|?*`, r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	if name == "" || len(name) > 200 {
		return "", problem(plottage.Usage, "data_file_name")
	}
	return name, nil
}

// Receive writes one announced file to disk as it comes. What goes beyond the upload's
// limit is refused while it comes, whatever size the sender had stated; a transfer that
// breaks off leaves nothing of the file.
func (u *Upload) Receive(name string, body io.Reader) error {
	at, rest, err := u.expect(name)
	if err != nil {
		return err
	}
	path := filepath.Join(u.folder(), name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(counted{f, u, at}, io.LimitReader(body, rest+1))
	if err == nil && n > rest {
		err = tooLarge(u.max)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(path)
		u.change(func(i *Info) { i.Files[at].Received = 0 })
		if errors.Is(err, syscall.ENOSPC) {
			return problem(plottage.Limit, "data_disk_full")
		}
		return err
	}
	u.change(func(i *Info) { i.Files[at].Received, i.Files[at].Size = n, n })
	return nil
}

// expect returns the place of an announced file and how many bytes it may have.
func (u *Upload) expect(name string) (at int, rest int64, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.gone {
		return 0, 0, problem(plottage.NotFound, "data_no_upload", "id", u.id)
	}
	if u.info.State != Receiving {
		return 0, 0, problem(plottage.Conflict, "data_received")
	}
	rest, at = u.max, -1
	for i, f := range u.info.Files {
		if f.Name == name {
			at = i
		} else {
			rest -= f.Received
		}
	}
	if at < 0 {
		return 0, 0, problem(plottage.NotFound, "data_no_file", "file", name)
	}
	return at, rest, nil
}

// counted tells the upload how much of a file is on disk.
type counted struct {
	w  io.Writer
	u  *Upload
	at int
}

// Write implements io.Writer.
func (c counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.u.change(func(i *Info) { i.Files[c.at].Received += int64(n) })
	return n, err
}

// stop ends a review under way and waits for it.
func (u *Upload) stop() {
	u.mu.Lock()
	u.gone = true
	if u.cancel != nil {
		u.cancel()
	}
	u.mu.Unlock()
	u.done.Wait()
}

func (u *Upload) remove() error { return os.RemoveAll(u.dir) }
