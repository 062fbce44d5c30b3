package foreign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// built is where the program of this run of the tests is.
var built = filepath.Join(os.TempDir(), fmt.Sprintf("plein-foreign-%d", os.Getpid()))

// build builds the program, once and when it is needed.
var build = sync.OnceValue(func() error {
	if out, err := exec.Command("go", "build", "-o", built, "../cmd/plein").CombinedOutput(); err != nil {
		return fmt.Errorf("build plein: %w\n%s", err, out)
	}
	return nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.Remove(built) //nolint:errcheck // it may not have been built
	os.Exit(code)
}

// node is a running Plein with one organisation of its own.
type node struct {
	base, dir, organization, slug, token string
	log                                  *bytes.Buffer
}

// start starts a node with the UDC of a municipality, a token of it and nothing published.
func start(t testing.TB, municipality string) *node {
	t.Helper()
	needPrograms(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &node{base: "http://" + l.Addr().String(), dir: t.TempDir(), log: &bytes.Buffer{}}
	l.Close()
	var made struct{ ID, Slug string }
	if err := json.Unmarshal(n.run(t, "organization", "create", "--name", "UDC "+municipality, "--municipality", municipality, "--json"), &made); err != nil {
		t.Fatal(err)
	}
	n.organization, n.slug = made.ID, made.Slug
	n.token = strings.TrimSpace(string(n.run(t, "token", "create", "--organization", n.slug, "--scopes", "write-records")))
	n.serve(t)
	return n
}

// serve lets the node serve until the test ends.
func (n *node) serve(t testing.TB) {
	t.Helper()
	c := n.command(t, "serve", "--listen", strings.TrimPrefix(n.base, "http://"), "--rate-limit", "off")
	c.Stdout, c.Stderr = n.log, n.log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() {
		c.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			c.Process.Kill() //nolint:errcheck // it may have ended
			t.Error("the node does not stop")
		}
	})
	for range 600 {
		if r, err := http.Get(n.base + "/healthz"); err == nil {
			r.Body.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the node ended: %v\n%s", err, n.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("the node does not answer\n%s", n.log)
}

func (n *node) command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(built, append(args, "--data", n.dir)...)
	c.Env = append(os.Environ(), "PLEIN_BASE_URL="+n.base, "PLEIN_ALLOW_LOOPBACK_PEERS=true")
	return c
}

// run carries out a command and gives what it answers.
func (n *node) run(t testing.TB, args ...string) []byte {
	t.Helper()
	c := n.command(t, args...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("plein %s: %v\n%s", strings.Join(args, " "), err, &errs)
	}
	return out
}

// get reads a document of the node.
func (n *node) get(t testing.TB, path string) []byte {
	t.Helper()
	r, err := http.Get(n.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s: %v\n%s", path, r.Status, err, b)
	}
	return b
}

// ask asks the node as its organisation, and reads the data of the answer.
func (n *node) ask(t testing.TB, query string, variables map[string]any, data any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", n.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+n.token)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var a struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil || len(a.Errors) > 0 {
		t.Fatalf("%s: %v %s", query, err, a.Errors)
	}
	if err := json.Unmarshal(a.Data, data); err != nil {
		t.Fatal(err)
	}
}

// project is what the node told last of a project of its organisation.
type project struct {
	ID       string
	URI      string
	Revision int
}

// payload is what every change answers.
type payload struct {
	Project, Record *project
	UserErrors      []struct{ Code, Message string }
}

// change carries out a mutation with one input, and gives the project as it is then.
func (n *node) change(t testing.TB, mutation, inputType, answers string, input map[string]any) project {
	t.Helper()
	var data struct{ Done payload }
	n.ask(t, fmt.Sprintf("mutation ($input: %s!) { done: %s(input: $input) { %s { id uri revision } userErrors { code message } } }", inputType, mutation, answers), map[string]any{"input": input}, &data)
	if len(data.Done.UserErrors) > 0 {
		t.Fatalf("%s: %+v", mutation, data.Done.UserErrors)
	}
	if data.Done.Project != nil {
		return *data.Done.Project
	}
	return *data.Done.Record
}

// publish publishes a new project.
func (n *node) publish(t testing.TB, title string) project {
	t.Helper()
	p := n.change(t, "projectCreate", "ProjectCreateInput", "project", map[string]any{"organization": n.organization, "title": title, "question": "Wat weten we over " + title + "?",
		"summary": "Een project over " + title + ".", "policyDomains": []string{n.domain(t)}})
	return n.step(t, "recordPublish", p, "")
}

// retitle changes what a project is called, and publishes that.
func (n *node) retitle(t testing.TB, p project, title string) project {
	t.Helper()
	return n.step(t, "recordPublish", n.change(t, "projectUpdate", "ProjectUpdateInput", "project", map[string]any{"id": p.ID, "revision": p.Revision, "title": title}), "")
}

// withdraw takes a project back for good.
func (n *node) withdraw(t testing.TB, p project, reason string) {
	t.Helper()
	n.step(t, "recordWithdraw", p, reason)
}

func (n *node) step(t testing.TB, mutation string, p project, note string) project {
	t.Helper()
	input := map[string]any{"id": p.ID, "revision": p.Revision}
	if note != "" {
		input["note"] = note
	}
	return n.change(t, mutation, "TransitionInput", "record", input)
}

// domain is a policy domain that projects can have.
func (n *node) domain(t testing.TB) string {
	t.Helper()
	var data struct{ Concepts []struct{ ID string } }
	n.ask(t, "{ concepts(scheme: POLICY_DOMAIN) { id } }", nil, &data)
	return data.Concepts[0].ID
}

// feed is where the organisation's log is; the log is waited for until it has so many members.
func (n *node) feed(t testing.TB, members int) string {
	t.Helper()
	return n.wait(t, "/ldes/"+n.organization, members)
}

// wait waits until a log has so many members, and gives its address.
func (n *node) wait(t testing.TB, path string, members int) string {
	t.Helper()
	for range 600 {
		r, err := http.Get(n.base + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if r.StatusCode == http.StatusOK && bytes.Contains(b, fmt.Appendf(nil, `"seq":"%d"`, members)) {
			return n.base + path
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the log does not come to %d members: %s\n%s", members, n.get(t, path), n.log)
	return ""
}
