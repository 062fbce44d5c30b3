package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// known is what the model knows of one record.
type known struct {
	working record.Record
	// shown is the approved content with the progress that goes with it; nil before it is published and after it is
	// withdrawn. For a lesson that waits for its projects it is what strangers saw before.
	approved, shown record.Record
	waiting         record.Record
	withdrawn       bool
	// discarded tells that it was thrown away and not taken back.
	discarded bool
}

type model struct {
	in      testing.TB
	worlds  []*fixture.World // one database
	records map[string]*known
	n       int
	// seen are the marks that have been public at some moment.
	seen map[string]bool
	// visible are the records that some reader could see at some moment, given the addresses by path.
	visible map[string]bool
	given   map[string]string
	// view is what strangers saw after the last step: body by id.
	view map[string]string
	// changed and fed are the lengths of the logs after the last step.
	changed, fed int
}

func (m *model) world(rt *rapid.T) *fixture.World {
	return m.worlds[rapid.IntRange(0, len(m.worlds)-1).Draw(rt, "replica")]
}

func (m *model) now() time.Time { return m.worlds[0].Clock.Now() }

// mark is a text that occurs nowhere else.
func (m *model) mark() record.Text {
	m.n++
	return record.NL(fmt.Sprintf("m%dm", m.n))
}

var marks = regexp.MustCompile(`m\d+m`)

const secret = "GEHEIM dat niemand leest"

// some is the id of a record that the model knows, or nothing.
func (m *model) some(rt *rapid.T, ok func(*known) bool) string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(m.records)) {
		if k := m.records[id]; !k.withdrawn && !k.discarded && ok(k) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		rt.Skip("there is no such record")
	}
	return rapid.SampledFrom(ids).Draw(rt, "record")
}

func isAny(*known) bool { return true }

func isProject(k *known) bool { _, ok := k.working.(*record.Project); return ok }

// write carries out one write as UDC Leiden and checks what it left; refused tells that it was answered with a problem.
func (m *model) write(rt *rapid.T, do func(*catalog.Writer) (record.Record, error)) (out record.Record, refused bool) {
	return m.writeAs(rt, fixture.As(m.in, m.worlds[0].Leiden), do)
}

// reviewer is a context in which somebody reviews for UDC Leiden who has no account, so that nobody else has to.
func (m *model) reviewer() context.Context {
	leiden := m.worlds[0].Leiden.ID
	return identity.With(context.Background(), identity.Viewer{UserID: "usr_reviewer", OrganizationID: leiden, Memberships: []identity.Membership{{OrganizationID: leiden, Role: identity.Coordinator}}})
}

func (m *model) writeAs(rt *rapid.T, ctx context.Context, do func(*catalog.Writer) (record.Record, error)) (out record.Record, refused bool) {
	err := m.world(rt).Write(ctx, func(w *catalog.Writer) (err error) {
		out, err = do(w)
		return err
	})
	if err != nil {
		if !errors.As(err, new(record.Problems)) {
			rt.Fatalf("a write failed: %v", err)
		}
		m.unchanged(rt)
		return nil, true
	}
	return m.copy(rt, out), false
}

func (m *model) copy(rt *rapid.T, r record.Record) record.Record {
	c, err := record.Clone(r)
	if err != nil {
		rt.Fatal(err)
	}
	return c
}

// next is what a record shows after an edit of its working copy.
func (m *model) next(rt *rapid.T, k *known, working record.Record) record.Record {
	if k.approved == nil || k.shown == nil || k.waiting != nil {
		return k.shown
	}
	out := m.copy(rt, k.approved)
	record.TakeProgress(out, working)
	if len(out.Complete()) > 0 {
		out = m.copy(rt, k.approved)
		record.TakeProgress(out, k.shown)
		record.TakeEmbargoes(out, working)
	}
	return m.copy(rt, out)
}

// takesBack tells whether something that readers see would disappear under an embargo.
func (m *model) takesBack(rt *rapid.T, k *known, shown record.Record) bool {
	is := m.cut(rt, k.shown)
	scope, _ := record.UnderEmbargo(shown, m.now())
	if is == nil || scope == "" {
		return false
	}
	rest, err := record.Visible(is, scope)
	if err != nil {
		rt.Fatal(err)
	}
	return scope == record.WholeRecord || m.text(rt, rest) != m.text(rt, is)
}

