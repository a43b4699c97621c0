package crs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is one KEYWORD[…] of a well-known text: words, numbers and nodes in order.
type node struct {
	key   string // upper case
	texts []string
	nums  []float64
	kids  []*node
}

// Bounds of the text of a system; real ones have at most some 3 kB and 60 nodes.
const (
	maxWKTBytes = 64 << 10
	maxWKTNodes = 2_000
	maxWKTDepth = 16
)

var errWKT = errors.New("not the well-known text of a coordinate reference system")

// parseNode reads the text into its tree.
func parseNode(s string) (*node, error) {
	s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
	if len(s) > maxWKTBytes || !utf8.ValidString(s) {
		return nil, errWKT
	}
	p := &wktParser{s: s}
	n, err := p.node(0)
	if err != nil {
		return nil, err
	}
	if strings.Trim(p.s, " \t\r\n\x00;") != "" {
		return nil, fmt.Errorf("%w: text after its end", errWKT)
	}
	return n, nil
}

type wktParser struct {
	s     string
	nodes int
}

func (p *wktParser) space() { p.s = strings.TrimLeft(p.s, " \t\r\n") }

func (p *wktParser) node(depth int) (*node, error) {
	if p.nodes++; p.nodes > maxWKTNodes || depth > maxWKTDepth {
		return nil, fmt.Errorf("%w: too deep or too long", errWKT)
	}
	p.space()
	end := strings.IndexFunc(p.s, func(r rune) bool { return !isWord(r) })
	if end <= 0 || (p.s[end:] != "" && !strings.ContainsRune("[( \t", rune(p.s[end]))) {
		return nil, errWKT
	}
	n := &node{key: strings.ToUpper(p.s[:end])}
	p.s = p.s[end:]
	p.space()
	if p.s == "" || (p.s[0] != '[' && p.s[0] != '(') {
		return nil, errWKT
	}
	closing := byte(']')
	if p.s[0] == '(' {
		closing = ')'
	}
	for {
		p.s = p.s[1:] // the opening bracket or a comma
		if err := p.item(n, depth); err != nil {
			return nil, err
		}
		p.space()
		switch {
		case p.s == "":
			return nil, fmt.Errorf("%w: cut off", errWKT)
		case p.s[0] == closing:
			p.s = p.s[1:]
			return n, nil
		case p.s[0] != ',':
			return nil, errWKT
		}
	}
}

func isWord(r rune) bool {
	return r == '_' || (r >= '0' && r <= '9') || (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z')
}

// item reads a quoted text, a number, a bare word such as EAST, or a node.
func (p *wktParser) item(n *node, depth int) error {
	p.space()
	if p.s == "" {
		return fmt.Errorf("%w: cut off", errWKT)
	}
	switch c := p.s[0]; {
	case c == '"':
		return p.quoted(n)
	case c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9'):
		end := strings.IndexAny(p.s, ",]) \t\r\n")
		if end < 0 {
			return fmt.Errorf("%w: cut off", errWKT)
		}
		v, err := strconv.ParseFloat(p.s[:end], 64)
		if err != nil {
			return fmt.Errorf("%w: number %.20q", errWKT, p.s[:end])
		}
		n.nums = append(n.nums, v)
		p.s = p.s[end:]
		return nil
	}
	if end := strings.IndexFunc(p.s, func(r rune) bool { return !isWord(r) }); end > 0 && strings.IndexByte(",])", p.s[end]) >= 0 {
		n.texts = append(n.texts, p.s[:end])
		p.s = p.s[end:]
		return nil
	}
	kid, err := p.node(depth + 1)
	if err != nil {
		return err
	}
	n.kids = append(n.kids, kid)
	return nil
}

// quoted reads "text", in which "" stands for one quote.
func (p *wktParser) quoted(n *node) error {
	var b strings.Builder
	for rest := p.s[1:]; ; {
		before, after, found := strings.Cut(rest, `"`)
		if !found {
			return fmt.Errorf("%w: quote without an end", errWKT)
		}
		b.WriteString(before)
		if !strings.HasPrefix(after, `"`) {
			n.texts = append(n.texts, b.String())
			p.s = after
			return nil
		}
		b.WriteByte('"')
		rest = after[1:]
	}
}

// kid returns the first child of one of the keys, or nil.
func (n *node) kid(keys ...string) *node {
	for _, k := range n.kids {
		for _, key := range keys {
			if k.key == key {
				return k
			}
		}
	}
	return nil
}

// text returns the i-th quoted text, "" when there is none; n may be nil.
func (n *node) text(i int) string {
	if n == nil || i >= len(n.texts) {
		return ""
	}
	return n.texts[i]
}

// num returns the i-th number, or otherwise; n may be nil.
func (n *node) num(i int, otherwise float64) float64 {
	if n == nil || i >= len(n.nums) {
		return otherwise
	}
	return n.nums[i]
}
