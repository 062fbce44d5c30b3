package web

import (
	"context"
	"time"
)

// gate lets a fixed number of operations execute. A few may wait a moment for a turn; beyond them the answer is a quick
// refusal, because work that is admitted late helps nobody and slows what is admitted.
type gate struct {
	executing chan struct{}
	waiting   chan struct{}
	patience  time.Duration
	rejected  func()
}

func newGate(executing, queue int, patience time.Duration, rejected func()) *gate {
	return &gate{
		executing: make(chan struct{}, executing),
		waiting:   make(chan struct{}, queue),
		patience:  patience,
		rejected:  rejected,
	}
}

// enter returns errOverloaded, or what ends the turn.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-g.executing }
	select {
	case g.executing <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case g.waiting <- struct{}{}:
		defer func() { <-g.waiting }()
	default:
		g.rejected()
		return nil, errOverloaded
	}
	patience := time.NewTimer(g.patience)
	defer patience.Stop()
	select {
	case g.executing <- struct{}{}:
		return leave, nil
	case <-patience.C:
		g.rejected()
		return nil, errOverloaded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
