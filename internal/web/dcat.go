package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/klauspost/compress/gzip"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
)

const (
	// A full page of a feed changes only when something on it is withdrawn.
	fullPage = "public, max-age=3600, immutable"
	openPage = "max-age=30, must-revalidate"
)

// Parts is a long document that is made part by part.
type Parts interface {
	// Next gives the part that follows, which is good until the next call, and whether there is more.
	Next(ctx context.Context) (part []byte, more bool, err error)
}

// dcat serves the catalogue in one notation of DCAT-AP-NL, to pages of other sites too. It is made part by part as it is
// sent. Its tag is of what is public in it, and weak: somebody may publish while it is read.
func (s *Server) dcat(media string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		d := s.sending(r)
		if budget, err := s.limiter.admit(d.payer); err != nil {
			s.refuseLimited(w, r, budget, err)
			return
		}
		leave, err := s.downloads.enter(d.payer)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer leave()
		named, err := d.turn(r, func(ctx context.Context) (answer, error) {
			tag, err := s.config.Reader.DCATFingerprint(ctx)
			return answer{body: []byte(tag), about: about{cost: defaultCost}}, err
		})
		if err != nil {
			s.refuse(w, r, fmt.Errorf("naming the catalogue: %w", err))
			return
		}
		tag := strconv.Quote(string(named.body))
		known := holds(r.Header.Get("If-None-Match"), tag)
		parts, err := s.config.Reader.DCAT(media)
		if err != nil {
			s.refuse(w, r, fmt.Errorf("beginning the catalogue: %w", err))
			return
		}
		more := true
		next := func(ctx context.Context) (a answer, err error) {
			a.cost = listCost
			a.body, more, err = parts.Next(ctx)
			return a, err
		}
		var first answer
		if !known && r.Method != http.MethodHead {
			if first, err = d.turn(r, next); err != nil {
				s.refuse(w, r, fmt.Errorf("writing the catalogue: %w", err))
				return
			}
		}
		s.limiter.charge(d.payer, 0).show(h, s.config.Now())
		h.Set("Cache-Control", revalidate)
		h.Set("ETag", "W/"+tag)
		vary(h, "Accept-Encoding")
		if known {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", media)
		coded := coded{coding: encoding(r), packer: &s.packer}
		if coded.coding == "gzip" {
			h.Set("Content-Encoding", "gzip")
		}
		w.WriteHeader(http.StatusOK)
		if r.Method == http.MethodHead {
			return
		}
		defer coded.end()
		for body := first.body; ; {
			if body, err = coded.piece(body, !more); err != nil {
				d.cut(r, err)
			}
			d.send(w, body)
			if !more {
				return
			}
			part, err := d.patiently(r, next) // whoever begins may end: what is left of the allowance was looked at before
			if err != nil {
				d.cut(r, err)
			}
			body = part.body
		}
	}
}

// coded puts the parts of a document in the coding that the client takes.
type coded struct {
	coding string
	packer *packer
	small  bytes.Buffer
	writer *gzip.Writer
}

// piece is a part as it is sent; it is good until the next call.
func (c *coded) piece(part []byte, last bool) ([]byte, error) {
	if c.coding != "gzip" {
		return part, nil
	}
	c.small.Reset()
	var err error
	if c.writer == nil {
		if c.writer, err = c.packer.writer(&c.small); err != nil {
			return nil, err
		}
	}
	if _, err = c.writer.Write(part); err == nil {
		if last {
			err = c.writer.Close()
		} else {
			err = c.writer.Flush()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("compressing a part: %w", err)
	}
	return c.small.Bytes(), nil
}

func (c *coded) end() {
	if c.writer != nil {
		c.packer.writers.Put(c.writer)
	}
}

// dcatFeed serves what became of the datasets: the root, or one of its pages.
func (s *Server) dcatFeed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	query := r.URL.Query()
	if !query.Has("page") {
		s.page(w, r, "dcat feed", func(ctx context.Context) (answer, error) {
			body, err := s.config.Reader.DCATRoot(ctx)
			return feedPage(body, false), err
		})
		return
	}
	page, ok := place(query.Get("page"))
	ok = ok && page <= math.MaxInt32
	var epoch int64
	if ok && query.Has("epoch") {
		epoch, ok = place(query.Get("epoch"))
	}
	if !ok {
		s.refuse(w, r, errNotFound)
		return
	}
	s.page(w, r, fmt.Sprintf("dcat feed %d %d", epoch, page), func(ctx context.Context) (answer, error) {
		body, isFull, err := s.config.Reader.DCATPage(ctx, epoch, int(page))
		if errors.Is(err, ErrNotFound) {
			return answer{}, errNotFound
		}
		return feedPage(body, isFull), err
	})
}

// place is a number of a page or an epoch, in the one way in which it is written.
func place(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}

// feedPage is a page of a feed.
func feedPage(body []byte, isFull bool) answer {
	a := listing(mediaJSONLD, listCost, body)
	a.header = http.Header{"Cache-Control": {openPage}}
	if isFull {
		a.header.Set("Cache-Control", fullPage)
	}
	return a
}

func (r reader) DCATFingerprint(ctx context.Context) (string, error) {
	return exchange.DCATFingerprint(identity.AsStranger(ctx), r.catalog)
}

func (r reader) DCAT(media string) (Parts, error) {
	format := exchange.Turtle
	if media == mediaJSONLD {
		format = exchange.JSONLD
	}
	d, err := exchange.NewDCAT(r.catalog, format)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (r reader) DCATRoot(ctx context.Context) ([]byte, error) {
	return exchange.DCATFeed{Catalog: r.catalog}.Root(ctx)
}

func (r reader) DCATPage(ctx context.Context, epoch int64, page int) ([]byte, bool, error) {
	body, isFull, err := exchange.DCATFeed{Catalog: r.catalog}.Page(ctx, epoch, page)
	if errors.Is(err, exchange.ErrNoPage) {
		return nil, false, ErrNotFound
	}
	return body, isFull, err
}
