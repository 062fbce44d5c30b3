package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/internal/catalog"
)

// volume is one index on disk: a folder that bleve's scorch engine writes. It is used without the wrapper of package
// bleve, so that one snapshot answers everything of a search and tells its own position.
type volume struct {
	path   string
	engine *scorch.Scorch
	// gate is held shared by readers; closing waits for them.
	gate   sync.RWMutex
	closed bool
	mu     sync.Mutex
	// sizes are those of files that never shrink, as first seen.
	sizes map[string]int64
	// held are the columns in memory; reading is held by who reads more of them.
	held    atomic.Pointer[held]
	reading sync.Mutex
	// words of the segments, by their looks.
	words lexicons
	// spaces are for matching.
	spaces sync.Pool
}

// mark is how far a volume is. It is written in the same batch as the documents. A volume without one was never
// finished.
type mark struct {
	// Position is the number of the last change that was taken in. At is when the last change that strangers can see was
	// made, in milliseconds: when something happened that they cannot see is not theirs to know.
	Position, At int64
	// Epoch is the log's: another one means that the log went back.
	Epoch int64
}

var markKey = []byte("plein")

// shows notes that a record is in the index.
func (m *mark) shows(d *catalog.Document) { m.At = max(m.At, d.UpdatedAt.UnixMilli()) }

func (m mark) bytes() []byte {
	var b []byte
	for _, n := range []int64{m.Position, m.At, m.Epoch} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

func readMark(b []byte) (mark, bool) {
	if len(b) != 24 {
		return mark{}, false
	}
	n := func(i int) int64 { return int64(binary.BigEndian.Uint64(b[8*i:])) }
	return mark{Position: n(0), At: n(1), Epoch: n(2)}, true
}

// damage is an error of the index itself, not of what was asked or of the database.
type damage struct{ error }

func (d damage) Unwrap() error { return d.error }

func isDamage(err error) bool {
	var d damage
	return errors.As(err, &d)
}

// guard does something with a volume. A damaged file can make bleve panic, or the processor fault where a mapped file
// has become shorter: both are errors here.
func guard(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = damage{fmt.Errorf("the index broke: %v\n%s", r, debug.Stack())}
		}
	}()
	if err := do(); err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return damage{err}
	}
	return nil
}

// bleve reads mapped files in goroutines of its own, where a fault would end the process. It tells of what it does in
// them: that is the place to ask for a panic instead, which it recovers from.
func init() { scorch.RegistryEventCallbacks[faultsPanic] = panicOnFault }

const faultsPanic = "plein: faults panic"

func panicOnFault(e scorch.Event) bool {
	switch e.Kind {
	case scorch.EventKindPurgerCheck, scorch.EventKindPersisterProgress, scorch.EventKindPreMergeCheck:
		debug.SetPanicOnFault(true)
	}
	return true
}

const segmentPattern = "*.zap"

