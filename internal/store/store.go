// Package store opens the database behind the catalogue, SQLite or PostgreSQL, brings its tables up to date, and
// makes and restores backups. It knows nothing of records.
package store

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/mattn/go-sqlite3"

	"github.com/udc-community/plein/ent"
)

// File is the name of the SQLite database in the data directory.
const File = "plein.db"

// Store is an open database.
type Store struct {
	// Client reads from the database. Writes go through Begin.
	Client *ent.Client
	// Dialect is dialect.SQLite or dialect.Postgres.
	Dialect string

	path  string // of the SQLite file
	read  *stdsql.DB
	write *stdsql.DB
	tx    *ent.Client
}

// driver is a plain ent driver on the connection that writes.
func (s *Store) driver() dialect.Driver { return sql.OpenDB(s.Dialect, s.write) }

// Config says which database to open.
type Config struct {
	// Database is a postgres:// address; empty means SQLite in Dir.
	Database string
	// Dir is the data directory; it is made when it does not exist.
	Dir string
	// Wrap, when set, goes around the ent driver: tests count statements with it.
	Wrap func(dialect.Driver) dialect.Driver
}

// Open opens the database and brings its tables up to date. It refuses a database that a newer Plein has written.
func Open(ctx context.Context, c Config) (*Store, error) {
	s, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(ctx context.Context, c Config) (*Store, error) {
	wrap := c.Wrap
	if wrap == nil {
		wrap = func(d dialect.Driver) dialect.Driver { return d }
	}
	if c.Database != "" {
		return openPostgres(ctx, c.Database, wrap)
	}
	return openSQLite(ctx, c.Dir, wrap)
}

func openPostgres(ctx context.Context, address string, wrap func(dialect.Driver) dialect.Driver) (*Store, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, errors.New("open database: the address must begin with postgres://")
	}
	connector, err := postgres(address)
	if err != nil {
		return nil, err
	}
	db := stdsql.OpenDB(connector)
	db.SetMaxOpenConns(max(16, 4*runtime.NumCPU()))
	db.SetMaxIdleConns(max(8, 2*runtime.NumCPU()))
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach the PostgreSQL database: %w", err), db.Close())
	}
	client := ent.NewClient(ent.Driver(wrap(sql.OpenDB(dialect.Postgres, db))))
	return &Store{Client: client, Dialect: dialect.Postgres, read: db, write: db, tx: client}, nil
}

// openSQLite opens one connection that writes and a pool that can only read: SQLite has one writer at a time anyway,
// and a write that slips through as a read fails loudly instead of waiting for a lock.
func openSQLite(ctx context.Context, dir string, wrap func(dialect.Driver) dialect.Driver) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	path := filepath.Join(dir, File)
	// What is erased is overwritten: else it would lie on free pages until somebody needs them. Older pages in the write-ahead
	// log go with the daily upkeep.
	write, err := sqlite(path, 1, url.Values{"mode": {"rwc"}, "_txlock": {"immediate"}, "_synchronous": {"FULL"}, "_secure_delete": {"true"}})
	if err != nil {
		return nil, err
	}
	// WAL exists only once the writer has made it.
	if err := connectFirst(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read, err := sqlite(path, max(4, runtime.NumCPU()), url.Values{"mode": {"rw"}, "_query_only": {"true"}})
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &Store{
		Client:  ent.NewClient(ent.Driver(wrap(sql.OpenDB(dialect.SQLite, read)))),
		Dialect: dialect.SQLite, path: path, read: read, write: write,
		tx: ent.NewClient(ent.Driver(wrap(sql.OpenDB(dialect.SQLite, write)))),
	}, nil
}

// connectFirst makes the file and its WAL. Where two processes make them at once SQLite tells one of them that the
// database is locked, without waiting as it does otherwise.
func connectFirst(ctx context.Context, write *stdsql.DB) error {
	err := write.PingContext(ctx)
	for range 100 {
		if !IsBusy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		err = write.PingContext(ctx)
	}
	return err
}

func sqlite(path string, conns int, q url.Values) (*stdsql.DB, error) {
	// busy_timeout first: switching to WAL takes a lock of its own.
	q.Set("_busy_timeout", "10000")
	q.Set("_journal_mode", "WAL")
	q.Set("_foreign_keys", "on")
	q.Set("_cache_size", "-16000")
	db, err := stdsql.Open("sqlite3", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// logLock makes writers take turns on PostgreSQL, as they do on SQLite: what a write reads, what it shows and the
// numbers that it takes then belong together, and numbers become visible in their order.
const logLock = 7_123

// Begin starts a write. Only one runs at a time, whichever the database.
func (s *Store) Begin(ctx context.Context) (*ent.Tx, error) {
	tx, err := s.BeginAside(ctx)
	if err != nil {
		return nil, err
	}
	if s.Dialect == dialect.Postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", logLock); err != nil {
			return nil, errors.Join(fmt.Errorf("wait for a turn to write: %w", err), tx.Rollback())
		}
	}
	return tx, nil
}

// BeginAside starts a write that takes no number of a log. On PostgreSQL it does not wait for writes that do.
func (s *Store) BeginAside(ctx context.Context) (*ent.Tx, error) {
	tx, err := s.tx.Tx(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a write: %w", err)
	}
	return tx, nil
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	return nil
}

// Tidy does what keeps a database quick: statistics, and a short write-ahead log. PostgreSQL does this by itself.
func (s *Store) Tidy(ctx context.Context) error {
	if s.Dialect != dialect.SQLite {
		return nil
	}
	for _, q := range []string{"PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := s.write.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("tidy the database: %w", err)
		}
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.read.Close()
	}
	// The writer last: it checkpoints the log when no reader is left.
	return errors.Join(s.read.Close(), s.write.Close())
}

// IsFull tells whether a write failed for want of room. Reads go on meanwhile.
func IsFull(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrReadonly) {
		return true
	}
	var pg interface{ SQLState() string }
	if errors.As(err, &pg) && pg.SQLState() == "53100" {
		return true
	}
	return errors.Is(err, syscall.ENOSPC)
}

// IsBusy tells whether a write gave up waiting for its turn.
func IsBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}
