package evaluate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/skos"
)

// Setup is what is measured, and on what.
type Setup struct {
	// Dir is the folder of the catalogue. It may hold the same corpus already: only what changed is imported then.
	Dir     string
	Corpus  io.Reader
	Format  exchange.Format
	Mapping exchange.Mapping
	// Thesaurus are lists of concepts to search with, besides the one that comes with Plein.
	Thesaurus []List
	Set
	// Untitled imports the texts without their titles.
	Untitled bool
	// Others also asks Plein without a thesaurus, FTS5, and the PostgreSQL server at an address where there is one.
	Others   bool
	Postgres string
	Logger   *slog.Logger
}

// List is a list of concepts of somebody else.
type List struct {
	Name   string
	Words  io.Reader
	Format skos.Format
}

// Report is what was measured.
type Report struct {
	// Documents are those of the corpus, Different those that remain when copies are counted once.
	Documents int `json:"documents"`
	Different int `json:"different"`
	// Concepts are those that searches were widened with: Plein's own and those of other lists.
	Concepts int `json:"concepts"`
	// Engines begin with Plein.
	Engines []Engine `json:"engines"`
	// Notes say what the figures are worth, and what was left out.
	Notes []string `json:"notes"`
}

// Engine is how one engine did.
type Engine struct {
	Name    string    `json:"name"`
	Overall Summary   `json:"overall"`
	Kinds   []Summary `json:"kinds"`
	Answers []Answer  `json:"answers"`
	// Variant is the way to ask it that did best in nDCG@10, of all Variants.
	Variant  string    `json:"variant,omitempty"`
	Variants []Variant `json:"variants,omitempty"`
}

// Variant is one way to ask an engine.
type Variant struct {
	Name    string  `json:"name"`
	Overall Summary `json:"overall"`
}

// finder gives the ids of the documents that an engine finds, best first.
type finder func(ctx context.Context, q Query) ([]string, error)

// way is one of several to ask an engine.
type way struct {
	name     string
	allWords bool
	find     finder
}

// titleWeight is what a word in a title weighs for others that can weigh it, as it does for Plein.
const titleWeight = 3

func words(anyWord bool) string {
	if anyWord {
		return "any word"
	}
	return "all words"
}

