package identity

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTwoHashAtOnceAndTheOthersWaitForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPasswords(Params{Time: 1, Memory: 8, Threads: 1})
		p.slots = make(chan struct{}, cap(p.slots)) // of this bubble
		for range atOnce {
			p.slots <- struct{}{}
		}
		began := time.Now()
		if _, err := p.hash(t.Context(), "x"); !errors.Is(err, ErrBusy) || time.Since(began) != queueing || p.Hashed() != 0 {
			t.Errorf("after %s with %d hashes: %v", time.Since(began), p.Hashed(), err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := p.verify(ctx, "", "x"); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
		<-p.slots
		if _, err := p.hash(t.Context(), "x"); err != nil || p.Hashed() != 1 {
			t.Error(err)
		}
	})
}
