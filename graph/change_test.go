package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// history makes the catalogue live: records of every kind come, change, go to the community and back, wait and are
// withdrawn.
func history(t *testing.T, n *node) {
	t.Helper()
	publish := func(id string) {
		t.Helper()
		ctx := fixture.System(t)
		err := n.Write(ctx, func(w *catalog.Writer) error {
			_, err := w.Publish(ctx, id, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for i := range 6 {
		p := n.Project(fmt.Sprintf("Project %d", i))
		if i%2 == 1 {
			p.PublisherID = n.Delft.ID
		}
		ids = append(ids, n.Publish(t, p).Base().ID)
		n.Publish(t, n.Lesson(fmt.Sprintf("Les %d", i), ids[i]))
	}
	tpl := n.Publish(t, n.Template("Zes stappen", "1.0.0", "vraag")).Base().ID
	n.edit(t, tpl, func(r record.Record) {
		x := r.(*record.ProcessTemplate)
		x.Number, x.Steps[0].Title = "1.1.0", record.NL("De vraag")
	})
	publish(tpl)
	n.edit(t, ids[0], func(r record.Record) { r.Base().Title = record.NL("Anders") })
	publish(ids[0])
	n.edit(t, ids[1], func(r record.Record) { r.(*record.Project).Phase = record.OnHold })
	n.withdraw(t, ids[2])
	for _, a := range []record.Audience{record.Community, record.Public, record.Community} {
		n.edit(t, ids[3], func(r record.Record) { r.Base().Audience = a })
		publish(ids[3])
	}
	waiting := n.Project("Wacht")
	waiting.Answer = record.NL("Het antwoord.")
	waiting.Embargoes = []*record.Embargo{n.Embargo(record.ResultsScope, time.Hour)}
	n.Publish(t, waiting)
	scheduled := n.Project("Later")
	scheduled.Embargoes = []*record.Embargo{n.Embargo(record.WholeRecord, 2*time.Hour)}
	n.Publish(t, scheduled)
	never := n.Project("Nog lang niet")
	never.Embargoes = []*record.Embargo{n.Embargo(record.WholeRecord, 9*time.Hour)}
	n.Publish(t, never)
	n.draft(t, n.Project("Kladje"))
	for range 2 {
		n.Clock.Move(time.Hour)
		if err := n.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// mirror follows the feed as a client does and keeps what it knows of each record.
func (n *node) mirror(t *testing.T, arguments string) (known map[string]string, entries []map[string]any) {
	t.Helper()
	known = map[string]string{}
	var after any
	for range 100 {
		c := fixture.At(t, n.must(t, stranger(t), `query($c: Cursor) { changes(first: 7, after: $c`+arguments+`) { pageInfo { hasNextPage endCursor } nodes {
			cursor at kind uri recordId recordType publicVersion reason record { id ... on CatalogRecord { publicVersion title } ... on ProcessTemplateVersion { number } } } } }`, map[string]any{"c": after}), "changes").(map[string]any)
		for _, x := range c["nodes"].([]any) {
			e := x.(map[string]any)
			id := e["recordId"].(string)
			entries = append(entries, e)
			switch e["kind"] {
			case "CREATE":
				if known[id] != "" {
					t.Errorf("%s came twice", id)
				}
				known[id] = fmt.Sprint(e["recordType"])
			case "UPDATE":
				if known[id] == "" {
					t.Errorf("%s changed before it came", id)
				}
			case "DELETE":
				if known[id] == "" {
					t.Errorf("%s went before it came", id)
				}
				delete(known, id)
			}
			if e["uri"] != fixture.BaseURL+"/id/"+id {
				t.Errorf("%s is at %v", id, e["uri"])
			}
		}
		info := c["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			return known, entries
		}
		after = info["endCursor"]
	}
	t.Fatal("the feed has no end")
	return nil, nil
}

func TestTheFeedReplayedIsThePublicCatalogue(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		history(t, n)
		known, entries := n.mirror(t, "")
		if len(entries) < 25 {
			t.Errorf("%d entries", len(entries))
		}
		public := n.must(t, stranger(t), `{ projects(first: 100) { nodes { id publicVersion } } lessons(first: 100) { nodes { id publicVersion } } processTemplates(first: 100) { nodes { id publicVersion versions { nodes { id } } } } }`, nil)
		var there []string
		versions := map[string]any{}
		for _, kind := range []string{"projects", "lessons", "processTemplates"} {
			for _, x := range fixture.At(t, public, kind+".nodes").([]any) {
				r := x.(map[string]any)
				there = append(there, r["id"].(string))
				versions[r["id"].(string)] = r["publicVersion"]
				if kind == "processTemplates" {
					for _, v := range fixture.At(t, r, "versions.nodes").([]any) {
						there = append(there, v.(map[string]any)["id"].(string))
					}
				}
			}
		}
		slices.Sort(there)
		var replayed []string
		for id := range known {
			replayed = append(replayed, id)
		}
		slices.Sort(replayed)
		same(t, "the mirror", replayed, there)
		// Versions grow by one and the last is the one to be seen; what is gone is gone from all its entries.
		last := map[string]any{}
		for _, e := range entries {
			id := e["recordId"].(string)
			if was, seen := last[id]; seen && e["publicVersion"] != was.(float64)+1 && e["kind"] != "CREATE" {
				t.Errorf("%s went from version %v to %v", id, was, e["publicVersion"])
			}
			last[id] = e["publicVersion"]
			if (e["record"] != nil) != (known[id] != "") {
				t.Errorf("%s of %s holds %v", e["kind"], id, e["record"])
			}
			if e["record"] != nil && fixture.At(t, e, "record.id") != id {
				t.Errorf("%s is %v", id, e["record"])
			}
		}
		for id, v := range versions {
			if last[id] != v {
				t.Errorf("%s is at %v, the feed at %v", id, v, last[id])
			}
		}
		if text := fmt.Sprint(entries); strings.Contains(text, "Nog lang niet") || strings.Contains(text, "Kladje") {
			t.Error("the feed tells what is not public")
		}
	})
}

func TestTheFeedIsFilteredWithoutLosingItsOrder(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		history(t, n)
		_, all := n.mirror(t, "")
		for _, f := range []struct {
			arguments string
			keeps     func(map[string]any) bool
		}{
			{`, types: [PROJECT]`, func(e map[string]any) bool { return e["recordType"] == "PROJECT" }},
			{`, types: [LESSON, PROCESS_TEMPLATE_VERSION, LESSON]`, func(e map[string]any) bool {
				return e["recordType"] == "LESSON" || e["recordType"] == "PROCESS_TEMPLATE_VERSION"
			}},
			{`, types: []`, func(map[string]any) bool { return true }},
			{`, organization: "org_x"`, func(map[string]any) bool { return false }},
		} {
			_, got := n.mirror(t, f.arguments)
			var want []map[string]any
			for _, e := range all {
				if f.keeps(e) {
					want = append(want, e)
				}
			}
			same(t, f.arguments, got, want)
		}
		of := func(arguments string) int {
			return len(fixture.At(t, n.must(t, stranger(t), `{ changes(first: 100`+arguments+`) { nodes { kind } } }`, nil), "changes.nodes").([]any))
		}
		if a, b, c := of(`, kinds: [CREATE]`), of(`, kinds: [UPDATE]`), of(`, kinds: [DELETE]`); a+b+c != len(all) || a == 0 || b == 0 || c == 0 || of(`, kinds: [DELETE, UPDATE]`) != b+c {
			t.Errorf("%d came, %d changed and %d went, of %d", a, b, c, len(all))
		}
		if a, b := of(`, organization: "`+n.Leiden.ID+`"`), of(`, organization: "`+n.Delft.ID+`"`); a+b != len(all) || b != 7 {
			t.Errorf("%d of Leiden and %d of Delft, of %d", a, b, len(all))
		}
	})
}

// events is a subscription over a real connection.
type events struct {
	lines *bufio.Scanner
	close func()
}

func (n *node) subscribe(t *testing.T, query string, variables map[string]any) *events {
	t.Helper()
	server := httptest.NewServer(n)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	r, err := http.NewRequestWithContext(ctx, "POST", server.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(resp.Header)
	}
	e := &events{lines: bufio.NewScanner(resp.Body)}
	var closed bool
	e.close = func() {
		if !closed {
			closed = true
			cancel()
			resp.Body.Close()
			server.Close()
		}
	}
	t.Cleanup(e.close)
	return e
}

// next is the next event, or nil when the stream is complete.
func (e *events) next(t *testing.T) map[string]any {
	t.Helper()
	for e.lines.Scan() {
		line := e.lines.Text()
		if line == "event: complete" {
			return nil
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var out map[string]any
			if err := json.Unmarshal([]byte(data), &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	t.Fatalf("the stream ended: %v", e.lines.Err())
	return nil
}

const follow = `subscription($c: Cursor) { changes(after: $c) { cursor kind recordId publicVersion record { ... on CatalogRecord { title } ... on Project { answer } } } }`

// end is the cursor after everything that there is.
func (n *node) end(t *testing.T) string {
	t.Helper()
	c, err := n.FeedEnd(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASubscriberHearsWhatIsPublished(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.Publish(t, n.Project("Van vroeger"))
		e := n.subscribe(t, follow, map[string]any{"c": n.end(t)})
		for i := range 3 {
			id := n.Publish(t, n.Project(fmt.Sprintf("Nieuw %d", i))).Base().ID
			got := e.next(t)
			if fixture.At(t, got, "data.changes.recordId") != id || fixture.At(t, got, "data.changes.kind") != "CREATE" || fixture.At(t, got, "data.changes.record.title") != fmt.Sprintf("Nieuw %d", i) {
				t.Errorf("%v", got)
			}
			n.withdraw(t, id)
			if got := e.next(t); fixture.At(t, got, "data.changes.kind") != "DELETE" || fixture.At(t, got, "data.changes.record") != nil {
				t.Errorf("%v", got)
			}
		}
		n.draft(t, n.Project("Kladje"))
		id := n.Publish(t, n.Lesson("Daarna")).Base().ID
		if got := e.next(t); fixture.At(t, got, "data.changes.recordId") != id {
			t.Errorf("a working copy was heard: %v", got)
		}
	})
}

func TestASubscriberWithACursorHearsWhatItMissed(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		history(t, n)
		_, all := n.mirror(t, "")
		e := n.subscribe(t, follow, map[string]any{"c": all[4]["cursor"]})
		for _, want := range all[5:] {
			got := fixture.At(t, e.next(t), "data.changes").(map[string]any)
			if got["cursor"] != want["cursor"] || got["recordId"] != want["recordId"] || got["kind"] != want["kind"] {
				t.Fatalf("%v, want %v", got, want)
			}
		}
		id := n.Publish(t, n.Project("Daarna")).Base().ID
		if got := e.next(t); fixture.At(t, got, "data.changes.recordId") != id {
			t.Errorf("after what it missed: %v", got)
		}
	})
}

func TestASubscriberWithoutACursorHearsWhatComes(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	old := n.Publish(t, n.Project("Van vroeger")).Base().ID
	e := n.subscribe(t, follow, nil)
	heard := make(chan map[string]any, 1)
	go func() {
		defer close(heard)
		if e.lines.Scan() {
			heard <- e.next(t)
		}
	}()
	for i := range 100 {
		n.Publish(t, n.Project(fmt.Sprintf("Nieuw %d", i)))
		select {
		case got := <-heard:
			if fixture.At(t, got, "data.changes.recordId") == old {
				t.Error("it heard what was there already")
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Error("it heard nothing")
}

func TestASubscriberHearsOnlyWhatItAskedFor(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	e := n.subscribe(t, `subscription($c: Cursor, $o: ID) { changes(after: $c, types: [LESSON], kinds: [CREATE], organization: $o) { recordId } }`, map[string]any{"c": n.end(t), "o": n.Leiden.ID})
	n.Publish(t, n.Project("Een project"))
	other := n.Lesson("Van Delft")
	other.PublisherID = n.Delft.ID
	n.Publish(t, other)
	first := n.Publish(t, n.Lesson("Van Leiden")).Base().ID
	n.withdraw(t, first)
	second := n.Publish(t, n.Lesson("Ook van Leiden")).Base().ID
	if a, b := fixture.At(t, e.next(t), "data.changes.recordId"), fixture.At(t, e.next(t), "data.changes.recordId"); a != first || b != second {
		t.Errorf("%v and %v, want %s and %s", a, b, first, second)
	}
}

func TestAnEmbargoThatTheClockEndsReachesASubscriber(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		p := n.Project("Onderwijskansen")
		p.Answer = record.NL("In deze wijken.")
		p.Embargoes = []*record.Embargo{n.Embargo(record.ResultsScope, time.Hour)}
		id := n.Publish(t, p).Base().ID
		e := n.subscribe(t, follow, map[string]any{"c": n.end(t)})
		n.Clock.Move(time.Hour)
		got := fixture.At(t, e.next(t), "data.changes").(map[string]any)
		if got["recordId"] != id || got["kind"] != "UPDATE" || got["publicVersion"] != 2.0 || fixture.At(t, got, "record.answer") != "In deze wijken." {
			t.Error(got)
		}
	})
}

func TestASubscriptionThatCannotBeIsToldSoAndEnds(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	for _, q := range []string{
		`subscription { changes(after: "x") { uri } }`,
		`subscription { changes { nonsense } }`,
		`subscription { changes { uri } a: changes { uri } }`,
		`subscription { ...f } fragment f on Subscription { a: changes { uri } b: changes { uri } }`,
		`subscription { changes { record { ... on Project { lessons(first: 1000) { totalCount } } } } }`,
	} {
		e := n.subscribe(t, q, nil)
		got := e.next(t)
		if errs, _ := got["errors"].([]any); len(errs) == 0 || fixture.At(t, got, "errors.0.extensions.code") != badInput || fixture.At(t, got, "errors.0.extensions.requestId") != "req-1" {
			t.Errorf("%s: %v", q, got)
		}
		if more := e.next(t); more != nil {
			t.Errorf("%s: it goes on with %v", q, more)
		}
		e.close()
	}
}

func TestASubscriberThatGoesLeavesNothingBehind(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	for i := range 20 {
		n.Publish(t, n.Project(fmt.Sprintf("Project %d", i)))
	}
	var es []*events
	for range 10 {
		e := n.subscribe(t, follow, map[string]any{"c": nil})
		es = append(es, e)
		slow := n.subscribe(t, `subscription { changes(after: "`+encoded(`["feed",0,"0"]`)+`") { uri } }`, nil) // reads nothing of what is sent
		es = append(es, slow)
	}
	eventually(t, "all follow", func() bool { return following() == len(es) })
	for _, e := range es {
		e.close()
	}
	eventually(t, "nobody follows any more", func() bool { return following() == 0 })
}

// eventually waits for what another goroutine is about to do.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for range 1_000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it never came to pass that %s", what)
}

// following counts goroutines that serve a subscription.
func following() int {
	buf := make([]byte, 1<<20)
	return strings.Count(string(buf[:runtime.Stack(buf, true)]), "graph.(*Resolver).follow.func1(")
}
