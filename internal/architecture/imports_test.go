// Package architecture holds the test that keeps the arrows between packages as docs/architecture.md draws them.
package architecture

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/udc-community/plein/"

// anything is for the command: it wires all packages, in the order in which they stand on each other.
const anything = "*"

// mayImport is the table of docs/architecture.md: change both together, with a reason. A package that is not here may
// not exist; one that is here need not exist yet. Packages below one of these count as part of it, except where they
// have a row of their own.
var mayImport = map[string][]string{
	"cmd": {anything},
	// What is served beside GraphQL and pages (documents, feeds, downloads, sitemap) comes from the catalogue.
	"internal/web":        {"internal/catalog", "internal/exchange", "internal/skos", "internal/federation", "internal/files", "internal/render", "internal/identity", "internal/record"},
	"graph":               {"internal/catalog", "internal/search", "internal/comparable", "internal/markdown", "internal/changelog", "internal/federation", "internal/notify", "internal/files", "internal/privacy", "internal/record", "internal/identity", "internal/policy"},
	"internal/federation": {"internal/catalog", "internal/changelog", "internal/jobs", "internal/record", "ent", "internal/identity"},
	// A format, like those of registers: it knows concepts and no catalogue.
	"internal/skos": {"internal/rdf", "internal/record"},
	// Statements alone.
	"internal/rdf":      {},
	"internal/exchange": {"internal/catalog", "internal/search", "internal/changelog", "internal/skos", "internal/rdf", "internal/archive", "internal/privacy", "internal/record", "internal/identity"},
	"internal/notify":   {"internal/catalog", "internal/changelog", "internal/search", "internal/jobs", "internal/record", "ent", "internal/identity"},
	// A follower is given the changes as ent reads them.
	"internal/search":    {"internal/catalog", "internal/comparable", "internal/compound", "internal/changelog", "internal/record", "ent"},
	"internal/catalog":   {"internal/record", "internal/policy", "internal/changelog", "ent", "internal/identity"},
	"internal/policy":    {"internal/record", "ent", "internal/identity"},
	"internal/changelog": {"ent"},
	"internal/jobs":      {"ent"},
	"internal/demand":    {"internal/record", "ent"},
	"internal/files":     {"internal/catalog", "internal/archive", "internal/privacy", "internal/policy", "internal/record", "internal/identity", "ent"},
	// Texts and files alone; a warning is a problem of a record.
	"internal/privacy": {"internal/archive", "internal/record"},
	"internal/archive": {},
	// It is given the bundle that it runs.
	"internal/render": {},
	// Mail about accounts is sent by a job.
	"internal/identity": {"internal/changelog", "internal/jobs", "ent"},
	// The formula alone: no index, no database.
	"internal/comparable": {"internal/record"},
	"internal/record":     {},
	// Texts alone.
	"internal/markdown": {},
	"internal/store":    {"ent", "ent/migrate"},
	// It puts a catalogue together to measure it, as the command does to serve one.
	"internal/evaluate": {"internal/catalog", "internal/changelog", "internal/exchange", "internal/search", "internal/compound", "internal/skos", "internal/store", "internal/identity", "internal/record", "ent"},
	// Words alone, and the command that makes its table.
	"internal/compound":          {"internal/record"},
	"internal/compound/families": {"internal/compound", "internal/record"},
	// The command that writes migrations.
	"internal/store/diff": {"internal/store"},
	// Generated.
	"ent":         {"ent/migrate", "ent/schema"},
	"ent/migrate": {"ent"},
	"ent/schema":  {},
	"frontend":    {},
	"bench":       {anything},
	// Only tests import these.
	"internal/fixture":      {anything},
	"internal/architecture": {},
	"foreign":               {anything},
}

// forTests are packages that nothing but tests imports.
var forTests = []string{"internal/fixture", "internal/architecture", "bench", "foreign"}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Dir, list.Stderr = "../..", os.Stderr
	out, err := list.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	var found []goPackage
	for d := json.NewDecoder(out); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		// Tools of npm may bring Go files of their own.
		if !strings.Contains(p.ImportPath, "/node_modules/") {
			found = append(found, p)
		}
	}
	if err := list.Wait(); err != nil {
		t.Fatal(err)
	}
	return found
}

// row is the package of the table that an import path is part of; ok is false for packages of others.
func row(path string) (name string, ok bool) {
	name, ok = strings.CutPrefix(path, module)
	if !ok {
		return "", false
	}
	for n := name; n != "."; {
		if _, known := mayImport[n]; known {
			return n, true
		}
		i := strings.LastIndex(n, "/")
		if i < 0 {
			break
		}
		n = n[:i]
	}
	return name, true
}

// misdrawn lists the arrows that the table does not have.
func misdrawn(found []goPackage) (out []string) {
	for _, p := range found {
		from, _ := row(p.ImportPath)
		allowed, known := mayImport[from]
		if !known {
			out = append(out, from+" has no row in the table")
		}
		for _, i := range p.Imports {
			to, ours := row(i)
			switch {
			case !ours || to == from:
			case to == "cmd":
				out = append(out, from+" imports "+to+", which nobody does")
			case slices.Contains(forTests, to):
				out = append(out, from+" imports "+to+", which is for tests")
			case !slices.Contains(allowed, anything) && !slices.Contains(allowed, to):
				out = append(out, from+" → "+to)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	found := packages(t)
	if len(found) < 10 {
		t.Fatalf("only %d packages were found", len(found))
	}
	for _, arrow := range misdrawn(found) {
		t.Errorf("docs/architecture.md does not have: %s", arrow)
	}
}

func TestAnArrowThatTheTableDoesNotHaveIsFound(t *testing.T) {
	got := misdrawn([]goPackage{
		{module + "internal/record", []string{"strings", module + "internal/catalog"}},
		{module + "internal/catalog", []string{module + "ent/draft", module + "ent/migrate", module + "internal/fixture", module + "cmd/plein"}},
		{module + "cmd/plein", []string{module + "internal/store", module + "ent/schema"}},
		{module + "graph/scalar", []string{module + "graph", module + "internal/record", module + "ent"}},
		{module + "internal/util", nil},
	})
	want := []string{
		"graph → ent",
		"internal/catalog imports cmd, which nobody does",
		"internal/catalog imports internal/fixture, which is for tests",
		"internal/catalog → ent/migrate",
		"internal/record → internal/catalog",
		"internal/util has no row in the table",
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTheTableItselfHasNoCycle(t *testing.T) {
	done, onTheWay := map[string]bool{}, map[string]bool{}
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if onTheWay[name] {
			t.Errorf("a cycle: %s", strings.Join(append(path, name), " → "))
			return
		}
		if done[name] {
			return
		}
		done[name], onTheWay[name] = true, true
		for _, to := range mayImport[name] {
			// Generated code goes in a circle between ent and its own folders, which Go itself forbids to be real.
			if to != anything && !strings.HasPrefix(name, "ent") {
				if _, known := mayImport[to]; !known {
					t.Errorf("%s may import %s, which has no row", name, to)
				}
				visit(to, append(path, name))
			}
		}
		onTheWay[name] = false
	}
	for name := range mayImport {
		visit(name, nil)
	}
}
