package federation

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/record"
)

func TestWhateverIsWrongIsToldInBothLanguages(t *testing.T) {
	for _, problem := range []string{NoAnswer, NoSuchName, BadCertificate, NotPublic, LeadsElsewhere, Refuses, Busy, NoPlein, OtherAddress, TooLarge, BadAnswer, BadProof, OutOfOrder} {
		isClear(t, problem, (&Node{Problem: problem}).Trouble())
	}
	for _, problem := range []string{Rewound, Forked, BadProof, KeyChanged, TooManyDeletes, OutOfOrder} {
		isClear(t, problem, (&Publisher{Problem: problem}).Trouble())
	}
	if (&Node{}).Trouble() != nil || (&Publisher{}).Trouble() != nil {
		t.Error("there is trouble where there is none")
	}
}

// isClear looks at what an administrator is told of a problem: two languages, in whole sentences, without the words of programs.
func isClear(t *testing.T, problem string, said record.Text) {
	t.Helper()
	nl, en := said[record.Dutch], said[record.English]
	if nl == en || !strings.HasSuffix(nl, ".") || !strings.HasSuffix(en, ".") || strings.ContainsAny(nl+en, "_(%") {
		t.Errorf("%s: %q, %q", problem, nl, en)
	}
}

// What an administrator is told about a node that could not be asked fits what happened.
func TestWhatGoesWrongOnTheWayIsCalledByItsName(t *testing.T) {
	says := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	introduced := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, []byte(text)) }
	}
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  string
	}{
		"a web page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<p>")
		}, NoPlein}, //nolint:errcheck // a test
		"nothing there":     {says(http.StatusNotFound), NoPlein},
		"something else":    {introduced(`{"type":"Person"}`), NoPlein},
		"no JSON":           {introduced(`{`), BadAnswer},
		"a number too many": {introduced(`{"type":"PleinNode","epoch":"x"}`), NoPlein},
		"another name":      {introduced(`{"type":"PleinNode","epoch":"0","base":"https://plein.example.nl"}`), OtherAddress},
		"a guard":           {says(http.StatusForbidden), Refuses},
		"a password":        {says(http.StatusUnauthorized), Refuses},
		"busy":              {says(http.StatusTooManyRequests), Busy},
		"comes back": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, Busy},
		"away":            {says(http.StatusServiceUnavailable), NoAnswer},
		"broken":          {says(http.StatusInternalServerError), NoAnswer},
		"an empty answer": {says(http.StatusNoContent), BadAnswer},
		"too long":        {introduced(strings.Repeat(" ", maxAnswer+1)), TooLarge},
		"moved": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://plein.example.nl/", http.StatusFound)
		}, LeadsElsewhere},
		"breaks off": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, NoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(test.serve)
			defer s.Close()
			f := &Federation{client: newClient("test", true, nil)}
			_, err := f.introduce(t.Context(), s.URL, newAllowance())
			if got := problemOf(err); got != test.want {
				t.Errorf("%s: %v", got, err)
			}
			var ps record.Problems
			if told := notAsked(err, "baseUrl"); !errors.As(told, &ps) || ps[0].Message[record.Dutch] != nodeTroubles[test.want][record.Dutch] {
				t.Error(told)
			}
		})
	}
	secure := httptest.NewUnstartedServer(says(http.StatusOK))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(says(http.StatusOK))
	defer plain.Close()
	nobody := nameServer(t)
	for name, test := range map[string]struct {
		base     string
		loopback bool
		resolver *net.Resolver
		want     string
	}{
		"a certificate of nobody": {secure.URL, true, nil, BadCertificate},
		"no certificate":          {strings.Replace(plain.URL, "http:", "https:", 1), true, nil, BadCertificate},
		"nobody listens":          {"http://127.0.0.1:1", true, nil, NoAnswer},
		"inside":                  {"https://10.0.0.1", false, nil, NotPublic},
		"a name that is not":      {"https://plein.example", false, nobody, NoSuchName},
	} {
		t.Run(name, func(t *testing.T) {
			f := &Federation{client: newClient("test", test.loopback, test.resolver)}
			_, err := f.introduce(t.Context(), test.base, newAllowance())
			if got := problemOf(err); got != test.want {
				t.Errorf("%s: %v", got, err)
			}
		})
	}
	if got := problemOf(errors.New("the disk is full")); got != "" {
		t.Error("a fault of this node is told of another:", got)
	}
}
