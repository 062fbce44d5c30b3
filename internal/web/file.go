package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/record"
)

const (
	fileCost   = 5  // points of a file
	uploadCost = 50 // points of an upload
	// formBytes is how much of an upload is not the file: the other field, names and boundaries.
	formBytes = 64 << 10
)

var (
	errNotSignedIn = fault{status: http.StatusUnauthorized, code: codeUnauthenticated, title: "Niet aangemeld", titleEN: "Not signed in",
		nl: "Log in, of stuur een token mee: Authorization: Bearer plein_…",
		en: "Sign in, or send a token: Authorization: Bearer plein_…"}
	errNotYours = fault{status: http.StatusForbidden, code: codeForbidden, title: "Dit mag niet", titleEN: "This is not allowed",
		nl: "U mag dit niet. Vraag het een coördinator van uw organisatie.",
		en: "You may not do this. Ask a coordinator of your organisation."}
	errUpload = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: "Stuur multipart/form-data met één veld record (het id van een project) en daarna één bestand in het veld file.",
		en: "Send multipart/form-data with one field record (the id of a project) and after it one file in the field file."}
	errUploadCut = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Het bestand kwam niet heel aan", titleEN: "The file did not arrive whole",
		nl: "Het bestand kwam niet heel aan. Probeer het opnieuw.",
		en: "The file did not arrive whole. Try again."}
	errFileTooLarge = fault{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, title: "Dit bestand is te groot", titleEN: "This file is too large",
		nl: fmt.Sprintf("Het bestand is te groot: hooguit %d MB. Zet een groter bestand op een eigen adres en noem dat adres.", files.MaxBytes>>20),
		en: fmt.Sprintf("The file is too large: at most %d MB. Give a larger file an address of its own and name that address.", files.MaxBytes>>20)}
	errNoRoom = fault{status: http.StatusServiceUnavailable, code: codeUnavailable, title: "Er is geen ruimte", titleEN: "There is no room", retryAfter: time.Minute,
		nl: "De schijf is vol: er kan nu niets worden bewaard. Lezen kan wel.",
		en: "The disk is full: nothing can be stored now. Reading goes on."}
)

// fileFault is what a sender is told when a file was not kept.
func fileFault(err error) error {
	var f fault
	var ps record.Problems
	var wrongType *files.TypeError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, files.ErrTooLarge), errors.As(err, new(*http.MaxBytesError)):
		return errFileTooLarge
	case errors.Is(err, files.ErrForbidden):
		return errNotYours
	case errors.Is(err, files.ErrNoRoom):
		return errNoRoom
	case errors.As(err, &wrongType):
		f = errMediaType
		f.nl, f.en = wrongType.Message[record.Dutch], wrongType.Message[record.English]
		return f
	case errors.As(err, &ps):
		f = errUpload
		if ps[0].Code == record.NotFound {
			f = errNotFound
		}
		f.nl, f.en = ps[0].Message[record.Dutch], ps[0].Message[record.English]
		return f
	}
	return err
}

// uploaded answers an upload.
type uploaded struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	MediaType string    `json:"mediaType"`
	ByteSize  int       `json:"byteSize"`
	URL       string    `json:"url"`
	Warnings  []warning `json:"warnings"`
}

type warning struct {
	Code    record.Code `json:"code"`
	Message string      `json:"message"`
	Field   []string    `json:"field"`
}

// upload keeps a file for a project of which the sender may write the results.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, payer caller) {
	s.limiter.charge(payer, uploadCost).show(w.Header(), s.config.Now())
	leave, err := s.uploads.enter(payer)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer leave()
	kept, err := s.keepUpload(w, r)
	if err != nil {
		s.refuse(w, r, fileFault(err))
		return
	}
	out := uploaded{ID: kept.ID, Name: kept.Name, MediaType: kept.MediaType, ByteSize: kept.ByteSize, URL: s.config.Site.Base + kept.Path(), Warnings: []warning{}}
	for _, p := range kept.Warnings {
		out.Warnings = append(out.Warnings, warning{p.Code, p.Message.In(language(r)), p.Field})
	}
	body, err := json.Marshal(out)
	if err != nil {
		s.refuse(w, r, fmt.Errorf("write the answer to an upload: %w", err))
		return
	}
	w.Header().Set("Location", kept.Path())
	s.send(w, r, http.StatusCreated, mediaJSON, body)
}

