package foreign

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// replication is what ldes-client is asked, and replica what it makes of a feed.
type replication struct {
	URL         string `json:"url"`
	Order       string `json:"order,omitempty"`
	State       string `json:"state,omitempty"`
	Materialize bool   `json:"materialize,omitempty"`
	Latest      bool   `json:"latest,omitempty"`
}

type replica struct {
	Members []member
	Pages   int
}

type member struct {
	ID, Type, Object, Published, Title string
	// Quads are all statements of the member, About those about the record.
	Quads, About int
}

func replicate(t testing.TB, r replication) (out replica) {
	t.Helper()
	script(t, "feed.mjs", r, &out)
	return out
}

// ids are those of the members, sorted.
func (r replica) ids() []string {
	var out []string
	for _, m := range r.Members {
		out = append(out, m.ID)
	}
	slices.Sort(out)
	return out
}

// numbered are the ids of members of a feed, sorted.
func numbered(feed string, from, to int) []string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprintf("%s#0-%d", feed, i))
	}
	slices.Sort(out)
	return out
}

func TestAClientOfOthersReplicatesAFeed(t *testing.T) {
	n := start(t, "Delft")
	const many = 255 // more than a page
	var projects []project
	for i := range many {
		projects = append(projects, n.publish(t, fmt.Sprintf("Verkamering %03d", i)))
	}
	projects[1] = n.retitle(t, projects[1], "Verkamering anders")
	feed := n.feed(t, many+1)
	state := t.TempDir()

	all := replicate(t, replication{URL: feed})
	if want := numbered(feed, 1, many+1); !slices.Equal(all.ids(), want) {
		t.Fatalf("%d members come, want %d", len(all.Members), len(want))
	}
	if all.Pages != 4 {
		t.Errorf("%d pages are read, want the entrance twice and 2", all.Pages)
	}
	for _, m := range all.Members {
		if m.Type != "Create" && m.Type != "Update" || m.Object == "" || m.About == 0 || !strings.HasPrefix(m.Title, "Verkamering ") {
			t.Fatalf("a member says too little: %+v", m)
		}
	}

	ordered := replicate(t, replication{URL: feed, Order: "ascending", State: state})
	if !slices.Equal(ordered.ids(), all.ids()) {
		t.Errorf("in order %d members come, want %d", len(ordered.Members), len(all.Members))
	}
	if !slices.IsSortedFunc(ordered.Members, func(a, b member) int { return strings.Compare(a.Published, b.Published) }) {
		t.Error("members come out of order")
	}

	latest := replicate(t, replication{URL: feed, Latest: true, Materialize: true})
	titles := map[string]string{}
	for _, m := range latest.Members {
		titles[m.ID] = m.Title
	}
	if len(latest.Members) != many || titles[projects[1].URI] != "Verkamering anders" || titles[projects[2].URI] != "Verkamering 002" {
		t.Errorf("%d latest versions come, want %d; the one that changed is called %q", len(latest.Members), many, titles[projects[1].URI])
	}

	// Only what is new comes to who was here before.
	n.publish(t, "Verkamering later")
	n.withdraw(t, projects[0], "Dubbel ingevoerd.")
	n.feed(t, many+3)
	news := replicate(t, replication{URL: feed, Order: "ascending", State: state})
	if want := numbered(feed, many+2, many+3); !slices.Equal(news.ids(), want) {
		t.Fatalf("%v is new, want %v", news.ids(), want)
	}
	if gone := news.Members[1]; gone.Type != "Delete" || gone.Object != projects[0].URI || gone.About != 0 {
		t.Errorf("of what was withdrawn comes %+v", gone)
	}
	if again := replicate(t, replication{URL: feed, Order: "ascending", State: state}); len(again.Members) != 0 {
		t.Errorf("%d members come again", len(again.Members))
	}

	// A page on which something was redacted is still a page.
	r, err := http.Get(feed + "?page=0")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if cache := r.Header.Get("Cache-Control"); r.StatusCode != http.StatusOK || !strings.Contains(cache, "immutable") {
		t.Errorf("the full page answers %s, %s", r.Status, cache)
	}
	rest := replicate(t, replication{URL: feed, Order: "ascending"})
	if want := numbered(feed, 1, many+3); !slices.Equal(rest.ids(), want) {
		t.Errorf("%d members come, want %d", len(rest.Members), len(want))
	}
	now := map[string]string{}
	for _, m := range rest.Members {
		if m.Object == projects[0].URI && (m.Title != "" || m.About != 0) {
			t.Errorf("what was withdrawn is still told: %+v", m)
		}
		if now[m.Object] = m.Title; m.Type == "Delete" {
			delete(now, m.Object)
		}
	}
	if _, there := now[projects[0].URI]; there || len(now) != many {
		t.Errorf("%d records are left, want %d", len(now), many)
	}
}
