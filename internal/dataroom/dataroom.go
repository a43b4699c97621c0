// Package dataroom is where files wait between being handed in and being taken into
// the city: it keeps the bytes of an upload on disk, has the import reviewed by a
// process of its own, lets the review be paged through, and commits it or forgets it.
//
//	files ──► Room.Open ──► Upload.Receive ──► Room.Review ──► pages ──► Room.Commit
//	           id            disk, limited       what would       row by row   one transaction
//	                                             change                        or nothing
//
// Nothing of an upload is held in memory: bytes go straight to disk, the review is
// written record by record and read back a page at a time.
//
// A commit imports again from the same bytes and refuses when the city has meanwhile
// changed in a way that matters: when what the import would do to any record is no
// longer what the reviewer was shown ([Commit]).
package dataroom

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// DefaultMax is the largest upload taken, in bytes of all its files together.
const DefaultMax = 1 << 30

// mostUploads is how many uploads wait at the same time; mostFiles how many files one has.
const (
	mostUploads = 8
	mostFiles   = 200
)

// Choices are what a person decides about a file before it is reviewed; the zero value
// lets everything be found out. Fields are those of importer.Options.
type Choices struct {
	As             string            `json:"as,omitempty" maxLength:"20"`
	Layers         []string          `json:"layers,omitempty" maxItems:"50"`
	Mapping        *mapping.Mapping  `json:"mapping,omitempty"`
	Set            map[string]string `json:"set,omitempty"`
	Encoding       string            `json:"encoding,omitempty" maxLength:"40"`
	EPSG           int               `json:"epsg,omitempty"`
	SwapXY         bool              `json:"swap_xy,omitempty"`
	Shift          string            `json:"shift,omitempty" enum:",gcj02,bd09"`
	AssumeCGCS2000 bool              `json:"assume_cgcs2000,omitempty"`
	PointArea      bool              `json:"point_area,omitempty"`
	Class          string            `json:"class,omitempty" enum:",administrative,registry,declared,statistical,open"`
	Owner          string            `json:"owner,omitempty" maxLength:"200"`
	AsOf           string            `json:"as_of,omitempty" maxLength:"10"`
}

// options turns choices into options of an import.
func (c Choices) options() (importer.Options, error) {
	o := importer.Options{As: c.As, Layers: c.Layers, Set: c.Set, Encoding: c.Encoding, EPSG: c.EPSG, SwapXY: c.SwapXY, Shift: c.Shift,
		AssumeCGCS2000: c.AssumeCGCS2000, PointArea: c.PointArea, Class: plottage.SourceClass(c.Class), Owner: c.Owner}
	if c.Mapping != nil {
		if err := c.Mapping.Check(""); err != nil {
			return o, err
		}
		o.Mapping = c.Mapping
	}
	if c.AsOf != "" {
		d, err := plottage.ParseDate(c.AsOf)
		if err != nil {
			return o, &plottage.Error{Code: plottage.Usage, Key: "data_date", Args: map[string]any{"value": c.AsOf}}
		}
		o.AsOf = d
	}
	return o, nil
}

// IntakeStep is how far a review or a commit has come.
type IntakeStep struct {
	Stage string `json:"stage"` // read, repair, save
	Done  int    `json:"done"`
	Total int    `json:"total"` // 0: not known
}

// Request is what a reviewing or committing process is asked.
type Request struct {
	Path    string  `json:"path"` // file or folder to import
	Dir     string  `json:"dir"`  // of the review
	Choices Choices `json:"choices"`
	Who     string  `json:"who,omitempty"` // in whose name; "" the account the program runs under
}

// Room keeps the uploads of one run of the program. It is safe for concurrent use.
type Room struct {
	root string
	max  int64

	mu   sync.Mutex
	last int64
	list []*Upload // oldest first
	turn chan struct{}
}

