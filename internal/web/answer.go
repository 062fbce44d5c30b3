package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// about is what there is to know of an answer besides its bytes.
type about struct {
	status      int
	contentType string
	header      http.Header // what else is said of it, such as Content-Language; never changed
	cost        int
	// misses are the searches in it that found nothing. An answer from the cache is somebody's search too.
	misses []string
	// route names the page for log and metrics; empty for what is not a page.
	route string
	// fleeting: for those who ask now, and not to be kept by anybody.
	fleeting bool
}

// answer is what a handler produced.
type answer struct {
	about
	body []byte
	// shareable: the same bytes for everybody who asks this of the same version.
	shareable bool
}

// packed is an answer in the form it is sent, one content coding each.
type packed struct {
	about
	encoding string // gzip, or empty for the bytes as they are
	body     []byte
	etag     string
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
	out := &packed{about: a.about, body: a.body, etag: `"` + tag + `"`}
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

// writer compresses to out. Whoever is done with it puts it back.
func (p *packer) writer(out io.Writer) (*gzip.Writer, error) {
	if w, ok := p.writers.Get().(*gzip.Writer); ok {
		w.Reset(out)
		return w, nil
	}
	w, err := gzip.NewWriterLevel(out, compressionLevel)
	if err != nil {
		return nil, fmt.Errorf("compressing an answer: %w", err)
	}
	return w, nil
}

func (p *packer) compress(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := p.writer(&out)
	if err != nil {
		return nil, err
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
	for name, values := range p.header {
		n += len(name) + len(values[0])
	}
	return int64(n)
}

// write answers 304 when the client has these bytes already, for POST as well: a query reads, whichever way it comes.
func (p *packed) write(w http.ResponseWriter, r *http.Request) (notModified bool) {
	h := w.Header()
	maps.Copy(h, p.header)
	if p.fleeting {
		h.Set("Cache-Control", "no-store")
	} else if p.status == http.StatusOK {
		h.Set("ETag", p.etag)
		if holds(r.Header.Get("If-None-Match"), p.etag) {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	p.writeBody(w)
	return false
}

func (p *packed) writeBody(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	if p.encoding != "" {
		h.Set("Content-Encoding", p.encoding)
	}
	w.WriteHeader(p.status)
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
	s.sendAnswer(w, r, answer{about: about{status: status, contentType: contentType}, body: body})
}

func (s *Server) sendAnswer(w http.ResponseWriter, r *http.Request, a answer) {
	vary(w.Header(), "Accept-Encoding")
	maps.Copy(w.Header(), a.header)
	p, err := s.packer.pack(a, encoding(r))
	if err != nil { // a compressor that fails must not hide the answer
		p = &packed{about: a.about, body: a.body}
	}
	p.writeBody(w)
}
