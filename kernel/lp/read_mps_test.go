package lp

import (
	"reflect"
	"strings"
	"testing"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	m := knapsack()
	m.Maximise = false // MPS minimises
	m.Offset = 7
	m.AddRow(1, 2)
	m.AddRow(3, 3)
	m.AddRow(-2, inf)
	m.AddColumn(Column{Cost: -1, Lower: -inf, Upper: inf, Rows: []int32{1, 3}, Coef: []float64{2, 0.1}})
	m.AddColumn(Column{Lower: -inf, Upper: 4, Integer: true, Rows: []int32{2}, Coef: []float64{1}})
	m.AddColumn(Column{Lower: 2, Upper: inf, Integer: true, Rows: []int32{2}, Coef: []float64{-5}})
	var b strings.Builder
	if err := m.WriteMPS(&b, Names{Model: "lots"}); err != nil {
		t.Fatal(err)
	}
	got, names, err := ReadMPS(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, m) || len(names) != len(m.Columns) {
		t.Errorf("got\n%+v, want\n%+v", got, m)
	}
}

func TestBadMPSIsRefusedInWords(t *testing.T) {
	for text, want := range map[string]string{
		"ROWS\n L a\n":                               "cut off",
		"ROWS\n X a\nENDATA":                         "want a sense",
		"ROWS\n L a\n L a\nENDATA":                   "twice",
		"ROWS\n L a\nCOLUMNS\n x b 1\nENDATA":        "not known",
		"ROWS\n L a\nCOLUMNS\n x a nan\nENDATA":      "not a number",
		"ROWS\n L a\nCOLUMNS\n x a 1 a 2\nENDATA":    "two entries",
		"ROWS\n L a\nBOUNDS\n UP b x 1\nENDATA":      "not known",
		" L a\nENDATA":                               "outside a section",
		"QUADOBJ\nENDATA":                            "not known",
		"ROWS\n L a\nCOLUMNS\n x a 1\n x\nENDATA":    "want a column",
		"ROWS\n N c\nRANGES\n r c 1\nENDATA":         "no range",
		"ROWS\n L a\nCOLUMNS\n x a 1\nBOUNDS\n UP x": "no value",
	} {
		if _, _, err := ReadMPS(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

func FuzzReadMPS(f *testing.F) {
	f.Add("NAME x\nROWS\n N c\n L a\n E b\nCOLUMNS\n MARKER 'MARKER' 'INTORG'\n x c 1 a 2\n x b 1\nRHS\n rhs a 3 b 1\nRANGES\n r a 1\nBOUNDS\n BV b x\nENDATA\n")
	f.Add("OBJSENSE\n MAX\nROWS\n G a\nCOLUMNS\n y a -1\nBOUNDS\n FR b y\nENDATA")
	f.Fuzz(func(t *testing.T, text string) {
		m, names, err := ReadMPS(strings.NewReader(text))
		if err != nil {
			return
		}
		if len(names) != len(m.Columns) {
			t.Fatal("names and columns differ in number")
		}
		for _, c := range m.Columns {
			for _, i := range c.Rows {
				if int(i) >= len(m.Rows) || i < 0 {
					t.Fatalf("entry in row %d of %d", i, len(m.Rows))
				}
			}
		}
	})
}
