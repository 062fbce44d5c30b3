package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/mistakereport"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// rights is what each mutation answers to each of the cast, in the order of roles: + done, U UNAUTHENTICATED, F FORBIDDEN,
// and as user errors N NOT_FOUND, A NOT_ALLOWED, I ILLEGAL_TRANSITION (they may, but not now). What is done is done to what is
// Leiden's. A mutation without a row fails the test.
var rights = map[string]string{
	// Records.
	"projectCreate":          "UF+++FFFF+",
	"projectUpdate":          "UF+++NFFF+",
	"outputAdd":              "UF+++NFF++",
	"outputUpdate":           "UF+++NFF++",
	"outputRemove":           "UF+++NFF++",
	"policyUseAdd":           "UF+++NFFF+",
	"policyUseUpdate":        "UF+++NFFF+",
	"policyUseRemove":        "UF+++NFFF+",
	"lessonCreate":           "UF+++FFFF+",
	"lessonUpdate":           "UF+++NFFF+",
	"templateCreate":         "UF+++FFFF+",
	"templateUpdate":         "UF+++NFFF+",
	"templateFork":           "UF+++FFFF+",
	"templateVersionPublish": "UFFIINFFFI",
	"dataSourceCreate":       "UF+++FFFF+",
	"dataSourceUpdate":       "UF+++NFFF+",
	"projectReuse":           "UF+++FFFF+",
	"reuseHide":              "UFF++NFFF+",
	"fileRemove":             "UFNNNNFFNN",
	"fileRestore":            "UFNNNNFFNN",

	// Workflow.
	"recordSubmit":       "UF+++NFFF+",
	"recordReview":       "UFF++NFFFF",
	"recordPublish":      "UFFIINFFFI",
	"recordArchive":      "UFF++NFFF+",
	"recordWithdraw":     "UFF++NF+F+",
	"recordDiscard":      "UF+++NFFF+",
	"recordRestore":      "UF+++NFFF+",
	"embargoPlace":       "UFF++NFFF+",
	"embargoExtend":      "UFF++NFFF+",
	"embargoLift":        "UFF++NFFF+",
	"draftShare":         "UF+++NFFFF",
	"draftShareEnd":      "UF+++NFFFF",
	"mistakeReport":      "U+++++FFFF",
	"mistakeReportClose": "UF+++NFFF+",

	// People.
	"accountUpdate":    "U++++++++F",
	"sessionEnd":       "U++++++++F",
	"memberInvite":     "UFFF+F+FFF",
	"memberSetRole":    "UFFF+N+FFF",
	"memberRemove":     "UFFF+N+FFF",
	"guestInvite":      "UFF++NFFFF",
	"guestRemove":      "UFF++NFFFF",
	"tokenCreate":      "UFFF+FFFFF",
	"tokenRevoke":      "UFFF+NFFFF",
	"userSetDisabled":  "UFFFFF+FFF",
	"userSetNodeRoles": "UFFFFF+FFF",
	"userLink":         "UFFFFF+FFF",
	"userErase":        "UFFFFF+FFF",

	// Organisations and what is everybody's.
	"organizationCreate": "UFFFFF+FFF",
	"organizationUpdate": "UFFF+FFFF+",
	"conceptCreate":      "UFFFFF+FF+",
	"conceptUpdate":      "UFFFFF+FF+",

	// Other nodes.
	"peerAdd":               "UFFFFFAFFF",
	"peerSetState":          "UFFFFF+FFF",
	"peerRemove":            "UFFFFF+FFF",
	"peerPull":              "UFFFFF+FFF",
	"publisherSetState":     "UFFFFF+FFF",
	"publisherAllowDeletes": "UFFFFF+FFF",
	"keyRotate":             "UFFFFFIFFF",
	"keysClaim":             "UFFFFF+FFF",
}

func TestEveryMutationAnswersEverybodyAsTheTableSays(t *testing.T) {
	var all []string
	for _, f := range contractSchema().Mutation.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			all = append(all, f.Name)
		}
	}
	slices.Sort(all)
	if have := slices.Sorted(maps.Keys(rights)); !slices.Equal(have, all) {
		t.Fatalf("the table has %v\nand there are %v", have, all)
	}
	each(t, func(t *testing.T, n *node) {
		c, cells := people(t, n), 0
		for _, name := range all {
			got := ""
			for _, who := range roles {
				got += c.tries(t, who, name)
				cells++
			}
			if got != rights[name] {
				t.Errorf("%-22s %s, want %s", name, got, rights[name])
			}
		}
		t.Logf("%d mutations × %d of the cast: %d cells", len(all), len(roles), cells)
	})
}

