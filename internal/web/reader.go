package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/udc-community/plein/internal/record"
)

// Reader answers, as the anonymous visitor, what the edge serves besides GraphQL and pages.
type Reader interface {
	// Record is what is at a canonical address: [ErrNotFound] when it does not exist or may not be seen, a [Gone] when it
	// was withdrawn.
	Record(ctx context.Context, id string) (Record, error)
	// Records reads records in the order asked; nil for what is not there or may not be seen.
	Records(ctx context.Context, ids ...string) ([]record.Record, error)
	// Label is what people call what stands in an address, such as the id of a concept; the text itself otherwise.
	Label(value, language string) string
	// Thesaurus is the node's own vocabularies as text/turtle or application/ld+json.
	Thesaurus(ctx context.Context, media string) ([]byte, error)
	// DCAT begins the catalogue as text/turtle or application/ld+json; DCATFingerprint changes when it does.
	DCAT(media string) (Parts, error)
	DCATFingerprint(ctx context.Context) (string, error)
	// DCATRoot and DCATPage are the feed of its datasets; a full page is one that gets no more. [ErrNotFound] is for a page
	// that is not there.
	DCATRoot(ctx context.Context) ([]byte, error)
	DCATPage(ctx context.Context, epoch int64, page int) (body []byte, isFull bool, err error)
	// RecordPages lists the pages of records by their ids, at most n of them behind an id; empty is the beginning.
	RecordPages(ctx context.Context, after string, n int) ([]RecordPage, error)
	// OtherPages lists the paths of the Dutch pages of organisations and municipalities.
	OtherPages() []string
	// Places are the municipalities that there are now.
	Places() []Place
}

// Record is a record's document and page.
type Record struct {
	// Document is the record as JSON; nil for what has only a page, such as an organisation.
	Document []byte
	// Page is the path of the page for people, in Dutch; empty when there is none.
	Page string
}

// RecordPage is the page of a record, in Dutch.
type RecordPage struct {
	ID, Path string
	Updated  time.Time
}

// Place is a municipality on the map.
type Place struct {
	Lon, Lat   float64 // of its middle, in degrees (WGS 84)
	Population int     // 0 is unknown
}

// ErrNotFound answers the same for what never was and what may not be seen.
var ErrNotFound = errors.New("not found")

// Gone is the error for a withdrawn record. Title is empty when it may no longer be named.
type Gone struct {
	Title, Reason string
	On            time.Time // zero when not known
}

func (g Gone) Error() string { return "withdrawn: " + g.Reason }

func (g Gone) fault() fault {
	f := fault{status: http.StatusGone, code: codeGone, title: "Ingetrokken", titleEN: "Withdrawn",
		nl: "Deze beschrijving is ingetrokken", en: "This record was withdrawn"}
	if g.Title != "" {
		f.title, f.titleEN = f.title+": "+g.Title, f.titleEN+": "+g.Title
		f.nl, f.en = fmt.Sprintf("“%s” is ingetrokken", g.Title), fmt.Sprintf("“%s” was withdrawn", g.Title)
	}
	if !g.On.IsZero() {
		nl, en := dates(g.On)
		f.nl += " op " + nl
		f.en += " on " + en
	}
	f.nl, f.en = f.nl+".", f.en+"."
	if g.Reason != "" {
		f.nl += " Reden: " + g.Reason
		f.en += " Reason: " + g.Reason
	}
	return f
}