// Run measures.
func Run(ctx context.Context, s Setup) (report *Report, err error) {
	if s.Untitled {
		s.Mapping.Title = s.Mapping.ID // a record has a title; its id is no word that anybody asks for
	}
	c, err := openCatalogue(ctx, &s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	report = &Report{Documents: len(c.corpus.documents), Different: c.corpus.different(), Concepts: c.concepts(), Notes: s.caveats()}
	if err := s.prepare(c.corpus, report); err != nil {
		return nil, err
	}
	e, err := s.ask(ctx, c.corpus, "Plein", c.find)
	if err != nil {
		return nil, err
	}
	report.Engines = append(report.Engines, e)
	if s.Others {
		err = s.askOthers(ctx, c, report)
	}
	return report, err
}

// What goes with every figure, and where the judgments come from.
const (
	measuring = "nDCG@10 divides grades by log2(rank + 1); relevant is grade 1 and up; identical descriptions count once."
	oneJudge  = "The project's own judgments come from one judge, a language model, who saw a pool of what simple retrievers found."
	silver    = "Relevant are the texts with the same title: nobody judged them or others."
	holes     = "A document that nobody judged counts as not relevant: a ranking unlike those retrievers may be worth more than it shows."
)

func (s *Setup) caveats() []string {
	if s.Untitled {
		return []string{measuring, silver}
	}
	return []string{measuring, oneJudge, holes}
}

// prepare leaves out the queries without a relevant document, which say nothing, and gives those that compare with a
// document its text.
func (s *Setup) prepare(c *corpus, report *Report) error {
	var out []Query
	for _, q := range s.Queries {
		grades, err := c.grades(q, s.Judgments)
		if err != nil {
			return err
		}
		if q.Document != "" {
			g, ok := c.groups[q.Document]
			if !ok {
				return fmt.Errorf("the corpus has no document %q to compare with: is this the right corpus?", q.Document)
			}
			q.Text = c.documents[g].text
		}
		for _, grade := range grades {
			if grade >= relevant && q.Text != "" {
				out = append(out, q)
				break
			}
		}
	}
	if len(out) == 0 {
		return errors.New("no query has a relevant document: do the queries and the judgments belong together?")
	}
	if n := len(s.Queries) - len(out); n > 0 {
		report.Notes = append(report.Notes, fmt.Sprintf("Left out: %d queries without a relevant document.", n))
	}
	s.Queries = out
	return nil
}

func (s *Setup) askOthers(ctx context.Context, c *catalogue, report *Report) (err error) {
	compare := func(name string, ways []way) error {
		e, err := s.best(ctx, c.corpus, name, ways)
		report.Engines = append(report.Engines, e)
		return err
	}
	if !s.documents() {
		if err := compare("no thesaurus", []way{{find: c.findLiteral}}); err != nil {
			return err
		}
	}
	f, err := openFTS5(ctx, c.corpus)
	if errors.Is(err, errNoFTS5) {
		report.Notes = append(report.Notes, "Left out: "+err.Error())
	} else if err != nil {
		return err
	} else {
		defer func() { err = errors.Join(err, f.close()) }()
		if err := errors.Join(compare("FTS5", s.sensible(f.ways(false))), compare("FTS5 trigram", s.sensible(f.ways(true)))); err != nil {
			return err
		}
	}
	if s.Postgres == "" {
		report.Notes = append(report.Notes, "Left out: PostgreSQL; name a server with --postgres.")
		return nil
	}
	p, err := openPostgres(ctx, s.Postgres, c.corpus)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	return compare("PostgreSQL", s.sensible(p.ways()))
}

// documents tells whether texts are compared with each other.
func (s *Setup) documents() bool { return s.Queries[0].Document != "" }

// sensible are the ways that can find anything: no text has all words of another.
func (s *Setup) sensible(ways []way) []way {
	return slices.DeleteFunc(ways, func(w way) bool { return w.allWords && s.documents() })
}

// best asks an engine in all ways, and gives the one that does best on these very queries.
func (s *Setup) best(ctx context.Context, c *corpus, name string, ways []way) (Engine, error) {
	var best Engine
	var variants []Variant
	for _, w := range ways {
		e, err := s.ask(ctx, c, name, w.find)
		if err != nil {
			return e, err
		}
		variants = append(variants, Variant{Name: w.name, Overall: e.Overall})
		if e.Variant = w.name; best.Answers == nil || e.Overall.NDCG10 > best.Overall.NDCG10 {
			best = e
		}
	}
	best.Variants = variants
	return best, nil
}

// ask puts all queries to an engine.
func (s *Setup) ask(ctx context.Context, c *corpus, name string, find finder) (Engine, error) {
	e := Engine{Name: name}
	kinds := map[string][]Answer{}
	for _, q := range s.Queries {
		ranked, err := find(ctx, q)
		if err != nil {
			return e, fmt.Errorf("ask %s for %s (%.80s): %w", name, q.ID, q.Text, err)
		}
		a, err := c.answer(q, ranked, s.Judgments)
		if err != nil {
			return e, err
		}
		e.Answers = append(e.Answers, a)
		if kinds[q.Kind] == nil {
			e.Kinds = append(e.Kinds, Summary{Kind: q.Kind})
		}
		kinds[q.Kind] = append(kinds[q.Kind], a)
	}
	for i, k := range e.Kinds {
		e.Kinds[i] = summarise(k.Kind, kinds[k.Kind])
	}
	e.Overall = summarise("", e.Answers)
	return e, nil
}