// tries has somebody carry out a mutation that is right in every other way, and gives the letter of what came of it. What is
// refused writes nothing.
func (c *cast) tries(t *testing.T, who, mutation string) string {
	t.Helper()
	f := contractSchema().Mutation.Fields.ForName(mutation)
	arg := f.Arguments[0]
	value := c.target(t, who, mutation)
	before, err := c.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	letter := c.told(t, who, mutation, fmt.Sprintf(`mutation($x: %s) { %s(%s: $x) { userErrors { code message field } } }`, arg.Type, mutation, arg.Name), value)
	if after, err := c.Log.Head(t.Context()); err != nil || after != before && letter != "+" {
		t.Errorf("%s %s was refused and wrote something, %v", who, mutation, err)
	}
	return letter
}

func (c *cast) told(t *testing.T, who, mutation, query string, value any) string {
	t.Helper()
	a := c.ask(t, c.as[who], query, map[string]any{"x": value})
	switch {
	case len(a.Errors) == 0:
	case a.Errors[0].Extensions["code"] == "UNAUTHENTICATED":
		return "U"
	case a.Errors[0].Extensions["code"] == "FORBIDDEN":
		return "F"
	default:
		t.Errorf("%s %s: %.300s", who, mutation, a.bytes)
		return "?"
	}
	problems := fixture.At(t, a.Data, mutation+".userErrors").([]any)
	if len(problems) == 0 {
		return "+"
	}
	letter, ok := map[string]string{"NOT_FOUND": "N", "NOT_ALLOWED": "A", "ILLEGAL_TRANSITION": "I"}[problems[0].(map[string]any)["code"].(string)]
	if !ok {
		t.Errorf("%s %s: %.300s", who, mutation, a.bytes)
	}
	return letter
}

// target makes what a mutation is done to and gives its argument.
func (c *cast) target(t *testing.T, who, mutation string) any {
	t.Helper()
	c.made++
	title := fmt.Sprintf("%s %d", mutation, c.made)
	project := func() string {
		if who == "guest" {
			return c.project
		}
		return c.draft(t, c.Project(title))
	}
	at := func(id string, more input) input {
		in := input{"id": id, "revision": c.revision(t, id)}
		maps.Copy(in, more)
		return in
	}
	on := func(id string, more input) input {
		in := at(id, more)
		in["project"] = id
		delete(in, "id")
		return in
	}
	// part is an input about a part of a project that was just added to it.
	part := func(add func(*record.Project, string), more input) input {
		id, key := project(), fmt.Sprintf("k%d", c.made)
		c.edit(t, id, func(r record.Record) { add(r.(*record.Project), key) })
		in := at(id, more)
		in["id"] = record.PartID(id, key)
		return in
	}
	output := func(p *record.Project, key string) {
		p.Outputs = append(p.Outputs, &record.Output{Key: key, KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: c.Leiden.ID})
	}
	use := func(p *record.Project, key string) {
		p.PolicyUses = append(p.PolicyUses, &record.PolicyUse{Key: key, KindIRI: record.ConceptIRI(record.PolicyUseKind, "beleidsstuk"), Title: record.NL("Nota")})
	}
	switch mutation {
	case "projectCreate":
		return input{"organization": c.Leiden.ID, "title": title, "question": "Waar?", "policyDomains": []string{wonen}}
	case "projectUpdate":
		return at(project(), input{"title": title})
	case "outputAdd":
		return on(project(), input{"kind": rapport, "title": "Rapport", "producedBy": c.Leiden.ID})
	case "outputUpdate":
		return part(output, input{"title": "Anders"})
	case "outputRemove":
		return part(output, nil)
	case "policyUseAdd":
		return on(project(), input{"kind": record.ConceptID(record.PolicyUseKind, "beleidsstuk"), "title": "Nota"})
	case "policyUseUpdate":
		return part(use, input{"title": "Anders"})
	case "policyUseRemove":
		return part(use, nil)
	case "lessonCreate":
		return input{"organization": c.Leiden.ID, "title": title, "kind": "DO", "context": "Bij de start.", "recommendation": "Doe dit.", "steps": []string{"vraag"},
			"template": c.published(t, c.Template(title, "1.0.0", "vraag"))}
	case "lessonUpdate":
		return at(c.draft(t, c.Lesson(title)), input{"title": title + "!"})
	case "templateCreate":
		return input{"organization": c.Leiden.ID, "title": title}
	case "templateUpdate":
		return at(c.draft(t, c.Template(title, "1.0.0", "vraag")), input{"title": title + "!"})
	case "templateFork":
		return input{"organization": c.Leiden.ID, "title": title, "version": c.version(t, c.published(t, c.Template(title, "1.0.0", "vraag")), 0)}
	case "templateVersionPublish":
		return input{"template": c.draft(t, c.Template(title, "1.0.0", "vraag")), "revision": 1, "number": "1.1.0", "changeNote": "Beter.",
			"steps": []input{{"key": "vraag", "title": "Vraag", "purpose": "Scherp."}}}
	case "dataSourceCreate":
		return input{"organization": c.Leiden.ID, "name": title, "holder": "Gemeente"}
	case "dataSourceUpdate":
		return input{"id": c.source(t, title), "revision": 1, "name": title + "!"}
	case "projectReuse":
		return input{"subject": fixture.BaseURL + "/id/" + c.published(t, c.Project(title)), "organization": c.Leiden.ID, "kind": "REPEATED"}
	case "reuseHide":
		maker := c.Project(title + " nagedaan")
		maker.PublisherID, maker.BasedOn = c.Delft.ID, []*record.Reuse{{Key: "b1", SubjectID: c.published(t, c.Project(title)), Kind: record.Repeated}}
		return input{"id": record.PartID(c.published(t, maker), "b1"), "isHidden": true, "reason": "Klopt niet."}
	case "peerAdd":
		return input{"baseUrl": fixture.BaseURL}
	case "peerSetState":
		return input{"id": c.peer(t, title), "state": "PAUSED"}
	case "peerRemove", "peerPull":
		return c.peer(t, title)
	case "publisherSetState":
		return input{"id": c.publisher(t, title), "state": "PAUSED"}
	case "publisherAllowDeletes":
		return c.publisher(t, title)
	case "keyRotate":
		return input{"organization": c.Delft.ID}
	case "keysClaim":
		return input{"isOnlyOne": true}
	case "fileRemove", "fileRestore":
		return "fil_01890000-0000-7000-8000-000000000000" // whose file it is, the tests of files know
	}
	return c.targetOfWorkflow(t, who, mutation, title, at, on)
}

