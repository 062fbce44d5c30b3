package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/address"
	"github.com/udc-community/plein/ent/datasource"
	"github.com/udc-community/plein/ent/municipality"
	"github.com/udc-community/plein/ent/organization"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// parts of the reference data are as large as all the rest of it many times over: they are only read again when they
// changed.
type parts struct{ vocabularies, steps bool }

// loadReference makes a new snapshot of the reference data, in three statements after a write that touched it, and one
// more for each of these parts.
func (c *Catalog) loadReference(ctx context.Context, changed parts) (err error) {
	c.loading.Lock()
	defer c.loading.Unlock()
	vs, steps := (*record.Vocabularies)(nil), record.Steps(nil)
	if old := c.Reference(); old != nil {
		vs, steps = old.Vocabularies, old.Steps
	}
	if changed.vocabularies {
		if vs, err = readVocabularies(ctx, c.Client); err != nil {
			return err
		}
	}
	if changed.steps {
		if steps, err = readSteps(ctx, c.Client, c.address("")); err != nil {
			return err
		}
	}
	ref, err := readReference(ctx, c.Client, vs, steps, c.address)
	if err != nil {
		return err
	}
	c.ref.Store(ref)
	c.reloads.Add(1)
	return nil
}

// maxNaming is how many templates give their steps a name: the first ones. Those after them are mostly forks, with steps
// that have a name already.
const maxNaming = 500

// readSteps reads what the steps of public templates are called. Copies come last: their publishers say when they were
// published, and name no steps of others.
func readSteps(ctx context.Context, client *ent.Client, here string) (record.Steps, error) {
	copies := func(s *sql.Selector) {
		uri := s.C(publication.FieldURI)
		s.OrderExpr(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("CASE WHEN " + uri + " IS NULL OR " + uri + " LIKE ").Arg(here + "%").WriteString(" THEN 0 ELSE 1 END")
		}))
	}
	rows, err := client.Publication.Query().Where(publication.Kind(string(record.ProcessTemplateType)), publication.Audience(string(record.Public))).
		Order(copies, publication.ByPublishedAt(), publication.ByID()).Limit(maxNaming).Select(publication.FieldID, publication.FieldBody).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the steps of templates: %w", err)
	}
	ts := make([]*record.ProcessTemplate, len(rows))
	for i, row := range rows {
		r, err := record.Decode(row.ID, row.Body)
		if err != nil {
			return nil, err
		}
		ts[i] = r.(*record.ProcessTemplate)
	}
	return record.NewSteps(ts), nil
}

func readReference(ctx context.Context, client *ent.Client, vs *record.Vocabularies, steps record.Steps, address func(string) string) (*record.Reference, error) {
	mrows, err := client.Municipality.Query().Order(municipality.ByName(), municipality.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read municipalities: %w", err)
	}
	orows, err := client.Organization.Query().Order(organization.ByName(), organization.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read organisations: %w", err)
	}
	drows, err := client.DataSource.Query().Order(datasource.ByName(), datasource.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data sources: %w", err)
	}
	ms := make([]*record.Municipality, len(mrows))
	for i, r := range mrows {
		ms[i] = &record.Municipality{Code: r.ID, Name: r.Name, Aliases: r.Aliases, Province: r.Province, Population: r.Population,
			Density: r.Density, ReferenceYear: r.ReferenceYear, Urbanity: r.Urbanity, TooiIRI: r.TooiIri, Lon: r.Lon, Lat: r.Lat, Successor: r.Successor}
	}
	os := make([]*record.Organization, len(orows))
	for i, r := range orows {
		o := new(record.Organization)
		if err := json.Unmarshal(r.Body, o); err != nil {
			return nil, fmt.Errorf("read organisation %s: %w", r.ID, err)
		}
		o.Revision, o.URI = r.Revision, address(r.ID)
		os[i] = o
	}
	ds := make([]*record.DataSource, len(drows))
	for i, r := range drows {
		ds[i] = &record.DataSource{ID: r.ID, IRI: r.Iri, Name: r.Name, Holder: r.Holder, CatalogueURI: r.CatalogueURI, IsMicrodata: r.IsMicrodata, Revision: r.Revision}
	}
	return record.NewReference(vs, steps, ms, os, ds), nil
}

// changed makes what this transaction wrote of the reference data visible to the rest of it.
func (w *Writer) changed(ctx context.Context) error { return w.reread(ctx, w.ref.Vocabularies) }

func (w *Writer) reread(ctx context.Context, vs *record.Vocabularies) error {
	ref, err := readReference(ctx, w.tx.Client(), vs, w.ref.Steps, w.c.address)
	if err != nil {
		return err
	}
	w.ref, w.referenceChanged = ref, true
	return nil
}

