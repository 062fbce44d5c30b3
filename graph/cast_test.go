package graph_test

import (
	"context"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const passphrase = "een zin die niemand raadt"

// person makes an account with a name, and what they are in organisations.
func (n *node) person(t testing.TB, name string, in ...identity.Membership) *identity.User {
	t.Helper()
	u, err := n.Accounts.Create(fixture.System(t), identity.NewUser{Email: name + "@plein.test", Name: name, Password: passphrase})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range in {
		if err := n.Accounts.SetRole(fixture.System(t), u.ID, m.OrganizationID, m.Role); err != nil {
			t.Fatal(err)
		}
	}
	return n.account(t, u.ID)
}

func (n *node) account(t testing.TB, id string) *identity.User {
	t.Helper()
	u, err := n.Accounts.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// signedIn is a context in which somebody signed in, as the edge makes it.
func (n *node) signedIn(t testing.TB, u *identity.User) context.Context {
	t.Helper()
	secret, err := n.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: passphrase, From: office})
	if err != nil {
		t.Fatal(err)
	}
	v, _, err := n.Sessions.Authenticate(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return identity.With(t.Context(), v)
}

func in(o *record.Organization, r identity.Role) identity.Membership {
	return identity.Membership{OrganizationID: o.ID, Role: r}
}

// cast is one of each: their names in the order of tables, and who they are.
type cast struct {
	*node
	// project is a working copy of Leiden's, in which the guest works.
	project string
	users   map[string]*identity.User
	as      map[string]context.Context
	// made counts what was made, so that everything has a name of its own.
	made int
}

// roles are the columns of tables of who may do what. All but the last five belong to Leiden.
var roles = []string{"stranger", "member", "author", "coordinator", "administrator", "elsewhere", "nodeAdmin", "moderator", "guest", "token"}

// people fills the stage of a world: organisation Leiden and its project, with Delft beside it.
func people(t testing.TB, n *node) *cast {
	t.Helper()
	c := &cast{node: n, users: map[string]*identity.User{}}
	c.project = n.draft(t, n.Project("Kamers"))
	for name, m := range map[string]identity.Membership{
		"member": in(n.Leiden, identity.Member), "author": in(n.Leiden, identity.Author), "coordinator": in(n.Leiden, identity.Coordinator),
		"administrator": in(n.Leiden, identity.Administrator), "elsewhere": in(n.Delft, identity.Administrator),
	} {
		c.users[name] = n.person(t, name, m)
	}
	for _, name := range []string{"nodeAdmin", "moderator", "guest"} {
		c.users[name] = n.person(t, name)
	}
	for name, roles := range map[string][2]bool{"nodeAdmin": {true, false}, "moderator": {false, true}} {
		if err := n.Accounts.SetNodeRoles(fixture.System(t), c.users[name].ID, roles[0], roles[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.Accounts.AddGuest(fixture.System(t), c.users["guest"].ID, c.project); err != nil {
		t.Fatal(err)
	}
	c.enter(t)
	return c
}

// enter signs everybody in anew, with what they may do now.
func (c *cast) enter(t testing.TB) {
	t.Helper()
	c.as = map[string]context.Context{"stranger": stranger(t), "token": fixture.As(t, c.Leiden)}
	for name, u := range c.users {
		c.as[name] = c.signedIn(t, u)
	}
}

// published makes a record that everybody can see, as the node itself: nobody has to review it.
func (n *node) published(t testing.TB, r record.Record) string {
	t.Helper()
	ctx := fixture.System(t)
	err := n.Write(ctx, func(w *catalog.Writer) error {
		made, err := w.Create(ctx, r, catalog.Origin{})
		if err == nil {
			_, err = w.Publish(ctx, made.Base().ID, made.Base().Revision)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Base().ID
}
