package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A basemap that is named must be one: serve ends in words before the city is opened.
func TestServeRefusesABasemapThatIsNone(t *testing.T) {
	dir := t.TempDir()
	picture := filepath.Join(dir, "photo.pmtiles")
	if err := os.WriteFile(picture, []byte("\x89PNG and more"), 0o644); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": "is not a PMTiles archive", "zh": "不是 PMTiles 文件"} {
		var out, errs bytes.Buffer
		code := Main(t.Context(), []string{"serve", "none.gpkg", "--lang", lang, "--port", "0", "--basemap", picture}, &out, &errs)
		if code != 3 || !strings.Contains(errs.String(), want) || !strings.Contains(errs.String(), "photo.pmtiles") {
			t.Errorf("%s: exit %d, %q", lang, code, errs.String())
		}
	}
}

func TestTheBasemapBesideTheCity(t *testing.T) {
	for name, c := range map[string]struct {
		files     []string
		want, key string
	}{
		"none":                  {nil, "", ""},
		"the only one":          {[]string{"region.pmtiles", "photo.png"}, "region.pmtiles", ""},
		"that with its name":    {[]string{"a.pmtiles", "City.PMTILES", "z.pmtiles"}, "City.PMTILES", ""},
		"one of several":        {[]string{"a.pmtiles", "b.pmtiles"}, ".", "basemap_many"},
		"what is no map at all": {[]string{"city.pmtiles.txt"}, "", ""},
	} {
		dir := t.TempDir()
		for _, f := range c.files {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := besideCity(filepath.Join(dir, "city.gpkg"))
		want := c.want
		if want != "" {
			want = filepath.Join(dir, want)
		}
		if got != want || (err == nil) != (c.key == "") || err != nil && !strings.HasPrefix(err.Error(), c.key) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
