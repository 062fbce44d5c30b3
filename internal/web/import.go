package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
)

const (
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaCSV  = "text/csv; charset=utf-8; header=present"

	previewCost = 20  // points of a preview
	importCost  = 200 // points of a run or an undo
)

var (
	errImport = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Deze import klopt niet", titleEN: "This import is not right"}

	errSheetForm = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: "Stuur multipart/form-data met één veld organization (het id van een organisatie) en daarna één bestand in het veld file.",
		en: "Send multipart/form-data with one field organization (the id of an organisation) and after it one file in the field file."}
	errSettings = fault{status: http.StatusBadRequest, code: codeBadUserInput, title: "Dit verzoek klopt niet", titleEN: "This request is not right",
		nl: `Stuur één JSON-object met hooguit "mapping" (kolom → veld), "kind", "language", "skipProblems", "includeDuplicates", "from" en "count".`,
		en: `Send one JSON object with at most "mapping" (column → field), "kind", "language", "skipProblems", "includeDuplicates", "from" and "count".`}
	errSheetTooLarge = fault{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, title: "Dit bestand is te groot", titleEN: "This file is too large",
		nl: fmt.Sprintf("Het bestand is te groot: hooguit %d MB. Verdeel het over meer bestanden.", exchange.MaxSheetBytes>>20),
		en: fmt.Sprintf("The file is too large: at most %d MB. Spread it over several files.", exchange.MaxSheetBytes>>20)}
)

// importFault is what somebody is told when an import does not do what was asked.
func importFault(err error) error {
	var ps record.Problems
	switch {
	case errors.As(err, new(fault)), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, catalog.ErrForbidden):
		return errNotYours
	case !errors.As(err, &ps):
		return errors.Join(ErrUnavailable, err) // the database does not answer, or cannot be written to
	}
	f := errImport
	switch ps[0].Code {
	case record.NotFound:
		if len(ps[0].Field) == 1 && ps[0].Field[0] == "id" {
			return errNotFound
		}
	case record.IllegalTransition:
		f.status = http.StatusConflict
	}
	f.nl, f.en = ps[0].Message[record.Dutch], ps[0].Message[record.English]
	return f
}

func (s *Server) importRoutes() {
	const read = "GET, HEAD"
	s.route("/imports", "GET, HEAD, POST", s.forMember(func(w http.ResponseWriter, r *http.Request, payer caller) {
		if r.Method == http.MethodPost {
			s.uploadSheet(w, r, payer)
		} else {
			s.listImports(w, r, payer)
		}
	}))
	for _, language := range []string{record.Dutch, record.English} {
		s.route(languagePath(language, "/imports/sjabloon.xlsx"), read, s.sheetTemplate(language, mediaXLSX, "xlsx", exchange.TemplateWorkbook))
		s.route(languagePath(language, "/imports/sjabloon.csv"), read, s.sheetTemplate(language, mediaCSV, "csv", exchange.TemplateTable))
	}
	s.route("/imports/{id}", read, s.forMember(s.showImport))
	s.route("/imports/{id}/preview", http.MethodPost, s.forMember(s.previewImport))
	s.route("/imports/{id}/run", http.MethodPost, s.forMember(s.runImport))
	s.route("/imports/{id}/undo", http.MethodPost, s.forMember(s.undoImport))
}

// answerImport makes an answer when it has a turn.
func (s *Server) answerImport(w http.ResponseWriter, r *http.Request, payer caller, status, cost int, do func(context.Context) (any, error)) {
	a, err := s.run(r.Context(), s.gate.gated(func(ctx context.Context) (answer, error) {
		said, err := do(ctx)
		if err != nil {
			return answer{}, err
		}
		return importAnswer(status, cost, said)
	}))
	if err != nil {
		s.limiter.charge(payer, cost).show(w.Header(), s.config.Now())
		s.refuse(w, r, importFault(err))
		return
	}
	s.reply(w, r, payer, outcome{answer: a}, nil)
}

