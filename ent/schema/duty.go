package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Duty is an output that must become public. It follows from the working copy and the publication of its project, and is
// only there to be listed across records: readers never look here.
type Duty struct{ ent.Schema }

// Fields of a duty; the id is the output's. Days are Dutch ones, as 2027-01-12.
func (Duty) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("record_id").Immutable(),
		field.String("publisher_id").Immutable(),
		// 9999-12-31 while it was not delivered.
		field.String("due_on").Immutable(),
		// From when anybody can have it; 9999-12-31 while nobody can.
		field.String("public_on").Immutable(),
	}
}

// Indexes of duties.
func (Duty) Indexes() []ent.Index {
	return []ent.Index{index.Fields("publisher_id", "due_on", "id"), index.Fields("record_id")}
}

// Annotations of duties.
func (Duty) Annotations() []schema.Annotation { return table("duties") }
