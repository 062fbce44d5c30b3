// Package exchange brings records in and out in other people's formats: reference tables and starter content that come
// with Plein, import of registers with a mapping, and export as NDJSON and CSV.
//
// What is brought in goes through the catalogue like every other write, as the node itself and marked with where it
// comes from (provenance STARTER or REGISTER). It may lack what its source lacks: nothing is invented to fill it. What
// is invented, to show what Plein does, has a catalogue of its own (provenance DEMO).
package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// Outcome says what became of a document that was brought in.
type Outcome int

// What can become of a document.
const (
	Created Outcome = iota
	Updated
	Unchanged
	// Left alone: it was withdrawn here, or its publisher has joined and speaks for itself.
	Left
)

// Counts says how many documents met each outcome.
type Counts struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Left      int `json:"left"`
}

func (c *Counts) count(o Outcome) {
	switch o {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Unchanged:
		c.Unchanged++
	case Left:
		c.Left++
	}
}

// errOtherPublisher is the answer to a record that comes back under another publisher.
var errOtherPublisher = record.Problems{record.Wrong(record.NotAllowed,
	"Dit kwam eerder onder een andere organisatie binnen. Trek dat eerst in en gebruik dan een nieuw nummer.",
	"This came in under another organisation before. Withdraw that first and then use a new id.", "publisher")}

// bring writes a document that is known by an external id: creates and publishes it, or updates it when the document
// differs from what was brought in last. It gives the id of the record.
func bring(ctx context.Context, w *catalog.Writer, r record.Record, externalID string, from record.Provenance) (Outcome, string, error) {
	body, err := record.Encode(r)
	if err != nil {
		return 0, "", err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	id, revision, known, err := w.Existing(ctx, externalID)
	switch {
	case err != nil:
		return 0, "", err
	case id == "":
		made, err := w.Create(ctx, r, catalog.Origin{Provenance: from, ExternalID: externalID, ExternalHash: hash})
		if err != nil {
			return 0, "", err
		}
		return Created, made.Base().ID, publish(ctx, w, made)
	case known == hash:
		return Unchanged, id, nil
	}
	spokenFor := false
	changed, err := w.Edit(ctx, id, 0, func(old record.Record) error {
		if o := w.Reference().Organization(old.Base().PublisherID); o != nil && o.Custody == record.CustodyOwn {
			spokenFor = true
			return nil
		}
		if old.Base().PublisherID != r.Base().PublisherID {
			return errOtherPublisher
		}
		// The whole document; the catalogue puts the spine back.
		reflect.ValueOf(old).Elem().Set(reflect.ValueOf(r).Elem())
		return nil
	})
	switch {
	case spokenFor || isWithdrawn(err):
		return Left, id, nil
	case err != nil:
		return 0, "", err
	}
	if changed.Base().State != record.Published {
		if err := publish(ctx, w, changed); err != nil {
			return 0, "", err
		}
	}
	outcome := Updated
	if changed.Base().Revision == revision {
		outcome = Unchanged
	}
	return outcome, id, w.SetExternalHash(ctx, id, hash)
}

// publish shows a working copy that this transaction wrote. Whatever goes wrong is no problem of the document any more:
// the transaction cannot be kept, so the cause is not passed on as one.
func publish(ctx context.Context, w *catalog.Writer, r record.Record) error {
	s := r.Base()
	if _, err := w.Publish(ctx, s.ID, s.Revision); err != nil {
		return fmt.Errorf("publish %s: %v", s.ID, err)
	}
	return nil
}

// isWithdrawn tells whether a write was refused because the record was withdrawn here: that is about the whole record and
// not about a field.
func isWithdrawn(err error) bool {
	var ps record.Problems
	return errors.As(err, &ps) && len(ps) == 1 && ps[0].Code == record.IllegalTransition && len(ps[0].Field) == 0
}
