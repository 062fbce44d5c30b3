package evaluate

import (
	"errors"
	"os"
	"slices"
	"testing"
)

func small() *corpus {
	return newCorpus([]document{
		{id: "fiets", title: "Fietsers tellen", text: "Telt de fietsers op het Stationsplein."},
		{id: "auto", title: "Auto's tellen", text: "Telt auto's; een fietser telt niet mee."},
		{id: "schuld", title: "Vroeg erop af", text: "Schuldhulpverlening in cafés."},
	})
}

// asked puts queries to all ways that an engine can be asked.
func asked(t *testing.T, ways []way, check func(t *testing.T, name string, find func(string) []string)) {
	t.Helper()
	if len(ways) == 0 {
		t.Fatal("there is no way to ask")
	}
	for _, w := range ways {
		check(t, w.name, func(text string) []string {
			found, err := w.find(t.Context(), Query{Text: text})
			if err != nil {
				t.Errorf("%s: %q: %v", w.name, text, err)
			}
			return found
		})
	}
}

// hostile are texts that mean something in a query language.
var hostile = []string{"", "  ", `"`, `fietsers" OR "auto`, "title:fiets*", "a AND NOT (b", "!", "fiets & ! | auto", "':*", "NEAR(", "de het een", "\x00 fietsers", `\`}

func TestFTS5FindsWordsAndItsTrigramsPartsOfWords(t *testing.T) {
	f, err := openFTS5(t.Context(), small())
	if errors.Is(err, errNoFTS5) {
		t.Skip("left out: this build has no FTS5; go test -tags sqlite_fts5 ./internal/evaluate")
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.close() //nolint:errcheck // in memory
	asked(t, f.ways(false), func(t *testing.T, name string, find func(string) []string) {
		if got := find("fietsers Stationsplein"); !slices.Equal(got, []string{"fiets"}) {
			t.Errorf("%s finds %q", name, got)
		}
		if got := find("cafes"); !slices.Equal(got, []string{"schuld"}) {
			t.Errorf("%s finds %q for a word with an accent", name, got)
		}
		if got := find("schuldhulp"); len(got) != 0 {
			t.Errorf("%s finds %q for a part of a word", name, got)
		}
	})
	asked(t, f.ways(true), func(t *testing.T, name string, find func(string) []string) {
		if got := find("schuldhulp"); !slices.Equal(got, []string{"schuld"}) {
			t.Errorf("%s finds %q", name, got)
		}
	})
	asked(t, append(f.ways(false), f.ways(true)...), func(_ *testing.T, _ string, find func(string) []string) {
		for _, text := range hostile {
			find(text)
		}
	})
}

func TestPostgreSQLFindsInflectionsAndLeavesNothingBehind(t *testing.T) {
	server := os.Getenv("PLEIN_TEST_POSTGRES")
	if server == "" {
		t.Skip("left out: PLEIN_TEST_POSTGRES names no PostgreSQL server")
	}
	p, err := openPostgres(t.Context(), server, small())
	if err != nil {
		t.Fatal(err)
	}
	defer p.close() //nolint:errcheck // only read from
	asked(t, p.ways(), func(t *testing.T, name string, find func(string) []string) {
		if got := find("de fietser"); len(got) != 2 || !slices.Contains(got, "fiets") || !slices.Contains(got, "auto") {
			t.Errorf("%s finds %q", name, got)
		}
		for _, text := range hostile {
			find(text)
		}
	})
	var temporary bool
	if err := p.conn.QueryRow(t.Context(), "SELECT bool_and(relpersistence = 't') FROM pg_class WHERE relname IN ('texts', 'vectors')").Scan(&temporary); err != nil || !temporary {
		t.Errorf("the tables stay: %v", err)
	}
}
