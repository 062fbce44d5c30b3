package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fault is an answer that is not what was asked for: a code for programs and words for whoever can mend it. It never
// repeats the input and never says why something inside went wrong.
type fault struct {
	status     int
	code       string
	title      string // the page's heading, in Dutch
	titleEN    string
	nl, en     string
	allow      string
	retryAfter time.Duration
}

func (f fault) Error() string { return f.en }

func (f fault) after(wait time.Duration) fault {
	f.retryAfter = wait
	return f
}

// Codes of the edge; graph adds its own.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeBadUserInput    = "BAD_USER_INPUT"
	codeNotFound        = "NOT_FOUND"
	codeGone            = "GONE"
	codeMethod          = "METHOD_NOT_ALLOWED"
	codeTooLarge        = "PAYLOAD_TOO_LARGE"
	codeMediaType       = "UNSUPPORTED_MEDIA_TYPE"
	codeRateLimited     = "RATE_LIMITED"
	codeOverloaded      = "OVERLOADED"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

var (
	errMalformed = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: `Stuur één JSON-object met een tekst "query" (en zo nodig "variables" en "operationName").`,
		en: `Send one JSON object with a string "query" (and "variables" and "operationName" where needed).`}
	errBatch = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: "Stuur één operatie per verzoek: een lijst van operaties wordt niet uitgevoerd.",
		en: "Send one operation per request: a list of operations is not executed."}
	errNotASubscription = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: "Alleen een subscription wordt als text/event-stream beantwoord; vraag application/json voor het andere.",
		en: "Only a subscription is answered as text/event-stream; ask for application/json for anything else."}
	errBadLink = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Deze link klopt niet", titleEN: "This link is not right",
		nl: "Het adres is niet te lezen. Is er een stuk van weggevallen?",
		en: "The address cannot be read. Is a part of it missing?"}
	errLongAddress = fault{status: http.StatusRequestURITooLong, code: codeBadUserInput, title: "Dit adres is te lang", titleEN: "This address is too long",
		nl: "Gebruik een adres van hooguit 4096 tekens.",
		en: "Use an address of at most 4,096 characters."}
	errUnauthenticated = fault{status: http.StatusUnauthorized, code: codeUnauthenticated, title: "Niet aangemeld", titleEN: "Not signed in",
		nl: "Het token is niet geldig. Stuur Authorization: Bearer plein_… met een geldig token, of laat de header weg.",
		en: "The token is not valid. Send Authorization: Bearer plein_… with a valid token, or leave the header out."}
	errCrossSite = fault{status: http.StatusForbidden, code: codeForbidden, title: "Dit mag niet", titleEN: "This is not allowed",
		nl: "Een andere website mag geen verzoek met aanmeldgegevens sturen. Stuur het zonder cookies en zonder Authorization.",
		en: "Another website may not send a request with credentials. Send it without cookies and without Authorization."}
	errForeignForm = fault{status: http.StatusForbidden, code: codeForbidden, title: "Dit mag niet", titleEN: "This is not allowed",
		nl: "Dit formulier is niet van een pagina van deze site gestuurd. Open de pagina hier en probeer het opnieuw.",
		en: "This form was not sent from a page of this site. Open the page here and try again."}
	errForm = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit formulier klopt niet", titleEN: "This form is not right",
		nl: "Het formulier is niet te lezen. Open de pagina opnieuw en probeer het nog eens.",
		en: "The form cannot be read. Open the page again and try once more."}
	errNotFound = fault{status: http.StatusNotFound, code: codeNotFound, title: "Deze pagina is er niet", titleEN: "This page does not exist",
		nl: "Er is niets op dit adres, of het is niet openbaar.",
		en: "There is nothing at this address, or it is not public."}
	errMethod = fault{status: http.StatusMethodNotAllowed, code: codeMethod, title: "Dit kan hier niet", titleEN: "This cannot be done here",
		nl: "Dit adres kent deze HTTP-methode niet; de header Allow noemt welke wel.",
		en: "This address does not know this HTTP method; the Allow header lists those it does."}
	errTooLarge = fault{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, title: "Dit verzoek is te groot", titleEN: "This request is too large",
		nl: "Het verzoek is te groot: hooguit 64 KiB, of 1 MiB met een geldig token of als u bent ingelogd.",
		en: "The request is too large: at most 64 KiB, or 1 MiB with a valid token or when signed in."}
	errMediaType = fault{status: http.StatusUnsupportedMediaType, code: codeMediaType, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: "Stuur Content-Type: application/json, zonder compressie.",
		en: "Send Content-Type: application/json, without compression."}
	errRateLimited = fault{status: http.StatusTooManyRequests, code: codeRateLimited, title: "Even wachten", titleEN: "Please wait a moment",
		nl: "De punten voor dit uur zijn op. Probeer het later opnieuw; de header Retry-After zegt na hoeveel seconden.",
		en: "The points for this hour are used up. Try again later; the Retry-After header says after how many seconds."}
	errTooManyStreams = fault{status: http.StatusTooManyRequests, code: codeRateLimited, title: "Te veel tegelijk", titleEN: "Too many at once", retryAfter: 10 * time.Second,
		nl: "Er staan al te veel subscriptions of downloads open. Sluit er een.",
		en: "Too many subscriptions or downloads are open already. Close one."}
	errOverloaded = fault{status: http.StatusServiceUnavailable, code: codeOverloaded, title: "Het is even te druk", titleEN: "It is too busy for a moment", retryAfter: time.Second,
		nl: "Het is te druk om dit nu uit te voeren. Probeer het zo opnieuw.",
		en: "It is too busy to execute this now. Try again in a moment."}
	errUnavailable = fault{status: http.StatusServiceUnavailable, code: codeUnavailable, title: "Dit lukt nu niet", titleEN: "This does not work now", retryAfter: 5 * time.Second,
		nl: "Dit is nu niet te beantwoorden. Probeer het zo opnieuw.",
		en: "This cannot be answered now. Try again in a moment."}
	errInternal = fault{status: http.StatusInternalServerError, code: codeInternal, title: "Er ging iets mis", titleEN: "Something went wrong",
		nl: "Er ging hier iets mis. Meld het met het nummer van dit verzoek als het blijft gebeuren.",
		en: "Something went wrong here. Report it with this request's id if it keeps happening."}
)

