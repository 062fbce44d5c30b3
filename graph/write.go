package graph

import (
	"context"
	"errors"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/privacy"
	"github.com/udc-community/plein/internal/record"
)

// written is a working copy after a write, as a payload gives it.
type written struct {
	record     record.Record
	warnings   []*record.Problem
	userErrors []*record.Problem
}

// write is writeAs for authors.
func (r *Resolver) write(ctx context.Context, do func(*catalog.Writer) (record.Record, error)) (written, error) {
	return r.writeAs(ctx, policy.WriteDraft, do)
}

// writeAs carries out a write in one transaction and reads the working copy back as it now is. What the caller can
// correct comes back as user errors; everything else is an error.
func (r *Resolver) writeAs(ctx context.Context, a policy.Action, do func(*catalog.Writer) (record.Record, error)) (written, error) {
	var id string
	err := r.transact(ctx, a, func(w *catalog.Writer) error {
		made, err := do(w)
		if err == nil {
			id = made.Base().ID
		}
		return err
	})
	ps, err := userErrors(err)
	if err != nil || ps != nil {
		return written{userErrors: ps}, err
	}
	out, err := r.Catalog.Draft(ctx, id)
	if err != nil || out == nil {
		return written{}, err
	}
	return written{record: out, warnings: pointers(append(catalog.Missing(out), privacy.Warnings(out)...))}, nil
}

// transact carries out a write in one transaction. Who may do such a thing nowhere is told so first: there is one writer,
// and strangers do not get to queue for it.
func (r *Resolver) transact(ctx context.Context, a policy.Action, do func(*catalog.Writer) error) error {
	if err := policy.MayAnywhere(identity.From(ctx), a); err != nil {
		return err
	}
	return r.Catalog.Write(ctx, do)
}

// userErrors takes what the caller can correct out of an error.
func userErrors(err error) ([]*record.Problem, error) {
	var ps record.Problems
	if errors.As(err, &ps) {
		return pointers(ps), nil
	}
	return nil, err
}

// maxProblems is how many problems one answer names: nobody reads more, and a list of a million unknown ids has a million.
const maxProblems = 50

func pointers(ps record.Problems) []*record.Problem {
	ps = ps[:min(len(ps), maxProblems)]
	out := make([]*record.Problem, len(ps))
	for i, p := range ps {
		for _, l := range p.Message.Languages() {
			p.Message = p.Message.With(l, shorten(p.Message[l], maxMessage))
		}
		out[i] = &p
	}
	return out
}

// change is write for one working copy of a kind.
func change[T record.Record](ctx context.Context, r *Resolver, id string, revision int, do func(*catalog.Writer, T) error) (written, error) {
	return r.write(ctx, func(w *catalog.Writer) (record.Record, error) { return changeIn(ctx, w, id, revision, do) })
}

// changeResults is change for what guests of a project may change too.
func changeResults(ctx context.Context, r *Resolver, id string, revision int, do func(*catalog.Writer, *record.Project) error) (written, error) {
	return r.writeAs(ctx, policy.WriteResults, func(w *catalog.Writer) (record.Record, error) { return changeIn(ctx, w, id, revision, do) })
}

// step takes a record a step further on its way.
func (r *Resolver) step(ctx context.Context, a policy.Action, revision int, do func(*catalog.Writer) (record.Record, error)) (*RecordPayload, error) {
	w, err := r.writeAs(ctx, a, func(w *catalog.Writer) (record.Record, error) {
		if err := known(revision); err != nil {
			return nil, err
		}
		return do(w)
	})
	return &RecordPayload{Record: w.record, Warnings: w.warnings, UserErrors: w.userErrors}, err
}

// known refuses a revision that nothing can have. Revision 0 is the system's: it takes a record as it stands.
func known(revision int) error {
	if revision < 1 {
		return record.Problems{record.Wrong(record.Invalid, "De revisie is een getal vanaf 1.", "The revision is a number from 1.", "revision")}
	}
	return nil
}

func changeIn[T record.Record](ctx context.Context, w *catalog.Writer, id string, revision int, do func(*catalog.Writer, T) error) (record.Record, error) {
	if err := known(revision); err != nil {
		return nil, err
	}
	return w.Edit(ctx, id, revision, func(x record.Record) error {
		t, ok := x.(T)
		if !ok {
			return record.Problems{record.NoSuch("id")}
		}
		return do(w, t)
	})
}

// as is the working copy as its own kind, or nil.
func as[T record.Record](w written) T {
	t, _ := w.record.(T)
	return t
}

// own is the organisation that a create names: only that of the token can write, and others look as if they did not
// exist.
func own(ctx context.Context, w *catalog.Writer, id string) error {
	o := w.Reference().Organization(id)
	if o == nil {
		return record.Problems{record.NoSuch("organization")}
	}
	return policy.MayWrite(w.Viewer(), o)
}

// templateVersion reads the version that a project follows.
func (r *Resolver) templateVersion(ctx context.Context, id string) (*record.TemplateVersion, error) {
	rs, err := r.Catalog.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	v, ok := rs[0].(*record.TemplateVersion)
	if !ok {
		return nil, record.Problems{record.NoSuch("templateVersion")}
	}
	return v, nil
}
