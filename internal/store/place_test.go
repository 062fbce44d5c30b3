package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/store"
)

func placeOf(t *testing.T, c store.Config) string {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	place, err := s.Place(t.Context())
	if err != nil || place == "" {
		t.Fatal(place, err)
	}
	if err := s.Scrub(t.Context(), "heads"); err != nil { // which writes the whole database anew
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return place
}

func TestADatabaseKeepsItsPlaceAndACopyHasAnother(t *testing.T) {
	dir := t.TempDir()
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	place := placeOf(t, store.Config{Dir: a})
	if again := placeOf(t, store.Config{Dir: a}); again != place {
		t.Error("it has another place when it is opened again")
	}
	if err := os.CopyFS(b, os.DirFS(a)); err != nil {
		t.Fatal(err)
	}
	if copied := placeOf(t, store.Config{Dir: b}); copied == place {
		t.Error("a copy has the same place")
	}
	if err := os.Rename(a, c); err != nil {
		t.Fatal(err)
	}
	if renamed := placeOf(t, store.Config{Dir: c}); renamed != place {
		t.Error("a folder that is renamed has another place")
	}
	// What took the place of the first does not get its fingerprint.
	if err := os.Rename(b, a); err != nil {
		t.Fatal(err)
	}
	if swapped := placeOf(t, store.Config{Dir: a}); swapped == place {
		t.Error("a copy under the old name has the same place")
	}
}

func TestAPostgreSQLDatabaseKeepsItsPlaceAndAnotherHasAnother(t *testing.T) {
	a, b := store.Config{Database: fixture.Database(t)}, store.Config{Database: fixture.Database(t)}
	place := placeOf(t, a)
	if again := placeOf(t, a); again != place {
		t.Error("it has another place when it is opened again")
	}
	if other := placeOf(t, b); other == place {
		t.Error("another database has the same place")
	}
}