// keepUpload reads the form. The id comes before the file, so that nobody sends 20 MB to be told that they may not.
func (s *Server) keepUpload(w http.ResponseWriter, r *http.Request) (*files.Kept, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || r.Header.Get("Content-Encoding") != "" {
		return nil, errUpload
	}
	if r.ContentLength > files.MaxBytes+formBytes {
		return nil, files.ErrTooLarge
	}
	connection := http.NewResponseController(w)
	until := time.Now().Add(s.config.Limits.Upload)
	connection.SetReadDeadline(until)                             // a connection without deadlines, as in a test, reads on
	connection.SetWriteDeadline(until.Add(s.config.Limits.Write)) // likewise
	sender := &watched{from: http.MaxBytesReader(w, r.Body, files.MaxBytes+formBytes)}
	r.Body = sender
	form, err := r.MultipartReader()
	if err != nil {
		return nil, errUpload
	}
	id, err := s.uploadFor(r.Context(), form)
	if err != nil {
		return nil, sender.fault(err)
	}
	part, err := form.NextPart()
	if err != nil || part.FormName() != "file" {
		return nil, sender.fault(errUpload)
	}
	received, err := s.config.Files.Receive(part.FileName(), part)
	if err != nil {
		return nil, sender.fault(err)
	}
	defer received.Close()
	if _, err := form.NextPart(); err != io.EOF { // without the last boundary the file may have been cut off
		return nil, sender.fault(errUpload)
	}
	return s.config.Files.Keep(r.Context(), id, received)
}

// uploadFor reads the field record and asks whether the sender may upload for that project.
func (s *Server) uploadFor(ctx context.Context, form *multipart.Reader) (id string, err error) {
	part, err := form.NextPart()
	if err != nil || part.FormName() != "record" {
		return "", errUpload
	}
	text, err := io.ReadAll(io.LimitReader(part, maxIDLength+1))
	if err != nil {
		return "", errUpload
	}
	if id = string(text); !isID(id) {
		id = "-" // no record has this id: whether one exists is for the catalogue to say
	}
	return id, s.config.Files.MayKeep(ctx, id)
}

// watched remembers what went wrong with the sender, which is not our fault, whoever noticed it.
type watched struct {
	from io.ReadCloser
	err  error
}

func (r *watched) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func (r *watched) Close() error { return r.from.Close() }

func (r *watched) fault(err error) error {
	switch {
	case errors.As(r.err, new(*http.MaxBytesError)):
		return errFileTooLarge
	case r.err != nil, errors.Is(err, io.ErrUnexpectedEOF):
		return errUploadCut
	}
	return err
}

// file gives a file to whoever may read it. To others it is not there.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	ctx, payer, err := s.identifyReader(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if budget, err := s.limiter.admit(payer); err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	s.limiter.charge(payer, fileCost).show(w.Header(), s.config.Now())
	s.release(r)
	found, err := s.findFile(ctx, r.PathValue("id"), r.PathValue("name"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	leave, err := s.downloads.enter(payer)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer leave()
	if err := fileHeaders(w.Header(), found); err != nil {
		s.refuse(w, r, err)
		return
	}
	body := &noted{Content: s.config.Files.Content(ctx, found)}
	out := &paced{ResponseWriter: w, connection: http.NewResponseController(w), patience: s.config.Limits.StreamWrite}
	http.ServeContent(out, r, "", time.Time{}, body)
	if body.err != nil && ctx.Err() == nil { // the length that was promised is not reached, so the connection is cut
		s.config.Logger.LogAttrs(ctx, slog.LevelError, "a file was cut off", slog.String("requestId", RequestID(ctx)), slog.String("error", body.err.Error()))
	}
}

func (s *Server) findFile(ctx context.Context, id, name string) (*files.Found, error) {
	if !isID(id) {
		return nil, errNotFound
	}
	leave, err := s.gate.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found, err := s.config.Files.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if found[0] == nil || found[0].Name != name {
		return nil, errNotFound
	}
	return found[0], nil
}

// fileHeaders keep a file from doing anything in a browser but being saved, and keep what is not public out of caches.
func fileHeaders(h http.Header, found *files.Found) error {
	h.Set("Content-Type", found.MediaType)
	h.Set("Content-Disposition", attachment(found.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "private, no-store")
	// A cache would give somebody's cookie to everybody.
	if found.Public && len(h["Set-Cookie"]) == 0 {
		hash, err := hex.DecodeString(found.Hash)
		if err != nil {
			return fmt.Errorf("read the hash of a file: %w", err)
		}
		h.Set("Cache-Control", revalidate)
		h.Set("ETag", fmt.Sprintf(`"%x"`, hash[:16]))
	}
	return nil
}

// attachment names a file by RFC 6266: in ASCII for old programs, and in full as RFC 8187 has it.
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || r < ' ' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	out := `attachment; filename="` + plain + `"`
	if plain != name {
		out += "; filename*=UTF-8''" + url.PathEscape(name)
	}
	return out
}

// noted remembers what went wrong with reading: http.ServeContent tells nobody.
type noted struct {
	*files.Content
	err error
}

func (n *noted) Read(p []byte) (int, error) {
	read, err := n.Content.Read(p)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return read, err
}

// paced gives a slow reader time for each piece.
type paced struct {
	http.ResponseWriter
	connection *http.ResponseController
	patience   time.Duration
}

func (p *paced) Write(b []byte) (int, error) {
	p.connection.SetWriteDeadline(time.Now().Add(p.patience)) // a connection that is gone refuses the write
	return p.ResponseWriter.Write(b)
}
