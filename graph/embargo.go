package graph

import (
	"context"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// inside is an embargo with what readers are not shown of it, for those who may; nil for everybody else. It is read for
// all records of a list at once.
func (r *Resolver) inside(ctx context.Context, e *record.Embargo, may policy.Action) (*record.Embargo, error) {
	p := e.Project()
	if p.Revision > 0 { // a working copy has it all
		if policy.May(identity.From(ctx), may, policy.Target{OrganizationID: p.PublisherID, Own: true, ProjectID: p.ID}) != nil {
			return nil, nil
		}
		return e, nil
	}
	behind, err := record.ForAll(p, "embargo."+string(may), func(rs []record.Record) (map[string]record.Record, error) {
		return r.Catalog.Behind(ctx, may, record.IDs(rs))
	})
	if err != nil {
		return nil, err
	}
	working, ok := behind[p.ID].(*record.Project)
	if !ok {
		return nil, nil
	}
	_, key, _ := record.SplitPartID(e.ID)
	known, _ := working.Part(key).(*record.Embargo)
	return known, nil
}

func (r *Resolver) placeEmbargo(ctx context.Context, w *catalog.Writer, in EmbargoPlaceInput) (record.Record, error) {
	e := edit{ref: w.Reference()}
	placed := record.Embargo{Scope: in.Scope, GroundIRI: conceptIRI(e.ref, in.Ground), Reason: in.Reason, Until: in.Until}
	return w.PlaceEmbargo(ctx, in.Project, in.Revision, placed, func(p *record.Project) (out record.Text) {
		e.in(in.Lang, p.Base()).text(&out, in.WaitsFor)
		return out
	})
}

func (r *Resolver) decideEmbargo(ctx context.Context, revision int, do func(*catalog.Writer) (record.Record, error)) (*EmbargoPayload, error) {
	w, err := r.write(ctx, func(w *catalog.Writer) (record.Record, error) {
		if err := known(revision); err != nil {
			return nil, err
		}
		return do(w)
	})
	out := &EmbargoPayload{Project: as[*record.Project](w), UserErrors: w.userErrors}
	if out.Project != nil {
		out.Embargo = out.Project.Embargo()
	}
	return out, err
}
