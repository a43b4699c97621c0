package check

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"github.com/plottage/plottage"
)

// problemDoc is the problem document, format 1, as docs/method/renewal.md#document
// describes it.
type problemDoc struct {
	Format   int     `json:"format"`
	Years    []int   `json:"years"`
	Discount []int64 `json:"discount_ppm"`
	Block    struct {
		Min     int64 `json:"min_area_m2"`
		Max     int64 `json:"max_area_m2"`
		Compact int64 `json:"min_compactness_ppm"`
		Kept    int64 `json:"max_kept_ppm"`
	} `json:"block"`
	Modes []struct {
		Name      string `json:"name"`
		Build     int    `json:"build_years"`
		Displaces bool   `json:"displaces"`
		Alone     bool   `json:"alone"`
	} `json:"modes"`
	Lots     []lotDoc        `json:"lots"`
	Links    []linkDoc       `json:"links"`
	Bridges  []bridgeDoc     `json:"bridges"`
	Pockets  []pocketDoc     `json:"pockets"`
	Projects []projectDoc    `json:"projects"`
	Towns    []townDoc       `json:"towns"`
	Caps     []capDoc        `json:"caps"`
	Locks    []plottage.Lock `json:"locks"`
	Decant   bool            `json:"decant"`
	Floors   []floorDoc      `json:"floors"`
	Signed   []agreedDoc     `json:"signed"`
	Approved *struct {
		Blocks    []agreedDoc `json:"blocks"`
		MaxChange int64       `json:"max_change_m2"`
	} `json:"approved"`
	Whole []string `json:"whole_owners"`

	lotAt     map[string]int
	projectAt map[string]int
	modeAt    map[string]int
	near      []map[int]int64 // by lot: linked lots of the same town and the shared length
	lots      int             // bridges come after so many lots
	kept      []int64         // by lot: land of a bridge, 0 of a lot
	pocketAt  map[string]int
	pocketsBy map[int][]int // by lot: the pockets that border it
}

type floorDoc struct {
	Town  string `json:"town"`
	Stage string `json:"stage"`
	Grade string `json:"grade"`
	Min   int64  `json:"min_area_m2"`
}

type agreedDoc struct {
	Lots []string `json:"lots"`
	Kept []string `json:"kept"`
	Mode string   `json:"mode"`
	Year int      `json:"year"`

	Treated []treatedDoc `json:"treated"`
}

type lotDoc struct {
	ID        string `json:"id"`
	Town      string `json:"town"`
	Owner     string `json:"owner"`
	Stage     string `json:"stage"`
	Grade     string `json:"grade"`
	Area      int64  `json:"area_m2"`
	Perimeter int64  `json:"perimeter_cm"`
	wayDoc
	Mixes []mixDoc `json:"mixes"`

	ways []wayDoc // the lot as it is, and its mixes
}

// wayDoc is what treating a lot in one way takes and gives.
type wayDoc struct {
	Now     int64 `json:"now"`
	Workers int64 `json:"workers"`
	Firms   []struct {
		ID    string `json:"id"`
		Floor int64  `json:"floor_m2"`
	} `json:"firms"`
	In []treatmentDoc `json:"in"`
}

type treatmentDoc struct {
	Off        bool  `json:"off"`
	Cost       int64 `json:"cost"`
	Demolished int64 `json:"demolished_m2"`
	NewFloor   int64 `json:"new_floor_m2"`
	Usable     int64 `json:"usable_m2"`
	After      int64 `json:"after"`
	Receipt    int64 `json:"receipt"`
}

type linkDoc struct {
	A      string `json:"a"`
	B      string `json:"b"`
	Shared int64  `json:"shared_cm"`
}

type projectDoc struct {
	ID       string   `json:"id"`
	Area     int64    `json:"area_m2"`
	Modes    []string `json:"modes"`
	Towns    []string `json:"towns"`
	Misfits  []string `json:"misfits"`
	Power    int64    `json:"power_kw"`
	Release  int      `json:"release"`
	Deadline int      `json:"deadline"`
	Gain     int64    `json:"gain"`
	After    string   `json:"after"`
}

