package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// DemoPassword is that of every account of the demo. It is no secret: whoever starts the demo is told, and so is whoever
// opens its sign-in page.
const DemoPassword = "drie molens in de mist"

// demoOrganization is whom the accounts of the demo belong to. It speaks for itself from the day on which they came in.
const demoOrganization = "zilverdam"

// demoPerson is an account of the demo, which is named after what its holder does.
type demoPerson struct {
	key, name string
	role      identity.Role
	nodeAdmin bool
}

// demoPeople are the accounts of the demo. The last one is made when all else is there.
func demoPeople() []demoPerson {
	return []demoPerson{
		{"auteur", "Auteur (verzonnen)", identity.Author, false},
		{"coordinator", "Coördinator (verzonnen)", identity.Coordinator, false},
		{"beheerder", "Beheerder (verzonnen)", identity.Administrator, true},
	}
}

func (p demoPerson) email() string { return p.key + "@voorbeeld.example" }

// DemoAddresses are the e-mail addresses of the accounts of the demo.
func DemoAddresses() []string {
	var out []string
	for _, p := range demoPeople() {
		out = append(out, p.email())
	}
	return out
}

// SeedDemoPeople gives the demo accounts to sign in with, and work that they have done: drafts, reviews, an embargo, what
// is overdue. It counts days from the moment at which they come in. Once they are there it changes nothing. The demo has
// to be there (SeedDemo).
func SeedDemoPeople(ctx context.Context, cat *catalog.Catalog, accounts *identity.Accounts) error {
	people := demoPeople()
	last := people[len(people)-1]
	if _, err := accounts.ByEmail(ctx, last.email()); !errors.Is(err, identity.ErrUnknownUser) {
		return err
	}
	if err := seedDemoPeople(identity.AsSystem(ctx), cat, accounts, people); err != nil {
		return fmt.Errorf("seed the people of the demo: %w", err)
	}
	return nil
}

func seedDemoPeople(ctx context.Context, cat *catalog.Catalog, accounts *identity.Accounts, people []demoPerson) error {
	s := newSeeding(content{files: demo, source: demoSource, provenance: record.Demo})
	s.began = record.Instant(cat.Now())
	if err := cat.Write(ctx, func(w *catalog.Writer) error { s.w = w; return s.findOrganizations(ctx) }); err != nil {
		return err
	}
	home := s.organizations[demoOrganization]
	viewers := map[string]identity.Viewer{"lezer": {}}
	for _, p := range people[:len(people)-1] {
		v, err := p.join(ctx, accounts, home)
		if err != nil {
			return err
		}
		viewers[p.key] = v
	}
	if err := s.bringWork(ctx, cat, viewers); err != nil {
		return err
	}
	_, err := people[len(people)-1].join(ctx, accounts, home)
	return errors.Join(err, cat.Refresh(ctx))
}

// findOrganizations looks up those of the demo, and lets the one that gets people speak for itself.
func (s *seeding) findOrganizations(ctx context.Context) error {
	docs, err := s.read("demo/organizations.yml")
	if err != nil {
		return err
	}
	for _, d := range docs {
		o, err := s.w.OrganizationByExternalID(ctx, s.source+d.key)
		if err != nil {
			return err
		}
		if o != nil {
			s.organizations[d.key] = o.ID
		}
	}
	_, err = s.w.EditOrganization(ctx, s.organizations[demoOrganization], 0, func(o *record.Organization) error {
		o.Custody = record.CustodyOwn
		return nil
	})
	return err
}

// join makes the account, where it is not there yet, and gives it its role.
func (p demoPerson) join(ctx context.Context, accounts *identity.Accounts, organizationID string) (identity.Viewer, error) {
	u, err := accounts.ByEmail(ctx, p.email())
	if errors.Is(err, identity.ErrUnknownUser) {
		u, err = accounts.Create(ctx, identity.NewUser{Email: p.email(), Name: p.name, Password: DemoPassword, NodeAdmin: p.nodeAdmin})
	}
	if err == nil {
		err = accounts.SetRole(ctx, u.ID, organizationID, p.role)
	}
	if err != nil {
		return identity.Viewer{}, fmt.Errorf("make the account %s: %w", p.key, err)
	}
	return identity.Viewer{UserID: u.ID, OrganizationID: organizationID, NodeAdmin: p.nodeAdmin,
		Memberships: []identity.Membership{{OrganizationID: organizationID, Role: p.role}}}, nil
}

