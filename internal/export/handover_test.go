package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
)

// parts reads a package's files and holds every XML part to be well-formed.
func parts(t *testing.T, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name] = b; strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels") {
			d := xml.NewDecoder(bytes.NewReader(b))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
			}
		}
	}
	return all
}

func TestHandOver(t *testing.T) {
	c := city(t)
	plan, err := c.Plan(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Run(t.Context(), plan.Run)
	if err != nil {
		t.Fatal(err)
	}
	second := plan
	second.Name, second.Blocks = "第二 <方案>", append([]plottage.Block{}, plan.Blocks[1:]...)
	second.Blocks[0].Year++
	if _, err := c.SavePlan(t.Context(), "test", run, second); err != nil {
		t.Fatal(err)
	}
	write := func(name string, o export.Options) (string, export.Written) {
		path := filepath.Join(t.TempDir(), name)
		if err := o.Check(path); err != nil {
			t.Fatal(err)
		}
		s, err := export.Read(t.Context(), c, o, now())
		if err != nil {
			t.Fatal(err)
		}
		w, err := export.Write(t.Context(), s, path)
		if err != nil {
			t.Fatal(err)
		}
		return path, w
	}

	t.Run("a document has its summary, map, tables, certificate and lines to sign", func(t *testing.T) {
		path, _ := write("plan.docx", export.Options{Lang: "zh", Plan: plan.ID})
		all := parts(t, path)
		body := string(all["word/document.xml"])
		for _, want := range []string{"一、概述", "连片地块", "证明及复核方法", "plottage renewal check", "企业安置台账", "供地时序与储备", "最迟告知日", "签署", "批准", `w:orient="landscape"`, "w:tblHeader", "rIdPic1"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q", want)
			}
		}
		if !strings.Contains(string(all["word/footer1.xml"]), "PAGE") || !strings.Contains(string(all["word/styles.xml"]), `w:eastAsia="SimSun"`) {
			t.Error("no page numbers, or no Chinese face")
		}
		if _, err := png.Decode(bytes.NewReader(all["word/media/image1.png"])); err != nil {
			t.Errorf("the map: %v", err)
		}
		if strings.Contains(body, "[export.") {
			t.Error("a word is missing")
		}
	})
	t.Run("two plans stand side by side", func(t *testing.T) {
		path, _ := write("two.docx", export.Options{Lang: "en", Plan: plan.ID, Versus: plan.ID + 1})
		body := string(parts(t, path)["word/document.xml"])
		for _, want := range []string{"第二 &lt;方案&gt;", "Difference", "Parcels that only", "Certificate of"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q", want)
			}
		}
		svg, _ := write("two.svg", export.Options{Lang: "en", Plan: plan.ID, Versus: plan.ID + 1})
		b, err := os.ReadFile(svg)
		if err != nil || !strings.Contains(string(b), "in both, in another year: 9") {
			t.Errorf("%v: the key counts the parcels of the moved block", err)
		}
	})
	t.Run("a picture has the size asked for and is no blank", func(t *testing.T) {
		path, _ := write("map.png", export.Options{Lang: "zh", Plan: plan.ID, Width: 640, DPI: 300})
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != 640 {
			t.Fatalf("%v %v", err, img.Bounds())
		}
		if !bytes.Contains(b, []byte("pHYs")) {
			t.Error("no resolution")
		}
		seen := map[[3]uint32]int{}
		for y := 0; y < img.Bounds().Dy(); y += 3 {
			for x := 0; x < 640; x += 3 {
				r, g, b, _ := img.At(x, y).RGBA()
				seen[[3]uint32{r >> 8, g >> 8, b >> 8}]++
			}
		}
		if seen[[3]uint32{0x12, 0x3a, 0x7c}] == 0 {
			t.Error("no block of the first year in its colour")
		}
	})
	t.Run("what makes no sense is said before anything is read", func(t *testing.T) {
		for name, o := range map[string]export.Options{"two.xlsx": {Versus: 2}, "a.png": {Width: 5}, "b.png": {DPI: 9999}} {
			if err := o.Check(name); plottage.CodeOf(err) != plottage.Usage {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := export.Read(t.Context(), c, export.Options{Plan: plan.ID, Versus: plan.ID}, now()); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("with itself: %v", err)
		}
	})
}
