// Package archive opens zip archives of strangers, such as the documents of office software, within bounds.
package archive

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxEntries is how many entries an archive has at the most, MaxUnpacked how many bytes are read of all of them.
	MaxEntries  = 10_000
	MaxUnpacked = 50 << 20
	// maxRatio keeps a small archive from costing as much to read as a large one: documents unpack to 10 or 30 times
	// their size, and what goes far beyond was made to.
	maxRatio, ratioFree = 50, 1 << 20
	// maxDirectory is how many bytes the list of entries takes: archive/zip reads it whole, whatever it says of its length.
	maxDirectory = 2 << 20
)

// ErrInvalid says that this is no zip archive as office software writes it; ErrTooLarge that it unpacks to more than is
// read.
var (
	ErrInvalid  = errors.New("this is not an ordinary zip archive")
	ErrTooLarge = errors.New("this archive unpacks to too much")
)

// Archive is an open archive.
type Archive struct {
	Files []*zip.File
	left  int64
}

// Open reads the list of entries.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	if err := checkDirectory(r, size); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return &Archive{Files: z.File, left: min(MaxUnpacked, ratioFree+maxRatio*size)}, nil
}

// checkDirectory reads the end of the archive, by section 4.3.16 of PKWARE's APPNOTE. The list of entries has to stand
// right before it, where it says: an archive that says anything else can have a list of any length. Only the last end counts,
// which is the one that archive/zip takes: one in front of it could say what is asked here and the last something else.
func checkDirectory(r io.ReaderAt, size int64) error {
	const record, maxComment = 22, 1<<16 - 1
	tail := make([]byte, min(size, record+maxComment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the end of an archive: %w", err)
	}
	for i := len(tail) - record; i >= 0; i-- {
		end := tail[i:]
		if binary.LittleEndian.Uint32(end) != 0x06054b50 {
			continue
		}
		comment := int(binary.LittleEndian.Uint16(end[20:]))
		entries := binary.LittleEndian.Uint16(end[10:])
		length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
		if comment != len(end)-record || entries > MaxEntries || length > maxDirectory || offset+length != size-int64(len(end)) {
			return ErrInvalid
		}
		return nil
	}
	return ErrInvalid
}

// Find is the entry with this name, or nil.
func (a *Archive) Find(name string) *zip.File {
	for _, f := range a.Files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Read opens an entry. Reading gives ErrTooLarge once more was read, of all entries together, than an archive may hold.
func (a *Archive) Read(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return &bounded{r, a}, nil
}

type bounded struct {
	io.ReadCloser
	of *Archive
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.of.left -= int64(n); b.of.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
