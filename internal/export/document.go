package export

import (
	"context"
	"io"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export/docx"
)

// documentPixels is how fine the map in a document is: 300 dots an inch across A4.
const documentPixels = 2_000

// writeDocument writes the report as a Word document in the form in which an office
// sends it on: title, a page that says it all, the map, then what stands behind it, and
// lines to sign.
func writeDocument(ctx context.Context, s *Snapshot, out io.Writer) error {
	d := docx.New(s.Options.Lang)
	var title string
	var body func() error
	level, high := 1, signHeight
	switch {
	case s.Other != nil:
		c := s.comparison()
		title = c.Title
		body = func() error { return s.documentOfTwo(ctx, d, c) }
	case s.Options.Short:
		b := s.brief()
		d = docx.Compact(s.Options.Lang)
		title, level, high = b.Title, 2, briefSignHeight
		body = func() error { return s.documentBrief(ctx, d, b) }
	default:
		r := s.report()
		title = r.Title
		body = func() error { return s.documentOfOne(ctx, d, r) }
	}
	d.Title(title)
	d.Subtitle(s.madeWords())
	if err := body(); err != nil {
		return err
	}
	s.signature(d, level, high)
	d.Note(s.t("export.note.draft"))
	return d.Write(out, title, s.Now)
}

func (s *Snapshot) documentOfOne(ctx context.Context, d *docx.Document, r report) error {
	section := s.numbering()
	d.Heading(1, section("overview"))
	for _, p := range r.Lead {
		d.Text(p)
	}
	if len(r.Boxes) > 0 {
		var words, values []string
		for _, b := range r.Boxes {
			words, values = append(words, b.Words), append(values, b.Value)
		}
		d.Table(docx.Table{Head: words, Rows: [][]string{values}})
	}
	if r.Has {
		d.Heading(1, section("years"))
		s.put(d, r.Years)
	}
	if err := s.picture(ctx, d, 0.86); err != nil {
		return err
	}
	if r.Has {
		s.planSections(d, r, section)
	}
	d.Heading(1, section("method"))
	for _, p := range r.Method {
		d.Text(p)
	}
	for _, part := range []struct {
		key string
		of  grid
	}{{"conditions", r.Conditions}, {"prices", r.Prices}} {
		if len(part.of.Rows) > 0 {
			d.Heading(2, s.t("export.section."+part.key))
			s.put(d, part.of)
		}
	}
	d.Heading(1, section("sources"))
	s.put(d, r.Data)
	if r.LeftOut != "" {
		d.Note(s.t("export.note.left_out") + " " + r.LeftOut)
	}
	s.certificate(d, r)
	return nil
}

func (s *Snapshot) planSections(d *docx.Document, r report, section func(string) string) {
	d.Across() // wide tables
	d.Heading(1, section("blocks"))
	s.put(d, r.Blocks)
	d.Heading(2, s.t("export.section.parcels"))
	s.put(d, r.Parcels)
	if len(r.Buildings.Rows) > 0 {
		d.Heading(2, r.Buildings.Title)
		d.Note(s.t("export.note.buildings"))
		s.put(d, r.Buildings)
	}
	d.Heading(1, section("projects"))
	s.put(d, r.Placed)
	if len(r.Unplaced.Rows) > 0 {
		d.Heading(2, r.Unplaced.Title)
		s.put(d, r.Unplaced)
	}
	if len(r.Land.Rows) > 0 {
		d.Heading(2, r.Land.Title)
		d.Note(s.t("export.note.land"))
		s.put(d, r.Land)
		d.Heading(2, r.Balance.Title)
		s.put(d, r.Balance)
	}
	d.Heading(1, section("money"))
	s.put(d, r.Caps)
	if len(r.Rules.Rows) > 0 {
		d.Heading(2, r.Rules.Title)
		s.put(d, r.Rules)
	}
	d.Heading(1, section("relocation"))
	for _, p := range r.LedgerWords {
		d.Text(p)
	}
	s.put(d, r.MoveSums)
	if len(r.Hardship.Rows) > 0 {
		d.Heading(2, r.Hardship.Title)
		d.Note(s.t("export.note.hardship"))
		s.put(d, r.Hardship)
	}
	if len(r.Ledger.Rows) > 0 {
		d.Heading(2, r.Ledger.Title)
		d.Note(s.t("export.note.ledger"))
		s.put(d, r.Ledger)
	}
	d.Upright()
	if len(r.Left.Rows) > 0 {
		d.Heading(1, section("left"))
		s.put(d, r.Left)
	}
}

