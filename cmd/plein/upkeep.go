package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

type backupCmd struct {
	Dir string `arg:"" help:"Folder to make."`
}

func (backupCmd) Help() string {
	return "The folder holds a copy of the database that can be put back with plein restore. The search index is not in it: it is made again.\nA PostgreSQL database is backed up with pg_dump; see docs/operate.md.\n\nExample:\n  plein backup /backups/plein-2027-01-12"
}

func (c backupCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		m, err := h.store.Backup(s.ctx, c.Dir)
		if err != nil {
			return err
		}
		return s.result(m, func(w io.Writer) { fmt.Fprintln(w, c.Dir) })
	})
}

type restoreCmd struct {
	Dir   string `arg:"" optional:"" help:"Folder that plein backup made." type:"existingdir"`
	Force bool   `help:"Replace the catalogue that is there; it is moved aside."`
}

func (restoreCmd) Help() string {
	return "The backup is checked before anything changes. Programs that follow the change feed have to begin again, because it went back in time. With --database this only notes that, after pg_restore.\n\nExample:\n  plein restore /backups/plein-2027-01-12 --data /var/lib/plein"
}

func (c restoreCmd) Run(s *session) (err error) {
	switch {
	case s.cli.Database != "" && c.Dir != "":
		return usagef("a PostgreSQL database is restored with pg_restore; run plein restore without a folder afterwards")
	case s.cli.Database != "":
		return s.markRestored()
	case c.Dir == "":
		return usagef("name the folder that plein backup made")
	}
	if store.Exists(s.cli.Data) && !c.Force {
		return fmt.Errorf("%s holds a catalogue already: name another folder, or replace it with --force (it is moved aside)", s.cli.Data)
	}
	unlock, err := store.Lock(s.cli.Data)
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("a Plein works in %s: stop it first", s.cli.Data)
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	m, err := store.Restore(s.ctx, c.Dir, s.cli.Data, c.Force, s.wentBack)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(s.cli.Data, "index")); err != nil {
		return fmt.Errorf("clear the index: %w", err)
	}
	return s.result(m, func(w io.Writer) { fmt.Fprintln(w, s.cli.Data) })
}

// wentBack marks that a database holds an earlier state: followers begin again, and who was signed in then is not now. Who
// restores a backup says that this database is the one that is alive, so keys sign here.
func (s *session) wentBack(ctx context.Context, tx *ent.Tx, place string) error {
	if err := changelog.NewEpoch(ctx, tx.Client(), s.now()); err != nil {
		return err
	}
	if err := federation.SetPlace(ctx, tx.Client(), place); err != nil {
		return err
	}
	return identity.EndAll(ctx, tx)
}

// markRestored notes that a PostgreSQL database went back in time.
func (s *session) markRestored() error {
	return s.with(false, func(h *house) error {
		place, err := h.store.Place(s.ctx)
		if err != nil {
			return err
		}
		tx, err := h.store.Begin(s.ctx)
		if err != nil {
			return err
		}
		if err := s.wentBack(s.ctx, tx, place); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("note the restore: %w", err)
		}
		s.say("Noted: programs that follow the change feed will begin again.")
		return nil
	})
}

type reindexCmd struct{}

func (reindexCmd) Help() string {
	return "A running Plein mends its index by itself; this is for a Plein that is not running.\n\nExample:\n  plein reindex --data /var/lib/plein"
}

func (reindexCmd) Run(s *session) (err error) {
	unlock, err := store.Lock(s.cli.Data)
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("a Plein works in %s and mends its index by itself: stop it first if you want to do it by hand", s.cli.Data)
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return s.with(false, func(h *house) (err error) {
		dir := filepath.Join(s.cli.Data, "index")
		index, err := search.Open(s.ctx, search.Config{Dir: dir, Catalog: h.catalog, Log: h.log, Now: time.Now, Logger: slog.New(slog.NewTextHandler(s.stderr, nil))})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, index.Close()) }()
		var n int
		if err := index.Rebuild(s.ctx, func(done, total int) { n = done; fmt.Fprintf(s.stderr, "\r%d of %d", done, total) }); err != nil {
			return err
		}
		fmt.Fprintln(s.stderr)
		return s.result(map[string]int{"records": n}, func(w io.Writer) { fmt.Fprintln(w, n, "records") })
	})
}

type doctorCmd struct{}

// finding is one thing that was looked at.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Advice string `json:"advice,omitempty"`
}

func (doctorCmd) Help() string { return "Example:\n  plein doctor --data /var/lib/plein" }

func (doctorCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		var list []finding
		look := func(check string, err error, advice string) {
			f := finding{Check: check, OK: err == nil}
			if err != nil {
				f.Advice = fmt.Sprintf("%v; %s", err, advice)
			}
			list = append(list, f)
		}
		look("the database can be read", h.store.Ping(s.ctx), "see whether it runs and whether this user may read it")
		look("the database is undamaged", h.store.Check(s.ctx), "put back the last backup (see docs/operate.md)")
		drift, err := h.store.Drift(s.ctx)
		if err == nil && drift != "" {
			err = errors.New("the tables differ from what this Plein expects")
		}
		look("the tables are those of this Plein", err, "report this with the output of plein version")
		look("there is room to write", h.store.Room(s.ctx), "make room on the disk; until then Plein only reads")
		n, _, err := h.catalog.Fingerprint(s.ctx)
		look(fmt.Sprintf("the catalogue can be read (%d public records)", n), err, "put back the last backup (see docs/operate.md)")
		if s.cli.BaseURL == "" {
			look("the node has an address", errors.New("no --base-url"), "fine to try things out; set it before you publish for real, because it becomes part of every record's address")
			list[len(list)-1].OK = true
		}
		if h.federation != nil {
			err := h.federation.Check(s.ctx)
			look("the keys can sign", err, adviceOnKeys(err))
		}
		bad := 0
		err = s.result(list, func(w io.Writer) {
			for _, f := range list {
				mark := "ok  "
				if !f.OK {
					mark = "BAD "
				}
				fmt.Fprintln(w, mark, f.Check)
				if f.Advice != "" {
					fmt.Fprintln(w, "     ", f.Advice)
				}
			}
		})
		for _, f := range list {
			if !f.OK {
				bad++
			}
		}
		if err == nil && bad > 0 {
			err = fmt.Errorf("%d of %d checks failed", bad, len(list))
		}
		return err
	})
}
