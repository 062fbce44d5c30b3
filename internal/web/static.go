package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

const (
	revalidate = "no-cache"
	immutable  = "public, max-age=31536000, immutable"
)

func (s *Server) schema(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), s.openness)
	s.static(w, r, revalidate, func() (string, []byte, error) { return mediaText, s.config.Schema, nil })
}

func (s *Server) style(w http.ResponseWriter, r *http.Request) {
	s.static(w, r, immutable, func() (string, []byte, error) { return "text/css; charset=utf-8", s.faultPage.style, nil })
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	s.static(w, r, immutable, func() (string, []byte, error) {
		name := strings.TrimPrefix(r.URL.Path, "/assets/")
		if s.config.Assets == nil || !fs.ValidPath(name) {
			return "", nil, errNotFound
		}
		info, err := fs.Stat(s.config.Assets, name)
		if errors.Is(err, fs.ErrNotExist) || (err == nil && !info.Mode().IsRegular()) {
			return "", nil, errNotFound
		}
		if err != nil {
			return "", nil, fmt.Errorf("finding asset: %w", err)
		}
		body, err := fs.ReadFile(s.config.Assets, name)
		if err != nil {
			return "", nil, fmt.Errorf("reading asset: %w", err)
		}
		contentType := mime.TypeByExtension(path.Ext(name))
		if contentType == "" {
			contentType = http.DetectContentType(body)
		}
		return contentType, body, nil
	})
}

// static serves what does not change while the process runs; it is compressed once and shares the cache's memory.
func (s *Server) static(w http.ResponseWriter, r *http.Request, cacheControl string, load func() (contentType string, body []byte, err error)) {
	coding := encoding(r)
	out, err := s.read(r.Context(), cacheKey("static", coding, r.URL.Path), coding, func(context.Context) (answer, error) {
		contentType, body, err := load()
		return listing(contentType, 0, body), err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", cacheControl)
	vary(w.Header(), "Accept-Encoding")
	out.packed.write(w, r)
}

// securityTextLife keeps Expires within the year that RFC 9116 recommends.
const securityTextLife = 180 * 24 * time.Hour

func (s *Server) securityText(w http.ResponseWriter, r *http.Request) {
	if s.config.SecurityContact == "" {
		s.refuse(w, r, errNotFound)
		return
	}
	expires := s.config.Now().UTC().Truncate(24 * time.Hour).Add(securityTextLife)
	text := fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: nl, en\n", s.config.SecurityContact, expires.Format(time.RFC3339))
	s.send(w, r, http.StatusOK, mediaText, []byte(text))
}
