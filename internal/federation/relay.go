package federation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/ent/publisher"
)

// relayed is the log of a publisher as far as a peer passes it on.
type relayed struct {
	*intake
	// waitsFrom is the number, among what is passed on, of the first member that is pending.
	waitsFrom int64
	// lost tells that what is passed on does not fit the log: the rest of it is not read this time.
	lost bool
	// emptied are the records of which a member came without its content.
	emptied map[string]bool
}

// relay reads what the peer passes on of others. The chain of each publisher tells what is new, whichever way it came. What does
// not fit it is passed over and says nothing against the publisher: the peer may miss something, or lie. Only what the publisher
// itself signed can stop it.
func (p *puller) relay(ctx context.Context) error {
	logs, err := p.relayedLogs(ctx)
	if err != nil || len(logs) == 0 {
		return err
	}
	at := Place{Epoch: p.peer.RelayEpoch, Seq: p.peer.RelaySeq}
	if at.Epoch != p.in.epoch {
		at = Place{Epoch: p.in.epoch}
	}
	feed, begin := p.peer.BaseURL+relayPath, at.Seq
	length := int64(0)
	for n, after := at.Seq/PageSize, at.Seq/PageSize*PageSize; ; {
		if p.Members >= membersInARow {
			p.Again = true
			return nil
		}
		page, err := p.page(ctx, feed, at, n, after)
		if err != nil {
			return err
		}
		known := at.Seq - after
		switch {
		case page.same:
			return p.endRelay(ctx, logs)
		case page.epoch != at.Epoch:
			p.Again = true // it began anew just now
			return nil
		case known > int64(len(page.members)) && page.goesOn:
			after = at.Seq
			continue
		case known > int64(len(page.members)):
			// It lost something. What comes instead is known by its numbers.
			return p.write(ctx, func(tx *ent.Client) error { return p.moveRelay(ctx, tx, Place{Epoch: at.Epoch}) })
		}
		if err := p.sort(ctx, logs, at.Seq, page.members[known:]); err != nil {
			return err
		}
		next := Place{Epoch: at.Epoch, Seq: after + int64(len(page.members))}
		isLast := !page.goesOn && next.Seq < (n+1)*PageSize
		to := Place{Epoch: at.Epoch, Seq: logs.waited(next.Seq, begin)}
		if isLast {
			to.Seq = logs.settled(next.Seq, n*PageSize)
		}
		if to != at || len(logs.ready()) > 0 {
			err := p.keep(ctx, logs.ready(), func(tx *ent.Client) error { return p.moveRelay(ctx, tx, to) })
			if err != nil {
				return err
			}
			p.moved = p.moved || to.Seq > at.Seq
		}
		if at = next; isLast {
			return p.endRelay(ctx, logs)
		}
		n, after = at.Seq/PageSize, at.Seq
		if length == 0 {
			a, err := p.client.get(ctx, p.peer.BaseURL, feed, "", p.left)
			if err != nil {
				return err
			}
			if length, err = readLength(a.body); err != nil {
				return fmt.Errorf("%w: %w", errUnfit, err)
			}
		}
		p.tell(feed, length-at.Seq)
	}
}

// relayedLogs are the logs that may be read from what is passed on, by their address.
type relayedLogs map[string]*relayed

func (p *puller) relayedLogs(ctx context.Context) (relayedLogs, error) {
	rows, err := p.Catalog.Client.Publisher.Query().Where(publisher.State(string(Active))).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up who is passed on: %w", err)
	}
	logs := relayedLogs{}
	for _, row := range rows {
		passedOn := false
		for _, c := range p.in.others {
			passedOn = passedOn || c.ID == row.Iri
		}
		if !passedOn {
			continue
		}
		l, err := openIntake(row)
		if err != nil {
			return nil, err
		}
		if !l.waits(row.Epoch) {
			logs[row.Feed] = &relayed{intake: l, emptied: map[string]bool{}}
		}
	}
	return logs, nil
}

// ready are the logs of which something can be written.
func (logs relayedLogs) ready() (out []*intake) {
	for _, l := range logs {
		if len(l.intake.ready) > 0 {
			out = append(out, l.intake)
		}
	}
	return out
}

// waited is where to go on when a look ends before what is passed on does: before what is pending, so that the signed member after
// it still finds it. What was pending since the begin of the look is given up: a look gets further than the one before it.
func (logs relayedLogs) waited(end, begin int64) int64 {
	for _, l := range logs {
		if len(l.pending) > 0 && l.waitsFrom-1 > begin {
			end = min(end, l.waitsFrom-1)
		}
	}
	return end
}

// settled is where to go on the next time: at the end, or before what is pending on this page. What is pending for longer is of a
// publisher that was forgotten by the peer. Where something did not fit, it is read from the begin: what it should follow on was
// passed over, or was damaged on the way.
func (logs relayedLogs) settled(end, pageBegin int64) int64 {
	for _, l := range logs {
		if l.lost {
			return 0
		}
		if len(l.pending) > 0 {
			end = min(end, max(l.waitsFrom-1, pageBegin))
		}
	}
	return end
}

