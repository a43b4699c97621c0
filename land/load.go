package land

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/plottage/plottage"
)

// Bounds on a pack file; a real text stays far below them.
const (
	maxFile  = 256 << 10 // bytes
	maxDepth = 24        // of nesting
	maxItems = 300       // rules, parameters, inputs, examples … each
)

// Load reads a rule pack and checks all of it: names, dates, codes, and the type of
// every expression. The error is a [plottage.Error] with code BadInput that names the
// field and what is wrong with it. Time and memory are bounded by the file's size,
// at most 256 KiB.
func Load(b []byte) (*Pack, error) {
	p, err := decode(b)
	if err != nil {
		return nil, &plottage.Error{Code: plottage.BadInput, Key: "land_pack_form", Err: err}
	}
	p.source = bytes.Clone(b)
	p.defaults()
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.plain, err = Compile(p, nil); err != nil {
		return nil, asPackError(p, err)
	}
	return p, nil
}

// asPackError turns a wrong default into bad input of the file.
func asPackError(p *Pack, err error) error {
	var e *plottage.Error
	if errors.As(err, &e) && e.Code == plottage.Usage {
		return packError(p, fmt.Sprintf("parameters[%v].default", e.Args["name"]), fmt.Sprint(e.Args["value"]), e.Err)
	}
	return err
}

// decode reads the file into a pack; unknown and repeated keys, anchors and aliases
// are refused.
func decode(b []byte) (p *Pack, err error) {
	defer func() {
		if r := recover(); r != nil { // the YAML reader on hostile bytes
			p, err = nil, fmt.Errorf("not readable as YAML: %v", r)
		}
	}()
	if len(b) > maxFile {
		return nil, fmt.Errorf("the file has %d bytes, more than %d", len(b), maxFile)
	}
	if err := shallow(b); err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	if len(file.Docs) != 1 {
		return nil, fmt.Errorf("a pack file holds one document, this one %d", len(file.Docs))
	}
	if err := plain(file.Docs[0].Body); err != nil {
		return nil, err
	}
	p = &Pack{}
	dec := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict())
	if err := dec.Decode(p); err != nil {
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	return p, nil
}

// shallow refuses deep nesting before the parser recurses into it.
func shallow(b []byte) error {
	flow := 0
	for line := range bytes.Lines(b) {
		indent, marks := 0, 0
		for _, c := range line {
			if c != ' ' && c != '-' && c != '?' && c != ':' {
				break
			}
			if indent++; c != ' ' {
				marks++
			}
		}
		if indent > 200 || marks > maxDepth && !bytes.HasPrefix(bytes.TrimSpace(line), []byte("---")) {
			return errors.New("nested too deeply")
		}
		for _, c := range line {
			switch c {
			case '[', '{':
				flow++
			case ']', '}':
				flow = max(0, flow-1)
			}
		}
		if flow > maxDepth {
			return errors.New("nested too deeply")
		}
	}
	return nil
}

// plain refuses anchors, aliases and tags: a pack says everything where it stands.
func plain(n ast.Node) error {
	v := &plainVisitor{}
	if n != nil {
		ast.Walk(v, n)
	}
	return v.err
}

type plainVisitor struct{ err error }

func (v *plainVisitor) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		v.err = fmt.Errorf("line %d: anchors, aliases and tags are not allowed", n.GetToken().Position.Line)
		return nil
	}
	return v
}

func (p *Pack) defaults() {
	for i := range p.Parameters {
		if p.Parameters[i].Kind == "" {
			p.Parameters[i].Kind = NumberParameter
		}
	}
	for i := range p.Derived {
		if p.Derived[i].Kind == "" {
			p.Derived[i].Kind = plottage.Number
		}
	}
}
