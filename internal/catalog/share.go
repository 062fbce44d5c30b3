package catalog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/draftshare"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

const (
	// SharePath is where the page of every share is; the secret follows it.
	SharePath = "/meelezen/"

	longestShareNote = 300
	mostShareDays    = 30
	mostShares       = 20
)

// DraftShare is a link to a working copy that has not ended.
type DraftShare struct {
	ID string
	// Note is for whom or for what it was given; the reader of the link does not see it.
	Note                 string
	CreatedAt, ExpiresAt time.Time
}

// IsNode marks what has an id of its own.
func (*DraftShare) IsNode() {}

// Share gives a link to a working copy for so many days. Its address is known at this moment alone: only a hash of its
// secret is kept.
func (w *Writer) Share(ctx context.Context, id, note string, days int) (s *DraftShare, address string, err error) {
	row, err := w.find(ctx, id, policy.ShareDraft)
	if err != nil {
		return nil, "", err
	}
	if err := w.current(row, row.Revision); err != nil {
		return nil, "", err
	}
	note, ps := record.Remark(note, longestShareNote, "note")
	if note == "" {
		ps = append(ps, record.Wrong(record.Required, "Schrijf voor wie of waarvoor deze link is.", "Write for whom or for what this link is.", "note"))
	}
	if days < 1 || days > mostShareDays {
		ps = append(ps, record.Wrong(record.Invalid, fmt.Sprintf("Kies 1 tot en met %d dagen.", mostShareDays), fmt.Sprintf("Choose 1 to %d days.", mostShareDays), "days"))
	}
	given, err := w.tx.DraftShare.Query().Where(draftshare.RecordID(id), draftshare.ExpiresAtGT(w.now.UnixMilli())).Count(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("count the links to %s: %w", id, err)
	}
	if given >= mostShares {
		ps = append(ps, record.Wrong(record.TooMany, fmt.Sprintf("Er zijn al %d links. Beëindig er eerst een.", mostShares), fmt.Sprintf("There are %d links already. End one first.", mostShares)))
	}
	if len(ps) > 0 {
		return nil, "", ps
	}
	bytes := make([]byte, 32)
	rand.Read(bytes) //nolint:errcheck // it never fails
	secret := base64.RawURLEncoding.EncodeToString(bytes)
	s = &DraftShare{ID: record.NewID("shr"), Note: note, CreatedAt: w.now, ExpiresAt: w.now.AddDate(0, 0, days)}
	err = w.tx.DraftShare.Create().SetID(s.ID).SetHash(hashed(secret)).SetRecordID(id).SetNote(note).SetCreatedBy(w.viewer.Actor()).
		SetCreatedAt(s.CreatedAt.UnixMilli()).SetExpiresAt(s.ExpiresAt.UnixMilli()).Exec(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("share %s: %w", id, err)
	}
	w.log(changelog.Shared, row.PublisherID, id, row.Revision, "gegeven")
	return s, w.c.BaseURL + SharePath + secret, nil
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// EndShare ends a link to a working copy at once.
func (w *Writer) EndShare(ctx context.Context, shareID string) error {
	share, err := w.tx.DraftShare.Get(ctx, shareID)
	if ent.IsNotFound(err) {
		share = &ent.DraftShare{} // as many statements as for one that is not the viewer's
	} else if err != nil {
		return fmt.Errorf("load a link: %w", err)
	}
	row, err := w.find(ctx, share.RecordID, policy.ShareDraft)
	if err != nil {
		return err
	}
	if err := w.tx.DraftShare.DeleteOne(share).Exec(ctx); err != nil {
		return fmt.Errorf("end a link to %s: %w", row.ID, err)
	}
	w.log(changelog.Shared, row.PublisherID, row.ID, row.Revision, "beëindigd")
	return nil
}

// ForgetShares removes the links that have ended: for whom they were is nobody's business any more.
func (c *Catalog) ForgetShares(ctx context.Context) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.DraftShare.Delete().Where(draftshare.ExpiresAtLTE(c.Now().UnixMilli())).Exec(ctx); err != nil {
		return fmt.Errorf("forget links: %w", errors.Join(err, tx.Rollback()))
	}
	return tx.Commit()
}

