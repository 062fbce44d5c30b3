package main

import (
	stdsql "database/sql"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/store"
)

// matrix is every request that there is, by the surface that it asks.
type matrix struct {
	*worlds
	// reads depend on who asks; public are answered as to a stranger, whoever asks.
	reads, public, writes, streams []request
}

// personal are the routes that look at who asks.
var personal = regexp.MustCompile(`^(GET|HEAD) (/en)?/(files|imports|mijn|graphql)`)

// strangely are the callers who ask for what is answered as to a stranger: with a cookie, with a token and with neither.
var strangely = []string{"stranger", "administratorElsewhere", "tokenElsewhere"}

func newMatrix(t testing.TB, database string) *matrix {
	t.Helper()
	m := &matrix{worlds: newWorlds(t, database)}
	g := newGenerator(t, m.worlds)
	m.reads = g.queries()
	m.streams, m.writes = g.streams(), g.mutations()
	for i, r := range m.reads {
		if i == 0 || m.reads[i-1].surface != r.surface {
			m.public = append(m.public, byAddress(r))
		}
	}
	pages, lacking := m.pages(t)
	edge, more := m.edge()
	for _, r := range slices.Concat(pages, edge) {
		switch {
		case r.method == "POST":
			m.writes = append(m.writes, r)
		case personal.MatchString(r.surface):
			m.reads = append(m.reads, r)
		default:
			m.public = append(m.public, r)
		}
	}
	for _, what := range slices.Concat(g.lacking, lacking, more) {
		t.Error("the leak matrix lacks samples: ", what)
	}
	if unseen := g.unseen(); len(unseen) > 0 {
		t.Error("no operation of the leak matrix selects ", unseen)
	}
	return m
}

// different is what two answers to one question may differ in.
var different = []*regexp.Regexp{
	regexp.MustCompile(`"tookMs":\d+`),
	// Which of several fields was refused first.
	regexp.MustCompile(`"path":\[[^\]]*\]`),
	regexp.MustCompile(`"requestId":"[^"]*"|<code>[A-Z2-7]{26}</code>`),
	// Lines of the private log are numbered through all organisations: their ids and cursors tell their readers, who have an
	// account, how much was written on the node in between. See docs/leak-matrix.md.
	regexp.MustCompile(`chg_\d+|YXVkaXQg[\w-]+`),
	// What is made at random for each member of a signed log, and what is made of that.
	regexp.MustCompile(`"(salt|digest|prev|proofValue)":"[^"]*"`),
	// What a process uses, and how long things took.
	regexp.MustCompile(`(?m)^(# (HELP|TYPE) )?(go_|process_|promhttp_|plein_(http|cache|page|gate|index_bytes|index_column|rate|sign)).*\n`),
}

var differentHeaders = []string{"Date", "X-Request-Id"}

func (a answer) plain() string {
	h, body := a.header.Clone(), a.body
	for _, name := range differentHeaders {
		h.Del(name)
	}
	if body != "" {
		h.Del("Content-Length") // it says no more than the content
	}
	if strings.Contains(body, `"tookMs"`) || strings.Contains(body, `"proofValue":"z`) || a.status == http.StatusNotModified { // then it is what was sent
		h.Del("Etag")
	}
	for _, d := range different {
		body = d.ReplaceAllString(body, "")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d, %d statements\n", a.status, a.statements)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(h[name], " | "))
	}
	return b.String() + "\n" + body
}

// equal tells whether two answers differ in nothing but that.
func (a answer) equal(b answer) bool {
	if a.body == b.body && a.status == b.status && a.statements == b.statements && maps.EqualFunc(a.header, b.header, func(x, y []string) bool {
		return slices.Equal(x, y)
	}) {
		return true
	}
	return a.plain() == b.plain()
}

// score is what was compared, and what was found.
type score struct {
	comparisons, sames int
	surfaces           map[string]int
	leaks              []string
	statuses           map[int]int
}

// compare asks two worlds the same on behalf of somebody.
func (m *matrix) compare(t testing.TB, s *score, with, without *world, who caller, rs []request) {
	t.Helper()
	for i, r := range rs {
		if enough(s) {
			return
		}
		a, b := both(with, without, who, i, r, r)
		// On a busy machine a page that took too long is sent without its content, and an answer that one world kept has
		// gone in the other: that says nothing. What gives something away does so each time.
		for again := 0; again < 3 && !a.equal(b); again++ {
			a, b = both(with, without, who, i, r, r)
		}
		s.found(a, b, who, r)
		// The time that an answer took is part of it, so each world has a tag of its own.
		if one, other := a.header.Get("ETag"), b.header.Get("ETag"); one != "" && who.name == "stranger" {
			a, b = both(with, without, who, i, r.unless(one), r.unless(other))
			for again := 0; again < 3 && !a.equal(b); again++ {
				a, b = both(with, without, who, i, r, r)
				a, b = both(with, without, who, i, r.unless(a.header.Get("ETag")), r.unless(b.header.Get("ETag")))
			}
			s.found(a, b, who, r.unless(one))
		}
	}
}

