package demand

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/miss"
)

// Counter counts in memory and writes sums. Several counters, in one process or in many, add up in one database.
type Counter struct {
	// Begin starts a write, which takes no number of a log.
	Begin func(context.Context) (*ent.Tx, error)
	// Dialect is that of the database.
	Dialect string
	Now     func() time.Time
	Logger  *slog.Logger

	mu      sync.Mutex
	pending map[sum]int
	today   day
}

// sum is what visitors are added up by.
type sum struct{ month, words string }

// day tells the visitors of one day apart.
type day struct {
	date string
	key  maphash.Seed
	// marks are of a visitor with a text, texts how many of them each visitor has.
	marks map[uint64]struct{}
	texts map[uint64]int
}

// Bounds of what one process counts, so that strangers can fill neither memory nor database. What comes after is not
// counted: forgetting marks instead would count a visitor twice.
const (
	mostADay   = 10_000 // visitors with a text in a day, and sums that wait to be written
	mostOfEach = 100    // texts of one visitor in a day
)

// flushEvery is how much a crash loses at most.
const flushEvery = time.Minute

// Count takes in that a visitor searched for something and found nothing. It does not wait for the database.
func (c *Counter) Count(visitor netip.Prefix, query string) {
	words := normal(query)
	if words == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now().UTC()
	c.turn(now)
	who := maphash.Comparable(c.today.key, visitor)
	mark := maphash.Comparable(c.today.key, struct {
		visitor netip.Prefix
		words   string
	}{visitor, words})
	if _, known := c.today.marks[mark]; known || len(c.today.marks) >= mostADay || c.today.texts[who] >= mostOfEach || len(c.pending) >= mostADay {
		return
	}
	c.today.marks[mark] = struct{}{}
	c.today.texts[who]++
	c.add(sum{Month(now), words}, 1)
}

func (c *Counter) add(s sum, visitors int) {
	if c.pending == nil {
		c.pending = map[sum]int{}
	}
	c.pending[s] += visitors
}

// turn forgets the visitors of the day before.
func (c *Counter) turn(now time.Time) {
	if date := now.Format(time.DateOnly); date != c.today.date {
		c.today = day{date: date, key: maphash.MakeSeed(), marks: map[uint64]struct{}{}, texts: map[uint64]int{}}
	}
}

// Run writes what was counted every minute, and a last time when the context ends.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			c.flushOrLog(ctx)
		case <-ctx.Done():
		}
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	c.flushOrLog(last)
}

func (c *Counter) flushOrLog(ctx context.Context) {
	if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
		c.Logger.ErrorContext(ctx, "counts of searches in vain wait to be written", "error", err)
	}
}

// Flush writes what was counted since the last time, in one transaction. What cannot be written waits for the next.
func (c *Counter) Flush(ctx context.Context) error {
	c.mu.Lock()
	taken := c.pending
	c.pending = nil
	c.turn(c.Now().UTC())
	c.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := c.write(ctx, func(tx *ent.Tx) error { return c.sums(ctx, tx, taken) })
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for s, n := range taken {
			c.add(s, n)
		}
		return fmt.Errorf("write what was searched for in vain: %w", err)
	}
	return nil
}

func (c *Counter) write(ctx context.Context, do func(*ent.Tx) error) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// addition is what a flush adds to one row.
type addition struct {
	id string
	sum
	visitors int
}

// perStatement is how many rows go into one statement.
const perStatement = 500

// sums adds to the rows, and gives those their words that have the visitors for it.
func (c *Counter) sums(ctx context.Context, tx *ent.Tx, taken map[sum]int) error {
	keys := map[string][]byte{}
	var all []addition
	for s, n := range taken {
		if s.month < c.firstOpen() {
			continue // it waited for so long that the key of the month may be gone
		}
		if keys[s.month] == nil {
			var err error
			if keys[s.month], err = key(ctx, tx, s.month); err != nil {
				return err
			}
		}
		all = append(all, addition{id(keys[s.month], s.words), s, n})
	}
	// Replicas that write the same rows in the same order wait for each other; in another order they would lock up.
	slices.SortFunc(all, func(a, b addition) int { return strings.Compare(a.id, b.id) })
	words := map[string]string{}
	for _, a := range all {
		words[a.id] = a.words
	}
	for part := range slices.Chunk(all, perStatement) {
		due, err := c.upsert(ctx, tx, part)
		if err != nil {
			return err
		}
		for _, id := range due {
			if err := tx.Miss.Update().Where(miss.ID(id)).SetWords(words[id]).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// upsert adds to rows and gives the ids of those that are due their words. The words are no part of the statement:
// those of rows that are not due never reach the database.
func (c *Counter) upsert(ctx context.Context, tx *ent.Tx, part []addition) (due []string, err error) {
	insert := sql.Dialect(c.Dialect).Insert(miss.Table).Columns(miss.FieldID, miss.FieldMonth, miss.FieldWords, miss.FieldVisitors)
	for _, a := range part {
		insert.Values(a.id, a.month, "", a.visitors)
	}
	statement, args := insert.OnConflict(sql.ConflictColumns(miss.FieldID), sql.ResolveWith(func(u *sql.UpdateSet) {
		u.Set(miss.FieldVisitors, sql.Expr("misses.visitors + excluded.visitors"))
	})).Returning(miss.FieldID, miss.FieldWords, miss.FieldVisitors).Query()
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, words string
		var visitors int
		if err := rows.Scan(&id, &words, &visitors); err != nil {
			return nil, err
		}
		if visitors >= AtLeast && words == "" {
			due = append(due, id)
		}
	}
	return due, rows.Err()
}

// key is what hides the texts of a month. It lies in a row of no visitors whose id is the month, so that it is deleted
// with the rows that it hides.
func key(ctx context.Context, tx *ent.Tx, month string) ([]byte, error) {
	row, err := tx.Miss.Get(ctx, month)
	if ent.IsNotFound(err) {
		fresh := rand.Text()
		// Of two replicas that make it at once one is first; the other takes that one's.
		if err := tx.Miss.Create().SetID(month).SetMonth(month).SetWords(fresh).SetVisitors(0).OnConflictColumns(miss.FieldID).Ignore().Exec(ctx); err != nil {
			return nil, fmt.Errorf("make the key of %s: %w", month, err)
		}
		row, err = tx.Miss.Get(ctx, month)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of %s: %w", month, err)
	}
	return []byte(row.Words), nil
}

// id of a row: 128 bits, which nobody can make of the text without the key.
func id(key []byte, words string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(words)) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// firstOpen is the first month that is still written: one closes a day after its end, when every process has written
// what it had of it.
func (c *Counter) firstOpen() string { return Month(c.Now().Add(-24 * time.Hour)) }

// Prune deletes what a closed month has below [AtLeast], with its key, and all of months that are too old.
func (c *Counter) Prune(ctx context.Context) error {
	now := c.Now().UTC()
	oldest := Month(time.Date(now.Year(), now.Month()-keptMonths, 1, 0, 0, 0, 0, time.UTC))
	err := c.write(ctx, func(tx *ent.Tx) error {
		_, err := tx.Miss.Delete().Where(miss.Or(miss.MonthLT(oldest), miss.And(miss.MonthLT(c.firstOpen()), miss.VisitorsLT(AtLeast)))).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete what was searched for in vain long ago: %w", err)
	}
	return nil
}
