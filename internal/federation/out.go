package federation

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/key"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// PageSize is how many members a full page has. Clients slow down more than linearly with longer ones.
const PageSize = 250

// pageBytes is about how much a page holds at most: others take 4 MiB. What does not fit follows at an address of its own,
// to which the page has a relation.
const pageBytes = 3 << 20

// ErrNoLog answers the same for a publisher that does not exist and one that has no log, and for a page that is not there.
var ErrNoLog = errors.New("there is no such log or page")

// relayHead is the last number given out among the members of others, in the order in which they came.
const relayHead = "relay"

// Page is a page of a log as it is sent.
type Page struct {
	Body []byte
	// IsFull tells that no member will be added to it. Redaction may still take from it.
	IsFull bool
}

// Edition names what the logs say now: it changes with each line of any of them, also when one is redacted. It costs one
// statement.
func (f *Federation) Edition(ctx context.Context) (string, error) {
	ns, err := f.Catalog.Log.Numbers(ctx, federationHead, changelog.FeedHead, changelog.EpochHead)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d.%d.%d", ns[federationHead], ns[changelog.FeedHead], ns[changelog.EpochHead]), nil
}

// LogRoot is the entrance of the log of a publisher of this node: which pages there are, and of which moments.
func (f *Federation) LogRoot(ctx context.Context, organizationID string) (*Page, error) {
	if err := f.publishes(ctx, organizationID); err != nil {
		return nil, err
	}
	end, err := logEnd(ctx, f.Catalog.Client, organizationID)
	if err != nil {
		return nil, err
	}
	// The moments of a log never go back, so the first and the last member of a page bound it.
	edges, err := f.Catalog.Client.Member.Query().Where(ownMembers(organizationID, end.Epoch), func(s *sql.Selector) {
		s.Where(sql.ExprP(fmt.Sprintf("%s %% %d IN (0, 1)", s.C(member.FieldSeq), PageSize)))
	}).Order(member.BySeq()).Select(member.FieldSeq, member.FieldPublished).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the bounds of pages: %w", err)
	}
	feed := feedOf(f.Base(), organizationID)
	var relations []relation
	for _, m := range edges {
		node := pageAddress(feed, end.Epoch, (m.Seq-1)/PageSize, 0)
		if m.Seq%PageSize == 1 {
			relations = append(relations, relation{Type: "tree:GreaterThanOrEqualToRelation", Node: node, Path: "as:published", Value: written(m.Published)})
		} else {
			relations = append(relations, relation{Type: "tree:LessThanOrEqualToRelation", Node: node, Path: "as:published", Value: written(m.Published)})
		}
	}
	s := f.logStream(feed, end.Epoch)
	s.Seq = strconv.FormatInt(end.Seq, 10)
	return f.page(s, node{ID: feed, Type: "tree:Node", Relation: relations}, nil)
}

// LogPage is a page of the log of a publisher of this node, counted from 0, or what follows after a number on it. One of an
// epoch that is over is empty and shows the way to the entrance.
func (f *Federation) LogPage(ctx context.Context, organizationID string, epoch, n, after int64) (*Page, error) {
	if !isOnPage(n, after) {
		return nil, ErrNoLog
	}
	present, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	feed := feedOf(f.Base(), organizationID)
	at := node{ID: pageAddress(feed, epoch, n, after), Type: "tree:Node"}
	if epoch > present {
		return nil, ErrNoLog
	} else if epoch < present {
		if err := f.publishes(ctx, organizationID); err != nil {
			return nil, err
		}
		at.Relation = []relation{{Type: "tree:Relation", Node: feed}}
		return f.page(f.logStream(feed, present), at, nil)
	}
	rows, err := f.Catalog.Client.Member.Query().Where(ownMembers(organizationID, epoch), member.SeqGT(max(after, n*PageSize)), member.SeqLTE((n+1)*PageSize)).
		Order(member.BySeq()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read a page of a log: %w", err)
	}
	if len(rows) == 0 {
		return nil, ErrNoLog
	}
	members := make([]entry, len(rows))
	for i, row := range rows {
		if members[i], err = entryOf(row, feed); err != nil {
			return nil, err
		}
	}
	return f.cut(f.logStream(feed, epoch), at, members, func(i int) (seq int64, address string) {
		return rows[i].Seq, pageAddress(feed, epoch, n, rows[i].Seq)
	})
}

// isOnPage tells whether a page can be there, and what follows after a number on it; 0 stands for all of it.
func isOnPage(n, after int64) bool {
	return n >= 0 && n <= maxPageNumber && (after == 0 || after > n*PageSize && after < (n+1)*PageSize)
}

