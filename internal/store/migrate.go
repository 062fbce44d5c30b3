package store

import (
	"context"
	stdsql "database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
)

// The SQL of every version, one folder a dialect. `go run ./internal/store/diff NAME` writes the next one from
// ent/schema. Migrations expand first and contract a version later, so that an old and a new binary can run side by
// side during an upgrade.
//
//go:embed migrations
var migrations embed.FS

type migration struct {
	version int
	name    string
	sql     string
}

// Migrations lists the versions of a dialect, oldest first.
func Migrations(dialectName string) ([]string, error) {
	ms, err := load(dialectName)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range ms {
		out = append(out, m.name)
	}
	return out, nil
}

func load(dialectName string) ([]migration, error) {
	dir := path.Join("migrations", Folder(dialectName))
	files, err := fs.Glob(migrations, dir+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	slices.Sort(files)
	var out []migration
	for i, f := range files {
		b, err := migrations.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		number, _, _ := strings.Cut(path.Base(f), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s: the numbers must be 1, 2, 3 …", f)
		}
		out = append(out, migration{version, path.Base(f), string(b)})
	}
	return out, nil
}

// TooNewError says that a newer Plein has written the database.
type TooNewError struct{ Database, Binary int }

func (e TooNewError) Error() string {
	return fmt.Sprintf("the database is at version %d and this Plein knows only %d: use the newer Plein that wrote it", e.Database, e.Binary)
}

// migrate applies what the database has not had yet, each version in a transaction of its own.
func (s *Store) migrate(ctx context.Context) error {
	ms, err := load(s.Dialect)
	if err != nil {
		return err
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	if s.Dialect == dialect.Postgres {
		// Replicas that start together take turns. The lock belongs to the session, so it is given back by hand.
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", logLock+1); err != nil {
			return fmt.Errorf("wait to migrate: %w", err)
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", logLock+1) //nolint:errcheck // the session ends anyway
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, name text NOT NULL, at bigint NOT NULL)"); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	at, err := version(ctx, conn)
	if err != nil {
		return err
	}
	if at > len(ms) {
		return TooNewError{at, len(ms)}
	}
	for _, m := range ms[at:] {
		if err := s.apply(ctx, conn, m); err != nil {
			return fmt.Errorf("migrate to %s: %w", m.name, err)
		}
	}
	return nil
}

func version(ctx context.Context, c *stdsql.Conn) (int, error) {
	var v int
	if err := c.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_versions").Scan(&v); err != nil {
		return 0, fmt.Errorf("read the version of the database: %w", err)
	}
	return v, nil
}

func (s *Store) apply(ctx context.Context, conn *stdsql.Conn, m migration) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	// Another process may have been first between the look and the lock.
	var done int
	if err := tx.QueryRowContext(ctx, s.bind("SELECT COUNT(*) FROM schema_versions WHERE version = ?"), m.version).Scan(&done); err != nil || done > 0 {
		return err
	}
	for _, statement := range strings.Split(m.sql, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return errors.Join(fmt.Errorf("statement %.80q", statement), err)
		}
	}
	if _, err := tx.ExecContext(ctx, s.bind("INSERT INTO schema_versions (version, name, at) VALUES (?, ?, ?)"), m.version, m.name, time.Now().UnixMilli()); err != nil {
		return err
	}
	return tx.Commit()
}

// bind writes placeholders in the dialect's way.
func (s *Store) bind(q string) string {
	if s.Dialect != dialect.Postgres {
		return q
	}
	for i := 1; strings.Contains(q, "?"); i++ {
		q = strings.Replace(q, "?", "$"+strconv.Itoa(i), 1)
	}
	return q
}

// Folder of a dialect's migrations.
func Folder(dialectName string) string {
	if dialectName == dialect.SQLite {
		return "sqlite"
	}
	return "postgres"
}
