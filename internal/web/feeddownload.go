package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/render"
)

const (
	downloadPart = 100      // records read at a time
	sentAtOnce   = 64 << 10 // bytes for which a reader has Limits.StreamWrite
	turns        = 20       // times that a download which has begun asks the gate for a turn
)

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
		d := &downloading{server: s, format: f, address: address, payer: caller{network: network(visitOf(r.Context()).client)}, seen: map[string]bool{}}
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
	server  *Server
	format  downloadFormat
	address listAddress
	payer   caller

	asked render.Operation
	after string // cursor of what follows, empty at the end
	parts int
	total int // records when it began
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
	body, spent, err := d.next(r)
	if err != nil {
		return nil, err
	}
	if d.total > most {
		return nil, tooLongDownload(most)
	}
	// What follows costs as much for each part, or less.
	left := (d.total - 1) / downloadPart * spent
	if b := limiter.charge(d.payer, 0); b.Limit > 0 && d.after != "" && left > b.Remaining {
		d.server.metrics.limited.Inc()
		return nil, errRateLimited.after(b.ResetAt.Sub(d.server.config.Now()))
	}
	return body, nil
}

// goOn makes the part that follows. It has patience with the gate: a reader cannot ask for the rest alone.
func (d *downloading) goOn(r *http.Request) ([]byte, error) {
	if d.parts*downloadPart > d.server.config.Limits.DownloadRecords {
		return nil, errors.New("the list grew while it was read")
	}
	for turn := 1; ; turn++ {
		if _, err := d.server.limiter.admit(d.payer); err != nil {
			return nil, err
		}
		body, _, err := d.next(r)
		if !errors.Is(err, errOverloaded) || turn == turns {
			return body, err
		}
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(errOverloaded.retryAfter):
		}
	}
}

// next reads and writes a part, and gives what it cost. A record that changes meanwhile may come up again at another
// place; it is written once.
func (d *downloading) next(r *http.Request) (body []byte, cost int, err error) {
	s := d.server
	s.release(r)
	a, err := s.run(r.Context(), s.gate.gated(func(ctx context.Context) (answer, error) {
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
		d.parts++
		d.after = p.next
		return answer{body: out.Bytes(), about: about{cost: p.cost}}, nil
	}))
	if err != nil {
		return nil, 0, err
	}
	s.limiter.charge(d.payer, a.cost)
	return a.body, a.cost, nil
}

// send gives a slow reader time for each piece, and lets go of one who stands still or is gone.
func (d *downloading) send(w http.ResponseWriter, body []byte) {
	connection := http.NewResponseController(w)
	for piece := range slices.Chunk(body, sentAtOnce) {
		connection.SetWriteDeadline(time.Now().Add(d.server.config.Limits.StreamWrite)) // a connection that is gone refuses the write
		if _, err := w.Write(piece); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if err := connection.Flush(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// cut ends the connection without the end of the answer.
func (d *downloading) cut(r *http.Request, err error) {
	if r.Context().Err() == nil {
		d.server.config.Logger.LogAttrs(r.Context(), slog.LevelWarn, "a download was cut off",
			slog.String("requestId", RequestID(r.Context())), slog.Int("parts", d.parts), slog.String("error", err.Error()))
	}
	panic(http.ErrAbortHandler)
}
