package evaluate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// postgres holds the corpus in a temporary table, which PostgreSQL removes when the connection closes.
type postgres struct {
	conn   *pgx.Conn
	corpus *corpus
}

func openPostgres(ctx context.Context, address string, c *corpus) (*postgres, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	p := &postgres{conn: conn, corpus: c}
	if err := p.fill(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("fill PostgreSQL: %w", err), p.close())
	}
	return p, nil
}

func (p *postgres) fill(ctx context.Context) error {
	if _, err := p.conn.Exec(ctx, "CREATE TEMPORARY TABLE texts (n int, title text, body text)"); err != nil {
		return err
	}
	rows := pgx.CopyFromSlice(len(p.corpus.documents), func(i int) ([]any, error) {
		d := p.corpus.documents[i]
		return []any{i, d.title, d.text}, nil
	})
	if _, err := p.conn.CopyFrom(ctx, pgx.Identifier{"texts"}, []string{"n", "title", "body"}, rows); err != nil {
		return err
	}
	_, err := p.conn.Exec(ctx, `CREATE TEMPORARY TABLE vectors AS
		SELECT n, setweight(to_tsvector('dutch', title), 'A') || setweight(to_tsvector('dutch', body), 'D') AS vector FROM texts`)
	return err
}

// ways to ask PostgreSQL.
func (p *postgres) ways() []way {
	var out []way
	for _, anyWord := range []bool{true, false} {
		for _, title := range []int{1, titleWeight} {
			out = append(out, way{
				name:     fmt.Sprintf("ts_rank, dutch, %s, title ×%d", words(anyWord), title),
				allWords: !anyWord,
				find:     func(ctx context.Context, q Query) ([]string, error) { return p.find(ctx, q.Text, anyWord, title) },
			})
		}
	}
	return out
}

func (p *postgres) find(ctx context.Context, text string, anyWord bool, title int) ([]string, error) {
	words := differentWords(text)
	if len(words) == 0 {
		return nil, nil
	}
	operator := " && "
	if anyWord {
		operator = " || "
	}
	args := []any{float32(title) * .1, depth}
	queries := make([]string, len(words))
	for i, w := range words {
		args = append(args, w)
		queries[i] = fmt.Sprintf("plainto_tsquery('dutch', $%d)", len(args))
	}
	rows, err := p.conn.Query(ctx, fmt.Sprintf(`SELECT n FROM vectors, (SELECT %s AS query) asked WHERE vector @@ query
		ORDER BY ts_rank(ARRAY[.1, .1, .1, $1]::real[], vector, query) DESC, n LIMIT $2`, strings.Join(queries, operator)), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var n int
		err := row.Scan(&n)
		return p.corpus.documents[max(0, n)].id, err
	})
}

func (p *postgres) close() error { return p.conn.Close(context.Background()) }
