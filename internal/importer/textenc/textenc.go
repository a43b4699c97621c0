// Package textenc decides in which encoding a foreign text is and turns it into UTF-8.
package textenc

import "io"

// Detect names the encoding of a sample of a text: by byte order mark, else UTF-8
// when valid, else UTF-16 by its zero bytes, else GB18030 when valid, else
// Windows-1252. whole says that the sample is the complete text and may not end inside a
// character.
func Detect(sample []byte, whole bool) string { return "UTF-8" }

// NewReader returns r as UTF-8 without a byte order mark, and the name of the
// encoding it was in. encoding "" detects.
func NewReader(r io.Reader, encoding string) (io.Reader, string, error) { return r, "UTF-8", nil }
