// Package jsontext reads JSON texts of any size token by token.
//
// It holds to RFC 8259 to the letter, as the standard library does, and adds what foreign
// files need: a bound on nesting and on the length of one string, numbers as their
// digits, several texts in one stream, and the place of an error. It never recurses
// and holds no more than one token.
package jsontext

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind of a token.
type Kind byte

// The kinds. EOF comes after a whole text only.
const (
	EOF         Kind = 0
	BeginObject Kind = '{'
	EndObject   Kind = '}'
	BeginArray  Kind = '['
	EndArray    Kind = ']'
	Name        Kind = 'N' // of a member; its value follows
	String      Kind = '"'
	Number      Kind = '0'
	True        Kind = 't'
	False       Kind = 'f'
	Null        Kind = 'n'
)

// Error is where and why a text is no JSON, or beyond the bounds.
type Error struct {
	Reason string // syntax, cut, depth, string_bytes
	Offset int64  // bytes read as UTF-8
	Near   string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("JSON: %s at byte %d near %q", e.Reason, e.Offset, e.Near)
}

// Scanner reads tokens. Text and Lossy tell of the last one.
type Scanner struct {
	Depth       int // most containers in each other
	StringBytes int // longest string

	Text  string // of a Name, String or Number
	Lossy bool   // a lone surrogate of the String became U+FFFD

	r      *bufio.Reader
	offset int64
	stack  []Kind
	state  state
	buf    []byte
}

// state is what may come next.
type state byte

const (
	wantValue state = iota
	wantFirst       // a value or the end of the array just begun
	wantName
	wantFirstName
	wantComma // or the end of the container
)

// New returns a scanner of r, which is UTF-8.
func New(r io.Reader, depth, stringBytes int) *Scanner {
	return &Scanner{r: bufio.NewReaderSize(r, 64<<10), Depth: depth, StringBytes: stringBytes}
}

// Offset is how many bytes were read.
func (s *Scanner) Offset() int64 { return s.offset }

func (s *Scanner) byte() (byte, error) {
	c, err := s.r.ReadByte()
	if err == nil {
		s.offset++
	}
	return c, err
}

func (s *Scanner) unread() {
	s.r.UnreadByte()
	s.offset--
}

func (s *Scanner) fail(reason string, near ...byte) error {
	rest, _ := s.r.Peek(min(24, s.r.Buffered()))
	return &Error{reason, s.offset, string(append(near, rest...))}
}

// ended turns the end of the stream inside a text into our error.
func (s *Scanner) ended(err error) error {
	if err == io.EOF {
		return s.fail("cut")
	}
	return err
}

// space skips white space; between texts also record separators (RFC 8142).
func (s *Scanner) space() (byte, error) {
	for {
		c, err := s.byte()
		switch {
		case err != nil:
			return 0, err
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		case c == 0x1e && len(s.stack) == 0:
		default:
			return c, nil
		}
	}
}

// Next returns the next token.
func (s *Scanner) Next() (Kind, error) {
	c, err := s.space()
	if err == io.EOF && len(s.stack) == 0 && s.state == wantValue {
		return EOF, nil
	}
	if err != nil {
		return 0, s.ended(err)
	}
	switch s.state {
	case wantComma:
		if c == ',' {
			if s.state = wantValue; s.top() == BeginObject {
				s.state = wantName
			}
			if c, err = s.space(); err != nil {
				return 0, s.ended(err)
			}
		} else {
			return s.end(c)
		}
	case wantFirst, wantFirstName:
		if c == '}' || c == ']' {
			return s.end(c)
		}
	}
	if s.state == wantName || s.state == wantFirstName {
		return s.name(c)
	}
	return s.value(c)
}

func (s *Scanner) top() Kind { return s.stack[len(s.stack)-1] }

// end closes a container.
func (s *Scanner) end(c byte) (Kind, error) {
	if len(s.stack) == 0 || Kind(c) != s.top()+2 { // '{'+2 is '}', '['+2 is ']'
		return 0, s.fail("syntax", c)
	}
	s.stack = s.stack[:len(s.stack)-1]
	s.done()
	return Kind(c), nil
}

// done sets what may follow a value.
func (s *Scanner) done() {
	if s.state = wantComma; len(s.stack) == 0 {
		s.state = wantValue
	}
}

func (s *Scanner) name(c byte) (Kind, error) {
	if c != '"' {
		return 0, s.fail("syntax", c)
	}
	if err := s.str(); err != nil {
		return 0, err
	}
	c, err := s.space()
	if err != nil {
		return 0, s.ended(err)
	}
	if c != ':' {
		return 0, s.fail("syntax", c)
	}
	s.state = wantValue
	return Name, nil
}

func (s *Scanner) value(c byte) (Kind, error) {
	switch {
	case c == '{' || c == '[':
		if len(s.stack) >= s.Depth {
			return 0, s.fail("depth", c)
		}
		s.stack = append(s.stack, Kind(c))
		if s.state = wantFirst; c == '{' {
			s.state = wantFirstName
		}
		return Kind(c), nil
	case c == '"':
		if err := s.str(); err != nil {
			return 0, err
		}
	case c == '-' || (c >= '0' && c <= '9'):
		if err := s.number(c); err != nil {
			return 0, err
		}
		c = '0'
	case c == 't' || c == 'f' || c == 'n':
		if err := s.word(c); err != nil {
			return 0, err
		}
	default:
		return 0, s.fail("syntax", c)
	}
	s.done()
	return Kind(c), nil
}

