package graph

import (
	"context"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

func feedFilter(types []record.Type, kinds []changelog.Type, organization *string) catalog.FeedFilter {
	return catalog.FeedFilter{Types: once(kinds), Kinds: once(types), PublisherID: given(organization)}
}

func changeOf(e *catalog.FeedEntry) *Change {
	c := &Change{Cursor: e.Cursor, At: e.At, Kind: e.Type, URI: e.URI, RecordID: e.RecordID, RecordType: e.Kind, PublicVersion: e.Version}
	if e.Record != nil {
		c.Record = e.Record
	}
	if e.Reason != "" {
		c.Reason = &e.Reason
	}
	return c
}

// dueEvery is how soon a subscriber sees what the clock alone has freed.
const dueEvery = time.Second

// follow sends the feed as it grows, until the client goes. Whoever reads slowly is not waited for by anybody else.
func (r *Resolver) follow(ctx context.Context, f catalog.FeedFilter, after string) (<-chan *Change, error) {
	if after == "" {
		end, err := r.Catalog.FeedEnd(ctx)
		if err != nil {
			return nil, err
		}
		after = end
	}
	// A cursor that does not fit is an answer to the request, not a stream that ends.
	if _, _, err := r.Catalog.Feed(ctx, f, 1, after); err != nil {
		return nil, err
	}
	out := make(chan *Change)
	go func() {
		defer close(out)
		tick := time.NewTicker(dueEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			wake := r.Catalog.Log.Changed()
			entries, more, err := r.Catalog.Feed(ctx, f, maxFirst, after)
			if err != nil {
				r.Logger.ErrorContext(ctx, "a subscription ends", "error", err)
				return
			}
			for _, e := range entries {
				select {
				case out <- changeOf(e):
					after = e.Cursor
				case <-ctx.Done():
					return
				}
			}
			if more {
				continue
			}
			if !r.wait(ctx, wake, tick.C) {
				return
			}
		}
	}()
	return out, nil
}

// wait returns at the next change; it carries out what becomes due meanwhile. It is false when the client went.
func (r *Resolver) wait(ctx context.Context, wake <-chan struct{}, tick <-chan time.Time) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-wake:
			return true
		case <-tick:
			if err := r.Catalog.Due(ctx); err != nil {
				r.Logger.ErrorContext(ctx, "what is due stays hidden", "error", err)
			}
		}
	}
}
