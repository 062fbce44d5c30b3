package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/organization"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// mostStrangers is how many organisations, how many data sources and how many concepts a publisher of another node may
// bring that nobody here knew.
const mostStrangers = 200

// PublisherCard is what a publisher of another node says of itself, verified.
type PublisherCard struct {
	// IRI is its canonical address.
	IRI, Name         string
	Kind              record.OrganizationKind
	TooiIRI           string
	MunicipalityCodes []string
	Home              string
}

func (w *Writer) mayManagePeers() error { return policy.May(w.viewer, policy.ManagePeers, policy.Node) }

// AdmitPublisher gives the organisation that a publisher of another node is here: the one with its TOOI address, or the
// one that was mentioned under its own, or a new one. It refuses whoever would be an organisation that speaks for itself
// on this node, or one that another publisher is already.
func (w *Writer) AdmitPublisher(ctx context.Context, card PublisherCard) (organizationID string, err error) {
	if err := w.mayManagePeers(); err != nil {
		return "", err
	}
	if strings.HasPrefix(card.IRI, w.c.BaseURL+"/") || !record.IsIRI(card.IRI) {
		return "", speaksForItself()
	}
	known, err := w.organizationsAt(ctx, []string{card.IRI})
	if err != nil {
		return "", err
	}
	o := w.ref.Organization(known[card.IRI])
	if o == nil {
		o = w.ref.OrganizationByTooi(card.TooiIRI)
	}
	if o == nil {
		return w.addPublisher(ctx, card)
	}
	if o.Custody == record.CustodyOwn {
		return "", speaksForItself()
	}
	taken, err := w.tx.Publisher.Query().Where(publisher.OrganizationID(o.ID), publisher.IriNEQ(card.IRI)).Exist(ctx)
	if err != nil {
		return "", fmt.Errorf("look up who speaks for %s: %w", o.ID, err)
	}
	if taken {
		return "", record.Problems{record.Wrong(record.Duplicate, "Een andere uitgever spreekt hier al voor "+o.Name+".",
			"Another publisher speaks for "+o.Name+" here already.")}
	}
	return o.ID, nil
}

func speaksForItself() error {
	return record.Problems{record.Wrong(record.NotAllowed, "Deze organisatie spreekt op dit Plein voor zichzelf.", "This organisation speaks for itself on this node.")}
}

func (w *Writer) addPublisher(ctx context.Context, card PublisherCard) (string, error) {
	s := &strangers{ids: map[string]string{}}
	o, wrong := s.organization(w.ref, record.Mention{ID: card.IRI, Name: card.Name, Kind: card.Kind, MunicipalityCodes: card.MunicipalityCodes}, card.TooiIRI)
	if wrong != "" {
		return "", fmt.Errorf("%w (%s)", record.Problems{record.Wrong(record.Invalid, "Deze uitgever beschrijft zichzelf niet goed. Vertel het de beheerder daar.",
			"This publisher does not describe itself well. Tell the administrator there.")}, wrong)
	}
	s.ref = w.ref.With(s.organizations, nil, nil)
	if err := w.welcome(ctx, "", s); err != nil {
		return "", err
	}
	return o.ID, nil
}

// publisherIRI is the canonical address, at home, of an organisation that publishes on another node.
func (w *Writer) publisherIRI(ctx context.Context, organizationID string) (string, error) {
	if iri := w.elsewhere.publishers[organizationID]; iri != "" {
		return iri, nil
	}
	iri, err := w.tx.Publisher.Query().Where(publisher.OrganizationID(organizationID)).Select(publisher.FieldIri).String(ctx)
	if ent.IsNotFound(err) {
		var row *ent.Organization
		if row, err = w.tx.Organization.Get(ctx, organizationID); err == nil && row.ExternalID != nil {
			iri = *row.ExternalID
		}
	}
	if err != nil {
		return "", fmt.Errorf("look up publisher %s: %w", organizationID, err)
	}
	if iri == "" {
		return "", fmt.Errorf("look up publisher %s: it was not admitted", organizationID)
	}
	w.elsewhere.publishers[organizationID], w.elsewhere.organizations[iri] = iri, organizationID
	return iri, nil
}

// elsewhere is what a write found out about other nodes.
type elsewhere struct {
	// publishers are addresses by id, organizations ids by address.
	publishers, organizations map[string]string
	// brought is how many organisations, data sources, concepts and places for records a publisher brought, by its id and what
	// they are.
	brought map[string]int
	// records are by canonical address.
	records map[string]heard
}

func newElsewhere() elsewhere {
	return elsewhere{publishers: map[string]string{}, organizations: map[string]string{}, brought: map[string]int{}, records: map[string]heard{}}
}

