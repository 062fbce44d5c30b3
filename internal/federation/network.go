package federation

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/ent/quarantined"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// State is how the exchange with a node or a publisher stands.
type State string

// States. All but Unreachable are decided by an administrator and stored.
const (
	Proposed State = "PROPOSED"
	Active   State = "ACTIVE"
	Paused   State = "PAUSED"
	Blocked  State = "BLOCKED"
	// Unreachable is Active, without an answer for longer than unreachableAfter.
	Unreachable State = "UNREACHABLE"
)

const (
	// unreachableAfter is for how long a node does not answer before that is told.
	unreachableAfter = time.Hour
	// staleAfter is for how long nothing was heard of a publisher before its records are called old.
	staleAfter = 30 * 24 * time.Hour
	// versionPrefix begins the ids of frozen versions of templates, which are no records of their own to readers.
	versionPrefix = "tpv_"
	// lookEvery is how soon writes of other processes, and the passing of time, are noticed.
	lookEvery = time.Second
)

// Node is this node or another one. What is known of another one comes from its row as a peer, or only from the cards of
// those who publish on it, which a third node passed on.
type Node struct {
	ID, BaseURL, Name, Software string
	IsSelf                      bool
	// IsDirect tells that it is a peer.
	IsDirect bool
	State    State
	// The zero time is never.
	AddedAt, AttemptedAt, SucceededAt, NextAt time.Time
	// Problem is what went wrong at the last attempt, as a code, with words; both are empty when nothing did.
	Problem, Detail string
	// Behind is how many members it had that were not here yet.
	Behind int
	// Records is how many copies of its publishers' records are here; for this node itself it is not counted here.
	Records    int
	Publishers []*Publisher
}

// Publisher is an organisation that publishes elsewhere under its own key.
type Publisher struct {
	ID, IRI, Name string
	// OrganizationID is what it is here; empty until it is admitted.
	OrganizationID string
	State          State
	// Fingerprint is that of its key. ShownFingerprint is of the one that it shows instead, while nothing vouches for that.
	Fingerprint, ShownFingerprint string
	// SeenAt is when its log was read to its end last; zero while the first pull goes on.
	SeenAt  time.Time
	IsStale bool
	// Problem keeps its log from being taken in; Detail says it in words.
	Problem, Detail string
	// WaitingDeletes is how many withdrawals wait for an administrator. Waiting are the records that they erase, as far as was
	// looked, in the order of their addresses.
	WaitingDeletes int
	Waiting        []Waiting
	Records        int
	Quarantined    int
	Node           *Node
}

// Waiting is a record of which the withdrawal waits for an administrator.
type Waiting struct {
	// ID is the one that it has here, URI its canonical address.
	ID, URI string
}

// IsNode marks what has an id of its own.
func (*Node) IsNode() {}

// IsNode marks what has an id of its own.
func (*Publisher) IsNode() {}

// Network is what is known of other nodes at one moment. It is immutable: readers share it without a lock. That of a nil
// federation is nil, and knows nobody.
type Network struct {
	peers          []*Node // by name
	nodes          map[string]*Node
	publishers     map[string]*Publisher
	byOrganization map[string]*Publisher
	homes          map[string]string
	keys           []PublisherKey
	generation     string
}

// Network is what is known of other nodes now. It costs one atomic load.
func (f *Federation) Network() *Network {
	if f == nil {
		return nil
	}
	return f.network.Load()
}

// Peers are all other nodes, by name.
func (n *Network) Peers() []*Node {
	if n == nil {
		return nil
	}
	return n.peers
}

// Node by its id; nil when unknown.
func (n *Network) Node(id string) *Node {
	if n == nil {
		return nil
	}
	return n.nodes[id]
}

// Publisher by its id; nil when unknown.
func (n *Network) Publisher(id string) *Publisher {
	if n == nil {
		return nil
	}
	return n.publishers[id]
}

// PublisherOf is who publishes the copies that an organisation has here; nil when nobody does.
func (n *Network) PublisherOf(organizationID string) *Publisher {
	if n == nil {
		return nil
	}
	return n.byOrganization[organizationID]
}

// Homes has the id of the node of everybody whose copies are here, by the organisation here. It is not to be changed.
func (n *Network) Homes() map[string]string {
	if n == nil {
		return nil
	}
	return n.homes
}

