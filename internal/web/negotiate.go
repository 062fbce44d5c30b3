package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	mediaHTML     = "text/html; charset=utf-8"
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
	mediaStream   = "text/event-stream"
	mediaText     = "text/plain; charset=utf-8"
)

// preferred is the offer that an Accept header likes best. The first offer wins a tie, and when nothing is acceptable.
// match says how specifically a range of the header names an offer, 0 when not at all.
func preferred(header string, match func(offer, rng string) int, offers ...string) string {
	best, bestQuality := offers[0], 0.0
	if header == "" {
		return best
	}
	for _, offer := range offers {
		if q := quality(header, match, offer); q > bestQuality {
			best, bestQuality = offer, q
		}
	}
	return best
}

// quality is the weight (0 to 1) that the most specific matching range of the header gives an offer (RFC 9110, 12.4.2).
func quality(header string, match func(offer, rng string) int, offer string) float64 {
	weight, specificity := 0.0, 0
	for item := range strings.SplitSeq(header, ",") {
		rng, parameters, _ := strings.Cut(item, ";")
		if s := match(offer, strings.ToLower(strings.TrimSpace(rng))); s > specificity {
			weight, specificity = weightOf(parameters), s
		}
	}
	return weight
}

func weightOf(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}

func mediaMatch(offer, rng string) int {
	offer, _, _ = strings.Cut(offer, ";")
	kind, _, _ := strings.Cut(offer, "/")
	switch rng {
	case offer:
		return 3
	case kind + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

func tokenMatch(offer, rng string) int {
	switch {
	case rng == offer, strings.HasPrefix(rng, offer+"-"): // nl-BE is Dutch
		return 2
	case rng == "*":
		return 1
	}
	return 0
}

// language is nl or en: the languages there are texts in.
func language(r *http.Request) string {
	return preferred(r.Header.Get("Accept-Language"), tokenMatch, "nl", "en")
}

// vary adds what an answer depends on, once.
func vary(h http.Header, names ...string) {
	have := strings.Join(h.Values("Vary"), ", ")
	for _, name := range names {
		if !slices.Contains(strings.Split(have, ", "), name) {
			h.Add("Vary", name)
		}
	}
}

// encoding is gzip or identity: the form in which the client gets its answer.
func encoding(r *http.Request) string {
	if quality(r.Header.Get("Accept-Encoding"), tokenMatch, "gzip") > 0 {
		return "gzip"
	}
	return "identity"
}
