package federation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/key"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// openAt opens the federation of a world in a place, with a secret of its own unless a file is named.
func openAt(t *testing.T, w *fixture.World, place, keyFile string) *Federation {
	t.Helper()
	f, err := Open(t.Context(), Config{Catalog: w.Catalog, KeyFile: keyFile, Place: place, Software: "plein test",
		Aside: w.Store.BeginAside, Dialect: w.Store.Dialect})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func openOut(t *testing.T, w *fixture.World) *Federation {
	t.Helper()
	return openAt(t, w, "here", filepath.Join(t.TempDir(), "key"))
}

func signAll(t *testing.T, f *Federation) {
	t.Helper()
	if err := f.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// cardOf is what a node says of one of its publishers.
func cardOf(t *testing.T, f *Federation, organizationID string) *Card {
	t.Helper()
	raw, err := f.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	for _, raw := range d.Publishers {
		c, err := ReadCard(raw)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID == f.organizationIRI(organizationID) {
			return c
		}
	}
	t.Fatalf("%s is not among %s", organizationID, raw)
	return nil
}

// membersOf takes a page apart.
func membersOf(t *testing.T, p *Page) []json.RawMessage {
	t.Helper()
	var d struct {
		Graph []json.RawMessage `json:"graph"`
	}
	if err := json.Unmarshal(p.Body, &d); err != nil {
		t.Fatal(err)
	}
	return d.Graph[2:]
}

// readLog reads a whole log as a stranger would who compared the fingerprint, and verifies all of it.
func readLog(t *testing.T, f *Federation, organizationID string) []*Member {
	t.Helper()
	c := cardOf(t, f, organizationID)
	epoch, err := f.Catalog.Log.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []*Member
	at := Place{Epoch: epoch}
	for n := int64(0); ; n++ {
		p, err := f.LogPage(t.Context(), organizationID, epoch, n, 0)
		if errors.Is(err, ErrNoLog) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		raws := membersOf(t, p)
		if p.IsFull != (len(raws) == PageSize) {
			t.Errorf("a page of %d members says that it is full: %t", len(raws), p.IsFull)
		}
		for _, raw := range raws {
			m, err := ReadMember(raw, c.Feed, c.DID, c.KeyAt, at)
			if err != nil {
				t.Fatalf("member %d: %v\n%s", at.Seq+1, err, raw)
			}
			hash, err := m.Hash()
			if err != nil {
				t.Fatal(err)
			}
			at.Seq, at.Hash = at.Seq+1, hash
			out = append(out, m)
		}
	}
}

// said tells what a log says, in short.
func said(ms []*Member) string {
	var out []string
	for _, m := range ms {
		word := string(m.Type)
		if m.Redacted {
			word += "(redacted)"
		}
		out = append(out, word+" "+m.Version)
	}
	return strings.Join(out, ", ")
}

func withdraw(t *testing.T, w *fixture.World, id string) {
	t.Helper()
	ctx := fixture.System(t)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(ctx, id, 0, "De cijfers kloppen niet.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, w *fixture.World, id, startedOn string) {
	t.Helper()
	ctx := fixture.System(t)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Edit(ctx, id, 0, func(r record.Record) error {
			r.(*record.Project).StartedOn = record.Date(startedOn)
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsPublishedIsSignedInOrder(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		f := openOut(t, w)
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		edit(t, w, id, "2025-01-01")
		signAll(t, f)
		w.Publish(t, w.Lesson("Vraag het eerst"))
		signAll(t, f)
		signAll(t, f)
		ms := readLog(t, f, w.Leiden.ID)
		if got := said(ms); got != "Create 1, Update 2, Create 1" {
			t.Fatalf("the log says %s", got)
		}
		if ms[0].Object != fixture.BaseURL+"/id/"+id || !strings.Contains(string(ms[0].Graph[0]), "Verkamering") {
			t.Errorf("the first member is %+v", ms[0])
		}
		if _, err := f.LogPage(t.Context(), w.Delft.ID, 0, 0, 0); !errors.Is(err, ErrNoLog) {
			t.Errorf("a publisher that published nothing: %v", err)
		}
	})
}

func TestWhatWasWithdrawnIsInNoPageAndTheChainHolds(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		f := openOut(t, w)
		secret := w.Publish(t, w.Project("Zonnepaneelgeheim")).Base().ID
		w.Publish(t, w.Project("Verkamering"))
		signAll(t, f)
		unsigned := w.Publish(t, w.Project("Nooitgetekend")).Base().ID
		withdraw(t, w, secret)
		withdraw(t, w, unsigned)
		// Redaction does not wait for the signer.
		p, err := f.LogPage(t.Context(), w.Leiden.ID, 0, 0, 0)
		if err != nil || bytes.Contains(p.Body, []byte("Zonnepaneelgeheim")) {
			t.Errorf("it is still on the page: %v", err)
		}
		signAll(t, f)
		if got := said(readLog(t, f, w.Leiden.ID)); got != "Create(redacted) 1, Create 1, Create(redacted) 1, Delete 2, Delete 2" {
			t.Errorf("the log says %s", got)
		}
		p, err = f.LogPage(t.Context(), w.Leiden.ID, 0, 0, 0)
		if err != nil || bytes.Contains(p.Body, []byte("geheim")) || bytes.Contains(p.Body, []byte("Nooit")) || !bytes.Contains(p.Body, []byte("De cijfers kloppen niet.")) {
			t.Errorf("the page says %s: %v", p.Body, err)
		}
	})
}

func TestWhatIsNotPublicIsInNoByteOfAPage(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		f := openOut(t, w)
		w.Publish(t, w.Project("Verkamering"))
		ctx := fixture.As(t, w.Leiden)
		whole := w.Project("Kanarieheel")
		whole.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		w.Publish(t, whole)
		results := w.Project("Deels onder embargo")
		results.Answer = record.NL("Kanarieantwoord.")
		results.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		w.Publish(t, results)
		community := w.Project("Kanariegemeenschap")
		community.Audience = record.Community
		w.Publish(t, community)
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Create(ctx, w.Project("Kanarieconcept"), catalog.Origin{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []record.Provenance{record.Demo, record.Starter, record.Register} {
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
				r := w.Project("Kanarie " + string(p))
				made, err := tx.Create(fixture.System(t), r, catalog.Origin{Provenance: p})
				if err == nil {
					_, err = tx.Publish(fixture.System(t), made.Base().ID, made.Base().Revision)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		signAll(t, f)
		if got := said(readLog(t, f, w.Leiden.ID)); got != "Create 1, Create 1" {
			t.Errorf("the log says %s", got)
		}
		var bodies [][]byte
		for _, id := range []string{w.Leiden.ID} {
			for _, get := range []func() (*Page, error){
				func() (*Page, error) { return f.LogRoot(t.Context(), id) },
				func() (*Page, error) { return f.LogPage(t.Context(), id, 0, 0, 0) },
				func() (*Page, error) { return f.RelayRoot(t.Context()) },
			} {
				p, err := get()
				if err != nil {
					t.Fatal(err)
				}
				bodies = append(bodies, p.Body)
			}
		}
		node, err := f.Describe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range append(bodies, node) {
			if bytes.Contains(bytes.ToLower(b), []byte("kanarie")) {
				t.Errorf("what is not public is in %s", b)
			}
		}
		w.Clock.Move(2 * time.Hour)
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		signAll(t, f)
		if got := said(readLog(t, f, w.Leiden.ID)); got != "Create 1, Create 1, Create 1, Update 2" && got != "Create 1, Create 1, Update 2, Create 1" {
			t.Errorf("after the embargo the log says %s", got)
		}
	})
}

func TestALogOfManyPagesIsReadWholeInAFewStatements(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		f := openOut(t, w)
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			for i := range 2*PageSize - 1 {
				_, err := tx.Edit(fixture.System(t), id, 0, func(r record.Record) error {
					r.(*record.Project).StartedOn = record.Date(fmt.Sprint(1000 + i))
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		signAll(t, f)
		if n := len(readLog(t, f, w.Leiden.ID)); n != 2*PageSize {
			t.Fatalf("%d members", n)
		}
		root, err := f.LogRoot(t.Context(), w.Leiden.ID)
		if err != nil {
			t.Fatal(err)
		}
		for page, times := range map[string]int{"?page=0": 2, "?page=1": 2, "?page=2": 0} {
			if n := strings.Count(string(root.Body), f.Base()+"/ldes/"+w.Leiden.ID+page+`"`); n != times {
				t.Errorf("the entrance names %s %d times", page, n)
			}
		}
		w.Statements.Reset()
		p, err := f.LogPage(t.Context(), w.Leiden.ID, 0, 1, 0)
		if err != nil || !p.IsFull {
			t.Fatal(p, err)
		}
		if all := w.Statements.About("members", "keys", "publishers", "feed"); len(all) != 1 {
			t.Errorf("a page takes %q", all)
		}
		allocations := testing.AllocsPerRun(5, func() {
			if _, err := f.LogPage(t.Context(), w.Leiden.ID, 0, 1, 0); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("a full page: %d bytes, %.0f allocations", len(p.Body), allocations)
		if allocations > 15_000 {
			t.Errorf("a page takes %.0f allocations", allocations)
		}
		for _, n := range []int64{-1, 2, 3, maxPageNumber, 1 << 62} {
			if _, err := f.LogPage(t.Context(), w.Leiden.ID, 0, n, 0); !errors.Is(err, ErrNoLog) {
				t.Errorf("page %d: %v", n, err)
			}
		}
		if _, err := f.LogPage(t.Context(), w.Leiden.ID, 1, 0, 0); !errors.Is(err, ErrNoLog) {
			t.Errorf("an epoch to come: %v", err)
		}
	})
}

func TestTwoProcessesThatSignAtOnceMakeOneLog(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		keyFile := filepath.Join(t.TempDir(), "key")
		nodes := []*Federation{openAt(t, w, "here", keyFile), openAt(t, w.Replica(t), "here", keyFile)}
		var stopped atomic.Bool // not the context: who is broken off at a commit does not know what it made
		var writing, signing sync.WaitGroup
		for _, f := range nodes {
			signing.Go(func() {
				for !stopped.Load() {
					if err := f.SignAll(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 2 {
			writing.Go(func() {
				for i := range 15 {
					if _, err := w.TryPublish(t, w.Project(fmt.Sprint("Project ", i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		stopped.Store(true)
		signing.Wait()
		for _, f := range nodes {
			signAll(t, f)
		}
		if n := len(readLog(t, nodes[1], w.Leiden.ID)); n != 30 {
			t.Errorf("%d members of 30", n)
		}
		if made := nodes[0].Signed() + nodes[1].Signed(); made != 30 {
			t.Errorf("they made %d members", made)
		}
		if n := w.Store.Client.Key.Query().Where(key.PublisherID(w.Leiden.ID)).CountX(t.Context()); n != 2 {
			t.Errorf("%d keys", n)
		}
	})
}

func TestARotationLetsTheNextKeySignFromThereOn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		f := openOut(t, w)
		if err := f.Rotate(t.Context(), w.Leiden.ID); !errors.Is(err, ErrNoKey) {
			t.Errorf("without a key: %v", err)
		}
		w.Publish(t, w.Project("Een"))
		signAll(t, f)
		cards := []*Card{cardOf(t, f, w.Leiden.ID)}
		for _, title := range []string{"Twee", "Drie"} {
			if err := f.Rotate(t.Context(), w.Leiden.ID); err != nil {
				t.Fatal(err)
			}
			w.Publish(t, w.Project(title))
			signAll(t, f)
			cards = append(cards, cardOf(t, f, w.Leiden.ID))
		}
		if err := f.Rotate(t.Context(), w.Leiden.ID); err != nil {
			t.Fatal(err)
		}
		cards = append(cards, cardOf(t, f, w.Leiden.ID))
		for i, now := range cards[1:] {
			if err := now.Follows(cards[i]); err != nil {
				t.Errorf("card %d: %v", i+1, err)
			}
		}
		if n := len(readLog(t, f, w.Leiden.ID)); n != 3 {
			t.Errorf("%d members", n)
		}
		wiped := w.Store.Client.Key.Query().Where(key.State(retiredKey)).AllX(t.Context())
		if len(wiped) != 3 || slices.ContainsFunc(wiped, func(k *ent.Key) bool { return len(k.Sealed) > 0 }) {
			t.Errorf("retired keys: %v", wiped)
		}
		did, err := f.PublisherDID(t.Context(), w.Leiden.ID)
		if err != nil || strings.Count(string(did), `"publicKeyMultibase"`) != 4 {
			t.Errorf("%s: %v", did, err)
		}
		keys, err := f.Keys(t.Context())
		keys = slices.DeleteFunc(keys, func(k PublisherKey) bool { return k.OrganizationID != w.Leiden.ID })
		if err != nil || len(keys) != 1 || keys[0].Previous != 3 || keys[0].Fingerprint != cards[3].Fingerprint() || keys[0].IsElsewhere {
			t.Errorf("%+v: %v", keys, err)
		}
	})
}

func TestACopyOfADatabaseSignsNothingUntilItIsClaimed(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		keyFile := filepath.Join(t.TempDir(), "key")
		f := openAt(t, w, "here", keyFile)
		w.Publish(t, w.Project("Een"))
		gone := w.Publish(t, w.Project("Twee")).Base().ID
		signAll(t, f)
		before := cardOf(t, f, w.Leiden.ID)
		withdraw(t, w, gone)

		there := openAt(t, w, "there", keyFile)
		for name, err := range map[string]error{"sign": there.SignAll(t.Context()), "check": there.Check(t.Context()), "rotate": there.Rotate(t.Context(), w.Leiden.ID)} {
			if !errors.Is(err, ErrElsewhere) {
				t.Errorf("%s in another place: %v", name, err)
			}
		}
		if there.Problem() == nil {
			t.Error("it has no problem")
		}
		if keys, err := there.Keys(t.Context()); err != nil || !keys[0].IsElsewhere {
			t.Errorf("%+v: %v", keys, err)
		}
		if node, err := there.Describe(t.Context()); err != nil || strings.Contains(string(node), "Multikey") || strings.Contains(string(node), "proofValue") {
			t.Errorf("a copy signs its card: %s, %v", node, err)
		}
		if claimed, err := there.Claim(t.Context()); err != nil || !claimed {
			t.Fatal(claimed, err)
		}
		// Until its members are made again the log is there and empty.
		if p, err := there.LogRoot(t.Context(), w.Leiden.ID); err != nil || len(membersOf(t, p)) > 0 {
			t.Errorf("%v: %v", p, err)
		}
		signAll(t, there)
		if got := said(readLog(t, there, w.Leiden.ID)); got != "Create 1, Create(redacted) 1, Delete 2" {
			t.Errorf("in the new epoch the log says %s", got)
		}
		if err := cardOf(t, there, w.Leiden.ID).Follows(before); err != nil {
			t.Errorf("its card: %v", err)
		}
		if n := w.Store.Client.Member.Query().Where(member.Epoch(0)).CountX(t.Context()); n > 0 {
			t.Errorf("%d members of the epoch before", n)
		}
		old, err := there.LogPage(t.Context(), w.Leiden.ID, 0, 0, 0)
		if err != nil || old.IsFull || len(membersOf(t, old)) > 0 || !strings.Contains(string(old.Body), "tree:Relation") {
			t.Errorf("a page of the epoch before: %v, %v", old, err)
		}
		if _, err := there.LogPage(t.Context(), w.CBS.ID, 0, 0, 0); !errors.Is(err, ErrNoLog) {
			t.Errorf("a page of the epoch before of nobody: %v", err)
		}
		if claimed, err := there.Claim(t.Context()); err != nil || claimed {
			t.Errorf("claimed again: %t, %v", claimed, err)
		}
		if err := f.SignAll(t.Context()); !errors.Is(err, ErrElsewhere) {
			t.Errorf("the first place still signs: %v", err)
		}
	})
}

func TestKeysThatWereSealedWithAnotherSecretAreNotUsed(t *testing.T) {
	w := fixture.SQLite(t)
	f := openOut(t, w)
	w.Publish(t, w.Project("Een"))
	signAll(t, f)
	w.Publish(t, w.Project("Twee"))
	missing := openOut(t, w)
	if err := missing.SignAll(t.Context()); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without the secret: %v", err)
	}
	if _, err := missing.secret.open(true); err != nil { // somebody made another one
		t.Fatal(err)
	}
	for name, err := range map[string]error{"sign": missing.SignAll(t.Context()), "check": missing.Check(t.Context()), "rotate": missing.Rotate(t.Context(), w.Leiden.ID)} {
		if !errors.Is(err, ErrOtherSecret) {
			t.Errorf("%s with another secret: %v", name, err)
		}
	}
	signAll(t, f)
	if n := len(readLog(t, f, w.Leiden.ID)); n != 2 {
		t.Errorf("%d members", n)
	}
}

func TestAFeedWithAGapIsNotSigned(t *testing.T) {
	w := fixture.SQLite(t)
	f := openOut(t, w)
	w.Publish(t, w.Project("Een"))
	w.Publish(t, w.Project("Twee"))
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx.FeedEntry.Delete().Where(feedentry.PublisherSeq(1)).ExecX(t.Context())
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.SignAll(t.Context()); err == nil || !strings.Contains(err.Error(), "gap") {
		t.Errorf("it is signed: %v", err)
	}
	if n := w.Store.Client.Member.Query().CountX(t.Context()); n > 0 {
		t.Errorf("%d members", n)
	}
}
