package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// File is what is known of an upload. It belongs to a record, and is read by whoever may read a document of that record
// that refers to it.
type File struct{ ent.Schema }

// Fields of a file.
func (File) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("record_id").Immutable(),
		field.String("name").Immutable(),
		field.String("media_type").Immutable(),
		field.Int64("byte_size").Immutable(),
		// SHA-256 of its bytes, in hexadecimal: they are in the chunks under it.
		field.String("hash").Immutable(),
		field.Int64("uploaded_at"),
		// An approved document referred to it, so it goes only when somebody says so.
		field.Bool("approved").Default(false),
		// 0 while it was not removed.
		field.Int64("removed_at").Default(0),
	}
}

// Indexes of files: the same bytes are one file of a record, however often they are uploaded.
func (File) Indexes() []ent.Index {
	return []ent.Index{index.Fields("record_id", "hash").Unique(), index.Fields("hash"), index.Fields("removed_at", "approved", "uploaded_at")}
}

// Annotations of files.
func (File) Annotations() []schema.Annotation { return table("files") }

// FileChunk is a stretch of bytes. The same bytes are kept once, whichever files they are of.
type FileChunk struct{ ent.Schema }

// Fields of a chunk; the id is the hash of all the bytes, a slash and the number of the stretch in four digits.
func (FileChunk) Fields() []ent.Field {
	return []ent.Field{id(), field.Bytes("body").Immutable()}
}

// Annotations of chunks.
func (FileChunk) Annotations() []schema.Annotation { return table("file_chunks") }