// Keys are the present ones of the organisations that publish here, in the order of their names.
func (n *Network) Keys() []PublisherKey {
	if n == nil {
		return nil
	}
	return n.keys
}

// Generation names what answers of this network look like: it changes with states, names and counts and once an hour, which
// is as precisely as strangers are told when a node was seen; not with each successful pull.
func (n *Network) Generation() string {
	if n == nil {
		return ""
	}
	return n.generation
}

// Missing are the nodes of which records may not be here, or be old, and that were admitted.
func (n *Network) Missing() (out []*Node) {
	for _, p := range n.Peers() {
		if p.isMissing() {
			out = append(out, p)
		}
	}
	return out
}

func (n *Node) isMissing() bool {
	switch n.State {
	case Unreachable, Paused:
		return true
	case Active:
		return n.SucceededAt.IsZero() || n.IsStale()
	}
	return false
}

// IsStale tells whether one of its publishers was not heard of for long.
func (n *Node) IsStale() bool {
	return slices.ContainsFunc(n.Publishers, func(p *Publisher) bool { return p.State == Active && p.IsStale })
}

// Lag is for how long it could not be reached; 0 when the last attempt succeeded.
func (n *Node) Lag(precision time.Duration) time.Duration {
	return max(0, n.AttemptedAt.Truncate(precision).Sub(n.SucceededAt.Truncate(precision)))
}

// Beginnings of ids.
const (
	NodePrefix      = "nod_"
	PublisherPrefix = "pub_"
)

// IsID tells whether an id is of a node or of a publisher.
func IsID(id string) bool {
	return strings.HasPrefix(id, NodePrefix) || strings.HasPrefix(id, PublisherPrefix)
}

// NodeID is the id of the node at an address, the same everywhere.
func NodeID(base string) string { return NodePrefix + shortHash(base) }

// PublisherID is the id of the publisher with an address, the same everywhere.
func PublisherID(iri string) string { return PublisherPrefix + shortHash(iri) }

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// Self is this node as others see it, whether it exchanges or not.
func Self(ref *record.Reference, base, software string) *Node {
	var own []string
	for _, o := range ref.AllOrganizations() {
		if o.Custody == record.CustodyOwn {
			own = append(own, o.Name)
		}
	}
	return &Node{ID: NodeID(base), BaseURL: base, Name: nameOf(base, own), Software: software, IsSelf: true, IsDirect: true, State: Active}
}

// nameOf is what a node is called: after its only publisher, else after its host.
func nameOf(base string, publishers []string) string {
	if len(publishers) == 1 {
		return publishers[0]
	}
	return hostOf(base)
}

// Here is an organisation that publishes on this node, as others see it.
func Here(self *Node, o *record.Organization, k PublisherKey) *Publisher {
	return &Publisher{ID: PublisherID(o.URI), IRI: o.URI, Name: o.Name, OrganizationID: o.ID, State: Active, Fingerprint: k.Fingerprint, Node: self}
}

func hostOf(base string) string {
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		return u.Host
	}
	return base
}

// Elsewhere is a node of which nothing is known but the address of something on it.
func Elsewhere(uri string) *Node {
	base, _, _ := strings.Cut(uri, "/id/")
	return &Node{ID: NodeID(base), BaseURL: base, Name: hostOf(base), State: Blocked}
}

// followNetwork keeps what is in memory of other nodes up to date until the context ends.
func (f *Federation) followNetwork(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := f.Refresh(ctx); err != nil && ctx.Err() == nil {
			f.Logger.ErrorContext(ctx, "what is known of other nodes is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C: // a pull writes many times a second
		}
	}
}

// Refresh reads again what is known of other nodes, where something was written about them or the clock changed it.
// It happens by itself within a second; whoever cannot wait calls it.
func (f *Federation) Refresh(ctx context.Context) error {
	f.loading.Lock()
	defer f.loading.Unlock()
	version, err := f.Version(ctx)
	if err != nil {
		return err
	}
	now := f.Catalog.Now()
	minute := now.Truncate(time.Minute)
	if f.network.Load() != nil && version == f.known.version && minute.Equal(f.known.minute) {
		return nil
	}
	if f.network.Load() == nil || version != f.known.version {
		if err := f.known.read(ctx, f.Catalog); err != nil {
			return err
		}
		if f.known.keys, err = f.Keys(ctx); err != nil {
			return err
		}
	}
	f.known.version, f.known.minute = version, minute
	f.network.Store(f.known.network(now))
	return nil
}

