package catalog

import (
	"context"
	"fmt"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/snapshot"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Act is something that somebody may do with a record as it stands.
type Act string

// Acts in the order of the public contract.
const (
	MayUpdate   Act = "UPDATE"
	MaySubmit   Act = "SUBMIT"
	MayReview   Act = "REVIEW"
	MayPublish  Act = "PUBLISH"
	MayArchive  Act = "ARCHIVE"
	MayWithdraw Act = "WITHDRAW"
	MayDiscard  Act = "DISCARD"
	MayRestore  Act = "RESTORE"
	MayEmbargo  Act = "EMBARGO"
	MayShare    Act = "SHARE"
	MayInvite   Act = "INVITE"
	MayReport   Act = "REPORT"
)

// ViewerCan tells what the viewer may do with records as they stand, by record id: in four statements at the most, however
// many there are, and a fifth where a program wrote what waits for a review; in none for whoever reads no working copies. What is wrong with a document itself is not looked at.
func (c *Catalog) ViewerCan(ctx context.Context, rs []record.Record) (map[string][]Act, error) {
	v := identity.From(ctx)
	if v.Anonymous() {
		return nil, nil
	}
	var behind map[string]*standing
	if policy.MayAnywhere(v, policy.ReadDraft) == nil {
		var err error
		if behind, err = c.standings(ctx, v, record.IDs(rs)); err != nil {
			return nil, err
		}
	}
	out := map[string][]Act{}
	for _, r := range rs {
		s := behind[r.Base().ID]
		seen := r.Base().Version > 0 && !isCopy(r) // what is done with a copy is done where it lives
		acts := s.acts(v)
		if s == nil && seen && policy.May(v, policy.Retract, policy.Node) == nil {
			acts = append(acts, MayWithdraw)
		}
		if seen && policy.MayAnywhere(v, policy.Comment) == nil {
			acts = append(acts, MayReport)
		}
		out[r.Base().ID] = acts
	}
	return out, nil
}

// standing is how a working copy stands that the viewer may read.
type standing struct {
	row *ent.Draft
	on  policy.Target
	// project is nil for other kinds.
	project *record.Project
	// approved tells that it was published at some moment, seen that there are readers who see it, restorable that it was
	// thrown away and can be taken back, others that somebody else can review, owes that it has what must become public and
	// is not.
	approved, seen, restorable, others, owes bool
	// wrote tells that the viewer wrote it, or a program of theirs, and so does not review it.
	wrote bool
}

func (c *Catalog) standings(ctx context.Context, v identity.Viewer, ids []string) (map[string]*standing, error) {
	rows, err := c.Client.Draft.Query().Where(draft.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read working copies: %w", err)
	}
	rs, err := c.drafts(ctx, rows...)
	if err != nil {
		return nil, err
	}
	published, err := c.Client.Snapshot.Query().Where(snapshot.RecordIDIn(ids...)).Unique(true).Select(snapshot.FieldRecordID).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up what was published: %w", err)
	}
	var reviewers map[string][]string
	var makers map[string]string
	if os := c.organizations(v, policy.Publish); len(os) > 0 {
		if reviewers, err = identity.Holders(ctx, c.Client.User, identity.Coordinator, os...); err != nil {
			return nil, err
		}
		if makers, err = identity.Makers(ctx, c.Client.Change, reviewed(rows)...); err != nil {
			return nil, err
		}
	}
	out := map[string]*standing{}
	for i, row := range rows {
		s := &standing{row: row, on: c.on(row.PublisherID, row.ID), others: others(reviewers[row.PublisherID], v), wrote: wrote(row, v.Actor(), makers),
			seen: rs[i].Base().Version > 0, restorable: row.DiscardedAt > c.Now().Add(-keepDiscarded).UnixMilli()}
		if policy.May(v, policy.ReadDraft, s.on) != nil {
			continue
		}
		if s.project, _ = rs[i].(*record.Project); s.project != nil {
			s.owes = len(s.project.Withdrawable(c.Now())) > 0
		}
		out[row.ID] = s
	}
	for _, id := range published {
		if out[id] != nil {
			out[id].approved = true
		}
	}
	return out, nil
}

// reviewed are the actors who wrote what waits for a review.
func reviewed(rows []*ent.Draft) (actors []string) {
	for _, row := range rows {
		if row.State == string(record.InReview) {
			actors = append(actors, row.EditedBy, row.SubmittedBy)
		}
	}
	return actors
}

// acts are what the viewer may do; nothing where there is no working copy to read.
func (s *standing) acts(v identity.Viewer) []Act {
	if s == nil {
		return []Act{}
	}
	state, out := record.State(s.row.State), []Act{}
	add := func(a Act, may policy.Action, as ...bool) {
		for _, ok := range as {
			if !ok {
				return
			}
		}
		if policy.May(v, may, s.on) == nil {
			out = append(out, a)
		}
	}
	if s.row.DiscardedAt > 0 {
		add(MayRestore, policy.WriteDraft, s.restorable)
		return out
	}
	if state == record.Withdrawn {
		return out
	}
	isProject := s.project != nil
	add(MayUpdate, policy.WriteResults)
	add(MaySubmit, policy.Submit, state != record.InReview, state != record.Published)
	add(MayReview, policy.Review, state == record.InReview, !s.wrote)
	add(MayPublish, policy.Publish, state != record.Published, v.System || !s.others)
	add(MayArchive, policy.Publish, state == record.Published)
	if retractsOthers(v, s.on) {
		add(MayWithdraw, policy.Retract, s.seen || s.approved && policy.May(v, policy.Withdraw, s.on) == nil)
	} else {
		add(MayWithdraw, policy.Withdraw, s.approved, !s.owes)
	}
	add(MayDiscard, policy.WriteDraft, !s.approved, !s.owes)
	add(MayEmbargo, policy.Embargo, isProject)
	add(MayShare, policy.ShareDraft)
	add(MayInvite, policy.InviteGuest, isProject)
	return out
}
