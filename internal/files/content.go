package files

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Content reads the bytes of a file, a stretch at a time as they are asked for.
type Content struct {
	ctx   context.Context
	files *Files
	hash  string
	size  int64

	at   int64
	held []byte // the stretch with this number
	n    int
}

var _ io.ReadSeeker = (*Content)(nil)

// Content of a file that was found.
func (f *Files) Content(ctx context.Context, found *Found) *Content {
	return &Content{ctx: ctx, files: f, hash: found.Hash, size: int64(found.ByteSize), n: -1}
}

func (c *Content) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	if n := int(c.at / chunk); n != c.n {
		row, err := c.files.Client.FileChunk.Get(c.ctx, chunkID(c.hash, n))
		if err != nil {
			return 0, fmt.Errorf("read the bytes of a file: %w", err)
		}
		c.held, c.n = row.Body, n
	}
	within := c.at % chunk
	if within >= int64(len(c.held)) {
		return 0, io.ErrUnexpectedEOF
	}
	read := copy(p, c.held[within:])
	c.at += int64(read)
	return read, nil
}

// Seek moves to a place; beyond the end nothing is read.
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("read a file: a place before its beginning")
	}
	c.at = offset
	return offset, nil
}
