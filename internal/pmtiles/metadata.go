package pmtiles

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

// Metadata is what an archive says of itself.
type Metadata struct {
	Name        string
	Attribution string   // whom the data are owed to, as plain text
	Layers      []string // of vector tiles
}

// most of what an archive may say of itself.
const (
	maxLayers = 200
	maxWords  = 300 // characters of its name and attribution
)

// Protomaps reports whether the layers are those of the Protomaps basemap, versions 2 to
// 4: https://docs.protomaps.com/basemaps/layers
func (m Metadata) Protomaps() bool {
	have := map[string]bool{}
	for _, l := range m.Layers {
		have[l] = true
	}
	return have["earth"] && have["water"] && have["roads"] && have["landuse"]
}

func (a *Archive) readMetadata(s span) error {
	var raw struct {
		Name        any `json:"name"`
		Attribution any `json:"attribution"`
		Layers      []struct {
			ID string `json:"id"`
		} `json:"vector_layers"`
	}
	if s.n > 0 {
		data, err := a.readInternal(s)
		if err != nil {
			return err
		}
		if json.Unmarshal(data, &raw) != nil {
			return a.refuse("basemap_broken", nil)
		}
	}
	a.Name, a.Attribution = text(raw.Name), text(raw.Attribution)
	for _, l := range raw.Layers {
		if l.ID != "" && len(a.Layers) < maxLayers {
			a.Layers = append(a.Layers, l.ID)
		}
	}
	if a.Kind == Vector && len(a.Layers) == 0 {
		return a.refuse("basemap_layers", nil)
	}
	return nil
}

// text is the words of a piece of HTML in one line: attributions are written with links,
// and a page that asks no other host shows none.
func text(v any) string {
	s, _ := v.(string)
	var words []string
	for z := html.NewTokenizer(strings.NewReader(s)); z.Next() != html.ErrorToken; {
		if t := z.Token(); t.Type == html.TextToken {
			words = append(words, strings.Fields(t.Data)...)
		}
	}
	line := []rune(strings.Join(words, " "))
	return string(line[:min(len(line), maxWords)])
}
