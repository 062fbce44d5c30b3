package store_test

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	"github.com/mattn/go-sqlite3"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/address"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/store"
)

// each runs a test on an empty database of both sorts.
func each(t *testing.T, do func(*testing.T, store.Config)) {
	t.Run("sqlite", func(t *testing.T) { do(t, store.Config{Dir: filepath.Join(t.TempDir(), "data")}) })
	t.Run("postgres", func(t *testing.T) { do(t, store.Config{Database: fixture.Database(t)}) })
}

func open(t *testing.T, c store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// raw is a connection of the test's own.
func raw(t *testing.T, c store.Config) *stdsql.DB {
	t.Helper()
	driver, address := "pgx", c.Database
	if address == "" {
		driver, address = "sqlite3", "file:"+filepath.Join(c.Dir, store.File)+"?_busy_timeout=5000"
	}
	db, err := stdsql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func head(ctx context.Context, s *store.Store, name string) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Head.Create().SetID(name).SetSeq(1).Exec(ctx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func TestTheTablesAreWhatTheSchemaSays(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		s := open(t, c)
		if drift, err := s.Drift(t.Context()); err != nil || strings.TrimSpace(drift) != "" {
			t.Errorf("the tables differ from ent/schema: %v\n%s", err, drift)
		}
		if _, err := raw(t, c).Exec("DROP INDEX job_run_at"); err != nil {
			t.Fatal(err)
		}
		if drift, err := s.Drift(t.Context()); err != nil || !strings.Contains(drift, "job_run_at") {
			t.Errorf("a missing index is not noticed: %v\n%s", err, drift)
		}
	})
}

func TestOpeningAgainFindsWhatWasWritten(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := head(t.Context(), s, "x"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		again := open(t, c)
		if _, err := again.Client.Head.Get(t.Context(), "x"); err != nil {
			t.Error(err)
		}
		if err := again.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := again.Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestADatabaseOfANewerPleinIsRefused(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := raw(t, c).Exec("INSERT INTO schema_versions (version, name, at) VALUES (9999, 'later', 0)"); err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(t.Context(), c)
		var tooNew store.TooNewError
		if !errors.As(err, &tooNew) || tooNew.Database != 9999 || !strings.Contains(err.Error(), "newer Plein") {
			t.Errorf("got %v", err)
		}
	})
}

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				s, err := store.Open(t.Context(), c)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		versions, err := store.Migrations(open(t, c).Dialect)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := raw(t, c).QueryRow("SELECT COUNT(*) FROM schema_versions").Scan(&n); err != nil || n != len(versions) {
			t.Errorf("%d versions were applied, there are %d: %v", n, len(versions), err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	s := open(t, store.Config{Dir: t.TempDir()})
	err := s.Client.Head.Create().SetID("x").SetSeq(1).Exec(t.Context())
	var e sqlite3.Error
	if !errors.As(err, &e) || e.Code != sqlite3.ErrReadonly {
		t.Errorf("a reader wrote: %v", err)
	}
	if n, err := s.Client.Head.Query().Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d heads, %v", n, err)
	}
}

func TestADataDirectoryMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"met spatie", "100%", "a?b", "a#b", "a:b", "é", "a%20b"} {
		dir := filepath.Join(t.TempDir(), name)
		s := open(t, store.Config{Dir: dir})
		if err := head(t.Context(), s, "x"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, store.File)); err != nil {
			t.Errorf("%q: the database is somewhere else: %v", name, err)
		}
	}
}

func TestOneWriteRunsAtATime(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		a, b := open(t, c), open(t, c)
		tx, err := a.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		began := make(chan error)
		go func() {
			tx, err := b.Begin(t.Context())
			if err == nil {
				// What the first wrote is there once the second has its turn.
				_, err = tx.Head.Get(t.Context(), "first")
				err = errors.Join(err, tx.Rollback())
			}
			began <- err
		}()
		if err := tx.Head.Create().SetID("first").SetSeq(1).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-began:
			t.Fatal("the second write did not wait for the first", err)
		default:
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := <-began; err != nil {
			t.Error(err)
		}
	})
}

func TestAWriteAsideDoesNotWaitOnPostgreSQL(t *testing.T) {
	s := open(t, store.Config{Database: fixture.Database(t)})
	tx, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	aside, err := s.BeginAside(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := aside.Head.Create().SetID("aside").SetSeq(1).Exec(t.Context()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(aside.Commit(), tx.Rollback()); err != nil {
		t.Error(err)
	}
}

func TestTextThatOneDatabaseCannotHoldFindsNothingOnBoth(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		s := open(t, c)
		for _, id := range []string{"a\x00b", "a\xff", "\x00", "prj_\xc3\x28"} {
			if _, err := s.Client.Head.Get(t.Context(), id); !ent.IsNotFound(err) {
				t.Errorf("%q: %v", id, err)
			}
		}
		if err := head(t.Context(), s, "a\x00b"); err != nil {
			t.Error(err)
		}
	})
}