// cut is a record as its audience sees it now; nil when it does not.
func (m *model) cut(rt *rapid.T, r record.Record) record.Record {
	if r == nil {
		return nil
	}
	scope, _ := record.UnderEmbargo(r, m.now())
	if scope == record.WholeRecord {
		return nil
	}
	out, err := record.Visible(r, scope)
	if err != nil {
		rt.Fatal(err)
	}
	out.Derive(m.worlds[0].Reference(), m.now())
	return out
}

// text is a document without what the catalogue adds when it is shown.
func (m *model) text(rt *rapid.T, r record.Record) string {
	c := m.copy(rt, r)
	s := c.Base()
	s.Version, s.PublishedAt, s.UpdatedAt, s.Slug = 0, time.Time{}, time.Time{}, ""
	b, err := record.Encode(c)
	if err != nil {
		rt.Fatal(err)
	}
	return string(b)
}

// stateAfter is where a working copy should stand after an edit that made it this.
func (m *model) stateAfter(rt *rapid.T, k *known, working, shown record.Record) record.State {
	was := k.working.Base().State
	progress := m.copy(rt, k.working)
	record.TakeProgress(progress, working)
	if m.text(rt, progress) == m.text(rt, working) && (was == record.InReview || was == record.ChangesRequested) {
		return was
	}
	switch {
	case k.approved != nil && m.text(rt, shown) == m.text(rt, working):
		return shown.Base().Shown()
	case was == record.ChangesRequested:
		return was
	}
	return record.Draft
}

// freeze follows the versions of a template: their content stays, their audience is the template's.
func (m *model) freeze(rt *rapid.T, t *record.ProcessTemplate) {
	for _, ref := range t.Versions {
		if k := m.records[ref.ID]; k != nil {
			k.shown.Base().Audience = t.Audience
			continue
		}
		v := &record.TemplateVersion{TemplateID: t.ID, Number: t.Number, ChangeNote: t.ChangeNote, Roles: t.Roles, Steps: t.Steps, ContentHash: ref.Hash}
		v.Spine = t.Spine
		v.ID, v.CreatedAt = ref.ID, m.now()
		// Nobody edits a version: withdrawn keeps it from being chosen.
		m.records[ref.ID] = &known{shown: m.copy(rt, v), withdrawn: true}
	}
}

// heldUntil is the moment until which a lesson waits for its projects; zero when it does not.
func (m *model) heldUntil(r record.Record) (until time.Time) {
	l, ok := r.(*record.Lesson)
	if !ok {
		return until
	}
	for _, id := range l.ProjectIDs {
		if k := m.records[id]; k != nil && k.shown != nil {
			if end := record.ResultsUntil(k.shown, m.now()); end.After(until) {
				until = end
			}
		}
	}
	return until
}

func (m *model) changes(rt *rapid.T) []*ent.Change {
	cs, err := m.worlds[0].Log.Since(context.Background(), 0, 1_000_000)
	if err != nil {
		rt.Fatal(err)
	}
	for i, c := range cs {
		if c.ID != int64(i+1) {
			rt.Fatalf("change %d has number %d", i+1, c.ID)
		}
	}
	return cs
}

// unchanged checks that the last step wrote nothing.
func (m *model) unchanged(rt *rapid.T) {
	if n := len(m.changes(rt)); n != m.changed {
		rt.Fatalf("%d changes were made by nothing", n-m.changed)
	}
	if view := m.public(rt); !maps.Equal(view, m.view) {
		rt.Fatal("what strangers see changed by nothing")
	}
}

// settled checks the logs after a write to these records, then lets the clock do its work, as every reader does, and
// compares what is there with the model.
func (m *model) settled(rt *rapid.T, touched ...string) {
	m.logs(rt, touched...)
	for _, k := range m.records {
		if k.waiting != nil && m.heldUntil(k.waiting).IsZero() {
			k.shown, k.waiting = k.waiting, nil
		}
	}
	for _, w := range m.worlds {
		if err := w.Due(context.Background()); err != nil {
			rt.Fatal(err)
		}
	}
	m.logs(rt)
	m.compare(rt)
}

