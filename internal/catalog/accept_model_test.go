package catalog_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// network is two publishers of two other nodes and what they sent, in any order and more than once.
type network struct {
	w          *fixture.World
	publishers []*sender
	// logs are what they wrote: by canonical address, later entries behind earlier ones.
	logs map[string][]catalog.Incoming
	// known is the latest entry that arrived, by canonical address.
	known map[string]catalog.Incoming
	// says is what an entry says: its title and what it points at.
	says map[string]string
	n    int
}

type sender struct{ home, organization, here string }

func (s *sender) names() record.Names {
	at := func(id string) string {
		if strings.Contains(id, "/") {
			return id // an address already
		}
		return s.home + "/id/" + id
	}
	return record.Names{Record: at, Organization: at, Home: s.home}
}

func entryKey(in catalog.Incoming) string {
	return fmt.Sprint(in.Object, in.Epoch, in.Version)
}

func later(a, b catalog.Incoming) bool {
	return a.Epoch > b.Epoch || a.Epoch == b.Epoch && a.Version > b.Version
}

// publish lets a publisher write something about one of its records: a lesson points at any record that there is.
func (m *network) publish(rt *rapid.T) {
	s := rapid.SampledFrom(m.publishers).Draw(rt, "publisher")
	var mine, projects []string
	for _, uri := range slices.Sorted(maps.Keys(m.logs)) {
		if strings.HasPrefix(uri, s.home) {
			mine = append(mine, uri)
		}
		if strings.Contains(uri, "/prj_") {
			projects = append(projects, uri)
		}
	}
	in := catalog.Incoming{PublisherID: s.here, Home: s.home, Type: changelog.Create, Version: 1, At: fixture.Start}
	if len(mine) > 0 && rapid.Bool().Draw(rt, "again") {
		in.Object = rapid.SampledFrom(mine).Draw(rt, "object")
		last := m.logs[in.Object][len(m.logs[in.Object])-1]
		in.Epoch, in.Version = last.Epoch, last.Version+1
		if rapid.IntRange(0, 9).Draw(rt, "restored") == 0 {
			in.Epoch, in.Version = last.Epoch+1, 1
		}
		in.Type = rapid.SampledFrom([]changelog.Type{changelog.Update, changelog.Delete}).Draw(rt, "type")
	} else {
		in.Object = s.home + "/id/" + record.NewID(rapid.SampledFrom([]string{"prj", "les", "qst"}).Draw(rt, "kind"))
	}
	if in.Type == changelog.Delete {
		in.Reason = "Het klopte niet."
	} else {
		m.write(rt, s, &in, projects)
	}
	m.logs[in.Object] = append(m.logs[in.Object], in)
}

func (m *network) write(rt *rapid.T, s *sender, in *catalog.Incoming, projects []string) {
	m.n++
	title := fmt.Sprintf("titel %d", m.n)
	r := record.KindOfURI(in.Object, record.Written()).New()
	// What a newer Plein writes is written here as the copies of it are.
	id := strings.Replace(strings.TrimPrefix(in.Object, s.home+"/id/"), "qst_", "oth_", 1)
	*r.Base() = record.Spine{Schema: record.Schema, ID: id, PublisherID: s.organization, Provenance: record.Own,
		Audience: record.Public, Language: record.Dutch, Title: record.NL(title), LicenseIRI: record.CCBY, Version: in.Version, PublishedAt: fixture.Start, UpdatedAt: fixture.Start}
	switch x := r.(type) {
	case *record.Project:
		x.Phase = record.Running
	case *record.Lesson:
		x.Kind = record.Do
		if len(projects) > 0 {
			x.ProjectIDs = []string{rapid.SampledFrom(projects).Draw(rt, "learned in")}
			title += " " + x.ProjectIDs[0]
		}
	}
	var err error
	if in.Graph, err = record.ToWire(r, m.w.Reference(), s.names()); err != nil {
		rt.Fatal(err)
	}
	if strings.HasPrefix(id, "oth_") {
		in.Graph = bytes.ReplaceAll(bytes.Replace(in.Graph, []byte(`"OTHER"`), []byte(`"QUESTION"`), 1), []byte("/id/oth_"), []byte("/id/qst_"))
	}
	m.says[entryKey(*in)] = title
}

