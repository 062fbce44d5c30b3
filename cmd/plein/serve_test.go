package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/frontend"
	"github.com/udc-community/plein/internal/fixture"
)

func TestAFirstStartShowsTheStarterContent(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	found := s.ask("", `{ search(query: "kamers studenten overlast", facets: [POLICY_DOMAIN]) { totalCount isDegraded nodes { ... on Project { id title } } facets { buckets { label count } } } }`, nil)
	eventually(t, "the index to be ready", func() bool {
		found = s.ask("", `{ search(query: "kamers studenten overlast", facets: [POLICY_DOMAIN]) { totalCount isDegraded nodes { ... on Project { id title } } facets { buckets { label count } } } }`, nil)
		return fixture.At(t, found, "search.isDegraded") == false
	})
	if fixture.At(t, found, "search.nodes.0.title") != "Verkamering" {
		t.Error(found)
	}
	template := s.ask("", `{ processTemplates { nodes { current { number steps { key startsAfter parallelWith iterative } } } } lessons(first: 100) { totalCount nodes { steps } } }`, nil)
	steps := fixture.At(t, template, "processTemplates.nodes.0.current.steps").([]any)
	if len(steps) != 6 {
		t.Fatalf("%d steps", len(steps))
	}
	keys := map[string][]any{}
	for _, x := range steps {
		keys[fixture.At(t, x, "key").(string)] = fixture.At(t, x, "parallelWith").([]any)
	}
	if len(keys["analyse"]) != 1 || keys["analyse"][0] != "gebruik-bepalen" {
		t.Error("analyse does not run beside gebruik-bepalen", keys)
	}
	if fixture.At(t, template, "lessons.totalCount") != 10.0 {
		t.Error("not ten lessons", fixture.At(t, template, "lessons.totalCount"))
	}
	wants := map[string]string{"/healthz": "database", "/readyz": "search", "/metrics": "go_goroutines", "/graphql/schema.graphql": "type Project",
		"/robots.txt": "Sitemap: ", "/sitemap.xml": "/sitemap/records.xml", "/sitemap/records.xml": "/projecten/udc-leiden/verkamering", "/kaart.svg": "<circle"}
	if _, built := frontend.Application(); built {
		// A link of the first version leads to the search; the canonical address leads to the page.
		for path, want := range map[string]string{"/": "<form", "/?q=studenten": "Verkamering", "/en": `<html lang="en">`, "/api": "graphql",
			"/id/" + fixture.At(t, found, "search.nodes.0.id").(string): "Startinhoud"} {
			wants[path] = want
		}
	}
	for path, want := range wants {
		r, err := http.Get(s.base + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != 200 || !strings.Contains(string(b), want) {
			t.Errorf("%s: %d, without %q: %.200s", path, r.StatusCode, want, b)
		}
		if r.Header.Get("Content-Security-Policy") == "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s lacks security headers: %v", path, r.Header)
		}
	}
	var doc struct {
		Title map[string]string
		URI   string
		Type  string
	}
	id := fixture.At(t, s.ask("", `{ search(query: "verkamering") { nodes { ... on Project { id } } } }`, nil), "search.nodes.0.id").(string)
	req, err := http.NewRequest("GET", s.base+"/id/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&doc); err != nil || doc.Title["nl"] != "Verkamering" || !strings.HasSuffix(doc.URI, "/id/"+id) || doc.Type != "PROJECT" {
		t.Errorf("the record as JSON: %v %+v", err, doc)
	}
	if err := s.stop(); err != nil {
		t.Error("it does not stop cleanly:", err)
	}
}

func TestASecondServerOnTheSameFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	start(t, "--data", dir)
	c := plein("serve", "--data", dir, "--listen", freePort(t))
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another Plein") {
		t.Errorf("%v: %s", err, out)
	}
}