// rows is what was last read of the database.
type rows struct {
	// version is that of the federation when it was read, minute when a network was made of it last.
	version    int64
	minute     time.Time
	peers      []*ent.Peer
	publishers []*ent.Publisher
	keys       []PublisherKey
	// records and quarantined count by organisation. Records were counted when this was the last change.
	records, quarantined map[string]int
	head                 int64
	// waiting are the records of which the withdrawal waits, by organisation.
	waiting map[string][]Waiting
}

// read takes at most six statements, however many nodes there are. Copies are counted again only
// after a change of records.
func (k *rows) read(ctx context.Context, from *catalog.Catalog) error {
	c := from.Client
	head, err := from.Log.Head(ctx)
	if err != nil {
		return err
	}
	if k.peers, err = c.Peer.Query().Order(peer.ByID()).All(ctx); err != nil {
		return fmt.Errorf("read the peers: %w", err)
	}
	without := []string{publisher.FieldID, publisher.FieldIri, publisher.FieldName, publisher.FieldHome, publisher.FieldOrganizationID, publisher.FieldPeerID,
		publisher.FieldState, publisher.FieldKey, publisher.FieldKeyShown, publisher.FieldSeenAt, publisher.FieldProblem, publisher.FieldDetail, publisher.FieldDeletesWaiting}
	if k.publishers, err = c.Publisher.Query().Order(publisher.ByID()).Select(without...).All(ctx); err != nil {
		return fmt.Errorf("read the publishers: %w", err)
	}
	if k.records == nil || head != k.head {
		if k.records, err = counted(ctx, c.Replica.Query().Where(replica.PublisherIDNEQ(""), replica.VersionGT(0), replica.Deleted(false), isRecord).GroupBy(replica.FieldPublisherID).Aggregate(ent.Count())); err != nil {
			return fmt.Errorf("count the copies: %w", err)
		}
		k.head = head
	}
	if k.quarantined, err = counted(ctx, c.Quarantined.Query().GroupBy(quarantined.FieldPublisherID).Aggregate(ent.Count())); err != nil {
		return fmt.Errorf("count what was put aside: %w", err)
	}
	return k.readWaiting(ctx, c)
}

// readWaiting reads which withdrawals wait. One publisher has no more of them than [brake] looks ahead.
func (k *rows) readWaiting(ctx context.Context, c *ent.Client) error {
	var of []string
	for _, p := range k.publishers {
		if p.Problem == TooManyDeletes {
			of = append(of, p.OrganizationID)
		}
	}
	k.waiting = map[string][]Waiting{}
	if len(of) == 0 {
		return nil
	}
	found, err := c.Replica.Query().Where(replica.PublisherIDIn(of...), replica.Deleted(false), replica.WithdrawalWaits(true)).Order(replica.ByURI()).
		Select(replica.FieldID, replica.FieldURI, replica.FieldPublisherID).All(ctx)
	if err != nil {
		return fmt.Errorf("read which withdrawals wait: %w", err)
	}
	for _, r := range found {
		k.waiting[r.PublisherID] = append(k.waiting[r.PublisherID], Waiting{ID: r.ID, URI: r.URI})
	}
	return nil
}

// counted reads counts by organisation.
func counted(ctx context.Context, q interface {
	Scan(context.Context, any) error
}) (map[string]int, error) {
	var found []struct {
		PublisherID string `json:"publisher_id"`
		Count       int    `json:"count"`
	}
	if err := q.Scan(ctx, &found); err != nil {
		return nil, err
	}
	out := make(map[string]int, len(found))
	for _, x := range found {
		out[x.PublisherID] = x.Count
	}
	return out, nil
}

// isRecord leaves out what is no record of its own to readers.
func isRecord(s *sql.Selector) {
	s.Where(sql.Not(sql.HasPrefix(s.C(replica.FieldID), versionPrefix)))
}

// stateOf is how the exchange with a peer stands at a moment.
func stateOf(row *ent.Peer, now time.Time) State {
	heard := max(row.SucceededAt, row.AddedAt)
	if State(row.State) == Active && row.Failures > 0 && now.Sub(instant(heard)) > unreachableAfter {
		return Unreachable
	}
	return State(row.State)
}