type townDoc struct {
	ID     string  `json:"id"`
	Power  []int64 `json:"power_kw"`
	Vacant []int64 `json:"vacant_m2"`
	Min    int64   `json:"min_area_m2"`
}

type capDoc struct {
	Resource   string `json:"resource"`
	Year       int    `json:"year"`
	Cumulative bool   `json:"cumulative"`
	Lag        int    `json:"lag_years"`
	Limit      int64  `json:"limit"`
}

type certificateDoc struct {
	Bound  int64 `json:"bound"`
	UnitM2 int64 `json:"unit_m2"`
	Search bool  `json:"search"`
	Prices struct {
		Side     string             `json:"side"`
		Rows     map[string]float64 `json:"rows"`
		Lots     map[string]float64 `json:"lots"`
		Projects map[string]float64 `json:"projects"`
		Cuts     []cutDoc           `json:"cuts"`
		Steps    []stepsDoc         `json:"steps"`
		Inside   map[string]float64 `json:"inside"` // by lot of a group too large to list
	} `json:"prices"`
	Lot   string    `json:"lot"` // with cases: what they differ in
	Cases []caseDoc `json:"cases"`
}

// caseDoc bounds the plans in which the lot of the certificate is treated from a year
// on, or not at all: 0.
type caseDoc struct {
	Year int `json:"year"`
	certificateDoc
}

// largest is the largest amount that a document may hold, by docs/method/renewal.md#document.
const largest = 1_000_000_000_000

func readProblem(b []byte) (*problemDoc, error) {
	d := &problemDoc{lotAt: map[string]int{}, projectAt: map[string]int{}, modeAt: map[string]int{}}
	if err := json.Unmarshal(b, d); err != nil {
		return nil, refused("problem", "JSON", err.Error())
	}
	if d.Format != 1 || len(d.Years) == 0 || len(d.Modes) == 0 || len(d.Years)*len(d.Modes) > 64 || len(d.Discount) < len(d.Years) || d.Block.Min < 1 {
		return nil, fmt.Errorf("read the problem: format %d with %d years and %d modes is not known here", d.Format, len(d.Years), len(d.Modes))
	}
	if d.Block.Max > largest {
		return nil, refused("block", "max_area_m2", fmt.Sprint(d.Block.Max))
	}
	for i, m := range d.Modes {
		if m.Build < 0 || m.Build > 100 {
			return nil, refused("mode "+m.Name, "build_years", fmt.Sprint(m.Build))
		}
		d.modeAt[m.Name] = i
	}
	for i, l := range d.Lots {
		if _, twice := d.lotAt[l.ID]; twice || len(l.In) != len(d.Modes) || l.Area < 1 {
			return nil, fmt.Errorf("read the problem: lot %q", l.ID)
		}
		d.lotAt[l.ID] = i
	}
	for i, k := range d.Projects {
		d.projectAt[k.ID] = i
	}
	if err := d.readBridges(); err != nil {
		return nil, err
	}
	if err := d.readMixes(); err != nil {
		return nil, err
	}
	if err := d.readAgreed(); err != nil {
		return nil, err
	}
	for _, k := range d.Locks {
		if i, known := d.lotAt[k.Parcel]; !known || d.bridge(i) {
			return nil, refused("lock", "parcel", k.Parcel)
		}
		if k.Kind != plottage.LockIn && k.Kind != plottage.LockOut {
			return nil, refused("lock "+k.Parcel, "kind", string(k.Kind))
		}
	}
	d.near = make([]map[int]int64, len(d.Lots))
	for _, l := range d.Links {
		a, okA := d.lotAt[l.A]
		b, okB := d.lotAt[l.B]
		if !okA || !okB {
			return nil, fmt.Errorf("read the problem: link %q-%q", l.A, l.B)
		}
		if d.Lots[a].Town == d.Lots[b].Town {
			d.link(a, b, l.Shared)
			d.link(b, a, l.Shared)
		}
	}
	return d, nil
}

// refused says in words which part of the document is meaningless.
func refused(object, field, value string) error {
	return &plottage.Error{Code: plottage.BadInput, Key: "renewal.document", Args: map[string]any{"object": object, "field": field, "value": value},
		Where: plottage.Where{Layer: object, Field: field, Value: value}}
}