// A stranger's read answers 304 while nothing visible changes, and the new bytes as soon as something does.
func TestAnonymousReadsAreRevalidatedByTheirBytes(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "--data", dir)
	o, token := publisher(t, "delft", "--data", dir)
	domain := s.domain()
	get := func(tag string) *http.Response {
		req, _ := http.NewRequest("GET", s.base+"/graphql?query="+"%7Bprojects%7BtotalCount%7D%7D", nil)
		req.Header.Set("If-None-Match", tag)
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r
	}
	first := get("")
	tag := first.Header.Get("ETag")
	if first.StatusCode != 200 || tag == "" {
		t.Fatal(first.StatusCode, first.Header)
	}
	if again := get(tag); again.StatusCode != 304 {
		t.Error("unchanged, yet", again.StatusCode)
	}
	if _, err := s.publish(o, token, domain, "Nieuw"); err != nil {
		t.Fatal(err)
	}
	if after := get(tag); after.StatusCode != 200 || after.Header.Get("ETag") == tag {
		t.Error("changed, yet", after.StatusCode, after.Header.Get("ETag"))
	}
}

func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	dir := t.TempDir()
	run(t, "seed", "--data", dir)
	o, token := publisher(t, "delft", "--data", dir)
	acknowledged := map[string]bool{}
	var mu sync.Mutex
	domain := ""
	for round := range 25 {
		s := start(t, "--data", dir, "--rate-limit", "off")
		if domain == "" {
			domain = s.domain()
		}
		var writers sync.WaitGroup
		for w := range 3 {
			writers.Go(func() {
				for i := 0; ; i++ {
					id, err := s.publish(o, token, domain, fmt.Sprintf("Ronde %d schrijver %d nummer %d", round, w, i))
					if err != nil {
						return
					}
					mu.Lock()
					acknowledged[id] = true
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(20+rand.IntN(180)) * time.Millisecond)
		s.kill()
		writers.Wait()
	}
	s := start(t, "--data", dir, "--rate-limit", "off")
	if len(acknowledged) < 25 {
		t.Fatalf("only %d writes were acknowledged: this shows nothing", len(acknowledged))
	}
	for id := range acknowledged {
		if s.ask("", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id})["node"] == nil {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	took := eventually(t, "the index to agree with the database", func() bool {
		d := s.ask("", `{ projects { totalCount } search(filter: {types: [PROJECT]}) { totalCount isDegraded } service { indexLag } }`, nil)
		return fixture.At(t, d, "search.isDegraded") == false && fixture.At(t, d, "projects.totalCount") == fixture.At(t, d, "search.totalCount") && fixture.At(t, d, "service.indexLag") == 0.0
	})
	t.Logf("25 kills, %d acknowledged writes, none lost; the index agreed after %v", len(acknowledged), took)
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	run(t, "doctor", "--data", dir)
}

func TestADamagedIndexMendsItselfWhileReadsGoOn(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "--data", dir)
	whole := func() bool {
		d := s.ask("", `{ projects { totalCount } search(query: "verkamering") { totalCount isDegraded } }`, nil)
		if fixture.At(t, d, "search.totalCount") == 0.0 {
			t.Error("a search found nothing meanwhile")
		}
		return fixture.At(t, d, "search.isDegraded") == false
	}
	eventually(t, "the index to be ready", whole)
	if err := os.RemoveAll(filepath.Join(dir, "index")); err != nil {
		t.Fatal(err)
	}
	from := time.Now()
	for time.Since(from) < 8*time.Second {
		whole()
		if _, err := os.Stat(filepath.Join(dir, "index")); err == nil && whole() {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !whole() {
		t.Error("the index did not mend itself")
	}
	if _, err := os.Stat(filepath.Join(dir, "index")); err != nil {
		t.Error("there is no index on disk:", err)
	}
}

func TestTwoReplicasFindWhatEitherWroteWithinASecond(t *testing.T) {
	where := []string{"--database", fixture.Database(t)}
	a := start(t, append(where, "--data", t.TempDir(), "--rate-limit", "off")...)
	b := start(t, append(where, "--data", t.TempDir(), "--rate-limit", "off")...)
	o, token := publisher(t, "delft", where...)
	domain := a.domain()
	for i, pair := range [][2]*server{{a, b}, {b, a}} {
		word := []string{"waterkers", "boomschors"}[i]
		var id string
		eventually(t, "a replica to know the new organisation", func() (ok bool) {
			var err error
			id, err = pair[0].publish(o, token, domain, "Over "+word)
			return err == nil
		})
		took := eventually(t, "the other replica to find it", func() bool {
			d := pair[1].ask("", `query($w: String!) { search(query: $w) { nodes { ... on Project { id } } } }`, map[string]any{"w": word})
			nodes := fixture.At(t, d, "search.nodes").([]any)
			return len(nodes) == 1 && fixture.At(t, nodes[0], "id") == id
		})
		if took > time.Second {
			t.Errorf("it took %v", took)
		}
	}
}

func TestAFullDiskStopsWritesAndNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("left out: this user may not mount a small file system (%s)", strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(dir, "data")
	run(t, "seed", "--data", data)
	o, token := publisher(t, "delft", "--data", data)
	s := start(t, "--data", data, "--rate-limit", "off")
	domain := s.domain()
	if _, err := s.publish(o, token, domain, "Voor de schijf vol is"); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	refused := 0
	for i := range 40 {
		r, err := s.try(token, createProject, map[string]any{"o": o, "t": fmt.Sprint("Vol ", i, strings.Repeat(" lang", 40)), "d": []string{domain}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Errors) > 0 {
			if r.Errors[0].Extensions["code"] != "READ_ONLY" {
				t.Fatalf("%+v", r.Errors)
			}
			refused++
		}
		d := s.ask("", `{ projects { totalCount } search(query: "verkamering") { totalCount } }`, nil)
		if fixture.At(t, d, "projects.totalCount").(float64) < 4 || fixture.At(t, d, "search.totalCount") == 0.0 {
			t.Fatal("a read fails on a full disk", d)
		}
	}
	if refused == 0 {
		t.Fatal("no write was refused: the disk was not full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	var id string
	eventually(t, "writes to go on", func() (ok bool) {
		var err error
		id, err = s.publish(o, token, domain, "Naderhand vindbaar")
		return err == nil
	})
	eventually(t, "the index to catch up", func() bool {
		d := s.ask("", `{ search(query: "naderhand") { nodes { ... on Project { id } } } }`, nil)
		nodes := fixture.At(t, d, "search.nodes").([]any)
		return len(nodes) == 1 && fixture.At(t, nodes[0], "id") == id
	})
}

// fill leaves no room on the disk.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range []int{1 << 20, 4096} {
		b := make([]byte, n)
		for {
			if _, err := f.Write(b); err != nil {
				break
			}
		}
	}
}

// Heavier than the machine can carry: what is let in is answered, the rest hears at once to come back later.
func TestOverloadIsShedAndPasses(t *testing.T) {
	s := start(t, "--data", t.TempDir(), "--rate-limit", "off")
	var mu sync.Mutex
	got := map[int]int{}
	var slowest time.Duration
	var asking sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 400}, Timeout: 20 * time.Second}
	tick := time.NewTicker(time.Second / 600)
	defer tick.Stop()
	for i := range 1200 { // two seconds at 600 a second
		<-tick.C
		asking.Go(func() {
			// Every request differs, so that no answer comes from the cache.
			body := fmt.Sprintf(`{"query":"query Q%d($p: String) { search(query: \"vraag%d data project\", facets: [POLICY_DOMAIN, METHOD, PROVINCE, PHASE], first: 100) { totalCount nodes { ... on Project { title question policyDomains { label } } ... on Lesson { title } } facets { buckets { label count } } } municipalities(prefix: $p, first: 100) { nodes { name } } }"}`, i, i)
			from := time.Now()
			r, err := client.Post(s.base+"/graphql", "application/json", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			io.Copy(io.Discard, r.Body) //nolint:errcheck // only the status counts
			r.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			got[r.StatusCode]++
			if r.StatusCode == 503 && r.Header.Get("Retry-After") == "" {
				t.Error("a 503 without Retry-After")
			}
			if r.StatusCode == 200 {
				slowest = max(slowest, time.Since(from))
			}
		})
	}
	asking.Wait()
	t.Logf("answers by status: %v; the slowest that was let in took %v", got, slowest)
	if got[200] == 0 || got[200]+got[503] != 1200 {
		t.Errorf("answers by status: %v", got)
	}
	took := eventually(t, "the server to answer again", func() bool {
		r, err := s.try("", `{ projects(first: 3) { totalCount } }`, nil)
		return err == nil && r.status == 200
	})
	if took > 2*time.Second {
		t.Errorf("it took %v to recover", took)
	}
}