// Reference is the reference data with what this transaction changed.
func (w *Writer) Reference() *record.Reference { return w.ref }

// errSystemOnly refuses a write that only the node itself may do.
var errSystemOnly = errors.New("only the node itself writes this")

// CreateOrganizations adds organisations, each with an id and, where it has none, a short name made of its name. One that
// will speak for itself and was only spoken about under its TOOI address is that one from then on, with its id.
// externalIDs, where given, say by what a register knows each of them that is new.
func (w *Writer) CreateOrganizations(ctx context.Context, os []*record.Organization, externalIDs ...string) error {
	if err := policy.May(w.viewer, policy.ManageAccounts, policy.Node); err != nil {
		return err
	}
	taken := map[string]bool{}
	for i, o := range os {
		if mentioned := w.ref.OrganizationByTooi(o.TooiIRI); mentioned != nil && o.Custody == record.CustodyOwn {
			if err := w.speakForItself(ctx, mentioned.ID, o); err != nil {
				return err
			}
			taken[o.Slug] = true
			continue
		}
		o.ID, o.Revision = record.NewID("org"), 1
		if o.Slug == "" {
			base := record.Slug(o.Name)
			o.Slug = base
			for n := 2; taken[o.Slug] || w.ref.OrganizationBySlug(o.Slug) != nil; n++ {
				o.Slug = fmt.Sprintf("%s-%d", base, n)
			}
		}
		taken[o.Slug] = true
		if old := w.ref.OrganizationBySlug(o.Slug); old != nil {
			return slugTaken()
		}
		if old := w.ref.OrganizationByTooi(o.TooiIRI); old != nil {
			return tooiTaken(old.Name)
		}
		if err := o.Check(w.ref).Err(); err != nil {
			return err
		}
		body, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("store organisation: %w", err)
		}
		q := w.tx.Organization.Create().SetID(o.ID).SetSlug(o.Slug).SetName(o.Name).SetCustody(string(o.Custody)).
			SetNillableTooiIri(optional(o.TooiIRI)).SetRevision(1).SetBody(body)
		if i < len(externalIDs) {
			q.SetNillableExternalID(optional(externalIDs[i]))
		}
		if err := q.Exec(ctx); err != nil {
			return fmt.Errorf("store organisation %s: %w", o.Slug, err)
		}
		w.log(changelog.Created, o.ID, o.ID, 1, "")
	}
	return w.changed(ctx)
}

func slugTaken() error {
	return record.Problems{record.Wrong(record.Duplicate, "Er is al een organisatie met deze korte naam.", "There is an organisation with this short name already.", "slug")}
}

func tooiTaken(name string) error {
	return record.Problems{record.Wrong(record.Duplicate, "Er is al een organisatie met dit TOOI-adres: "+name+".", "There is an organisation with this TOOI address already: "+name+".", "tooiIri")}
}

// speakForItself makes an organisation that was only spoken about the one that o describes, and o what it is from then on.
// What o leaves open stays as it was, and so does the short name where pages stand under it. Nobody takes the place of a
// publisher of another node.
func (w *Writer) speakForItself(ctx context.Context, id string, o *record.Organization) error {
	row, err := w.tx.Organization.Get(ctx, id)
	if err != nil {
		return fmt.Errorf("load organisation %s: %w", id, err)
	}
	elsewhere, err := w.tx.Publisher.Query().Where(publisher.OrganizationID(id)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("look up who speaks for %s: %w", id, err)
	}
	if elsewhere || row.Custody == string(record.CustodyOwn) {
		return tooiTaken(row.Name)
	}
	hasPages, err := w.tx.Address.Query().Where(address.PublisherID(id)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("look up the pages of %s: %w", id, err)
	}
	if hasPages || o.Slug == "" {
		o.Slug = row.Slug
	}
	if other := w.ref.OrganizationBySlug(o.Slug); other != nil && other.ID != id {
		return slugTaken()
	}
	given, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("store organisation: %w", err)
	}
	for _, said := range [][]byte{row.Body, given} {
		if err := json.Unmarshal(said, o); err != nil {
			return fmt.Errorf("load organisation %s: %w", id, err)
		}
	}
	o.ID, o.Revision = id, row.Revision+1
	if err := o.Check(w.ref).Err(); err != nil {
		return err
	}
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("store organisation: %w", err)
	}
	err = w.tx.Organization.UpdateOneID(id).SetSlug(o.Slug).SetName(o.Name).SetCustody(string(o.Custody)).SetRevision(o.Revision).SetBody(body).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store organisation %s: %w", o.Slug, err)
	}
	w.log(changelog.Updated, id, id, o.Revision, "")
	return nil
}

