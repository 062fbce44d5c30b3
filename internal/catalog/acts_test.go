package catalog_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// What an organisation does in these tests, each in a transaction of its own.

func create(t *testing.T, w *fixture.World, r record.Record) record.Record {
	t.Helper()
	ctx := fixture.As(t, w.Reference().Organization(r.Base().PublisherID))
	var made record.Record
	err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
		made, err = tx.Create(ctx, r, catalog.Origin{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func tryEdit[R record.Record](ctx context.Context, w *fixture.World, id string, revision int, do func(R)) (out R, err error) {
	err = w.Write(ctx, func(tx *catalog.Writer) error {
		r, err := tx.Edit(ctx, id, revision, func(r record.Record) error {
			do(r.(R))
			return nil
		})
		if err == nil {
			out = r.(R)
		}
		return err
	})
	return out, err
}

// edit changes the working copy as it stands, as UDC Leiden.
func edit[R record.Record](t *testing.T, w *fixture.World, id string, do func(R)) R {
	t.Helper()
	out, err := tryEdit(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision, do)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tryPublish(ctx context.Context, w *fixture.World, id string, revision int) (out record.Record, err error) {
	err = w.Write(ctx, func(tx *catalog.Writer) (err error) {
		out, err = tx.Publish(ctx, id, revision)
		return err
	})
	return out, err
}

// publish publishes the working copy as it stands, as UDC Leiden.
func publish(t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	out, err := tryPublish(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tryWithdraw(ctx context.Context, w *fixture.World, id string, revision int, reason string) error {
	return w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(ctx, id, revision, reason)
		return err
	})
}

// withdraw takes a record of UDC Leiden's back.
func withdraw(t *testing.T, w *fixture.World, id, reason string) {
	t.Helper()
	if err := tryWithdraw(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision, reason); err != nil {
		t.Fatal(err)
	}
}

// working is the working copy as UDC Leiden reads it.
func working(t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	d, err := w.Draft(fixture.As(t, w.Leiden), id)
	if err != nil || d == nil {
		t.Fatalf("no working copy of %s: %v", id, err)
	}
	return d
}

func seenBy(ctx context.Context, t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	rs, err := w.ByID(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

// problem is the code of what a write answered.
func problem(err error) record.Code {
	var ps record.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return ps[0].Code
	}
	return ""
}

func feed(t *testing.T, w *fixture.World) []*catalog.FeedEntry {
	t.Helper()
	var out []*catalog.FeedEntry
	for after := ""; ; {
		page, more, err := w.Feed(identity.AsStranger(t.Context()), catalog.FeedFilter{}, 7, after)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page...)
		if !more {
			return out
		}
		after = page[len(page)-1].Cursor
	}
}

// history is what happened to records in the feed, as "CREATE 1".
func history(t *testing.T, w *fixture.World, ids ...string) []string {
	t.Helper()
	out := []string{}
	for _, e := range feed(t, w) {
		if slices.Contains(ids, e.RecordID) {
			out = append(out, string(e.Type)+" "+string(rune('0'+e.Version)))
		}
	}
	return out
}

func changes(t *testing.T, w *fixture.World) []*ent.Change {
	t.Helper()
	cs, err := w.Log.Since(t.Context(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

// since gives the changes that act made, as "UPDATED id".
func since(t *testing.T, w *fixture.World, act func()) []string {
	t.Helper()
	before := len(changes(t, w))
	act()
	out := []string{}
	for _, c := range changes(t, w)[before:] {
		out = append(out, c.Kind+" "+c.RecordID)
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

// person makes an account that is something in an organisation, and gives a context in which they act.
func person(t *testing.T, w *fixture.World, o *record.Organization, role identity.Role) context.Context {
	t.Helper()
	id := record.NewID("usr")
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx.User.Create().SetID(id).SetEmail(id + "@voorbeeld.test").SetName("Iemand " + id[len(id)-4:]).SetState(string(identity.Active)).SetCreatedAt(0).SaveX(t.Context())
	tx.Membership.Create().SetUserID(id).SetOrganizationID(o.ID).SetRole(string(role)).SaveX(t.Context())
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return identity.With(t.Context(), identity.Viewer{UserID: id, OrganizationID: o.ID, Memberships: []identity.Membership{{OrganizationID: o.ID, Role: role}}})
}

// guestOf is a context in which somebody of the statistics office acts who works in one project.
func guestOf(t *testing.T, w *fixture.World, projectID string) context.Context {
	t.Helper()
	return identity.With(t.Context(), identity.Viewer{UserID: "usr_guest", OrganizationID: w.CBS.ID, Guest: []string{projectID},
		Memberships: []identity.Membership{{OrganizationID: w.CBS.ID, Role: identity.Member}}})
}

// moderator is a context in which somebody acts who looks after what is written on the node.
func moderator(t *testing.T) context.Context {
	return identity.With(t.Context(), identity.Viewer{UserID: "usr_moderator", Moderator: true})
}

// statements are how many an act sends to the database, without those of what follows the log.
func statements(t *testing.T, w *fixture.World, act func() error) (n int) {
	t.Helper()
	if err := w.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Statements.Reset()
	if err := act(); err != nil {
		t.Fatal(err)
	}
	for _, q := range w.Statements.All() {
		if !strings.Contains(q, "changes") && !strings.Contains(q, "releases") {
			n++
		}
	}
	return n
}

// step is one write with a working copy as it stands.
type step func(*catalog.Writer, context.Context, string, int) (record.Record, error)

func submits(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Submit(ctx, id, revision, "")
}

func approves(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Review(ctx, id, revision, true, "")
}

func asksForChanges(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Review(ctx, id, revision, false, "Noem de bron.")
}

func publishes(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Publish(ctx, id, revision)
}

func archives(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Archive(ctx, id, revision, "")
}

func discards(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Discard(ctx, id, revision)
}

func restores(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
	return w.Restore(ctx, id, revision)
}

// try takes a working copy a step further, at the revision that it has.
func try(ctx context.Context, t *testing.T, w *fixture.World, id string, do step) (out record.Record, err error) {
	t.Helper()
	row, err := w.Store.Client.Draft.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Write(ctx, func(tx *catalog.Writer) (err error) {
		out, err = do(tx, ctx, id, row.Revision)
		return err
	})
	return out, err
}

// must is try for a step that has to succeed; it gives the state after it.
func must(ctx context.Context, t *testing.T, w *fixture.World, id string, do step) record.State {
	t.Helper()
	out, err := try(ctx, t, w, id, do)
	if err != nil {
		t.Fatal(err)
	}
	return out.Base().State
}

// editing is a step that changes a project.
func editing(do func(*record.Project)) step {
	return func(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
		return w.Edit(ctx, id, revision, func(r record.Record) error {
			do(r.(*record.Project))
			return nil
		})
	}
}
