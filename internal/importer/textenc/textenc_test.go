package textenc

import (
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gbk(t *testing.T, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDetect(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"ASCII", "a,b\n1,2\n", UTF8},
		{"UTF-8", "企业名称,面积", UTF8},
		{"marked", "\xef\xbb\xbfa", UTF8}, {"marked UTF-16", "\xff\xfea\x00", UTF16LE}, {"marked UTF-16 big", "\xfe\xff\x00a", UTF16BE},
		{"UTF-16 without mark", "a\x00,\x00b\x00\n\x001\x00", UTF16LE}, {"big", "\x00a\x00,\x00b\x00\n", UTF16BE},
		{"GBK", gbk(t, "企业名称,面积"), GB18030},
		{"one name at the end of much ASCII", strings.Repeat("a,b\n", 50_000) + gbk(t, "义乌"), GB18030},
		{"GB18030 of four bytes", gbk(t, "䶮\U00020000厂"), GB18030},
		{"rare GBK characters among common ones", gbk(t, "朱镕基的镕字不在国标二三一二"), GB18030},
		{"Latin", "caf\xe9, M\xfcller, na\xefve", Windows1252},
		{"UTF-8 with one byte damaged", strings.Repeat("企业名称", 20) + "\xff", UTF8},
		{"联通, whose GBK looks like broken UTF-8", gbk(t, "联通"), GB18030},
		{"noise", "\xff\xfd\x81\xff\x90\xff", Windows1252},
	} {
		if got := Detect([]byte(tt.text), true); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		if got, err := Sniff(strings.NewReader(tt.text)); err != nil || got != tt.want {
			t.Errorf("%s: sniffed %s %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

// A sample that ends inside a character says nothing against its encoding.
func TestDetectSample(t *testing.T) {
	text := "企业名称"
	for n := 3; n <= len(text); n++ {
		if got := Detect([]byte(text[:n]), false); got != UTF8 {
			t.Errorf("%d bytes: %s", n, got)
		}
	}
}

func TestNewReader(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{UTF8, "\xef\xbb\xbf甲", "甲"}, {UTF8, "a\xffb", "a\uFFFDb"}, {GB18030, gbk(t, "甲䶮"), "甲䶮"},
		{UTF16LE, "\xff\xfea\x00", "a"}, {UTF16LE, "a\x00", "a"}, {UTF16BE, "\x00a", "a"}, {Windows1252, "\xe9", "é"},
	} {
		b, err := io.ReadAll(NewReader(strings.NewReader(tt.text), tt.name))
		if err != nil || string(b) != tt.want {
			t.Errorf("%s %q: got %q %v, want %q", tt.name, tt.text, b, err, tt.want)
		}
	}
}

func TestLookup(t *testing.T) {
	for word, want := range map[string]string{
		"936": GB18030, "GBK": GB18030, "cp936": GB18030, "ANSI 936": GB18030, "gb2312": GB18030, "utf8": UTF8, "UTF-8": UTF8, "65001": UTF8, "ISO-8859-1": Windows1252,
		"ANSI 1252": Windows1252, "Big5": "Big5", "950": "Big5", "windows-1251": "Windows-1251", "": "", "<html>": "", strings.Repeat("x", 1000): "",
	} {
		if got, _ := Lookup(word); got != want {
			t.Errorf("%.20q: got %q, want %q", word, got, want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("企业"))
	f.Add([]byte("\xc6\xf3\xd2\xb5"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := Detect(b, true)
		s, _ := Decode(b, name)
		if strings.ToValidUTF8(s, "") != s {
			t.Errorf("%q as %s gives %q, which is no UTF-8", b, name, s)
		}
	})
}