// openVolume opens the folder, or makes it.
func openVolume(path string, queue *index.AnalysisQueue) (*volume, error) {
	v := &volume{path: path, sizes: map[string]int64{}}
	err := guard(func() error {
		if err := dropBroken(path); err != nil {
			return err
		}
		e, err := scorch.NewScorch(scorch.Name, map[string]any{"path": path, "bolt_timeout": "1s", "eventCallbackName": faultsPanic}, queue)
		if err != nil {
			return err
		}
		if err := e.Open(); err != nil {
			return err
		}
		v.engine = e.(*scorch.Scorch)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open the index %s: %w", filepath.Base(path), err)
	}
	return v, nil
}

// dropBroken removes segments whose checksum is wrong before anything reads them. One that was never finished would go
// anyway; one that the index needs is missing then, which opening notices.
func dropBroken(path string) error {
	names, err := filepath.Glob(filepath.Join(path, segmentPattern))
	if err != nil {
		return err
	}
	for _, name := range names {
		err := checksum(name)
		if errors.Is(err, errBroken) {
			err = os.Remove(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var errBroken = errors.New("is not what was written")

// checksum compares a segment with the CRC-32 in its last four bytes.
func checksum(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < 4 {
		return fmt.Errorf("%s %w: it has no end", filepath.Base(name), errBroken)
	}
	h := crc32.NewIEEE()
	if _, err := io.CopyN(h, f, info.Size()-4); err != nil {
		return err
	}
	var want [4]byte
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(want[:]) != h.Sum32() {
		return fmt.Errorf("%s %w", filepath.Base(name), errBroken)
	}
	return nil
}

// enter keeps the volume open until leave; it is false once the volume is being closed.
func (v *volume) enter() bool {
	v.gate.RLock()
	if v.closed {
		v.gate.RUnlock()
		return false
	}
	return true
}

func (v *volume) leave() { v.gate.RUnlock() }

// closeWithin is how long readers and bleve get before a volume is left behind: a damaged one may hang for ever.
const closeWithin = 3 * time.Second

// close waits for the readers and closes the folder.
func (v *volume) close() error {
	done := make(chan error, 1)
	go func() {
		v.gate.Lock()
		defer v.gate.Unlock()
		if v.closed {
			done <- nil
			return
		}
		v.closed = true
		done <- guard(v.engine.Close)
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(closeWithin):
		return fmt.Errorf("the index %s does not close", filepath.Base(v.path))
	}
}

// watchEvery is how often work that bleve does in the background is looked after, stallAfter how long it may take.
const (
	watchEvery = 100 * time.Millisecond
	stallAfter = 10 * time.Minute
)

// watched does something that waits for bleve's background. That tries again and again when it cannot write, and when
// it has died nobody answers: both show in its figures.
func (v *volume) watched(do func() error) error {
	done := make(chan error, 1)
	go func() { done <- guard(do) }()
	for end := time.Now().Add(stallAfter); ; {
		select {
		case err := <-done:
			return err
		case <-time.After(watchEvery):
			if err := v.look(); err != nil {
				return err
			}
			if time.Now().After(end) {
				return damage{errors.New("a write was never finished")}
			}
		}
	}
}

// write carries out a batch, durably.
func (v *volume) write(b *index.Batch) error {
	return v.watched(func() error { return v.engine.Batch(b) })
}

// merge makes one segment of all.
func (v *volume) merge(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return v.watched(func() error { return v.engine.ForceMerge(ctx, nil) })
}

// snapshot is the volume at one moment; release it.
func (v *volume) snapshot() (*scorch.IndexSnapshot, error) {
	r, err := v.engine.Reader()
	if err != nil {
		return nil, damage{err}
	}
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok || s == nil {
		return nil, damage{errors.New("the index has no snapshot")}
	}
	return s, nil
}

// mark tells how far the volume is, false when it was never finished.
func (v *volume) mark() (m mark, finished bool, err error) {
	err = v.read(func(s *scorch.IndexSnapshot) error {
		m, finished = markOf(s)
		return nil
	})
	return m, finished, err
}

func markOf(s *scorch.IndexSnapshot) (mark, bool) { return readMark(s.Internal()[string(markKey)]) }

func (v *volume) read(do func(*scorch.IndexSnapshot) error) error {
	return guard(func() error {
		s, err := v.snapshot()
		if err != nil {
			return err
		}
		defer s.Close() //nolint:errcheck // only counts references
		return do(s)
	})
}

// finishedFile stands in the folder of a volume that was finished once. When its mark is gone then it is damaged, and
// not merely what a process left behind that ended while it made one.
const finishedFile = "finished"

func (v *volume) finish() error {
	return os.WriteFile(filepath.Join(v.path, finishedFile), nil, 0o600)
}

func (v *volume) wasFinished() bool {
	_, err := os.Stat(filepath.Join(v.path, finishedFile))
	return err == nil
}

const boltFile = "root.bolt"

// files lists the files that the volume needs now.
func (v *volume) files() ([]string, error) {
	out := []string{filepath.Join(v.path, boltFile)}
	err := v.read(func(s *scorch.IndexSnapshot) error {
		for _, part := range s.Segments() {
			if p, ok := part.Segment().(interface{ Path() string }); ok {
				out = append(out, p.Path())
			}
		}
		return nil
	})
	return out, err
}

// look checks, at the cost of a few system calls, that every file that the volume needs is there and has not become
// shorter, and that bleve could write in the background: it tries again without a pause otherwise.
func (v *volume) look() error {
	if err := v.background(); err != nil {
		return err
	}
	return v.eachFile(func(name string) error {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		if was := v.sizes[name]; info.Size() < was {
			return fmt.Errorf("%s has shrunk from %d to %d bytes", filepath.Base(name), was, info.Size())
		}
		v.sizes[name] = info.Size()
		return nil
	})
}

// background tells whether bleve failed to write or merge segments since the volume was opened.
func (v *volume) background() error {
	s, ok := v.engine.Stats().(*scorch.Stats)
	if ok && atomic.LoadUint64(&s.TotOnErrors)+atomic.LoadUint64(&s.TotPersistLoopErr)+atomic.LoadUint64(&s.TotFileMergeLoopErr) > 0 {
		return damage{errors.New("it could not be written in the background")}
	}
	return nil
}

// checksums reads every segment that the volume needs.
func (v *volume) checksums() error {
	return v.eachFile(func(name string) error {
		if filepath.Base(name) == boltFile {
			return nil // bolt checks its own pages when they are read
		}
		return checksum(name)
	})
}

// eachFile does something with each file of the volume. A file that failed may just have been merged away.
func (v *volume) eachFile(do func(name string) error) error {
	names, err := v.files()
	if err != nil {
		return err
	}
	for _, name := range names {
		err := do(name)
		if err == nil {
			continue
		}
		if still, err2 := v.files(); err2 != nil || slices.Contains(still, name) {
			return damage{errors.Join(err, err2)}
		}
	}
	return nil
}

// fingerprint counts the records in the volume and hashes their ids and versions, as catalog.Fingerprint does.
func (v *volume) fingerprint() (n int, hash string, err error) {
	err = v.read(func(s *scorch.IndexSnapshot) error {
		n, hash, err = fingerprint(s)
		return err
	})
	return n, hash, err
}

func fingerprint(s *scorch.IndexSnapshot) (int, string, error) {
	type entry struct {
		id      string
		version int
	}
	ids, err := s.DocIDReaderAll()
	if err != nil {
		return 0, "", err
	}
	defer ids.Close() //nolint:errcheck // holds nothing
	values, err := s.DocValueReader([]string{versionField})
	if err != nil {
		return 0, "", err
	}
	var all []entry
	for {
		at, err := ids.Next()
		if err != nil {
			return 0, "", err
		}
		if at == nil {
			break
		}
		var e entry
		if e.id, err = s.ExternalID(at); err != nil {
			return 0, "", err
		}
		var bad error
		if err := values.VisitDocValues(at, func(_ string, term []byte) { e.version, bad = strconv.Atoi(string(term)) }); err != nil {
			return 0, "", err
		}
		if bad != nil {
			return 0, "", bad
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	h := sha256.New()
	for _, e := range all {
		catalog.WriteFingerprint(h, e.id, e.version)
	}
	return len(all), hex.EncodeToString(h.Sum(nil)), nil
}

// count is the number of records in the volume.
func (v *volume) count() (n uint64, err error) {
	err = v.read(func(s *scorch.IndexSnapshot) error {
		n, err = s.DocCount()
		return err
	})
	return n, err
}

// bytes is what the volume takes on disk.
func (v *volume) bytes() int64 {
	var n int64
	filepath.WalkDir(v.path, func(_ string, d fs.DirEntry, err error) error { //nolint:errcheck // what is gone counts nothing
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}

// isShortage tells whether something failed for want of room, file handles or permission: the volume may be sound, and
// making another would not help. bleve does not wrap every cause.
func isShortage(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EROFS, syscall.EACCES, syscall.EPERM} {
		if err != nil && (errors.Is(err, e) || strings.Contains(err.Error(), e.Error())) {
			return true
		}
	}
	return false
}
