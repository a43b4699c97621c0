// Package server shows one open city in a browser: the screens of package web, a
// JSON API described by /openapi.json, and vector tiles cut from memory.
//
// It reads a [City] into an immutable snapshot, answers every request from it, and
// looks from time to time whether the city has a newer version, in which case it
// reads a new snapshot and puts it in the place of the old one: a request sees one
// version of the city or the other, never a mixture.
//
// There is no access control yet. [Listen] therefore takes a loopback address only,
// and every request must name the loopback host: a page of another site can neither
// reach the server by a rebound name nor post to it.
package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// City is the part of a workspace.City that the server reads.
type City interface {
	Meta(ctx context.Context) (workspace.Meta, error)
	Sources(ctx context.Context) ([]plottage.Source, error)
	FieldClasses(ctx context.Context) ([]workspace.FieldClass, error)
	Parcels(ctx context.Context) ([]plottage.Parcel, error)
	Firms(ctx context.Context) ([]plottage.Firm, error)
	Holdings(ctx context.Context) ([]plottage.Holding, error)
	Buildings(ctx context.Context) ([]plottage.Building, error)
	Projects(ctx context.Context) ([]plottage.Project, error)
	Towns(ctx context.Context) ([]plottage.Town, error)
	Ways(ctx context.Context) ([]plottage.Way, error)
	Locks(ctx context.Context) ([]plottage.Lock, error)
	Runs(ctx context.Context) ([]plottage.Run, error)
	Run(ctx context.Context, id int64) (plottage.Run, error)
	Verdicts(ctx context.Context, pack string) ([]plottage.Verdict, error)
	Clustering(ctx context.Context) (workspace.Clustering, error)
	Plan(ctx context.Context, id int64) (plottage.Plan, error)
	Plans(ctx context.Context) ([]plottage.Plan, error)
	Packs(ctx context.Context) ([]*land.Pack, error)
	Explain(ctx context.Context, parcel, pack string) (workspace.Explanation, error)
	ShowRenewal(ctx context.Context, plan int64, parcels []string) (workspace.Shown, error)
	ExplainBlocks(ctx context.Context, plan int64, blocks []string) (workspace.BlocksShown, error)
	Register
	export.Store
}

// Options of a server. The zero value works without screens and without a log.
type Options struct {
	File string        // shown in hints: the commands to run next
	UI   fs.FS         // built screens with index.html; nil or empty: a page that says how to build them
	Log  *slog.Logger  // nil: no log
	Poll time.Duration // how often to look for a newer version of the city; 0: two seconds
	Desk Desk          // where the city is changed and planned; nil: the server only shows it

	// Analyst answers questions about plans; nil: the server answers none.
	Analyst   Analyst
	ReadOnly  bool         // whoever asks may look and nothing else
	ShareOn   net.Listener // where share links can be opened by others; nil: nowhere
	MaxUpload int64        // largest upload in bytes; 0: dataroom.DefaultMax
	Basemap   *Basemap     // lies under the parcels; nil: nothing does
}

// Server answers requests about one city. It is safe for concurrent use.
type Server struct {
	city    City
	opts    Options
	log     *slog.Logger
	born    string // names this run of the program, so that a page notices a restart
	now     atomic.Pointer[snapshot]
	warming atomic.Pointer[context.CancelFunc] // ends the cutting of tiles nobody asked for yet
	handler http.Handler

	life    context.Context // of solves and checks: they end with the server
	writing sync.Mutex      // one change at a time
	reading sync.Mutex      // one new snapshot at a time
	busy    sync.WaitGroup  // jobs and checks under way
	solves  queue[SolveInfo, *SolveInfo]
	studies queue[StudyInfo, *StudyInfo]

	landJobs queue[LandJob, *LandJob]
	checks   checks
	shares   shares
	writes   chan struct{}  // one file to hand over is written at a time
	room     *dataroom.Room // of uploads; nil when nothing can be taken in

	problems problems
}

// New reads the city and returns its server. born names this run of the program
// (any word that differs from run to run). When ctx ends, solves under way end too.
func New(ctx context.Context, city City, born string, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Poll == 0 {
		opts.Poll = 2 * time.Second
	}
	s := &Server{city: city, opts: opts, log: opts.Log, born: born, life: ctx, writes: make(chan struct{}, 1), checks: checks{known: map[int64]CheckInfo{}}}
	snap, err := load(ctx, city)
	if err != nil {
		return nil, err
	}
	s.now.Store(snap)
	if _, ok := opts.Desk.(dataroom.Runner); ok {
		if s.room, err = dataroom.NewRoom(opts.MaxUpload); err != nil {
			return nil, err
		}
	}
	s.handler = s.routes()
	return s, nil
}

// Handler returns the handler of all routes, guards included.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers requests on ln until ctx ends, then lets requests under way finish
// for at most three seconds.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	if s.opts.ShareOn != nil {
		outside := &http.Server{Handler: s.ShareHandler(), ReadHeaderTimeout: srv.ReadHeaderTimeout, ReadTimeout: srv.ReadTimeout,
			WriteTimeout: srv.WriteTimeout, IdleTimeout: srv.IdleTimeout, MaxHeaderBytes: srv.MaxHeaderBytes, ErrorLog: srv.ErrorLog}
		go func() { _ = outside.Serve(s.opts.ShareOn) }()
		defer outside.Close()
	}
	s.show(s.now.Load())
	go s.follow(ctx)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	select {
	case err := <-done:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	err := srv.Shutdown(grace)
	s.busy.Wait() // a solve that ends with the server keeps its best plan
	return errors.Join(err, s.Close())
}

// Close removes what was uploaded and not taken in. Serve does it when it ends.
func (s *Server) Close() error {
	if s.room == nil {
		return nil
	}
	return s.room.Close()
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	s.addAPI(mux)
	mux.HandleFunc("GET /tiles/{z}/{x}/{file}", s.serveTile)
	mux.HandleFunc("GET /basemap/{tag}/{z}/{x}/{y}", s.serveBasemap)
	standards := s.openStandards()
	mux.Handle("GET /ogc", standards)
	mux.Handle("GET /ogc/", standards)
	mux.Handle("GET /", screens(s.opts.UI))
	return s.guard(s.lookers(mux))
}