// arrive hands some entries over, whichever they are.
func (m *network) arrive(rt *rapid.T, ins []catalog.Incoming) {
	err := m.w.Write(identity.AsSystem(context.Background()), func(tx *catalog.Writer) error {
		for _, in := range ins {
			if err := tx.Accept(rt.Context(), in); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
	for _, in := range ins {
		if known, ok := m.known[in.Object]; !ok || later(in, known) {
			m.known[in.Object] = in
		}
	}
}

// compare looks whether readers see what the publishers said last, and whether the log tells the same.
func (m *network) compare(rt *rapid.T) {
	want, got := map[string]string{}, map[string]string{}
	for uri, in := range m.known {
		if in.Type != changelog.Delete {
			want[uri] = m.says[entryKey(in)]
		}
	}
	uris := slices.Sorted(maps.Keys(m.logs))
	rs, err := m.w.ByURI(rt.Context(), uris...)
	if err != nil {
		rt.Fatal(err)
	}
	links, err := m.links(rt, rs)
	if err != nil {
		rt.Fatal(err)
	}
	ids := map[string]bool{}
	for i, uri := range uris {
		if rs[i] == nil {
			continue
		}
		s := rs[i].Base()
		ids[s.ID] = true
		got[uri] = s.Title.In() + links[s.ID]
		if s.Version != m.known[uri].Version {
			rt.Errorf("%s is at version %d, not %d", uri, s.Version, m.known[uri].Version)
		}
	}
	if !maps.Equal(want, got) {
		rt.Fatalf("readers see\n%v\nand not\n%v", got, want)
	}
	m.compareLog(rt, ids)
}

// links are the addresses that lessons point at, as the copies' ids lead there.
func (m *network) links(rt *rapid.T, rs []record.Record) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range rs {
		l, ok := r.(*record.Lesson)
		if !ok || len(l.ProjectIDs) == 0 {
			continue
		}
		row, err := m.w.Store.Client.Replica.Get(rt.Context(), l.ProjectIDs[0])
		if err != nil {
			return nil, err
		}
		out[l.ID] = " " + row.URI
	}
	return out, nil
}

// compareLog replays the feed: a Create of what is not there, an Update and a Delete of what is.
func (m *network) compareLog(rt *rapid.T, ids map[string]bool) {
	var here []string
	for _, s := range m.publishers {
		here = append(here, s.here)
	}
	rows, err := m.w.Store.Client.FeedEntry.Query().Where(feedentry.PublisherIDIn(here...)).Order(feedentry.ByID()).All(rt.Context())
	if err != nil {
		rt.Fatal(err)
	}
	there, payload := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		if there[row.RecordID] != (row.Type != string(changelog.Create)) {
			rt.Fatalf("%s of %s in the wrong place", row.Type, row.RecordID)
		}
		there[row.RecordID] = row.Type != string(changelog.Delete)
		payload[row.RecordID] = payload[row.RecordID] || len(row.Payload) > 0
	}
	for id, is := range there {
		if is != ids[id] && m.ours(id) {
			rt.Errorf("the log says that %s is there: %v", id, is)
		}
		if payload[id] && !is {
			rt.Errorf("the log still says what %s was", id)
		}
	}
}

// ours tells whether a record is one of this run: the database is older.
func (m *network) ours(id string) bool {
	row, err := m.w.Store.Client.Replica.Get(identity.AsSystem(context.Background()), id)
	return err == nil && m.logs[row.URI] != nil
}

func TestCopiesFollowTheirPublishersWhateverArrivesWhen(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		senders := []*sender{{home: "https://een.test", organization: "org_een"}, {home: "https://twee.test", organization: "org_twee"}}
		for _, s := range senders {
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
				s.here, err = tx.AdmitPublisher(t.Context(), catalog.PublisherCard{IRI: s.home + "/id/" + s.organization, Name: s.organization, Kind: record.MunicipalUDC, Home: s.home})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			m := &network{w: w, publishers: senders, logs: map[string][]catalog.Incoming{}, known: map[string]catalog.Incoming{}, says: map[string]string{}}
			for range rapid.IntRange(1, 12).Draw(rt, "entries") {
				m.publish(rt)
			}
			var sent []catalog.Incoming
			for _, uri := range slices.Sorted(maps.Keys(m.logs)) {
				sent = append(sent, m.logs[uri]...)
			}
			// In any order, some twice, some not at all, as many at a time as there happen to be.
			sent = rapid.Permutation(append(sent, sent[:rapid.IntRange(0, len(sent)).Draw(rt, "again")]...)).Draw(rt, "order")
			sent = sent[:rapid.IntRange(1, len(sent)).Draw(rt, "arrive")]
			for len(sent) > 0 {
				n := rapid.IntRange(1, len(sent)).Draw(rt, "at once")
				m.arrive(rt, sent[:n])
				m.compare(rt)
				sent = sent[n:]
			}
			w.Clock.Move(time.Second)
		})
		stones, err := w.Store.Client.Tombstone.Query().IDs(t.Context())
		if err != nil || len(stones) == 0 {
			t.Fatalf("%d tombstones, %v", len(stones), err)
		}
		if both, _ := w.Store.Client.Publication.Query().Where(publication.IDIn(stones...)).Count(t.Context()); both != 0 {
			t.Errorf("%d records are there and withdrawn", both)
		}
		if whole, _ := w.Store.Client.Tombstone.Query().Where(tombstone.URIIsNil()).Count(t.Context()); whole != 0 {
			t.Errorf("%d tombstones have no address", whole)
		}
	})
}
