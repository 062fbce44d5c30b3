package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
)

const headerRequestID = "X-Request-Id"

// RequestID is the id of the request that the context belongs to, empty outside one.
func RequestID(ctx context.Context) string {
	if v := visitOf(ctx); v != nil {
		return v.id
	}
	return ""
}

// requestID is new, or the one a trusted proxy already gave: a stranger's could forge lines in the log.
func (c clients) requestID(r *http.Request) string {
	if id := r.Header.Get(headerRequestID); id != "" && c.trusts(peer(r)) && wellFormed(id) {
		return id
	}
	return rand.Text()
}

func wellFormed(id string) bool {
	return len(id) <= 64 && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}
