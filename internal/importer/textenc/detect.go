package textenc

import "unicode/utf8"

// Detector tells encodings apart from all bytes of a text, given in pieces.
type Detector struct {
	carry [4]byte // an unfinished UTF-8 character
	held  int

	utf8Good, utf8Bad int // characters beyond ASCII; bytes that are none

	gb       [3]byte // an unfinished GB18030 character
	gbHeld   int
	gbGood   int // characters beyond ASCII
	gbCommon int // of them in GB 2312, where all everyday text is
	gbBad    int

	zeros [2]int // zero bytes at even and odd places
	n     int
	high  bool
}

// Write takes the next piece.
func (d *Detector) Write(b []byte) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == 0 {
			d.zeros[d.n&1]++
		}
		d.n++
		if c < 0x80 && d.held == 0 && d.gbHeld == 0 {
			continue
		}
		d.high = true
		d.utf8Byte(c)
		d.gbByte(c)
	}
}

// Cut says that a field or the text ends here: a character may not go on.
func (d *Detector) Cut() {
	if d.held > 0 {
		d.utf8Bad++
		d.held = 0
	}
	if d.gbHeld > 0 {
		d.gbBad++
		d.gbHeld = 0
	}
}

// Forget drops an unfinished character at the end of a field that is as long as the format
// allows: cut there, not wrong.
func (d *Detector) Forget() { d.held, d.gbHeld = 0, 0 }

func (d *Detector) utf8Byte(c byte) {
	if d.held == 0 && c < 0x80 {
		return
	}
	d.carry[d.held] = c
	d.held++
	p := d.carry[:d.held]
	if !utf8.FullRune(p) {
		return
	}
	if r, size := utf8.DecodeRune(p); r != utf8.RuneError || size > 1 {
		d.utf8Good++
		d.held = 0
		return
	}
	d.utf8Bad++
	d.held = 0
	if c >= 0xC0 && len(p) > 1 { // may begin the next one
		d.carry[0], d.held = c, 1
	}
}

// gbByte follows GB 18030-2005: one byte below 80, two bytes 81-FE 40-FE without 7F, four
// bytes 81-FE 30-39 81-FE 30-39.
func (d *Detector) gbByte(c byte) {
	lead := c >= 0x81 && c <= 0xFE
	digit := c >= '0' && c <= '9'
	switch d.gbHeld {
	case 0:
		if lead {
			d.gb[0], d.gbHeld = c, 1
		} else if c >= 0x80 {
			d.gbBad++
		}
	case 1:
		d.gbHeld = 0
		switch {
		case digit:
			d.gbHeld = 2
		case c >= 0x40 && c <= 0xFE && c != 0x7F:
			d.gbGood++
			if c >= 0xA1 && d.gb[0] >= 0xA1 && d.gb[0] <= 0xF7 {
				d.gbCommon++
			}
		default:
			d.gbBad++
		}
	case 2:
		if d.gbHeld = 0; lead {
			d.gbHeld = 3
		} else {
			d.gbBad++
		}
	case 3:
		if d.gbHeld = 0; digit {
			d.gbGood++
			d.gbCommon++ // four bytes in a row do not happen by chance
		} else {
			d.gbBad++
		}
	}
}

// Encoding names the encoding so far. Beyond what is strictly valid it forgives one
// bad byte in twenty characters of UTF-8, which nothing else resembles, in fifty of GB18030.
func (d *Detector) Encoding() string {
	switch {
	case d.zeros[1] > 0 && d.zeros[1]*5 > d.n && d.zeros[0]*10 < d.zeros[1]:
		return UTF16LE
	case d.zeros[0] > 0 && d.zeros[0]*5 > d.n && d.zeros[1]*10 < d.zeros[0]:
		return UTF16BE
	case !d.high || d.utf8Bad*20 <= d.utf8Good:
		return UTF8 // GBK read as UTF-8 is bad at every second character
	case d.gbBad*50 <= d.gbGood && d.gbCommon*2 >= d.gbGood:
		return GB18030
	}
	return Windows1252
}

// ASCII reports that no byte so far was beyond ASCII, so that any encoding would do.
func (d *Detector) ASCII() bool { return !d.high }

// Fits reports whether the text may well be in the named encoding, though we would have
// guessed another: what a file states counts unless the bytes speak against it.
func (d *Detector) Fits(name string) bool {
	switch name {
	case UTF8:
		return d.utf8Bad*20 <= d.utf8Good
	case GB18030:
		// UTF-8 of Chinese read as GBK has few of the everyday characters.
		return d.gbBad*50 <= d.gbGood && d.gbCommon*5 >= d.gbGood*4
	case UTF16LE, UTF16BE:
		return false
	}
	return d.utf8Bad > 0 || d.utf8Good == 0 // any single bytes; but nobody writes valid UTF-8 by chance
}
