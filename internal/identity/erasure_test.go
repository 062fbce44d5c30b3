package identity_test

import (
	"bytes"
	stdsql "database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/store"
)

// somebody makes an account that has been used in every way.
func somebody(t *testing.T, w *fixture.World) *identity.User {
	t.Helper()
	withMail(t, w)
	u, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "wilhelmina.zonderling@leiden.test", Name: "Wilhelmina Zonderling", Password: good})
	if err != nil {
		t.Fatal(err)
	}
	ctx := identity.With(t.Context(), identity.Viewer{UserID: u.ID})
	if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Author); err != nil {
		t.Fatal(err)
	}
	if err := w.Accounts.AddGuest(fixture.System(t), u.ID, "prj_1"); err != nil {
		t.Fatal(err)
	}
	signIn(t, w, u.Email, good)
	p := fixture.OpenProvider(t, w)
	p.Person = map[string]any{"sub": "w.zonderling", "email": u.Email, "email_verified": true}
	if _, err := signInAt(t, p, p.Register(t, w)); err != nil {
		t.Fatal(err)
	}
	w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: "raden maar", From: stranger(1)}) //nolint:errcheck // it is counted
	if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
		t.Fatal(err)
	}
	if u, err = w.Accounts.ByID(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Accounts.Rename(ctx, u.ID, u.Revision, "Wilhelmina Zonderling-Tweede"); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAPersonGetsEverythingThatIsKeptAboutThem(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := somebody(t, w)
		got, err := w.Accounts.Export(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.User.Email != u.Email || got.User.Name != "Wilhelmina Zonderling-Tweede" || len(got.User.Memberships) != 1 || len(got.User.Guest) != 1 ||
			len(got.Sessions) != 2 || len(got.Identities) != 1 || got.Identities[0].Subject != "w.zonderling" || len(got.Mail) != 1 || got.Networks != 1 || len(got.Actions) != 2 || got.Actions[1].Reason != "renamed" {
			t.Errorf("%+v", got)
		}
		b, err := json.Marshal(got)
		if err != nil || bytes.Contains(b, []byte("argon2id")) || bytes.Contains(b, []byte("hash")) {
			t.Errorf("%s, %v", b, err)
		}
		if _, err := w.Accounts.Export(t.Context(), "usr_x"); !errors.Is(err, identity.ErrUnknownUser) {
			t.Error(err)
		}
	})
}

func TestErasureLeavesAnIDThatLeadsToNobody(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := somebody(t, w)
		if err := w.Accounts.Erase(fixture.System(t), u.ID); err != nil {
			t.Fatal(err)
		}
		c := w.Store.Client
		for table, n := range map[string]int{"users": c.User.Query().CountX(t.Context()), "memberships": c.Membership.Query().CountX(t.Context()), "guests": c.Guest.Query().CountX(t.Context()),
			"sessions": c.Session.Query().CountX(t.Context()), "links": c.Link.Query().CountX(t.Context()), "outbox": c.Mail.Query().CountX(t.Context()),
			"oidc_identities": c.OidcIdentity.Query().CountX(t.Context())} {
			if n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		// What is left of the counts is of addresses: the office's and the stranger's, until they end.
		if n := c.Throttle.Query().CountX(t.Context()); n > 3 {
			t.Errorf("%d counts", n)
		}
		if n := c.Change.Query().Where(change.Actor(u.ID)).CountX(t.Context()); n != 2 {
			t.Errorf("what they did is %d lines", n)
		}
		if err := w.Accounts.Erase(fixture.System(t), u.ID); !errors.Is(err, identity.ErrUnknownUser) {
			t.Error(err)
		}
		// The mailbox is free for whoever has it next.
		person(t, w, u.Email)
	})
}

func TestNoByteOfAPersonIsLeftInTheFiles(t *testing.T) {
	w := fixture.SQLite(t)
	u := somebody(t, w)
	holds := func() (n int) {
		files, err := filepath.Glob(filepath.Join(w.Config.Dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			n += strings.Count(strings.ToLower(string(b)), "zonderling")
		}
		return n
	}
	if holds() == 0 {
		t.Fatal("the test looks in the wrong place")
	}
	if err := w.Accounts.Erase(fixture.System(t), u.ID); err != nil {
		t.Fatal(err)
	}
	if n := holds(); n != 0 {
		t.Errorf("the files name the person %d times", n)
	}
}

// traces are the columns that keep the id of a person who was erased: it leads to nobody.
var traces = []string{"changes.actor", "changes.record_id", "draft_shares.created_by", "drafts.edited_by", "drafts.submitted_by", "imports.actor",
	"mistake_reports.closed_by", "mistake_reports.reporter"}

func TestErasureLeavesTheIDWhereSomethingWasDoneAndNothingElse(t *testing.T) {
	w := fixture.SQLite(t)
	u := somebody(t, w)
	if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Coordinator); err != nil {
		t.Fatal(err)
	}
	ctx := identity.With(t.Context(), identity.Viewer{UserID: u.ID, OrganizationID: w.Leiden.ID, Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Coordinator}}})
	public := w.Publish(t, w.Project("Openbaar")).Base().ID
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		p, err := tx.Create(ctx, w.Project("Kamers"), catalog.Origin{})
		if err != nil {
			return err
		}
		id := p.Base().ID
		if _, err := tx.Submit(ctx, id, 1, "Graag kijken."); err != nil {
			return err
		}
		if _, _, err := tx.Share(ctx, id, "Voor een expert", 7); err != nil {
			return err
		}
		if err := tx.Report(ctx, public, "Dit klopt niet."); err != nil {
			return err
		}
		_, err = tx.OpenImport(ctx, w.Leiden.ID, "projecten.xlsx", 1, []byte("{}"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	report := w.Store.Client.MistakeReport.Query().OnlyX(t.Context())
	if err := w.Write(ctx, func(tx *catalog.Writer) error { return tx.CloseReport(ctx, report.ID, "Gewijzigd.") }); err != nil {
		t.Fatal(err)
	}
	got, err := w.Accounts.Export(t.Context(), u.ID)
	if err != nil || len(got.Reports) != 1 || len(got.Shares) != 1 || len(got.Imports) != 1 || len(got.Account) < 4 || got.Reports[0].Text != "Dit klopt niet." {
		t.Errorf("%+v, %v", got, err)
	}
	if err := w.Accounts.Erase(fixture.System(t), u.ID); err != nil {
		t.Fatal(err)
	}
	db, err := stdsql.Open("sqlite3", filepath.Join(w.Config.Dir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if found := columnsWith(t, db, u.ID); !slices.Equal(found, traces) {
		t.Errorf("the id is in %q", found)
	}
	for _, said := range []string{u.Email, "Zonderling", "zonderling"} {
		if found := columnsWith(t, db, said); len(found) > 0 {
			t.Errorf("%s is in %q", said, found)
		}
	}
}

// columnsWith lists the columns of a database, as table.column, that hold a text somewhere.
func columnsWith(t *testing.T, db *stdsql.DB, text string) (found []string) {
	t.Helper()
	rows, err := db.Query("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, 2")
	if err != nil {
		t.Fatal(err)
	}
	var columns [][2]string
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(columns) < 100 {
		t.Fatalf("%d columns, %v", len(columns), err)
	}
	for _, c := range columns {
		var n int
		// A blob is searched as the bytes that it is.
		if err := db.QueryRow("SELECT COUNT(*) FROM \""+c[0]+"\" WHERE instr(CAST(\""+c[1]+"\" AS BLOB), CAST(? AS BLOB)) > 0", text).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, c[0]+"."+c[1])
		}
	}
	return found
}
