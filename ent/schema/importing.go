package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Importing is a spreadsheet that somebody uploaded, and what became of it. The drafts that it made are known by their
// idempotency key, which is the import's id and the row.
type Importing struct{ ent.Schema }

// Fields of an import.
func (Importing) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("organization_id").Immutable(),
		// Who uploaded it, without personal data.
		field.String("actor").Immutable(),
		field.Int64("created_at").Immutable(),
		field.String("file_name").Immutable(),
		field.String("state"),
		// Rows of the sheet, and those of them that were seen to.
		field.Int("rows").Immutable(),
		field.Int("done").Default(0),
		field.Int("removed").Default(0),
		field.Int64("ran_at").Default(0),
		field.Int64("undone_at").Default(0),
		// What its cells say; empty once it is no longer needed.
		field.Bytes("sheet").Optional(),
		// How it was run.
		field.Bytes("settings").Optional(),
		// The rows that made nothing and why.
		field.Bytes("skipped").Optional(),
	}
}

// Indexes of imports.
func (Importing) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organization_id", "created_at", "id"), index.Fields("created_at")}
}

// Annotations of imports.
func (Importing) Annotations() []schema.Annotation { return table("imports") }
