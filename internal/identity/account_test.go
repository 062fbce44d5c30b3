package identity_test

import (
	"errors"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

const good = "drie fietsen in de gracht"

var office = netip.MustParsePrefix("192.0.2.7/32")

// person makes an account that can sign in.
func person(t *testing.T, w *fixture.World, email string) *identity.User {
	t.Helper()
	u, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: email, Name: "Iemand Anders", Password: good})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// administrator makes the first account of a node.
func administrator(t *testing.T, w *fixture.World) *identity.User {
	t.Helper()
	u, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "beheer@plein.test", Name: "Beheerder", Password: good, NodeAdmin: true})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func signIn(t *testing.T, w *fixture.World, email, password string) string {
	t.Helper()
	secret, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: email, Password: password, From: office})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// secretOf takes the secret out of the address of a link.
func secretOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, fixture.BaseURL+identity.LinkPath) {
		t.Fatalf("%q is not a link: %v", address, err)
	}
	return path.Base(u.Path)
}

func TestSomebodyIsInvitedChoosesAPasswordAndSignsIn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u, address, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: " Jan@Leiden.Test ", OrganizationID: w.Leiden.ID, Role: identity.Author, ProjectID: "prj_1"})
		if err != nil {
			t.Fatal(err)
		}
		if u.Email != "jan@leiden.test" || u.State != identity.Invited || !strings.HasPrefix(u.ID, "usr_") ||
			!slices.Equal(u.Memberships, []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Author}}) || !slices.Equal(u.Guest, []string{"prj_1"}) {
			t.Errorf("invited %+v", u)
		}
		secret := secretOf(t, address)
		for range 2 { // a mail scanner looks first
			l, err := w.Accounts.Link(t.Context(), secret)
			if err != nil || l.Kind != identity.InviteLink || l.Email != u.Email {
				t.Fatalf("%+v, %v", l, err)
			}
		}
		if _, err := w.Accounts.Redeem(t.Context(), secret, good, "", office); !errors.Is(err, identity.ErrName) {
			t.Errorf("an account without a name: %v", err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secret, "te kort", "Jan", office); !errors.As(err, new(identity.PasswordError)) {
			t.Errorf("a short password: %v", err)
		}
		session, err := w.Accounts.Redeem(t.Context(), secret, good, "Jan de Tester", office)
		if err != nil {
			t.Fatal(err)
		}
		v, renewed, err := w.Sessions.Authenticate(t.Context(), session)
		if err != nil || renewed != "" || v.UserID != u.ID || v.Anonymous() || v.System || v.Actor() != u.ID || v.OrganizationID != w.Leiden.ID || v.RoleIn(w.Leiden.ID) != identity.Author {
			t.Errorf("%+v, %q, %v", v, renewed, err)
		}
		if v.Has(identity.WriteRecords) {
			t.Error("a person has scopes")
		}
		for _, s := range []string{secret, strings.ToLower(secret)} {
			if _, err := w.Accounts.Redeem(t.Context(), s, good, "", office); !errors.Is(err, identity.ErrUnknownLink) {
				t.Errorf("a link works twice: %v", err)
			}
		}
		signIn(t, w, "JAN@leiden.test", good)
		if u, err = w.Accounts.ByEmail(t.Context(), "jan@leiden.test"); err != nil || u.Name != "Jan de Tester" || u.State != identity.Active || !u.LastSignInAt.Equal(fixture.Start) {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

func TestWhoHasAnAccountIsGivenTheRoleWithoutALink(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	again, address, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "JAN@leiden.test", Name: "Een ander", OrganizationID: w.Delft.ID, Role: identity.Member})
	if err != nil || address != "" || again.ID != u.ID || again.Name != u.Name || len(again.Memberships) != 1 {
		t.Errorf("%+v, %q, %v", again, address, err)
	}
}

func TestAResetLinkReplacesThePasswordAndEndsEverySession(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		session := signIn(t, w, u.Email, good)
		var links []string
		for range 2 {
			address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
			if err != nil {
				t.Fatal(err)
			}
			links = append(links, secretOf(t, address))
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); err != nil {
			t.Errorf("asking for a link ends sessions: %v", err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), links[0], "een heel ander wachtwoord", "", office); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("the session outlives the password: %v", err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), links[1], good, "", office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("the other link outlives the reset: %v", err)
		}
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: office}); !errors.Is(err, identity.ErrCredentials) {
			t.Errorf("the former password works: %v", err)
		}
		signIn(t, w, u.Email, "een heel ander wachtwoord")
	})
}

