package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// uploaded keeps a file of Leiden's for a project and gives its id.
func (n *node) uploaded(t testing.TB, project, name, body string) string {
	t.Helper()
	received, err := n.Files.Receive(name, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer received.Close()
	kept, err := n.Files.Keep(fixture.As(t, n.Leiden), project, received)
	if err != nil {
		t.Fatal(err)
	}
	return kept.ID
}

// byID is a mutation that takes nothing but an id, with its user errors.
func (n *node) byID(t testing.TB, ctx context.Context, name, id, selection string) (payload any, problems []string) {
	t.Helper()
	got := n.must(t, ctx, "mutation($id: ID!) { "+name+"(id: $id) { "+selection+" userErrors { code field message } } }", map[string]any{"id": id})[name]
	return got, told(t, fixture.At(t, got, "userErrors").([]any))
}

func TestAnOutputIsAFileThatWasUploaded(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.Publish(t, n.Project("Kamers")).Base().ID
		other := n.uploaded(t, n.project(t, leiden, "Elders"), "a.txt", "a")
		file := n.uploaded(t, id, "Rapport 1.txt", "tekst")
		spare := n.uploaded(t, id, "los.csv", "a;b\n")

		add := input{"project": id, "revision": 2, "kind": rapport, "title": "Rapport", "producedBy": n.Leiden.ID}
		for _, wrong := range []string{other, "fil_x", id} {
			with := input{"file": wrong}
			for k, v := range add {
				with[k] = v
			}
			n.refused(t, leiden, "outputAdd", with, "NOT_FOUND outputs.file")
		}
		add["file"] = file
		const fields = "id name mediaType byteSize url uploadedAt removedAt"
		want := map[string]any{"id": file, "name": "Rapport 1.txt", "mediaType": "text/plain", "byteSize": 5.0, "url": fixture.BaseURL + "/files/" + file + "/Rapport%201.txt", "uploadedAt": "2026-03-02T09:00:00.000Z", "removedAt": nil}
		same(t, "in the working copy", n.wrote(t, leiden, "outputAdd", add, "output { title file { "+fields+" } }")["output"], map[string]any{"title": "Rapport", "file": want})
		same(t, "a change of something else", n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 3, "title": "Het rapport"}, "output { file { name } }")["output"],
			map[string]any{"file": map[string]any{"name": "Rapport 1.txt"}})

		const node = "query($id: ID!) { node(id: $id) { ... on File { " + fields + " } } }"
		if got := n.must(t, stranger(t), node, map[string]any{"id": file}); got["node"] != nil {
			t.Errorf("a stranger knows of a file of a working copy: %v", got)
		}
		same(t, "for its author", n.must(t, leiden, node, map[string]any{"id": file})["node"], want)
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 4}, "record { id }")
		same(t, "published", n.ofProject(t, stranger(t), id, "{ outputs { file { "+fields+" } } }"), map[string]any{"outputs": []any{map[string]any{"file": want}}})
		same(t, "as a node", n.must(t, stranger(t), node, map[string]any{"id": file})["node"], want)

		const list = "query($id: ID!, $first: Int) { files(record: $id, first: $first) { totalCount pageInfo { hasNextPage } nodes { id removedAt } } }"
		all := n.must(t, leiden, list, map[string]any{"id": id, "first": 1})["files"]
		if fixture.At(t, all, "totalCount") != 2.0 || fixture.At(t, all, "pageInfo.hasNextPage") != true || fixture.At(t, all, "nodes.0.id") != spare {
			t.Errorf("%v", all)
		}
		for who, ctx := range map[string]context.Context{"a stranger": stranger(t), "another organisation": fixture.As(t, n.Delft)} {
			for _, of := range []string{id, "prj_x", ""} {
				if got := n.must(t, ctx, list, map[string]any{"id": of, "first": 20}); got["files"] != nil {
					t.Errorf("%s lists the files of %q: %v", who, of, got)
				}
			}
			a := n.ask(t, ctx, "mutation($id: ID!) { fileRemove(id: $id) { userErrors { code } } }", map[string]any{"id": spare})
			b := n.ask(t, ctx, "mutation($id: ID!) { fileRemove(id: $id) { userErrors { code } } }", map[string]any{"id": "fil_x"})
			if string(a.bytes) != string(b.bytes) {
				t.Errorf("%s: %s and %s", who, a.bytes, b.bytes)
			}
		}

		if _, problems := n.byID(t, leiden, "fileRemove", file, "file { id }"); !slices.Equal(problems, []string{"ILLEGAL_TRANSITION id"}) {
			t.Errorf("a file that is public: %v", problems)
		}
		got, problems := n.byID(t, leiden, "fileRemove", spare, "file { removedAt }")
		if fixture.At(t, got, "file.removedAt") != "2026-03-02T09:00:00.000Z" || len(problems) > 0 {
			t.Errorf("%v %v", got, problems)
		}
		if got, problems := n.byID(t, leiden, "fileRestore", spare, "file { removedAt }"); fixture.At(t, got, "file.removedAt") != nil || len(problems) > 0 {
			t.Errorf("%v %v", got, problems)
		}
		same(t, "taken out", n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 5, "file": nil}, "output { file { id } }")["output"], map[string]any{"file": nil})
	})
}