func importAnswer(status, cost int, said any) (answer, error) {
	body, err := json.Marshal(said)
	if err != nil {
		return answer{}, fmt.Errorf("write about an import: %w", err)
	}
	return answer{about: about{status: status, contentType: mediaJSON, cost: cost}, body: body}, nil
}

// uploadSheet reads a spreadsheet and shows what an import of it would do.
func (s *Server) uploadSheet(w http.ResponseWriter, r *http.Request, payer caller) {
	leave, err := s.uploads.enter(payer)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer leave()
	organization, name, file, err := s.readSheetForm(w, r)
	if err != nil {
		s.limiter.charge(payer, uploadCost).show(w.Header(), s.config.Now())
		s.refuse(w, r, importFault(err))
		return
	}
	s.answerImport(w, r, payer, http.StatusCreated, uploadCost, func(ctx context.Context) (any, error) {
		p, err := s.config.Sheets.Upload(ctx, organization, name, file)
		if err != nil {
			return nil, err
		}
		w.Header().Set("Location", "/imports/"+p.Import.ID)
		return sayPreview(p, language(r)), nil
	})
}

// readSheetForm reads the form. The organisation comes before the file, so that nobody sends 5 MB to be told that they may
// not.
func (s *Server) readSheetForm(w http.ResponseWriter, r *http.Request) (organization, name string, file []byte, err error) {
	if r.Header.Get("Content-Encoding") != "" {
		return "", "", nil, errSheetForm
	}
	if r.ContentLength > exchange.MaxSheetBytes+formBytes {
		return "", "", nil, errSheetTooLarge
	}
	s.patience(w)
	sender := &watched{from: http.MaxBytesReader(w, r.Body, exchange.MaxSheetBytes+formBytes)}
	r.Body = sender
	broken := func(err error) error {
		if err = sender.fault(err); errors.Is(err, errFileTooLarge) {
			return errSheetTooLarge
		}
		return err
	}
	form, err := r.MultipartReader()
	if err != nil {
		return "", "", nil, errSheetForm
	}
	part, err := form.NextPart()
	if err != nil || part.FormName() != "organization" {
		return "", "", nil, broken(errSheetForm)
	}
	id, err := io.ReadAll(io.LimitReader(part, maxIDLength+1))
	if err != nil {
		return "", "", nil, broken(errSheetForm)
	}
	if err := s.config.Sheets.Catalog.MayImport(r.Context(), string(id)); err != nil {
		return "", "", nil, err
	}
	if part, err = form.NextPart(); err != nil || part.FormName() != "file" {
		return "", "", nil, broken(errSheetForm)
	}
	if file, err = io.ReadAll(part); err != nil {
		return "", "", nil, broken(errSheetForm)
	}
	if len(file) > exchange.MaxSheetBytes {
		return "", "", nil, errSheetTooLarge
	}
	if _, err := form.NextPart(); err != io.EOF { // without the last boundary the file may have been cut off
		return "", "", nil, broken(errSheetForm)
	}
	return string(id), part.FileName(), file, nil
}

// patience gives a request that takes long the time of an upload.
func (s *Server) patience(w http.ResponseWriter) {
	connection := http.NewResponseController(w)
	until := time.Now().Add(s.config.Limits.Upload)
	connection.SetReadDeadline(until)                             // a connection without deadlines, as in a test, goes on
	connection.SetWriteDeadline(until.Add(s.config.Limits.Write)) // likewise
}

// importRequest is what is asked of an import.
type importRequest struct {
	exchange.SheetSettings
	From  int `json:"from"`
	Count int `json:"count"`
}