// organizationsAt are the organisations with these addresses: those of this node, of publishers of others, and those that
// were mentioned before.
func (w *Writer) organizationsAt(ctx context.Context, iris []string) (map[string]string, error) {
	out, known := map[string]string{}, w.elsewhere.organizations
	var unknown []string
	for _, iri := range iris {
		id, ours := strings.CutPrefix(iri, w.c.BaseURL+"/id/")
		switch o := w.ref.OrganizationByTooi(iri); {
		case o != nil:
			out[iri] = o.ID
		case ours && w.ref.Organization(id) != nil:
			out[iri] = id
		case known[iri] != "":
			out[iri] = known[iri]
		default:
			unknown = append(unknown, iri)
		}
	}
	if len(unknown) == 0 {
		return out, nil
	}
	publishers, err := w.tx.Publisher.Query().Where(publisher.IriIn(unknown...), publisher.OrganizationIDNEQ("")).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up publishers: %w", err)
	}
	for _, p := range publishers {
		known[p.Iri] = p.OrganizationID
	}
	mentioned, err := w.tx.Organization.Query().Where(organization.ExternalIDIn(unknown...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up organisations: %w", err)
	}
	for _, o := range mentioned {
		if known[*o.ExternalID] == "" {
			known[*o.ExternalID] = o.ID
		}
	}
	for _, iri := range unknown {
		if known[iri] != "" {
			out[iri] = known[iri]
		}
	}
	return out, nil
}

// strangers are organisations, data sources and concepts that a document names and nobody here knew.
type strangers struct {
	// ids are of all organisations that the document names, by address.
	ids           map[string]string
	organizations []*record.Organization
	// externalIDs are the addresses of the organisations that have none of TOOI's.
	externalIDs map[string]string
	sources     []*record.DataSource
	concepts    []*record.Concept
	// ref is the reference data with them.
	ref *record.Reference
}

// meet finds out who and what a document names, and writes nothing.
func (w *Writer) meet(ctx context.Context, publisherID string, x *record.Wire) (*strangers, error) {
	named := x.Organizations()
	ids, err := w.organizationsAt(ctx, named)
	if err != nil {
		return nil, err
	}
	s := &strangers{ids: ids, ref: w.ref}
	// Each once, and only what the document points at.
	who, what := set(named), set(x.IRIs())
	for _, m := range x.Mentions {
		points := what
		if m.Type == record.OrganizationMention {
			points = who
		}
		if !points[m.ID] {
			continue
		}
		delete(points, m.ID)
		if wrong := s.add(w.ref, w.c.BaseURL, m); wrong != "" {
			return nil, &Refusal{InvalidRecord, "it mentions " + m.ID + ": " + wrong}
		}
	}
	for _, iri := range named {
		if s.ids[iri] == "" && iri != x.Record.Base().PublisherID {
			return nil, &Refusal{InvalidRecord, "it names " + iri + " and does not say who that is"}
		}
	}
	if len(s.organizations)+len(s.sources)+len(s.concepts) == 0 {
		return s, nil
	}
	for _, x := range s.counts() {
		if x.n == 0 {
			continue
		}
		before, err := w.brought(ctx, publisherID, x.prefix)
		if err != nil {
			return nil, err
		}
		if before+x.n > mostStrangers {
			return nil, &Refusal{TooManyNew, fmt.Sprintf("more than %d new %s", mostStrangers, x.what)}
		}
	}
	s.ref = w.ref.With(s.organizations, s.sources, s.concepts)
	return s, nil
}

func set(ss []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range ss {
		out[s] = true
	}
	return out
}

type count struct {
	prefix, what string
	n            int
}

func (s *strangers) counts() []count {
	return []count{{"org_", "organisations", len(s.organizations)}, {"src_", "data sources", len(s.sources)}, {"con_", "concepts", len(s.concepts)}}
}

// brought counts what a publisher brought before.
func (w *Writer) brought(ctx context.Context, publisherID, prefix string) (int, error) {
	key := publisherID + " " + prefix
	if n, known := w.elsewhere.brought[key]; known {
		return n, nil
	}
	n, err := w.tx.Change.Query().Where(change.PublisherID(publisherID), change.Kind(string(changelog.Created)), change.RecordIDHasPrefix(prefix), change.RecordIDNEQ(publisherID)).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count what %s brought: %w", publisherID, err)
	}
	w.elsewhere.brought[key] = n
	return n, nil
}