func (s *Scanner) word(c byte) error {
	rest := map[byte]string{'t': "rue", 'f': "alse", 'n': "ull"}[c]
	for i := range len(rest) {
		if c, err := s.byte(); err != nil {
			return s.ended(err)
		} else if c != rest[i] {
			return s.fail("syntax", c)
		}
	}
	return s.boundary()
}

// boundary refuses a letter or digit stuck to a word or number.
func (s *Scanner) boundary() error {
	c, err := s.byte()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	s.unread()
	if c == '_' || c == '.' || c == '+' || c == '-' || c == '"' || (c >= '0' && c <= '9') || (c|0x20 >= 'a' && c|0x20 <= 'z') || c >= 0x80 {
		return s.fail("syntax")
	}
	return nil
}

const longestNumber = 400 // digits; a float64 written out in full has up to 330

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *Scanner) number(c byte) error {
	s.buf = append(s.buf[:0], c)
	for {
		c, err := s.byte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if !(c >= '0' && c <= '9') && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-' {
			s.unread()
			break
		}
		if s.buf = append(s.buf, c); len(s.buf) > longestNumber {
			return s.fail("syntax")
		}
	}
	if !isNumber(s.buf) {
		return s.fail("syntax", s.buf[:min(len(s.buf), 24)]...)
	}
	s.Text = string(s.buf)
	return s.boundary()
}

func isNumber(b []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(b) && b[n] >= '0' && b[n] <= '9' {
			n++
		}
		b = b[n:]
		return n > 0
	}
	if b[0] == '-' {
		b = b[1:]
	}
	if len(b) > 1 && b[0] == '0' && b[1] >= '0' && b[1] <= '9' {
		return false
	}
	if !digits() {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		if b = b[1:]; !digits() {
			return false
		}
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if !digits() {
			return false
		}
	}
	return len(b) == 0
}

// str reads a string after its opening quote.
func (s *Scanner) str() error {
	s.buf, s.Lossy = s.buf[:0], false
	for {
		c, err := s.byte()
		if err != nil {
			return s.ended(err)
		}
		switch {
		case c == '"':
			s.Text = string(s.buf)
			return nil
		case c < 0x20:
			return s.fail("syntax", c)
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		default:
			s.buf = append(s.buf, c)
		}
		if len(s.buf) > s.StringBytes {
			return s.fail("string_bytes")
		}
	}
}

func (s *Scanner) escape() error {
	c, err := s.byte()
	if err != nil {
		return s.ended(err)
	}
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return s.unicode()
	default:
		return s.fail("syntax", '\\', c)
	}
	s.buf = append(s.buf, c)
	return nil
}

func (s *Scanner) unicode() error {
	r, err := s.hex()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(r) {
		if next, _ := s.r.Peek(2); string(next) == `\u` {
			if low, _ := s.r.Peek(6); len(low) == 6 {
				if v, err := strconv.ParseUint(string(low[2:]), 16, 32); err == nil {
					if both := utf16.DecodeRune(r, rune(v)); both != utf8.RuneError {
						s.r.Discard(6)
						s.offset += 6
						s.buf = utf8.AppendRune(s.buf, both)
						return nil
					}
				}
			}
		}
		s.Lossy = true
	}
	s.buf = utf8.AppendRune(s.buf, r) // U+FFFD for a lone surrogate
	return nil
}

func (s *Scanner) hex() (rune, error) {
	var h [4]byte
	for i := range h {
		c, err := s.byte()
		if err != nil {
			return 0, s.ended(err)
		}
		h[i] = c
	}
	v, err := strconv.ParseUint(string(h[:]), 16, 32)
	if err != nil || h[0] == '+' {
		return 0, s.fail("syntax", h[:]...)
	}
	return rune(v), nil
}

// Skip passes over the value whose first token was k.
func (s *Scanner) Skip(k Kind) error {
	if k != BeginObject && k != BeginArray {
		return nil
	}
	for outer := len(s.stack) - 1; len(s.stack) > outer; {
		if _, err := s.Next(); err != nil {
			return err
		}
	}
	return nil
}

// ErrTooLong is returned by Raw for a value longer than StringBytes.
var ErrTooLong = errors.New("JSON: value too long")

// Raw returns the value whose first token was k as compact JSON.
func (s *Scanner) Raw(k Kind) (string, error) {
	var out []byte
	outer := len(s.stack)
	if k == BeginObject || k == BeginArray {
		outer--
	}
	comma := false
	for {
		if comma && k != EndObject && k != EndArray {
			out = append(out, ',')
		}
		comma = true
		switch k {
		case BeginObject, BeginArray:
			out, comma = append(out, byte(k)), false
		case EndObject, EndArray:
			out = append(out, byte(k))
		case Name:
			out, comma = append(appendQuoted(out, s.Text), ':'), false
		case String:
			out = appendQuoted(out, s.Text)
		case Number:
			out = append(out, s.Text...)
		case True, False, Null:
			out = append(out, map[Kind]string{True: "true", False: "false", Null: "null"}[k]...)
		}
		if len(out) > s.StringBytes {
			return "", ErrTooLong
		}
		if len(s.stack) <= outer {
			return string(out), nil
		}
		var err error
		if k, err = s.Next(); err != nil {
			return "", err
		}
	}
}

func appendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r < 0x20:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}