// targetOfWorkflow is target for what moves records, and for people and organisations.
func (c *cast) targetOfWorkflow(t *testing.T, who, mutation, title string, at, on func(string, input) input) any {
	t.Helper()
	ends := c.Clock.Now().Add(30 * 24 * time.Hour).Format(time.RFC3339)
	switch mutation {
	case "recordSubmit", "recordPublish", "recordDiscard":
		return at(c.draft(t, c.Project(title)), nil)
	case "recordReview":
		id := c.draft(t, c.Project(title))
		c.write(t, func(w *catalog.Writer) error { _, err := w.Submit(fixture.System(t), id, 1, ""); return err })
		return at(id, input{"approve": true})
	case "recordArchive", "recordWithdraw":
		return at(c.published(t, c.Project(title)), input{"note": "Niet meer bijgehouden."})
	case "recordRestore":
		id := c.draft(t, c.Project(title))
		c.write(t, func(w *catalog.Writer) error { _, err := w.Discard(fixture.System(t), id, 1); return err })
		return at(id, nil)
	case "embargoPlace":
		return input{"project": c.draft(t, c.Project(title)), "revision": 1, "scope": "RESULTS", "ground": record.ConceptID(record.EmbargoGround, "bekendmaking"), "reason": because, "until": ends}
	case "embargoExtend", "embargoLift":
		id := c.draft(t, c.Project(title))
		c.write(t, func(w *catalog.Writer) error {
			e := *c.Embargo(record.ResultsScope, 24*time.Hour)
			_, err := w.PlaceEmbargo(fixture.System(t), id, 1, e, func(*record.Project) record.Text { return nil })
			return err
		})
		if mutation == "embargoLift" {
			return on(id, input{"reason": because})
		}
		return on(id, input{"reason": because, "until": ends})
	case "draftShare":
		return input{"record": c.draft(t, c.Project(title)), "note": "Voor de huisvester"}
	case "draftShareEnd":
		id, share := c.draft(t, c.Project(title)), ""
		c.write(t, func(w *catalog.Writer) error {
			s, _, err := w.Share(fixture.System(t), id, "Voor de huisvester", 7)
			if err == nil {
				share = s.ID
			}
			return err
		})
		return share
	case "mistakeReport":
		return input{"record": c.published(t, c.Project(title)), "message": "Dit klopt niet."}
	case "mistakeReportClose":
		return input{"id": c.report(t, c.published(t, c.Project(title))), "outcome": "Gewijzigd."}
	case "accountUpdate":
		return input{"displayName": who}
	case "sessionEnd":
		return c.session(t, who)
	case "memberInvite":
		return input{"organization": c.Leiden.ID, "email": fmt.Sprintf("nieuw%d@plein.test", c.made), "role": "AUTHOR"}
	case "memberSetRole":
		return input{"id": membershipID(c.newcomer(t, in(c.Leiden, identity.Member)), c.Leiden), "role": "COORDINATOR"}
	case "memberRemove":
		return input{"id": membershipID(c.newcomer(t, in(c.Leiden, identity.Author)), c.Leiden)}
	case "guestInvite":
		return input{"project": c.draft(t, c.Project(title)), "email": fmt.Sprintf("gast%d@plein.test", c.made)}
	case "guestRemove":
		u := c.newcomer(t)
		if err := c.Accounts.AddGuest(fixture.System(t), u.ID, c.project); err != nil {
			t.Fatal(err)
		}
		return input{"project": c.project, "user": u.ID}
	case "tokenCreate":
		return input{"organization": c.Leiden.ID, "name": title, "scopes": []string{"WRITE_RECORDS"}}
	case "tokenRevoke":
		_, made, err := c.Tokens.Create(fixture.System(t), c.Leiden.ID, title, []identity.Scope{identity.WriteRecords}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	case "userSetDisabled":
		return input{"id": c.newcomer(t).ID, "disabled": true}
	case "userSetNodeRoles":
		return input{"id": c.newcomer(t).ID, "nodeAdministrator": false, "moderator": true}
	case "userLink":
		return c.newcomer(t).ID
	case "userErase":
		u := c.newcomer(t)
		return input{"id": u.ID, "email": u.Email}
	case "organizationCreate":
		return input{"name": title, "slug": fmt.Sprintf("nieuw-%d", c.made), "kind": "MUNICIPAL_UDC", "municipalities": []string{"GM0546"}}
	case "organizationUpdate":
		return input{"id": c.Leiden.ID, "revision": c.Reference().Organization(c.Leiden.ID).Revision, "approach": title}
	case "conceptCreate":
		return input{"label": title}
	case "conceptUpdate":
		id := c.term(t, title)
		return input{"id": id, "revision": c.Reference().Concept(id).Revision, "label": title + "!"}
	}
	t.Fatalf("the test cannot make what %s is done to", mutation)
	return nil
}

func (c *cast) write(t *testing.T, do func(*catalog.Writer) error) {
	t.Helper()
	if err := c.Write(fixture.System(t), do); err != nil {
		t.Fatal(err)
	}
}

// revision is the lock of a working copy.
func (c *cast) revision(t *testing.T, id string) int {
	t.Helper()
	return c.Store.Client.Draft.GetX(t.Context(), id).Revision
}

// source makes a data source of Leiden's.
func (c *cast) source(t *testing.T, name string) (id string) {
	t.Helper()
	c.write(t, func(w *catalog.Writer) error {
		d, err := w.SaveDataSource(fixture.System(t), c.Leiden.ID, record.DataSource{Name: name, Holder: "Gemeente"})
		if err == nil {
			id = d.ID
		}
		return err
	})
	return id
}

// term makes a term of the thesaurus.
func (c *cast) term(t *testing.T, label string) (id string) {
	t.Helper()
	c.write(t, func(w *catalog.Writer) error {
		k, err := w.CreateConcept(fixture.System(t), record.Concept{Scheme: record.Thesaurus, Label: record.NL(label)})
		if err == nil {
			id = k.ID
		}
		return err
	})
	return id
}

// report has a visitor report a mistake.
func (c *cast) report(t *testing.T, id string) string {
	t.Helper()
	if err := c.Write(stranger(t), func(w *catalog.Writer) error { return w.Report(stranger(t), id, "Dit klopt niet.") }); err != nil {
		t.Fatal(err)
	}
	return c.Store.Client.MistakeReport.Query().Where(mistakereport.RecordID(id)).OnlyIDX(t.Context())
}

// session is another one of somebody's, or somebody's for who has none.
func (c *cast) session(t *testing.T, who string) string {
	t.Helper()
	u := c.users[who]
	if u == nil {
		u = c.users["member"]
	}
	return identity.From(c.signedIn(t, u)).SessionID
}

// newcomer makes an account of which nothing is expected.
func (c *cast) newcomer(t *testing.T, in ...identity.Membership) *identity.User {
	t.Helper()
	c.made++
	return c.person(t, fmt.Sprintf("iemand%d", c.made), in...)
}

// membershipID is the id of what somebody is in an organisation.
func membershipID(u *identity.User, o *record.Organization) string {
	return "mbr_" + strings.TrimPrefix(u.ID, "usr_") + "_" + strings.TrimPrefix(o.ID, "org_")
}
