package catalog_test

import (
	"context"
	"errors"
	"slices"
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
