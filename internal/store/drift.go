package store

import (
	"context"
	"strings"

	"ariga.io/atlas/sql/migrate"
	atlas "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"

	entmigrate "github.com/udc-community/plein/ent/migrate"
)

// Drift gives the SQL that would bring the database's tables to what ent/schema says; nothing when they agree.
func (s *Store) Drift(ctx context.Context) (string, error) {
	dir := &migrate.MemDir{}
	m, err := s.differ(schema.WithDir(dir), schema.WithMigrationMode(schema.ModeInspect), schema.WithFormatter(migrate.DefaultFormatter))
	if err != nil {
		return "", err
	}
	if err := m.NamedDiff(ctx, "drift", entmigrate.Tables...); err != nil {
		return "", err
	}
	files, err := dir.Files()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range files {
		b.Write(f.Bytes())
	}
	return b.String(), nil
}

// differ compares tables. On PostgreSQL every text column is compared byte by byte, as SQLite does, so that ids and
// sort keys have one order on both.
func (s *Store) differ(o ...schema.MigrateOption) (*schema.Atlas, error) {
	bytewise := schema.WithDiffHook(func(next schema.Differ) schema.Differ {
		return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
			if s.Dialect == dialect.Postgres {
				for _, t := range desired.Tables {
					for _, c := range t.Columns {
						if _, ok := c.Type.Type.(*atlas.StringType); ok {
							c.SetCollation("C")
						}
					}
				}
			}
			return next.Diff(current, desired)
		})
	})
	ours := schema.WithDiffHook(func(next schema.Differ) schema.Differ {
		return schema.DiffFunc(func(current, desired *atlas.Schema) ([]atlas.Change, error) {
			changes, err := next.Diff(current, desired)
			var out []atlas.Change
			for _, c := range changes {
				if d, ok := c.(*atlas.DropTable); ok && d.T.Name == "schema_versions" {
					continue
				}
				out = append(out, c)
			}
			return out, err
		})
	})
	return schema.NewMigrate(s.driver(), append(o, bytewise, ours, schema.WithDropColumn(true), schema.WithDropIndex(true))...)
}
