package check

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// cutDoc is a priced inequality on a cap: a block whose use is the share u of the
// limit counts ⌊(k+1)u⌋/k, or u where (k+1)u is whole. That function is superadditive
// and 1 at u = 1, so all blocks within the cap count at most 1 together.
//
// Or it counts what steps say, by number from 1.
type cutDoc struct {
	Row   string  `json:"row"`
	K     int64   `json:"k"`
	Steps int     `json:"steps"`
	Price float64 `json:"price"`
}

// finest is the largest k of a cut: it keeps (k+1) times a use within 64 bits.
const finest = 1000

// priced is a cut with a price.
type priced struct {
	what  int // of the amounts that caps count
	limit int64
	k     int64
	steps *stairs // instead of them; nil none
	price float64
}

// amounts are what caps count of a block: money, demolition, relocation.
func (u *use) amounts() [3]int64 { return [3]int64{u.money, u.demolished, u.workers} }

// amountOf is which of the amounts a cap counts, by the name of its row; -1 none.
func amountOf(row string) int {
	return slices.IndexFunc([]string{"money:", "demolition:", "relocation:"}, func(cap string) bool { return strings.HasPrefix(row, cap) })
}

// cutLines finds the line of every cut and the starts at which it counts, and refuses cuts
// that prove nothing.
func (b *bounder) cutLines() error {
	b.cutsAt = make([][]priced, len(b.d.Years))
	for _, c := range b.c.Prices.Cuts {
		if c.Steps != 0 {
			if c.Steps < 1 || c.Steps > len(b.stairs) || !(c.Price >= 0) || math.IsInf(c.Price, 0) {
				return fmt.Errorf("cut with steps %d", c.Steps)
			}
			f := b.stairs[c.Steps-1]
			b.cutsAt[f.year] = append(b.cutsAt[f.year], priced{steps: f, price: c.Price})
			continue
		}
		n := -1
		for i, l := range b.lines {
			if l.name == c.Row {
				n = i
			}
		}
		what := amountOf(c.Row)
		if n < 0 || what < 0 || c.K < 1 || c.K > finest || c.Price < 0 || math.IsNaN(c.Price) || math.IsInf(c.Price, 0) || b.lines[n].limit <= 0 || b.lines[n].limit > math.MaxInt64/(finest+2) {
			return errors.New("cut on row " + c.Row)
		}
		for t := range b.cutsAt {
			if b.lines[n].block(use{money: 1, demolished: 1, workers: 1}, "", t, 0) > 0 {
				b.cutsAt[t] = append(b.cutsAt[t], priced{what: what, limit: b.lines[n].limit, k: c.K, price: c.Price})
			}
		}
	}
	return nil
}

// cutCharge is what the cuts take off a block's score.
func (b *bounder) cutCharge(o *option) float64 {
	sum, amounts := 0.0, o.use.amounts()
	for i := range b.cutsAt[o.start] {
		c := &b.cutsAt[o.start][i]
		if c.steps != nil {
			sum += c.price * c.steps.count(&amounts)
			continue
		}
		amount := amounts[c.what]
		if amount <= 0 || amount > c.limit {
			continue // a block beyond the cap is in no plan
		}
		steps := (c.k + 1) * amount
		whole := steps / c.limit
		if whole*c.limit == steps {
			sum += c.price * float64(amount) / float64(c.limit)
		} else {
			sum += c.price * float64(whole) / float64(c.k)
		}
	}
	return sum
}
