package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/comparable"
	"github.com/udc-community/plein/internal/record"
)

// maxComparable is how many projects a comparison ranks: the best of all. Beyond them nothing is comparable enough to
// be asked for.
const maxComparable = 200

// ErrUnavailable is the answer to a comparison while there is no index to make it in.
var ErrUnavailable = errors.New("there is no search index at the moment")

// Comparison asks for projects that are comparable to one, or to what somebody described.
type Comparison struct {
	// Asker is the side that asks; whether it has words is seen here.
	Asker comparable.Asker
	// Texts are its words: title, question, summary, target groups and other names; never all of a document.
	Texts []record.Text
	// Names are those of its municipalities: they say where a project was, and not what it is about.
	Names []string
	// Exclude is the id of the project that asks, which is not comparable to itself.
	Exclude string
	// Filter limits the projects; its Types and Words are not used.
	Filter catalog.Filter
	// First is how many to give, 1 to 100, After the cursor of the one before them.
	First int
	After string
}

// Compared is what a comparison found.
type Compared struct {
	Hits []ComparableHit
	// Total is how many projects are comparable, at most 200.
	Total int
	More  bool
}

// ComparableHit is a project that is comparable, with the reasons.
type ComparableHit struct {
	comparable.Comparison
	Project *record.Project
	Cursor  string
}

// ComparisonOf is what a project asks: published or the working copy that its organisation has of it, seen from a
// municipality, or from its own first one when that is nil.
func ComparisonOf(p *record.Project, from *record.Municipality) Comparison {
	ref := p.Reference()
	own := p.Municipalities()
	if from == nil {
		from = perspective(own, ref.Organization(p.PublisherID))
	}
	// Themes, methods and sources are compared by themselves: their names do not count as words too.
	texts := []record.Text{p.Title, p.Question, p.Summary}
	for _, g := range p.TargetGroups() {
		texts = append(texts, g.Label)
	}
	for _, a := range p.Aliases {
		texts = append(texts, record.NL(a))
	}
	c := Comparison{Texts: texts, Exclude: p.ID, Asker: comparable.Asker{
		Weights: comparable.Usual(), Domains: unique(p.PolicyDomains()), Methods: unique(p.Methods()), Sources: sourcesOf(p), Municipality: from}}
	c.seenFrom(ref, append(own, from))
	return c
}

// Described is what somebody asks who has no project yet: a description of at most 1,000 characters, policy domains and
// a municipality, which may be nil. What is wrong with the text comes back as record.Problems.
func Described(ref *record.Reference, text string, domains []*record.Concept, from *record.Municipality) (Comparison, error) {
	switch {
	case utf8.RuneCountInString(text) > maxText:
		return Comparison{}, record.Problems{record.Wrong(record.TooLong, "Deze omschrijving is te lang: hooguit 1.000 tekens.", "This description is too long: at most 1,000 characters.", "text")}
	case !record.Readable(text):
		return Comparison{}, record.Problems{record.Wrong(record.Invalid, "Hier staat een teken in dat niet te lezen is.", "This has a character in it that cannot be read.", "text")}
	case strings.TrimSpace(text) == "" && len(domains) == 0:
		return Comparison{}, record.Problems{record.Wrong(record.Required, "Omschrijf de vraag, of kies een thema.", "Describe the question, or choose a theme.", "text")}
	case len(domains) > comparable.MaxDomains:
		return Comparison{}, record.Problems{record.Wrong(record.TooMany, "Kies hooguit drie thema’s.", "Choose three themes at the most.", "policyDomains")}
	}
	// Nobody said in which language it is: each language looks for what it understands of it.
	c := Comparison{Texts: []record.Text{{record.Dutch: text, record.English: text}},
		Asker: comparable.Asker{Weights: comparable.Usual(), Domains: unique(domains), Municipality: from}}
	c.seenFrom(ref, []*record.Municipality{from})
	return c, nil
}

// perspective is the municipality from which a project looks when nobody says from where.
func perspective(own []*record.Municipality, publisher *record.Organization) *record.Municipality {
	if publisher != nil {
		own = append(own, publisher.Municipalities()...)
	}
	if len(own) == 0 {
		return nil
	}
	return own[0]
}

