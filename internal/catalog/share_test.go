package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func tryShare(ctx context.Context, w *fixture.World, id, note string, days int) (s *catalog.DraftShare, secret string, err error) {
	err = w.Write(ctx, func(tx *catalog.Writer) (err error) {
		s, secret, err = tx.Share(ctx, id, note, days)
		return err
	})
	return s, strings.TrimPrefix(secret, fixture.BaseURL+catalog.SharePath), err
}

func share(ctx context.Context, t *testing.T, w *fixture.World, id string, days int) (*catalog.DraftShare, string) {
	t.Helper()
	s, secret, err := tryShare(ctx, w, id, "Voor de GGD", days)
	if err != nil {
		t.Fatal(err)
	}
	return s, secret
}

// leadsTo is the working copy that a secret leads a stranger to, and how many statements that took.
func leadsTo(t *testing.T, w *fixture.World, secret string) (r record.Record, n int) {
	t.Helper()
	n = statements(t, w, func() (err error) {
		r, _, err = w.Shared(identity.AsStranger(t.Context()), secret)
		return err
	})
	return r, n
}

func TestALinkLeadsAStrangerToAWorkingCopyForATime(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author := person(t, w, w.Leiden, identity.Author)
		p := w.Project("Verkamering")
		p.Answer = record.NL("In deze wijken.")
		id := create(t, w, p).Base().ID
		made := since(t, w, func() {
			if _, secret := share(author, t, w, id, 14); len(secret) != 43 {
				t.Errorf("the secret is %q", secret)
			}
		})
		same(t, "changes", made, []string{"SHARED " + id})
		s, secret := share(author, t, w, id, 2)
		if r, _ := leadsTo(t, w, secret); r == nil || r.(*record.Project).Answer.In() != "In deze wijken." || r.Base().State != record.Draft {
			t.Fatalf("it leads to %v", r)
		}
		for _, row := range w.Store.Client.DraftShare.Query().AllX(t.Context()) {
			if strings.Contains(fmt.Sprint(row), secret) {
				t.Error("the secret is in the database")
			}
		}
		all, err := w.Shares(author, id)
		if err != nil || len(all) != 2 || all[0].ID != s.ID || all[0].Note != "Voor de GGD" || !s.ExpiresAt.Equal(w.Clock.Now().Add(48*time.Hour)) {
			t.Errorf("listed are %v, %v", all, err)
		}
		w.Clock.Move(48*time.Hour - time.Millisecond)
		if r, _ := leadsTo(t, w, secret); r == nil {
			t.Error("it ended early")
		}
		w.Clock.Move(time.Millisecond)
		if r, _ := leadsTo(t, w, secret); r != nil {
			t.Error("it did not end")
		}
		if all, err := w.Shares(author, id); err != nil || len(all) != 1 {
			t.Errorf("listed are %v, %v", all, err)
		}
	})
}

func TestASecretThatLeadsNowhereTakesTheSameStatements(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author := person(t, w, w.Leiden, identity.Author)
		_, over := share(author, t, w, create(t, w, w.Project("Over")).Base().ID, 1)
		w.Clock.Move(24 * time.Hour)
		ids := map[string]string{}
		secrets := map[string]string{"unknown": strings.Repeat("A", 43), "malformed": "\x00' OR 1=1 --", "empty": "", "ended": over}
		for _, name := range []string{"ended by its giver", "thrown away", "withdrawn", "under embargo"} {
			ids[name] = create(t, w, w.Project(name)).Base().ID
		}
		for name, id := range ids {
			var s *catalog.DraftShare
			if s, secrets[name] = share(author, t, w, id, 30); name == "ended by its giver" {
				if err := w.Write(author, func(tx *catalog.Writer) error { return tx.EndShare(author, s.ID) }); err != nil {
					t.Fatal(err)
				}
			}
		}
		must(author, t, w, ids["thrown away"], discards)
		publish(t, w, ids["withdrawn"])
		withdraw(t, w, ids["withdrawn"], "Weg.")
		edit(t, w, ids["under embargo"], func(p *record.Project) { p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)} })
		for name, secret := range secrets {
			if r, n := leadsTo(t, w, secret); r != nil || n != 2 {
				t.Errorf("%s: %v after %d statements", name, r, n)
			}
		}
	})
}

