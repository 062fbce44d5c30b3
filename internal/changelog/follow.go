package changelog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
)

// Follower takes in the changes, each once and in order.
type Follower interface {
	// Position is the number of the last change that was taken in.
	Position(context.Context) (int64, error)
	// Apply takes in changes and remembers the number of the last one in the same step, so that a follower that was
	// stopped anywhere catches up from where it really was.
	Apply(context.Context, []*ent.Change) error
}

// batch is how many changes a follower gets at a time.
const batch = 200

// Follow gives a follower the changes as they come until the context ends. A follower that fails is tried again, with
// a growing pause of at most 30 seconds.
func (l *Log) Follow(ctx context.Context, f Follower, report func(error)) {
	pause := time.Duration(0)
	for ctx.Err() == nil {
		wake := l.Changed()
		err := l.CatchUp(ctx, f)
		if err == nil {
			pause = 0
			select {
			case <-ctx.Done():
			case <-wake:
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		report(err)
		pause = min(max(2*pause, 250*time.Millisecond), 30*time.Second)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// CatchUp gives a follower all changes that there are now.
func (l *Log) CatchUp(ctx context.Context, f Follower) error {
	for {
		at, err := f.Position(ctx)
		if err != nil {
			return fmt.Errorf("follow: %w", err)
		}
		cs, err := l.Since(ctx, at, batch)
		if err != nil {
			return err
		}
		if len(cs) == 0 {
			return nil
		}
		if err := f.Apply(ctx, cs); err != nil {
			return fmt.Errorf("follow change %d: %w", cs[0].ID, err)
		}
	}
}
