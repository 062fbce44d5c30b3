package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/record"
)

// Find answers a request. What is wrong with a request comes back as record.Problems; what is wrong with the index is
// mended in the background while the database answers.
func (x *Index) Find(ctx context.Context, r Request) (*Result, error) {
	began := time.Now()
	p, err := x.newPlan(r)
	if err != nil {
		return nil, err
	}
	out, err := x.fromIndex(ctx, p)
	if errors.Is(err, errNoIndex) {
		out, err = x.fromDatabase(ctx, p)
	}
	if err != nil {
		return nil, err
	}
	out.Took = time.Since(began)
	return out, nil
}

// errNoIndex sends a search to the database.
var errNoIndex = errors.New("no index to search in")

// usingIndex lets do read from one snapshot of the live volume. Damage that shows is reported to the keeper, and comes
// back as errNoIndex.
func (x *Index) usingIndex(ctx context.Context, do func(*volume, *scorch.IndexSnapshot) error) error {
	v := x.live.Load()
	for v != nil && !v.enter() {
		v = x.live.Load()
	}
	if v == nil {
		return errNoIndex
	}
	defer v.leave()
	s, err := v.snapshot()
	if err == nil {
		err = do(v, s)
		s.Close() //nolint:errcheck // only counts references
	}
	if isDamage(err) && ctx.Err() == nil {
		if signal(x.suspected) {
			x.Logger.ErrorContext(ctx, "a search in the index failed; the database answers", "error", err)
		}
		return errNoIndex
	}
	return err
}

// attempts is how often a search is begun again because a record that it found was hidden meanwhile.
const attempts = 3

func (x *Index) fromIndex(ctx context.Context, p *plan) (*Result, error) {
	if p.after != nil && p.after.Database {
		return nil, errNoIndex // a walk through the database goes on there
	}
	var out *Result
	err := x.usingIndex(ctx, func(v *volume, s *scorch.IndexSnapshot) error {
		m, _ := markOf(s)
		gone, err := x.hiddenSince(ctx, m)
		if err != nil {
			return err
		}
		c, err := v.columns(s)
		if err != nil {
			return err
		}
		r := &run{plan: p, reader: s, columns: c, hidden: slices.Clone(gone), relaxed: p.after != nil && p.after.Relaxed}
		for range attempts {
			f, err := x.strictThenRelaxed(ctx, r, v)
			if err != nil {
				return err
			}
			more := len(f.hits) > p.First
			f.hits = f.hits[:min(p.First, len(f.hits))]
			ids := make([]string, len(f.hits))
			for i, h := range f.hits {
				ids[i] = h.ID
			}
			rs, err := x.Catalog.ByID(ctx, ids...)
			if err != nil {
				return err
			}
			for i, rec := range rs {
				if rec == nil {
					r.hidden = append(r.hidden, ids[i])
				}
			}
			out = &Result{Total: f.total, Groups: f.groups, Facets: f.facets, More: more, Relaxed: r.relaxed, IndexedUpTo: moment(m.At)}
			looked := r.looked(x)
			for i, h := range f.hits {
				if rs[i] != nil {
					hit := x.hit(p, rs[i], h.Score, r.cursor(h), looked)
					hit.Alike, hit.AlikeCount, hit.AlikePublishers = h.alike, h.alikeN, h.alikeFrom
					out.Hits = append(out.Hits, hit)
				}
			}
			if !slices.Contains(rs, nil) {
				out.Exact = f.exact
				return r.explain(ctx, x, out)
			}
		}
		return nil
	})
	return out, err
}

// strictThenRelaxed looks for all words first, and only when few records have them for some: exact matches come first
// and are never diluted.
func (x *Index) strictThenRelaxed(ctx context.Context, r *run, v *volume) (f *found, err error) {
	err = guard(func() error {
		if err := r.interpret(ctx, x, v); err != nil {
			return err
		}
		if f, err = r.do(ctx); err != nil {
			return err
		}
		if r.relaxed || len(r.units) == 0 || !r.few(f.total) {
			return nil
		}
		exact := f.total
		if err := r.widen(ctx, x, v); err != nil {
			return err
		}
		if f, err = r.do(ctx); err != nil {
			return err
		}
		r.relaxed = f.total > exact
		return nil
	})
	return f, err
}

func (x *Index) hit(p *plan, rec record.Record, rank float64, cursor string, looked lookedFor) Hit {
	h := Hit{ID: rec.Base().ID, Record: rec, Cursor: cursor}
	h.Whole = len(p.units) == 0 || rank >= wholeFirst
	if p.Sort == Relevance {
		if h.Score = rank; h.Whole {
			h.Score -= wholeFirst
		}
	}
	h.Highlights, h.MatchedFields = x.highlight(rec.Words(), looked, p.Languages)
	return h
}

// maxLag is how many changes an index may be behind. Beyond that what was hidden since is too much to leave out one by
// one: the database answers until the index has caught up.
const maxLag = 1_000

// hidden are records that strangers may no longer see at one change and that an index at another still has.
type hidden struct {
	from, to int64
	ids      []string
}

// hiddenSince tells what was hidden since the index's position. Mostly nothing changed, and it costs nothing; what it
// found holds until the log or the index moves.
func (x *Index) hiddenSince(ctx context.Context, m mark) ([]string, error) {
	seen := x.Log.Seen()
	if seen <= m.Position {
		return nil, nil
	}
	if h := x.hidden.Load(); h != nil && h.from == m.Position && h.to == seen {
		return h.ids, nil
	}
	cs, err := x.Log.Since(ctx, m.Position, maxLag+1)
	if err != nil {
		return nil, err
	}
	if len(cs) > maxLag {
		return nil, errNoIndex
	}
	var ids []string
	for _, c := range cs {
		if record.KindOf(c.RecordID).Searched && !slices.Contains(ids, c.RecordID) {
			ids = append(ids, c.RecordID)
		}
	}
	docs, err := x.Catalog.Documents(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == d.ID })
	}
	x.hidden.Store(&hidden{from: m.Position, to: seen, ids: ids})
	return ids, nil
}
