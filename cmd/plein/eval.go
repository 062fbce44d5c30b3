package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/udc-community/plein/internal/evaluate"
	"github.com/udc-community/plein/internal/skos"
)

type evalCmd struct {
	Search     evalSearchCmd     `cmd:"" help:"Measure how well search ranks, on judged queries."`
	Titles     evalTitlesCmd     `cmd:"" help:"Measure how well search finds a text by a title that it does not have."`
	Comparable evalComparableCmd `cmd:"" help:"Measure how well comparable projects are found."`
	Compounds  evalCompoundsCmd  `cmd:"" help:"Measure how well Dutch compounds are taken apart."`
}

// evalCorpus is what every measurement of search needs.
type evalCorpus struct {
	Corpus    string   `help:"Texts to search, .ndjson (or .jsonl) or .csv." required:"" placeholder:"FILE"`
	Map       string   `help:"How its columns become projects; see examples/import." default:"examples/import/algoritmeregister.yml" placeholder:"MAP.yml"`
	Keep      string   `help:"Keep the catalogue in this folder. With the same folder again only what changed is imported; the index is always made anew." placeholder:"DIR"`
	Thesaurus []string `help:"List of concepts to search with besides Plein's own: .ttl, .nt, .jsonld or CBS's .jsonl. It stays in a catalogue that is kept." placeholder:"FILE"`
	Postgres  string   `help:"PostgreSQL server to compare with (postgres://…). It gets temporary tables, which are gone afterwards." placeholder:"URL"`
	Runs      string   `help:"Write what each engine found to this folder, in the TREC format." placeholder:"DIR"`
	Verbose   bool     `help:"Also what every query found (+) and missed (-), with the grades." short:"v"`
}

type evalSearchCmd struct {
	evalCorpus
	Queries string `help:"Table of queries, with the columns qid, query and kind." required:"" placeholder:"FILE"`
	Qrels   string `help:"Judgments in the TREC format: query, 0, document, grade." required:"" placeholder:"FILE"`
}

func (evalSearchCmd) Help() string {
	return "The corpus is imported into a catalogue in a temporary folder, which is searched as visitors do. SQLite's FTS5 (in a build with -tags sqlite_fts5) and PostgreSQL answer the same queries over the same texts, each in the way that does best on them.\n\n" +
		"Example:\n  plein eval search --corpus algoritmeregister.jsonl --queries queries.tsv --qrels qrels.tsv --verbose"
}

func (c evalSearchCmd) Run(s *session) error {
	queries, err := readFile(c.Queries, evaluate.ReadQueries)
	if err != nil {
		return err
	}
	judgments, err := readFile(c.Qrels, evaluate.ReadJudgments)
	if err != nil {
		return err
	}
	return c.run(s, evaluate.Setup{Set: evaluate.Set{Queries: queries, Judgments: judgments}})
}

type evalTitlesCmd struct {
	evalCorpus
	Pairs string `help:"Table with the columns query, a title, and relevant_doc." required:"" placeholder:"FILE"`
}

func (evalTitlesCmd) Help() string {
	return "The texts are imported without their titles, and each title is a query for the text that it belongs to.\n\n" +
		"Example:\n  plein eval titles --corpus algoritmeregister.jsonl --pairs qrels_title_known_item_dev.tsv"
}

func (c evalTitlesCmd) Run(s *session) error {
	set, err := readFile(c.Pairs, evaluate.ReadTitles)
	if err != nil {
		return err
	}
	return c.run(s, evaluate.Setup{Set: set, Untitled: true})
}

type evalComparableCmd struct {
	evalCorpus
	Pairs string `help:"Table with the columns query_doc and relevant_doc." required:"" placeholder:"FILE"`
}

func (evalComparableCmd) Help() string {
	return "The texts are imported without their titles, and of each document in the table the comparable projects are asked.\n\n" +
		"Example:\n  plein eval comparable --corpus algoritmeregister.jsonl --pairs qrels_comparable_dev.tsv"
}

func (c evalComparableCmd) Run(s *session) error {
	set, err := readFile(c.Pairs, evaluate.ReadComparable)
	if err != nil {
		return err
	}
	return c.run(s, evaluate.Setup{Set: set, Untitled: true})
}

type evalCompoundsCmd struct {
	File    string `arg:"" help:"Table of words and their parts, with | between them, or - for a word that is no compound."`
	Verbose bool   `help:"Also every mistake: the word, its parts, and what was made of it." short:"v"`
}

func (evalCompoundsCmd) Help() string {
	return "Parts are compared as sets of stems. The first line of the table names its columns.\n\nExample:\n  plein eval compounds compounds.tsv --verbose"
}

func (c evalCompoundsCmd) Run(s *session) error {
	report, err := readFile(c.File, evaluate.Compounds)
	if err != nil {
		return err
	}
	return s.result(report, func(w io.Writer) { evaluate.WriteCompounds(w, report, c.Verbose) })
}

// run measures in a catalogue of the corpus and gives the report.
func (c evalCorpus) run(s *session, setup evaluate.Setup) (err error) {
	setup.Others, setup.Postgres, setup.Dir = true, c.Postgres, c.Keep
	setup.Logger = slog.New(slog.NewTextHandler(s.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if setup.Mapping, err = readMapping(c.Map); err != nil {
		return err
	}
	if setup.Format, err = (importCmd{File: c.Corpus}).format(); err != nil {
		return err
	}
	for _, name := range c.Thesaurus {
		list := evaluate.List{Name: name}
		if list.Format, err = conceptFormat(name); err != nil {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("open a thesaurus: %w", err)
		}
		defer f.Close()
		list.Words = f
		setup.Thesaurus = append(setup.Thesaurus, list)
	}
	corpus, err := os.Open(c.Corpus)
	if err != nil {
		return fmt.Errorf("open the corpus: %w", err)
	}
	defer corpus.Close()
	setup.Corpus = corpus
	report, err := measure(s.ctx, setup)
	if err != nil {
		return err
	}
	if c.Runs != "" {
		if err := report.WriteRuns(c.Runs); err != nil {
			return err
		}
	}
	return s.result(report, func(w io.Writer) { report.Write(w, c.Verbose) })
}

// measure works in a temporary folder where no other is named. It is removed before anything is written to standard
// output: whoever reads that may hang up, which ends the process.
func measure(ctx context.Context, setup evaluate.Setup) (report *evaluate.Report, err error) {
	if setup.Dir == "" {
		if setup.Dir, err = os.MkdirTemp("", "plein-eval-"); err != nil {
			return nil, fmt.Errorf("make a folder for the catalogue: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(setup.Dir)) }()
	}
	return evaluate.Run(ctx, setup)
}

// conceptFormat is how a list of concepts is written, by the name of its file.
func conceptFormat(name string) (skos.Format, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ttl":
		return skos.Turtle, nil
	case ".nt":
		return skos.NTriples, nil
	case ".jsonld", ".json":
		return skos.JSONLD, nil
	case ".jsonl", ".ndjson":
		return skos.CBSLines, nil
	}
	return "", usagef("%s: a list of concepts is a file .ttl, .nt, .jsonld or .jsonl", name)
}

// readFile reads what a file holds; it is named in what is wrong with it.
func readFile[T any](name string, read func(io.Reader) (T, error)) (out T, err error) {
	f, err := os.Open(name)
	if err != nil {
		return out, err
	}
	defer f.Close()
	if out, err = read(f); err != nil {
		return out, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}
