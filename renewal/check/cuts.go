package check

import (
	"errors"
	"math"
	"strings"
)

// cutDoc is a priced inequality on a cap: a block whose use is the share u of the
// limit counts ⌊(k+1)u⌋/k, or u where (k+1)u is whole. That function is superadditive
// and 1 at u = 1, so all blocks within the cap count at most 1 together.
type cutDoc struct {
	Row   string  `json:"row"`
	K     int64   `json:"k"`
	Price float64 `json:"price"`
}

// finest is the largest k of a cut: it keeps (k+1) times a use within 64 bits.
const finest = 1000

// cutLines finds the line of every cut, and refuses cuts that prove nothing.
func (b *bounder) cutLines() error {
	for _, c := range b.c.Prices.Cuts {
		n := -1
		for i, l := range b.lines {
			if l.name == c.Row {
				n = i
			}
		}
		cap := strings.HasPrefix(c.Row, "money:") || strings.HasPrefix(c.Row, "demolition:") || strings.HasPrefix(c.Row, "relocation:")
		if n < 0 || !cap || c.K < 1 || c.K > finest || c.Price < 0 || math.IsNaN(c.Price) || math.IsInf(c.Price, 0) || b.lines[n].limit <= 0 || b.lines[n].limit > math.MaxInt64/(finest+2) {
			return errors.New("cut on row " + c.Row)
		}
		b.cutLine = append(b.cutLine, n)
	}
	return nil
}

// cutCharge is what the cuts take off a block's score.
func (b *bounder) cutCharge(o *option, town string, ready int) float64 {
	sum := 0.0
	for n, c := range b.c.Prices.Cuts {
		l := &b.lines[b.cutLine[n]]
		amount := l.block(o.use, town, o.start, ready)
		if amount <= 0 || amount > l.limit {
			continue // a block beyond the cap is in no plan
		}
		steps := (c.K + 1) * amount
		if steps%l.limit == 0 {
			sum += c.Price * float64(amount) / float64(l.limit)
		} else {
			sum += c.Price * float64(steps/l.limit) / float64(c.K)
		}
	}
	return sum
}
