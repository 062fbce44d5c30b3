package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

type seedCmd struct{}

func (seedCmd) Help() string { return "Example:\n  plein seed --data /var/lib/plein" }

func (seedCmd) Run(s *session) error {
	return s.with(true, func(h *house) error {
		if err := exchange.LoadReference(s.system(), h.catalog); err != nil {
			return err
		}
		seed := exchange.Seed
		if s.cli.Demo {
			seed = exchange.SeedDemo
		}
		report, err := seed(s.system(), h.catalog)
		if err != nil {
			return err
		}
		return s.result(report, func(w io.Writer) {
			fmt.Fprintf(w, "%d new, %d changed, %d as they were\n", report.Created, report.Updated, report.Unchanged)
		})
	})
}

type importCmd struct {
	File   string `arg:"" help:"The file, .ndjson (or .jsonl) or .csv; - reads standard input."`
	Map    string `help:"How its columns become projects; see examples/import." required:"" type:"existingfile" placeholder:"MAP.yml"`
	Format string `help:"ndjson or csv, where the name of the file does not say." enum:",ndjson,csv" default:""`
	DryRun bool   `help:"Say what would happen and write nothing."`
	Strict bool   `help:"Import nothing when any line is bad."`
	Names  string `help:"Table of organisations with TOOI addresses (columns naam and uri), to know publishers by." type:"existingfile" placeholder:"FILE"`
}

func (importCmd) Help() string {
	return "Good lines come in together, in one step; bad lines are listed with their number and the reason, and the exit code is 1. Importing a file again changes only what changed in it.\n\nExample:\n  plein import register.ndjson --map examples/import/algoritmeregister.yml --dry-run"
}

func (c importCmd) Run(s *session) (err error) {
	format, err := c.format()
	if err != nil {
		return err
	}
	mapping, err := readMapping(c.Map)
	if err != nil {
		return err
	}
	options := exchange.Options{DryRun: c.DryRun, Strict: c.Strict, Progress: func(n int) { fmt.Fprintf(s.stderr, "\r%d lines", n) }}
	if c.Names != "" {
		if options.Names, err = readNames(c.Names); err != nil {
			return err
		}
	}
	in := s.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("open the file to import: %w", err)
		}
		defer f.Close()
		in = f
	}
	return s.withReal(func(h *house) error {
		if err := exchange.LoadReference(s.system(), h.catalog); err != nil {
			return err
		}
		report, err := exchange.Import(s.system(), h.catalog, in, format, mapping, options)
		fmt.Fprint(s.stderr, "\r")
		if err != nil {
			return err
		}
		return tell(s, report)
	})
}

// tell gives the report, and fails when there were bad lines.
func tell(s *session, r *exchange.Report) error {
	err := s.result(r, func(w io.Writer) {
		fmt.Fprintln(w, r.In(record.English))
		for _, b := range r.Bad {
			fmt.Fprintln(w, b.In(record.English))
		}
	})
	if err == nil && len(r.Bad) > 0 {
		err = fmt.Errorf("%d lines were not imported: mend them and import the file again", len(r.Bad))
	}
	return err
}

func (c importCmd) format() (exchange.Format, error) {
	if c.Format != "" {
		return exchange.Format(c.Format), nil
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".ndjson", ".jsonl":
		return exchange.NDJSON, nil
	case ".csv":
		return exchange.CSV, nil
	}
	return "", usagef("say with --format whether %s is ndjson or csv", c.File)
}

func readMapping(file string) (exchange.Mapping, error) {
	f, err := os.Open(file)
	if err != nil {
		return exchange.Mapping{}, fmt.Errorf("open the mapping: %w", err)
	}
	defer f.Close()
	m, err := exchange.ReadMapping(f)
	if err != nil {
		return m, usageError{fmt.Errorf("%s: %w", file, err)}
	}
	return m, nil
}

func readNames(file string) (map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the table of names: %w", err)
	}
	defer f.Close()
	return exchange.ReadNames(f)
}

type exportCmd struct {
	Type   []string `help:"Kinds to write: project, process-template, process-template-version, lesson, other; all when left out." placeholder:"KIND"`
	Format string   `help:"ndjson or csv." enum:"ndjson,csv" default:"ndjson"`
	Output string   `help:"File to write; standard output when left out." short:"o" placeholder:"FILE"`
	BOM    bool     `help:"Begin a CSV with a byte order mark, for spreadsheets that want one." name:"bom"`
}

func (exportCmd) Help() string {
	return "Examples:\n  plein export --type project --format csv -o projecten.csv\n  plein export | jq .title.nl"
}

func (c exportCmd) Run(s *session) error {
	f := catalog.Filter{}
	for _, t := range c.Type {
		kind := record.Type(strings.ToUpper(strings.ReplaceAll(t, "-", "_")))
		if record.KindOfType(kind).New == nil {
			return usagef("--type %q is unknown", t)
		}
		f.Types = append(f.Types, kind)
	}
	return s.with(false, func(h *house) (err error) {
		out := s.stdout
		if c.Output != "" {
			file, err := os.Create(c.Output)
			if err != nil {
				return fmt.Errorf("make the file: %w", err)
			}
			defer func() { err = errors.Join(err, file.Close()) }()
			out = file
		}
		// What is exported is what everybody may see, whoever sits at the command line.
		ctx := identity.AsStranger(s.ctx)
		if err := h.catalog.Due(ctx); err != nil {
			return err
		}
		b := bufio.NewWriter(out)
		var n int
		if c.Format == "csv" {
			n, err = exchange.ExportCSV(ctx, h.catalog, b, f, exchange.CSVOptions{ByteOrderMark: c.BOM})
		} else {
			n, err = exchange.ExportNDJSON(ctx, h.catalog, b, f)
		}
		if err := errors.Join(err, b.Flush()); err != nil {
			return err
		}
		s.say("%d records", n)
		return nil
	})
}
