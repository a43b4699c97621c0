package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plottage/plottage"
)

// mostNameBytes of a city's or a plan's name in a file's: with two plans the whole stays
// under the 255 bytes that file systems take.
const mostNameBytes = 54

// FileName is what a file of the snapshot is called: day, city, plan, kind and language,
// "2026-11-29_滨州_方案二_报告_zh.docx". It can be a file's name on any system.
func (s *Snapshot) FileName(form string) string {
	parts := []string{string(plottage.DateOf(s.Now)), fileWord(s.cityName())}
	if s.Plan != nil && s.Study == nil {
		parts = append(parts, fileWord(s.planName()))
	}
	if s.Other != nil {
		parts = append(parts, fileWord(s.Other.planName()))
	}
	return strings.Join(append(parts, fileWord(s.t("export.file."+s.fileKind(form))), s.Options.Lang), "_") + "." + form
}

// fileKind is the key of what a file is.
func (s *Snapshot) fileKind(form string) string {
	switch {
	case s.Study != nil:
		return "curve"
	case form == "gpkg":
		return "city"
	case form == "png" || form == "svg":
		if s.Other != nil {
			return "difference"
		}
		return "map"
	case s.Other != nil:
		return "comparison"
	case form == "xlsx":
		return "tables"
	case s.Options.Short:
		return "brief"
	}
	return "report"
}

// fileWord is a name as a part of a file's: what Windows refuses in names and what
// cannot be seen is replaced, and it is cut between letters.
func fileWord(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*_`, r) || unicode.IsSpace(r) {
			return '-'
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	for len(name) > mostNameBytes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return strings.Trim(name, ".-")
}