// NewRoom makes a room in a temporary folder. An upload may hold max bytes; 0 means
// [DefaultMax].
func NewRoom(max int64) (*Room, error) {
	if max <= 0 {
		max = DefaultMax
	}
	root, err := os.MkdirTemp("", "plottage-data-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for uploads: %w", err)
	}
	return &Room{root: root, max: max, turn: make(chan struct{}, 1)}, nil
}

// Max is the largest upload taken, in bytes.
func (r *Room) Max() int64 { return r.max }

// Close stops what is under way and removes every upload.
func (r *Room) Close() error {
	r.mu.Lock()
	list := slices.Clone(r.list)
	r.list = nil
	r.mu.Unlock()
	for _, u := range list {
		u.stop()
	}
	return os.RemoveAll(r.root)
}

// Open starts an upload of files whose names and sizes the sender states. It is refused
// with words when they are too many or too large, before a byte is sent.
func (r *Room) Open(files []StagedFile) (*Upload, error) {
	if len(files) == 0 || len(files) > mostFiles {
		return nil, problem(plottage.Usage, "data_files", "count", len(files), "most", mostFiles)
	}
	total := int64(0)
	seen := map[string]bool{}
	for i, f := range files {
		name, err := cleanName(f.Name)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, problem(plottage.Usage, "data_file_twice", "file", name)
		}
		seen[name] = true
		files[i] = StagedFile{Name: name, Size: max(f.Size, 0)}
		if most := (layer.Limits{}).WithDefaults().FileBytes; f.Size > most { // no import would read it
			return nil, problem(plottage.Limit, "import_too_large", "file", name, "megabytes", most>>20)
		}
		total += files[i].Size
	}
	if total > r.max {
		return nil, tooLarge(r.max)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.makeRoom(); err != nil {
		return nil, err
	}
	r.last++
	u := newUpload(r.last, filepath.Join(r.root, strconv.FormatInt(r.last, 10)), files, r.max)
	if err := os.MkdirAll(u.folder(), 0o700); err != nil {
		return nil, err
	}
	r.list = append(r.list, u)
	return u, nil
}

// makeRoom forgets the oldest upload that is over when there are too many.
func (r *Room) makeRoom() error {
	if len(r.list) < mostUploads {
		return nil
	}
	for i, u := range r.list {
		if state := u.Look().State; state == Committed || state == Broken || state == Denied {
			r.list = slices.Delete(r.list, i, i+1)
			return u.remove()
		}
	}
	return problem(plottage.Conflict, "data_room_full", "most", mostUploads)
}

// Find returns an upload by its number.
func (r *Room) Find(id int64) (*Upload, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.list {
		if u.id == id {
			return u, nil
		}
	}
	return nil, problem(plottage.NotFound, "data_no_upload", "id", id)
}

// List returns all uploads, newest first.
func (r *Room) List() []Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Info, 0, len(r.list))
	for _, u := range slices.Backward(r.list) {
		out = append(out, u.Look())
	}
	return out
}

// Discard stops what is under way with an upload and removes its files.
func (r *Room) Discard(id int64) error {
	u, err := r.Find(id)
	if err != nil {
		return err
	}
	if u.Look().State == Committing {
		return problem(plottage.Conflict, "data_committing")
	}
	r.mu.Lock()
	r.list = slices.DeleteFunc(r.list, func(o *Upload) bool { return o == u })
	r.mu.Unlock()
	u.stop()
	return u.remove()
}

func problem(code plottage.Code, key string, args ...any) *plottage.Error {
	e := &plottage.Error{Code: code, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

func tooLarge(max int64) error {
	return problem(plottage.Limit, "data_too_large", "most", fmt.Sprintf("%d MB", max>>20))
}

// asError makes an error of the program's own kind of any error.
func asError(err error) *plottage.Error {
	var e *plottage.Error
	if errors.As(err, &e) {
		return e
	}
	return &plottage.Error{Code: plottage.Internal, Key: "serve_internal", Err: err}
}
