// Command diff writes the next migration of both dialects from ent/schema:
//
//	PLEIN_TEST_POSTGRES=postgres://… go run ./internal/store/diff add-something
//
// It needs an empty PostgreSQL database to compare in; SQLite needs nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"entgo.io/ent/dialect"

	"github.com/udc-community/plein/internal/store"
)

func main() {
	if len(os.Args) != 2 || os.Getenv("PLEIN_TEST_POSTGRES") == "" {
		fmt.Fprintln(os.Stderr, "use: PLEIN_TEST_POSTGRES=postgres://… go run ./internal/store/diff NAME")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string) error {
	dir, err := os.MkdirTemp("", "plein-diff")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for d, c := range map[string]store.Config{dialect.SQLite: {Dir: dir}, dialect.Postgres: {Database: os.Getenv("PLEIN_TEST_POSTGRES")}} {
		s, err := store.Open(ctx, c)
		if err != nil {
			return err
		}
		sql, err := s.Drift(ctx)
		if err := s.Close(); err != nil {
			return err
		}
		if err != nil {
			return err
		}
		if strings.TrimSpace(sql) == "" {
			fmt.Println(d, "is up to date")
			continue
		}
		have, err := store.Migrations(d)
		if err != nil {
			return err
		}
		file := filepath.Join("internal/store/migrations", store.Folder(d), fmt.Sprintf("%04d_%s.sql", len(have)+1, name))
		if err := os.WriteFile(file, []byte(sql), 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", file)
	}
	return nil
}
