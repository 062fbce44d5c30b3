package catalog_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// victim names the database of a process that writes until it is killed.
const victim = "PLEIN_TEST_VICTIM"

func TestMain(m *testing.M) {
	if where := os.Getenv(victim); where != "" {
		if err := writeUntilKilled(where); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeUntilKilled creates, changes and withdraws records, and tells each of them once it is acknowledged: id, public
// version, and whether it is still public.
func writeUntilKilled(where string) error {
	config := store.Config{Dir: where}
	if strings.HasPrefix(where, "postgres://") {
		config = store.Config{Database: where}
	}
	ctx := identity.AsSystem(context.Background())
	s, err := store.Open(ctx, config)
	if err != nil {
		return err
	}
	c, err := catalog.Open(ctx, catalog.Config{Client: s.Client, Begin: s.Begin, Log: changelog.New(s.Client), Now: time.Now,
		BaseURL: fixture.BaseURL, Frozen: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	w := &fixture.World{Catalog: c, Leiden: c.Reference().OrganizationBySlug("udc-leiden")}
	var ids []string
	for i := 0; ; i++ {
		var id string
		n := rand.IntN(len(ids) + 1)
		create, gone := n == len(ids), n < len(ids) && i%5 == 0
		err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
			if create {
				made, err := tx.Create(ctx, w.Project(fmt.Sprintf("Project %d van %d", i, os.Getpid())), catalog.Origin{})
				if err != nil {
					return err
				}
				id = made.Base().ID
				_, err = tx.Publish(ctx, id, 0)
				return err
			}
			if id = ids[n]; gone {
				_, err = tx.Withdraw(ctx, id, 0, "Niet meer nodig.")
				return err
			}
			_, err = tx.Edit(ctx, id, 0, func(r record.Record) error {
				r.(*record.Project).StartedOn = record.Date(fmt.Sprint(1000 + i%9000))
				return nil
			})
			return err
		})
		if err != nil {
			return err
		}
		switch {
		case create:
			ids = append(ids, id)
		case gone:
			ids = slices.Delete(ids, n, n+1)
		}
		rs, err := c.ByID(ctx, id)
		if err != nil {
			return err
		}
		version := 0
		if rs[0] != nil {
			version = rs[0].Base().Version
		}
		fmt.Println(id, version)
	}
}

func TestAKilledProcessLosesNothingThatItAcknowledged(t *testing.T) {
	kills := map[string]int{"sqlite": 13, "postgres": 12}
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		acknowledged := map[string]int{} // the last version of each record; 0 when it was withdrawn
		name := "sqlite"
		if w.Config.Database != "" {
			name = "postgres"
		}
		for range kills[name] {
			for id, version := range killOne(t, w) {
				acknowledged[id] = version
			}
		}
		t.Logf("%d kills, %d records were acknowledged", kills[name], len(acknowledged))
		if len(acknowledged) < kills[name] {
			t.Fatal("too little was written to show anything")
		}
		for id, version := range acknowledged {
			got := see(t, w, id)
			// The write that the kill interrupted may have been the next one of this record.
			switch {
			case version == 0 && got != nil:
				t.Errorf("%s was withdrawn, and is there", id)
			case version > 0 && got == nil:
				if stone, err := w.Tombstone(t.Context(), id); stone == nil || err != nil {
					t.Errorf("%s is lost", id)
				}
			case version > 0 && got.Base().Version < version:
				t.Errorf("%s is at version %d, %d was acknowledged", id, got.Base().Version, version)
			}
		}
		for i, c := range changes(t, w) {
			if c.ID != int64(i+1) {
				t.Fatalf("change %d has number %d", i+1, c.ID)
			}
		}
		checkReplay(t, w)
		if name == "sqlite" {
			rows, err := w.Store.Client.QueryContext(t.Context(), "PRAGMA integrity_check")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var verdict string
			if rows.Next(); rows.Scan(&verdict) != nil || verdict != "ok" {
				t.Errorf("the database is %s", verdict)
			}
		}
	})
}

// killOne lets a process write, kills it at some moment and gives what it acknowledged.
func killOne(t *testing.T, w *fixture.World) map[string]int {
	t.Helper()
	where := w.Config.Dir
	if w.Config.Database != "" {
		where = w.Config.Database
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), victim+"="+where)
	var complaints bytes.Buffer
	child.Stderr = &complaints
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	giveUp := time.AfterFunc(30*time.Second, func() { child.Process.Kill() })
	defer giveUp.Stop()
	acknowledged := map[string]int{}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if first {
			// Every moment of a write gets its turn.
			time.AfterFunc(time.Duration(rand.IntN(120_000))*time.Microsecond, func() { child.Process.Kill() })
		}
		var id string
		var version int
		if n, _ := fmt.Sscan(lines.Text(), &id, &version); n == 2 {
			acknowledged[id] = version
		}
	}
	err = child.Wait()
	if complaints.Len() > 0 || len(acknowledged) == 0 || !strings.Contains(fmt.Sprint(err), "killed") {
		t.Fatalf("the process ended with %v: %s", err, complaints.String())
	}
	return acknowledged
}

// checkReplay compares what a stranger sees with the feed, replayed from its beginning.
func checkReplay(t *testing.T, w *fixture.World) {
	t.Helper()
	replayed := map[string]string{}
	next := map[string]int64{}
	for i, e := range w.Store.Client.FeedEntry.Query().Order(feedentry.ByID()).AllX(t.Context()) {
		if e.ID != int64(i+1) {
			t.Fatalf("feed entry %d has number %d", i+1, e.ID)
		}
		if next[e.PublisherID]++; e.PublisherSeq == nil || *e.PublisherSeq != next[e.PublisherID] {
			t.Fatalf("feed entry %d has its publisher's number %v, want %d", i+1, e.PublisherSeq, next[e.PublisherID])
		}
		switch {
		case e.Type == string(changelog.Delete):
			delete(replayed, e.RecordID)
		case len(e.Payload) > 0:
			replayed[e.RecordID] = string(e.Payload)
		}
	}
	rows := w.Store.Client.Publication.Query().Where(publication.Audience(string(record.Public))).AllX(t.Context())
	for _, row := range rows {
		if replayed[row.ID] != string(row.Body) {
			t.Errorf("%s is\n%s\nand in the feed\n%s", row.ID, row.Body, replayed[row.ID])
		}
	}
	if len(rows) != len(replayed) {
		t.Errorf("%d records are public, the feed gives %d", len(rows), len(replayed))
	}
}
