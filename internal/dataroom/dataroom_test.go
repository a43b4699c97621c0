package dataroom_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/workspace"
)

func TestMain(m *testing.M) {
	importer.ChildMain()
	os.Exit(m.Run())
}

func now() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }

// inside runs reviews and commits in the test's own process.
type inside struct{ store workspace.Store }

func (r inside) Review(ctx context.Context, q dataroom.Request, step func(dataroom.IntakeStep)) error {
	return dataroom.Review(ctx, r.store, now, q, step)
}

func (r inside) Commit(ctx context.Context, q dataroom.Request, step func(dataroom.IntakeStep)) (int64, error) {
	return dataroom.Commit(ctx, r.store, "wang", now, q, step)
}

// desk is a room beside a city of its own.
type desk struct {
	*testing.T
	room  *dataroom.Room
	store workspace.Store
}

func open(t *testing.T, max int64) desk {
	t.Helper()
	room, err := dataroom.NewRoom(max)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	store, err := gpkg.Create(t.Context(), filepath.Join(t.TempDir(), "city.gpkg"), workspace.Meta{EPSG: 4549, Currency: "CNY"}, "test", now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return desk{t, room, store}
}

// hand brings files in, by turns name and text.
func (d desk) hand(files ...string) *dataroom.Upload {
	d.Helper()
	var list []dataroom.StagedFile
	for i := 0; i < len(files); i += 2 {
		list = append(list, dataroom.StagedFile{Name: files[i], Size: int64(len(files[i+1]))})
	}
	u, err := d.room.Open(list)
	if err != nil {
		d.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		if err := u.Receive(files[i], strings.NewReader(files[i+1])); err != nil {
			d.Fatal(err)
		}
	}
	return u
}

func (d desk) settled(u *dataroom.Upload) dataroom.Info {
	d.Helper()
	for range 3000 {
		switch info := u.Look(); info.State {
		case dataroom.Waiting, dataroom.Reviewing, dataroom.Committing:
			time.Sleep(5 * time.Millisecond)
		default:
			return info
		}
	}
	d.Fatal("it never ends")
	return dataroom.Info{}
}

func (d desk) review(u *dataroom.Upload, c dataroom.Choices) dataroom.Info {
	d.Helper()
	if err := d.room.Review(d.Context(), u, c, inside{d.store}); err != nil {
		d.Fatal(err)
	}
	return d.settled(u)
}

func (d desk) commit(u *dataroom.Upload) dataroom.Info {
	d.Helper()
	if err := d.room.Commit(d.Context(), u, "", inside{d.store}, func() {}); err != nil {
		d.Fatal(err)
	}
	return d.settled(u)
}

func (d desk) version() int64 {
	d.Helper()
	m, err := d.store.Meta(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return m.Version
}

const polygon = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4549"}},"features":[
{"type":"Feature","properties":{"宗地代码":"A1","权利人":"甲"},"geometry":{"type":"Polygon","coordinates":[[[500000,3240000],[500100,3240000],[500100,3240100],[500000,3240100],[500000,3240000]]]}},
{"type":"Feature","properties":{"宗地代码":"A2","权利人":"乙"},"geometry":{"type":"Polygon","coordinates":[[[500200,3240000],[500300,3240100],[500300,3240000],[500200,3240100],[500200,3240000]]]}},
{"type":"Feature","properties":{"宗地代码":"A3","权利人":"丙"},"geometry":{"type":"Polygon","coordinates":[[[500400,3240000],[500400,3240000],[500400,3240000],[500400,3240000]]]}}]}`

// One good row, one bow tie that is mended, one row without land that goes back.
func TestAReviewShowsEveryRowAndSavesNothing(t *testing.T) {
	d := open(t, 0)
	before := d.version()
	u := d.hand("宗地.geojson", polygon)
	info := d.review(u, dataroom.Choices{})
	if info.State != dataroom.Ready || d.version() != before {
		t.Fatalf("%s at version %d: %+v", info.State, d.version(), info.Problem)
	}
	if c := info.Findings.Counts; c["new"] != 2 || c["repaired"] != 1 || c["refused"] != 1 || c["changed"] != 0 {
		t.Errorf("counts %v", c)
	}
	mended, n, err := u.Page("repaired", 0, 50)
	if err != nil || n != 1 || len(mended) != 1 || mended[0].Key != "A2" || mended[0].Row != 2 || mended[0].Before == nil || mended[0].After == nil {
		t.Fatalf("%v, %d repaired: %+v", err, n, mended)
	}
	back, _, err := u.Page("refused", 0, 50)
	if err != nil || len(back) != 1 || back[0].Values["权利人"] != "丙" || len(back[0].Issues) == 0 {
		t.Errorf("%v, refused: %+v", err, back)
	}
	fresh, n, err := u.Page("new", 1, 50)
	if err != nil || n != 2 || len(fresh) != 1 || fresh[0].Key != "A2" {
		t.Errorf("%v, the second page of %d new: %+v", err, n, fresh)
	}
	if none, _, err := u.Page("new", 9, 50); err != nil || len(none) != 0 {
		t.Errorf("beyond the end: %v %v", none, err)
	}
}

func TestTheFixListNamesRowFieldAndRemedy(t *testing.T) {
	d := open(t, 0)
	u := d.hand("宗地.geojson", polygon)
	d.review(u, dataroom.Choices{})
	for lang, head := range map[string]string{"zh": "处理办法", "en": "what to do"} {
		var b bytes.Buffer
		if err := u.WriteFixes(&b, lang); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("issues")
		if err != nil || len(rows) < 3 || !strings.Contains(strings.Join(rows[0], " "), head) {
			t.Errorf("%s: %v %q", lang, err, rows)
		}
		if len(rows) > 1 && (rows[1][1] != "宗地.geojson" || rows[1][3] != "3" || rows[1][6] == "") {
			t.Errorf("%s: the refused row stands first: %q", lang, rows[1])
		}
	}
	if u.Refused() == "" {
		t.Error("the refused row is not given back")
	}
}

// Rows that became one record, and rows that may be one twice, stand in the lists and in
// the workbook with their figures.
func TestRowsOfOneRecordAreShownBeforeTheyCount(t *testing.T) {
	d := open(t, 0)
	d.commitFirst()
	u := d.hand("表.csv", "宗地代码,建筑面积(平方米)\nA1,5000\nA1,1200\nA2,800\nA2,804\n")
	info := d.review(u, dataroom.Choices{})
	if info.State != dataroom.Ready {
		t.Fatalf("%s %+v", info.State, info.Problem)
	}
	added, _, err := u.Page("repaired", 0, 50)
	if err != nil || len(added) != 1 || added[0].Key != "A1" || added[0].Row != 2 || added[0].Issues[0].Args["values"] != "5000 + 1200" {
		t.Errorf("%v, added up: %+v", err, added)
	}
	back, _, err := u.Page("refused", 0, 50)
	if err != nil || len(back) != 1 || back[0].Row != 5 || back[0].Issues[0].Key != "row_twin" || back[0].Values["宗地代码"] != "A2" {
		t.Errorf("%v, another version: %+v", err, back)
	}
	var b bytes.Buffer
	if err := u.WriteFixes(&b, "en"); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("issues")
	if err != nil || len(rows) < 3 || !strings.Contains(rows[1][6], "800 there, 804 here") || !strings.Contains(rows[2][6], "5000 + 1200 = 6200") {
		t.Errorf("%v: %q", err, rows)
	}
}

func TestACommitTakesWhatWasShown(t *testing.T) {
	d := open(t, 0)
	u := d.hand("宗地.geojson", polygon)
	d.review(u, dataroom.Choices{Owner: "资规局", AsOf: "2026-10-01"})
	if info := d.commit(u); info.State != dataroom.Committed || info.Source != 1 {
		t.Fatalf("%+v %+v", info.State, info.Problem)
	}
	parcels, err := d.store.Parcels(t.Context())
	if err != nil || len(parcels) != 2 {
		t.Fatalf("%v: %d parcels", err, len(parcels))
	}
	sources, _ := d.store.Sources(t.Context())
	if s := sources[0]; s.Name != "宗地.geojson" || s.Owner != "资规局" || s.AsOf != "2026-10-01" {
		t.Errorf("source %+v", s)
	}
	if err := d.room.Commit(t.Context(), u, "", inside{d.store}, func() {}); plottage.CodeOf(err) != plottage.Conflict {
		t.Errorf("a second time: %v", err)
	}
}

// Somebody edits the city between the review and the commit.
func TestACommitRefusesWhenTheCityChangedWhereItMatters(t *testing.T) {
	d := open(t, 0)
	d.commitFirst()
	again := strings.ReplaceAll(polygon, `"权利人":"甲"`, `"权利人":"甲二"`)
	u := d.hand("宗地.geojson", again)
	info := d.review(u, dataroom.Choices{})
	if c := info.Findings.Counts; c["changed"] != 1 || c["same"] != 1 {
		t.Fatalf("counts %v", c)
	}
	if err := d.store.EditParcel(t.Context(), "li", d.version(), "A1", map[string]any{"owner": "丁"}); err != nil {
		t.Fatal(err)
	}
	before := d.version()
	info = d.commit(u)
	if info.State != dataroom.Ready || info.Problem == nil || info.Problem.Code != plottage.Conflict || info.Problem.Args["records"] != "A1" {
		t.Fatalf("%s %+v", info.State, info.Problem)
	}
	if who := info.Problem.Args["changes"].(string); !strings.Contains(who, "li") {
		t.Errorf("who changed it: %q", who)
	}
	if d.version() != before {
		t.Error("a refused commit changed the city")
	}
	if d.review(u, dataroom.Choices{}); d.commit(u).State != dataroom.Committed {
		t.Errorf("after another look: %+v", u.Look().Problem)
	}
}

func TestACommitGoesThroughWhenTheChangeTouchesNothingOfIt(t *testing.T) {
	d := open(t, 0)
	d.commitFirst()
	u := d.hand("宗地.geojson", strings.ReplaceAll(polygon, `"权利人":"甲"`, `"权利人":"甲二"`))
	d.review(u, dataroom.Choices{})
	if err := d.store.SetLocks(t.Context(), "li", d.version(), []plottage.Lock{{Parcel: "A1", Kind: plottage.LockIn}}); err != nil {
		t.Fatal(err)
	}
	if info := d.commit(u); info.State != dataroom.Committed {
		t.Errorf("%s %+v", info.State, info.Problem)
	}
}

func (d desk) commitFirst() {
	d.Helper()
	u := d.hand("宗地.geojson", polygon)
	d.review(u, dataroom.Choices{})
	if info := d.commit(u); info.State != dataroom.Committed {
		d.Fatalf("%+v", info.Problem)
	}
}

func TestAFileThatCannotBeTakenChangesNothing(t *testing.T) {
	d := open(t, 0)
	before := d.version()
	for name, want := range map[string]dataroom.State{"broken.geojson": dataroom.Denied, "empty.csv": dataroom.Denied, "words.csv": dataroom.Asking} {
		text := map[string]string{"broken.geojson": `{"type":"FeatureCollection","features":[{`, "empty.csv": "\n", "words.csv": "q,w\n1,2\n"}[name]
		u := d.hand(name, text)
		info := d.review(u, dataroom.Choices{})
		if info.State != want || info.Problem == nil {
			t.Errorf("%s: %s %+v", name, info.State, info.Problem)
		}
		if err := d.room.Commit(t.Context(), u, "", inside{d.store}, func() {}); plottage.CodeOf(err) != plottage.Conflict {
			t.Errorf("%s committed: %v", name, err)
		}
	}
	if d.version() != before {
		t.Error("the city changed")
	}
}

func TestChoicesSteerTheReview(t *testing.T) {
	d := open(t, 0)
	u := d.hand("firms.csv", "q,w\nF1,甲公司\nF2,乙公司\n")
	info := d.review(u, dataroom.Choices{As: "firms"})
	if info.State != dataroom.Asking {
		t.Fatalf("%s %+v", info.State, info.Problem)
	}
	m := info.Findings.Mappings
	if len(m) != 1 {
		t.Fatalf("nothing to choose columns from: %+v", info.Findings)
	}
	m[0].Columns[0].Field, m[0].Columns[1].Field = "id", "name"
	if info = d.review(u, dataroom.Choices{Mapping: &m[0]}); info.State != dataroom.Ready || info.Findings.Records["firm"] != 2 {
		t.Errorf("%s %+v %+v", info.State, info.Problem, info.Findings)
	}
	m[0].Columns[1].Field = "nonsense"
	if err := d.room.Review(t.Context(), u, dataroom.Choices{Mapping: &m[0]}, inside{d.store}); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("a field that does not exist: %v", err)
	}
}

// endless never ends, as a drop of many gigabytes would.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func TestTooMuchIsRefusedBeforeAndWhileItComes(t *testing.T) {
	d := open(t, 1<<20)
	_, err := d.room.Open([]dataroom.StagedFile{{Name: "city.gpkg", Size: 2 << 30}})
	if plottage.CodeOf(err) != plottage.Limit {
		t.Errorf("2 GiB announced: %v", err)
	}
	u, err := d.room.Open([]dataroom.StagedFile{{Name: "city.gpkg", Size: 10}})
	if err != nil {
		t.Fatal(err)
	}
	e := &endless{}
	if err := u.Receive("city.gpkg", e); plottage.CodeOf(err) != plottage.Limit {
		t.Errorf("a sender that lies: %v", err)
	}
	if e.read > 2<<20 {
		t.Errorf("%d bytes were read of it", e.read)
	}
	if err := d.room.Review(t.Context(), u, dataroom.Choices{}, inside{d.store}); plottage.CodeOf(err) != plottage.Usage {
		t.Errorf("reviewed all the same: %v", err)
	}
}

func TestATransferThatBreaksOffLeavesNothing(t *testing.T) {
	d := open(t, 0)
	u, err := d.room.Open([]dataroom.StagedFile{{Name: "a.csv", Size: 100}})
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Receive("a.csv", io.MultiReader(strings.NewReader("id,name\n"), broken{})); err == nil {
		t.Error("no error")
	}
	if f := u.Look().Files[0]; f.Received != 0 {
		t.Errorf("%d bytes are kept", f.Received)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

func TestNamesOfFilesCannotLeaveTheRoom(t *testing.T) {
	d := open(t, 0)
	u, err := d.room.Open([]dataroom.StagedFile{{Name: `..\..\etc/../passwd:宗地?.csv`, Size: 1}})
	if err != nil || u.Look().Files[0].Name != "passwd_宗地_.csv" {
		t.Fatalf("%v %+v", err, u.Look().Files)
	}
	for _, name := range []string{"", "..", "/", ".", strings.Repeat("长", 100)} {
		if _, err := d.room.Open([]dataroom.StagedFile{{Name: name, Size: 1}}); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := u.Receive("other.csv", strings.NewReader("x")); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("a file that was not announced: %v", err)
	}
}

func TestDiscardedIsGone(t *testing.T) {
	d := open(t, 0)
	u := d.hand("宗地.geojson", polygon)
	d.review(u, dataroom.Choices{})
	if err := d.room.Discard(1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.room.Find(1); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("found: %v", err)
	}
	if err := u.Receive("宗地.geojson", strings.NewReader("x")); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("it still receives: %v", err)
	}
}

func TestTheRoomHoldsSoManyUploads(t *testing.T) {
	d := open(t, 0)
	for range 8 {
		d.hand("a.csv", "id\n1\n")
	}
	if _, err := d.room.Open([]dataroom.StagedFile{{Name: "a.csv", Size: 1}}); plottage.CodeOf(err) != plottage.Conflict {
		t.Errorf("a ninth: %v", err)
	}
}

func TestAFileNoImportWouldReadIsRefusedBeforeAByteIsSent(t *testing.T) {
	d := open(t, 8<<30)
	_, err := d.room.Open([]dataroom.StagedFile{{Name: "宗地.csv", Size: 3 << 30}})
	var e *plottage.Error
	if !errors.As(err, &e) || e.Key != "import_too_large" || e.Args["file"] != "宗地.csv" {
		t.Errorf("3 GiB in a room of 8: %v", err)
	}
	if _, err := d.room.Open([]dataroom.StagedFile{{Name: "a.csv", Size: 2 << 30}, {Name: "b.csv", Size: 2 << 30}}); err != nil {
		t.Errorf("two of 2 GiB: %v", err)
	}
}
