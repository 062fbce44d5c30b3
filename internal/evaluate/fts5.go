package evaluate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"
)

// errNoFTS5 says that SQLite was compiled without FTS5, as it is in the product: nothing there needs it.
var errNoFTS5 = errors.New("this build's SQLite has no FTS5; run it with: go run -tags sqlite_fts5 ./cmd/plein eval …")

// trigram is FTS5's tokenizer that finds words inside words. It has no words of fewer letters than three, and knows no
// inflections either, but it does not take a compound for one word: a rival of its own.
const trigram = "trigram"

// fts5 holds the corpus in tables of SQLite's full-text search, one for each tokenizer.
type fts5 struct {
	db     *sql.DB
	corpus *corpus
}

func openFTS5(ctx context.Context, c *corpus) (*fts5, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	db.SetMaxOpenConns(1) // each connection to :memory: has a database of its own
	f := &fts5{db: db, corpus: c}
	if err := f.fill(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

// tokenizers by the name of their table.
var tokenizers = []struct{ table, tokenize string }{
	{"unicode61", "unicode61"},
	{"diacritics", "unicode61 remove_diacritics 2"},
	{trigram, "trigram"},
}

func (f *fts5) fill(ctx context.Context) error {
	var there bool
	if err := f.db.QueryRowContext(ctx, "SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&there); err != nil {
		return fmt.Errorf("ask SQLite for FTS5: %w", err)
	}
	if !there {
		return errNoFTS5
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill FTS5: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit
	for _, t := range tokenizers {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE VIRTUAL TABLE %s USING fts5(title, body, tokenize = '%s')`, t.table, t.tokenize)); err != nil {
			return fmt.Errorf("make a table of FTS5: %w", err)
		}
		for i, d := range f.corpus.documents {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (rowid, title, body) VALUES (?, ?, ?)", t.table), i, d.title, d.text); err != nil {
				return fmt.Errorf("fill FTS5: %w", err)
			}
		}
	}
	return tx.Commit()
}

// ways to ask FTS5, with the tokenizer that finds whole words or the one that finds parts.
func (f *fts5) ways(parts bool) []way {
	var out []way
	for _, t := range tokenizers {
		if parts != (t.table == trigram) {
			continue
		}
		for _, anyWord := range []bool{true, false} {
			for _, title := range []int{1, titleWeight} {
				out = append(out, way{
					name:     fmt.Sprintf("bm25, %s, %s, title ×%d", t.tokenize, words(anyWord), title),
					allWords: !anyWord,
					find: func(ctx context.Context, q Query) ([]string, error) {
						return f.find(ctx, t.table, fts5Query(q.Text, t.table, anyWord), title)
					},
				})
			}
		}
	}
	return out
}

func (f *fts5) find(ctx context.Context, table, query string, title int) ([]string, error) {
	if query == "" {
		return nil, nil
	}
	rows, err := f.db.QueryContext(ctx, fmt.Sprintf("SELECT rowid FROM %[1]s WHERE %[1]s MATCH ? ORDER BY bm25(%[1]s, ?, 1), rowid LIMIT ?", table), query, title, depth)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []string
	for rows.Next() {
		var i int
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, f.corpus.documents[i].id)
	}
	return out, rows.Err()
}

// fts5Query is a text as FTS5 asks for any or all of its words. Within quotes it has no operators.
func fts5Query(text, table string, anyWord bool) string {
	var quoted []string
	for _, w := range differentWords(text) {
		if table != trigram || utf8.RuneCountInString(w) >= 3 {
			quoted = append(quoted, `"`+w+`"`)
		}
	}
	if anyWord {
		return strings.Join(quoted, " OR ")
	}
	return strings.Join(quoted, " AND ")
}

// differentWords are the runs of letters and digits in a text, each once.
func differentWords(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) }) {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (f *fts5) close() error { return f.db.Close() }