func TestAFileOfAnOutputIsWhereItCanBeHad(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	p := n.Project("Kamers")
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: n.CBS.ID, DeliveredOn: "2026-03-02"}}
	id := n.Publish(t, p).Base().ID
	leiden := fixture.As(t, n.Leiden)
	n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 2, "file": n.uploaded(t, id, "a.txt", "a")}, "output { id }")
	same(t, "before", n.ofProject(t, stranger(t), id, "{ outputs { dutyState } }"), map[string]any{"outputs": []any{map[string]any{"dutyState": "DUE"}}})
	n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 3}, "record { id }")
	same(t, "after", n.ofProject(t, stranger(t), id, "{ outputs { dutyState } }"), map[string]any{"outputs": []any{map[string]any{"dutyState": "PUBLIC"}}})
}

func TestAnEmbargoHidesTheFilesOfOutputs(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	leiden := fixture.As(t, n.Leiden)
	p := n.Project("Kamers")
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: n.Leiden.ID}}
	p.Embargoes = []*record.Embargo{n.Embargo(record.OutputsScope, time.Hour)}
	id := n.draft(t, p)
	file := n.uploaded(t, id, "a.txt", "a")
	n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 1, "file": file}, "output { id }")
	n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 2}, "record { id }")
	ask := func(id string) (string, int) {
		a, sent := n.counted(t, stranger(t), "query($id: ID!) { node(id: $id) { id } }", map[string]any{"id": id})
		if a["node"] == nil {
			return "", len(sent)
		}
		return fixture.At(t, a, "node.id").(string), len(sent)
	}
	hidden, statements := ask(file)
	unknown, others := ask("fil_01890000-0000-7000-8000-000000000000")
	if hidden != "" || unknown != "" || statements != others {
		t.Errorf("%q in %d statements, %q in %d", hidden, statements, unknown, others)
	}
	n.Clock.Move(time.Hour)
	if err := n.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := ask(file); got != file {
		t.Errorf("after the embargo: %q", got)
	}
}

func TestPersonalDataInTextsIsWarnedOfAndWritten(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	leiden := fixture.As(t, n.Leiden)
	id := n.project(t, leiden, "Kamers")
	payload, problems, warnings := n.mutate(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "summary": "Vraag het dhr. Jansen, j.jansen@leiden.nl.", "occasion": "BSN 111222333 klopte niet.",
		"contacts": []any{map[string]any{"label": "Onderzoek", "email": "onderzoek@leiden.nl"}}}, "project { revision warnings: summary }")
	if len(problems) > 0 || fixture.At(t, payload, "project.revision") != 2.0 {
		t.Fatalf("%v %v", payload, problems)
	}
	for _, want := range []string{"PERSONAL_DATA_SUSPECTED summary", "PERSONAL_DATA_SUSPECTED occasion"} {
		if !slices.Contains(warnings, want) {
			t.Errorf("%q is not among %q", want, warnings)
		}
	}
	if slices.ContainsFunc(warnings, func(w string) bool { return strings.Contains(w, "contacts") }) {
		t.Errorf("the address of a function nags: %q", warnings)
	}
	a := n.ask(t, leiden, "mutation($i: ProjectUpdateInput!) { projectUpdate(input: $i) { warnings { code message field } userErrors { code } } }", map[string]any{"i": input{"id": id, "revision": 2, "answer": "Ja."}})
	if s := string(a.bytes); !strings.Contains(s, "burgerservicenummer") || strings.Contains(s, "111222333") || strings.Contains(s, "j.jansen") {
		t.Errorf("%s", s)
	}
}
