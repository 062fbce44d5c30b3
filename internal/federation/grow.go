package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/ent/quarantined"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/jobs"
)

// GrowJob is the kind of job that takes in what a Plein which knew less could not, once after each start.
const GrowJob = "grow"

// grownAtOnce is how many records are taken in again in one step.
const grownAtOnce = 100

// Grow takes in again, from the members as they came, what this Plein knows more of than the one that took them in: copies of
// kinds that it did not know, and members that it put aside for that. It tells how many it took in. What is done stays done
// when it is interrupted.
func (f *Federation) Grow(ctx context.Context) (taken int, err error) {
	ctx = identity.AsSystem(ctx)
	for _, next := range []func(context.Context, *catalog.Writer) (more bool, taken int, err error){f.outgrown(), f.setAside()} {
		for more := true; more; {
			n := 0
			err := f.Catalog.Write(ctx, func(w *catalog.Writer) (err error) {
				if more, n, err = next(ctx, w); err != nil || n == 0 {
					return err
				}
				return touch(ctx, w.Ent())
			})
			if err != nil {
				return taken, fmt.Errorf("take in what was not known: %w", err)
			}
			if taken += n; n > 0 {
				f.advance()
			}
		}
	}
	return taken, nil
}

// outgrown takes in the next copies of kinds that were not known.
func (f *Federation) outgrown() func(context.Context, *catalog.Writer) (bool, int, error) {
	after := ""
	return func(ctx context.Context, w *catalog.Writer) (more bool, taken int, err error) {
		rows, err := w.Outgrown(ctx, after, grownAtOnce)
		if err != nil {
			return false, 0, err
		}
		for _, row := range rows {
			n, err := takeAgain(ctx, w, row.PublisherID, member.Object(row.URI), member.Epoch(row.Epoch), member.Version(row.Version))
			if err != nil {
				return false, 0, err
			}
			after, taken = row.ID, taken+n
		}
		return len(rows) == grownAtOnce, taken, nil
	}
}

// setAside takes in the next members that are in quarantine because of their kind, the last first: what was withdrawn since is not
// shown before.
func (f *Federation) setAside() func(context.Context, *catalog.Writer) (bool, int, error) {
	before := math.MaxInt
	return func(ctx context.Context, w *catalog.Writer) (more bool, taken int, err error) {
		tx := w.Ent()
		rows, err := tx.Quarantined.Query().Where(quarantined.Reason(catalog.UnknownType), quarantined.IDLT(before)).Order(quarantined.ByID(sql.OrderDesc())).
			Limit(grownAtOnce).Select(quarantined.FieldID, quarantined.FieldPublisherID, quarantined.FieldEpoch, quarantined.FieldSeq).All(ctx)
		if err != nil {
			return false, 0, fmt.Errorf("look up what was put aside: %w", err)
		}
		for _, row := range rows {
			n, err := takeAgain(ctx, w, row.PublisherID, member.Epoch(row.Epoch), member.Seq(row.Seq))
			if err == nil && n > 0 {
				_, err = tx.Quarantined.Delete().Where(quarantined.ID(row.ID)).Exec(ctx)
			}
			if err != nil {
				return false, 0, err
			}
			before, taken = row.ID, taken+n
		}
		return len(rows) == grownAtOnce, taken, nil
	}
}

// takeAgain takes in a member of a publisher that was verified when it came. It tells whether it could: it is 1 or 0.
func takeAgain(ctx context.Context, w *catalog.Writer, organizationID string, which ...predicate.Member) (taken int, err error) {
	tx := w.Ent()
	from, err := tx.Publisher.Query().Where(publisher.OrganizationID(organizationID)).Only(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	} else if err != nil {
		return 0, fmt.Errorf("look up a publisher: %w", err)
	}
	rows, err := tx.Member.Query().Where(append(which, member.PublisherID(organizationID), member.RawNotNil())...).Order(member.BySeq()).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("look up a member: %w", err)
	}
	for _, row := range rows {
		var m Member
		if err := json.Unmarshal(row.Raw, &m); err != nil {
			return 0, fmt.Errorf("read number %d of %s: %w", row.Seq, from.Iri, err)
		}
		e := &arrival{Member: &m, at: Place{Epoch: row.Epoch, Seq: row.Seq, Hash: row.Hash}, version: row.Version, published: time.UnixMilli(row.Published)}
		err := w.Accept(ctx, incoming(from, e))
		var no *catalog.Refusal
		switch {
		case errors.As(err, &no):
		case err != nil:
			return 0, fmt.Errorf("take in number %d of %s: %w", row.Seq, from.Iri, err)
		default:
			taken = 1
		}
	}
	return taken, nil
}

// growOnce is Grow as a job: one that takes longer than its lease goes on in the next.
func (f *Federation) growOnce(ctx context.Context, _ jobs.Job) (again time.Time, err error) {
	taken, err := f.Grow(ctx)
	if taken > 0 && errors.Is(err, context.DeadlineExceeded) {
		return f.Catalog.Now(), nil
	}
	return time.Time{}, err
}
