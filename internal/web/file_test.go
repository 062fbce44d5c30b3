package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// withFiles is a site that keeps uploads, with a token of Leiden's and the working copy of a project of theirs.
func withFiles(t *testing.T, w *fixture.World) (s *site, token, project string) {
	t.Helper()
	s = newHouse(t, w, func(c *Config) { c.Files = w.Files; c.NoRateLimit = true })
	token = tokenOf(t, w, w.Leiden, identity.WriteRecords)
	p := w.Project("Kamers")
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.Leiden.ID}}
	ctx := fixture.As(t, w.Leiden)
	if err := w.Write(ctx, func(tx *catalog.Writer) error { _, err := tx.Create(ctx, p, catalog.Origin{}); return err }); err != nil {
		t.Fatal(err)
	}
	return s, token, p.ID
}

func tokenOf(t testing.TB, w *fixture.World, o *record.Organization, scopes ...identity.Scope) string {
	t.Helper()
	secret, _, err := w.Tokens.Create(fixture.System(t), o.ID, "proef", scopes, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// uploadForm is a form with these fields: name and text, where that of a file is its name, a line break and its bytes.
func uploadForm(t testing.TB, fields ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		name, text, isFile := strings.Cut(fields[i+1], "\n")
		create := func() (io.Writer, error) { return form.CreateFormFile(fields[i], name) }
		if !isFile {
			text, create = name, func() (io.Writer, error) { return form.CreateFormField(fields[i]) }
		}
		part, err := create()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), form.FormDataContentType()
}

func (s *site) upload(t testing.TB, token string, fields []string, header ...string) reply {
	t.Helper()
	body, contentType := uploadForm(t, fields...)
	header = append([]string{"Content-Type", contentType}, header...)
	if token != "" {
		header = append(header, "Authorization", "Bearer "+token)
	}
	return s.do(t, http.MethodPost, "/files", body, header...)
}

func (r reply) kept(t testing.TB) (out uploaded) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &out); err != nil || r.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s (%v)", r.StatusCode, r.body, err)
	}
	return out
}

// refer lets the output of the project refer to the file, and publishes it.
func (s *site) refer(t testing.TB, project, fileID string, embargoes ...*record.Embargo) {
	t.Helper()
	ctx := fixture.System(t)
	err := s.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Edit(ctx, project, 0, func(r record.Record) error {
			r.(*record.Project).Outputs[0].SetFile(fileID)
			r.(*record.Project).Embargoes = embargoes
			return nil
		})
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, project, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsUploadedPublishedAndDownloaded(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, token, project := withFiles(t, w)
		content := "wijk;klachten\n" + strings.Repeat("Noord;12\n", 60_000)
		got := s.upload(t, token, []string{"record", project, "file", "../Café 1.csv\n" + content})
		kept := got.kept(t)
		path := "/files/" + kept.ID + "/Caf%C3%A9%201.csv"
		if kept.Name != "Café 1.csv" || kept.MediaType != "text/csv" || kept.ByteSize != len(content) || kept.URL != fixture.BaseURL+path || len(kept.Warnings) != 0 ||
			got.Header.Get("Location") != path || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%+v %v", kept, got.Header)
		}
		s.get(t, path, "Accept", "application/json").wants(t, 404, "NOT_FOUND")
		mine := s.get(t, path, "Authorization", "Bearer "+token)
		if mine.StatusCode != 200 || mine.body != content || mine.Header.Get("Cache-Control") != "private, no-store" || mine.Header.Get("ETag") != "" {
			t.Errorf("its author: %d, %d bytes, %v", mine.StatusCode, len(mine.body), mine.Header)
		}

		s.refer(t, project, kept.ID)
		public := s.get(t, path)
		for name, want := range map[string]string{
			"Content-Type": "text/csv", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
			"Content-Disposition":     `attachment; filename="Caf_ 1.csv"; filename*=UTF-8''Caf%C3%A9%201.csv`,
			"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "Content-Length": fmt.Sprint(len(content)),
		} {
			if public.Header.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, public.Header.Get(name), want)
			}
		}
		if public.StatusCode != 200 || public.body != content {
			t.Errorf("%d, %d bytes", public.StatusCode, len(public.body))
		}
		tag := public.Header.Get("ETag")
		if got := s.get(t, path, "If-None-Match", tag); got.StatusCode != 304 || tag == "" {
			t.Errorf("with %s: %d", tag, got.StatusCode)
		}
		if got := s.get(t, path, "Range", "bytes=262140-262149", "If-Range", tag); got.StatusCode != 206 || got.body != content[262140:262150] {
			t.Errorf("a part: %d %q", got.StatusCode, got.body)
		}
		if got := s.get(t, path, "Range", "bytes=99999999-"); got.StatusCode != 416 {
			t.Errorf("a part beyond the end: %d", got.StatusCode)
		}
		if got := s.do(t, http.MethodHead, path, ""); got.StatusCode != 200 || got.body != "" || got.Header.Get("Content-Length") != fmt.Sprint(len(content)) {
			t.Errorf("HEAD: %d %v", got.StatusCode, got.Header)
		}
		s.get(t, "/files/"+kept.ID+"/anders.csv", "Accept", "application/json").wants(t, 404, "NOT_FOUND")
		s.do(t, http.MethodPost, path, "", "Accept", "application/json").wants(t, 405, "METHOD_NOT_ALLOWED")
		s.get(t, "/files").wants(t, 405, "METHOD_NOT_ALLOWED")
	})
}

