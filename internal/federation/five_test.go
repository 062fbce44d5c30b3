package federation_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

// five are the nodes of a small federation. A and E publish and read each other, B and C read both, and D reads only what C
// passes on. Each is a peer of whoever reads it, so that doorbells ring both ways.
type five struct {
	A, B, C, D, E *Node
	line          map[*Node]*line
	indexes       map[*Node]*search.Index
}

func newFive(t testing.TB, seed uint64) *five {
	t.Helper()
	f := &five{A: NewNode(t, "Almere"), B: NewNode(t, "Breda"), C: NewNode(t, "Coevorden"), D: NewNode(t, "Dordrecht"), E: NewNode(t, "Ede"),
		line: map[*Node]*line{}, indexes: map[*Node]*search.Index{}}
	for i, n := range f.all() {
		f.line[n] = newLine(n, seed+uint64(i))
		f.indexes[n] = n.indexed(t)
	}
	f.A.Show(t, "Eerste van Almere")
	f.E.Show(t, "Eerste van Ede")
	for _, n := range []*Node{f.B, f.C} {
		n.Trust(t, f.A)
		n.Trust(t, f.E)
	}
	f.A.Trust(t, f.E)
	f.E.Trust(t, f.A)
	for _, n := range []*Node{f.A, f.E} {
		n.Befriend(t, f.B)
		n.Befriend(t, f.C)
	}
	f.pull(t, f.C, f.A)
	f.pull(t, f.C, f.E)
	if _, err := f.D.Propose(t.Context(), f.C.Base(), []string{f.A.Fingerprint(t), f.E.Fingerprint(t)}); err != nil {
		t.Fatal(err)
	}
	f.C.Befriend(t, f.D)
	return f
}

func (f *five) all() []*Node        { return []*Node{f.A, f.B, f.C, f.D, f.E} }
func (f *five) publishers() []*Node { return []*Node{f.A, f.E} }

// sources are the nodes that a node pulls from, in the order in which news travels.
func (f *five) sources(n *Node) []*Node {
	switch n {
	case f.A:
		return []*Node{f.E}
	case f.E:
		return []*Node{f.A}
	case f.D:
		return []*Node{f.C}
	}
	return []*Node{f.A, f.E}
}

func (f *five) pull(t testing.TB, n, from *Node) (federation.Pulled, error) {
	return n.Pull(t.Context(), federation.NodeID(from.Base()), nil)
}

// quiet lets everybody pull until nobody has anything new twice in a row: what did not fit once is read again the next time. It
// tells how many members that brought.
func (f *five) quiet(t testing.TB) (members int) {
	t.Helper()
	quiet := 0
	for range 20 {
		quiet++
		for _, n := range []*Node{f.A, f.E, f.B, f.C, f.D} {
			for _, from := range f.sources(n) {
				p, err := f.pull(t, n, from)
				if err != nil {
					t.Fatalf("%s pulls from %s: %v", n.Org.Name, from.Org.Name, err)
				}
				if p.Members > 0 || p.Again {
					quiet = 0
				}
				members += p.Members
			}
		}
		if quiet == 2 {
			return members
		}
	}
	t.Fatal("it never gets quiet")
	return 0
}

// move moves all clocks, and lets what is due be released and signed.
func (f *five) move(t testing.TB, d time.Duration) {
	t.Helper()
	for _, n := range f.all() {
		n.Clock.Move(d)
		if err := n.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.Sign(t)
	}
}

