package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// newDesk is a site where spreadsheets are brought in, with an author of Leiden's who signed in.
func newDesk(t *testing.T, w *fixture.World) (*site, *browser) {
	t.Helper()
	s := newHouse(t, w, func(c *Config) { c.Sheets = &exchange.Sheets{Catalog: w.Catalog} })
	b := s.browser("192.0.2.7")
	b.signIn(t, member(t, w, "jan@leiden.test", identity.Author).Email)
	return s, b
}

// form is a multipart form with fields in this order; a field called file is one.
func form(t testing.TB, pairs ...string) (body, media string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		create := w.CreateFormField
		if pairs[i] == "file" {
			create = func(name string) (io.Writer, error) { return w.CreateFormFile(name, `C:\werk\projecten.csv`) }
		}
		part, err := create(pairs[i])
		if err == nil {
			_, err = part.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), w.FormDataContentType()
}

func (b *browser) uploadSheet(t testing.TB, organization, text string, header ...string) reply {
	t.Helper()
	body, media := form(t, "organization", organization, "file", text)
	return b.do(t, http.MethodPost, "/imports", body, append([]string{"Content-Type", media}, header...)...)
}

// answered is an answer of the import in JSON.
type answered struct {
	ID, FileName, State string
	Rows                int
	Progress            struct{ Done, Total int }
	Removed             int
	Columns             []struct {
		Key, Name  string
		Sample     []string
		Field      *string
		Confidence float64
	}
	Fields   []struct{ Name, Label string }
	Settings exchange.SheetSettings
	Counts   exchange.SheetCounts
	Preview  []struct {
		Row                           int
		Kind, State, Title            string
		WillBeSkipped                 bool
		Municipalities, PolicyDomains []string
		Problems                      []struct {
			Row                                   int
			Column, Heading, Field, Code, Message string
			Blocking                              bool
		}
		Duplicate *struct {
			ID      string
			Row     int
			Message string
		}
	}
	Made []struct {
		Row       int
		ID, Title string
	}
	Skipped []struct {
		Row int
		Why string
	}
	Kept    []struct{ ID, Title, Why string }
	Imports []answered
}

func (r reply) answered(t testing.TB, status int) answered {
	t.Helper()
	var out answered
	if err := json.Unmarshal([]byte(r.body), &out); err != nil || r.StatusCode != status || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s: %.400s (%v)", r.StatusCode, r.Header.Get("Cache-Control"), r.body, err)
	}
	return out
}