func TestAWrongAddressTellsNoPassword(t *testing.T) {
	for _, address := range []string{"mysql://u:geheim@h/d", "postgres://u:geheim@h:poort/d", "postgres://u:geheim@127.0.0.1:1/d"} {
		_, err := store.Open(t.Context(), store.Config{Database: address})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if os.Getenv("PLEIN_TEST_LOCK") != "" {
		_, err := store.Lock(os.Getenv("PLEIN_TEST_LOCK"))
		if errors.Is(err, store.ErrLocked) {
			os.Stdout.WriteString("refused")
		}
		return
	}
	unlock, err := store.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command(os.Args[0], "-test.run=^TestASecondProcessIsRefused$")
	other.Env = append(os.Environ(), "PLEIN_TEST_LOCK="+dir)
	if out, err := other.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "refused") {
		t.Errorf("got %s, %v", out, err)
	}
	if _, err := store.Lock(dir); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("the same process gets it twice: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	unlock, err = store.Lock(dir)
	if err != nil {
		t.Fatalf("it stays locked: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

func TestAStoreSaysWhichDatabaseItIs(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		want := dialect.Postgres
		if c.Database == "" {
			want = dialect.SQLite
		}
		if s := open(t, c); s.Dialect != want {
			t.Errorf("got %s", s.Dialect)
		}
	})
}

func TestWhatWasThereBeforeGetsItsAddressAndItsLinesInTheLog(t *testing.T) {
	each(t, func(t *testing.T, c store.Config) {
		s := open(t, c)
		db := raw(t, c)
		exec := func(statements ...string) {
			t.Helper()
			for _, q := range statements {
				if _, err := db.ExecContext(t.Context(), q); err != nil {
					t.Fatalf("%s: %v", q, err)
				}
			}
		}
		// Back to the version before, with records of every sort.
		exec("DROP TABLE addresses", "DROP INDEX publication_kind_audience_published_at_id",
			"CREATE UNIQUE INDEX draft_kind_publisher_id_slug ON drafts (kind, publisher_id, slug)",
			"CREATE INDEX publication_publisher_id_kind_slug ON publications (publisher_id, kind, slug)",
			"DELETE FROM schema_versions WHERE version >= 3")
		for _, later := range []string{"users", "memberships", "guests", "sessions", "links", "outbox", "throttles", "duties", "oidc_logins", "oidc_identities",
			"files", "file_chunks", "imports", "draft_shares", "mistake_reports", "keys", "members", "peers", "publishers", "quarantine", "replicas"} {
			exec("DROP TABLE " + later)
		}
		exec("DROP INDEX change_publisher_id_id", "DROP INDEX change_kind_id", "ALTER TABLE changes DROP COLUMN publisher_id",
			"DROP INDEX feedentry_kind_id", "ALTER TABLE feed DROP COLUMN datasets")
		for _, later := range []string{"edited_by", "submitted_by", "discarded_at"} {
			exec("ALTER TABLE drafts DROP COLUMN " + later)
		}
		for _, x := range [][2]string{{"prj_draft", "PROJECT"}, {"prj_public", "PROJECT"}, {"prj_gone", "PROJECT"}, {"les_public", "LESSON"}, {"tpv_public", "PROCESS_TEMPLATE_VERSION"}} {
			id, kind := x[0], x[1]
			if kind != "PROCESS_TEMPLATE_VERSION" {
				exec("INSERT INTO drafts (id, kind, publisher_id, slug, state, revision, updated_at, body) VALUES ('" + id + "', '" + kind + "', 'org_a', 'slug-" + id + "', '', 1, 1, '')")
			}
			if strings.HasSuffix(id, "public") {
				exec("INSERT INTO publications (id, kind, publisher_id, slug, audience, version, published_at, updated_at, started_on, title, body, words) VALUES ('" + id + "', '" + kind + "', 'org_a', 'slug-" + id + "', 'PUBLIC', 1, 1, 1, '', '', '', '')")
			}
		}
		exec("INSERT INTO tombstones (id, title, reason, at) VALUES ('prj_gone', '', '', 1)")
		for i, id := range []string{"prj_draft", "prj_gone", "tpv_public", "mun_GM0546"} {
			exec(fmt.Sprintf("INSERT INTO changes (id, at, kind, record_id, revision, actor, reason) VALUES (%d, 1, 'UPDATED', '%s', 1, 'system', '')", i+1, id))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		migrated, err := store.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer migrated.Close()
		var got []string
		for _, a := range migrated.Client.Address.Query().Order(address.ByRecordID()).AllX(t.Context()) {
			got = append(got, a.Kind+" "+a.PublisherID+" "+a.Slug+" "+a.RecordID)
		}
		want := []string{"LESSON org_a slug-les_public les_public", "PROJECT org_a slug-prj_gone prj_gone", "PROJECT org_a slug-prj_public prj_public"}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		got = nil
		for _, c := range migrated.Client.Change.Query().Order(change.ByID()).AllX(t.Context()) {
			got = append(got, c.RecordID+" of "+c.PublisherID)
		}
		if want := []string{"prj_draft of org_a", "prj_gone of org_a", "tpv_public of org_a", "mun_GM0546 of "}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
