package gpkg

import (
	"database/sql/driver"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// unpackedLimit bounds what one compressed cell may become, so that a few bytes in a
// stranger's file cannot fill the memory.
const unpackedLimit = 4 << 30

var encoder = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic("gpkg: " + err.Error()) // the options are constants
	}
	return e
})

var unpacker = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(unpackedLimit))
	if err != nil {
		panic("gpkg: " + err.Error())
	}
	return d
})

// pack compresses b as one Zstandard frame (RFC 8878), nil for nothing.
func pack(b []byte) driver.Value {
	if len(b) == 0 {
		return nil
	}
	return encoder().EncodeAll(b, nil)
}

func unpack(v driver.Value) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []byte:
		b, err := unpacker().DecodeAll(v, nil)
		if err != nil {
			return nil, fmt.Errorf("compressed data: %w", err)
		}
		return b, nil
	}
	return nil, unexpected(v)
}