// cut writes a page with as many members as fit. place gives the number of a member among all pages, and where what follows
// it is.
func (f *Federation) cut(s stream, at node, members []entry, place func(i int) (seq int64, address string)) (*Page, error) {
	fit, size := 0, 0
	for fit < len(members) && (fit == 0 || size+len(members[fit].raw) <= pageBytes) {
		size += len(members[fit].raw)
		fit++
	}
	last, rest := place(fit - 1)
	if fit < len(members) {
		at.Relation = []relation{{Type: "tree:Relation", Node: rest}}
	}
	p, err := f.page(s, at, members[:fit])
	if err != nil {
		return nil, err
	}
	p.IsFull = fit < len(members) || last%PageSize == 0
	return p, nil
}

// RelayRoot is the entrance of what this node passes on of others.
func (f *Federation) RelayRoot(ctx context.Context) (*Page, error) {
	epoch, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	end, err := f.Catalog.Log.Number(ctx, relayHead)
	if err != nil {
		return nil, err
	}
	feed := f.Base() + relayPath
	var relations []relation
	for n := range (end + PageSize - 1) / PageSize {
		relations = append(relations, relation{Type: "tree:Relation", Node: pageAddress(feed, epoch, n, 0)})
	}
	s := relayStream(feed, epoch)
	s.Seq = strconv.FormatInt(end, 10)
	return f.page(s, node{ID: feed, Type: "tree:Node", Relation: relations}, nil)
}

// RelayPage is a page of what this node passes on of others, or what follows after a number on it: members as they came, in
// the order in which they came.
func (f *Federation) RelayPage(ctx context.Context, epoch, n, after int64) (*Page, error) {
	if !isOnPage(n, after) {
		return nil, ErrNoLog
	}
	present, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	feed := f.Base() + relayPath
	at := node{ID: pageAddress(feed, epoch, n, after), Type: "tree:Node"}
	if epoch > present {
		return nil, ErrNoLog
	} else if epoch < present {
		at.Relation = []relation{{Type: "tree:Relation", Node: feed}}
		return f.page(relayStream(feed, present), at, nil)
	}
	rows, err := f.Catalog.Client.Member.Query().Where(member.RelaySeqGT(max(after, n*PageSize)), member.RelaySeqLTE((n+1)*PageSize)).
		Order(member.ByRelaySeq()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read a page of what is passed on: %w", err)
	}
	if len(rows) == 0 {
		return nil, ErrNoLog
	}
	feeds, err := f.feedsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	members := make([]entry, len(rows))
	for i, row := range rows {
		// A publisher that was forgotten left only its places here.
		if members[i], err = entryOf(row, cmp.Or(feeds[row.PublisherID], feed)); err != nil {
			return nil, err
		}
	}
	return f.cut(relayStream(feed, epoch), at, members, func(i int) (seq int64, address string) {
		return *rows[i].RelaySeq, pageAddress(feed, epoch, n, *rows[i].RelaySeq)
	})
}

// feedsOf gives the addresses of the logs that members are of.
func (f *Federation) feedsOf(ctx context.Context, rows []*ent.Member) (map[string]string, error) {
	out := map[string]string{}
	for _, row := range rows {
		out[row.PublisherID] = ""
	}
	ps, err := f.Catalog.Client.Publisher.Query().Where(publisher.OrganizationIDIn(slices.Collect(maps.Keys(out))...)).
		Select(publisher.FieldOrganizationID, publisher.FieldFeed).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the logs of others: %w", err)
	}
	for _, p := range ps {
		out[p.OrganizationID] = p.Feed
	}
	return out, nil
}

// publishes tells whether an organisation of this node has a log.
func (f *Federation) publishes(ctx context.Context, organizationID string) error {
	found, err := f.Catalog.Client.Key.Query().Where(key.PublisherID(organizationID), key.State(currentKey)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("look up a log: %w", err)
	} else if !found {
		return ErrNoLog
	}
	return nil
}

const (
	relayPath = "/ldes/relay"
	// maxPageNumber bounds what is multiplied.
	maxPageNumber = 1 << 40
)

// pageAddress is that of a page of a log, or of what follows after a number on it; the first epoch needs no name.
func pageAddress(feed string, epoch, n, after int64) string {
	query := "page=" + strconv.FormatInt(n, 10)
	if epoch != 0 {
		query = "epoch=" + strconv.FormatInt(epoch, 10) + "&" + query
	}
	if after > n*PageSize {
		query += "&after=" + strconv.FormatInt(after, 10)
	}
	return feed + "?" + query
}

// written is a stored moment as members write it.
func written(ms int64) string { return time.UnixMilli(ms).UTC().Format(milliseconds) }

// stream describes a log in the words of TREE and LDES.
type stream struct {
	ID              string   `json:"id"`
	Type            string   `json:"type"`
	Title           string   `json:"dcterms:title"`
	TimestampPath   *iri     `json:"ldes:timestampPath,omitempty"`
	SequencePath    *iri     `json:"ldes:sequencePath,omitempty"`
	VersionOfPath   iri      `json:"ldes:versionOfPath"`
	Create          iri      `json:"ldes:versionCreateObject"`
	Update          iri      `json:"ldes:versionUpdateObject"`
	Delete          iri      `json:"ldes:versionDeleteObject"`
	PollingInterval int      `json:"ldes:pollingInterval"`
	View            string   `json:"tree:view"`
	Epoch           string   `json:"epoch"`
	Seq             string   `json:"seq,omitempty"`
	Member          []string `json:"tree:member,omitempty"`
}

