package demo

import "fmt"

// Words that made-up names are put together from.
var (
	streetWords = []string{"汇工", "兴业", "通宁", "裕民", "织造", "望溪", "开元", "金枧", "同德", "振工", "禾丰", "霜桥", "白篁", "永昌", "新川", "创业", "汀南", "汀北", "锦绣", "五云", "长乐", "临溪", "工园", "双桥"}
	firmFirst   = []rune("宏恒瑞鑫嘉华明盛永金德卓凯东正联佳锦益双百浩飞丰立泰星腾创海元科润和")
	firmSecond  = []rune("达远泰丰利源盛辉成宇翔美诚博通兴发邦力纳洋升庆祥腾悦信邦越特")
)

// trade is an industry of GB/T 4754-2017 with what its firms are like.
type trade struct {
	code, word string  // word in the firm's name
	weight     int     // how common
	tce        float64 // tonnes of coal equivalent per 10,000 yuan of value added
	emission   float64 // kilograms of pollutants per 10,000 yuan of value added
	modern     bool    // found in new parks, wanted by the investment bureau
}

var trades = []trade{
	{"1830", "服饰", 10, 0.10, 0.3, false},
	{"1761", "针织", 9, 0.22, 0.8, false},
	{"1752", "印染", 3, 1.30, 9.0, false},
	{"2451", "玩具", 8, 0.14, 0.5, false},
	{"2438", "饰品", 10, 0.12, 0.9, false},
	{"2231", "纸制品", 6, 0.35, 2.0, false},
	{"2319", "包装印刷", 7, 0.20, 1.6, false},
	{"2927", "塑料制品", 9, 0.38, 1.8, false},
	{"2929", "塑胶", 6, 0.34, 1.6, false},
	{"3382", "五金制品", 7, 0.30, 1.5, false},
	{"3351", "建筑五金", 5, 0.32, 1.4, false},
	{"4119", "日用品", 8, 0.15, 0.6, false},
	{"1952", "鞋业", 3, 0.16, 1.1, false},
	{"3525", "模具", 4, 0.24, 0.5, true},
	{"3484", "机械", 5, 0.22, 0.5, true},
	{"3670", "汽车零部件", 4, 0.25, 0.7, true},
	{"3825", "光伏科技", 3, 0.40, 0.6, true},
	{"3841", "新能源", 3, 0.36, 0.8, true},
	{"3982", "电子", 4, 0.28, 1.0, true},
	{"2770", "医疗器材", 2, 0.12, 0.3, true},
	{"1421", "食品", 3, 0.20, 1.2, false},
}

// pickTrade draws a trade by weight, modern ones three times as often in new districts.
func pickTrade(d dice, fresh bool) trade {
	weight := func(t trade) int {
		if fresh && t.modern {
			return 3 * t.weight
		}
		return t.weight
	}
	total := 0
	for _, t := range trades {
		total += weight(t)
	}
	n := d.IntN(total)
	for _, t := range trades {
		if n -= weight(t); n < 0 {
			return t
		}
	}
	return trades[0]
}

// namer gives out firm names and credit codes, each once.
type namer struct {
	d     dice
	taken map[string]bool
}

func (n namer) firm(t trade) string {
	for {
		name := fmt.Sprintf("汀宁市%c%c%s有限公司", oneOf(n.d, firmFirst), oneOf(n.d, firmSecond), t.word)
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// credit returns a unified social credit code with its check character
// (GB 32100-2015: weights 3^i mod 31).
func (n namer) credit() string {
	for {
		code := []byte("91330999MA")
		for len(code) < 17 {
			code = append(code, creditAlphabet[n.d.IntN(len(creditAlphabet))])
		}
		s := string(append(code, creditCheck(code)))
		if !n.taken[s] {
			n.taken[s] = true
			return s
		}
	}
}

// creditCheck returns the check character of the first 17 of a credit code.
func creditCheck(code []byte) byte {
	sum, weight := 0, 1
	for _, c := range code {
		v := 0
		for creditAlphabet[v] != c {
			v++
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}