// network is what the rows say at a moment.
func (k *rows) network(now time.Time) *Network {
	n := &Network{nodes: map[string]*Node{}, publishers: map[string]*Publisher{}, byOrganization: map[string]*Publisher{}, homes: map[string]string{}}
	at := map[string]*Node{} // by base URL
	for _, row := range k.peers {
		node := &Node{ID: row.ID, BaseURL: row.BaseURL, Name: cmp.Or(row.Name, hostOf(row.BaseURL)), Software: row.Software, IsDirect: true,
			State: stateOf(row, now), AddedAt: instant(row.AddedAt), AttemptedAt: instant(row.AttemptedAt), SucceededAt: instant(row.SucceededAt),
			NextAt: instant(row.NextAt), Problem: row.Problem, Detail: row.Detail, Behind: int(row.Behind)}
		at[row.BaseURL] = node
		n.add(node)
	}
	for _, row := range k.publishers {
		p := &Publisher{ID: row.ID, IRI: row.Iri, Name: row.Name, OrganizationID: row.OrganizationID, State: State(row.State), SeenAt: instant(row.SeenAt),
			Problem: row.Problem, Detail: row.Detail, Records: k.records[row.OrganizationID], Quarantined: k.quarantined[row.OrganizationID]}
		if key, err := DecodeKey(row.Key); err == nil {
			p.Fingerprint = Fingerprint(key)
		}
		if key, err := DecodeKey(row.KeyShown); err == nil {
			p.ShownFingerprint = Fingerprint(key)
		}
		if row.Problem == TooManyDeletes {
			p.Waiting = k.waiting[row.OrganizationID]
			p.WaitingDeletes = cmp.Or(len(p.Waiting), row.DeletesWaiting)
		}
		p.IsStale = !p.SeenAt.IsZero() && now.Sub(p.SeenAt) > staleAfter
		if p.Node = at[row.Home]; p.Node == nil {
			p.Node = &Node{ID: NodeID(row.Home), BaseURL: row.Home, State: p.State}
			at[row.Home] = p.Node
			n.add(p.Node)
		}
		p.Node.take(p)
		n.publishers[p.ID] = p
		if p.OrganizationID != "" {
			n.byOrganization[p.OrganizationID] = p
			n.homes[p.OrganizationID] = p.Node.ID
		}
	}
	for _, node := range n.nodes {
		slices.SortFunc(node.Publishers, func(a, b *Publisher) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		if !node.IsDirect { // nobody asked it what it is called
			var names []string
			for _, p := range node.Publishers {
				names = append(names, p.Name)
			}
			node.Name = nameOf(node.BaseURL, names)
		}
	}
	slices.SortFunc(n.peers, func(a, b *Node) int {
		return cmp.Or(cmp.Compare(record.Fold(a.Name), record.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	n.keys = k.keys
	n.generation = n.digest(now)
	return n
}

func (n *Network) add(node *Node) {
	n.nodes[node.ID] = node
	n.peers = append(n.peers, node)
}

// take puts a publisher on its node. Of a node that is no peer the publishers tell how it stands.
func (n *Node) take(p *Publisher) {
	n.Publishers = append(n.Publishers, p)
	n.Records += p.Records
	if n.IsDirect {
		return
	}
	if p.State == Active {
		n.State = Active
	}
	if len(n.Publishers) == 1 || p.SeenAt.Before(n.SucceededAt) {
		n.SucceededAt, n.AttemptedAt = p.SeenAt, p.SeenAt
	}
}

// digest is a fingerprint of everything that readers are shown, with times as whole hours.
func (n *Network) digest(now time.Time) string {
	if len(n.peers) == 0 {
		return ""
	}
	type shown struct {
		Name, Software, Problem, Detail string
		State                           State
		Never                           bool
		Publishers                      []Publisher
	}
	all := make(map[string]shown, len(n.peers))
	for _, node := range n.peers {
		s := shown{Name: node.Name, Software: node.Software, State: node.State, Never: node.SucceededAt.IsZero()}
		for _, p := range node.Publishers {
			c := *p
			c.Node = nil
			if !c.SeenAt.IsZero() {
				c.SeenAt = time.Unix(0, 0)
			}
			s.Publishers = append(s.Publishers, c)
		}
		all[node.ID] = s
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // plain texts and numbers
	}
	return shortHash(string(b) + now.UTC().Truncate(time.Hour).String())
}

// instant is a stored moment; 0 is never.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