func (s *Server) readImportRequest(w http.ResponseWriter, r *http.Request) (importRequest, error) {
	out := importRequest{Count: 50}
	if !isID(r.PathValue("id")) {
		return out, errNotFound
	}
	body, err := readJSON(w, r, s.config.Limits.AnonymousBody)
	if err != nil {
		return out, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil || d.More() || out.From < 0 || out.Count < 0 {
		return out, errSettings
	}
	return out, nil
}

// previewImport shows what an import would do with other settings.
func (s *Server) previewImport(w http.ResponseWriter, r *http.Request, payer caller) {
	asked, err := s.readImportRequest(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answerImport(w, r, payer, http.StatusOK, previewCost, func(ctx context.Context) (any, error) {
		p, err := s.config.Sheets.Preview(ctx, r.PathValue("id"), asked.SheetSettings, asked.From, asked.Count)
		if err != nil {
			return nil, err
		}
		return sayPreview(p, language(r)), nil
	})
}

// runImport makes the drafts. Who hangs up does not stop it: how far it is can be asked.
func (s *Server) runImport(w http.ResponseWriter, r *http.Request, payer caller) {
	asked, err := s.readImportRequest(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.longImport(w, r, payer, func(ctx context.Context) (any, error) {
		result, err := s.config.Sheets.Run(ctx, r.PathValue("id"), asked.SheetSettings)
		if err != nil {
			return nil, err
		}
		return sayResult(result, language(r)), nil
	})
}

// undoImport takes the drafts away that nobody has changed since.
func (s *Server) undoImport(w http.ResponseWriter, r *http.Request, payer caller) {
	id := r.PathValue("id")
	if !isID(id) {
		s.refuse(w, r, errNotFound)
		return
	}
	s.longImport(w, r, payer, func(ctx context.Context) (any, error) {
		removed, kept, err := s.config.Sheets.Undo(ctx, id)
		if err != nil {
			return nil, err
		}
		return sayUndone(removed, kept, language(r)), nil
	})
}

// longImport does what takes longer than an operation may, in small transactions. It has a place among the uploads.
func (s *Server) longImport(w http.ResponseWriter, r *http.Request, payer caller, do func(context.Context) (any, error)) {
	s.limiter.charge(payer, importCost).show(w.Header(), s.config.Now())
	leave, err := s.uploads.enter(payer)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer leave()
	s.patience(w)
	said, err := do(context.WithoutCancel(r.Context()))
	if err != nil {
		s.refuse(w, r, importFault(err))
		return
	}
	a, err := importAnswer(http.StatusOK, 0, said)
	s.reply(w, r, payer, outcome{answer: a}, err)
}

// showImport says how far an import is, and what it did.
func (s *Server) showImport(w http.ResponseWriter, r *http.Request, payer caller) {
	s.answerImport(w, r, payer, http.StatusOK, defaultCost, func(ctx context.Context) (any, error) {
		id := r.PathValue("id")
		if !isID(id) {
			return nil, errNotFound
		}
		result, err := s.config.Sheets.Result(ctx, id)
		if err != nil {
			return nil, err
		}
		return sayResult(result, language(r)), nil
	})
}

func (s *Server) listImports(w http.ResponseWriter, r *http.Request, payer caller) {
	s.answerImport(w, r, payer, http.StatusOK, defaultCost, func(ctx context.Context) (any, error) {
		list, err := s.config.Sheets.Catalog.Imports(ctx, r.URL.Query().Get("organization"))
		if err != nil {
			return nil, err
		}
		return sayImports(list), nil
	})
}

// sheetTemplate serves an empty sheet with headings that are understood.
func (s *Server) sheetTemplate(language, media, ending string, write func(io.Writer, record.Language) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.page(w, r, r.URL.Path, func(context.Context) (answer, error) {
			var out bytes.Buffer
			if err := write(&out, language); err != nil {
				return answer{}, err
			}
			a := listing(media, fileCost, out.Bytes())
			a.header = http.Header{"Content-Disposition": {fmt.Sprintf(`attachment; filename="plein-sjabloon.%s"`, ending)}}
			return a, nil
		})
	}
}