func TestAFileUnderEmbargoAnswersAsIfItWereNotThere(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, token, project := withFiles(t, w)
		kept := s.upload(t, token, []string{"record", project, "file", "a.txt\ngeheim"}).kept(t)
		s.refer(t, project, kept.ID, w.Embargo(record.OutputsScope, time.Hour))
		const known = "X-Request-Id"
		ask := func(path string) (reply, int) {
			w.Statements.Reset()
			got := s.get(t, path, "Accept-Language", "nl")
			got.body = strings.ReplaceAll(got.body, got.Header.Get(known), "")
			got.Header.Del(known)
			got.Header.Del("Date")
			return got, len(w.Statements.About("files", "publications", "drafts"))
		}
		w.Clock.Move(time.Hour - time.Millisecond)
		hidden, n := ask("/files/" + kept.ID + "/a.txt")
		unknown, m := ask("/files/fil_01890000-0000-7000-8000-000000000000/a.txt")
		if hidden.StatusCode != 404 || hidden.body != unknown.body || fmt.Sprint(hidden.Header) != fmt.Sprint(unknown.Header) || n != m {
			t.Errorf("hidden: %d %v, %d statements\n%s\nunknown: %d %v, %d statements\n%s", hidden.StatusCode, hidden.Header, n, hidden.body, unknown.StatusCode, unknown.Header, m, unknown.body)
		}
		w.Clock.Move(time.Millisecond)
		if got := s.get(t, "/files/"+kept.ID+"/a.txt"); got.StatusCode != 200 || got.body != "geheim" {
			t.Errorf("at its moment: %d %s", got.StatusCode, got.body)
		}
	})
}

func TestWhoSignedInUploadsFromAPageOfOurs(t *testing.T) {
	w := fixture.SQLite(t)
	s, _, project := withFiles(t, w)
	member(t, w, "auteur@plein.test", identity.Author)
	b := s.browser("192.0.2.7")
	b.signIn(t, "auteur@plein.test")
	body, contentType := uploadForm(t, "record", project, "file", "a.txt\ntekst")
	kept := b.do(t, http.MethodPost, "/files", body, "Content-Type", contentType).kept(t)
	if got := b.do(t, http.MethodGet, "/files/"+kept.ID+"/a.txt", ""); got.StatusCode != 200 || got.body != "tekst" || got.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("its author: %d %v", got.StatusCode, got.Header)
	}
	b.do(t, http.MethodPost, "/files", body, "Content-Type", contentType, "Sec-Fetch-Site", "cross-site", "Origin", "https://elders.example").wants(t, 403, "FORBIDDEN")
	b.do(t, http.MethodPost, "/files", body, "Content-Type", contentType, "Sec-Fetch-Site", "").wants(t, 403, "FORBIDDEN")
	s.refer(t, project, kept.ID)
	w.Clock.Move(identity.SessionLife)
	if got := b.do(t, http.MethodGet, "/files/"+kept.ID+"/a.txt", ""); got.StatusCode != 200 || got.Header.Get("Set-Cookie") == "" || got.Header.Get("Cache-Control") != "private, no-store" || got.Header.Get("ETag") != "" {
		t.Errorf("an answer with a cookie may be kept: %d %v", got.StatusCode, got.Header)
	}
	if got := s.browser("192.0.2.8").do(t, http.MethodGet, "/files/"+kept.ID+"/a.txt", ""); got.StatusCode != 200 || got.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a stranger: %d", got.StatusCode)
	}
}