type iri struct {
	ID string `json:"id"`
}

// node is a page, with the way to others.
type node struct {
	ID       string     `json:"id"`
	Type     string     `json:"type"`
	Relation []relation `json:"tree:relation,omitempty"`
}

type relation struct {
	Type  string `json:"type"`
	Node  string `json:"tree:node"`
	Path  string `json:"tree:path,omitempty"`
	Value string `json:"tree:value,omitempty"`
}

// entry is a member as it stands in a page.
type entry struct {
	id  string
	raw []byte
}

func relayStream(feed string, epoch int64) stream {
	return stream{ID: feed + "#stream", Type: "ldes:EventStream", Title: "Plein relay", VersionOfPath: iri{"as:object"},
		Create: iri{"as:Create"}, Update: iri{"as:Update"}, Delete: iri{"as:Delete"}, PollingInterval: 30, View: feed, Epoch: strconv.FormatInt(epoch, 10)}
}

func (f *Federation) logStream(feed string, epoch int64) stream {
	s := relayStream(feed, epoch)
	s.Title, s.TimestampPath, s.SequencePath = "Plein", &iri{"as:published"}, &iri{record.Namespace + "seq"}
	return s
}

// entryOf is a member as it was signed, or what is left of it.
func entryOf(row *ent.Member, feed string) (entry, error) {
	id := memberID(feed, row.Epoch, row.Seq)
	if len(row.Raw) > 0 {
		return entry{id, row.Raw}, nil
	}
	raw, err := json.Marshal(Member{ID: id, Type: Type(row.Type), Object: row.Object, Published: written(row.Published), Epoch: strconv.FormatInt(row.Epoch, 10),
		Seq: strconv.FormatInt(row.Seq, 10), Version: strconv.Itoa(row.Version), Prev: row.Prev, Digest: row.Digest, Redacted: true})
	if err != nil {
		return entry{}, fmt.Errorf("write a redacted member: %w", err)
	}
	return entry{id, raw}, nil
}

// page writes a page. Members stand in it byte for byte.
func (f *Federation) page(s stream, at node, members []entry) (*Page, error) {
	size := len(f.context) + 1024
	for _, m := range members {
		s.Member = append(s.Member, m.id)
		size += len(m.raw) + len(m.id) + 4
	}
	first, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write a page: %w", err)
	}
	second, err := json.Marshal(at)
	if err != nil {
		return nil, fmt.Errorf("write a page: %w", err)
	}
	b := bytes.NewBuffer(make([]byte, 0, size+len(second)))
	b.WriteString(`{"@context":`)
	b.Write(f.context)
	b.WriteString(`,"graph":[`)
	b.Write(first)
	b.WriteByte(',')
	b.Write(second)
	for _, m := range members {
		b.WriteByte(',')
		b.Write(m.raw)
	}
	b.WriteString("]}")
	return &Page{Body: b.Bytes()}, nil
}

// ownMembers are those of a log of this node in an epoch.
func ownMembers(organizationID string, epoch int64) predicate.Member {
	return member.And(member.PublisherID(organizationID), member.Epoch(epoch), member.RelaySeqIsNil())
}

// readPage takes a page of another node apart: which epoch it is of, the members as they came, and where it says that more is.
func readPage(body []byte) (epoch int64, members []json.RawMessage, rest string, err error) {
	var p struct {
		Graph graph `json:"graph"`
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return 0, nil, "", fmt.Errorf("%w: the page cannot be read: %w", ErrMember, err)
	}
	if len(p.Graph) < 2 {
		return 0, nil, "", fmt.Errorf("%w: the page does not describe itself", ErrMember)
	}
	var s stream
	var at node
	if json.Unmarshal(p.Graph[0], &s) != nil || json.Unmarshal(p.Graph[1], &at) != nil {
		return 0, nil, "", fmt.Errorf("%w: the page does not describe itself", ErrMember)
	}
	epoch, ok := number(s.Epoch)
	if !ok {
		return 0, nil, "", fmt.Errorf("%w: the page is of epoch %q", ErrMember, s.Epoch)
	}
	if len(at.Relation) == 1 {
		rest = at.Relation[0].Node
	}
	return epoch, p.Graph[2:], rest, nil
}

// graph is what a page holds: its description, its place among other pages, and its members.
type graph []json.RawMessage

// UnmarshalJSON stops where a page has more than it may: a list of a million nothings takes much more memory than it takes to
// send.
func (g *graph) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.New("its graph is no list")
	}
	for d.More() {
		if len(*g) == PageSize+2 {
			return fmt.Errorf("it has more than %d members", PageSize)
		}
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return err
		}
		*g = append(*g, one)
	}
	return nil
}
