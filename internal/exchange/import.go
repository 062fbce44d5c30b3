package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Options of an import.
type Options struct {
	// DryRun does everything and then takes it back, so that the report says exactly what an import would do.
	DryRun bool
	// Strict imports nothing when any line is bad.
	Strict bool
	// Names are TOOI addresses of organisations by name (see ReadNames): what a register names is then known by its
	// official address instead of by its name only.
	Names map[string]string
	// Progress hears how many lines were written, after every hundred.
	Progress func(done int)
}

// progressEvery is how many lines go by between two calls of Progress.
const progressEvery = 100

// BadLine is a line that was not imported and why.
type BadLine struct {
	Line int
	// ExternalID is source and id, where the line says its id.
	ExternalID string
	Problems   record.Problems
}

// MarshalJSON gives programs the code, the field and the words of every problem.
func (b BadLine) MarshalJSON() ([]byte, error) {
	type problem struct {
		Code    record.Code `json:"code"`
		Field   string      `json:"field,omitempty"`
		Message record.Text `json:"message"`
	}
	out := struct {
		Line       int       `json:"line"`
		ExternalID string    `json:"externalId,omitempty"`
		Problems   []problem `json:"problems"`
	}{Line: b.Line, ExternalID: b.ExternalID}
	for _, p := range b.Problems {
		out.Problems = append(out.Problems, problem{p.Code, strings.Join(p.Field, "."), p.Message})
	}
	return json.Marshal(out)
}

// In says what is wrong with the line, for a person.
func (b BadLine) In(language record.Language) string {
	var out strings.Builder
	word := "line"
	if language == record.Dutch {
		word = "regel"
	}
	fmt.Fprintf(&out, "%s %d", word, b.Line)
	if b.ExternalID != "" {
		fmt.Fprintf(&out, " (%s)", b.ExternalID)
	}
	for i, p := range b.Problems {
		sep := ": "
		if i > 0 {
			sep = "; "
		}
		out.WriteString(sep)
		if len(p.Field) > 0 {
			out.WriteString(strings.Join(p.Field, ".") + ": ")
		}
		out.WriteString(p.Message.In(language))
	}
	return out.String()
}

// Report says what an import did, or with DryRun what it would do. Records that were imported before
// and are not in the file any more are left as they are: a register that leaves something out does not say that it is
// untrue.
type Report struct {
	// Lines that hold something, without the header of a table.
	Lines int `json:"lines"`
	Counts
	// Organizations are those that the good lines name; NewOrganizations were not here before.
	Organizations    int `json:"organizations"`
	NewOrganizations int `json:"newOrganizations"`
	// Unidentified are the organisations that are known by their name in the register only.
	Unidentified []string  `json:"unidentified,omitempty"`
	Bad          []BadLine `json:"bad,omitempty"`
	// Refused tells that nothing was imported because of the bad lines.
	Refused bool `json:"refused,omitempty"`
	DryRun  bool `json:"dryRun,omitempty"`
}

// In sums the report up for a person.
func (r *Report) In(language record.Language) string {
	dutch := language == record.Dutch
	var head, tail string
	switch {
	case r.Refused && dutch:
		head = "Niets geïmporteerd, vanwege de foute regels. "
	case r.Refused:
		head = "Nothing was imported, because of the bad lines. "
	case r.DryRun && dutch:
		head = "Proef: er is niets opgeslagen. "
	case r.DryRun:
		head = "Trial: nothing was saved. "
	}
	if !r.Refused && dutch {
		tail = " Wat eerder is geïmporteerd en nu niet in het bestand staat, is ongemoeid gelaten."
	} else if !r.Refused {
		tail = " What was imported before and is not in the file now was left alone."
	}
	if dutch {
		return head + fmt.Sprintf("%d regels: %d nieuw, %d bijgewerkt, %d ongewijzigd, %d overgelaten aan wie hier publiceert of introk, %d fout; %d organisaties, waarvan %d nieuw en %d alleen bij naam bekend.",
			r.Lines, r.Created, r.Updated, r.Unchanged, r.Left, len(r.Bad), r.Organizations, r.NewOrganizations, len(r.Unidentified)) + tail
	}
	return head + fmt.Sprintf("%d lines: %d new, %d updated, %d unchanged, %d left to who publishes or withdrew here, %d bad; %d organisations, of which %d new and %d known by name only.",
		r.Lines, r.Created, r.Updated, r.Unchanged, r.Left, len(r.Bad), r.Organizations, r.NewOrganizations, len(r.Unidentified)) + tail
}

