package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

var (
	listOfProjects = catalog.Filter{Types: []record.Type{record.ProjectType}}
	order          = catalog.Order{}
)

// backedUp is a world with a few records and a backup of it, made while others write.
func backedUp(t *testing.T) (w *fixture.World, dir string, acknowledged []string) {
	t.Helper()
	w = fixture.SQLite(t)
	for i := range 5 {
		acknowledged = append(acknowledged, w.Publish(t, w.Project(fmt.Sprintf("Vooraf %d", i))).Base().ID)
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	var mu sync.Mutex
	for g := range 3 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				made, err := w.TryPublish(t, w.Project(fmt.Sprintf("Tegelijk %d %d", g, i)))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, made.Base().ID)
				mu.Unlock()
			}
		})
	}
	// Some are under way before the backup begins.
	for wake := w.Log.Changed(); ; wake = w.Log.Changed() {
		mu.Lock()
		n := len(acknowledged)
		mu.Unlock()
		if n >= 15 {
			break
		}
		<-wake
	}
	mu.Lock()
	before := append([]string{}, acknowledged...)
	mu.Unlock()
	dir = filepath.Join(t.TempDir(), "backups", "today")
	m, err := w.Store.Backup(t.Context(), dir)
	stop()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	versions, err := store.Migrations(w.Store.Dialect)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.SHA256) != 64 || m.SchemaVersion != len(versions) || m.FeedHead < int64(len(before)) || m.Bytes == 0 || m.At.IsZero() {
		t.Errorf("the manifest says %+v", m)
	}
	return w, dir, before
}

func restore(t *testing.T, from, to string, force bool) error {
	t.Helper()
	_, err := store.Restore(t.Context(), from, to, force, func(ctx context.Context, tx *ent.Tx, _ string) error {
		return changelog.NewEpoch(ctx, tx.Client(), fixture.Start)
	})
	return err
}

func TestABackupIsRestoredWithEveryWriteThatWasAcknowledgedBefore(t *testing.T) {
	_, dir, acknowledged := backedUp(t)
	data := filepath.Join(t.TempDir(), "elsewhere")
	if err := restore(t, dir, data, false); err != nil {
		t.Fatal(err)
	}
	s := open(t, store.Config{Dir: data})
	log := changelog.New(s.Client)
	c, err := catalog.Open(t.Context(), catalog.Config{Client: s.Client, Begin: s.Begin, Log: log, Now: (&fixture.Clock{}).Now, BaseURL: fixture.BaseURL, Frozen: true})
	if err != nil {
		t.Fatal(err)
	}
	rs, err := c.ByID(identity.AsStranger(t.Context()), acknowledged...)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rs {
		if r == nil {
			t.Errorf("%s was acknowledged before the backup began and is not in it", acknowledged[i])
		}
	}
	if epoch, err := log.Epoch(t.Context()); err != nil || epoch < 1 {
		t.Errorf("the epoch is %d: %v", epoch, err)
	}
	if drift, err := s.Drift(t.Context()); err != nil || drift != "" {
		t.Errorf("%v %s", err, drift)
	}
	left, err := filepath.Glob(filepath.Join(data, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if name := filepath.Base(f); !strings.HasPrefix(name, store.File) {
			t.Errorf("restoring left %s behind", name)
		}
	}
}

func TestRestoringReplacesADatabaseOnlyWhenAsked(t *testing.T) {
	_, dir, _ := backedUp(t)
	data := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(head(t.Context(), s, "mine"), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := restore(t, dir, data, false); err == nil || !strings.Contains(err.Error(), "has a database already") {
		t.Errorf("got %v", err)
	}
	if err := restore(t, dir, data, true); err != nil {
		t.Fatal(err)
	}
	aside, err := filepath.Glob(filepath.Join(data, "replaced-*"))
	if err != nil || len(aside) != 1 {
		t.Fatalf("what was there is in %v: %v", aside, err)
	}
	if _, err := open(t, store.Config{Dir: aside[0]}).Client.Head.Get(t.Context(), "mine"); err != nil {
		t.Errorf("what was there is lost: %v", err)
	}
	if _, err := open(t, store.Config{Dir: data}).Client.Head.Get(t.Context(), "mine"); !ent.IsNotFound(err) {
		t.Errorf("what was there is still there: %v", err)
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	_, dir, _ := backedUp(t)
	database, manifest := filepath.Join(dir, store.File), filepath.Join(dir, store.ManifestFile)
	good := map[string][]byte{}
	for _, f := range []string{database, manifest} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		good[f] = b
	}
	flipped := append([]byte{}, good[database]...)
	flipped[len(flipped)/2] ^= 1
	edited := new(store.Manifest)
	if err := json.Unmarshal(good[manifest], edited); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"a bit is flipped":            func() error { return os.WriteFile(database, flipped, 0o600) },
		"the end is missing":          func() error { return os.Truncate(database, int64(len(flipped)-1)) },
		"the database is missing":     func() error { return os.Remove(database) },
		"the manifest is missing":     func() error { return os.Remove(manifest) },
		"the manifest is no manifest": func() error { return os.WriteFile(manifest, []byte("{"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(func() {
				for f, b := range good {
					if err := os.WriteFile(f, b, 0o600); err != nil {
						t.Error(err)
					}
				}
			})
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			data := t.TempDir()
			if err := restore(t, dir, data, false); err == nil {
				t.Error("it was restored")
			}
			if left, _ := filepath.Glob(filepath.Join(data, "*")); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
	if err := restore(t, dir, t.TempDir(), false); err != nil {
		t.Errorf("the undamaged backup: %v", err)
	}
}

func TestADatabaseThatIsBrokenInsideIsRefusedThoughItsHashIsRight(t *testing.T) {
	_, dir, _ := backedUp(t)
	database := filepath.Join(dir, store.File)
	b, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096 * 3; i < 4096*6; i++ {
		b[i] = 0xff
	}
	if err := os.WriteFile(database, b, 0o600); err != nil {
		t.Fatal(err)
	}
	resign(t, dir)
	if err := restore(t, dir, t.TempDir(), false); err == nil {
		t.Error("it was restored")
	}
}

// resign makes the manifest of a backup agree with a database that was changed.
func resign(t *testing.T, dir string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, store.ManifestFile)
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m := new(store.Manifest)
	if err := json.Unmarshal(old, m); err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256(b)
	m.SHA256, m.Bytes = hex.EncodeToString(h[:]), int64(len(b))
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestARestoreThatCannotBeMarkedChangesNothing(t *testing.T) {
	_, dir, _ := backedUp(t)
	data := t.TempDir()
	no := errors.New("no")
	_, err := store.Restore(t.Context(), dir, data, false, func(context.Context, *ent.Tx, string) error { return no })
	if !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "*")); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}

func TestABackupNeverReplacesAnother(t *testing.T) {
	w, dir, _ := backedUp(t)
	if _, err := w.Store.Backup(t.Context(), dir); err == nil {
		t.Error("a backup was replaced")
	}
}

func TestPostgreSQLMakesItsOwnBackups(t *testing.T) {
	s := open(t, store.Config{Database: fixture.Database(t)})
	if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "x")); !errors.Is(err, store.ErrOwnBackup) || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("got %v", err)
	}
}