// picture puts the map on a page of its own.
func (s *Snapshot) picture(ctx context.Context, d *docx.Document, share float64) error {
	png, w, h, err := s.png(ctx, documentPixels)
	if plottage.CodeOf(err) == plottage.Usage {
		return nil // a city without geometry has no map
	}
	if err != nil {
		return err
	}
	words := s.t("export.map.plan")
	if s.Other != nil {
		words = s.t("export.compare.map")
	}
	d.Picture(png, w, h, share, words)
	return nil
}

// put writes a grid as a table whose columns are as wide as what they hold.
func (s *Snapshot) put(d *docx.Document, g grid) {
	if len(g.Rows) == 0 {
		d.Note(g.Empty)
		return
	}
	t := docx.Table{Head: g.Head, Rows: g.Rows, Sums: g.Sums, Share: columnShares(g, float64(d.Width())/(letterWidth*float64(d.CellType())))}
	for i := range g.Head {
		t.Right = append(t.Right, g.Kind[i] == "r")
	}
	d.Table(t)
	if g.Note != "" {
		d.Note(g.Note)
	}
}

// letterWidth is that of a Latin letter in twentieths of a point by the half points of
// its type, with some room for wide faces.
const letterWidth = 98.0 / 17

// columnShares gives every column what its longest word and its numbers need, then parts
// what is left of room letters by how much longer the columns' texts are.
func columnShares(g grid, room float64) []float64 {
	shares, more := make([]float64, len(g.Head)), make([]float64, len(g.Head))
	wanted := 0.0
	for i := range g.Head {
		least, ideal := columnNeeds(g, i)
		shares[i], more[i] = least, ideal-least
		room -= least
		wanted += more[i]
	}
	if room > 0 && wanted > 0 {
		for i := range shares {
			shares[i] += more[i] * room / wanted
		}
	}
	return shares
}

// columnNeeds weighs a column: the least width at which no word, number or short value is
// broken, and the width at which its texts stand on a line or two.
func columnNeeds(g grid, i int) (least, ideal float64) {
	const margins = 1.6
	words := func(v string) (longest float64) {
		for word := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ' ' || r > 0x2e80 }) {
			longest = max(longest, letters(word))
		}
		return longest
	}
	least = max(min(words(g.Head[i])*1.1, 12), min(letters(g.Head[i])/2, 8))
	most := 26.0
	if g.Kind[i] == "w" {
		most = 44
	}
	values := make([]string, 0, 201)
	for _, r := range g.Rows[:min(len(g.Rows), 200)] {
		values = append(values, r[i])
	}
	if g.Sums != nil {
		values = append(values, g.Sums[i])
	}
	for _, v := range values {
		ideal = max(ideal, min(letters(v), most))
		if g.Kind[i] == "r" || g.Kind[i] == "k" {
			least = max(least, min(letters(v), most))
		}
		least = max(least, min(words(v), 66))
	}
	return least + margins, max(least, ideal) + margins
}

// letters counts a text's width: a Chinese character as two.
func letters(s string) (n float64) {
	for _, r := range s {
		if n++; r > 0x2e80 {
			n++
		}
	}
	return n
}

// certificate says what proves the plan and how anybody can verify it.
func (s *Snapshot) certificate(d *docx.Document, r report) {
	if len(r.Certificate) == 0 {
		return
	}
	d.Heading(1, s.t("export.section.certificate"))
	for _, w := range r.Certificate {
		d.Text(w)
	}
	if len(r.Replay.Rows) > 0 {
		d.Heading(2, s.t("export.section.replay"))
		s.put(d, r.Replay)
	}
}

func (s *Snapshot) certificateWords() []string {
	if s.Plan == nil || s.Plan.Status == plottage.Infeasible {
		return nil
	}
	words := []string{s.gapWords(), s.checkedWords(), s.t("export.certificate.how", "n", s.Plan.ID)}
	if s.Run != nil {
		words = append(words, s.t("export.certificate.replay", "n", s.Run.ID))
	}
	return words
}

// signature writes the block to sign under what is signed.
func (s *Snapshot) signature(d *docx.Document, level, high int) {
	if s.Plan == nil || s.Plan.Status == plottage.Infeasible {
		return
	}
	d.Heading(level, s.t("export.section.signature"))
	for _, one := range []*Snapshot{s, s.Other} {
		if one != nil {
			for _, w := range one.signedWords() {
				d.Text(w)
			}
		}
	}
	g := s.signGrid()
	d.Table(docx.Table{Head: g.Head, Rows: g.Rows, Share: []float64{2, 3, 5, 3, 3}, High: high})
}

// Heights of a row to sign, 15 mm and 10 mm in twentieths of a point.
const signHeight, briefSignHeight = 850, 567
