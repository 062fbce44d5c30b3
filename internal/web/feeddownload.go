package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/render"
)

const downloadPart = 100 // records read at a time

// downloadFormat is how the records of a search are written.
type downloadFormat struct {
	ending, media string
	write         func(w io.Writer, t exchange.Table, isFirst bool, rs []record.Record) error
}

func downloadFormats() []downloadFormat {
	return []downloadFormat{
		{".csv", mediaCSV, func(w io.Writer, t exchange.Table, isFirst bool, rs []record.Record) error {
			if isFirst {
				if err := t.Header(w); err != nil {
					return err
				}
			}
			return t.Rows(w, rs...)
		}},
		{".ndjson", "application/x-ndjson", func(w io.Writer, _ exchange.Table, _ bool, rs []record.Record) error {
			return exchange.Lines(w, rs...)
		}},
	}
}

// download serves all records of a search as a file. It is read part by part, each with a turn of its own at the gate,
// so that a slow reader holds nothing but bytes. What goes wrong before the first byte is a page; after it the
// connection is cut, because half a file must not pass for a whole one.
func (s *Server) download(f downloadFormat) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		address, err := readListAddress(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		d := &downloading{sending: s.sending(r), format: f, address: address, seen: map[string]bool{}}
		leave, err := s.downloads.enter(d.payer)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer leave()
		body, err := d.begin(r)
		budget := s.limiter.charge(d.payer, 0)
		budget.show(w.Header(), s.config.Now())
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", f.media)
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="plein-%s%s"`, record.DayOf(s.config.Now()), f.ending))
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusOK)
		if r.Method == http.MethodHead {
			return
		}
		d.send(w, body)
		for d.after != "" {
			body, err := d.goOn(r)
			if err != nil {
				d.cut(r, err)
			}
			d.send(w, body)
		}
	}
}

// downloading is a download on its way.
type downloading struct {
	sending
	format  downloadFormat
	address listAddress

	asked render.Operation
	after string // cursor of what follows, empty at the end
	total int    // records when it began
	seen  map[string]bool
}

// tooLongDownload is the answer to a list that a download cannot hold.
func tooLongDownload(most int) fault {
	return fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Deze lijst is te lang om te downloaden", titleEN: "This list is too long to download",
		nl: fmt.Sprintf("Een download bevat hooguit %d beschrijvingen. Kies meer filters. Wie alles wil hebben, leest de wijzigingen (changes) via de API.", most),
		en: fmt.Sprintf("A download holds at most %d records. Choose more filters. Whoever wants everything reads the changes through the API.", most)}
}

// begin makes the first part, and refuses what could not be brought to an end.
func (d *downloading) begin(r *http.Request) ([]byte, error) {
	limiter, most := d.server.limiter, d.server.config.Limits.DownloadRecords
	if _, err := limiter.admit(d.payer); err != nil {
		d.server.metrics.limited.Inc()
		return nil, err
	}
	first, err := d.turn(r, d.part)
	if err != nil {
		return nil, err
	}
	if d.total > most {
		return nil, tooLongDownload(most)
	}
	// What follows costs as much for each part, or less.
	left := (d.total - 1) / downloadPart * first.cost
	if b := limiter.charge(d.payer, 0); b.Limit > 0 && d.after != "" && left > b.Remaining {
		d.server.metrics.limited.Inc()
		return nil, errRateLimited.after(b.ResetAt.Sub(d.server.config.Now()))
	}
	return first.body, nil
}

// goOn makes the part that follows.
func (d *downloading) goOn(r *http.Request) ([]byte, error) {
	if d.parts*downloadPart > d.server.config.Limits.DownloadRecords {
		return nil, errors.New("the list grew while it was read")
	}
	if _, err := d.server.limiter.admit(d.payer); err != nil {
		return nil, err
	}
	a, err := d.patiently(r, d.part)
	return a.body, err
}

// part reads and writes what follows. A record that changes meanwhile may come up again at another place; it is written
// once.
func (d *downloading) part(ctx context.Context) (answer, error) {
	s := d.server
	if d.parts == 0 {
		var err error
		if d.asked, err = s.listOperation(ctx, d.address.path(d.format.ending, "")); err != nil {
			return answer{}, err
		}
	}
	p, err := s.readPart(ctx, d.asked, d.address.language, downloadPart, d.after)
	if err != nil {
		return answer{}, err
	}
	rs := slices.DeleteFunc(p.records, func(r record.Record) bool {
		id := r.Base().ID
		again := d.seen[id]
		d.seen[id] = true
		return again
	})
	var out bytes.Buffer
	table := exchange.Table{Language: d.address.language, Page: s.pageOf(d.address.language)}
	if err := d.format.write(&out, table, d.parts == 0, rs); err != nil {
		return answer{}, err
	}
	if d.parts == 0 {
		d.total = p.total
	}
	d.after = p.next
	return answer{body: out.Bytes(), about: about{cost: p.cost}}, nil
}
