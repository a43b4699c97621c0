package workbook

import (
	"encoding/xml"
	"path"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
)

// Days from the two possible day zeros of Excel to 1970-01-01. The year 1900 system counts
// a 29 February 1900 that never was, so its zero is 1899-12-30 for all later dates.
const (
	from1900 = 25_569
	from1904 = 24_107
)

// readBook reads the list of sheets and where their parts are.
func (b *book) readBook() error {
	targets, err := b.relations()
	if err != nil {
		return err
	}
	b.from = from1900
	return b.tokens("xl/workbook.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.from = from1904
				return b.Repair("dates_1904", plottage.Where{})
			}
		case "sheet":
			state := attr(e, "state")
			s := sheetRef{name: attr(e, "name"), part: targets[attr(e, "id")], hidden: state == "hidden" || state == "veryHidden"}
			if !strings.Contains(s.part, "worksheets/") {
				return b.Note("sheet_other", plottage.Where{Layer: guard.Short(s.name)})
			}
			if b.sheets = append(b.sheets, s); len(b.sheets) > b.Lim.Entries {
				return b.Refuse("zip_entries", plottage.Where{}, "count", len(b.sheets), "limit", b.Lim.Entries)
			}
		}
		return nil
	})
}

// relations maps relation ids to part names.
func (b *book) relations() (map[string]string, error) {
	targets := map[string]string{}
	return targets, b.tokens("xl/_rels/workbook.xml.rels", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			target := attr(e, "Target")
			if strings.HasPrefix(target, "/") {
				target = target[1:]
			} else {
				target = path.Join("xl", target)
			}
			targets[attr(e, "Id")] = strings.ToLower(target)
		}
		return nil
	})
}

// readStyles finds out which cell styles show dates.
func (b *book) readStyles() error {
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	formats := map[string]string{}
	cells := false
	return b.tokens("xl/styles.xml", func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				formats[attr(e, "numFmtId")] = attr(e, "formatCode")
			case "cellXfs":
				cells = true
			case "xf":
				if cells && len(b.dates) < 1<<16 {
					id := attr(e, "numFmtId")
					b.dates = append(b.dates, isDate(id, formats[id]))
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				cells = false
			}
		}
		return nil
	})
}

// isDate knows the built-in date formats (ECMA-376 §18.8.30, those of Chinese too) and
// reads y, m with d, or 年 in others, outside quotes and brackets.
func isDate(id, code string) bool {
	if n, err := strconv.Atoi(id); err == nil && code == "" {
		return (n >= 14 && n <= 17) || n == 22 || (n >= 27 && n <= 31) || n == 36 || (n >= 50 && n <= 54) || n == 57 || n == 58
	}
	var plain strings.Builder
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == '\\' || c == '_' || c == '*':
			i++
		default:
			plain.WriteByte(c | 0x20)
		}
	}
	s := plain.String()
	return strings.Contains(s, "yy") || (strings.Contains(s, "d") && strings.Contains(s, "m"))
}

// mostStrings bounds the memory of shared strings.
const mostStrings = 256 << 20

// readStrings reads the shared strings; phonetic readings (rPh) are no part of them.
func (b *book) readStrings() error {
	if b.parts["xl/sharedstrings.xml"] == nil {
		return nil
	}
	var text strings.Builder
	inText, phonetic, total := false, 0, 0
	return b.tokens("xl/sharedstrings.xml", func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				text.Reset()
			case "t":
				inText = true
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "si":
				if total += text.Len() + 16; total > mostStrings {
					return b.Refuse("workbook_strings", plottage.Where{}, "limit", mostStrings)
				}
				b.strings = append(b.strings, unescape(text.String()))
			case "t":
				inText = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				if text.Len()+len(e) > b.Lim.FieldBytes {
					return b.Refuse("field_bytes", plottage.Where{Value: guard.Short(text.String())}, "bytes", text.Len()+len(e), "limit", b.Lim.FieldBytes)
				}
				text.Write(e)
			}
		}
		return nil
	})
}

// unescape reads _x000D_, Excel's way to write characters that XML lacks.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if i+7 <= len(s) && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if v, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				out.WriteRune(rune(v))
				i += 6
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