func TestASpreadsheetComesInAndGoesOutAgain(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		_, b := newDesk(t, w)
		const sheet = "Titel;Gemeente;Thema;Kleur\nLeegstand;Leiden;wonen;rood\nKamers;Bergen op Zoom;wonen;blauw\nleegstand;;;\n"
		first := b.uploadSheet(t, w.Leiden.ID, sheet)
		up := first.answered(t, http.StatusCreated)
		if first.Header.Get("Location") != "/imports/"+up.ID || up.State != "UPLOADED" || up.FileName != "projecten.csv" || up.Rows != 3 ||
			up.Counts != (exchange.SheetCounts{New: 1, Problem: 1, Duplicate: 1}) || len(up.Preview) != 3 || len(up.Fields) < 20 || up.Fields[0].Label != "titel" {
			t.Fatalf("%+v", up)
		}
		c := up.Columns
		if len(c) != 4 || c[1].Key != "B" || *c[1].Field != "municipalities" || c[3].Field != nil || c[3].Name != "Kleur" || c[3].Sample[0] != "rood" {
			t.Errorf("%+v", c)
		}
		if p := up.Preview[0]; p.Row != 2 || p.Title != "Leegstand" || p.State != "NEW" || p.Municipalities[0] != "Leiden" || p.PolicyDomains[0] != "wonen" || p.WillBeSkipped {
			t.Errorf("%+v", p)
		}
		if p := up.Preview[1].Problems; len(p) != 1 || p[0].Row != 3 || p[0].Column != "B" || p[0].Heading != "Gemeente" || p[0].Code != "NOT_FOUND" || p[0].Blocking || !strings.HasPrefix(p[0].Message, "Er is geen gemeente") {
			t.Errorf("%+v", p)
		}
		if p := up.Preview[2]; p.Duplicate == nil || p.Duplicate.Row != 2 || !p.WillBeSkipped {
			t.Errorf("%+v", p)
		}

		at := "/imports/" + up.ID
		other := b.do(t, http.MethodPost, at+"/preview", `{"mapping": {"D": "title"}, "from": 1, "count": 1}`, "Accept-Language", "en").answered(t, http.StatusOK)
		if len(other.Preview) != 1 || other.Preview[0].Title != "blauw" || other.Counts.New != 2 || other.Counts.Problem != 1 || other.Fields[0].Label != "title" {
			t.Errorf("%+v", other)
		}
		if again := b.do(t, http.MethodPost, at+"/preview", `{}`).answered(t, http.StatusOK); len(again.Preview) != 3 || again.Settings.Fields["A"] != "title" {
			t.Errorf("%+v", again)
		}

		settings, err := json.Marshal(up.Settings)
		if err != nil {
			t.Fatal(err)
		}
		done := b.do(t, http.MethodPost, at+"/run", string(settings)).answered(t, http.StatusOK)
		if done.State != "DONE" || len(done.Made) != 2 || done.Made[1].Title != "Kamers" || len(done.Skipped) != 1 || done.Skipped[0].Row != 4 || done.Progress.Done != 3 {
			t.Fatalf("%+v", done)
		}
		if same := b.do(t, http.MethodGet, at, "").answered(t, http.StatusOK); fmt.Sprint(same) != fmt.Sprint(done) {
			t.Errorf("asked afterwards it is %+v", same)
		}
		undone := b.do(t, http.MethodPost, at+"/undo", "").answered(t, http.StatusOK)
		if undone.Removed != 2 || len(undone.Kept) != 0 {
			t.Errorf("%+v", undone)
		}
		list := b.do(t, http.MethodGet, "/imports?organization="+w.Leiden.ID, "").answered(t, http.StatusOK)
		if len(list.Imports) != 1 || list.Imports[0].State != "UNDONE" || list.Imports[0].Removed != 2 {
			t.Errorf("%+v", list)
		}
		b.do(t, http.MethodPost, at+"/run", string(settings)).wants(t, http.StatusConflict, "BAD_USER_INPUT")
	})
}

