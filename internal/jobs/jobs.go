// Package jobs is durable background work: what has to happen once, whichever replica does it, and what has to happen
// again and again. A job is a row; whoever claims it has it for the time of a lease, and who dies loses it with the
// lease. A job may therefore run more than once: handlers are idempotent. There is no leader and nothing to configure.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/job"
	"github.com/udc-community/plein/ent/predicate"
)

// Job is one piece of work.
type Job struct {
	// Key is what it is about; there is one job with a key at most.
	Key string
	// Kind names the handler.
	Kind string
	// Args are for the handler alone.
	Args []byte
	// RunAt is when it may run; the zero moment is at once.
	RunAt time.Time
}

// Handler does the work of a kind. It must bear being run again after it was interrupted anywhere. The context ends
// with the lease. A handler that gives a moment is run again then; otherwise the job is done. One that fails is tried
// again later.
type Handler func(ctx context.Context, j Job) (again time.Time, err error)

// Queue runs jobs. Several queues, in one process or in many, share the work of one database.
type Queue struct {
	// Client looks whether there is work; Begin starts a write, which takes no number of a log.
	Client *ent.Client
	Begin  func(context.Context) (*ent.Tx, error)
	// Dialect is that of the database.
	Dialect string
	Now     func() time.Time
	// Handlers by kind. Jobs of other kinds are left to those who know them, such as a newer replica.
	Handlers map[string]Handler
	// Lease is how long a handler has; zero is 5 minutes.
	Lease time.Duration
	// Woken makes Run look at once, for work that should not wait for its next look. Optional.
	Woken <-chan struct{}
	// Report is told what went wrong with a job, or with the database.
	Report func(key string, err error)
}

const (
	defaultLease = 5 * time.Minute
	// pollEvery is how soon a job is noticed that became due. Looking costs one read of one index.
	pollEvery = time.Second
	// grace is how long a handler may go on after it was asked to stop.
	grace = 10 * time.Second
	// Pauses after a failure: the first, doubled each time, and the longest.
	firstPause, longestPause = time.Second, time.Hour
)

// Enqueue adds a job in the caller's transaction: it is there if and when the rest of the transaction is. A key that is
// there already stays one job and runs at the earlier of both moments, with the arguments that it had. When somebody
// is running it just then it runs once more, so that what was asked during a run is not lost.
func Enqueue(ctx context.Context, tx *ent.Tx, j Job) error {
	err := tx.Job.Create().SetID(j.Key).SetKind(j.Kind).SetArgs(j.Args).SetRunAt(millis(j.RunAt)).
		OnConflict(sql.ConflictColumns(job.FieldID), sql.ResolveWith(func(u *sql.UpdateSet) {
			// Never quite the moment that it was: who is running it has a lease until exactly then, and does not finish
			// what is another's by now.
			u.Set(job.FieldRunAt, sql.Expr("CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at - 1 END"))
		})).Exec(ctx)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Key, err)
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Every makes a handler of something that is done again so long after it was done.
func (q *Queue) Every(period time.Duration, do func(context.Context) error) Handler {
	return func(ctx context.Context, _ Job) (time.Time, error) {
		return q.Now().Add(period), do(ctx)
	}
}

// Run works until the context ends, with so many jobs at a time. It returns when what was under way has ended; that has
// a short time to do so.
func (q *Queue) Run(ctx context.Context, workers int) {
	handling, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			stop()
		case <-handling.Done():
		}
	})()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for ctx.Err() == nil {
				if q.next(ctx, handling) {
					continue
				}
				select {
				case <-ctx.Done():
				case <-q.Woken:
				case <-time.After(pollEvery):
				}
			}
		})
	}
	running.Wait()
}

// Work runs what is due now, one by one, and tells how many jobs that were.
func (q *Queue) Work(ctx context.Context) (n int) {
	for ctx.Err() == nil && q.next(ctx, ctx) {
		n++
	}
	return n
}

// next runs one job, if there is one. Looking ends with ctx, handling with its own context.
func (q *Queue) next(ctx, handling context.Context) bool {
	c, err := q.claim(ctx)
	if err != nil {
		if ctx.Err() == nil {
			q.report("", err)
		}
		return false
	}
	if c == nil {
		return false
	}
	again, err := q.handle(handling, c)
	// Whatever ended the work, what came of it is written down.
	after := context.WithoutCancel(handling)
	switch {
	case err != nil && handling.Err() != nil:
		err = q.settle(after, c, q.Now(), c.attempts-1) // interrupted, not failed
	case err != nil:
		q.report(c.Key, err)
		err = q.settle(after, c, q.Now().Add(pause(c.attempts)), c.attempts)
	case again.IsZero():
		err = q.finish(after, c)
	default:
		err = q.settle(after, c, again, 0)
	}
	if err != nil {
		q.report(c.Key, err)
	}
	return true
}

