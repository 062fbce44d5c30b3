package web

import "net/http"

// standingHeaders are on every answer. They follow what internet.nl tests, and keep our pages to themselves. What is
// invented is not for search engines, in no form.
func standingHeaders(invented bool) http.Header {
	h := http.Header{
		"Content-Security-Policy":      {"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
	if invented {
		h.Set("X-Robots-Tag", "noindex")
	}
	return h
}

// graphqlHeaders let a page of anybody read what is public. Without Access-Control-Allow-Credentials, and without
// Authorization among the headers that a preflight allows, a browser sends and shows nothing of the person behind it.
func graphqlHeaders() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Expose-Headers": {"ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id"},
		"Vary":                          {"Accept, Accept-Encoding, Accept-Language, Authorization"},
	}
}

func answerPreflight(w http.ResponseWriter, methods string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", "Content-Type, If-None-Match")
	h.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}

// forged says whether another site made a browser send this, along with something that proves who its user is.
func (s *Server) forged(r *http.Request) bool {
	if s.crossOrigin.Check(r) == nil {
		return false
	}
	return r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || (r.TLS != nil && len(r.TLS.PeerCertificates) > 0)
}
