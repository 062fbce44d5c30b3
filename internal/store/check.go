package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"entgo.io/ent/dialect"
)

// Exists tells whether a data directory holds a SQLite database.
func Exists(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, File))
	return err == nil && info.Size() > 0
}

// Check lets the database look for damage in itself. It reads everything.
func (s *Store) Check(ctx context.Context) error {
	if s.Dialect != dialect.SQLite {
		return nil // PostgreSQL checks each page that it reads, where the cluster was made with checksums
	}
	return s.intact(ctx)
}

// enough is how many bytes a node wants free: less, and writes will soon be refused.
const enough = 256 << 20

// Room tells whether there is room to write.
func (s *Store) Room(ctx context.Context) error {
	if s.Dialect != dialect.SQLite {
		return nil
	}
	var file string
	if err := s.read.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		return fmt.Errorf("find the database file: %w", err)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(file), &fs); err != nil {
		return fmt.Errorf("look at the disk: %w", err)
	}
	if free := fs.Bavail * uint64(fs.Bsize); free < enough {
		return errors.New("less than 256 MB is free")
	}
	return nil
}