func TestLinksEndByTheClock(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		_, invitation, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "nieuw@leiden.test", Name: "Nieuw"})
		if err != nil {
			t.Fatal(err)
		}
		reset, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		works := func(address string) bool {
			_, err := w.Accounts.Link(t.Context(), secretOf(t, address))
			if err != nil && !errors.Is(err, identity.ErrUnknownLink) {
				t.Fatal(err)
			}
			return err == nil
		}
		w.Clock.Move(24*time.Hour - time.Millisecond)
		if !works(reset) || !works(invitation) {
			t.Error("a link ended early")
		}
		w.Clock.Move(time.Millisecond)
		if works(reset) || !works(invitation) {
			t.Error("a reset lives for 24 hours, an invitation longer")
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, reset), good, "", office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Error(err)
		}
		w.Clock.Move(6*24*time.Hour - time.Millisecond)
		if !works(invitation) {
			t.Error("an invitation ended early")
		}
		w.Clock.Move(time.Millisecond)
		if works(invitation) {
			t.Error("an invitation lives longer than 7 days")
		}
	})
}

func TestADisabledAccountIsOutAtOnceAndCanComeBack(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		session := signIn(t, w, u.Email, good)
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Accounts.Disable(fixture.System(t), u.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); !errors.Is(err, identity.ErrUnknownSession) {
			t.Error(err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, address), good, "", office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Error(err)
		}
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: office}); !errors.Is(err, identity.ErrCredentials) {
			t.Error(err)
		}
		if _, err := w.Accounts.GiveLink(fixture.System(t), u.ID); !errors.Is(err, identity.ErrDisabled) {
			t.Error(err)
		}
		if _, _, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: u.Email}); !errors.Is(err, identity.ErrDisabled) {
			t.Error(err)
		}
		if err := w.Accounts.Enable(fixture.System(t), u.ID); err != nil {
			t.Fatal(err)
		}
		signIn(t, w, u.Email, good)
	})
}

func TestANodeKeepsAnAdministrator(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := administrator(t, w)
		for what, do := range map[string]func() error{
			"disabled":  func() error { return w.Accounts.Disable(fixture.System(t), u.ID) },
			"made less": func() error { return w.Accounts.SetNodeRoles(fixture.System(t), u.ID, false, true) },
			"erased":    func() error { return w.Accounts.Erase(fixture.System(t), u.ID) },
		} {
			if err := do(); !errors.Is(err, identity.ErrLastAdministrator) {
				t.Errorf("the only one is %s: %v", what, err)
			}
		}
		other := person(t, w, "jan@leiden.test")
		if err := w.Accounts.SetNodeRoles(fixture.System(t), other.ID, true, false); err != nil {
			t.Fatal(err)
		}
		if err := w.Accounts.Disable(fixture.System(t), u.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestTheFirstAccountIsMadeWithTheLinkOfTheTerminal(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		first, err := w.Accounts.SetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.Accounts.SetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n := identity.NewUser{Email: "beheer@plein.test", Name: "Beheerder", Password: good}
		if _, err := w.Accounts.SetUp(t.Context(), secretOf(t, first), n, office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("the link of an earlier start: %v", err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, second), good, "x", office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("a set-up link as a reset: %v", err)
		}
		if _, err := w.Accounts.SetUp(t.Context(), secretOf(t, second), identity.NewUser{Email: "geen adres", Name: "B", Password: good}, office); !errors.Is(err, identity.ErrEmail) {
			t.Error(err)
		}
		session, err := w.Accounts.SetUp(t.Context(), secretOf(t, second), n, office)
		if err != nil {
			t.Fatal(err)
		}
		if v, _, err := w.Sessions.Authenticate(t.Context(), session); err != nil || !v.NodeAdmin || v.Moderator {
			t.Errorf("%+v, %v", v, err)
		}
		n.Email = "tweede@plein.test"
		if _, err := w.Accounts.SetUp(t.Context(), secretOf(t, second), n, office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("twice: %v", err)
		}
		if _, err := w.Accounts.SetupLink(t.Context()); !errors.Is(err, identity.ErrHasAccounts) {
			t.Error(err)
		}
		if needs, err := w.Accounts.NeedsSetup(t.Context()); err != nil || needs {
			t.Error(needs, err)
		}
	})
}

func TestTheSetupLinkEndsAfterADay(t *testing.T) {
	w := fixture.SQLite(t)
	address, err := w.Accounts.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(24 * time.Hour)
	if _, err := w.Accounts.SetUp(t.Context(), secretOf(t, address), identity.NewUser{Email: "a@b.test", Name: "A", Password: good}, office); !errors.Is(err, identity.ErrUnknownLink) {
		t.Error(err)
	}
}

