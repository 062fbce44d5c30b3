// Command mutants takes checks of visibility out of the program, one at a time, and runs the leak matrix on what is left: it
// has to fail each time. It works on a copy of the tree.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// mutant is one check that is not there: in a file, a text that occurs once and what stands there instead.
type mutant struct{ name, file, text, instead string }

var mutants = []mutant{
	{"everybody reads every publication", "internal/policy/policy.go", "publication.AudienceIn(Audiences(v)...)", `publication.AudienceIn("PUBLIC", "COMMUNITY")`},
	{"strangers are of the community", "internal/policy/policy.go", "if May(v, ReadCommunity, Node) == nil {", "if true {"},
	{"an embargo on outputs hides nothing", "internal/record/fields.go", "scopeWidth[scope] <= scopeWidth[under]", "scopeWidth[scope] < scopeWidth[under]"},
	{"an embargo on a whole record hides nothing", "internal/catalog/put.go", "o.scope == record.WholeRecord {", "false {"},
	{"a lesson does not wait for its project", "internal/catalog/put.go", "if !ok || len(l.LearnedIn()) == 0 {", "if !ok || true {"},
	{"nobody but a scheduler releases", "internal/web/reading.go", "err := s.config.Due(r.Context())", "var err error"},
	{"everybody who signed in reads working copies", "internal/catalog/read.go", "if !is(row) || policy.May(v, may, c.on(row.PublisherID, row.ID)) != nil {", "if !is(row) {"},
	{"lists of working copies are for everybody who reads any", "internal/catalog/read.go", "return append(out, draft.Or(whose...))", "return out"},
	{"files are for everybody", "internal/files/files.go", "ok && (r.working || r.refersTo(id)) {", "(ok || !r.working) {"},
	{"lists of files are for everybody who signed in", "internal/files/files.go", "|| !may[recordID].working {", "{"},
	{"what is for the community is in the feed", "internal/catalog/put.go", "is := s.Audience == record.Public", "is := true"},
	{"what is for the community is in the index", "internal/catalog/feed.go", "publication.Audience(string(record.Public)), publication.KindIn(searched()...), where", "publication.KindIn(searched()...), where"},
	{"what is for the community takes an address", "internal/catalog/address.go", "if s.Audience != record.Public {", "if false {"},
	{"what was never public leaves a tombstone", "internal/catalog/withdraw.go", "if ent.IsNotFound(err) {\n\t\treturn nil", "if ent.IsNotFound(err) {\n\t\treturn w.tx.Tombstone.Create().SetID(id).SetTitle(reason).SetReason(reason).SetAt(1).Exec(ctx)"},
	{"a mistake can be reported in what may not be seen", "internal/catalog/report.go", "publication.ID(recordID), policy.Readable(w.viewer)", "publication.ID(recordID)"},
	{"a write tells that a working copy is there", "internal/catalog/writer.go", "if row.DiscardedAt == 0 && policy.May(w.viewer, policy.ReadDraft, w.on(row)) == nil {", "if row != nil {"},
	{"history is for everybody", "graph/audit.go", "return policy.May(identity.From(ctx), policy.ReadHistory, policy.Target{OrganizationID: x.Base().PublisherID, Own: true, ProjectID: x.Base().ID}) == nil", "return true"},
	{"differences are for everybody who reads a history", "graph/audit.go", "l.Kind == changelog.Published && policy.May(identity.From(ctx), policy.ReadDraft, policy.Target{OrganizationID: l.PublisherID, Own: true, ProjectID: l.RecordID}) == nil", "l.Kind == changelog.Published"},
	{"reasons are for whoever reads the line", "graph/audit.go", `case l.PublisherID == "",`, `case true, l.PublisherID == "",`},
	{"a link to a working copy does not end", "internal/catalog/share.go", "draftshare.Hash(hashed(secret)), draftshare.ExpiresAtGT(now.UnixMilli())", "draftshare.Hash(hashed(secret))"},
	{"duties are for everybody", "internal/catalog/duty.go", "if !policy.MayReadDrafts(identity.From(ctx), organizationID) {", "if false {"},
	{"imports are for every organisation", "internal/catalog/importing.go", "if err != nil || policy.MayWrite(v, ref.Organization(row.OrganizationID)) != nil {", "if err != nil {"},
}

