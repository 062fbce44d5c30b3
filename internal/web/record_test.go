package web

import (
	"context"
	"strings"
	"testing"
)

func TestARecordIsAPageForPeopleAndADocumentForPrograms(t *testing.T) {
	e := newEdge(t, nil)
	for range 2 { // as it was made, and as it was kept
		page := e.get(t, "/id/prj_1", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		if page.StatusCode != 303 || page.Header.Get("Location") != "/projecten/udc-leiden/verkamering" || page.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%d %v", page.StatusCode, page.Header)
		}
		document := e.get(t, "/id/prj_1", "Accept", "application/json")
		if document.body != `{"id":"prj_1"}` || document.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v %s", document.Header, document.body)
		}
		for _, got := range []reply{page, document} {
			if vary := strings.Join(got.Header.Values("Vary"), ", "); vary != "Accept, Accept-Encoding" {
				t.Errorf("Vary: %s", vary)
			}
		}
	}
	for _, accept := range []string{"text/html", "application/json"} { // an organisation has no document
		if got := e.get(t, "/id/org_1", "Accept", accept); got.StatusCode != 303 || got.Header.Get("Location") != "/udc/udc-leiden" {
			t.Errorf("%d %v", got.StatusCode, got.Header)
		}
	}
}

func TestWhatIsWithdrawnIsGoneAndWhatIsUnknownIsNotFound(t *testing.T) {
	e := newEdge(t, nil)
	e.get(t, "/id/prj_gone").has(t, 410, "Ingetrokken: Oude proef", "“Oude proef” is ingetrokken op 1 maart 2027.", "Reden: De vraag is vervallen.",
		"Withdrawn: Oude proef", "“Oude proef” was withdrawn on 1 March 2027.")
	e.get(t, "/id/prj_gone", "Accept", "application/json").wants(t, 410, "GONE")
	e.get(t, "/id/prj_private").has(t, 410, "Deze beschrijving is ingetrokken.")
	for _, id := range []string{"prj_2", strings.Repeat("a", 200), "%3Cscript%3E", "..%2f..%2fetc"} {
		e.get(t, "/id/"+id).has(t, 404, "Deze pagina is er niet", "This page does not exist")
		e.get(t, "/id/"+id, "Accept", "application/json").wants(t, 404, "NOT_FOUND")
	}
}

func TestWhyARecordCannotBeReadIsForTheLog(t *testing.T) {
	e := newEdge(t, nil)
	broken := e.get(t, "/id/prj_broken")
	broken.has(t, 500, "Er ging iets mis", broken.Header.Get("X-Request-Id"))
	if strings.Contains(broken.body, "/var/lib") || !strings.Contains(e.log.String(), "/var/lib") {
		t.Error("the cause belongs in the log and not on the page")
	}
	e = newEdge(t, func(c *Config) { c.Reader = closed{} })
	if got := e.get(t, "/id/prj_1"); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
}

// closed is a Reader that cannot answer now.
type closed struct{ library }

func (closed) Thesaurus(context.Context, string) ([]byte, error) { return nil, ErrUnavailable }

func (closed) DCATFingerprint(context.Context) (string, error) { return "", ErrUnavailable }

func (closed) DCATRoot(context.Context) ([]byte, error) { return nil, ErrUnavailable }

func (closed) Record(context.Context, string) (Record, error) { return Record{}, ErrUnavailable }

func (closed) RecordPages(context.Context, string, int) ([]RecordPage, error) {
	return nil, ErrUnavailable
}