// faultOf is what is shown for an error; what is not meant to be shown becomes INTERNAL.
func faultOf(err error) fault {
	var f fault
	var gone Gone
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &gone):
		return gone.fault()
	case errors.Is(err, ErrNotFound):
		return errNotFound
	case errors.Is(err, ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return errUnavailable
	default:
		return errInternal
	}
}

// statusClientGone is nginx's number for a client that did not wait: only log and metrics see it.
const statusClientGone = 499

// refuse answers with the fault behind an error, as a page or as JSON, and logs what only the operator may know.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		w.WriteHeader(statusClientGone)
		return
	}
	f := faultOf(err)
	if f.status >= 500 && !errors.As(err, &fault{}) {
		s.config.Logger.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("requestId", RequestID(r.Context())), slog.String("error", err.Error()))
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if f.allow != "" {
		h.Set("Allow", f.allow)
	}
	if f.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(f.retryAfter)))
	}
	if f.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="plein"`)
	}
	if forPrograms(r.URL.Path) {
		s.send(w, r, f.status, mediaJSON, f.json(r))
		return
	}
	vary(h, "Accept")
	if preferred(r.Header.Get("Accept"), mediaMatch, mediaHTML, mediaJSON) == mediaJSON {
		s.send(w, r, f.status, mediaJSON, f.json(r))
		return
	}
	language := addressLanguage(r.URL.Path)
	page, err := s.faultPage.render(f, language, RequestID(r.Context()))
	if err != nil {
		s.send(w, r, f.status, mediaJSON, f.json(r))
		return
	}
	h.Set("Content-Language", language)
	s.send(w, r, f.status, mediaHTML, page)
}

// forPrograms tells whether what is at a path is asked by programs and scripts, and not opened by people.
func forPrograms(path string) bool {
	return strings.HasPrefix(path, "/graphql") || strings.HasPrefix(path, "/ldes/") || strings.HasPrefix(path, "/p/") || strings.HasPrefix(path, "/.well-known/") || path == "/files" || path == "/imports" || strings.HasPrefix(path, "/imports/")
}

func (f fault) json(r *http.Request) []byte {
	message := f.nl
	if language(r) == "en" {
		message = f.en
	}
	type extensions struct {
		Code       string `json:"code"`
		RequestID  string `json:"requestId"`
		RetryAfter int    `json:"retryAfter,omitempty"`
	}
	type graphQLError struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	body, err := json.Marshal(struct {
		Errors []graphQLError `json:"errors"`
	}{[]graphQLError{{message, extensions{f.code, RequestID(r.Context()), seconds(f.retryAfter)}}}})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return body
}

// seconds rounds up, so that who waits that long has waited long enough.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
