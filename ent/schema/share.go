package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// DraftShare lets whoever has its secret read one working copy, for a time. Only the hash of the secret is kept.
type DraftShare struct{ ent.Schema }

// Fields of a share.
func (DraftShare) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("hash").Unique().Immutable(),
		field.String("record_id").Immutable(),
		// For whom or for what it was given.
		field.String("note").Immutable(),
		field.String("created_by").Immutable(),
		field.Int64("created_at").Immutable(),
		field.Int64("expires_at").Immutable(),
	}
}

// Indexes of shares.
func (DraftShare) Indexes() []ent.Index { return []ent.Index{index.Fields("record_id", "created_at")} }

// Annotations of shares.
func (DraftShare) Annotations() []schema.Annotation { return table("draft_shares") }

// MistakeReport is what a reader says is wrong in a record.
type MistakeReport struct{ ent.Schema }

// Fields of a report.
func (MistakeReport) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("record_id").Immutable(),
		field.String("publisher_id").Immutable(),
		field.Text("message").Immutable(),
		// The actor, or a stranger.
		field.String("reporter").Immutable(),
		field.Int64("at").Immutable(),
		// 0 while it is open.
		field.Int64("closed_at").Default(0),
		field.String("closed_by").Default(""),
		field.Text("outcome").Default(""),
	}
}

// Indexes of reports.
func (MistakeReport) Indexes() []ent.Index {
	return []ent.Index{index.Fields("publisher_id", "at", "id"), index.Fields("record_id", "closed_at")}
}

// Annotations of reports.
func (MistakeReport) Annotations() []schema.Annotation { return table("mistake_reports") }