// work is what the people of the demo did with one record: a new one, or one that the demo published.
type work struct {
	Kind record.Type
	// Of is the key of the published record.
	Of string
	// Document is what is written: all of a new record, or what changes in the published one.
	Document any
	Acts     []act

	key string
	// record is the working copy as it stands.
	record record.Record
	// left is set for what was done before, by a seeding that did not come to its end.
	left bool
}

// act is one thing that somebody did, on a day counted from the one on which the accounts came in.
type act struct {
	Day      int
	By, Do   string
	Note     string
	Embargo  record.Embargo
	Lifetime int
}

// bringWork carries out what is in the file, in the order of its days.
func (s *seeding) bringWork(ctx context.Context, cat *catalog.Catalog, viewers map[string]identity.Viewer) error {
	docs, err := s.read("demo/work.yml")
	if err != nil {
		return err
	}
	type step struct {
		*work
		act
	}
	var steps []step
	for _, d := range docs {
		x := &work{key: d.key}
		if err := s.decode(d.body, x); err != nil {
			return fmt.Errorf("%s: %w", d.key, err)
		}
		for _, a := range x.Acts {
			steps = append(steps, step{x, a})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.Day, b.Day) })
	now := s.began
	past, err := catalog.Open(ctx, catalog.Config{Client: cat.Client, Begin: cat.Begin, Log: cat.Log, Now: func() time.Time { return now },
		BaseURL: cat.BaseURL, Frozen: cat.Frozen, Logger: cat.Logger, PublicationDays: cat.PublicationDays, Provenance: record.Demo})
	if err != nil {
		return err
	}
	for _, x := range steps {
		v, ok := viewers[x.By]
		if !ok {
			return fmt.Errorf("%s: there is nobody called %q", x.key, x.By)
		}
		now = s.began.AddDate(0, 0, x.Day)
		ctx := identity.With(ctx, v)
		err := past.Write(ctx, func(w *catalog.Writer) error {
			s.w = w
			return s.carryOut(ctx, x.work, x.act)
		})
		if err != nil {
			return fmt.Errorf("%s, %s: %w", x.key, x.Do, err)
		}
	}
	return nil
}

func (s *seeding) carryOut(ctx context.Context, x *work, a act) (err error) {
	if x.left {
		return nil
	}
	var id string
	var revision int
	if x.record != nil {
		id, revision = x.record.Base().ID, x.record.Base().Revision
	} else if x.Of != "" {
		if id, revision, _, err = s.w.Existing(ctx, s.source+x.Of); err != nil {
			return err
		}
	}
	var r record.Record
	switch a.Do {
	case "create":
		r, err = s.create(ctx, x)
	case "change":
		r, err = s.w.Edit(ctx, id, revision, func(r record.Record) error { return s.decode(x.Document, r) })
	case "submit":
		r, err = s.w.Submit(ctx, id, revision, a.Note)
	case "return":
		r, err = s.w.Review(ctx, id, revision, false, a.Note)
	case "approve":
		r, err = s.w.Review(ctx, id, revision, true, a.Note)
	case "embargo":
		r, err = s.w.PlaceEmbargo(ctx, id, revision, a.Embargo, func(*record.Project) record.Text { return a.Embargo.WaitsFor })
	case "discard":
		r, err = s.w.Discard(ctx, id, revision)
	case "share":
		_, _, err = s.w.Share(ctx, id, a.Note, a.Lifetime)
	case "report":
		err = s.w.Report(ctx, id, a.Note)
	default:
		err = fmt.Errorf("nobody can do this")
	}
	if err != nil || r == nil {
		return err
	}
	x.record, x.left = r, x.left || r.Base().Revision == revision
	return nil
}

func (s *seeding) create(ctx context.Context, x *work) (record.Record, error) {
	r := record.KindOfType(x.Kind).New()
	if err := s.decode(x.Document, r); err != nil {
		return nil, err
	}
	made, err := s.w.Create(ctx, r, catalog.Origin{IdempotencyKey: s.source + x.key})
	if err == nil {
		x.left = made.Base().Revision > 1
	}
	return made, err
}
