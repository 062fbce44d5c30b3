package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/nl" // the analyzer "nl"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/jackc/pgx/v5"
	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"

	"github.com/udc-community/plein/internal/record"
)

// engine answers the same questions over the same texts. What it gives is compared with what the others give.
type engine interface {
	// name is that of its figures.
	name() string
	// all finds what has all words, or everything when there are none: how many, the first ten, and four facets.
	all(ctx context.Context, words []string) (answer, error)
	// suggest gives eight titles with a word that begins like this; those that begin with it come first, newer ones before older.
	suggest(ctx context.Context, prefix string) (answer, error)
	// comparable gives the best ten that have any of the words in the text of a record.
	comparable(ctx context.Context, s subject) (answer, error)
}

// answer is what engines are compared by.
type answer struct {
	total int
	// counted is the sum of the counts of all values of the facets.
	counted int
	hits    int
}

// text is a record as every engine gets it.
type text struct {
	title, body string
	// facets are its values in each of facetFields.
	facets [][]string
	// fields are all of its texts and terms by name.
	fields map[string]any
}

// subject is a record that others are compared with: its id, and its fifteen rarest words that are not in more than one
// record in twenty.
type subject struct {
	id    string
	words []string
}

// codes numbers the values of the facets: an engine with tables of its own would not group by long names.
type codes map[string]int

func (c codes) of(value string) int {
	if _, ok := c[value]; !ok {
		c[value] = len(c)
	}
	return c[value]
}

// each gives the rows of a table of terms.
func (c codes) each(texts []text, row func(doc, field, value int) error) error {
	for i, t := range texts {
		for f, values := range t.facets {
			for _, v := range values {
				if err := row(i+1, f, c.of(v)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// fts5 is SQLite's full-text search: a file with the texts, the titles by prefix, and the terms.
type fts5 struct{ db *sql.DB }

func newFTS5(t testing.TB, texts []text) engine {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(t.TempDir(), "fts5.db")+"?_journal_mode=OFF&_synchronous=OFF&_mmap_size=4294967296&_cache_size=-262144")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) //nolint:errcheck // only read from
	db.SetMaxOpenConns(1)
	var there bool
	if err := db.QueryRow("SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		t.Log("FTS5 is left out: this build has none; go test -tags sqlite_fts5")
		return nil
	}
	if err := fillFTS5(db, texts); err != nil {
		t.Fatal("fill FTS5:", err)
	}
	return &fts5{db}
}

func fillFTS5(db *sql.DB, texts []text) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit
	if _, err := tx.Exec(`CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize = 'unicode61 remove_diacritics 2');
		CREATE VIRTUAL TABLE titles USING fts5(title, prefix = '2 3 4 5', tokenize = 'unicode61 remove_diacritics 2');
		CREATE TABLE terms (doc INTEGER, field INTEGER, value INTEGER, PRIMARY KEY (doc, field, value)) WITHOUT ROWID`); err != nil {
		return err
	}
	for i, t := range texts {
		if _, err := tx.Exec("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", i+1, t.title, t.body); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO titles (rowid, title) VALUES (?, ?)", i+1, t.title); err != nil {
			return err
		}
	}
	insert, err := tx.Prepare("INSERT OR IGNORE INTO terms VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	if err := (codes{}).each(texts, func(doc, field, value int) error {
		_, err := insert.Exec(doc, field, value)
		return err
	}); err != nil {
		return err
	}
	if _, err := tx.Exec(`CREATE INDEX by_value ON terms (field, value);
		INSERT INTO texts (texts) VALUES ('optimize'); INSERT INTO titles (titles) VALUES ('optimize')`); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.Exec("ANALYZE")
	return err
}

func (*fts5) name() string { return "fts5" }

// all sends three statements: one for all of it takes longer, because then FTS5 does not keep the first ten by itself.
func (f *fts5) all(ctx context.Context, words []string) (out answer, err error) {
	count, first, facets := "SELECT count(*) FROM titles_docsize", "SELECT title, body FROM texts ORDER BY rowid DESC LIMIT 10",
		"SELECT field, value, count(*) FROM terms GROUP BY field, value"
	var args []any
	if len(words) > 0 {
		count = "SELECT count(*) FROM texts WHERE texts MATCH ?"
		first = "SELECT title, body FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10"
		facets = "SELECT field, value, count(*) FROM texts t JOIN terms ON doc = t.rowid WHERE texts MATCH ? GROUP BY field, value"
		args = []any{anyOrAll(words, " AND ")}
	}
	if err := f.db.QueryRowContext(ctx, count, args...).Scan(&out.total); err != nil {
		return out, err
	}
	if out.hits, err = f.rows(ctx, 2, func([]any) {}, first, args...); err != nil {
		return out, err
	}
	_, err = f.rows(ctx, 3, func(row []any) { out.counted += int(row[2].(int64)) }, facets, args...)
	return out, err
}