func TestHostileUploadsAreRefusedShortly(t *testing.T) {
	w := fixture.SQLite(t)
	s, token, project := withFiles(t, w)
	reading, other := tokenOf(t, w, w.Leiden, identity.ReadOrganization), tokenOf(t, w, w.Delft, identity.WriteRecords)
	for _, c := range []struct {
		name, token string
		fields      []string
		status      int
		code        string
	}{
		{"a stranger", "", []string{"record", project, "file", "a.txt\na"}, 401, "UNAUTHENTICATED"},
		{"a token that only reads", reading, []string{"record", project, "file", "a.txt\na"}, 403, "FORBIDDEN"},
		{"another organisation", other, []string{"record", project, "file", "a.txt\na"}, 404, "NOT_FOUND"},
		{"no such project", token, []string{"record", "prj_x", "file", "a.txt\na"}, 404, "NOT_FOUND"},
		{"an id that is none", token, []string{"record", "' OR 1=1\x00", "file", "a.txt\na"}, 404, "NOT_FOUND"},
		{"an endless id", token, []string{"record", strings.Repeat("a", 30_000), "file", "a.txt\na"}, 404, "NOT_FOUND"},
		{"nothing", token, nil, 400, "BAD_USER_INPUT"},
		{"no file", token, []string{"record", project}, 400, "BAD_USER_INPUT"},
		{"no project", token, []string{"file", "a.txt\na"}, 400, "BAD_USER_INPUT"},
		{"the file first", token, []string{"file", "a.txt\na", "record", project}, 400, "BAD_USER_INPUT"},
		{"another field", token, []string{"record", project, "bestand", "a.txt\na"}, 400, "BAD_USER_INPUT"},
		{"two files", token, []string{"record", project, "file", "a.txt\na", "file", "b.txt\nb"}, 400, "BAD_USER_INPUT"},
		{"an empty file", token, []string{"record", project, "file", "a.txt\n"}, 400, "BAD_USER_INPUT"},
		{"a byte too many", token, []string{"record", project, "file", "a.pdf\n%PDF-" + strings.Repeat("a", files.MaxBytes-4)}, 413, "PAYLOAD_TOO_LARGE"},
		{"far too much", token, []string{"record", project, "file", "a.pdf\n%PDF-" + strings.Repeat("a", 30<<20)}, 413, "PAYLOAD_TOO_LARGE"},
		{"HTML", token, []string{"record", project, "file", "a.txt\n<html><script>alert(1)</script>"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a program", token, []string{"record", project, "file", "a.pdf\n\x7fELF\x02\x00\x00"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a bomb", token, []string{"record", project, "file", "a.xlsx\n" + bomb(t, false)}, 415, "UNSUPPORTED_MEDIA_TYPE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.upload(t, c.token, c.fields).wants(t, c.status, c.code)
		})
	}
	if n := w.Store.Client.File.Query().CountX(t.Context()); n != 0 {
		t.Fatalf("%d files were kept", n)
	}
	// A document that unpacks to too much is a document.
	kept := s.upload(t, token, []string{"record", project, "file", "../\u202e..\\a.xlsx\n" + bomb(t, true)}).kept(t)
	if kept.Name != "a.xlsx" {
		t.Errorf("its name is %q", kept.Name)
	}

	whole, contentType := uploadForm(t, "record", project, "file", "a.txt\ntekst van een bestand")
	for _, c := range []struct{ name, body, contentType string }{
		{"cut off in the file", whole[:len(whole)-70], contentType},
		{"cut off in the last boundary", whole[:len(whole)-6], contentType},
		{"cut off in the head of the file", whole[:len(whole)-len(whole)/3], contentType},
		{"cut off in the id", whole[:150], contentType},
		{"JSON", `{"record":"x"}`, "application/json"},
		{"no boundary", whole, "multipart/form-data"},
		{"another boundary", whole, "multipart/form-data; boundary=x"},
		{"another sort of parts", whole, strings.Replace(contentType, "form-data", "mixed", 1)},
		{"no type", whole, ""},
		{"rubbish", strings.Repeat("\x00\xff", 5000), contentType},
		{"endless heads", "--x\r\n" + strings.Repeat("A: "+strings.Repeat("b", 1000)+"\r\n", 60), "multipart/form-data; boundary=x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(t, http.MethodPost, "/files", c.body, "Content-Type", c.contentType, "Authorization", "Bearer "+token).wants(t, 400, "BAD_USER_INPUT")
		})
	}
	s.do(t, http.MethodPost, "/files", whole, "Content-Type", contentType, "Content-Encoding", "gzip", "Authorization", "Bearer "+token).wants(t, 400, "BAD_USER_INPUT")
	endless := s.request(t, http.MethodPost, "/files", "", "Content-Type", contentType, "Authorization", "Bearer "+token)
	endless.Body, endless.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(whole[:len(whole)-70]), bytes.NewReader(make([]byte, 25<<20)))), -1
	send(t, endless).wants(t, 413, "PAYLOAD_TOO_LARGE")
	for _, path := range []string{"/files/x/y", "/files/%00/y", "/files/" + kept.ID + "/%2e%2e%2fa", "/files/" + kept.ID + "/a%00.xlsx", "/files/" + strings.Repeat("a", 3000) + "/x", "/files/'%20OR%201=1/x"} {
		if got := s.get(t, path); got.StatusCode != 404 {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if n := w.Store.Client.File.Query().CountX(t.Context()); n != 1 {
		t.Errorf("%d files were kept, want one", n)
	}
}

// bomb is an archive of few bytes that unpacks to 60 MB, with or without what makes it a spreadsheet.
func bomb(t testing.TB, sheet bool) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if sheet {
		add("[Content_Types].xml", `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`)
	}
	add("xl/worksheets/sheet1.xml", strings.Repeat("<v>1</v>", 60<<20/8))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOneSenderUploadsTwoAtOnce(t *testing.T) {
	w := fixture.SQLite(t)
	s, token, project := withFiles(t, w)
	body, contentType := uploadForm(t, "record", project, "file", "a.txt\ntekst")
	var waiting []*io.PipeWriter
	answers := make(chan reply, 2)
	for range 2 {
		from, to := io.Pipe()
		waiting = append(waiting, to)
		r := s.request(t, http.MethodPost, "/files", "", "Content-Type", contentType, "Authorization", "Bearer "+token)
		r.Body, r.ContentLength = from, -1
		go func() { answers <- send(t, r) }()
	}
	eventually(t, "two uploads are under way", func() bool { return s.uploads.count() == 2 })
	s.upload(t, token, []string{"record", project, "file", "b.txt\nb"}).wants(t, 429, "RATE_LIMITED")
	for _, to := range waiting {
		if _, err := io.WriteString(to, body); err != nil {
			t.Error(err)
		}
		to.Close()
	}
	for range waiting {
		(<-answers).kept(t)
	}
}

func TestAWarningAboutPersonalDataSpeaksTheAskersLanguage(t *testing.T) {
	w := fixture.SQLite(t)
	s, token, project := withFiles(t, w)
	fields := []string{"record", project, "file", "a.csv\nnaam;nummer\nA;111222333\nB;123456782\n"}
	for language, word := range map[string]string{"nl": "burgerservicenummers", "en": "citizen service numbers"} {
		got := s.upload(t, token, fields, "Accept-Language", language)
		kept := got.kept(t)
		if len(kept.Warnings) != 1 || kept.Warnings[0].Code != record.PersonalDataSuspected || !strings.Contains(kept.Warnings[0].Message, word) ||
			kept.Warnings[0].Field[0] != "file" || strings.Contains(got.body, "111222333") {
			t.Errorf("%s", got.body)
		}
	}
}
