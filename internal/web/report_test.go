package web

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/mistakereport"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// reporting lets readers report to the catalogue.
func reporting(w *fixture.World) func(*Config) {
	return func(c *Config) {
		c.Report = func(ctx context.Context, id, message string) error {
			return w.Write(ctx, func(tx *catalog.Writer) error { return tx.Report(ctx, id, message) })
		}
	}
}

func TestAReaderReportsAMistake(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, reporting(w))
		id, hidden := w.Publish(t, w.Project("Verkamering")).Base().ID, forCommunity(t, w)
		const page = "/projecten/udc-leiden/verkamering"
		b := s.browser("192.0.2.7")
		b.fill(t, "/fout-melden", "record", id, "message", " Het jaartal\r\nklopt niet. ").leads(t, page+"?gemeld=ja")
		b.fill(t, "/en/fout-melden", "record", id, "message", strings.Repeat("é\r\n", 999)+"éé").leads(t, "/en"+page+"?gemeld=ja")
		for i, message := range []string{"", " \n ", strings.Repeat("é", 2001), "a\x00b", "a\x1bb", "\xff"} {
			s.browser(stranger(i)).fill(t, "/fout-melden", "record", id, "message", message).leads(t, page+"?fout=melding")
		}
		// What is not there, and what a stranger may not see.
		for _, record := range []string{"", "prj_x", hidden, "../" + id, strings.Repeat("a", 200), w.Leiden.ID + "\x00"} {
			if got := b.fill(t, "/fout-melden", "record", record, "message", "Dit klopt niet."); got.StatusCode != 404 {
				t.Errorf("%q: %d %v", record, got.StatusCode, got.Header)
			}
		}
		u := member(t, w, "jan@leiden.test", identity.Member)
		b.signIn(t, u.Email)
		b.fill(t, "/fout-melden", "record", hidden, "message", "Dit ook niet.").leads(t, "/mijn?gemeld=ja")
		b.fill(t, "/fout-melden", "record", "prj_x", "message", "Dit is er niet.").leads(t, "/mijn?gemeld=ja") // which tells nothing
		var got []string
		for _, r := range w.Store.Client.MistakeReport.Query().Order(ent.Asc(mistakereport.FieldID)).AllX(t.Context()) {
			got = append(got, r.Reporter+" "+r.RecordID+" "+r.Message)
		}
		want := []string{"stranger " + id + " Het jaartal\nklopt niet.", "stranger " + id + " " + strings.Repeat("é\n", 999) + "éé", u.ID + " " + hidden + " Dit ook niet."}
		if !slices.Equal(got, want) {
			t.Errorf("reported %q", got)
		}
		if strings.Contains(s.log.String(), "klopt") {
			t.Error("the log holds what a reader wrote")
		}
	})
}

func TestANetworkReportsFiveMistakesAnHour(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, reporting(w))
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	const page = "/projecten/udc-leiden/verkamering"
	send := func(from, says string) {
		t.Helper()
		s.browser(from).fill(t, "/fout-melden", "record", id, "message", "Dit klopt niet.").leads(t, page+"?"+says)
	}
	for range 5 {
		send("2001:db8:1::7", "gemeld=ja")
		w.Clock.Move(10 * time.Minute)
	}
	send("2001:db8:1::8", "fout=te-vaak") // the same network
	send("2001:db8:2::7", "gemeld=ja")
	w.Clock.Move(10 * time.Minute) // an hour after the first
	send("2001:db8:1::7", "gemeld=ja")
	send("2001:db8:1::7", "fout=te-vaak")
	if n := w.Store.Client.MistakeReport.Query().CountX(t.Context()); n != 7 {
		t.Errorf("%d were passed on", n)
	}
}
