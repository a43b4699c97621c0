package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// toldBlocks tells of blocks in sentences to be read aloud, then gives the figures
// behind them.
func (p renewalPrinter) toldBlocks(all []workspace.BlockReasons) {
	for i, b := range all {
		if i > 0 {
			p.line("")
		}
		for _, sentence := range p.speaker().Block(b) {
			p.line(sentence)
		}
		p.line("")
		p.line(p.t("renewal.why.figures"))
		p.parts(b)
		p.line("")
		p.uses(b.Uses)
		p.line("")
		p.otherwise(b)
	}
}

// parts writes what a block brings and costs, term by term, with the prices behind.
func (p renewalPrinter) parts(b workspace.BlockReasons) {
	rows := [][]string{{p.t("cli.renewal.block.part"), p.t("cli.renewal.block.amount"), p.t("cli.renewal.block.years"), p.t("cli.renewal.block.factor"), p.t("cli.renewal.block.worth")}}
	for _, part := range b.Parts {
		amount, years := p.style.Money(float64(part.Amount)), strconv.Itoa(part.From)
		if part.Kind.Yearly() {
			amount, years = p.t("cli.renewal.block.a_year", "amount", amount), fmt.Sprintf("%d-%d", part.From, part.Until)
		}
		rows = append(rows, []string{p.part(part), amount, years, figure.Digits(float64(part.FactorPPM)/1e6, 4), p.style.Money(float64(part.Value))})
	}
	rows = append(rows, []string{p.t("renewal.part.total"), "", "", "", p.style.Money(float64(b.Value))})
	p.table(rows)
	for _, part := range b.Parts {
		if prices := b.Prices[part.Kind]; len(prices) > 0 {
			var list []string
			for _, u := range prices {
				list = append(list, p.t("cli.renewal.block.price", "name", p.t("renewal.economy."+u.Key), "value", figure.Digits(u.Value, 4)))
			}
			p.line("  " + p.t("cli.renewal.block.prices", "part", p.part(part), "list", strings.Join(list, p.t("renewal.semicolon"))))
		}
	}
}

func (p renewalPrinter) part(part renewal.Part) string {
	return p.t("renewal.part."+string(part.Kind), "id", part.Of[0].ID)
}

// uses writes what a block takes of each limit, beside the plan.
func (p renewalPrinter) uses(all []renewal.BlockUse) {
	rows := [][]string{{p.t("cli.renewal.col.row"), p.t("cli.renewal.block.uses"), p.t("cli.renewal.col.used"), p.t("cli.renewal.col.limit"), p.t("cli.renewal.block.elsewhere")}}
	for _, u := range all {
		rows = append(rows, []string{p.row(u.Row), p.amount(u.Row, u.Used), p.amount(u.Row, u.Planned), p.amount(u.Row, u.Limit), p.style.Money(float64(u.Worth))})
	}
	p.table(rows)
}

// otherwise writes what the plan would be worth with the block otherwise.
func (p renewalPrinter) otherwise(b workspace.BlockReasons) {
	rows := [][]string{{p.t("cli.renewal.block.other"), p.t("cli.renewal.block.change"), p.t("cli.renewal.block.against")}}
	for _, c := range append([]renewal.Changed{b.Dropped}, b.Others...) {
		what := p.t("cli.renewal.block.out")
		if c.Year != 0 {
			what = strconv.Itoa(c.Year) + " " + p.t("renewal.mode."+c.Mode)
		}
		rows = append(rows, []string{what, p.style.Money(float64(c.Change)), p.against(c.Broken)})
	}
	p.table(rows, 2)
}

// against names the rules in the way of a change, limits by their names.
func (p renewalPrinter) against(broken []renewal.Broken) string {
	var words []string
	for _, k := range broken {
		w := p.speaker().Rule(k)
		if k.Rule == "row" {
			key, by := "cli.renewal.block.over", k.Got-k.Want
			if by < 0 {
				key, by = "cli.renewal.block.short", -by
			}
			w = p.t(key, "row", p.row(k.Object), "by", p.amount(k.Object, by), "want", p.amount(k.Object, k.Want))
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, p.t("renewal.semicolon"))
}
