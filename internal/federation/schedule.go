package federation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/internal/jobs"
)

// PullJob is the kind of job that looks at one peer, again and again. Its key names the peer.
const PullJob = "pull"

const (
	// pollEvery is how often a peer is looked at that does not ring.
	pollEvery = 15 * time.Minute
	// firstPause and longestPause bound how long a peer that fails is left alone; it doubles from one to the other.
	firstPause, longestPause = time.Minute, 24 * time.Hour
	// ringGap is the least between two looks at a peer that rings.
	ringGap = time.Second
	// pullTime is how long one look takes at most; the next one goes on.
	pullTime = 2 * time.Minute
	// pullers is how many peers are looked at together: one that drips does not keep the others.
	pullers = 4
)

// pullPeers looks at peers when it is their time, until the context ends.
func (f *Federation) pullPeers(ctx context.Context) {
	for f.plan(ctx) != nil && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(firstPause):
		}
	}
	f.Queue().Run(ctx, pullers)
}

// Queue runs the pulls of this node together with other processes on the same database.
func (f *Federation) Queue() *jobs.Queue {
	return &jobs.Queue{Client: f.Catalog.Client, Begin: f.Aside, Dialect: f.Dialect, Now: f.Catalog.Now, Woken: f.due, Lease: 2 * pullTime,
		Handlers: map[string]jobs.Handler{PullJob: f.handle, GrowJob: f.growOnce},
		Report:   func(key string, err error) { f.Logger.Error("pull", "job", key, "error", err) }}
}

// plan sees to it that each active peer has a job, and that what an older Plein could not take in is looked at again.
func (f *Federation) plan(ctx context.Context) error {
	rows, err := f.Catalog.Client.Peer.Query().Where(peer.State(string(Active))).All(ctx)
	for _, row := range rows {
		err = errors.Join(err, f.enqueue(ctx, row.ID, time.UnixMilli(row.NextAt)))
	}
	if err == nil {
		err = f.add(ctx, jobs.Job{Key: GrowJob, Kind: GrowJob, RunAt: f.Catalog.Now()})
	}
	if err != nil {
		f.Logger.ErrorContext(ctx, "pulls are not planned", "error", err)
	}
	return err
}

func pullKey(peerID string) string { return PullJob + "/" + peerID }

// enqueue asks for a look at a peer at a moment, or earlier where that was asked already.
func (f *Federation) enqueue(ctx context.Context, peerID string, at time.Time) error {
	return f.add(ctx, jobs.Job{Key: pullKey(peerID), Kind: PullJob, RunAt: at})
}

func (f *Federation) add(ctx context.Context, j jobs.Job) error {
	tx, err := f.Aside(ctx)
	if err != nil {
		return err
	}
	if err := jobs.Enqueue(ctx, tx, j); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	f.wake(j.RunAt.Sub(f.Catalog.Now()))
	return nil
}

// wake makes the queue of this process look after a while.
func (f *Federation) wake(after time.Duration) {
	if after > 2*ringGap {
		return // the queue looks by itself
	}
	time.AfterFunc(max(after, 0)+10*time.Millisecond, func() { // not a moment before the job is due
		select {
		case f.due <- struct{}{}:
		default:
		}
	})
}

func (f *Federation) handle(ctx context.Context, j jobs.Job) (again time.Time, err error) {
	timed, stop := context.WithTimeout(ctx, pullTime)
	defer stop()
	p, err := f.look(timed, strings.TrimPrefix(j.Key, PullJob+"/"), nil, true)
	switch {
	case errors.Is(err, ErrNotActive):
		return time.Time{}, nil
	case ctx.Err() != nil:
		return time.Time{}, ctx.Err()
	case p == nil:
		return time.Time{}, err
	}
	return p.next, nil
}

// pauseAfter is how long a peer is left alone after so many failures in a row. Chance keeps those that failed together from
// coming back together; the first pause is short, so that one bad answer is soon forgotten.
func pauseAfter(failures int) time.Duration {
	d := longestPause
	if failures < 12 { // 2¹¹ minutes are more than a day
		d = min(firstPause<<max(failures-1, 0), longestPause)
	}
	return d/2 + rand.N(d/2)
}

// untilPoll is the time to the next look at a peer that answers.
func untilPoll() time.Duration { return pollEvery*9/10 + rand.N(pollEvery/5) }
