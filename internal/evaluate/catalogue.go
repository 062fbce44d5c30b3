package evaluate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

// depth is how many documents every engine is asked for: as many as one search may give.
const depth = 100

// base is where the records of a catalogue that nobody serves are said to be.
const base = "http://localhost:8080"

// catalogue is a catalogue that holds a corpus, with its index.
type catalogue struct {
	store   *store.Store
	catalog *catalog.Catalog
	index   *search.Index
	corpus  *corpus
}

// openCatalogue imports the corpus into a folder, where what is there already stays, and makes the index anew.
func openCatalogue(ctx context.Context, s *Setup) (*catalogue, error) {
	st, err := store.Open(ctx, store.Config{Dir: s.Dir})
	if err != nil {
		return nil, err
	}
	c := &catalogue{store: st}
	if err := c.fill(ctx, s); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *catalogue) fill(ctx context.Context, s *Setup) error {
	log := changelog.New(c.store.Client)
	cat, err := catalog.Open(ctx, catalog.Config{Client: c.store.Client, Begin: c.store.Begin, Log: log, Now: time.Now, BaseURL: base, Logger: s.Logger})
	if err != nil {
		return err
	}
	if err := exchange.LoadReference(ctx, cat); err != nil {
		return err
	}
	for _, l := range s.Thesaurus {
		if err := importList(ctx, cat, l, s.Logger); err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
	}
	report, err := exchange.Import(ctx, cat, s.Corpus, s.Format, s.Mapping, exchange.Options{})
	if err != nil {
		return err
	}
	for _, b := range report.Bad {
		s.Logger.WarnContext(ctx, "a line of the corpus was not imported", "line", b.In(record.English))
	}
	ds, err := documents(ctx, c.store.Client, cat, s.Mapping.Source)
	if err != nil {
		return err
	}
	if good := report.Lines - len(report.Bad); len(ds) != good {
		return fmt.Errorf("the catalogue in %s holds %d documents and the corpus %d: keep each corpus in a folder of its own", s.Dir, len(ds), good)
	}
	c.catalog, c.corpus = cat, newCorpus(ds)
	// What an index holds also follows from the code, which is what changes between two runs.
	dir := filepath.Join(s.Dir, "index")
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("clear the index: %w", err)
	}
	c.index, err = search.Open(ctx, search.Config{Dir: dir, Catalog: cat, Log: log, Now: time.Now, Logger: s.Logger})
	if err != nil {
		return err
	}
	if err := c.index.Wait(ctx); err != nil {
		return fmt.Errorf("wait for the index: %w", err)
	}
	return nil
}

func importList(ctx context.Context, cat *catalog.Catalog, l List, logger *slog.Logger) error {
	report, err := exchange.ImportConcepts(ctx, cat, l.Words, l.Format, exchange.ConceptOptions{})
	if err != nil {
		return err
	}
	for _, b := range report.Bad {
		logger.WarnContext(ctx, "a concept was not imported", "list", l.Name, "line", b.In(record.English))
	}
	if report.Refused {
		return errors.New(report.In(record.English))
	}
	return nil
}

// concepts is how many there are to widen searches with.
func (c *catalogue) concepts() int {
	ref := c.catalog.Reference()
	return len(ref.Scheme(record.Thesaurus)) + len(ref.Scheme(record.Taxonomy))
}

// documents are the published records in the order of the corpus.
func documents(ctx context.Context, client *ent.Client, cat *catalog.Catalog, source string) ([]document, error) {
	rows, err := client.Draft.Query().Where(draft.ExternalIDNotNil()).Order(draft.ByID()).Select(draft.FieldID, draft.FieldExternalID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ids of the corpus: %w", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	rs, err := cat.ByID(identity.AsStranger(ctx), ids...)
	if err != nil {
		return nil, err
	}
	var out []document
	for i, r := range rs {
		if r == nil {
			continue
		}
		w, language := r.Words(), r.Base().Language
		texts := []string{w.Summary.In(language)}
		for _, t := range w.Body {
			texts = append(texts, t.In(language))
		}
		out = append(out, document{id: strings.TrimPrefix(*rows[i].ExternalID, source+":"), record: ids[i],
			title: w.Title.In(language), text: strings.TrimSpace(strings.Join(texts, "\n"))})
	}
	return out, nil
}

// find asks the index as visitors do: for words, or for what is comparable to a project.
func (c *catalogue) find(ctx context.Context, q Query) ([]string, error) {
	if q.Document != "" {
		return c.findComparable(ctx, q.Document)
	}
	return c.findWords(ctx, search.Request{Text: q.Text, First: depth})
}

// findLiteral is find without what the thesaurus adds.
func (c *catalogue) findLiteral(ctx context.Context, q Query) ([]string, error) {
	return c.findWords(ctx, search.Request{Text: q.Text, First: depth, Literal: true})
}

func (c *catalogue) findWords(ctx context.Context, r search.Request) ([]string, error) {
	found, err := c.index.Find(identity.AsStranger(ctx), r)
	if err != nil {
		return nil, err
	}
	if found.Degraded {
		return nil, errors.New("the database answered instead of the index")
	}
	out := make([]string, len(found.Hits))
	for i, h := range found.Hits {
		out[i] = c.corpus.idOf(h.ID)
	}
	return out, nil
}

func (c *catalogue) findComparable(ctx context.Context, id string) ([]string, error) {
	ctx = identity.AsStranger(ctx)
	rs, err := c.catalog.ByID(ctx, c.corpus.recordOf(id))
	if err != nil {
		return nil, err
	}
	asked := search.ComparisonOf(rs[0].(*record.Project), nil)
	asked.First = depth
	found, err := c.index.Comparable(ctx, asked)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(found[0].Hits))
	for i, h := range found[0].Hits {
		out[i] = c.corpus.idOf(h.Project.ID)
	}
	return out, nil
}

func (c *catalogue) close() error {
	var err error
	if c.index != nil {
		err = c.index.Close()
	}
	return errors.Join(err, c.store.Close())
}
