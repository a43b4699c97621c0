package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// fontVariable names a font file to letter pictures with, over what is found.
const fontVariable = "PLOTTAGE_FONT"

// lettering is the fonts of this machine that pictures can be lettered with: Latin ones
// come with the program, Chinese ones are looked for once, when first needed.
type lettering struct {
	once         sync.Once
	latin, han   [2]*sfnt.Font // regular, bold
	hanReg, hanB string
}

var fonts lettering

// find returns a font with all letters of the words, and a number that tells it from the
// others; nil when there is none.
func (l *lettering) find(bold bool, words string) (*sfnt.Font, int) {
	l.once.Do(l.look)
	at := 0
	if bold {
		at = 1
	}
	for i, f := range []*sfnt.Font{l.latin[at], l.han[at], l.han[1-at]} {
		if f != nil && hasAll(f, words) {
			return f, 2*i + at
		}
	}
	return nil, 0
}

func hasAll(f *sfnt.Font, words string) bool {
	var b sfnt.Buffer
	return !strings.ContainsFunc(words, func(r rune) bool {
		i, err := f.GlyphIndex(&b, r)
		return err != nil || i == 0
	})
}

func (l *lettering) look() {
	l.latin[0], _ = opentype.Parse(goregular.TTF) // both come with the library
	l.latin[1], _ = opentype.Parse(gobold.TTF)
	if file := os.Getenv(fontVariable); file != "" {
		if f := chinese(file); f != nil {
			l.han = [2]*sfnt.Font{f, f}
			return
		}
	}
	for at, names := range [2][]string{regularFonts, boldFonts} {
		for _, file := range fontFiles(names) {
			if l.han[at] = chinese(file); l.han[at] != nil {
				break
			}
		}
	}
}

// Files of Chinese sans-serif fonts that systems and offices come with, best first.
var (
	regularFonts = []string{"notosanscjk-regular.ttc", "notosanscjksc-regular.otf", "sourcehansanssc-regular.otf", "sourcehansanscn-regular.otf", "msyh.ttc", "pingfang.ttc", "hiragino sans gb.ttc", "stheiti light.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc", "droidsansfallbackfull.ttf", "droidsansfallback.ttf", "simhei.ttf", "simsun.ttc"}
	boldFonts    = []string{"notosanscjk-bold.ttc", "notosanscjksc-bold.otf", "sourcehansanssc-bold.otf", "sourcehansanscn-bold.otf", "msyhbd.ttc", "stheiti medium.ttc", "simhei.ttf"}
)

// fontFiles finds files of these names where systems keep fonts, in their order.
func fontFiles(names []string) []string {
	home, _ := os.UserHomeDir()
	found := make([]string, len(names))
	for _, root := range []string{"/usr/share/fonts", "/usr/local/share/fonts", filepath.Join(home, ".fonts"), filepath.Join(home, ".local", "share", "fonts"),
		"/System/Library/Fonts", "/Library/Fonts", filepath.Join(os.Getenv("WINDIR"), "Fonts")} {
		_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil // a folder that is not there or closed is no place for fonts
			}
			if i := slices.Index(names, strings.ToLower(e.Name())); i >= 0 && found[i] == "" {
				found[i] = path
			}
			return nil
		})
	}
	return slices.DeleteFunc(found, func(s string) bool { return s == "" })
}

// chinese opens a font file and returns the face for simplified Chinese in it, nil when
// it cannot be used.
func chinese(file string) *sfnt.Font {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	c, err := opentype.ParseCollection(b)
	if err != nil {
		return nil
	}
	var first *sfnt.Font
	for i := range c.NumFonts() {
		f, err := c.Font(i)
		if err != nil || !hasAll(f, "连片地块") {
			continue
		}
		if name, err := f.Name(nil, sfnt.NameIDFull); err == nil && strings.Contains(name, " SC") && !strings.Contains(name, "Mono") {
			return f
		}
		if first == nil {
			first = f
		}
	}
	return first
}
