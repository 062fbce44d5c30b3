package federation

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/job"
	"github.com/udc-community/plein/ent/peer"
)

// DoorbellPath is where a node is told that there is something new at another one.
const DoorbellPath = "/fed/doorbell"

const (
	// coalesce is how long ringing waits for what else is new.
	coalesce = 200 * time.Millisecond
	// ringers is how many doorbells are rung together.
	ringers = 32
)

// doorbell remembers when peers that rang are to be looked at.
type doorbell struct {
	mu      sync.Mutex
	planned map[string]time.Time
	// forward is when the look was to be that the last ring brought forward, at a peer that fails.
	forward map[string]time.Time
}

// plan gives when to look at a peer that rings now: at once, or a while after the last look. That is the same moment for all who ring
// before it. It gives false when the peer is not to be looked at for this.
//
// due is when a peer that fails is to be looked at, and zero for others. Anybody can ring for it, so each of those looks is brought
// forward once: a peer that comes back is soon found, and who rings on and on makes at most twice as many looks as there would be.
func (d *doorbell) plan(peerID string, gap time.Duration, due time.Time) (after time.Duration, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	last := d.planned[peerID]
	switch {
	case !due.IsZero() && (last.After(now) || d.forward[peerID].Equal(due)):
		return 0, false
	case last.After(now):
		return last.Sub(now), true
	}
	if d.planned == nil {
		d.planned, d.forward = map[string]time.Time{}, map[string]time.Time{}
	}
	at := now
	if earliest := last.Add(gap); earliest.After(now) {
		at = earliest
	}
	d.planned[peerID], d.forward[peerID] = at, due
	return at.Sub(now), true
}

// putOff tells that the look at a peer that a ring brought forward is to be at another moment now. It stays the same one.
func (d *doorbell) putOff(peerID string, due time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.forward != nil {
		d.forward[peerID] = due
	}
}

// Rung is told that somebody says there is something new at the node with an address. Anybody can say so: it makes the puller look
// sooner at an active peer, and nothing else. Whether it is one is looked up: a ring at a peer that another process admitted or
// resumed a moment ago would otherwise be lost, and what is new there come only with the next look.
func (f *Federation) Rung(ctx context.Context, base string) {
	base, err := ReadBase(base, f.AllowLoopback)
	if err != nil {
		return
	}
	row, err := f.Catalog.Client.Peer.Get(ctx, NodeID(base))
	if ent.IsNotFound(err) || err == nil && State(row.State) != Active {
		return
	}
	if err == nil {
		gap, due := ringGap, time.Time{}
		if row.Problem != "" {
			gap = firstPause // who did not answer a moment ago is not asked at each ring
		}
		if row.Failures > 0 {
			due = time.UnixMilli(row.NextAt)
		}
		if after, ok := f.rung.plan(row.ID, gap, due); ok {
			err = f.lookBy(ctx, row.ID, f.Catalog.Now().Add(after))
		}
	}
	if err != nil {
		f.Logger.ErrorContext(ctx, "a doorbell went unheard", "error", err)
	}
}

// lookBy sees to it that a peer is looked at at a moment, or at one before it that is still to come. An administrator may have had the
// look that was planned for an earlier ring come sooner: it does not see what is new since.
func (f *Federation) lookBy(ctx context.Context, peerID string, at time.Time) error {
	isPlanned, err := f.Catalog.Client.Job.Query().Where(job.ID(pullKey(peerID)), job.RunAtLTE(at.UnixMilli())).Exist(ctx)
	if err != nil {
		return fmt.Errorf("look up a job: %w", err)
	}
	if isPlanned {
		return nil
	}
	return f.enqueue(ctx, peerID, at)
}

// ring makes the doorbells of peers be rung in a moment, because there is something new here.
func (f *Federation) ring() {
	select {
	case f.news <- struct{}{}:
	default:
	}
}

// ringPeers rings the doorbells of active peers when there is something new, until the context ends. A doorbell only shortens the
// wait, so one that nobody hears is no trouble, and who is slow to open keeps nobody else waiting.
func (f *Federation) ringPeers(ctx context.Context) {
	body, err := json.Marshal(map[string]string{"base": f.Base()})
	if err != nil {
		panic(err) // one text
	}
	turns := make(chan struct{}, ringers)
	var out rounds
	defer out.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.news:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(coalesce):
		}
		select { // what came meanwhile is told with this
		case <-f.news:
		default:
		}
		rows, err := f.Catalog.Client.Peer.Query().Where(peer.State(string(Active))).All(ctx)
		if err != nil && ctx.Err() == nil {
			f.Logger.ErrorContext(ctx, "no doorbell is rung", "error", err)
		}
		for _, row := range rows {
			if stateOf(row, f.Catalog.Now()) != Active {
				continue
			}
			out.each(row.BaseURL, func(base string) {
				turns <- struct{}{}
				defer func() { <-turns }()
				if err := f.client.ring(ctx, base, body); err != nil && ctx.Err() == nil {
					f.Logger.DebugContext(ctx, "a doorbell was not heard", "peer", base, "error", err)
				}
			})
		}
	}
}

// rounds are visits under way. Nobody is visited twice at once: who is to be visited meanwhile is visited once more afterwards.
type rounds struct {
	sync.WaitGroup
	mu sync.Mutex
	// again tells of each visit under way whether there is to be another.
	again map[string]bool
}

func (r *rounds) each(base string, visit func(base string)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, underWay := r.again[base]; underWay {
		r.again[base] = true
		return
	}
	if r.again == nil {
		r.again = map[string]bool{}
	}
	r.again[base] = false
	r.Go(func() {
		for more := true; more; {
			visit(base)
			r.mu.Lock()
			if more = r.again[base]; more {
				r.again[base] = false
			} else {
				delete(r.again, base)
			}
			r.mu.Unlock()
		}
	})
}
