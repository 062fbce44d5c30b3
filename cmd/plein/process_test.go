package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
)

// server is a running plein, as a process of its own.
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	base string
	log  *bytes.Buffer
	done chan error
}

// freePort finds a port that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts a server and waits until it answers.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	return startAt(t, freePort(t), args...)
}

// startAt is start at an address that was chosen before.
func startAt(t testing.TB, listen string, args ...string) *server {
	t.Helper()
	s := &server{t: t, base: "http://" + listen, log: &bytes.Buffer{}, done: make(chan error, 1)}
	s.cmd = plein(append([]string{"serve", "--listen", listen}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() { s.kill() })
	for range 600 {
		if r, err := http.Get(s.base + "/healthz"); err == nil {
			r.Body.Close()
			return s
		}
		select {
		case err := <-s.done:
			t.Fatalf("the server ended: %v\n%s", err, s.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("the server does not answer\n%s", s.log)
	return nil
}

// plein is the command, run by the test binary.
func plein(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Args[0] = "plein"
	c.Env = os.Environ()
	return c
}

// run runs a command to its end and gives its standard output.
func run(t testing.TB, args ...string) string {
	t.Helper()
	c := plein(args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("plein %v: %v\n%s", args, err, &errs)
	}
	return strings.TrimSpace(out.String())
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	s.cmd.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may have ended
	select {
	case err := <-s.done:
		s.done <- err
	case <-time.After(10 * time.Second):
		s.t.Error("the server does not die")
	}
}

// stop asks the process to end and waits until it has.
func (s *server) stop() error {
	s.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may have ended
	select {
	case err := <-s.done:
		s.done <- err
		return err
	case <-time.After(30 * time.Second):
		return fmt.Errorf("the server does not stop\n%s", s.log)
	}
}

// reply is the answer to an operation.
type reply struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	status int
	header http.Header
}

// try sends an operation; token may be empty.
func (s *server) try(token, query string, variables map[string]any) (*reply, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", s.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	r := &reply{status: resp.StatusCode, header: resp.Header}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%d: %.300s", resp.StatusCode, b)
	}
	return r, nil
}

// ask sends an operation that has to succeed.
func (s *server) ask(token, query string, variables map[string]any) map[string]any {
	s.t.Helper()
	r, err := s.try(token, query, variables)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.log)
	}
	if len(r.Errors) > 0 {
		s.t.Fatalf("%s: %+v", query, r.Errors)
	}
	return r.Data
}

// eventually tries until it is true, for at most ten seconds, and gives how long it took.
func eventually(t testing.TB, what string, try func() bool) time.Duration {
	t.Helper()
	from := time.Now()
	for time.Since(from) < 10*time.Second {
		if try() {
			return time.Since(from)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s does not happen", what)
	return 0
}

// publisher makes an organisation with a token that may write, and gives its id and the secret.
func publisher(t testing.TB, slug string, where ...string) (id, secret string) {
	t.Helper()
	var o struct{ ID string }
	if err := json.Unmarshal([]byte(run(t, append([]string{"organization", "create", "--json", "--name", "UDC " + slug, "--slug", slug, "--municipality", "Delft"}, where...)...)), &o); err != nil {
		t.Fatal(err)
	}
	return o.ID, run(t, append([]string{"token", "create", "--organization", slug, "--scopes", "write-records,read-organisation"}, where...)...)
}

const createProject = `mutation($o: ID!, $t: String!, $d: [ID!]!) { projectCreate(input: {organization: $o, title: $t, summary: "Over kamers.",
	question: "Waar?", policyDomains: $d}) { project { id revision } userErrors { code field } } }`

const publishRecord = `mutation($id: ID!, $r: Int!) { recordPublish(input: {id: $id, revision: $r}) { record { id } userErrors { code field } } }`

// publish writes and publishes a project; it gives its id once that was acknowledged.
func (s *server) publish(organization, token, domain, title string) (string, error) {
	made, err := s.try(token, createProject, map[string]any{"o": organization, "t": title, "d": []string{domain}})
	if err != nil || len(made.Errors) > 0 {
		return "", fmt.Errorf("create: %v %+v", err, made)
	}
	if errs := fixture.At(s.t, made.Data, "projectCreate.userErrors").([]any); len(errs) > 0 {
		return "", fmt.Errorf("create: %v", errs)
	}
	id, _ := fixture.At(s.t, made.Data, "projectCreate.project.id").(string)
	done, err := s.try(token, publishRecord, map[string]any{"id": id, "r": 1})
	if err != nil || len(done.Errors) > 0 {
		return "", fmt.Errorf("publish: %v %+v", err, done)
	}
	if errs := fixture.At(s.t, done.Data, "recordPublish.userErrors").([]any); len(errs) > 0 {
		return "", fmt.Errorf("publish: %v", errs)
	}
	return id, nil
}

func (s *server) domain() string {
	s.t.Helper()
	return fixture.At(s.t, s.ask("", `{ concepts(scheme: POLICY_DOMAIN) { id } }`, nil), "concepts.0.id").(string)
}
