package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// shelf is the folder in which volumes stand. A volume is called after its layout and a number that counts up, so that
// a new one is made beside the one in use and nothing that is open is ever renamed.
type shelf struct {
	dir    string
	layout string
	lock   *os.File
	// last is the highest number of a volume so far.
	last int
}

// ErrInUse is the answer when another process has the index open.
var ErrInUse = errors.New("the search index is in use by another process")

const (
	lockFile   = "lock"
	quarantine = "quarantine-"
)

// openShelf takes the folder for this process alone: two would destroy each other's volumes.
func openShelf(dir, layout string) (*shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the search index: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the search index: %w", err)
	}
	// The lock goes with the process, however that ends.
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close() //nolint:errcheck // nothing was written
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("lock the folder of the search index: %w", err)
	}
	return &shelf{dir: dir, layout: layout, lock: f}, nil
}

func (s *shelf) close() error { return s.lock.Close() }

func (s *shelf) names() ([]string, error) {
	es, err := os.ReadDir(s.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list the search indexes: %w", err)
	}
	var out []string
	for _, e := range es {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// number of a volume in the present layout; 0 for everything else.
func (s *shelf) number(name string) int {
	digits, ok := strings.CutPrefix(name, s.layout+".")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0
	}
	return n
}

// volumes lists the folders of the present layout, newest first.
func (s *shelf) volumes() ([]string, error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return s.number(n) == 0 })
	slices.SortFunc(names, func(a, b string) int { return s.number(b) - s.number(a) })
	for i, n := range names {
		names[i] = filepath.Join(s.dir, n)
	}
	return names, nil
}

// next is the folder of a new volume. A number is never given twice, not even when its folder has vanished: something
// may still write to it.
func (s *shelf) next() (string, error) {
	vs, err := s.volumes()
	if err != nil {
		return "", err
	}
	if len(vs) > 0 {
		s.last = max(s.last, s.number(filepath.Base(vs[0])))
	}
	s.last++
	return filepath.Join(s.dir, s.layout+"."+strconv.Itoa(s.last)), nil
}

// keepOnly removes every volume but one: earlier ones, those of other layouts, and what was never finished. What is in
// quarantine stays.
func (s *shelf) keepOnly(path string) error {
	names, err := s.names()
	if err != nil {
		return err
	}
	for _, n := range names {
		if p := filepath.Join(s.dir, n); p != path && !strings.HasPrefix(n, quarantine) {
			if err := os.RemoveAll(p); err != nil {
				return fmt.Errorf("remove an old search index: %w", err)
			}
		}
	}
	return nil
}

// setAside puts a damaged volume where somebody can look at it. At most one is kept.
func (s *shelf) setAside(path string, now time.Time) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	names, err := s.names()
	if err != nil {
		return err
	}
	for _, n := range names {
		if strings.HasPrefix(n, quarantine) {
			if err := os.RemoveAll(filepath.Join(s.dir, n)); err != nil {
				return fmt.Errorf("remove an older damaged index: %w", err)
			}
		}
	}
	to := filepath.Join(s.dir, quarantine+now.UTC().Format("20060102T150405")+"-"+filepath.Base(path))
	if err := os.Rename(path, to); err != nil {
		return fmt.Errorf("set a damaged index aside: %w", err)
	}
	return nil
}
