package land

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/plottage/plottage"
)

// MarshalJSON writes the table column by column in a canonical form: the same table
// gives the same bytes. What is not known is null; rows withheld are named apart.
func (t *Table) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 64+len(t.IDs)*(24+8*len(t.Columns)))
	b = append(b, `{"as_of":`...)
	b = appendText(b, string(t.AsOf))
	b = append(b, `,"ids":`...)
	b = appendList(b, len(t.IDs), func(b []byte, i int) []byte { return appendText(b, t.IDs[i]) })
	b = append(b, `,"area_m2":`...)
	b = appendList(b, len(t.AreaM2), func(b []byte, i int) []byte { return appendNumber(b, t.AreaM2[i]) })
	b = append(b, `,"columns":`...)
	b = appendList(b, len(t.Columns), func(b []byte, k int) []byte { return t.Columns[k].append(b) })
	return append(b, '}'), nil
}

func (c *Column) append(b []byte) []byte {
	b = append(b, `{"name":`...)
	b = appendText(b, c.Name)
	b = append(b, `,"values":`...)
	var withheld []int
	b = appendList(b, len(c.State), func(b []byte, i int) []byte {
		if c.State[i] == Withheld {
			withheld = append(withheld, i)
		}
		switch {
		case c.State[i] != Known:
			return append(b, "null"...)
		case c.Text != nil:
			return appendText(b, c.Text[i])
		case c.Kind == plottage.Flag:
			return strconv.AppendBool(b, c.Num[i] != 0)
		}
		return appendNumber(b, c.Num[i])
	})
	if len(withheld) > 0 {
		b = append(b, `,"withheld":`...)
		b = appendList(b, len(withheld), func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(withheld[i]), 10) })
	}
	return append(b, '}')
}

func appendList(b []byte, n int, one func(b []byte, i int) []byte) []byte {
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, i)
	}
	return append(b, ']')
}

func appendNumber(b []byte, x float64) []byte {
	if !finite(x) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

func appendText(b []byte, s string) []byte {
	for _, c := range []byte(s) {
		if c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			q, _ := json.Marshal(s) // a string always has a form
			return append(b, q...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// Digest is a SHA-256 over what the verdicts say and the outcomes they rest on, to
// tell whether a repeated grading gives the same answer.
func Digest(verdicts []plottage.Verdict) string {
	h := sha256.New()
	w := bufio.NewWriterSize(h, 1<<16)
	var b []byte
	for i := range verdicts {
		v := &verdicts[i]
		b = b[:0]
		for _, s := range []string{v.Parcel, v.Pack, string(v.AsOf), string(v.Stage), string(v.Queue), v.Grade, v.Disposal} {
			b = append(appendText(b, s), ',')
		}
		b = append(strconv.AppendBool(b, v.Candidate), ',')
		if v.Score.Known {
			b = appendNumber(b, v.Score.V)
		}
		b = appendNumber(append(b, ','), v.Confidence)
		for _, f := range v.Findings {
			b = append(appendText(append(b, ';'), f.Rule), f.Outcome...)
			for _, m := range f.Missing {
				b = appendText(append(b, ','), m)
			}
		}
		w.Write(append(b, '\n'))
	}
	w.Flush()
	return hex.EncodeToString(h.Sum(nil))
}