// sort verifies the members of a page that follow a number, and puts them with their logs.
func (p *puller) sort(ctx context.Context, logs relayedLogs, after int64, raws []json.RawMessage) error {
	type found struct {
		log        *relayed
		epoch, seq int64
		read       *arrival
		err        error
	}
	all := make([]found, len(raws))
	known := map[*relayed][]int64{}
	for i, raw := range raws {
		feed, epoch, seq, ok := readMemberID(raw)
		l := logs[feed]
		if !ok || l == nil || l.lost || epoch < l.at.Epoch {
			continue
		}
		all[i] = found{log: l, epoch: epoch, seq: seq}
		if epoch == l.at.Epoch && seq <= l.at.Seq {
			known[l] = append(known[l], seq)
		}
	}
	hashes := map[*relayed]map[int64]string{}
	for l, seqs := range known {
		var err error
		if hashes[l], err = knownHashes(ctx, p.Catalog.Client, l.row, l.at.Epoch, seqs); err != nil {
			return err
		}
	}
	parallel(len(all), func(i int) {
		if x := &all[i]; x.log != nil && (x.epoch > x.log.at.Epoch || x.seq > x.log.at.Seq) {
			x.read, x.err = x.log.read(raws[i], x.epoch, x.seq-1)
		}
	})
	for i, x := range all {
		l := x.log
		if l == nil || l.lost || x.epoch < l.at.Epoch {
			continue
		}
		if x.epoch > l.at.Epoch && x.seq == 1 && x.err == nil {
			l.begin(x.epoch)
		}
		var wrong *fault
		switch hash, isKnown := hashes[l][x.seq]; {
		case x.epoch == l.at.Epoch && x.seq <= l.at.Seq:
			if isKnown && x.read == nil {
				wrong = l.differs(raws[i], x.epoch, x.seq, hash)
			}
		case x.err != nil:
			wrong = &fault{problemOfMember(x.err), x.err.Error(), raws[i]}
		case x.epoch != l.at.Epoch || x.seq != l.at.Seq+1 || x.read.Prev != l.at.Hash:
			l.lost = true
		default:
			l.take(x.read)
			if x.read.Redacted {
				l.emptied[x.read.Object] = true
			}
			if len(l.pending) == 1 {
				l.waitsFrom = after + int64(i) + 1
			}
		}
		if wrong == nil {
			continue
		}
		l.lost = true
		if wrong.problem == Forked {
			if err := p.stop(ctx, l.intake, *wrong); err != nil {
				return err
			}
			continue
		}
		p.problem, p.detail = wrong.problem, shown("what it passes on of "+l.row.Name+": "+wrong.detail)
		err := p.write(ctx, func(tx *ent.Client) error {
			return p.putAside(ctx, tx, l.row, wrong.raw, wrong.problem, wrong.detail)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readMemberID takes apart what a member calls itself.
func readMemberID(raw json.RawMessage) (feed string, epoch, seq int64, ok bool) {
	var m struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return "", 0, 0, false
	}
	feed, place, _ := strings.Cut(m.ID, "#")
	first, second, _ := strings.Cut(place, "-")
	epoch, epochOK := number(first)
	seq, seqOK := number(second)
	return feed, epoch, seq, epochOK && seqOK && seq > 0
}

// moveRelay remembers the place in what is passed on, unless it was decided meanwhile that all of it is read again.
func (p *puller) moveRelay(ctx context.Context, tx *ent.Client, to Place) error {
	n, err := tx.Peer.Update().Where(peer.ID(p.peer.ID), peer.RelayEpoch(p.peer.RelayEpoch), peer.RelaySeq(p.peer.RelaySeq)).
		SetRelayEpoch(to.Epoch).SetRelaySeq(to.Seq).Save(ctx)
	if err != nil {
		return fmt.Errorf("remember the place in what is passed on: %w", err)
	} else if n == 0 {
		return errMoved
	}
	p.peer.RelayEpoch, p.peer.RelaySeq = to.Epoch, to.Seq
	return nil
}

// endRelay notes that everything was read that the peer passes on. It says itself to when that is complete.
func (p *puller) endRelay(ctx context.Context, logs relayedLogs) error {
	p.tell(p.peer.BaseURL+relayPath, 0)
	for _, l := range logs {
		if err := p.withheld(ctx, l); err != nil {
			return err
		}
		if at, ok := p.in.seen[l.row.Feed]; ok && !l.lost && !l.braked {
			p.seen[l.row.ID] = time.UnixMilli(min(at.UnixMilli(), p.Catalog.Now().UnixMilli()))
		}
	}
	return nil
}

// withheld notes that members came without their content for no reason. A publisher empties those of what it withdrew afterwards;
// others can empty them to keep something from us.
func (p *puller) withheld(ctx context.Context, l *relayed) error {
	if len(l.emptied) == 0 || len(l.pending) > 0 || l.braked {
		return nil
	}
	objects := slices.Collect(maps.Keys(l.emptied))
	withdrawn, err := p.Catalog.Client.Member.Query().Where(member.PublisherID(l.row.OrganizationID), member.Type(string(Delete)), member.ObjectIn(objects...)).
		Unique(true).Select(member.FieldObject).Strings(ctx)
	if err != nil {
		return fmt.Errorf("look up what was withdrawn: %w", err)
	}
	if n := len(objects) - len(withdrawn); n > 0 {
		p.problem, p.detail = BadProof, shown(fmt.Sprintf("it passes on %d records of %s without their content, which were not withdrawn", n, l.row.Name))
	}
	return nil
}
