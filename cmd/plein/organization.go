package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

type organizationCmd struct {
	Create organizationCreateCmd `cmd:"" help:"Add an organisation that publishes here."`
	List   organizationListCmd   `cmd:"" help:"List the organisations."`
}

type organizationCreateCmd struct {
	Name         string   `help:"Name, such as \"UDC Delft\"." required:""`
	Slug         string   `help:"Short name for addresses and commands; made of the name when left out."`
	Kind         string   `help:"What sort of body: municipal-udc, regional-udc, provincial-udc, statistics-office, knowledge-partner or other-public-body." default:"municipal-udc"`
	Municipality []string `help:"Municipalities that take part, by name or CBS code." placeholder:"NAME"`
	TooiIRI      string   `help:"IRI in the government's register of organisations." placeholder:"IRI"`
}

func (organizationCreateCmd) Help() string {
	return "Example:\n  plein organization create --name \"UDC Delft\" --municipality Delft"
}

func (c organizationCreateCmd) Run(s *session) error {
	kind := record.OrganizationKind(strings.ToUpper(strings.ReplaceAll(c.Kind, "-", "_")))
	if !slices.Contains(record.OrganizationKinds, kind) {
		return usagef("--kind %q is unknown", c.Kind)
	}
	return s.withReal(func(h *house) error {
		if err := exchange.LoadReference(s.system(), h.catalog); err != nil {
			return err
		}
		o := &record.Organization{Name: c.Name, Slug: cmp.Or(c.Slug, record.Slug(c.Name)), Kind: kind, Custody: record.CustodyOwn, TooiIRI: c.TooiIRI}
		for _, m := range c.Municipality {
			code, err := exchange.FindMunicipality(h.catalog.Reference(), m)
			if err != nil {
				return err
			}
			o.MunicipalityCodes = append(o.MunicipalityCodes, code)
		}
		err := h.catalog.Write(s.system(), func(w *catalog.Writer) error {
			return w.CreateOrganizations(s.system(), []*record.Organization{o})
		})
		if err != nil {
			return err
		}
		return s.result(o, func(w io.Writer) {
			fmt.Fprintf(w, "%s (%s, %s)\n", o.Name, o.Slug, o.ID)
			s.say("Next: plein token create --organization %s --scopes write-records", o.Slug)
		})
	})
}

type organizationListCmd struct {
	All bool `help:"Also those that are only spoken about."`
}

func (c organizationListCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		list := []*record.Organization{}
		for _, o := range h.catalog.Reference().AllOrganizations() {
			if c.All || o.Custody == record.CustodyOwn {
				list = append(list, o)
			}
		}
		return s.result(list, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, o := range list {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", o.Slug, o.Name, o.Kind, o.Custody)
			}
			t.Flush() //nolint:errcheck // standard output
			if len(list) == 0 {
				s.say("No organisation publishes here yet. Add one: plein organization create --name \"UDC …\" --municipality …")
			}
		})
	})
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token; its secret is shown once."`
	List   tokenListCmd   `cmd:"" help:"List the tokens of an organisation."`
	Revoke tokenRevokeCmd `cmd:"" help:"Take a token back at once."`
}

type tokenCreateCmd struct {
	Organization string   `help:"Short name of the organisation." required:"" placeholder:"SLUG"`
	Name         string   `help:"What the token is for." default:"command line"`
	Scopes       []string `help:"What the token may do: write-records, read-organisation, write-thesaurus." required:"" placeholder:"SCOPE,…"`
	Days         int      `help:"How many days it lives, at most 366." default:"90"`
}

func (tokenCreateCmd) Help() string {
	return "Example:\n  plein token create --organization udc-delft --scopes write-records,read-organisation --days 30"
}

func (c tokenCreateCmd) Run(s *session) error {
	var scopes []identity.Scope
	for _, x := range c.Scopes {
		scope := identity.Scope(strings.ToUpper(strings.ReplaceAll(x, "-", "_")))
		if !slices.Contains(identity.Scopes, scope) {
			return usagef("--scopes: %q is unknown; choose from write-records, read-organisation and write-thesaurus", x)
		}
		scopes = append(scopes, scope)
	}
	if c.Days < 1 || c.Days > 366 {
		return usagef("--days must be 1 to 366")
	}
	return s.with(false, func(h *house) error {
		o, err := find(h, c.Organization)
		if err != nil {
			return err
		}
		if o.Custody != record.CustodyOwn {
			return fmt.Errorf("%s is only spoken about here and cannot publish: make an organisation with `plein organization create`", o.Slug)
		}
		secret, t, err := h.tokens.Create(s.system(), o.ID, c.Name, scopes, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return err
		}
		return s.result(map[string]any{"id": t.ID, "secret": secret, "expiresAt": t.ExpiresAt}, func(w io.Writer) {
			fmt.Fprintln(w, secret)
			s.say("Keep this secret: it is not shown again. It ends on %s. Use it as: Authorization: Bearer %s…", t.ExpiresAt.Format(time.DateOnly), secret[:10])
		})
	})
}

func find(h *house, slug string) (*record.Organization, error) {
	if o := h.catalog.Reference().OrganizationBySlug(slug); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("there is no organisation %q: see `plein organization list --all`", slug)
}

type tokenListCmd struct {
	Organization string `help:"Short name of the organisation." required:"" placeholder:"SLUG"`
}

func (c tokenListCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		o, err := find(h, c.Organization)
		if err != nil {
			return err
		}
		list, err := h.tokens.List(s.ctx, o.ID)
		if err != nil {
			return err
		}
		return s.result(list, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, x := range list {
				state := "until " + x.ExpiresAt.Format(time.DateOnly)
				if !x.RevokedAt.IsZero() {
					state = "revoked " + x.RevokedAt.Format(time.DateOnly)
				} else if time.Now().After(x.ExpiresAt) {
					state = "ended " + x.ExpiresAt.Format(time.DateOnly)
				}
				fmt.Fprintf(t, "%s\t%s\t%v\t%s\n", x.ID, x.Name, x.Scopes, state)
			}
			t.Flush() //nolint:errcheck // standard output
		})
	})
}

type tokenRevokeCmd struct {
	ID string `arg:"" help:"Id of the token, from plein token list."`
}

func (c tokenRevokeCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		if err := h.tokens.Revoke(s.system(), c.ID); err != nil {
			return err
		}
		s.say("The token no longer works.")
		return nil
	})
}
