package render

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

var (
	// ErrBusy is returned when every machine works and enough others wait already.
	ErrBusy = errors.New("rendering is too busy")
	// ErrLate is returned when a call took longer than the limit.
	ErrLate = errors.New("rendering took too long")
)

// Config is what a [Renderer] is made of. Fields that are zero have their defaults.
type Config struct {
	// Program is the server bundle. Required.
	Program []byte
	// Machines run programs side by side, each with a heap of its own of a few megabytes; GOMAXPROCS.
	Machines int
	// Queue is how many calls may wait for a machine; twice Machines.
	Queue int
	// Limit is how long one call may run; with the time that it waits for a machine it may take twice as long. 250 ms.
	Limit time.Duration
	// MaxUnits is the size of what a call may give, in UTF-16 units; 2 Mi.
	MaxUnits int
}

// Renderer runs the bundle on a fixed number of machines. It is safe for use by many at once.
type Renderer struct {
	assembly *assembly
	limit    time.Duration
	maxUnits int

	places chan struct{} // one for each call that is running or waiting
	calls  chan *call
	closed chan struct{}
}

// New compiles the bundle and runs it once, so that one that cannot work is known at the start. Close ends it.
func New(c Config) (*Renderer, error) {
	machines := cmp.Or(c.Machines, runtime.GOMAXPROCS(0))
	room := machines + cmp.Or(c.Queue, 2*machines)
	assembly, err := assemble(c.Program)
	if err != nil {
		return nil, err
	}
	first, err := assembly.start()
	if err != nil {
		return nil, fmt.Errorf("starting the server bundle: %w", err)
	}
	r := &Renderer{
		assembly: assembly,
		limit:    cmp.Or(c.Limit, 250*time.Millisecond),
		maxUnits: cmp.Or(c.MaxUnits, 2<<20),
		places:   make(chan struct{}, room),
		calls:    make(chan *call, room),
		closed:   make(chan struct{}),
	}
	go r.work(first)
	for range machines - 1 {
		go r.work(nil)
	}
	return r, nil
}

// Close ends the machines; calls that wait for one are answered with [ErrBusy] or [ErrLate].
func (r *Renderer) Close() { close(r.closed) }

// call is one function of the bundle with its arguments.
type call struct {
	ctx      context.Context
	function string
	args     []string
	begun    atomic.Bool
	result   chan result // has room for one, so that nobody has to wait for it
}

type result struct {
	text string
	err  error
}

// call returns what the function returned. It comes back in time, also when the machine cannot be stopped.
func (r *Renderer) call(ctx context.Context, function string, args ...string) (string, error) {
	select {
	case r.places <- struct{}{}:
	default:
		return "", ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, 2*r.limit)
	defer cancel()
	c := &call{ctx: ctx, function: function, args: args, result: make(chan result, 1)}
	r.calls <- c // never waits: there is room for as many as there are places
	select {
	case out := <-c.result:
		return out.text, out.err
	case <-ctx.Done():
	}
	switch {
	case !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", ctx.Err()
	case c.begun.Load():
		return "", ErrLate
	default:
		return "", ErrBusy
	}
}

// work runs calls on one machine. After an error the machine may be in any state, so the next call gets a new one; it
// is made when the answer is out, while the other machines take what waits.
func (r *Renderer) work(m *machine) {
	for {
		if m == nil {
			m, _ = r.assembly.start() // when that fails it is tried again for a call, which gets the error
		}
		select {
		case <-r.closed:
			return
		case c := <-r.calls:
			m = r.answer(m, c)
			<-r.places
		}
	}
}

// answer returns the machine when it can be used again.
func (r *Renderer) answer(m *machine, c *call) *machine {
	if c.ctx.Err() != nil {
		return m // nobody waits any more
	}
	c.begun.Store(true)
	if m == nil {
		var err error
		if m, err = r.assembly.start(); err != nil {
			c.result <- result{err: fmt.Errorf("starting a new machine: %w", err)}
			return nil
		}
	}
	text, err := m.run(r.limit, r.maxUnits, c.function, c.args)
	c.result <- result{text, err}
	if err != nil {
		return nil
	}
	return m
}
