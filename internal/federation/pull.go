package federation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
)

// Pulled is what one look at a peer brought.
type Pulled struct {
	// Members were taken in, of which Refused were put aside.
	Members, Refused int
	// Behind is about how many members the peer still had when the look had had its share.
	Behind int64
	// Again tells that there is more: the next look goes on where this one ended.
	Again bool
	// next is when the peer is to be looked at again.
	next time.Time
}

// A look takes in so many members, and so many pages of one log: one with very much to say must not keep others waiting.
const (
	membersInARow = 2000
	pagesInARow   = 4
)

// aMoment is how long it takes until the next look after one that used its share and brought nothing: the peer has much to say that
// is known.
const aMoment = 15 * time.Second

// errMoved tells that somebody else took in the same log meanwhile.
var errMoved = errors.New("another process is reading this log")

// Pull looks at a peer now and takes in what is new, until its share is spent. It is safe beside others that do the same. progress
// is told after each page, when it is there.
func (f *Federation) Pull(ctx context.Context, peerID string, progress func(Pulled)) (Pulled, error) {
	p, err := f.look(ctx, peerID, progress, false)
	if p == nil {
		return Pulled{}, err
	}
	return *p, err
}

// puller is one look at a peer.
type puller struct {
	*Federation
	peer *ent.Peer
	left *allowance
	in   *introduction
	// seen is to when the logs of publishers are known to be complete, by the id of the row.
	seen map[string]time.Time
	// problem and detail are what is wrong with what the peer passes on, which is not its publishers' fault.
	problem, detail string
	// moved tells that more of what the peer passes on was read than before, also where nothing of it was new.
	moved bool
	// overtaken tells that another look took in the same log meanwhile.
	overtaken bool
	progress  func(Pulled)
	queued    bool
	// waiting are the logs in which withdrawals waited already for an administrator.
	waiting []*intake
	// behind is how many members there are still to come, by the address of the log.
	behind map[string]int64
	Pulled
}

// tell notes how many members of a log there are still to come.
func (p *puller) tell(feed string, behind int64) {
	p.behind[feed] = max(behind, 0)
	p.Behind = 0
	for _, n := range p.behind {
		p.Behind += n
	}
	p.progress(p.Pulled)
}

// look is Pull, with the moment of the next look. It gives nothing when nobody was asked. A look that is queued may come before
// its time.
func (f *Federation) look(ctx context.Context, peerID string, progress func(Pulled), queued bool) (*Pulled, error) {
	row, err := f.Catalog.Client.Peer.Get(ctx, peerID)
	if ent.IsNotFound(err) || err == nil && State(row.State) != Active {
		return nil, ErrNotActive
	} else if err != nil {
		return nil, fmt.Errorf("look up a peer: %w", err)
	}
	if progress == nil {
		progress = func(Pulled) {}
	}
	p := &puller{Federation: f, peer: row, left: newAllowance(), seen: map[string]time.Time{}, behind: map[string]int64{}, progress: progress, queued: queued}
	err = p.run(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err() // whoever asked has gone: that says nothing about the peer
	}
	gotSome := p.Members > 0 || len(p.seen) > 0 || p.moved
	switch {
	case errors.Is(err, errMoved), gotSome && (errors.Is(err, errSpent) || ctx.Err() != nil):
		p.Again, p.overtaken, err = true, errors.Is(err, errMoved), nil
	case err != nil && ctx.Err() == nil && problemOf(err) == "":
		return nil, err // this node failed, not the peer
	}
	return &p.Pulled, errors.Join(err, p.conclude(context.WithoutCancel(ctx), err))
}

// run reads what the peer's own publishers say, and then what it passes on.
func (p *puller) run(ctx context.Context) (err error) {
	if p.in, err = p.introduce(ctx, p.peer.BaseURL, p.left); err != nil {
		return err
	}
	if err := p.hear(ctx); err != nil {
		return err
	}
	// Those with a problem come last: reading them again must not use up what the others need.
	rows, err := p.Catalog.Client.Publisher.Query().Where(publisher.State(string(Active)), publisher.Home(p.peer.BaseURL)).
		Order(publisher.ByProblem(), publisher.BySeenAt(), publisher.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("look up who publishes there: %w", err)
	}
	for _, row := range rows {
		if !slices.ContainsFunc(p.in.own, func(c *Card) bool { return c.ID == row.Iri }) {
			continue // it no longer publishes there
		}
		if err := p.feed(ctx, row); err != nil {
			return err
		}
	}
	if err := p.relay(ctx); err != nil {
		return err
	}
	return p.lookAgain(ctx)
}

// hear keeps what the peer says of publishers, when it says something else than before.
func (p *puller) hear(ctx context.Context) error {
	if said, ok := p.heard.Get(p.peer.ID); ok && said == p.in.sum {
		return nil
	}
	if err := p.write(ctx, func(tx *ent.Client) error { return p.learn(ctx, tx, p.peer.ID, p.in) }); err != nil {
		return err
	}
	p.heard.Add(p.peer.ID, p.in.sum)
	return nil
}