// OrganizationByExternalID finds an organisation by what a register knows it by; nil when there is none.
func (w *Writer) OrganizationByExternalID(ctx context.Context, externalID string) (*record.Organization, error) {
	id, err := w.tx.Organization.Query().Where(organization.ExternalID(externalID)).OnlyID(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("look up organisation %s: %w", externalID, err)
	}
	return w.ref.Organization(id), nil
}

// EditOrganization changes what an organisation tells about itself.
func (w *Writer) EditOrganization(ctx context.Context, id string, revision int, do func(*record.Organization) error) (*record.Organization, error) {
	old := w.ref.Organization(id)
	if old == nil {
		return nil, record.Problems{record.NoSuch("id")}
	}
	if err := policy.May(w.viewer, policy.EditOrganization, policy.In(old)); err != nil {
		return nil, err
	}
	row, err := w.tx.Organization.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load organisation %s: %w", id, err)
	}
	if row.Revision != revision && !(revision == 0 && w.viewer.System) {
		return nil, record.Problems{record.Stale(row.Revision)}
	}
	o := new(record.Organization)
	if err := json.Unmarshal(row.Body, o); err != nil {
		return nil, fmt.Errorf("load organisation %s: %w", id, err)
	}
	if err := do(o); err != nil {
		return nil, err
	}
	o.ID, o.Slug = old.ID, old.Slug
	if !w.viewer.System {
		// Who speaks for whom is the administrator's to decide.
		o.Custody, o.Kind, o.TooiIRI = old.Custody, old.Kind, old.TooiIRI
	}
	if err := o.Check(w.ref).Err(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("store organisation: %w", err)
	}
	u := w.tx.Organization.UpdateOneID(id).SetName(o.Name).SetCustody(string(o.Custody)).SetRevision(row.Revision + 1).SetBody(body)
	if o.TooiIRI == "" {
		u.ClearTooiIri()
	} else {
		u.SetTooiIri(o.TooiIRI)
	}
	if err := u.Exec(ctx); err != nil {
		return nil, fmt.Errorf("store organisation %s: %w", id, err)
	}
	w.log(changelog.Updated, id, id, row.Revision+1, "")
	if err := w.changed(ctx); err != nil {
		return nil, err
	}
	return w.ref.Organization(id), nil
}

// SaveDataSource adds a data source (without an id) for an organisation, or changes one of whichever organisation added it.
func (w *Writer) SaveDataSource(ctx context.Context, organizationID string, d record.DataSource) (*record.DataSource, error) {
	var before *ent.DataSource
	if d.ID != "" {
		row, err := w.tx.DataSource.Get(ctx, d.ID)
		switch {
		case ent.IsNotFound(err) || err == nil && policy.MayWrite(w.viewer, w.ref.Organization(row.OrganizationID)) != nil:
			return nil, record.Problems{record.NoSuch("id")}
		case err != nil:
			return nil, fmt.Errorf("load data source: %w", err)
		}
		before, organizationID = row, row.OrganizationID
	}
	if err := policy.MayWrite(w.viewer, w.ref.Organization(organizationID)); err != nil {
		return nil, err
	}
	if err := d.Check().Err(); err != nil {
		return nil, err
	}
	kind := changelog.Updated
	if before == nil {
		kind = changelog.Created
		d.ID, d.Revision = record.NewID("src"), 1
		if d.IRI = d.CatalogueURI; d.IRI == "" {
			d.IRI = "urn:uuid:" + d.ID[len("src_"):]
		}
		if w.ref.DataSource(d.IRI) != nil {
			return nil, record.Problems{record.Wrong(record.Duplicate, "Deze databron staat er al in.", "This data source is there already.", "catalogueUri")}
		}
		err := w.tx.DataSource.Create().SetID(d.ID).SetIri(d.IRI).SetName(d.Name).SetHolder(d.Holder).SetCatalogueURI(d.CatalogueURI).
			SetIsMicrodata(d.IsMicrodata).SetOrganizationID(organizationID).SetRevision(1).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("store data source: %w", err)
		}
	} else {
		if before.Revision != d.Revision {
			return nil, record.Problems{record.Stale(before.Revision)}
		}
		d.Revision++
		err := w.tx.DataSource.UpdateOneID(d.ID).SetName(d.Name).SetHolder(d.Holder).SetCatalogueURI(d.CatalogueURI).SetIsMicrodata(d.IsMicrodata).SetRevision(d.Revision).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("store data source: %w", err)
		}
	}
	w.log(kind, organizationID, d.ID, d.Revision, "")
	if err := w.changed(ctx); err != nil {
		return nil, err
	}
	return w.ref.DataSource(d.ID), nil
}