func TestAnImportIsForPeopleAndProgramsWhoWriteForTheOrganisation(t *testing.T) {
	w := fixture.SQLite(t)
	s, b := newDesk(t, w)
	up := b.uploadSheet(t, w.Leiden.ID, "titel\nGeheim plan\n").answered(t, http.StatusCreated)
	token := func(o string, scopes ...identity.Scope) string {
		secret, _, err := w.Tokens.Create(fixture.System(t), o, "proef", scopes, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + secret
	}
	reader := s.browser("192.0.2.8")
	reader.signIn(t, member(t, w, "piet@leiden.test", identity.Member).Email)
	stranger := s.browser("192.0.2.9")
	program := s.browser("192.0.2.10")
	for who, x := range map[string]struct {
		*browser
		header []string
		status int
	}{
		"a stranger":                        {stranger, nil, http.StatusUnauthorized},
		"a guess":                           {stranger, []string{"Authorization", "Bearer plein_raad"}, http.StatusUnauthorized},
		"a member who only reads":           {reader, nil, http.StatusForbidden},
		"a program that only reads":         {program, []string{"Authorization", token(w.Leiden.ID, identity.ReadOrganization)}, http.StatusForbidden},
		"a program of another organisation": {program, []string{"Authorization", token(w.Delft.ID, identity.WriteRecords)}, http.StatusForbidden},
	} {
		hidden := http.StatusNotFound
		if x.status == http.StatusUnauthorized {
			hidden = x.status
		}
		if got := x.uploadSheet(t, w.Leiden.ID, "titel\nx\n", x.header...); got.StatusCode != x.status {
			t.Errorf("%s uploads: %d", who, got.StatusCode)
		}
		if got := x.do(t, http.MethodGet, "/imports?organization="+w.Leiden.ID, "", x.header...); got.StatusCode != x.status {
			t.Errorf("%s lists: %d", who, got.StatusCode)
		}
		for _, id := range []string{up.ID, "imp_none", "..", "a%2Fb"} {
			for _, ask := range [][2]string{{http.MethodGet, ""}, {http.MethodPost, "/preview"}, {http.MethodPost, "/run"}, {http.MethodPost, "/undo"}} {
				if id == ".." {
					continue // no client sends it
				}
				got := x.do(t, ask[0], "/imports/"+id+ask[1], `{"mapping": {"A": "title"}}`, x.header...)
				if got.StatusCode != hidden || strings.Contains(got.body, "Geheim") {
					t.Errorf("%s asks %s of %s: %d %s", who, ask[1], id, got.StatusCode, got.body)
				}
			}
		}
	}
	writes := token(w.Leiden.ID, identity.WriteRecords)
	body, media := form(t, "organization", w.Leiden.ID, "file", "titel\nVan een programma\n")
	got := s.do(t, http.MethodPost, "/imports", body, "Content-Type", media, "Authorization", writes).answered(t, http.StatusCreated)
	made := s.do(t, http.MethodPost, "/imports/"+got.ID+"/run", `{"mapping": {"A": "title"}}`, "Authorization", writes).answered(t, http.StatusOK)
	if len(made.Made) != 1 {
		t.Errorf("%+v", made)
	}
	// A page of another site sends a cookie along and is refused, whatever it sends.
	for _, site := range []string{"cross-site", "same-site"} {
		b.uploadSheet(t, w.Leiden.ID, "titel\nx\n", "Sec-Fetch-Site", site).wants(t, http.StatusForbidden, "FORBIDDEN")
		b.do(t, http.MethodPost, "/imports/"+up.ID+"/undo", "", "Sec-Fetch-Site", site).wants(t, http.StatusForbidden, "FORBIDDEN")
	}
	if n, err := w.Store.Client.Importing.Query().Count(t.Context()); n != 2 || err != nil {
		t.Errorf("%d imports, %v", n, err)
	}
}

func TestABadUploadIsRefusedInWords(t *testing.T) {
	w := fixture.SQLite(t)
	_, b := newDesk(t, w)
	post := func(body, media string) reply {
		return b.do(t, http.MethodPost, "/imports", body, "Content-Type", media)
	}
	whole, media := form(t, "organization", w.Leiden.ID, "file", "titel\nx\n")
	for what, x := range map[string]struct {
		pairs  []string
		status int
	}{
		"no file":           {[]string{"organization", w.Leiden.ID}, http.StatusBadRequest},
		"no organisation":   {[]string{"file", "titel\nx\n"}, http.StatusBadRequest},
		"the file first":    {[]string{"file", "titel\nx\n", "organization", w.Leiden.ID}, http.StatusBadRequest},
		"two files":         {[]string{"organization", w.Leiden.ID, "file", "titel\nx\n", "file", "titel\ny\n"}, http.StatusBadRequest},
		"an empty file":     {[]string{"organization", w.Leiden.ID, "file", ""}, http.StatusBadRequest},
		"a picture":         {[]string{"organization", w.Leiden.ID, "file", "\x89PNG\r\n\x1a\n\x00\x00"}, http.StatusBadRequest},
		"half a workbook":   {[]string{"organization", w.Leiden.ID, "file", "PK\x03\x04\x14\x00"}, http.StatusBadRequest},
		"nobody's":          {[]string{"organization", "org_none", "file", "titel\nx\n"}, http.StatusForbidden},
		"a strange id":      {[]string{"organization", strings.Repeat("x", 5000), "file", "titel\nx\n"}, http.StatusForbidden},
		"a file too large":  {[]string{"organization", w.Leiden.ID, "file", strings.Repeat("x", exchange.MaxSheetBytes+1)}, http.StatusRequestEntityTooLarge},
		"a much larger one": {[]string{"organization", w.Leiden.ID, "file", strings.Repeat("x", exchange.MaxSheetBytes+formBytes+1)}, http.StatusRequestEntityTooLarge},
	} {
		got := post(form(t, x.pairs...))
		if got.StatusCode != x.status || !strings.Contains(got.body, `"message":"`) || len(got.body) > 500 {
			t.Errorf("%s: %d %.300s", what, got.StatusCode, got.body)
		}
	}
	post(whole[:len(whole)-20], media).wants(t, http.StatusBadRequest, "BAD_USER_INPUT")
	post(`{"organization": "x"}`, "application/json").wants(t, http.StatusBadRequest, "BAD_USER_INPUT")

	up := post(whole, media).answered(t, http.StatusCreated)
	for what, x := range map[string]struct {
		body   string
		status int
	}{
		"no JSON":           {"mapping", http.StatusBadRequest},
		"nothing":           {"", http.StatusBadRequest},
		"a list":            {"[]", http.StatusBadRequest},
		"two objects":       {"{}{}", http.StatusBadRequest},
		"another field":     {`{"revision": 1}`, http.StatusBadRequest},
		"another shape":     {`{"mapping": {"A": ["title"]}}`, http.StatusBadRequest},
		"a negative row":    {`{"from": -1}`, http.StatusBadRequest},
		"a row beyond all":  {`{"from": 9000000000000000000}`, http.StatusOK},
		"too large a count": {`{"count": 9000000000000000000}`, http.StatusOK},
		"no title":          {`{"mapping": {}}`, http.StatusBadRequest},
		"no such field":     {`{"mapping": {"A": "id"}}`, http.StatusBadRequest},
		"too large":         {`{"mapping": {"A": "` + strings.Repeat("x", 70_000) + `"}}`, http.StatusRequestEntityTooLarge},
	} {
		if got := b.do(t, http.MethodPost, "/imports/"+up.ID+"/preview", x.body); got.StatusCode != x.status || len(got.body) > 20_000 {
			t.Errorf("%s: %d %.200s", what, got.StatusCode, got.body)
		}
	}
	b.do(t, http.MethodPost, "/imports/"+up.ID+"/run", `{}`, "Content-Type", "text/plain").wants(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")
	b.do(t, http.MethodGet, "/imports/"+up.ID+"/run", "").wants(t, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	b.do(t, http.MethodPost, "/imports/"+up.ID+"/undo", "").wants(t, http.StatusConflict, "BAD_USER_INPUT")
}

func TestTheTemplateIsForEverybodyInBothLanguages(t *testing.T) {
	w := fixture.SQLite(t)
	s, b := newDesk(t, w)
	for path, media := range map[string]string{"/imports/sjabloon.xlsx": mediaXLSX, "/imports/sjabloon.csv": mediaCSV, "/en/imports/sjabloon.xlsx": mediaXLSX, "/en/imports/sjabloon.csv": mediaCSV} {
		got := s.get(t, path)
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != media || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("%s: %d %s", path, got.StatusCode, got.Header)
		}
		if again := b.uploadSheet(t, w.Leiden.ID, got.body); again.StatusCode != http.StatusBadRequest || !strings.Contains(again.body, "Onder de kolomkoppen staat niets") {
			t.Errorf("%s as it is: %d %s", path, again.StatusCode, again.body)
		}
	}
}
