package server

import (
	"context"
	"net/http"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
)

// UploadInfo is an upload as it stands.
type UploadInfo struct {
	ID       int64                 `json:"id"`
	State    string                `json:"state" enum:"receiving,waiting,reviewing,ready,asking,refused,failed,committing,committed"`
	Name     string                `json:"name"`
	Files    []dataroom.StagedFile `json:"files"`
	Choices  dataroom.Choices      `json:"choices"`
	Step     *dataroom.IntakeStep  `json:"step" doc:"while it is read or saved"`
	Problem  *Problem              `json:"problem" doc:"when a person has to decide, or it cannot be taken"`
	Findings *dataroom.Findings    `json:"findings" doc:"of the last review"`
	Source   int64                 `json:"source" doc:"in the city, once committed"`
	Twin     int64                 `json:"twin" doc:"source of the same bytes that the city has already, 0 none"`
	Behind   bool                  `json:"behind" doc:"the city has changed since the review"`
}

func uploadInfo(snap *snapshot, i dataroom.Info) UploadInfo {
	info := UploadInfo{ID: i.ID, State: string(i.State), Name: i.Name, Files: i.Files, Choices: i.Choices, Step: i.Step, Findings: i.Findings, Source: i.Source}
	if i.Problem != nil {
		info.Problem = problemOf(i.Problem)
	}
	if f := i.Findings; f != nil {
		info.Behind = f.Version != snap.meta.Version && i.State != dataroom.Committed
		for id, src := range snap.sources {
			if src.SHA256 == f.SHA256 && f.SHA256 != "" && id != i.Source {
				info.Twin = max(info.Twin, id)
			}
		}
	}
	return info
}

// UploadAsk announces files.
type UploadAsk struct {
	Files []AnnouncedFile `json:"files" maxItems:"200" minItems:"1"`
}

// AnnouncedFile is a file to come.
type AnnouncedFile struct {
	Name string `json:"name" maxLength:"400"`
	Size int64  `json:"size" minimum:"0"`
}

type uploadInput struct{ Body UploadAsk }

func (s *Server) postUpload(ctx context.Context, snap *snapshot, in *uploadInput) (UploadInfo, error) {
	room, _, err := s.takesIn(ctx)
	if err != nil {
		return UploadInfo{}, err
	}
	files := make([]dataroom.StagedFile, len(in.Body.Files))
	for i, f := range in.Body.Files {
		files[i] = dataroom.StagedFile{Name: f.Name, Size: f.Size}
	}
	u, err := room.Open(files)
	if err != nil {
		return UploadInfo{}, err
	}
	return uploadInfo(snap, u.Look()), nil
}

type uploadIDInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getUpload(ctx context.Context, snap *snapshot, in *uploadIDInput) (UploadInfo, error) {
	room, _, err := s.takesIn(ctx)
	if err != nil {
		return UploadInfo{}, err
	}
	u, err := room.Find(in.ID)
	if err != nil {
		return UploadInfo{}, err
	}
	return uploadInfo(snap, u.Look()), nil
}

type reviewInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body dataroom.Choices
}

func (s *Server) postReview(ctx context.Context, snap *snapshot, in *reviewInput) (UploadInfo, error) {
	room, run, err := s.takesIn(ctx)
	if err != nil {
		return UploadInfo{}, err
	}
	u, err := room.Find(in.ID)
	if err == nil {
		err = room.Review(s.life, u, in.Body, run)
	}
	if err != nil {
		return UploadInfo{}, err
	}
	return uploadInfo(snap, u.Look()), nil
}

// CommitAsk says in whose name an upload is committed.
type CommitAsk struct {
	Who string `json:"who" maxLength:"80" doc:"empty: the account the program runs under"`
}

type commitInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body CommitAsk
}

func (s *Server) postCommit(ctx context.Context, snap *snapshot, in *commitInput) (UploadInfo, error) {
	room, run, err := s.takesIn(ctx)
	if err != nil {
		return UploadInfo{}, err
	}
	u, err := room.Find(in.ID)
	if err == nil {
		// What is new shows on the map before the page is told that it is in.
		err = room.Commit(s.life, u, in.Body.Who, run, func() { _ = s.refresh(context.WithoutCancel(s.life)) })
	}
	if err != nil {
		return UploadInfo{}, err
	}
	return uploadInfo(snap, u.Look()), nil
}

func (s *Server) deleteUpload(ctx context.Context, _ *snapshot, in *uploadIDInput) (DataDone, error) {
	room, _, err := s.takesIn(ctx)
	if err != nil {
		return DataDone{}, err
	}
	return DataDone{in.ID}, room.Discard(in.ID)
}

// DataDone names an upload that is gone.
type DataDone struct {
	ID int64 `json:"id"`
}

// ReviewPage is a page of what an upload would change.
type ReviewPage struct {
	Total int                   `json:"total"`
	From  int                   `json:"from"`
	Lines []dataroom.ReviewLine `json:"lines"`
}

type rowsInput struct {
	ID   int64  `path:"id" minimum:"1"`
	Kind string `query:"kind" enum:"refused,repaired,new,changed" required:"true"`
	From int    `query:"from" minimum:"0"`
	Size int    `query:"size" minimum:"1" maximum:"100" default:"50"`
}

func (s *Server) getRows(ctx context.Context, _ *snapshot, in *rowsInput) (ReviewPage, error) {
	room, _, err := s.takesIn(ctx)
	if err != nil {
		return ReviewPage{}, err
	}
	u, err := room.Find(in.ID)
	if err != nil {
		return ReviewPage{}, err
	}
	lines, total, err := u.Page(in.Kind, in.From, in.Size)
	return ReviewPage{total, in.From, lines}, err
}

// problemStatus is the HTTP status of an error's code beyond those every route knows.
func problemStatus(code plottage.Code) int {
	if code == plottage.Limit {
		return http.StatusRequestEntityTooLarge
	}
	return 0
}
