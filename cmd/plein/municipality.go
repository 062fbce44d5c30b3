package main

import (
	"fmt"
	"io"
	"os"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
)

type municipalitiesCmd struct {
	Import municipalitiesImportCmd `cmd:"" help:"Bring in figures of CBS about municipalities, such as their urbanity."`
}

type municipalitiesImportCmd struct {
	File   string `arg:"" help:"The table, as CSV with a header; - reads standard input."`
	DryRun bool   `help:"Say what would happen and write nothing."`
}

func (municipalitiesImportCmd) Help() string {
	return "Columns, by name: code (or gemeentecode), urbanity (or stedelijkheid, 1 to 5), and population (or inwoners) with year (or jaar). Others are passed over. Bad lines and unknown codes are listed, and the exit code is then 1; the others come in. Importing a file again changes nothing.\n\nExample:\n  plein municipalities import stedelijkheid.csv --dry-run"
}

func (c municipalitiesImportCmd) Run(s *session) error {
	in := s.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("open the table: %w", err)
		}
		defer f.Close()
		in = f
	}
	return s.withReal(func(h *house) error {
		if err := exchange.LoadReference(s.system(), h.catalog); err != nil {
			return err
		}
		report, err := exchange.ImportMunicipalities(s.system(), h.catalog, in, c.DryRun)
		if err != nil {
			return err
		}
		err = s.result(report, func(w io.Writer) {
			fmt.Fprintln(w, report.In(record.English))
			for _, b := range report.Bad {
				fmt.Fprintln(w, b.In(record.English))
			}
		})
		if err == nil && len(report.Bad) > 0 {
			err = fmt.Errorf("%d lines were not imported: mend them and import the file again", len(report.Bad))
		}
		return err
	})
}