// Shares are the links to a working copy that have not ended, newest first, for who may give them; nil for everybody else.
func (c *Catalog) Shares(ctx context.Context, id string) ([]*DraftShare, error) {
	r, err := c.Draft(ctx, id)
	if err != nil || r == nil || policy.May(identity.From(ctx), policy.ShareDraft, c.on(r.Base().PublisherID, id)) != nil {
		return nil, err
	}
	rows, err := c.Client.DraftShare.Query().Where(draftshare.RecordID(id), draftshare.ExpiresAtGT(c.Now().UnixMilli())).
		Order(draftshare.ByCreatedAt(descending), draftshare.ByID(descending)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the links to %s: %w", id, err)
	}
	out := make([]*DraftShare, len(rows))
	for i, row := range rows {
		out[i] = &DraftShare{ID: row.ID, Note: row.Note, CreatedAt: moment(row.CreatedAt), ExpiresAt: moment(row.ExpiresAt)}
	}
	return out, nil
}

// Shared is the working copy that a secret leads to, and until when: without what is private, and without what is under
// embargo, which is published for everybody at once and shown to nobody before. It is nil, after two statements, for a
// secret that leads nowhere, and for a working copy that was thrown away, was withdrawn or is under embargo as a whole;
// after three for one that was learned in a project of which the results are.
func (c *Catalog) Shared(ctx context.Context, secret string) (record.Record, time.Time, error) {
	now := record.Instant(c.Now())
	share, err := c.Client.DraftShare.Query().Where(draftshare.Hash(hashed(secret)), draftshare.ExpiresAtGT(now.UnixMilli())).Only(ctx)
	if ent.IsNotFound(err) {
		share = &ent.DraftShare{}
	} else if err != nil {
		return nil, time.Time{}, fmt.Errorf("look up a link: %w", err)
	}
	row, err := c.Client.Draft.Get(ctx, share.RecordID)
	if ent.IsNotFound(err) {
		return nil, time.Time{}, nil
	} else if err != nil {
		return nil, time.Time{}, fmt.Errorf("read a working copy: %w", err)
	}
	full, err := fromDraft(row)
	if err != nil {
		return nil, time.Time{}, err
	}
	scope, _ := record.UnderEmbargo(full, now)
	if row.DiscardedAt > 0 || row.State == string(record.Withdrawn) || scope == record.WholeRecord {
		return nil, time.Time{}, nil
	}
	if early, err := c.learnedUnderEmbargo(ctx, full, now); err != nil || early {
		return nil, time.Time{}, err
	}
	rs, err := c.drafts(ctx, row)
	if err != nil {
		return nil, time.Time{}, err
	}
	r, err := record.Visible(rs[0], scope)
	if err != nil {
		return nil, time.Time{}, err
	}
	record.NewGroup(c.Reference(), r)
	return r, moment(share.ExpiresAt), nil
}

// learnedUnderEmbargo tells whether a working copy would give away the results of a project that are under embargo. It
// asks the projects' working copies: one that was never published can be under embargo too.
func (c *Catalog) learnedUnderEmbargo(ctx context.Context, r record.Record, now time.Time) (bool, error) {
	l, ok := r.(interface{ LearnedIn() []string })
	if !ok || len(l.LearnedIn()) == 0 {
		return false, nil
	}
	rows, err := c.Client.Draft.Query().Where(draft.IDIn(l.LearnedIn()...)).All(ctx)
	if err != nil {
		return false, fmt.Errorf("look up embargoes: %w", err)
	}
	for _, row := range rows {
		origin, err := fromDraft(row)
		if err != nil {
			return false, err
		}
		if !record.ResultsUntil(origin, now).IsZero() {
			return true, nil
		}
	}
	return false, nil
}
