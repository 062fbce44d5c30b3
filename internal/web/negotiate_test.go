package web

import (
	"net/http"
	"testing"
)

func TestAcceptHeadersAreWeighed(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                     mediaHTML,
		"*/*":                                  mediaHTML,
		"application/json":                     mediaJSON,
		"application/*":                        mediaJSON,
		"text/html;q=0.1, application/json":    mediaJSON,
		"text/html, application/json":          mediaHTML,
		"application/json;q=0, */*":            mediaHTML,
		"text/html;q=0, */*":                   mediaJSON,
		"TEXT/HTML":                            mediaHTML,
		"application/json;q=nan, text/html":    mediaHTML,
		"image/png":                            mediaHTML,
		";;;,,,=;q=;q=9":                       mediaHTML,
		"application/json; charset=utf-8;q=.5": mediaJSON,
	} {
		if got := preferred(accept, mediaMatch, mediaHTML, mediaJSON); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestLanguagesAreDutchUnlessEnglishIsPreferred(t *testing.T) {
	for accept, want := range map[string]string{
		"": "nl", "nl-BE": "nl", "en": "en", "en-GB, nl;q=0.9": "en", "fr, de": "nl", "de, en;q=0.5": "en", "*": "nl", "nl;q=0.5, en;q=0.6": "en",
	} {
		if got := language(&http.Request{Header: http.Header{"Accept-Language": {accept}}}); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}
