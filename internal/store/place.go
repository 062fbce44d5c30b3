package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"entgo.io/ent/dialect"
	"golang.org/x/sys/unix"
)

// Place is a fingerprint of where the database is. A copy is in another place: of SQLite the number of the file and the
// moment at which it was made, where the file system keeps that; of PostgreSQL the cluster and the database in it.
//
// It does not tell copies apart that are made below the file system or the cluster: an image of a disk or of a virtual
// machine, a snapshot of a volume, a copy of the files of a PostgreSQL cluster. Nor does it see that a file was written
// over with an older one. A file that is moved to another disk is a copy.
func (s *Store) Place(ctx context.Context) (string, error) {
	var place string
	if s.Dialect == dialect.Postgres {
		err := s.read.QueryRowContext(ctx, "SELECT 'postgres ' || c.system_identifier || ' ' || d.oid FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()").Scan(&place)
		if err != nil {
			return "", fmt.Errorf("find out which database this is: %w", err)
		}
	} else {
		var info unix.Statx_t
		if err := unix.Statx(unix.AT_FDCWD, s.path, 0, unix.STATX_INO|unix.STATX_BTIME, &info); err != nil {
			return "", fmt.Errorf("find out which file %s is: %w", s.path, err)
		}
		place = fmt.Sprintf("sqlite %d", info.Ino)
		if info.Mask&unix.STATX_BTIME != 0 {
			place += fmt.Sprintf(" %d.%09d", info.Btime.Sec, info.Btime.Nsec)
		}
	}
	sum := sha256.Sum256([]byte(place))
	return hex.EncodeToString(sum[:16]), nil
}
