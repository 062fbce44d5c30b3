package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/skos"
)

type thesaurusCmd struct {
	Import thesaurusImportCmd `cmd:"" help:"Bring in a list of concepts of somebody else, to search with."`
	Export thesaurusExportCmd `cmd:"" help:"Write the thesaurus and Plein's other vocabularies as SKOS."`
}

type thesaurusImportCmd struct {
	File    string `arg:"" help:"The list: .ttl, .nt, .jsonld, or .jsonl as CBS's taxonomy; - reads standard input."`
	Format  string `help:"turtle, ntriples, jsonld or cbs, where the name of the file does not say." enum:",turtle,ntriples,jsonld,cbs" default:""`
	DryRun  bool   `help:"Say what would happen and write nothing."`
	Replace bool   `help:"Deprecate the concepts that came from the same list before and are not in it any more."`
}

func (thesaurusImportCmd) Help() string {
	return "Concepts are known by their IRI: importing a list again changes only what changed in it. They come in together, in one step; bad ones are listed with their line and the reason, and the exit code is 1. A list is told from others by the beginning of its IRIs. At most 64 MiB and 20,000 concepts; nothing is fetched.\n\nExample:\n  plein thesaurus import taxonomie.jsonl --dry-run"
}

func (c thesaurusImportCmd) Run(s *session) error {
	format, err := c.format()
	if err != nil {
		return err
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
		report, err := exchange.ImportConcepts(s.system(), h.catalog, in, format, exchange.ConceptOptions{DryRun: c.DryRun, Replace: c.Replace})
		if err != nil {
			return err
		}
		return tellConcepts(s, report)
	})
}

// tellConcepts gives the report, and fails when something was not imported.
func tellConcepts(s *session, r *exchange.ConceptReport) error {
	err := s.result(r, func(w io.Writer) {
		fmt.Fprintln(w, r.In(record.English))
		for _, b := range r.Bad {
			fmt.Fprintln(w, b.In(record.English))
		}
		if len(r.LeftOut) > 0 {
			s.say("What was left out of concepts is listed with --json.")
		}
	})
	switch {
	case err != nil:
		return err
	case r.Refused:
		return errors.New("nothing was imported: mend the file and import it again")
	case len(r.Bad) > 0:
		return fmt.Errorf("%d concepts were not imported: mend them and import the file again", len(r.Bad))
	}
	return nil
}

func (c thesaurusImportCmd) format() (skos.Format, error) {
	if c.Format != "" {
		return skos.Format(c.Format), nil
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".ttl":
		return skos.Turtle, nil
	case ".nt":
		return skos.NTriples, nil
	case ".jsonld":
		return skos.JSONLD, nil
	case ".jsonl", ".ndjson":
		return skos.CBSLines, nil
	}
	return "", usagef("say with --format whether %s is turtle, ntriples, jsonld or cbs", c.File)
}

type thesaurusExportCmd struct {
	Format string `help:"turtle or jsonld." enum:"turtle,jsonld" default:"turtle"`
	Output string `help:"File to write; standard output when left out." short:"o" placeholder:"FILE"`
}

func (thesaurusExportCmd) Help() string {
	return "Lists that were imported are not written: they are their publishers' to give.\n\nExample:\n  plein thesaurus export --format jsonld -o thesaurus.jsonld"
}

func (c thesaurusExportCmd) Run(s *session) error {
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
		b := bufio.NewWriter(out)
		return errors.Join(exchange.ExportConcepts(b, h.catalog.Reference(), skos.Format(c.Format)), b.Flush())
	})
}
