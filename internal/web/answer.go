package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// answer is what a handler produced: the bytes and what they cost.
type answer struct {
	status      int
	contentType string
	body        []byte
	cost        int
	// shareable: the same bytes for everybody who asks this of the same version.
	shareable bool
	// misses are the searches in it that found nothing.
	misses []string
}

// packed is an answer in the form it is sent, one content coding each.
type packed struct {
	contentType string
	encoding    string // gzip, or empty for the bytes as they are
	body        []byte
	etag        string
	cost        int
	misses      []string // an answer from the cache is somebody's search too
}

const (
	compressionLevel = 5   // 47 µs for a page of 15 KB
	worthCompressing = 512 // bytes; smaller answers fit one packet anyway
)

// packer compresses with writers that are used again: each holds most of a megabyte.
type packer struct {
	writers sync.Pool
}

// pack makes the form for a client that takes the given coding. The tag is of the answer's own bytes, never of the
// version: a version that changes while the bytes do not would tell of writes that nobody may see. The coding is in the
// tag because a strong tag names one sequence of bytes (RFC 9110, 8.8.3.3).
func (p *packer) pack(a answer, coding string) (*packed, error) {
	sum := sha256.Sum256(a.body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:16])
	out := &packed{contentType: a.contentType, body: a.body, etag: `"` + tag + `"`, cost: a.cost, misses: a.misses}
	if coding != "gzip" || len(a.body) < worthCompressing {
		return out, nil
	}
	small, err := p.compress(a.body)
	if err != nil {
		return nil, err
	}
	if len(small) < len(a.body) {
		out.body, out.encoding, out.etag = small, "gzip", `"`+tag+`-gzip"`
	}
	return out, nil
}

func (p *packer) compress(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, ok := p.writers.Get().(*gzip.Writer)
	if ok {
		w.Reset(&out)
	} else {
		var err error
		if w, err = gzip.NewWriterLevel(&out, compressionLevel); err != nil {
			return nil, fmt.Errorf("compressing an answer: %w", err)
		}
	}
	defer p.writers.Put(w)
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compressing an answer: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing an answer: %w", err)
	}
	return bytes.Clone(out.Bytes()), nil
}

func (p *packed) size() int64 {
	n := len(p.body) + len(p.contentType) + len(p.etag)
	for _, query := range p.misses {
		n += len(query)
	}
	return int64(n)
}

// write answers 304 when the client has these bytes already, for POST as well: a query reads, whichever way it comes.
func (p *packed) write(w http.ResponseWriter, r *http.Request) (notModified bool) {
	h := w.Header()
	h.Set("ETag", p.etag)
	if holds(r.Header.Get("If-None-Match"), p.etag) {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	p.writeBody(w, http.StatusOK)
	return false
}

func (p *packed) writeBody(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	if p.encoding != "" {
		h.Set("Content-Encoding", p.encoding)
	}
	w.WriteHeader(status)
	w.Write(p.body) // the client may be gone; there is nobody left to tell
}

// holds compares weakly, as If-None-Match asks (RFC 9110, 13.1.2).
func holds(ifNoneMatch, etag string) bool {
	for tag := range strings.SplitSeq(ifNoneMatch, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// send writes an answer that is not kept.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	vary(w.Header(), "Accept-Encoding")
	p, err := s.packer.pack(answer{contentType: contentType, body: body}, encoding(r))
	if err != nil { // a compressor that fails must not hide the answer
		p = &packed{contentType: contentType, body: body}
	}
	p.writeBody(w, status)
}