// Befriend makes a node a peer of which nobody is admitted.
func (n *Node) Befriend(t testing.TB, other *Node) {
	t.Helper()
	id, err := n.Propose(t.Context(), other.Base(), nil)
	if err == nil {
		err = n.SetPeerState(t.Context(), id, federation.Active)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// indexed is an index that follows the log of a node's catalogue when it is told to.
func (n *Node) indexed(t testing.TB) *search.Index {
	t.Helper()
	x, err := search.Open(t.Context(), search.Config{Dir: filepath.Join(t.TempDir(), "index"), Catalog: n.Catalog, Log: n.Log, Now: n.Clock.Now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := x.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

// found are the titles that a search for a text gives on a node.
func (f *five) found(t testing.TB, n *Node, text string) (titles []string) {
	t.Helper()
	x := f.indexes[n]
	if err := n.Log.CatchUp(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	out, err := x.Find(t.Context(), search.Request{Text: text, Literal: true, First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range out.Hits[:out.Exact] {
		titles = append(titles, h.Record.Base().Title[record.Dutch])
	}
	return titles
}

// backUp is a copy of a node's database as `plein backup` makes it.
func (n *Node) backUp(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "backup")
	if _, err := n.Store.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// restore puts a backup in the place of a node's database as `plein restore` does.
func (n *Node) restore(t testing.TB, backup string) {
	t.Helper()
	n.become(t, backup, func(ctx context.Context, tx *ent.Tx, place string) error {
		if err := changelog.NewEpoch(ctx, tx.Client(), n.Clock.Now()); err != nil {
			return err
		}
		return federation.SetPlace(ctx, tx.Client(), place)
	})
	n.Sign(t)
}

// become makes a node answer from a copy of its database.
func (n *Node) become(t testing.TB, backup string, mark func(context.Context, *ent.Tx, string) error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := store.Restore(t.Context(), backup, dir, false, mark); err != nil {
		t.Fatal(err)
	}
	n.Reopen(t, (&fixture.World{Config: store.Config{Dir: dir}, Clock: n.Clock}).Replica(t))
	n.Org = n.Reference().Organization(n.Org.ID)
}

// local is what a copy may say otherwise: its address on this node, and that it is a copy. Moments are in the chain too, and
// those in the future are not believed.
var local = regexp.MustCompile(`"(slug|provenance|createdAt|updatedAt|publishedAt|archivedAt)":"[^"]*",?`)

// public is what strangers can read on a node of the publishers of the federation: by canonical address, with everything
// that a node calls as it likes taken out.
func (n *Node) public(t testing.TB) map[string]string {
	t.Helper()
	rows, err := n.Store.Client.Publication.Query().Where(publication.Audience(string(record.Public))).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	others, err := n.Store.Client.Publisher.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range others {
		if o.OrganizationID != "" {
			names = append(names, n.Base()+"/id/"+o.OrganizationID, o.Iri)
		}
	}
	out := map[string]string{}
	for _, row := range rows {
		uri, graph, err := n.WireForm(t.Context(), n.Store.Client, row.ID, row.Body)
		if err != nil {
			t.Fatal(err)
		}
		if out[uri] != "" {
			t.Errorf("%s is on %s twice", uri, n.Org.Name)
		}
		out[uri] = local.ReplaceAllString(strings.NewReplacer(names...).Replace(string(graph)), "")
	}
	return out
}

// chain is what a node has of the log of a publisher in its present epoch.
func (n *Node) chain(t testing.TB, of *Node) (lines []string) {
	t.Helper()
	epoch, err := of.Log.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := of.Org.ID
	if n != of {
		id = n.About(t, of).OrganizationID
	}
	rows, err := n.Store.Client.Member.Query().Where(member.PublisherID(id), member.Epoch(epoch)).Order(member.BySeq()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rows {
		lines = append(lines, fmt.Sprintf("%d %s %s %s", m.Seq, m.Type, m.Hash, m.Raw))
	}
	return lines
}

// agree checks that all nodes have the same chains, the same public records, and an index that finds each of them once.
// lost are addresses that do not count: of what a publisher lost with its database and others keep, or never gave to them.
func (f *five) agree(t testing.TB, lost map[string]bool) {
	t.Helper()
	want := map[string]string{}
	for _, p := range f.publishers() {
		own := p.public(t)
		maps.DeleteFunc(own, func(uri, _ string) bool { return !strings.HasPrefix(uri, p.Base()+"/") || lost[uri] })
		maps.Copy(want, own)
	}
	for _, n := range f.all() {
		for _, p := range f.publishers() {
			if got, want := n.chain(t, p), p.chain(t, p); !slices.Equal(got, want) {
				row := n.About(t, p)
				t.Errorf("%s has %d members of %s (%s %s), which has %d; the first difference is %s", n.Org.Name, len(got), p.Org.Name, row.Problem, row.Detail, len(want), firstDifference(got, want))
			}
		}
		got := n.public(t)
		maps.DeleteFunc(got, func(uri, _ string) bool { return lost[uri] })
		for _, uri := range slices.Sorted(maps.Keys(want)) {
			if got[uri] != want[uri] {
				t.Errorf("%s shows of %s\n%s\nand should show\n%s", n.Org.Name, uri, cmp.Or(got[uri], "nothing"), want[uri])
				break
			}
		}
		for uri := range got {
			if want[uri] == "" {
				t.Errorf("%s shows %s, which is not public", n.Org.Name, uri)
			}
		}
	}
}

// firstDifference is where two lists part.
func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return got[i] + "\nand should be " + want[i]
		}
	}
	return "the length"
}

// titleOf reads the title of a record out of its wire form.
func titleOf(graph string) string {
	_, rest, _ := strings.Cut(graph, `"title":{"nl":"`)
	title, _, _ := strings.Cut(rest, `"`)
	return title
}