// unless is the same request by somebody who has an answer already.
func (r request) unless(tag string) request {
	r.header = maps.Clone(r.header)
	if r.header == nil {
		r.header = map[string]string{}
	}
	r.header["If-None-Match"] = tag
	return r
}

func both(with, without *world, who caller, n int, r, other request) (a, b answer) {
	var running sync.WaitGroup
	running.Go(func() { a = with.ask(who, n, r) })
	b = without.ask(who, n, other)
	running.Wait()
	return a, b
}

// inside is what only people of an organisation are told, and is the same in all worlds: the history of what is public and
// the reason of an embargo. All callers who belong to one have a history of their own.
var inside = map[bool]*regexp.Regexp{false: regexp.MustCompile(`"history":\{|ekendmaking door het ministerie`), true: regexp.MustCompile(`ekendmaking door het ministerie`)}

func (s *score) found(a, b answer, who caller, r request) {
	if who.name != "member" && !strings.HasPrefix(r.surface, "Mutation.") {
		if told := inside[who.organization].FindString(a.body); told != "" {
			s.leaks = append(s.leaks, fmt.Sprintf("LEAK %s to %s ()\n%.250s\nsays %s", r.surface, who.name, r, told))
		}
	}
	s.comparisons++
	s.surfaces[r.surface]++
	s.statuses[a.status]++
	if a.equal(b) {
		return
	}
	if told[who.name] == r.surface && stateIn(r, a.body, b.body) == "" {
		return
	}
	one, other := a.plain(), b.plain()
	if x, y := split(one), split(other); x != y { // the content says more than how long it is
		one, other = x, y
	}
	at := 0
	for at < min(len(one), len(other)) && one[at] == other[at] {
		at++
	}
	excerpt := func(x string) string { return x[max(0, at-200):min(len(x), at+200)] }
	s.leaks = append(s.leaks, fmt.Sprintf("LEAK %s to %s (%s)\n%.250s\nwith    …%s…\nwithout …%s…", r.surface, who.name, stateIn(r, one, other), r, excerpt(one), excerpt(other)))
}

// told is what somebody may notice by decision: who looks after the node reads in its log that something was done to a
// record, and not what the record says.
var told = map[string]string{"nodeAdministrator": "Query.auditLog"}

// split is the content of a plain answer.
func split(plain string) string {
	_, body, _ := strings.Cut(plain, "\n\n")
	return body
}

