package federation_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// newer is the log of a publisher whose Plein has a kind that ours does not know: what is asked, answered and withdrawn.
type newer struct {
	*evil
	page bytes.Buffer
	seq  int64
	prev string
}

func newNewer(t *testing.T) *newer {
	t.Helper()
	n := &newer{evil: newEvil(t)}
	who := n.introduce(t)
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.URL.Path, "/ldes/"):
			w.Write(who) //nolint:errcheck // nobody may be there any more
		case r.URL.Query().Get("page") == "":
			fmt.Fprintf(w, `{"graph":[{"epoch":"0","seq":"%d"},{}]}`, n.seq)
		default:
			fmt.Fprintf(w, `{"@context":{},"graph":[{"id":%q,"epoch":"0","seq":"%d"},{"id":%q}%s]}`, n.feed()+"#stream", n.seq, n.feed()+"?page=0", n.page.String())
		}
	})
	n.serve.Store(&serve)
	return n
}

func (n *newer) question(i int) string {
	return fmt.Sprintf("%s/id/qst_01900000-0000-7000-8000-%012d", n.base, i)
}

// says adds a signed member to the log; one without a title is a withdrawal.
func (n *newer) says(t *testing.T, i, version int, title string) {
	t.Helper()
	n.seq++
	what, reason, graph := federation.Create, "", json.RawMessage(nil)
	switch {
	case title == "":
		what, reason = federation.Delete, "Al beantwoord."
	case version > 1:
		what = federation.Update
		fallthrough
	default:
		graph = fmt.Appendf(nil, `{"type":"QUESTION","schema":2,"id":%q,"publisher":%q,"provenance":"OWN","audience":"PUBLIC","contentLanguage":"nl","title":{"nl":%q},"summary":{"nl":"Wie weet dit?"},"license":%q,"version":%d,"askedOf":[{"role":"urn:x"}],"mentions":[{"id":"urn:x","type":"CONCEPT","scheme":"ROLE_OF_TOMORROW"}]}`,
			n.question(i), n.base+"/id/"+n.id, title, record.CCBY, version)
	}
	m, err := federation.NewMember(n.feed(), 0, n.seq, what, n.question(i), version, fixture.Start, n.prev, graph, reason)
	if err != nil {
		t.Fatal(err)
	}
	if n.prev, err = m.Hash(); err != nil {
		t.Fatal(err)
	}
	raw, err := m.Sign(n.key, n.did(), fixture.Start)
	if err != nil {
		t.Fatal(err)
	}
	n.page.WriteByte(',')
	n.page.Write(raw)
}

func TestWhatOnlyANewerPleinKnowsIsTakenInAndPassedOn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		a, b, c := newNewer(t), OpenNode(t, "Breda", w), NewNode(t, "Coevorden")
		a.says(t, 1, 1, "Wie meet de hitte?")
		a.says(t, 2, 1, "Wie telt de fietsen?")
		fingerprint := []string{federation.Fingerprint(a.key.Public().(ed25519.PublicKey))}
		fromA, err := b.Propose(t.Context(), a.base, fingerprint)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Take(t, fromA); got.Members != 2 || got.Refused != 0 {
			t.Fatalf("%+v", got)
		}
		b.Show(t, "Van Breda")
		fromB, err := c.Propose(t.Context(), b.Base(), fingerprint)
		if err != nil {
			t.Fatal(err)
		}
		c.Take(t, fromB)
		want := map[string]string{a.question(1): "Wie meet de hitte?", a.question(2): "Wie telt de fietsen?"}
		for _, n := range []*Node{b, c} {
			if got := n.Copies(t); len(got) != 2 || got[a.question(1)] != want[a.question(1)] || got[a.question(2)] != want[a.question(2)] {
				t.Errorf("%s has %v", n.Org.Name, got)
			}
			found, err := n.indexed(t).Find(t.Context(), search.Request{Text: "hitte", First: 10})
			if err != nil || len(found.Hits) != 1 || found.Hits[0].Record.Base().URI != a.question(1) {
				t.Errorf("%s finds %+v, %v", n.Org.Name, found, err)
			}
		}
		at := func(n *Node) []byte {
			row, err := n.Store.Client.Member.Query().Where(member.Object(a.question(1))).First(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return row.Raw
		}
		if !bytes.Equal(at(b), at(c)) || !bytes.Contains(at(c), []byte("askedOf")) {
			t.Error("it was not passed on as it came")
		}

		a.says(t, 1, 2, "Wie meet de hitte in de wijk?")
		a.says(t, 2, 2, "")
		b.Take(t, fromA)
		c.Take(t, fromB)
		for _, n := range []*Node{b, c} {
			if got := n.Copies(t); len(got) != 1 || got[a.question(1)] != "Wie meet de hitte in de wijk?" {
				t.Errorf("%s has %v", n.Org.Name, got)
			}
			for _, row := range n.Store.Client.Member.Query().Where(member.Object(a.question(2)), member.TypeNEQ("Delete")).AllX(t.Context()) {
				if len(row.Raw) > 0 {
					t.Errorf("%s still has what was withdrawn", n.Org.Name)
				}
			}
		}
		if taken, err := b.Grow(t.Context()); taken != 0 || err != nil {
			t.Errorf("%d are taken in again, %v", taken, err)
		}
	})
}