func TestALinkShowsNothingPrivateAndNothingUnderEmbargo(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.Answer, p.Occasion = record.NL("HET ANTWOORD"), record.NL("Een vraag uit de raad.")
	p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
	id := create(t, w, p).Base().ID
	_, secret := share(person(t, w, w.Leiden, identity.Author), t, w, id, 14)
	r, _ := leadsTo(t, w, secret)
	b, err := record.Encode(r)
	if err != nil || !strings.Contains(string(b), "uit de raad") {
		t.Fatalf("%s, %v", b, err)
	}
	for _, hidden := range []string{"HET ANTWOORD", "bekendmaking door het ministerie"} {
		if strings.Contains(string(b), hidden) {
			t.Errorf("it shows %s", hidden)
		}
	}
	w.Clock.Move(time.Hour)
	if r, _ := leadsTo(t, w, secret); r.(*record.Project).Answer.In() != "HET ANTWOORD" {
		t.Error("after the embargo the answer is not there")
	}
}

func TestOfALinkThatEndedNothingIsKept(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author := person(t, w, w.Leiden, identity.Author)
		id := create(t, w, w.Project("Verkamering")).Base().ID
		share(author, t, w, id, 1)
		kept, _ := share(author, t, w, id, 2)
		w.Clock.Move(24 * time.Hour)
		if err := w.ForgetShares(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "links in the database", w.Store.Client.DraftShare.Query().IDsX(t.Context()), []string{kept.ID})
	})
}

func TestALinkToALessonShowsNothingWhileItsProjectIsUnderEmbargo(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author := person(t, w, w.Leiden, identity.Author)
		for _, public := range []bool{false, true} {
			p := w.Project("Verkamering")
			p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
			project := create(t, w, p).Base().ID
			if public {
				publish(t, w, project)
			}
			_, secret := share(author, t, w, create(t, w, w.Lesson("Wat het antwoord leerde", project)).Base().ID, 14)
			if r, _ := leadsTo(t, w, secret); r != nil {
				t.Errorf("published %v: it leads to %v", public, r)
			}
			w.Clock.Move(time.Hour)
			if r, _ := leadsTo(t, w, secret); r == nil {
				t.Errorf("published %v: after the embargo it leads nowhere", public)
			}
		}
	})
}

func TestLinksAreGivenAndEndedByAuthorsAlone(t *testing.T) {
	w := fixture.SQLite(t)
	author := person(t, w, w.Leiden, identity.Author)
	id := create(t, w, w.Project("Verkamering")).Base().ID
	s, _ := share(author, t, w, id, 14)
	for who, ctx := range map[string]context.Context{"a stranger": identity.AsStranger(t.Context()), "a member": person(t, w, w.Leiden, identity.Member),
		"another organisation": person(t, w, w.Delft, identity.Administrator), "a guest": guestOf(t, w, id), "a program": fixture.As(t, w.Leiden), "a moderator": moderator(t)} {
		refused := func(err error) bool {
			return problem(err) == record.NotFound || errors.Is(err, policy.ErrForbidden) || errors.Is(err, policy.ErrUnauthenticated)
		}
		if _, _, err := tryShare(ctx, w, id, "x", 1); !refused(err) {
			t.Errorf("%s gives a link: %v", who, err)
		}
		if err := w.Write(ctx, func(tx *catalog.Writer) error { return tx.EndShare(ctx, s.ID) }); !refused(err) {
			t.Errorf("%s ends a link: %v", who, err)
		}
		if all, err := w.Shares(ctx, id); all != nil || err != nil {
			t.Errorf("%s lists %v, %v", who, all, err)
		}
	}
	for _, c := range []struct {
		note string
		days int
		want record.Code
	}{{"", 1, record.Required}, {" ", 1, record.Required}, {strings.Repeat("é", 301), 1, record.TooLong}, {"x", 0, record.Invalid}, {"x", 31, record.Invalid}, {"x", -1, record.Invalid}} {
		if _, _, err := tryShare(author, w, id, c.note, c.days); problem(err) != c.want {
			t.Errorf("%.5q for %d days: %v", c.note, c.days, err)
		}
	}
	for range 19 {
		share(author, t, w, id, 30)
	}
	if _, _, err := tryShare(author, w, id, "x", 1); problem(err) != record.TooMany {
		t.Errorf("a link too many: %v", err)
	}
	must(author, t, w, id, discards)
	if _, _, err := tryShare(author, w, id, "x", 1); problem(err) != record.NotFound {
		t.Errorf("what was thrown away is shared: %v", err)
	}
}