// conclude writes down how a look went, and when the next one is.
func (p *puller) conclude(ctx context.Context, failed error) error {
	now := p.Catalog.Now()
	err := p.write(ctx, func(tx *ent.Client) error {
		u := tx.Peer.Update().Where(peer.ID(p.peer.ID)).SetAttemptedAt(now.UnixMilli()).SetBehind(p.Behind)
		switch {
		case failed != nil:
			pause := pauseAfter(p.peer.Failures + 1)
			var status *statusError
			if errors.As(failed, &status) {
				pause = max(pause, status.retryAfter)
			}
			p.next = now.Add(pause)
			if due := time.UnixMilli(p.peer.NextAt); p.queued && p.peer.Failures > 0 && due.Sub(now) > ringGap {
				// Somebody rang. That it failed is no reason to leave the peer alone for longer, or to come back sooner.
				p.next = due
				if status != nil && now.Add(status.retryAfter).After(due) {
					p.next = now.Add(status.retryAfter)
					p.rung.putOff(p.peer.ID, time.UnixMilli(p.next.UnixMilli()))
				}
			} else {
				u.AddFailures(1)
			}
			u.SetProblem(cmp.Or(problemOf(failed), NoAnswer)).SetDetail(shown(failed.Error()))
		case p.Again:
			p.next = now
			switch {
			case p.overtaken:
				p.next = now.Add(ringGap) // this look may have been for something newer than what the other one read
			case p.Members == 0:
				p.next = now.Add(aMoment)
			}
			u.SetFailures(0).SetProblem(p.problem).SetDetail(p.detail)
		default:
			p.next = now.Add(untilPoll())
			u.SetFailures(0).SetProblem(p.problem).SetDetail(p.detail).SetSucceededAt(now.UnixMilli())
		}
		if p.in != nil {
			u.SetName(p.in.name).SetSoftware(p.in.software)
		}
		if err := u.SetNextAt(p.next.UnixMilli()).Exec(ctx); err != nil {
			return err
		}
		for id, at := range p.seen {
			if err := tx.Publisher.Update().Where(publisher.ID(id), publisher.SeenAtLT(at.UnixMilli())).SetSeenAt(at.UnixMilli()).Exec(ctx); err != nil {
				return err
			}
		}
		return p.endAllowances(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("write down how the pull went: %w", err)
	}
	return nil
}

// feed reads the log of a publisher at its home from where it was read to. What is wrong with the log is written down; an error
// is of the peer as a whole, or of this node.
func (p *puller) feed(ctx context.Context, row *ent.Publisher) error {
	l, err := openIntake(row)
	switch {
	case err != nil:
		return err
	case l.waits(p.in.epoch):
		if row.Problem == TooManyDeletes {
			p.waiting = append(p.waiting, l)
		}
		return nil
	case p.in.epoch < row.Epoch:
		return p.stop(ctx, l, fault{Rewound, fmt.Sprintf("its node is at epoch %d and was at %d", p.in.epoch, row.Epoch), nil})
	case p.in.epoch > row.Epoch:
		l.begin(p.in.epoch) // absence never deletes: what it says again is known by its version
	}
	// after is the number before the first of what is read.
	n := max(l.at.Seq-1, 0) / PageSize
	after, compared := n*PageSize, l.at.Seq == 0
	for reads := 0; ; reads++ {
		if reads >= pagesInARow || p.Members >= membersInARow {
			p.Again = true
			return nil
		}
		page, err := p.page(ctx, row.Feed, l.at, n, after)
		if err != nil {
			return err
		}
		if page.same {
			if l.at.Seq == (n+1)*PageSize {
				n, after, compared = n+1, (n+1)*PageSize, true
				continue
			}
			return p.end(ctx, l)
		}
		known := l.at.Seq - after
		switch {
		case page.epoch != l.at.Epoch:
			p.Again = true // its node began anew just now
			return nil
		case known > int64(len(page.members)) && page.goesOn && known > 1:
			after = l.at.Seq - 1
			continue
		case known > int64(len(page.members)):
			return p.rewound(ctx, l)
		case !compared:
			if f := l.compare(page.members[known-1]); f != nil {
				return p.stop(ctx, l, *f)
			}
			compared = true
		}
		wrong := l.takeAll(page.members[known:])
		if err := p.keep(ctx, []*intake{l}, nil); err != nil {
			return err
		}
		switch {
		case l.braked:
			return p.lookAhead(ctx, l, n, after+int64(len(page.members)))
		case wrong != nil:
			return p.stop(ctx, l, *wrong)
		case page.goesOn:
			after += int64(len(page.members))
		case after+int64(len(page.members)) < (n+1)*PageSize:
			return p.end(ctx, l)
		default:
			n, after = n+1, (n+1)*PageSize
		}
		if err := p.measure(ctx, l); err != nil {
			return err
		}
	}
}

// pageRead is a page of a log of a peer.
type pageRead struct {
	epoch   int64
	members []json.RawMessage
	// same tells that nothing changed since the log was read to where it is.
	same bool
	// goesOn tells that more of the page follows after these members, at an address of its own.
	goesOn bool
}

// page reads page n of a log that was read to a place, or what follows after a number on it. An address that is not there is a
// page without members.
func (p *puller) page(ctx context.Context, feed string, at Place, n, after int64) (pageRead, error) {
	address := pageAddress(feed, at.Epoch, n, after)
	etag := ""
	if before, ok := p.pages.Get(address); ok && before.at == at {
		etag = before.etag
	}
	a, err := p.client.get(ctx, p.peer.BaseURL, address, etag, p.left)
	var status *statusError
	switch {
	case errors.As(err, &status) && status.status == http.StatusNotFound:
		return pageRead{epoch: at.Epoch}, nil
	case err != nil:
		return pageRead{}, err
	case a.body == nil:
		return pageRead{epoch: at.Epoch, same: true}, nil
	}
	epoch, members, rest, err := readPage(a.body)
	if err != nil {
		return pageRead{}, fmt.Errorf("%w: %w", errUnfit, err)
	}
	end := after + int64(len(members))
	goesOn := len(members) > 0 && end < (n+1)*PageSize && rest == pageAddress(feed, epoch, n, end)
	if at.Seq > 0 && at.Seq == end && !goesOn && a.etag != "" {
		p.pages.Add(address, pageKnown{etag: a.etag, at: at})
	}
	return pageRead{epoch: epoch, members: members, goesOn: goesOn}, nil
}

// pageKnown is a page in which a log was read to a place, and to its end.
type pageKnown struct {
	etag string
	at   Place
}

// measure tells how far there is to go, after a full page. It asks the log itself once how long it is.
func (p *puller) measure(ctx context.Context, l *intake) error {
	if l.length == 0 {
		a, err := p.client.get(ctx, p.peer.BaseURL, l.row.Feed, "", p.left)
		if err != nil {
			return err
		}
		if l.length, err = readLength(a.body); err != nil {
			return fmt.Errorf("%w: %w", errUnfit, err)
		}
	}
	p.tell(l.row.Feed, l.length-l.at.Seq)
	return nil
}

// readLength takes from the entrance of a log how many members it has.
func readLength(body []byte) (int64, error) {
	var root struct {
		Graph []struct {
			Seq string `json:"seq"`
		} `json:"graph"`
	}
	if err := json.Unmarshal(body, &root); err != nil || len(root.Graph) == 0 {
		return 0, fmt.Errorf("%w: the log does not describe itself", ErrMember)
	}
	n, ok := number(root.Graph[0].Seq)
	if !ok {
		return 0, fmt.Errorf("%w: the log does not say how long it is", ErrMember)
	}
	return n, nil
}

// end notes that a log was read to its end and nothing is wrong with it.
func (p *puller) end(ctx context.Context, l *intake) error {
	p.tell(l.row.Feed, 0)
	p.seen[l.row.ID] = p.Catalog.Now()
	if l.row.Problem == "" {
		return nil
	}
	return p.write(ctx, func(tx *ent.Client) error { return p.trouble(ctx, tx, l.row, "", "") })
}

// rewound tells that a log is shorter than it was, unless its node began anew just now.
func (p *puller) rewound(ctx context.Context, l *intake) error {
	again, err := p.introduce(ctx, p.peer.BaseURL, p.left)
	if err != nil {
		return err
	}
	if again.epoch != p.in.epoch {
		p.Again = true
		return nil
	}
	return p.stop(ctx, l, fault{Rewound, fmt.Sprintf("number %d was taken in, and its log ends before that", l.at.Seq), nil})
}

// stop notes why a log is not taken in further, with what was found there.
func (p *puller) stop(ctx context.Context, l *intake, f fault) error {
	return p.write(ctx, func(tx *ent.Client) error {
		if f.raw != nil {
			if err := p.putAside(ctx, tx, l.row, f.raw, f.problem, f.detail); err != nil {
				return err
			}
		}
		return p.trouble(ctx, tx, l.row, f.problem, f.detail)
	})
}

// keep writes what was verified of some logs, and whatever else belongs to the same step.
func (p *puller) keep(ctx context.Context, logs []*intake, also func(*ent.Client) error) error {
	members := 0
	for _, l := range logs {
		members += len(l.ready)
	}
	if members == 0 && also == nil {
		return nil
	}
	var taken, refused int
	err := p.Catalog.Write(identity.AsSystem(ctx), func(w *catalog.Writer) error {
		for _, l := range logs {
			n, aside, err := p.store(ctx, w, l)
			if err != nil {
				return err
			}
			taken, refused = taken+n, refused+aside
		}
		if also != nil {
			if err := also(w.Ent()); err != nil {
				return err
			}
		}
		return touch(ctx, w.Ent())
	})
	p.advance()
	if err != nil {
		return err
	}
	for _, l := range logs {
		l.settle()
	}
	p.Members, p.Refused = p.Members+taken, p.Refused+refused
	if taken > 0 {
		p.ring()
	}
	return nil
}
