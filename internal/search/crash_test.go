package search

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// crashDir tells the test binary that it is the process to be killed.
const crashDir = "PLEIN_TEST_SEARCH_CRASH"

const kills = 15

func TestAfterKillNineTheIndexSaysWhatTheCatalogueSays(t *testing.T) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(t, reopenWorld(t, dir), dir)
		return
	}
	dir := t.TempDir()
	w := fixture.Open(t, store.Config{Dir: filepath.Join(dir, "data")})
	starter(t, w)

	acknowledged := map[string]int{} // by id: the version, or -1 when withdrawn
	started := 0
	for range kills {
		ready, lines := killAfter(t, dir, time.Duration(rand.IntN(400))*time.Millisecond)
		if ready {
			started++
		}
		for _, l := range lines {
			id, v, _ := strings.Cut(l, " ")
			n, err := strconv.Atoi(v)
			do(t, err)
			acknowledged[id] = n
		}
	}
	if started < kills/2 || len(acknowledged) == 0 {
		t.Fatalf("only %d of %d processes got to work, %d records were acknowledged", started, kills, len(acknowledged))
	}

	w = w.Replica(t)
	for id, version := range acknowledged {
		rs, err := w.ByID(t.Context(), id)
		do(t, err)
		switch {
		case version < 0 && rs[0] != nil:
			t.Errorf("the withdrawal of %s was lost", id)
		case version > 0 && rs[0] != nil && rs[0].Base().Version < version:
			t.Errorf("%s is at version %d, %d was acknowledged", id, rs[0].Base().Version, version)
		case version > 0 && rs[0] == nil:
			// The withdrawal may have been made and not acknowledged.
			if tomb, err := w.Tombstone(t.Context(), id); err != nil || tomb == nil {
				t.Errorf("%s was lost", id)
			}
		}
	}
	x := start(t, w, filepath.Join(dir, "index"))
	ready(t, x)
	if aside := healed(t, w, x); aside > 0 {
		t.Error("the index was damaged and had to be made again")
	}
	t.Logf("%d of %d processes got to work; %d records acknowledged", started, kills, len(acknowledged))
}

// reopenWorld opens the catalogue of another process.
func reopenWorld(t *testing.T, dir string) *fixture.World {
	return (&fixture.World{Config: store.Config{Dir: filepath.Join(dir, "data")}, Clock: &fixture.Clock{}}).Replica(t)
}

// killAfter runs the test binary as another process and kills it some time after it began to write, or to open.
func killAfter(t *testing.T, dir string, pause time.Duration) (began bool, acknowledged []string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestAfterKillNineTheIndexSaysWhatTheCatalogueSays$")
	c.Env = append(os.Environ(), crashDir+"="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	do(t, err)
	do(t, c.Start())
	kill := func() { _ = c.Process.Kill() }
	early := rand.IntN(3) == 0
	if early {
		time.AfterFunc(pause, kill)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch l := lines.Text(); {
		case l == "BEGIN":
			began = true
			if !early {
				time.AfterFunc(pause, kill)
			}
		case strings.HasPrefix(l, "ACK "):
			acknowledged = append(acknowledged, strings.TrimPrefix(l, "ACK "))
		case strings.HasPrefix(l, "FAIL "):
			t.Error(l)
		}
	}
	if err := c.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	return began, acknowledged
}

// writeUntilKilled publishes, changes and withdraws while the index follows, and acknowledges what was written.
func writeUntilKilled(t *testing.T, w *fixture.World, dir string) {
	x := start(t, w, filepath.Join(dir, "index"))
	ready(t, x)
	follow(t, w, x)
	fmt.Println("BEGIN")
	if rand.IntN(3) == 0 {
		go x.Rebuild(context.Background(), nil) //nolint:errcheck // it is killed
	}
	ctx := fixture.As(t, w.Leiden)
	var mine []record.Record
	for i := 0; ; i++ {
		var r record.Record
		withdrawn := false
		err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
			switch n := rand.IntN(10); {
			case n < 5 || len(mine) == 0:
				made, err := tx.Create(ctx, w.Project(fmt.Sprintf("Project %d", i)), catalog.Origin{})
				if err != nil {
					return err
				}
				r, err = tx.Publish(ctx, made.Base().ID, made.Base().Revision)
				return err
			case n < 8:
				old := mine[rand.IntN(len(mine))].Base()
				made, err := tx.Edit(ctx, old.ID, old.Revision, func(r record.Record) error {
					r.Base().Summary = record.NL(fmt.Sprintf("Gewijzigd in %d", i))
					return nil
				})
				if err != nil {
					return err
				}
				r, err = tx.Publish(ctx, old.ID, made.Base().Revision)
				return err
			default:
				old := mine[0].Base()
				withdrawn = true
				r, err = tx.Withdraw(ctx, old.ID, old.Revision, "Klopt niet.")
				return err
			}
		})
		if err != nil {
			fmt.Println("FAIL", errors.Unwrap(err), err)
			return
		}
		id := r.Base().ID
		kept := mine[:0]
		for _, m := range mine {
			if m.Base().ID != id {
				kept = append(kept, m)
			}
		}
		mine = kept
		version := -1
		if !withdrawn {
			mine = append(mine, r)
			rs, err := w.ByID(ctx, id)
			if err != nil || rs[0] == nil {
				fmt.Println("FAIL", id, "is not there:", err)
				return
			}
			version = rs[0].Base().Version
		}
		fmt.Println("ACK", id, version)
	}
}