func (f *fts5) suggest(ctx context.Context, prefix string) (out answer, err error) {
	out.hits, err = f.rows(ctx, 1, func([]any) {}, "SELECT title FROM titles WHERE titles MATCH ? ORDER BY title LIKE ? DESC, rowid DESC LIMIT 8", `"`+prefix+`" *`, prefix+"%")
	return out, err
}

func (f *fts5) comparable(ctx context.Context, s subject) (out answer, err error) {
	out.hits, err = f.rows(ctx, 2, func([]any) {}, "SELECT title, body FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10", anyOrAll(s.words, " OR "))
	return out, err
}

func (f *fts5) rows(ctx context.Context, columns int, each func([]any), query string, args ...any) (n int, err error) {
	rows, err := f.db.QueryContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	row, into := make([]any, columns), make([]any, columns)
	for i := range row {
		into[i] = &row[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		each(row)
	}
	return n, rows.Err()
}

// anyOrAll is a question for FTS5. Within quotes it has no operators.
func anyOrAll(words []string, operator string) string {
	return `"` + strings.Join(words, `"`+operator+`"`) + `"`
}

// postgres is PostgreSQL's full text search in a schema of its own, which is dropped afterwards.
type postgres struct{ conn *pgx.Conn }

const schema = "plein_bench_search"

func newPostgres(t testing.TB, texts []text) engine {
	t.Helper()
	server := os.Getenv("PLEIN_TEST_POSTGRES")
	if server == "" {
		t.Log("PostgreSQL is left out: PLEIN_TEST_POSTGRES names no server")
		return nil
	}
	conn, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		conn.Close(ctx) //nolint:errcheck // nothing is left to write
	})
	if err := fillPostgres(t.Context(), conn, texts); err != nil {
		t.Fatal("fill PostgreSQL:", err)
	}
	return &postgres{conn}
}

func fillPostgres(ctx context.Context, conn *pgx.Conn, texts []text) error {
	run := func(statements ...string) error {
		for _, s := range statements {
			if _, err := conn.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	if err := run("DROP SCHEMA IF EXISTS "+schema+" CASCADE", "CREATE SCHEMA "+schema, "SET search_path = "+schema, "SET work_mem = '64MB'", "SET maintenance_work_mem = '512MB'",
		"CREATE UNLOGGED TABLE texts (doc int, title text, body text)", "CREATE UNLOGGED TABLE terms (doc int, field int, value int)"); err != nil {
		return err
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"texts"}, []string{"doc", "title", "body"}, pgx.CopyFromSlice(len(texts), func(i int) ([]any, error) {
		return []any{i + 1, texts[i].title, texts[i].body}, nil
	})); err != nil {
		return err
	}
	var terms [][]any
	_ = codes{}.each(texts, func(doc, field, value int) error { terms = append(terms, []any{doc, field, value}); return nil })
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"terms"}, []string{"doc", "field", "value"}, pgx.CopyFromRows(terms)); err != nil {
		return err
	}
	return run(`CREATE UNLOGGED TABLE vectors AS SELECT doc, setweight(to_tsvector('dutch', title), 'A') || to_tsvector('dutch', body) AS vector, to_tsvector('simple', title) AS titles FROM texts`,
		"CREATE INDEX ON vectors USING gin (vector)", "CREATE INDEX ON vectors USING gin (titles)", "CREATE UNIQUE INDEX ON vectors (doc)", "CREATE UNIQUE INDEX ON texts (doc)",
		"CREATE UNIQUE INDEX ON terms (doc, field, value)", "CREATE INDEX ON terms (field, value)", "VACUUM ANALYZE texts", "VACUUM ANALYZE terms", "VACUUM ANALYZE vectors")
}

func (*postgres) name() string { return "postgres" }

func (p *postgres) all(ctx context.Context, words []string) (out answer, err error) {
	if len(words) > 0 {
		return p.matching(ctx, strings.Join(words, " "))
	}
	if err := p.conn.QueryRow(ctx, "SELECT count(*) FROM vectors").Scan(&out.total); err != nil {
		return out, err
	}
	if out.hits, err = p.rows(ctx, func([]any) {}, "SELECT title, body FROM texts ORDER BY doc DESC LIMIT 10"); err != nil {
		return out, err
	}
	_, err = p.rows(ctx, func(row []any) { out.counted += int(row[2].(int64)) }, "SELECT field, value, count(*) FROM terms GROUP BY field, value")
	return out, err
}

