// Package textenc decides in which encoding a foreign text is and turns it into UTF-8.
//
// The files of Chinese offices come as UTF-8, as GBK or GB18030 (which holds GBK), as
// UTF-16 from Excel, rarely as something Western. A [Detector] looks at all of a text, not at its
// first lines: a register is often plain ASCII for thousands of rows before the first name.
package textenc

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Names of the encodings we decide between; Lookup knows more.
const (
	UTF8        = "UTF-8"
	UTF16LE     = "UTF-16LE"
	UTF16BE     = "UTF-16BE"
	GB18030     = "GB18030"
	Windows1252 = "Windows-1252"
)

var boms = []struct {
	bom, name string
}{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16LE}, {"\xfe\xff", UTF16BE}}

// BOM returns the encoding that a byte order mark states and the length of the mark.
func BOM(b []byte) (name string, length int) {
	for _, m := range boms {
		if bytes.HasPrefix(b, []byte(m.bom)) {
			return m.name, len(m.bom)
		}
	}
	return "", 0
}

// Detect names the encoding of a text: by byte order mark, else UTF-16 by its zero bytes,
// else UTF-8 when valid, else GB18030 when plausible, else Windows-1252. whole says that
// the text is complete and may not end inside a character.
func Detect(text []byte, whole bool) string {
	if name, n := BOM(text); n > 0 {
		return name
	}
	var d Detector
	d.Write(text)
	if whole {
		d.Cut()
	}
	return d.Encoding()
}

// Sniff reads all of r and names its encoding.
func Sniff(r io.Reader) (string, error) {
	var d Detector
	first := true
	buf := make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(r, buf)
		if first {
			if name, m := BOM(buf[:n]); m > 0 {
				return name, nil
			}
			first = false
		}
		d.Write(buf[:n])
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			d.Cut()
			return d.Encoding(), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// names of encodings in .cpg files, code page numbers among them, folded by fold.
var names = map[string]string{
	"utf8": UTF8, "65001": UTF8, "unicode": UTF8, "ascii": UTF8, "usascii": UTF8, "utf16le": UTF16LE, "utf16be": UTF16BE, "utf16": UTF16LE,
	"gb18030": GB18030, "gbk": GB18030, "gb2312": GB18030, "936": GB18030, "54936": GB18030, "eucen": GB18030, "euccn": GB18030, "hz": GB18030,
	"windows1252": Windows1252, "1252": Windows1252, "iso88591": Windows1252, "latin1": Windows1252, "88591": Windows1252, "iso885915": Windows1252, "28591": Windows1252, "ansi": Windows1252,
	"big5": "Big5", "950": "Big5", "shiftjis": "Shift_JIS", "sjis": "Shift_JIS", "932": "Shift_JIS", "euckr": "EUC-KR", "949": "EUC-KR",
	"windows1250": "Windows-1250", "1250": "Windows-1250", "windows1251": "Windows-1251", "1251": "Windows-1251", "437": "IBM437", "850": "IBM850", "852": "IBM852", "866": "IBM866",
	"ibm437": "IBM437", "ibm850": "IBM850", "ibm852": "IBM852", "ibm866": "IBM866",
}

var codings = map[string]encoding.Encoding{
	UTF8: unicode.UTF8BOM, UTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), UTF16BE: unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	GB18030: simplifiedchinese.GB18030, Windows1252: charmap.Windows1252, "Big5": traditionalchinese.Big5, "Shift_JIS": japanese.ShiftJIS, "EUC-KR": korean.EUCKR,
	"Windows-1250": charmap.Windows1250, "Windows-1251": charmap.Windows1251, "IBM437": charmap.CodePage437, "IBM850": charmap.CodePage850, "IBM852": charmap.CodePage852, "IBM866": charmap.CodePage866,
}

// Lookup returns our name for what a .cpg file or a person calls an encoding: "936",
// "GBK", "CP936", "ANSI 1252", "utf8", "LDID/77"; ok is false for words we do not know.
func Lookup(word string) (name string, ok bool) {
	key := strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, strings.ToLower(strings.TrimSpace(word)))
	if len(word) > 40 {
		return "", false
	}
	for _, cut := range []string{"", "cp", "ansi", "oem", "ms"} {
		if rest, had := strings.CutPrefix(key, cut); had {
			if name, ok = names[rest]; ok {
				return name, true
			}
		}
	}
	if e, err := htmlindex.Get(strings.TrimSpace(word)); err == nil {
		if n, err := htmlindex.Name(e); err == nil {
			return n, true
		}
	}
	return "", false
}

func coding(name string) encoding.Encoding {
	if e, ok := codings[name]; ok {
		return e
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	return encoding.Nop
}

// NewReader returns r, which is in the named encoding, as UTF-8 without a byte order
// mark. Bytes that are no character come out as U+FFFD.
func NewReader(r io.Reader, name string) io.Reader {
	return transform.NewReader(r, coding(name).NewDecoder())
}

// Decode returns b, in the named encoding, as UTF-8; damaged reports that a byte was
// no character and became U+FFFD.
func Decode(b []byte, name string) (s string, damaged bool) {
	if name == UTF8 {
		if utf8.Valid(b) {
			return string(b), false
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), true
	}
	out, err := coding(name).NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD"), true
	}
	return string(out), bytes.ContainsRune(out, utf8.RuneError)
}