// stateIn tells which state gave itself away, where that can be read.
func stateIn(r request, one, other string) string {
	var out []string
	for _, s := range states {
		if strings.Count(one, canary+s)+strings.Count(one, "Kwq"+s) > strings.Count(other, canary+s)+strings.Count(other, "Kwq"+s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

func (s *score) report(t testing.TB) {
	t.Helper()
	surfaces, shown := map[string]int{}, map[string]bool{}
	for _, l := range s.leaks {
		first, _, _ := strings.Cut(l, "\n")
		surfaces[first]++
		if !shown[first] && len(shown) < 25 {
			shown[first] = true
			t.Error(l)
		}
	}
	if len(s.leaks) == 0 {
		return
	}
	var lines []string
	for _, l := range slices.Sorted(maps.Keys(surfaces)) {
		lines = append(lines, fmt.Sprintf("%s × %d", l, surfaces[l]))
	}
	t.Errorf("%d answers give something away:\n%s", len(s.leaks), strings.Join(lines[:min(60, len(lines))], "\n"))
}

func TestWhatMayNotBeSeenCannotBeNoticedOnAnySurface(t *testing.T) {
	m := newMatrix(t, "")
	t.Logf("%d reads, %d public, %d streams, %d writes", len(m.reads), len(m.public), len(m.streams), len(m.writes))
	began := time.Now()
	s := &score{surfaces: map[string]int{}, statuses: map[int]int{}}
	// The author reads first: what is kept of that is for nobody else.
	shown := m.show(t, m.author, m.with, slices.Concat(m.public, m.reads))
	for _, w := range []*world{m.without, m.community} {
		m.show(t, m.author, w, slices.DeleteFunc(slices.Concat(m.public, m.reads), func(r request) bool { return r.method == "POST" })) // nothing is kept of those
	}
	for _, state := range states {
		if len(shown[state]) == 0 && state != "withdrawn" {
			t.Errorf("the author of what is %s sees it nowhere: the matrix would prove nothing", state)
		}
	}
	for _, who := range m.callers {
		if enough(s) {
			break
		}
		m.compare(t, s, m.with, m.like(who), who, slices.Concat(m.reads, m.streams))
		if slices.Contains(strangely, who.name) {
			like := m.without
			if who.token != "" { // which counts on every address of the API
				like = m.like(who)
			}
			m.compare(t, s, m.with, like, who, m.public)
		}
	}
	before := [3]int64{m.head(t, m.with), m.head(t, m.community), m.head(t, m.without)}
	for _, who := range m.callers {
		if enough(s) {
			break
		}
		m.compare(t, s, m.with, m.like(who), who, m.writes)
	}
	if enough(s) {
		s.report(t)
		return
	}
	// Members report mistakes in what is for the community, and moderators withdraw it.
	if with, community, without := m.head(t, m.with)-before[0], m.head(t, m.community)-before[1], m.head(t, m.without)-before[2]; without != 0 || with != community {
		t.Errorf("what was refused wrote something: %d changes, %d for the community, %d for others", with, community, without)
	}
	m.kept(t)
	s.report(t)
	t.Logf("%d surfaces × %d callers × %d states: %d comparisons in %s, by status %v", len(s.surfaces), len(m.callers), len(states), s.comparisons, time.Since(began).Round(time.Second), s.statuses)
	m.release(t)
}

// enough tells that one leak is as good as all of them.
func enough(s *score) bool { return os.Getenv("PLEIN_LEAK_FIRST") != "" && len(s.leaks) > 0 }

func (m *matrix) head(t testing.TB, w *world) int64 {
	t.Helper()
	head, err := w.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func TestWhatMayNotBeSeenCannotBeNoticedOnPostgreSQL(t *testing.T) {
	m := newMatrix(t, fixture.Database(t))
	s := &score{surfaces: map[string]int{}, statuses: map[int]int{}}
	for _, w := range []*world{m.with, m.without, m.community} {
		m.show(t, m.caller("stranger"), w, m.reads) // what is kept of answers is kept in all of them
	}
	for _, who := range m.callers {
		if slices.Contains([]string{"stranger", "administratorElsewhere", "member"}, who.name) {
			m.compare(t, s, m.with, m.like(who), who, slices.Concat(m.reads, m.writes))
		}
	}
	s.report(t)
	t.Logf("%d surfaces × 3 callers × %d states: %d comparisons", len(s.surfaces), len(states), s.comparisons)
}

// show asks everything on behalf of somebody, and tells on which surfaces a word of each state was seen.
func (m *matrix) show(t testing.TB, who caller, w *world, rs []request) map[string][]string {
	out := map[string][]string{}
	for i, r := range rs {
		a := w.ask(who, i, r)
		if strings.HasPrefix(r.surface, "Query.") && a.status != http.StatusOK {
			t.Errorf("the leak matrix asks what cannot be asked: %d %.400s\n%s", a.status, a.body, r)
		}
		for _, s := range states {
			if !slices.Contains(out[s], r.surface) && (strings.Contains(a.body, canary+s) && !strings.Contains(r.target+r.body, canary+s) || strings.Contains(a.body, "Kwq"+s)) {
				out[s] = append(out[s], r.surface)
			}
		}
	}
	return out
}

// kept looks in what is stored for readers: the tables and the index.
func (m *matrix) kept(t testing.TB) {
	t.Helper()
	for name, w := range map[string]*world{"with": m.with, "community": m.community, "without": m.without} {
		for _, table := range []string{"publications", "terms", "feed", "tombstones"} {
			for _, row := range w.rows(t, table) {
				if strings.Contains(strings.ToLower(row), canary) && !m.mayHold(table, row) {
					t.Errorf("LEAK table %s of the world %s holds %.300s", table, name, row)
				}
			}
		}
	}
	m.with.catchUp(t)
	var terms [2][]string
	for i, w := range []*world{m.with, m.without} {
		w.close(t)
		terms[i] = dictionary(t, filepath.Join(w.dir, "index"))
		filepath.WalkDir(filepath.Join(w.dir, "index"), func(path string, d fs.DirEntry, err error) error { //nolint:errcheck // what cannot be read is told
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			for _, s := range states {
				if strings.Contains(strings.ToLower(string(b)), canary+s) {
					t.Errorf("LEAK %s holds %s", path, canary+s)
				}
			}
			return err
		})
	}
	if !slices.Equal(terms[0], terms[1]) {
		extra := slices.DeleteFunc(slices.Clone(terms[0]), func(x string) bool { return slices.Contains(terms[1], x) })
		t.Errorf("LEAK the dictionary of the index has %d terms instead of %d, among them %.600v", len(terms[0]), len(terms[1]), extra)
	}
	t.Logf("%d terms of the index are the same", len(terms[0]))
}

// mayHold tells what of a table is not for everybody all the same, or has the words without the secret: what is for the
// community, and the record that has the title of a scheduled one.
func (m *matrix) mayHold(table, row string) bool {
	return strings.Contains(row, "COMMUNITY") || strings.Contains(row, m.twin) && !strings.Contains(row, "ntwoord")
}

// rows are those of a table, as text.
func (w *world) rows(t testing.TB, table string) []string {
	t.Helper()
	driver, address := "sqlite3", "file:"+filepath.Join(w.dir, store.File)+"?mode=ro"
	if w.database != "" {
		driver, address = "pgx", w.database
	}
	db, err := stdsql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, v := range values {
			if x, ok := (*v.(*any)).([]byte); ok {
				b.Write(x)
			} else {
				fmt.Fprint(&b, *v.(*any))
			}
			b.WriteByte(' ')
		}
		out = append(out, b.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// dictionary is every term of every field of an index, and how many documents there are.
func dictionary(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*", "root.bolt"))
	if more, _ := filepath.Glob(filepath.Join(dir, "*", "*", "root.bolt")); err == nil {
		paths = append(paths, more...)
	}
	if err != nil || len(paths) != 1 {
		t.Fatalf("an index has %v, %v", paths, err)
	}
	queue := index.NewAnalysisQueue(1)
	defer queue.Close()
	e, err := scorch.NewScorch(scorch.Name, map[string]any{"path": filepath.Dir(paths[0]), "read_only": true}, queue)
	if err == nil {
		err = e.Open()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	reader, err := e.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	fields, err := reader.Fields()
	if err != nil {
		t.Fatal(err)
	}
	count, err := reader.DocCount()
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprint(count, " documents")}
	for _, f := range fields {
		d, err := reader.FieldDict(f)
		if err != nil {
			t.Fatal(err)
		}
		for {
			x, err := d.Next()
			if err != nil {
				t.Fatal(err)
			}
			if x == nil {
				break
			}
			out = append(out, f+" "+x.Term)
		}
	}
	slices.Sort(out)
	return out
}

// belongs are the surfaces on which a scheduled record, with everything in it, is seen from its moment on.
var belongs = []string{
	"Query.node", "Query.nodes", "Query.record", "Query.address", "Query.projects", "Query.search", "Query.suggest", "Query.changes", "Query.comparable", "Query.organization",
	"page project", "page en/project", "page search", "page organization", "GET /id/{id}", "GET /zoeken.atom", "GET /zoeken.csv", "GET /zoeken.ndjson",
}

// release shows the moment at which embargoes end, with nobody at work: a millisecond before it everything is as if there were
// nothing, and at it everything is there.
func (m *matrix) release(t *testing.T) {
	with, without := openWorld(t, m.with.dir, m.with.database), openWorld(t, m.without.dir, m.without.database)
	s := &score{surfaces: map[string]int{}, statuses: map[int]int{}}
	for _, w := range []*world{with, without} {
		w.offset.Store((embargoLasts - time.Millisecond).Milliseconds())
		w.catchUp(t)
	}
	stranger, all := m.caller("stranger"), slices.Concat(m.public, m.reads)
	m.compare(t, s, with, without, stranger, all)
	s.report(t)
	with.offset.Store(embargoLasts.Milliseconds())
	first := m.show(t, stranger, with, all) // the first reader is the clock
	with.catchUp(t)
	after := m.show(t, stranger, with, all)
	for _, state := range []string{"scheduled", "results", "outputs", "lesson"} {
		t.Logf("%s is seen from its moment on, at %v", state, after[state])
		if !slices.Contains(first[state], "Query.node") && !slices.Contains(first[state], "Query.nodes") {
			t.Errorf("what was %s is not there at its moment", state)
		}
	}
	for _, surface := range belongs {
		if !slices.Contains(after["scheduled"], surface) {
			t.Errorf("a record that was scheduled is not seen at %s after its moment", surface)
		}
	}
	// A link to a working copy works until it ends.
	for end, want := range map[time.Duration]bool{embargoLasts: true, 25 * time.Hour: false} {
		with.offset.Store(end.Milliseconds())
		for _, secret := range m.expand("$sharedSecret") {
			for _, r := range []request{
				newGenerator(t, m.worlds).operation("", fmt.Sprintf(`{ sharedDraft(secret: %q) { record { title } } }`, secret)),
				{method: "GET", target: "/meelezen/" + secret},
			} {
				if got := with.ask(stranger, 0, r); strings.Contains(got.body, "Kwqdraft") != want {
					t.Errorf("LEAK a link to a working copy after %s: %.300s", end, got.body)
				}
			}
		}
	}
	t.Logf("a millisecond before the end: %d comparisons", s.comparisons)
}
