package store

import (
	"context"
	"crypto/sha256"
	stdsql "database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"entgo.io/ent/dialect"

	"github.com/udc-community/plein/ent"
)

// ManifestFile is the name of the file that describes a backup. A folder without it is not a whole backup.
const ManifestFile = "manifest.json"

// Manifest says what a backup holds and how to tell that it is undamaged.
type Manifest struct {
	// SHA256 of the database file, in hexadecimal.
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	// SchemaVersion is that of the tables: a Plein that knows fewer versions cannot read the backup.
	SchemaVersion int `json:"schemaVersion"`
	// FeedHead is the number of the last feed entry in it.
	FeedHead int64     `json:"feedHead"`
	At       time.Time `json:"at"`
}

// ErrOwnBackup is the answer to a backup of a PostgreSQL database.
var ErrOwnBackup = errors.New("PostgreSQL makes its own backups: use pg_dump --format=custom and pg_restore, see docs/operate.md")

// Backup copies the database to a new folder while it is in use. What was acknowledged before it began is in it. The
// folder appears once it is whole and on disk.
func (s *Store) Backup(ctx context.Context, dir string) (*Manifest, error) {
	if s.Dialect != dialect.SQLite {
		return nil, ErrOwnBackup
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("back up: %s exists already: name a new folder", dir)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("back up: %w", err)
	}
	partial, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-")
	if err != nil {
		return nil, fmt.Errorf("back up: %w", err)
	}
	m, err := s.backup(ctx, partial)
	if err == nil {
		err = os.Rename(partial, dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("back up: %w", err), os.RemoveAll(partial))
	}
	return m, syncFile(filepath.Dir(dir))
}

func (s *Store) backup(ctx context.Context, dir string) (*Manifest, error) {
	// A connection of its own: readers may not write a file, and the writer would keep others waiting.
	conn, err := sqlite(s.path, 1, url.Values{"mode": {"rw"}})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	file := filepath.Join(dir, File)
	m := &Manifest{At: time.Now().UTC().Truncate(time.Second)}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	if err := m.look(ctx, file); err != nil {
		return nil, err
	}
	// SQLite does not wait for the disk here.
	if err := syncFile(file); err != nil {
		return nil, err
	}
	if m.SHA256, m.Bytes, err = sum(file, io.Discard); err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	manifest := filepath.Join(dir, ManifestFile)
	if err := os.WriteFile(manifest, append(b, '\n'), 0o600); err != nil {
		return nil, err
	}
	return m, errors.Join(syncFile(manifest), syncFile(dir))
}

// look reads in the copy itself what it holds.
func (m *Manifest) look(ctx context.Context, file string) error {
	db, err := stdsql.Open("sqlite3", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: "mode=ro&immutable=1"}).String())
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0), COALESCE((SELECT seq FROM heads WHERE id = 'feed'), 0) FROM schema_versions").Scan(&m.SchemaVersion, &m.FeedHead)
	if err != nil {
		return fmt.Errorf("read the copy: %w", err)
	}
	return nil
}

// Restore puts a backup in a data directory, after it has checked that the backup is whole, undamaged and not of a
// newer Plein. It refuses a directory that has a database already unless force is given; what was there is then moved
// aside into a folder beside it. Mark is called in the restored database before it takes its place, with what [Store.Place]
// gives from then on: the caller notes there that the logs went back.
func Restore(ctx context.Context, backupDir, dataDir string, force bool, mark func(ctx context.Context, tx *ent.Tx, place string) error) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(backupDir, ManifestFile))
	if err != nil {
		return nil, fmt.Errorf("restore: %s is not a whole backup: %w", backupDir, err)
	}
	m := new(Manifest)
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("restore: %s is damaged: %w", filepath.Join(backupDir, ManifestFile), err)
	}
	target := filepath.Join(dataDir, File)
	if _, err := os.Stat(target); err == nil && !force {
		return nil, fmt.Errorf("restore: %s has a database already: name another data directory, or say that it may be replaced", dataDir)
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	staging, err := os.MkdirTemp(dataDir, "restoring-")
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	defer os.RemoveAll(staging)
	if err := m.stage(ctx, filepath.Join(backupDir, File), staging, mark); err != nil {
		return nil, fmt.Errorf("restore %s: %w", backupDir, err)
	}
	if err := moveAside(dataDir); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(filepath.Join(staging, File), target); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	return m, syncFile(dataDir)
}

// stage copies the database, checks the copy and opens it once.
func (m *Manifest) stage(ctx context.Context, from, dir string, mark func(context.Context, *ent.Tx, string) error) error {
	file := filepath.Join(dir, File)
	to, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	hash, n, err := sum(from, to)
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return err
	}
	if hash != m.SHA256 || n != m.Bytes {
		return errors.New("the backup is damaged: the database is not the one that was backed up")
	}
	s, err := Open(ctx, Config{Dir: dir})
	if err != nil {
		return err
	}
	err = s.intact(ctx)
	if err == nil {
		err = s.mark(ctx, mark)
	}
	return errors.Join(err, s.Close(), syncFile(file))
}

// intact asks SQLite to read everything.
func (s *Store) intact(ctx context.Context) error {
	var verdict string
	if err := s.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the backup is damaged: %s", verdict)
	}
	return nil
}

func (s *Store) mark(ctx context.Context, mark func(context.Context, *ent.Tx, string) error) error {
	place, err := s.Place(ctx) // it moves with the file
	if err != nil {
		return err
	}
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := mark(ctx, tx, place); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return s.Tidy(ctx) // the database is about to move, and its log stays behind
}

// moveAside keeps the database that is replaced, with the part of it that is still in its log.
func moveAside(dataDir string) error {
	if _, err := os.Stat(filepath.Join(dataDir, File)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	aside, err := os.MkdirTemp(dataDir, "replaced-")
	if err != nil {
		return err
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := os.Rename(filepath.Join(dataDir, File+suffix), filepath.Join(aside, File+suffix))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sum copies a file and gives the SHA-256 and the length of what was read.
func sum(from string, to io.Writer) (hash string, n int64, err error) {
	f, err := os.Open(from)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err = io.Copy(io.MultiWriter(to, h), f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// syncFile waits until a file, or the names in a folder, are on disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