const (
	test     = "TestWhatMayNotBeSeenCannotBeNoticedOnAnySurface"
	patience = 10 * time.Minute
)

var leak = regexp.MustCompile(`(?m)LEAK ([^(\n]*)`)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// run tries the mutants of which the name holds one of the words; all of them when there are none.
func run(words []string) error {
	tree, err := os.MkdirTemp("", "plein-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	if err := copyTree(tree); err != nil {
		return err
	}
	if out, err := matrix(tree); err != nil {
		return fmt.Errorf("the matrix fails without a mutant:\n%.3000s", out)
	}
	var survived []string
	tried := 0
	for _, m := range mutants {
		if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(m.name, w) }) {
			continue
		}
		tried++
		put, err := m.apply(tree)
		if err != nil {
			return err
		}
		out, failed := matrix(tree)
		if err := put(); err != nil {
			return err
		}
		switch {
		case failed == nil:
			survived = append(survived, m.name)
			fmt.Printf("SURVIVED  %s\n", m.name)
		case bytes.Contains(out, []byte("[build failed]")):
			return fmt.Errorf("%s does not compile:\n%.2000s", m.name, out)
		default:
			fmt.Printf("killed    %s: %s\n", m.name, caught(out))
		}
	}
	if len(survived) > 0 {
		return fmt.Errorf("%d of %d mutants survived", len(survived), tried)
	}
	fmt.Printf("all %d mutants were killed\n", tried)
	return nil
}

// caught names some of the surfaces that gave a mutant away.
func caught(out []byte) string {
	var seen []string
	for _, found := range leak.FindAllSubmatch(out, -1) {
		if s := strings.TrimSpace(string(found[1])); !slices.Contains(seen, s) {
			seen = append(seen, s)
		}
	}
	if len(seen) == 0 {
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "_test.go:") {
				seen = append(seen, strings.TrimSpace(line))
			}
		}
	}
	more := ""
	if len(seen) > 3 {
		more = fmt.Sprintf(" and %d more", len(seen)-3)
	}
	return fmt.Sprintf("%.300s", strings.Join(seen[:min(3, len(seen))], "; ")) + more
}

// apply takes the check out, and gives what puts it back.
func (m mutant) apply(tree string) (put func() error, err error) {
	path := filepath.Join(tree, m.file)
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(source), m.text); n != 1 {
		return nil, fmt.Errorf("%s: %s has its text %d times: bring the list of mutants up to date", m.name, m.file, n)
	}
	changed := strings.Replace(string(source), m.text, m.instead, 1)
	return func() error { return os.WriteFile(path, source, 0o600) }, os.WriteFile(path, []byte(changed), 0o600)
}

func matrix(tree string) ([]byte, error) {
	c := exec.Command("go", "test", "-vet=off", "-count=1", "-timeout", patience.String(), "-run", "^"+test+"$", "./cmd/plein")
	c.Dir = tree
	c.Env = append(os.Environ(), "PLEIN_LEAK_FIRST=1") // the first caller who notices something will do
	return c.CombinedOutput()
}

// copyTree copies what git knows of, what is new, and the web application as it was built.
func copyTree(to string) error {
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").Output()
	if err != nil {
		return fmt.Errorf("list the tree: %w", err)
	}
	paths := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	built, err := filepath.Glob("frontend/dist/*")
	if err != nil {
		return err
	}
	assets, err := filepath.Glob("frontend/dist/assets/*")
	if err != nil {
		return err
	}
	for _, path := range slices.Concat(paths, built, assets) {
		info, err := os.Stat(path)
		if os.IsNotExist(err) || err == nil && info.IsDir() {
			continue
		}
		b, err := os.ReadFile(path)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(to, path)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, path), b, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy the tree: %w", err)
		}
	}
	return nil
}