// upgrade puts a Plein that knows these kinds at the address of a node.
func (n *Node) upgrade(t *testing.T, known []record.Kind) {
	t.Helper()
	n.World.Known = known
	n.ServeAt(t, n.address())
	n.Reopen(t, n.World)
}

func TestAfterAnUpgradeWhatWasNotKnownIsTakenInWhole(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		var ids []string
		for i := range 130 { // more than one step
			l := a.Lesson(fmt.Sprintf("Les %03d", i))
			l.PublisherID = a.Org.ID
			ids = append(ids, a.Publish(t, l).Base().ID)
		}
		a.Sign(t)
		b.upgrade(t, slices.DeleteFunc(record.Written(), func(k record.Kind) bool { return k.Type == record.LessonType }))
		id := b.Trust(t, a)
		if got := b.Take(t, id); got.Members != 130 || got.Refused != 0 {
			t.Fatalf("%+v", got)
		}
		a.Withdraw(t, ids[0])
		b.Take(t, id)
		count := func(kind record.Type) int {
			return b.Store.Client.Publication.Query().Where(publication.Kind(string(kind))).CountX(t.Context())
		}
		if count(record.OtherType) != 129 || count(record.LessonType) != 0 {
			t.Fatalf("%d of kinds that are not known, %d lessons", count(record.OtherType), count(record.LessonType))
		}
		// What lost its bytes stays as it is.
		err := b.Write(fixture.System(t), func(w *catalog.Writer) error {
			return w.Ent().Member.Update().Where(member.Object(a.Base() + "/id/" + ids[1])).ClearRaw().Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}

		index := b.indexed(t)
		b.upgrade(t, nil)
		// Interrupted after its first step, it goes on at the next start.
		interrupted, stop := context.WithCancel(t.Context())
		changed := b.Changed()
		go func() { <-changed; stop() }()
		if taken, err := b.Grow(interrupted); err == nil && taken != 128 || taken > 128 {
			t.Errorf("%d are taken in before it is interrupted, %v", taken, err)
		}
		b.Start(t)
		eventually(t, "the lessons are taken in", func() bool { return count(record.LessonType) == 128 })
		if taken, err := b.Grow(t.Context()); taken != 0 || err != nil || count(record.OtherType) != 1 || count(record.LessonType) != 128 {
			t.Errorf("%d more, %v; then %d are not known, %d lessons", taken, err, count(record.OtherType), count(record.LessonType))
		}
		if n := b.Store.Client.Tombstone.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d tombstones", n)
		}
		if got := b.Copies(t); len(got) != 129 {
			t.Errorf("%d copies", len(got))
		}
		if err := b.Log.CatchUp(t.Context(), index); err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]int{`"bij de start"`: 128, "les": 129} {
			if found, err := index.Find(t.Context(), search.Request{Text: text, First: 10}); err != nil || found.Total != want {
				t.Errorf("%s finds %+v, %v", text, found, err)
			}
		}
	})
}

func TestAfterAnUpgradeWhatWasPutAsideIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		show := func(title string) string {
			l := a.Lesson(title)
			l.PublisherID = a.Org.ID
			id := a.Publish(t, l).Base().ID
			a.Sign(t)
			return id
		}
		kept, gone := show("Begin klein"), show("Vraag het na")
		known := record.Written()
		for i := range known { // a Plein in which something else has the ids of lessons
			if known[i].Type == record.LessonType {
				known[i].Type = "MEETING"
			}
		}
		b.upgrade(t, known)
		id := b.Trust(t, a)
		if got := b.Take(t, id); got.Members != 2 || got.Refused != 2 {
			t.Fatalf("%+v", got)
		}
		aside, err := b.Quarantined(t.Context(), 0, 10)
		if err != nil || len(aside) != 2 || aside[0].Reason != catalog.UnknownType {
			t.Fatalf("aside are %+v, %v", aside, err)
		}
		if taken, err := b.Grow(t.Context()); taken != 0 || err != nil {
			t.Fatalf("%d were taken in by who does not know them, %v", taken, err)
		}
		a.Withdraw(t, gone)
		b.Take(t, id)
		b.upgrade(t, nil)
		if taken, err := b.Grow(t.Context()); taken != 1 || err != nil {
			t.Fatalf("%d were taken in, %v", taken, err)
		}
		if got := b.Copies(t); len(got) != 1 || got[a.Base()+"/id/"+kept] != "Begin klein" {
			t.Errorf("here are %v", got)
		}
		if n, err := b.CountQuarantined(t.Context()); n != 0 || err != nil {
			t.Errorf("%d are still aside, %v", n, err)
		}
	})
}
