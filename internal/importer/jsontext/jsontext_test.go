package jsontext

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scan reads all texts of b and returns them compact.
func scan(b string) (texts []string, err error) {
	s := New(strings.NewReader(b), 1000, 1<<20)
	for {
		k, err := s.Next()
		if err != nil || k == EOF {
			return texts, err
		}
		raw, err := s.Raw(k)
		if err != nil {
			return texts, err
		}
		texts = append(texts, raw)
	}
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":[1,2.50,-0e+1],"b":{},"c":[]}`:              `{"a":[1,2.50,-0e+1],"b":{},"c":[]}`,
		` [ true , false,null,"é\u00e9\ud83d\ude00\n" ] `: `[true,false,null,"éé😀\u000a"]`,
		`9007199254740993`:                                `9007199254740993`, `"\ud800"`: `"�"`,
		"\x1e1\n\x1e2\n": `1|2`, `[1,]`: "!syntax", `[1`: "!cut", `{"a"}`: "!syntax", `01`: "!syntax", `1.`: "!syntax", `NaN`: "!syntax",
		`nullx`: "!syntax", `[1}`: "!syntax", `{"a":1,}`: "!syntax", "\"\x01\"": "!syntax", `"\u+123"`: "!syntax", `]`: "!syntax", `,`: "!syntax", `"`: "!cut",
	} {
		texts, err := scan(in)
		got := strings.Join(texts, "|")
		if e, ok := err.(*Error); ok {
			got = "!" + e.Reason
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// The public suite of JSON texts: y_ must be read, n_ must not, but for what we allow on purpose,
// several texts in a row.
func TestSuite(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/odd-files/json/JSONTestSuite/*.json")
	if len(files) == 0 {
		t.Skip("no ../shared/data/odd-files")
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := scan(string(b))
		ok := err == nil && len(texts) == 1
		switch name := filepath.Base(file); {
		case strings.HasPrefix(name, "y_") && !ok:
			t.Errorf("%s: %v", name, err)
		case strings.HasPrefix(name, "n_") && ok && json.Valid(b):
			t.Errorf("%s was read", name)
		}
	}
}

// What the standard library takes we take, with the same meaning; and the other way round.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9",null,true]}`, `[[[]]]`, `"\ud83d\ude00"`, `-0.0`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		texts, err := scan(s)
		if strings.ContainsAny(s, "\x1e") || len(s) > 4000 {
			return
		}
		one := err == nil && len(texts) == 1
		if valid := json.Valid([]byte(s)); valid != one && err != ErrTooLong {
			if e, ok := err.(*Error); ok && (e.Reason == "depth" || e.Reason == "string_bytes" || len(s) > longestNumber) {
				return
			}
			t.Fatalf("%q: valid %v, ours %v %v", s, valid, texts, err)
		}
		if one && !json.Valid([]byte(texts[0])) {
			t.Fatalf("%q came back as %q", s, texts[0])
		}
	})
}