func (r *Report) bad(line int, externalID string, ps ...record.Problem) {
	r.Bad = append(r.Bad, BadLine{Line: line, ExternalID: externalID, Problems: ps})
}

// errTakeBack ends a transaction whose writes are not wanted.
var errTakeBack = errors.New("nothing is to be kept")

// Import brings the lines of a register into the catalogue as projects of provenance REGISTER, in the name of the
// organisations that the register names. It is the node's own work: the caller decides who may ask for it.
//
// A line is known by source and id. Importing it again writes nothing when it says the same, and a new revision when it
// says something else. Bad lines are reported and not imported; the good ones are imported in one transaction, all or
// none of them. The report comes with a nil error also when there are bad lines. The file is held in memory.
func Import(ctx context.Context, cat *catalog.Catalog, r io.Reader, format Format, m Mapping, o Options) (*Report, error) {
	ctx = identity.AsSystem(ctx)
	report := &Report{DryRun: o.DryRun}
	mapper := newMapper(m, cat.Reference(), o.Names)
	entries, err := readEntries(ctx, mapper, r, format, report)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if report.Refused = report.Refused || o.Strict && len(report.Bad) > 0; report.Refused || len(entries) == 0 {
		return report, nil
	}
	err = cat.Write(ctx, func(w *catalog.Writer) error {
		if err := write(ctx, w, mapper.publishers, entries, report, o.Progress); err != nil {
			return err
		}
		if report.Refused = o.Strict && len(report.Bad) > 0; report.Refused {
			report.Counts, report.NewOrganizations = Counts{}, 0
		}
		if o.DryRun || report.Refused {
			return errTakeBack
		}
		return nil
	})
	if err != nil && !errors.Is(err, errTakeBack) {
		return nil, fmt.Errorf("import: %w", err)
	}
	return report, nil
}

// readEntries maps all lines and reports the bad ones.
func readEntries(ctx context.Context, m *mapper, r io.Reader, format Format, report *Report) ([]entry, error) {
	var out []entry
	seen := map[string]int{}
	err := readLines(r, format, m.columns(), func(l line) error {
		report.Lines++
		if err := ctx.Err(); err != nil {
			return err
		}
		if l.problem != nil {
			report.bad(l.number, "", *l.problem)
			return nil
		}
		e, wrong := m.entry(l)
		if before, twice := seen[e.externalID]; twice && e.externalID != "" {
			wrong = append(wrong, record.Wrong(record.Duplicate, fmt.Sprintf("Dit nummer staat ook op regel %d.", before),
				fmt.Sprintf("This id is on line %d as well.", before), "id"))
		} else {
			seen[e.externalID] = l.number
		}
		if len(wrong) > 0 {
			report.bad(l.number, e.externalID, wrong...)
			return nil
		}
		out = append(out, e)
		return nil
	})
	var end broken
	if errors.As(err, &end) {
		report.Lines++
		report.bad(end.number, "", *end.problem)
		report.Refused = true
		return nil, nil
	}
	return out, err
}

// write brings in the publishers, all at once, and then the records in the order of the file.
func write(ctx context.Context, w *catalog.Writer, ps *publishers, entries []entry, report *Report, progress func(int)) error {
	var all []publisher
	known := map[string]bool{}
	for _, e := range entries {
		if !known[e.publisher.key] {
			known[e.publisher.key] = true
			all = append(all, e.publisher)
		}
	}
	ids, made, err := ps.bring(ctx, w, all)
	if err != nil {
		return err
	}
	report.Organizations, report.NewOrganizations = len(all), made
	for _, p := range all {
		if p.tooi == "" {
			report.Unidentified = append(report.Unidentified, p.name)
		}
	}
	slices.Sort(report.Unidentified)
	for i, e := range entries {
		e.project.PublisherID = ids[e.publisher.key]
		outcome, _, err := bring(ctx, w, e.project, e.externalID, record.Register)
		var wrong record.Problems
		switch {
		case errors.As(err, &wrong):
			report.bad(e.line, e.externalID, wrong...)
		case err != nil:
			return fmt.Errorf("line %d: %w", e.line, err)
		default:
			report.count(outcome)
		}
		if done := i + 1; progress != nil && (done%progressEvery == 0 || done == len(entries)) {
			progress(done)
		}
	}
	slices.SortFunc(report.Bad, func(a, b BadLine) int { return a.Line - b.Line })
	return nil
}