func TestOneMailboxIsOneAccount(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		person(t, w, "jan@leiden.test")
		if _, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "JAN@Leiden.test ", Name: "Jan", Password: good}); !errors.Is(err, identity.ErrEmailTaken) {
			t.Error(err)
		}
		for _, email := range []string{"", "jan", "jan@", "@leiden.test", "jan@leiden.test\r\nBcc: x@y.test", "Jan <j@leiden.test>", "jan@leiden.test, piet@leiden.test",
			"j\u200ban@leiden.test", "j\x00an@leiden.test", "j\xffan@leiden.test", strings.Repeat("a", 250) + "@b.test", "a b@leiden.test"} {
			if _, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: email, Name: "Jan", Password: good}); !errors.Is(err, identity.ErrEmail) {
				t.Errorf("%q: %v", email, err)
			}
		}
		for _, name := range []string{"", "  ", "a\nb", strings.Repeat("é", 101)} {
			if _, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "x@leiden.test", Name: name, Password: good}); !errors.Is(err, identity.ErrName) {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func TestRolesAreGivenAndTakenAway(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		ctx := identity.With(t.Context(), identity.Viewer{UserID: "usr_beheerder"})
		for _, r := range []identity.Role{identity.Author, identity.Coordinator} {
			if err := w.Accounts.SetRole(ctx, u.ID, w.Leiden.ID, r); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := w.Accounts.AddGuest(ctx, u.ID, "prj_1"); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.Accounts.List(t.Context(), w.Leiden.ID)
		if err != nil || len(got) != 1 || !slices.Equal(got[0].Memberships, []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Coordinator}}) || len(got[0].Guest) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if err := w.Accounts.SetRole(ctx, u.ID, w.Leiden.ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.Accounts.RemoveGuest(ctx, u.ID, "prj_1"); err != nil {
			t.Fatal(err)
		}
		if got, err = w.Accounts.List(t.Context(), w.Leiden.ID); err != nil || len(got) != 0 {
			t.Error(got, err)
		}
		if err := w.Accounts.SetRole(ctx, u.ID, w.Leiden.ID, "KING"); !errors.Is(err, identity.ErrRole) {
			t.Error(err)
		}
		if err := w.Accounts.SetRole(ctx, "usr_x", w.Leiden.ID, identity.Author); !errors.Is(err, identity.ErrUnknownUser) {
			t.Error(err)
		}
		// Each change is logged, by ids alone.
		rows := w.Store.Client.Change.Query().Where(change.Kind(string(changelog.Account)), change.RecordID(u.ID)).Order(change.ByID()).AllX(t.Context())
		if len(rows) != 7 {
			t.Fatalf("%d lines in the log", len(rows))
		}
		for i, r := range rows[1:] {
			if r.Actor != "usr_beheerder" || r.Revision != i+2 || strings.Contains(r.Reason, "@") {
				t.Errorf("line %d is %v", i, r)
			}
		}
	})
}

func TestTheSecondWhoRenamesIsToldSo(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	if err := w.Accounts.Rename(fixture.System(t), u.ID, u.Revision, "Jan Jansen"); err != nil {
		t.Fatal(err)
	}
	if err := w.Accounts.Rename(fixture.System(t), u.ID, u.Revision, "Jan Pietersen"); !errors.Is(err, identity.ErrStaleUser) {
		t.Error(err)
	}
	if u, err := w.Accounts.ByID(t.Context(), u.ID); err != nil || u.Name != "Jan Jansen" {
		t.Error(u, err)
	}
}

func TestAViewerActsForOneOrganisationOfTheirs(t *testing.T) {
	v := identity.Viewer{UserID: "usr_x", OrganizationID: "org_a", Memberships: []identity.Membership{{OrganizationID: "org_a", Role: identity.Member}, {OrganizationID: "org_b", Role: identity.Author}}}
	if got := v.For("org_b").OrganizationID; got != "org_b" {
		t.Error(got)
	}
	if got := v.For("org_c").OrganizationID; got != "org_a" {
		t.Error(got)
	}
	if identity.Role("").AtLeast("") || identity.Role("KING").AtLeast(identity.Member) || identity.Administrator.AtLeast("KING") || !identity.Administrator.AtLeast(identity.Member) || identity.Member.AtLeast(identity.Author) {
		t.Error("the order of roles")
	}
}

func TestOfManyWhoUseALinkAtOnceOneGetsIn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		secret := secretOf(t, address)
		var in, out atomic.Int32
		var running sync.WaitGroup
		for range 8 {
			running.Go(func() {
				switch _, err := w.Accounts.Redeem(t.Context(), secret, good, "", office); {
				case err == nil:
					in.Add(1)
				case errors.Is(err, identity.ErrUnknownLink):
					out.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		running.Wait()
		if in.Load() != 1 || out.Load() != 7 {
			t.Errorf("%d got in, %d did not", in.Load(), out.Load())
		}
	})
}