// matching is one statement: three would look for the words three times.
func (p *postgres) matching(ctx context.Context, words string) (out answer, err error) {
	const total, hit = -1, -2 // beside the numbers of the facets
	_, err = p.rows(ctx, func(row []any) {
		switch n := int(row[2].(int64)); row[0].(int32) {
		case total:
			out.total = n
		case hit:
			out.hits++
		default:
			out.counted += n
		}
	}, fmt.Sprintf(`WITH m AS MATERIALIZED (SELECT doc, ts_rank(vector, query) AS score FROM vectors, plainto_tsquery('dutch', $1) query WHERE vector @@ query)
		SELECT %d AS field, 0 AS value, count(*) AS n, '' AS title, '' AS body FROM m
		UNION ALL SELECT * FROM (SELECT %d, doc, 1, title, body FROM (SELECT * FROM m ORDER BY score DESC, doc LIMIT 10) m JOIN texts USING (doc)) first
		UNION ALL SELECT field, value, count(*), '', '' FROM m JOIN terms USING (doc) GROUP BY field, value`, total, hit), words)
	return out, err
}

func (p *postgres) suggest(ctx context.Context, prefix string) (out answer, err error) {
	out.hits, err = p.rows(ctx, func([]any) {}, `SELECT title FROM vectors JOIN texts USING (doc) WHERE titles @@ to_tsquery('simple', $1)
		ORDER BY title ILIKE $2 DESC, doc DESC LIMIT 8`, prefix+":*", prefix+"%")
	return out, err
}

func (p *postgres) comparable(ctx context.Context, s subject) (out answer, err error) {
	queries := make([]string, len(s.words))
	args := make([]any, len(s.words))
	for i, w := range s.words {
		queries[i], args[i] = fmt.Sprintf("plainto_tsquery('dutch', $%d)", i+1), w
	}
	out.hits, err = p.rows(ctx, func([]any) {}, fmt.Sprintf(`SELECT title, body FROM texts JOIN (SELECT doc, ts_rank(vector, query) AS score FROM vectors, (SELECT %s AS query) asked
		WHERE vector @@ query ORDER BY score DESC, doc LIMIT 10) best USING (doc) ORDER BY score DESC, doc`, strings.Join(queries, " || ")), args...)
	return out, err
}

func (p *postgres) rows(ctx context.Context, each func([]any), query string, args ...any) (n int, err error) {
	rows, err := p.conn.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		row, err := rows.Values()
		if err != nil {
			return n, err
		}
		each(row)
	}
	return n, rows.Err()
}

// stock is bleve as it comes: the default mapping with the Dutch analyzer, which stores the texts and where words stand
// in them, and facets that are read from the index. It is asked for everything and for all words alone.
type stock struct{ index bleve.Index }

func newStock(t testing.TB, texts []text) *stock {
	t.Helper()
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = "nl"
	for _, f := range record.Fields() {
		m.DefaultMapping.AddFieldMappingsAt(string(f), bleve.NewKeywordFieldMapping())
	}
	x, err := bleve.NewUsing(filepath.Join(t.TempDir(), "stock"), m, scorch.Name, scorch.Name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() }) //nolint:errcheck // only read from
	n := 0
	for some := range slices.Chunk(texts, 500) {
		b := x.NewBatch()
		for _, one := range some {
			n++
			if err := b.Index(fmt.Sprintf("%09d", n), one.fields); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.Batch(b); err != nil {
			t.Fatal(err)
		}
	}
	inner, err := x.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	if err := inner.(*scorch.Scorch).ForceMerge(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return &stock{x}
}

func (*stock) name() string { return "bleve" }

func (s *stock) all(ctx context.Context, words []string) (out answer, err error) {
	r := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), 10, 0, false)
	r.SortBy([]string{"-_id"})
	if len(words) > 0 {
		q := bleve.NewConjunctionQuery()
		for _, w := range words {
			q.AddQuery(bleve.NewMatchQuery(w))
		}
		r = bleve.NewSearchRequestOptions(q, 10, 0, false)
		r.SortBy([]string{"-_score", "_id"})
	}
	r.Fields = []string{"title", "body"}
	for _, f := range facetFields {
		r.AddFacet(string(f), bleve.NewFacetRequest(string(f), 50))
	}
	found, err := s.index.SearchInContext(ctx, r)
	if err != nil {
		return out, err
	}
	for _, f := range found.Facets {
		out.counted += f.Total
	}
	out.total, out.hits = int(found.Total), len(found.Hits)
	return out, nil
}

func (s *stock) suggest(context.Context, string) (answer, error)     { return answer{}, errNotAsked }
func (s *stock) comparable(context.Context, subject) (answer, error) { return answer{}, errNotAsked }