// public is what strangers see: body by id.
func (m *model) public(rt *rapid.T) map[string]string {
	rows, err := m.worlds[0].Store.Client.Publication.Query().Where(publication.Audience(string(record.Public))).All(context.Background())
	if err != nil {
		rt.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range rows {
		out[row.ID] = string(row.Body)
	}
	return out
}

// logs checks that since the last look there is one change for each record that was touched, and one feed entry exactly
// for each record of which a stranger sees something else.
func (m *model) logs(rt *rapid.T, touched ...string) {
	cs := m.changes(rt)
	made := map[string]int{}
	for _, c := range cs[m.changed:] {
		made[c.RecordID]++
	}
	view := m.public(rt)
	fed, err := m.worlds[0].Store.Client.FeedEntry.Query().Order(feedentry.ByID()).All(context.Background())
	if err != nil {
		rt.Fatal(err)
	}
	entries := map[string]*ent.FeedEntry{}
	for _, e := range fed[m.fed:] {
		if entries[e.RecordID] != nil {
			rt.Fatalf("%s has two feed entries", e.RecordID)
		}
		entries[e.RecordID] = e
	}
	for _, id := range touched {
		if made[id] == 0 {
			rt.Fatalf("the write of %s made no change", id)
		}
	}
	for id, n := range made {
		if n != 1 {
			rt.Fatalf("%s has %d changes", id, n)
		}
	}
	for id := range maps.Keys(m.records) {
		before, after, e := m.view[id], view[id], entries[id]
		want := changelog.Update
		switch {
		case before == after:
			if e != nil {
				rt.Fatalf("%s is the same to strangers and has a feed entry %s", id, e.Type)
			}
			continue
		case before == "":
			want = changelog.Create
		case after == "":
			want = changelog.Delete
		}
		if e == nil || e.Type != string(want) || string(e.Payload) != after || made[id] != 1 {
			rt.Fatalf("strangers see another %s, its feed entry is %+v, want %s", id, e, want)
		}
		if was, is := m.version(rt, id, before), m.version(rt, id, after); want == changelog.Update && is != was+1 {
			rt.Fatalf("%s went from version %d to %d", id, was, is)
		}
	}
	m.changed, m.fed, m.view = len(cs), len(fed), view
}

func (m *model) version(rt *rapid.T, id, body string) int {
	if body == "" {
		return 0
	}
	r, err := record.Decode(id, []byte(body))
	if err != nil {
		rt.Fatal(err)
	}
	return r.Base().Version
}

// compare checks every way of reading against the model.
func (m *model) compare(rt *rapid.T) {
	ctx := identity.AsStranger(context.Background())
	w := m.world(rt)
	strangers := []string{}
	for id, k := range m.records {
		want := m.cut(rt, k.shown)
		row, err := w.Store.Client.Publication.Get(ctx, id)
		if ent.IsNotFound(err) {
			if want != nil {
				rt.Fatalf("%s should be there", id)
			}
			continue
		} else if err != nil {
			rt.Fatal(err)
		}
		if want == nil {
			rt.Fatalf("%s should not be there", id)
		}
		got, err := record.Decode(id, row.Body)
		if err != nil {
			rt.Fatal(err)
		}
		if m.text(rt, got) != m.text(rt, want) {
			rt.Fatalf("%s is\n%s\nand should be\n%s", id, m.text(rt, got), m.text(rt, want))
		}
		record.NewGroup(w.Reference(), got)
		if row.Words != got.Words().Plain() {
			rt.Fatalf("%s is found by %q", id, row.Words)
		}
		m.visible[id] = true
		if row.Audience == string(record.Public) {
			strangers = append(strangers, id)
			for _, x := range marks.FindAllString(string(row.Body), -1) {
				m.seen[x] = true
			}
		}
	}
	slices.Sort(strangers)
	m.addresses(rt, w, strangers)
	m.replay(rt)
	m.leaks(rt)

	listed := []string{}
	for _, k := range record.Kinds() {
		p, err := w.Page(ctx, catalog.Filter{Types: []record.Type{k.Type}}, catalog.Order{}, 100, "")
		if err != nil {
			rt.Fatal(err)
		}
		listed = append(listed, record.IDs(p.Records)...)
	}
	slices.Sort(listed)
	ds, err := w.DocumentsAfter(ctx, "", 100)
	if err != nil {
		rt.Fatal(err)
	}
	indexed := []string{}
	for _, d := range ds {
		indexed = append(indexed, d.ID)
	}
	searched := slices.DeleteFunc(slices.Clone(strangers), func(id string) bool { return !record.KindOf(id).Searched })
	if !slices.Equal(listed, strangers) || !slices.Equal(indexed, searched) {
		rt.Fatalf("strangers see %v\nlisted are   %v\nindexed are  %v", strangers, listed, indexed)
	}
	ids := slices.Sorted(maps.Keys(m.records))
	rs, err := w.ByID(ctx, ids...)
	if err != nil {
		rt.Fatal(err)
	}
	for i, r := range rs {
		if (r != nil) != slices.Contains(strangers, ids[i]) {
			rt.Fatalf("by its id %s is %v", ids[i], r)
		}
	}
}

// addresses checks that every record that can be seen is at the address that it says, that an address stays its
// record's, and that what nobody could ever see has none.
func (m *model) addresses(rt *rapid.T, w *fixture.World, strangers []string) {
	ctx := context.Background()
	rows := w.Store.Client.Address.Query().AllX(ctx)
	for _, row := range rows {
		path := "/" + record.KindOfType(record.Type(row.Kind)).Pages + "/" + w.Reference().Organization(row.PublisherID).Slug + "/" + row.Slug
		if was := m.given[path]; was != "" && was != row.RecordID || !m.visible[row.RecordID] {
			rt.Fatalf("%s is of %s, was of %q; was that ever seen: %v", path, row.RecordID, was, m.visible[row.RecordID])
		}
		m.given[path] = row.RecordID
		a, err := w.At(identity.AsStranger(ctx), path)
		if err != nil {
			rt.Fatal(err)
		}
		found := a != nil && a.Record != nil
		if found != slices.Contains(strangers, row.RecordID) || found && a.Record.Base().ID != row.RecordID {
			rt.Fatalf("%s of %s leads to %+v", path, row.RecordID, a)
		}
	}
	if len(rows) != len(m.given) {
		rt.Fatalf("%d addresses, of the %d that were given", len(rows), len(m.given))
	}
	for _, row := range w.Store.Client.Publication.Query().AllX(ctx) {
		r, err := record.Decode(row.ID, row.Body)
		if err != nil {
			rt.Fatal(err)
		}
		title := record.Slug(r.Base().Title.In(r.Base().Language))
		if pages := record.KindOf(row.ID).Pages; r.Base().Slug != row.Slug || !strings.HasPrefix(row.Slug, title) ||
			pages != "" && m.given["/"+pages+"/"+w.Reference().Organization(row.PublisherID).Slug+"/"+row.Slug] != row.ID {
			rt.Fatalf("%s, called %s, is at %s and says %s", row.ID, title, row.Slug, r.Base().Slug)
		}
	}
}

// replay reads the feed from its beginning, as a harvester does.
func (m *model) replay(rt *rapid.T) {
	replayed := map[string]string{}
	for after := ""; ; {
		es, more, err := m.worlds[0].Feed(identity.AsStranger(context.Background()), catalog.FeedFilter{}, 50, after)
		if err != nil {
			rt.Fatal(err)
		}
		for _, e := range es {
			switch {
			case e.Type == changelog.Delete:
				delete(replayed, e.RecordID)
			case len(e.Payload) > 0: // what was withdrawn since has none
				replayed[e.RecordID] = string(e.Payload)
			}
		}
		if !more {
			break
		}
		after = es[len(es)-1].Cursor
	}
	if !maps.Equal(replayed, m.view) {
		rt.Fatalf("the feed gives\n%v\nstrangers see\n%v", replayed, m.view)
	}
}

// leaks looks for what has never been public in everything that strangers can read.
func (m *model) leaks(rt *rapid.T) {
	ctx, client := context.Background(), m.worlds[0].Store.Client
	var b strings.Builder
	for _, e := range client.FeedEntry.Query().AllX(ctx) {
		fmt.Fprintln(&b, "feed", e.RecordID, string(e.Payload), e.Reason)
	}
	for _, x := range client.Term.Query().AllX(ctx) {
		if x.Audience == string(record.Public) {
			fmt.Fprintln(&b, "terms", x.PublicationID, x.Value)
		}
	}
	for _, x := range client.Publication.Query().Where(publication.Audience(string(record.Public))).AllX(ctx) {
		fmt.Fprintln(&b, "publications", x.ID, x.Title, x.Words, x.Slug, string(x.Body))
	}
	for _, x := range client.Tombstone.Query().AllX(ctx) {
		fmt.Fprintln(&b, "tombstones", x.ID, x.Title, x.Reason)
	}
	for line := range strings.Lines(b.String()) {
		for _, x := range marks.FindAllString(line, -1) {
			if !m.seen[x] {
				rt.Fatalf("%s has never been public and is in %s", x, line)
			}
		}
		if strings.Contains(line, secret) {
			rt.Fatalf("the reason of an embargo is in %s", line)
		}
	}
}
