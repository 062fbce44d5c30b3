package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// MunicipalityReport says what an import of figures about municipalities did, or with DryRun what it would do.
type MunicipalityReport struct {
	// Lines that hold something, without the header.
	Lines     int       `json:"lines"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Bad       []BadLine `json:"bad,omitempty"`
	DryRun    bool      `json:"dryRun,omitempty"`
}

// In sums the report up for a person.
func (r *MunicipalityReport) In(language record.Language) string {
	nl, en := "", ""
	if r.DryRun {
		nl, en = "Proef: er is niets opgeslagen. ", "Trial: nothing was saved. "
	}
	return record.Text{
		record.Dutch:   nl + fmt.Sprintf("%d regels: %d gemeenten bijgewerkt, %d ongewijzigd, %d regels fout.", r.Lines, r.Updated, r.Unchanged, len(r.Bad)),
		record.English: en + fmt.Sprintf("%d lines: %d municipalities updated, %d unchanged, %d lines bad.", r.Lines, r.Updated, r.Unchanged, len(r.Bad)),
	}[language]
}

func (r *MunicipalityReport) bad(line int, code string, p record.Problem) {
	r.Bad = append(r.Bad, BadLine{Line: line, ExternalID: code, Problems: record.Problems{p}})
}

// ImportMunicipalities brings in a table of CBS with figures about municipalities, as CSV with a header. Its columns are
// known by name, in any order and in capitals or not: code (or gemeentecode), and urbanity (or stedelijkheid, 1 to 5);
// population (or inwoners) with year (or jaar) where there are any. A figure that a line does not give, empty or as CBS's
// ".", stays as it was. Inhabitants are only taken from a later year than those that are here; the density, which was of
// that earlier year, is then unknown.
//
// Bad lines and codes that are unknown here are reported, with a nil error; the others come in together, in one
// transaction. Importing the same again writes nothing. It is the node's own work.
func ImportMunicipalities(ctx context.Context, cat *catalog.Catalog, r io.Reader, dryRun bool) (*MunicipalityReport, error) {
	ctx = identity.AsSystem(ctx)
	report := &MunicipalityReport{DryRun: dryRun}
	figures, err := readFigures(ctx, cat.Reference(), r, report)
	if err != nil {
		return nil, fmt.Errorf("import figures about municipalities: %w", err)
	}
	err = cat.Write(ctx, func(w *catalog.Writer) error {
		var changed []*record.Municipality
		for _, f := range figures {
			if m := f.on(w.Reference().Municipality(f.code)); m != nil {
				changed = append(changed, m)
			}
		}
		report.Updated, report.Unchanged = len(changed), len(figures)-len(changed)
		if dryRun || len(changed) == 0 {
			return errTakeBack
		}
		return w.SetMunicipalities(ctx, changed)
	})
	if err != nil && !errors.Is(err, errTakeBack) {
		return nil, fmt.Errorf("import figures about municipalities: %w", err)
	}
	return report, nil
}

// figures are what a line tells about a municipality; 0 is what it does not give.
type figures struct {
	code                       string
	urbanity, population, year int
}

// on gives the municipality with the figures, or nil when it has them already.
func (f figures) on(old *record.Municipality) *record.Municipality {
	m := *old
	if f.urbanity > 0 {
		m.Urbanity = f.urbanity
	}
	if f.population > 0 && f.year > m.ReferenceYear {
		m.Population, m.ReferenceYear, m.Density = f.population, f.year, 0
	}
	if m.Urbanity == old.Urbanity && m.ReferenceYear == old.ReferenceYear {
		return nil
	}
	return &m
}

// Names of columns, as people and CBS write them.
const (
	codeColumn       = "code"
	urbanityColumn   = "urbanity"
	populationColumn = "population"
	yearColumn       = "year"
)

var figureColumns = map[string]string{
	"code": codeColumn, "gemeentecode": codeColumn,
	"urbanity": urbanityColumn, "stedelijkheid": urbanityColumn,
	"population": populationColumn, "inwoners": populationColumn,
	"year": yearColumn, "jaar": yearColumn,
}

// findFigures tells in which columns the figures are.
func findFigures(header []string) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range header {
		column, known := figureColumns[strings.ToLower(name)]
		if !known {
			continue
		}
		if j, twice := at[column]; twice {
			return nil, record.Problems{record.Wrong(record.Duplicate, fmt.Sprintf("Kolom %q zegt hetzelfde als kolom %q.", name, header[j]),
				fmt.Sprintf("Column %q says the same as column %q.", name, header[j]), "columns")}
		}
		at[column] = i
	}
	has := func(column string) bool { _, ok := at[column]; return ok }
	switch {
	case !has(codeColumn) || !has(urbanityColumn) && !has(populationColumn):
		return nil, record.Problems{record.Wrong(record.NotFound,
			fmt.Sprintf("Het bestand heeft een kolom code (of gemeentecode) nodig, en een kolom stedelijkheid. Het heeft: %q.", header),
			fmt.Sprintf("The file needs a column code (or gemeentecode), and a column urbanity. It has: %q.", header), "columns")}
	case has(populationColumn) && !has(yearColumn):
		return nil, record.Problems{record.Wrong(record.Required, "Bij inwoners hoort een kolom jaar: van welk jaar zij zijn.",
			"With a column population goes a column year: of which year they are.", "columns")}
	}
	return at, nil
}

// readFigures gives what the good lines tell about municipalities that are here, and reports the others.
func readFigures(ctx context.Context, ref *record.Reference, r io.Reader, report *MunicipalityReport) ([]figures, error) {
	var out []figures
	seen := map[string]int{}
	err := readCSV(r, findFigures, func(l line) error {
		report.Lines++
		if err := ctx.Err(); err != nil {
			return err
		}
		if l.problem != nil {
			report.bad(l.number, "", *l.problem)
			return nil
		}
		f, wrong := readFigure(l)
		before := seen[f.code]
		switch {
		case wrong != nil:
		case ref.Municipality(f.code) == nil:
			wrong = problem(record.NotFound, "Hier is geen gemeente met deze code: zij is nieuw of opgeheven.", "There is no municipality with this code here: it is new or was abolished.", codeColumn)
		case before > 0:
			wrong = problem(record.Duplicate, fmt.Sprintf("Deze gemeente staat ook op regel %d.", before), fmt.Sprintf("This municipality is on line %d as well.", before), codeColumn)
		default:
			seen[f.code] = l.number
			out = append(out, f)
			return nil
		}
		report.bad(l.number, f.code, *wrong)
		return nil
	})
	var end broken
	if errors.As(err, &end) {
		return nil, end // from here on nobody knows where lines begin: nothing is taken
	}
	return out, err
}

func problem(code record.Code, nl, en string, field ...string) *record.Problem {
	p := record.Wrong(code, nl, en, field...)
	return &p
}

func readFigure(l line) (f figures, wrong *record.Problem) {
	text := func(column string) string {
		if vs := l.columns[column]; len(vs) > 0 {
			return strings.TrimSpace(vs[0])
		}
		return ""
	}
	if f.code, wrong = readCode(text(codeColumn)); wrong != nil {
		return f, wrong
	}
	for _, x := range []struct {
		column   string
		to       *int
		from, up int
	}{{urbanityColumn, &f.urbanity, 1, 5}, {populationColumn, &f.population, 1, 20_000_000}, {yearColumn, &f.year, 1900, 2200}} {
		s := text(x.column)
		if slices.Contains([]string{"", "."}, s) {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < x.from || n > x.up {
			return f, problem(record.Invalid, fmt.Sprintf("Geef een heel getal van %d tot en met %d.", x.from, x.up), fmt.Sprintf("Give a whole number from %d to %d.", x.from, x.up), x.column)
		}
		*x.to = n
	}
	if f.population > 0 && f.year == 0 {
		return f, problem(record.Required, "Van welk jaar zijn deze inwoners?", "Of which year are these inhabitants?", yearColumn)
	}
	return f, nil
}

// readCode reads the code of a municipality, also where a spreadsheet took its letters or zeros away.
func readCode(s string) (string, *record.Problem) {
	digits := strings.TrimPrefix(strings.ToUpper(s), "GM")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n == 0 || n > 9999 {
		return "", problem(record.Invalid, "Dit is geen code van een gemeente, zoals GM0546.", "This is not the code of a municipality, such as GM0546.", codeColumn)
	}
	return fmt.Sprintf("GM%04d", n), nil
}