// readAgreed refuses signed and approved blocks that name unknown lots, a lot twice,
// or what cannot start.
func (d *problemDoc) readAgreed() error {
	for n, blocks := range [][]agreedDoc{d.Signed, d.approved()} {
		taken := map[string]bool{}
		for _, b := range blocks {
			mode, known := d.modeAt[b.Mode]
			if len(b.Lots) == 0 || n == 0 && (!known || !slices.Contains(d.Years, b.Year)) || known && d.Modes[mode].Alone && len(b.Lots) > 1 {
				return fmt.Errorf("read the problem: agreed block %v", b)
			}
			for _, id := range b.Lots {
				i, ok := d.lotAt[id]
				if !ok || d.bridge(i) || taken[id] || n == 0 && d.Lots[i].Town != d.Lots[d.lotAt[b.Lots[0]]].Town {
					return fmt.Errorf("read the problem: lot %q of an agreed block", id)
				}
				taken[id] = true
			}
			for _, id := range b.Kept {
				i, ok := d.lotAt[id]
				if !ok || !d.bridge(i) || taken[id] || known && d.Modes[mode].Alone || n == 0 && d.Lots[i].Town != d.Lots[d.lotAt[b.Lots[0]]].Town {
					return fmt.Errorf("read the problem: parcel %q kept in an agreed block", id)
				}
				taken[id] = true
			}
			if n == 0 {
				if _, ok := d.waysOf(d.numbers(b.Lots), b.Treated); !ok || d.Modes[mode].Alone && len(b.Treated) > 0 {
					return fmt.Errorf("read the problem: buildings of signed block %v", b)
				}
			}
		}
	}
	for _, k := range d.Projects {
		if _, ok := d.projectAt[k.After]; k.After != "" && !ok {
			return fmt.Errorf("read the problem: project %q follows %q", k.ID, k.After)
		}
	}
	return nil
}

// numbers are the numbers of known lots.
func (d *problemDoc) numbers(ids []string) []int {
	var all []int
	for _, id := range ids {
		all = append(all, d.lotAt[id])
	}
	return all
}

func (d *problemDoc) approved() []agreedDoc {
	if d.Approved == nil {
		return nil
	}
	return d.Approved.Blocks
}

func (d *problemDoc) link(a, b int, shared int64) {
	if d.near[a] == nil {
		d.near[a] = map[int]int64{}
	}
	d.near[a][b] += shared
}

// factors sums the discount factors from a year index to the horizon.
func (d *problemDoc) factors(from int) int64 {
	var sum int64
	for k, f := range d.Discount {
		if k >= from {
			sum += f
		}
	}
	return sum
}

var million = big.NewInt(1_000_000)

// share is ⌊amount × factor / 10⁶⌋, in numbers of any size.
func share(amount, factor int64) int64 {
	x := new(big.Int).Mul(big.NewInt(amount), big.NewInt(factor))
	return x.Quo(x, million).Int64()
}

// lotWorth is what lot i adds, taken in a way, in a mode started in year index t.
func (d *problemDoc) lotWorth(i, way, mode, t int) int64 {
	l := &d.Lots[i].ways[way]
	in := l.In[mode]
	worth := share(in.After, d.factors(t+d.Modes[mode].Build)) - share(l.Now, d.factors(t)) - share(in.Cost, d.Discount[t])
	if ready := t + d.Modes[mode].Build; ready < len(d.Discount) {
		worth += share(in.Receipt, d.Discount[ready])
	}
	return worth
}

// comes returns the year in which project k takes land ready in a year.
func (d *problemDoc) comes(k, ready int) (int, bool) {
	y := max(ready, d.Projects[k].Release)
	return y, y <= d.Projects[k].Deadline
}

func (d *problemDoc) projectWorth(k, year int) int64 {
	return share(d.Projects[k].Gain, d.factors(year-d.Years[0]))
}

// fits reports whether project k can stand on a block of a town and mode that
// holds none of its misfits; lots are looked at by the caller.
func (d *problemDoc) fits(k int, town string, mode int) bool {
	p := &d.Projects[k]
	return (len(p.Towns) == 0 || slices.Contains(p.Towns, town)) && (len(p.Modes) == 0 || slices.Contains(p.Modes, d.Modes[mode].Name))
}