// add takes in one mention, unless it is known; it tells what is wrong with it.
func (s *strangers) add(ref *record.Reference, base string, m record.Mention) (wrong string) {
	switch m.Type {
	case record.OrganizationMention:
		if s.ids[m.ID] != "" {
			return ""
		}
		if strings.HasPrefix(m.ID, base+"/") {
			return "it is not here"
		}
		tooi := ""
		if strings.HasPrefix(m.ID, record.TooiNamespace) {
			tooi = m.ID
		}
		_, wrong = s.organization(ref, m, tooi)
	case record.DataSourceMention:
		if ref.DataSource(m.ID) == nil {
			d := &record.DataSource{ID: record.NewID("src"), IRI: m.ID, Name: m.Name, Holder: m.Holder, CatalogueURI: m.CatalogueURI, IsMicrodata: m.IsMicrodata, Revision: 1}
			if wrong = d.Check().Error(); wrong == "" && !record.IsIRI(m.ID) {
				wrong = "it has no address"
			}
			s.sources = append(s.sources, d)
		}
	case record.ConceptMention:
		if ref.Concept(m.ID) == nil {
			c, bad := m.Concept(ref)
			s.concepts, wrong = append(s.concepts, c), bad
		}
	}
	return wrong
}

// organization makes one that is only spoken about here.
func (s *strangers) organization(ref *record.Reference, m record.Mention, tooi string) (o *record.Organization, wrong string) {
	o = &record.Organization{ID: record.NewID("org"), Name: m.Name, Kind: m.Kind, Custody: record.CustodyReference, TooiIRI: tooi, Revision: 1}
	if !slices.Contains(record.OrganizationKinds, o.Kind) {
		o.Kind = record.OtherPublicBody
	}
	for _, code := range m.MunicipalityCodes {
		if ref.Municipality(code) != nil {
			o.MunicipalityCodes = append(o.MunicipalityCodes, code)
		}
	}
	base := cmp.Or(record.Slug(o.Name), "organisatie")
	taken := func(slug string) bool {
		return ref.OrganizationBySlug(slug) != nil || slices.ContainsFunc(s.organizations, func(x *record.Organization) bool { return x.Slug == slug })
	}
	o.Slug = base
	for n := 2; taken(o.Slug); n++ {
		o.Slug = fmt.Sprintf("%s-%d", base, n)
	}
	if ps := o.Check(ref); len(ps) > 0 {
		return nil, ps.Error()
	}
	if !record.IsIRI(m.ID) {
		return nil, "it has no address"
	}
	s.organizations = append(s.organizations, o)
	s.ids[m.ID] = o.ID
	if m.ID != tooi {
		if s.externalIDs == nil {
			s.externalIDs = map[string]string{}
		}
		s.externalIDs[o.ID] = m.ID
	}
	return o, ""
}

// welcome writes down who and what a publisher brought. With an empty publisher an organisation comes by itself.
func (w *Writer) welcome(ctx context.Context, publisherID string, s *strangers) error {
	if s.ref == w.ref {
		return nil
	}
	for _, o := range s.organizations {
		body, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("store organisation: %w", err)
		}
		err = w.tx.Organization.Create().SetID(o.ID).SetSlug(o.Slug).SetName(o.Name).SetCustody(string(o.Custody)).SetNillableTooiIri(optional(o.TooiIRI)).
			SetNillableExternalID(optional(s.externalIDs[o.ID])).SetRevision(1).SetBody(body).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store organisation %s: %w", o.Slug, err)
		}
		w.log(changelog.Created, cmp.Or(publisherID, o.ID), o.ID, 1, "")
	}
	for _, d := range s.sources {
		err := w.tx.DataSource.Create().SetID(d.ID).SetIri(d.IRI).SetName(d.Name).SetHolder(d.Holder).SetCatalogueURI(d.CatalogueURI).
			SetIsMicrodata(d.IsMicrodata).SetOrganizationID(publisherID).SetRevision(1).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store data source %s: %w", d.IRI, err)
		}
		w.log(changelog.Created, publisherID, d.ID, 1, "")
	}
	for _, c := range s.concepts {
		if err := w.conceptRow(c, len(w.ref.Scheme(c.Scheme))).Exec(ctx); err != nil {
			return fmt.Errorf("store concept %s: %w", c.IRI, err)
		}
		w.partsChanged.vocabularies = true
		w.log(changelog.Created, publisherID, c.ID, 1, "")
	}
	for _, x := range s.counts() {
		if key := publisherID + " " + x.prefix; x.n > 0 && publisherID != "" {
			w.elsewhere.brought[key] += x.n
		}
	}
	maps.Copy(w.elsewhere.organizations, s.ids)
	w.ref, w.referenceChanged = s.ref, true
	return nil
}