func (c *Comparison) seenFrom(ref *record.Reference, places []*record.Municipality) {
	if m := c.Asker.Municipality; m != nil {
		if has, known := comparable.Departments(ref)[m.Code]; known {
			c.Asker.Department = &has
		}
	}
	for _, m := range places {
		if m != nil {
			c.Names = append(c.Names, append(m.Aliases, m.Name)...)
		}
	}
}

func unique[T interface {
	*record.Concept | *record.DataSource
}](xs []T) []T {
	var out []T
	for _, x := range xs {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// sourcesOf are the sources that a project used, and those that it linked them with.
func sourcesOf(p *record.Project) []*record.DataSource {
	var out []*record.DataSource
	for _, s := range p.Sources {
		out = append(append(out, s.Source()), s.LinkedWith()...)
	}
	return slices.DeleteFunc(unique(out), func(d *record.DataSource) bool { return d == nil })
}

// candidateOf is a project as another is compared with it, but for the words.
func candidateOf(p *record.Project) comparable.Candidate {
	out := comparable.Candidate{Domains: unique(p.PolicyDomains()), Methods: unique(p.Methods()), Sources: sourcesOf(p), Municipalities: p.Municipalities()}
	if o := p.Reference().Organization(p.PublisherID); o != nil {
		out.Department = o.HasResearchDepartment
	}
	return out
}

// Comparable answers comparisons, each by itself, from one snapshot of the index; the projects of all of them are read
// in one statement. What is wrong with a comparison comes back as record.Problems. Without an index it is
// ErrUnavailable.
func (x *Index) Comparable(ctx context.Context, asked ...Comparison) ([]*Compared, error) {
	plans := make([]*plan, len(asked))
	for i := range asked {
		var err error
		if plans[i], err = asked[i].plan(); err != nil {
			return nil, err
		}
	}
	var out []*Compared
	err := x.usingIndex(ctx, func(v *volume, s *scorch.IndexSnapshot) error {
		m, _ := markOf(s)
		hidden, err := x.hiddenSince(ctx, m)
		if err != nil {
			return err
		}
		c := &comparing{Index: x, hidden: slices.Clone(hidden)}
		if c.matcher, err = newMatcher(s, &v.spaces); err != nil {
			return damage{err}
		}
		if c.columns, err = v.columns(s); err != nil {
			return err
		}
		for range attempts {
			var again bool
			if out, again, err = c.answer(ctx, asked, plans); err != nil || !again {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errNoIndex) {
		err = ErrUnavailable
	}
	return out, err
}

// plan checks a comparison.
func (c *Comparison) plan() (*plan, error) {
	if ps := c.Asker.Weights.Check(); len(ps) > 0 {
		return nil, ps
	}
	if c.First < 1 || c.First > maxFirst {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 100 resultaten.", "Ask for 1 to 100 results.", "first")}
	}
	c.Filter.Types = []record.Type{record.ProjectType}
	ms, err := matches(c.Filter)
	if err != nil {
		return nil, err
	}
	p := &plan{Request: Request{Sort: Relevance, Filter: c.Filter, First: c.First, After: c.After}, matches: ms}
	if p.list, err = c.name(ms); err != nil {
		return nil, err
	}
	if c.After == "" {
		return p, nil
	}
	if p.after, err = p.parseCursor(c.After); err == nil && p.after.Database {
		err = catalog.ErrCursor
	}
	return p, err
}

// name identifies the list that a comparison walks through.
func (c *Comparison) name(ms []catalog.Match) (string, error) {
	a := c.Asker
	parts := []any{"comparable", c.Exclude, a.Weights, ms, c.Filter.None}
	if c.Exclude == "" {
		parts = append(parts, c.Texts)
	}
	if a.Municipality != nil {
		parts = append(parts, a.Municipality.Code)
	}
	for _, d := range a.Domains {
		parts = append(parts, d.IRI)
	}
	b, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// comparing makes comparisons in one snapshot.
type comparing struct {
	*Index
	matcher *matcher
	columns *columns
	// hidden are records that the snapshot has and that strangers may not see any more.
	hidden []string
}

// answer makes all comparisons; again tells that one found a record that was hidden meanwhile.
func (c *comparing) answer(ctx context.Context, asked []Comparison, plans []*plan) (out []*Compared, again bool, err error) {
	ranked := make([]*ranking, len(asked))
	var ids []string
	for i := range asked {
		err := guard(func() (err error) {
			ranked[i], err = c.rank(ctx, asked[i], plans[i])
			return err
		})
		if err != nil {
			return nil, false, err
		}
		for _, h := range ranked[i].page {
			ids = append(ids, c.columns.idOf(h))
		}
	}
	rs, err := c.Catalog.ByID(ctx, ids...)
	if err != nil {
		return nil, false, err
	}
	for _, r := range ranked {
		found := &Compared{Total: r.total, More: r.more}
		for j, h := range r.page {
			p, ok := rs[j].(*record.Project)
			if !ok {
				c.hidden, again = append(c.hidden, ids[j]), true
				continue
			}
			found.Hits = append(found.Hits, c.explain(r, h, p))
		}
		rs, ids = rs[len(r.page):], ids[len(r.page):]
		out = append(out, found)
	}
	return out, again, nil
}

// ranking is what one comparison came to, before the projects are read.
type ranking struct {
	*plan
	asker    comparable.Asker
	keywords *keywords
	// sets are the keywords that each record has, by document number.
	sets  []uint32
	page  []hit
	total int
	more  bool
}

// rank scores every project that has anything in common with the asker's topic, and takes a page of the best.
func (c *comparing) rank(ctx context.Context, asked Comparison, p *plan) (*ranking, error) {
	skip, err := c.numbers(append(slices.Clone(c.hidden), asked.Exclude))
	if err != nil {
		return nil, err
	}
	own := nobody
	if n, ok := skip[asked.Exclude]; ok {
		own = int(n)
	}
	names := map[string]bool{}
	for _, n := range asked.Names {
		eachWord(n, func(w string, _, _ int) { names[normal(w)] = true })
	}
	r := &ranking{plan: p, asker: asked.Asker}
	if r.keywords, err = c.Index.keywords(c.matcher, asked.Texts, names, own); err != nil {
		return nil, err
	}
	r.asker.HasText = r.keywords.spoken
	if r.sets, err = r.keywords.among(c.matcher); err != nil {
		return nil, err
	}
	best := &top{most: maxComparable, compare: c.columns.order(Relevance)}
	if err := c.score(ctx, r, slices.Collect(maps.Values(skip)), best.keep); err != nil {
		return nil, err
	}
	r.total = len(best.hits)
	follows := func(hit) bool { return true }
	if p.after != nil {
		follows = c.columns.follows(Relevance, p.after.Values[0], p.after.Values[1])
	}
	for _, h := range best.hits {
		if !follows(h) {
			continue
		}
		if r.more = len(r.page) == p.First; r.more {
			break
		}
		r.page = append(r.page, h)
	}
	return r, nil
}

// numbers are the document numbers of those records that are in the snapshot.
func (c *comparing) numbers(ids []string) (map[string]uint64, error) {
	out := map[string]uint64{}
	for _, id := range ids {
		n, err := c.matcher.snapshot.InternalID(id)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out[id] = n.Value()
		}
	}
	return out, nil
}

// score goes over all records once and keeps those that the topic lets in.
func (c *comparing) score(ctx context.Context, r *ranking, skip []uint64, keep func(hit)) error {
	t := c.newTables(&r.asker)
	admit := &collection{columns: c.columns}
	admit.require(r.matches)
	admit.refuse(r.Filter.None)
	for i := range c.columns.pieces {
		p := &c.columns.pieces[i]
		for doc := range uint32(p.n) {
			if doc%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			set := r.sets[p.first+uint64(doc)]
			topic := r.asker.Topic(t.shares(p, doc, r.keywords.share(set)))
			if topic < comparable.Gate || !p.alive(doc) || slices.Contains(skip, p.first+uint64(doc)) || !admit.admits(p, doc) {
				continue
			}
			keep(hit{score: r.asker.Score(topic, t.likeness(p, doc)), piece: uint32(i), doc: doc})
		}
	}
	return nil
}

// admits tells whether a record has all that is wanted and nothing that is not.
func (c *collection) admits(p *piece, doc uint32) bool {
	return !slices.ContainsFunc(c.wanted, func(w condition) bool { return !w.met(p, doc) }) &&
		!slices.ContainsFunc(c.unwanted, func(w condition) bool { return w.met(p, doc) })
}

// tables hold what the formula says of each value, by its number in the columns: a record is then compared by looking
// things up.
type tables struct {
	asker                                           *comparable.Asker
	domain, method, source, municipality, publisher int
	meetings                                        []comparable.Meeting
	methods, sources                                []bool
	places, departments                             []comparable.Likeness
}

func (c *comparing) newTables(a *comparable.Asker) *tables {
	ref := c.Catalog.Reference()
	number := func(f record.Field) int { return c.columns.terms.numbers[f] }
	t := &tables{asker: a, domain: number(record.FieldPolicyDomain), method: number(record.FieldMethod), source: number(record.FieldSource),
		municipality: number(record.FieldMunicipality), publisher: number(record.FieldPublisher)}
	t.meetings = tabulate(c.columns, record.FieldPolicyDomain, func(iri string) (m comparable.Meeting) {
		if d := ref.Concept(iri); d != nil {
			m = a.Meets(d)
		}
		return m
	})
	t.methods = tabulate(c.columns, record.FieldMethod, func(iri string) bool {
		return slices.ContainsFunc(a.Methods, func(m *record.Concept) bool { return m.IRI == iri })
	})
	t.sources = tabulate(c.columns, record.FieldSource, func(iri string) bool {
		return slices.ContainsFunc(a.Sources, func(d *record.DataSource) bool { return d.IRI == iri })
	})
	t.places = tabulate(c.columns, record.FieldMunicipality, func(code string) comparable.Likeness { return a.Place(ref.Municipality(code)) })
	t.departments = tabulate(c.columns, record.FieldPublisher, func(id string) (l comparable.Likeness) {
		if o := ref.Organization(id); o != nil {
			l = a.Research(o.HasResearchDepartment)
		}
		return l
	})
	return t
}

func tabulate[T any](c *columns, f record.Field, of func(value string) T) []T {
	out := make([]T, c.distinct(f))
	for i := range out {
		out[i] = of(c.value(f, int32(i)))
	}
	return out
}

// shares is what a record has of what the asker states.
func (t *tables) shares(p *piece, doc uint32, text float64) comparable.Shares {
	var m comparable.Meeting
	methods, sources := 0, 0
	if len(t.asker.Domains) > 0 {
		for _, v := range p.fields[t.domain].of(doc) {
			m = m.And(t.meetings[v])
		}
	}
	if len(t.asker.Methods) > 0 {
		methods = number(p.fields[t.method].of(doc), t.methods)
	}
	if len(t.asker.Sources) > 0 {
		sources = number(p.fields[t.source].of(doc), t.sources)
	}
	return t.asker.Share(text, m, methods, sources)
}

// number is how many of the values are in a set.
func number(values []int32, set []bool) (n int) {
	for _, v := range values {
		if set[v] {
			n++
		}
	}
	return n
}

// likeness is that of the record's municipality that is most like the asker's, and of its publisher.
func (t *tables) likeness(p *piece, doc uint32) comparable.Likeness {
	var best comparable.Likeness
	for _, v := range p.fields[t.municipality].of(doc) {
		if l := t.places[v]; l.Over(best) {
			best = l
		}
	}
	for _, v := range p.fields[t.publisher].of(doc) {
		best = best.And(t.departments[v])
	}
	return best
}

// explain puts the reasons for a hit in words.
func (c *comparing) explain(r *ranking, h hit, p *record.Project) ComparableHit {
	set := r.sets[c.columns.pieces[h.piece].first+uint64(h.doc)]
	with := candidateOf(p)
	if with.Text = r.keywords.share(set); with.Text > 0 {
		with.OurWords, with.TheirWords = c.Index.shared(r.keywords, set, p.Words())
	}
	at := place{List: r.list, Values: []string{c.columns.sortValue(Relevance, h), c.columns.idOf(h)}}
	return ComparableHit{Comparison: r.asker.Compare(with), Project: p, Cursor: at.String()}
}