func (q *Queue) report(key string, err error) {
	if q.Report != nil {
		q.Report(key, err)
	}
}

func (q *Queue) handle(ctx context.Context, c *claim) (again time.Time, err error) {
	ctx, stop := context.WithTimeout(ctx, q.lease())
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", c.Key, p)
		}
	}()
	return q.Handlers[c.Kind](ctx, c.Job)
}

func (q *Queue) lease() time.Duration {
	if q.Lease == 0 {
		return defaultLease
	}
	return q.Lease
}

// pause after so many failures in a row. Chance keeps those that failed together from coming back together.
func pause(attempts int) time.Duration {
	d := longestPause
	if attempts < 13 { // 2¹² seconds are more than an hour
		d = min(firstPause<<max(attempts-1, 0), longestPause)
	}
	return d/2 + rand.N(d)
}

// claim is a job that somebody has until a moment. Attempts together with that moment are the fencing token: attempts
// alone would come back when a key is done and asked for again.
type claim struct {
	Job
	attempts int
	until    int64
}

// claim takes the job that is due longest. It gives nil when there is none.
func (q *Queue) claim(ctx context.Context) (*claim, error) {
	now := q.Now()
	// Most looks find nothing: they are no writes.
	due, err := q.Client.Job.Query().Where(q.due(now)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for jobs: %w", err)
	}
	if !due {
		return nil, nil
	}
	tx, err := q.Begin(ctx)
	if err != nil {
		return nil, err
	}
	c, err := q.take(ctx, tx, now)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("claim a job: %w", err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("claim a job: %w", err)
	}
	return c, nil
}

func (q *Queue) due(now time.Time) predicate.Job {
	kinds := make([]string, 0, len(q.Handlers))
	for k := range q.Handlers {
		kinds = append(kinds, k)
	}
	return job.And(job.RunAtLTE(now.UnixMilli()), job.KindIn(kinds...))
}

func (q *Queue) take(ctx context.Context, tx *ent.Tx, now time.Time) (*claim, error) {
	first := sql.Dialect(q.Dialect).Select(job.FieldID).From(sql.Table(job.Table)).OrderBy(job.FieldRunAt, job.FieldID).Limit(1)
	q.due(now)(first)
	if q.Dialect == dialect.Postgres {
		first.For(sql.LockUpdate, sql.WithLockAction(sql.SkipLocked))
	}
	until := now.Add(q.lease()).UnixMilli()
	statement, args := sql.Dialect(q.Dialect).Update(job.Table).Set(job.FieldRunAt, until).Add(job.FieldAttempts, 1).
		Where(sql.In(job.FieldID, first)).Returning(job.FieldID, job.FieldKind, job.FieldArgs, job.FieldAttempts).Query()
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err() // another was first
	}
	c := &claim{until: until}
	if err := rows.Scan(&c.Key, &c.Kind, &c.Args, &c.attempts); err != nil {
		return nil, err
	}
	return c, rows.Err()
}

// mine tells whether a job is still the one that was claimed: nobody else has taken it or asked for it since.
func (c *claim) mine() predicate.Job {
	return job.And(job.ID(c.Key), job.Attempts(c.attempts), job.RunAt(c.until))
}

// finish takes a job away.
func (q *Queue) finish(ctx context.Context, c *claim) error {
	return q.write(ctx, c, func(tx *ent.Tx) error {
		_, err := tx.Job.Delete().Where(c.mine()).Exec(ctx)
		return err
	})
}

// settle puts a job back for a moment.
func (q *Queue) settle(ctx context.Context, c *claim, at time.Time, attempts int) error {
	return q.write(ctx, c, func(tx *ent.Tx) error {
		return tx.Job.Update().Where(c.mine()).SetRunAt(at.UnixMilli()).SetAttempts(attempts).Exec(ctx)
	})
}

func (q *Queue) write(ctx context.Context, c *claim, do func(*ent.Tx) error) error {
	tx, err := q.Begin(ctx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(fmt.Errorf("write down what came of %s: %w", c.Key, err), tx.Rollback())
	}
	return tx.Commit()
}
