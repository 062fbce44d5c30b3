package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
)

// scrubTries bounds the wait for readers that hold on to the write-ahead log.
const scrubTries, scrubPause = 50, 100 * time.Millisecond

// Scrub takes what was deleted out of the files of the database: until then its bytes lie on pages that are free. It
// writes the whole file anew, so it takes as long as copying it and keeps writers waiting meanwhile. On PostgreSQL it
// cleans the tables with these names; the write-ahead log and backups there are the administrator's.
func (s *Store) Scrub(ctx context.Context, tables ...string) error {
	if s.Dialect == dialect.Postgres {
		for _, t := range tables {
			if _, err := s.write.ExecContext(ctx, `VACUUM (FULL) "`+t+`"`); err != nil {
				return fmt.Errorf("scrub table %s: %w", t, err)
			}
		}
		return nil
	}
	if _, err := s.write.ExecContext(ctx, "VACUUM"); err != nil {
		return fmt.Errorf("scrub the database: %w", err)
	}
	for range scrubTries {
		var busy, logged, moved int
		if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved); err != nil {
			return fmt.Errorf("scrub the write-ahead log: %w", err)
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(scrubPause):
		}
	}
	return errors.New("scrub the write-ahead log: somebody keeps reading from it")
}
