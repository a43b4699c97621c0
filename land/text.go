package land

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
)

// RuleText is what a rule says with its parameters filled in: {idle_months} becomes
// 12. parameters are those of the grading; nil takes the pack's defaults. For the
// findings on the score and on whether the pack applies it is their own text. It is
// empty when the pack has no such rule.
func (p *Pack) RuleText(id string, parameters map[string]any) plottage.Label {
	var text plottage.Label
	switch i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.ID == id }); {
	case i >= 0:
		text = p.Rules[i].Text
	case id == scoreRule && p.Score != nil:
		text = p.Score.Text
	case id == scopeRule:
		text = plottage.Label{ZH: "本规则包适用于该宗地", EN: "the pack applies to the parcel"}
	}
	for _, par := range p.Parameters {
		v, ok := parameters[par.ID]
		if !ok {
			v = par.Default
		}
		mark := "{" + par.ID + "}"
		text.ZH = strings.ReplaceAll(text.ZH, mark, par.format(v, "；", "未设定"))
		text.EN = strings.ReplaceAll(text.EN, mark, par.format(v, ", ", "(not set)"))
	}
	return text
}

// format writes a parameter's value as people read it: shares as per cent, numbers
// without a tail of digits.
func (par Parameter) format(v any, comma, unset string) string {
	switch v := v.(type) {
	case nil:
		return unset
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = fmt.Sprint(x)
		}
		return strings.Join(words, comma)
	case []string:
		return strings.Join(v, comma)
	case string, bool:
		return fmt.Sprint(v)
	}
	x, err := toNumber(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if par.Unit == "share" {
		return short(x*100, 1) + "%"
	}
	return short(x, 4)
}

// short writes x with at most the given digits after the point and no zeros at the end.
func short(x float64, after int) string {
	s := strconv.FormatFloat(x, 'f', after, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
