// Package schema is the tables of Plein as pure data; the rest of ent/ is generated from it.
//
// Ids are text. Moments are whole milliseconds since 1970 in UTC, so that both databases compare them alike. Documents
// are bytes: jsonb would reorder the keys of what is hashed.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

func id() ent.Field { return field.String("id").Immutable() }

func table(name string) []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: name}}
}

// Draft is the working copy of a record in own custody: one document with its lock.
type Draft struct{ ent.Schema }

// Fields of a draft.
func (Draft) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("kind").Immutable(),
		field.String("publisher_id").Immutable(),
		// Provisional: what can be seen has its own in the publication and in addresses.
		field.String("slug"),
		field.String("state"),
		field.Int("revision"),
		field.Int64("updated_at"),
		field.Bytes("body"),
		// What a create was asked under, so that asking again finds the same record.
		field.String("idempotency_key").Optional().Nillable(),
		// Source and id in the register that the record was taken from.
		field.String("external_id").Optional().Nillable(),
		// Fingerprint of what was last imported, so that importing it again changes nothing.
		field.String("external_hash").Optional().Nillable(),
		// Who changed the content last, and who submitted it, since the last publication: neither reviews it. Empty when nobody did.
		field.String("edited_by").Default(""),
		field.String("submitted_by").Default(""),
		// When it was thrown away; 0 while it was not.
		field.Int64("discarded_at").Default(0),
	}
}

// Indexes of drafts.
func (Draft) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("publisher_id", "updated_at", "id"),
		index.Fields("publisher_id", "idempotency_key").Unique(),
		index.Fields("external_id").Unique(),
	}
}

// Annotations of drafts.
func (Draft) Annotations() []schema.Annotation { return table("drafts") }

// Snapshot is one approved view of a record: immutable and private.
type Snapshot struct{ ent.Schema }

// Fields of a snapshot.
func (Snapshot) Fields() []ent.Field {
	return []ent.Field{
		field.String("record_id").Immutable(),
		field.Int("revision").Immutable(),
		field.Int64("at").Immutable(),
		field.Bytes("body").Immutable(),
		field.String("hash").Immutable(),
	}
}

// Indexes of snapshots.
func (Snapshot) Indexes() []ent.Index {
	return []ent.Index{index.Fields("record_id", "revision").Unique()}
}

// Annotations of snapshots.
func (Snapshot) Annotations() []schema.Annotation { return table("snapshots") }

// Publication is what may be seen of a record now, and nothing else.
type Publication struct{ ent.Schema }

// Fields of a publication.
func (Publication) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("kind").Immutable(),
		// Null until the first publication under an explicit base URL freezes it.
		field.String("uri").Optional().Nillable(),
		field.String("publisher_id"),
		field.String("slug"),
		field.String("audience"),
		field.Int("version"),
		field.Int64("published_at"),
		field.Int64("updated_at"),
		field.String("started_on"),
		// Folded title, to sort by.
		field.String("title"),
		field.Bytes("body"),
		// All words, folded: what a search without an index looks through. Last, so that other readers skip it.
		field.Text("words"),
	}
}

// Indexes of publications.
func (Publication) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("uri").Unique(),
		index.Fields("kind", "audience", "updated_at", "id"),
		index.Fields("kind", "audience", "title", "id"),
		index.Fields("kind", "audience", "started_on", "id"),
		index.Fields("kind", "audience", "published_at", "id"),
	}
}

// Annotations of publications.
func (Publication) Annotations() []schema.Annotation { return table("publications") }

// Address is a page address that a record was given when it could be seen first, or when its title changed. It is never
// given to another record, and never taken away.
type Address struct{ ent.Schema }

// Fields of an address.
func (Address) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind").Immutable(),
		field.String("publisher_id").Immutable(),
		field.String("slug").Immutable(),
		field.String("record_id").Immutable(),
	}
}

// Indexes of addresses.
func (Address) Indexes() []ent.Index {
	return []ent.Index{index.Fields("kind", "publisher_id", "slug").Unique()}
}

// Annotations of addresses.
func (Address) Annotations() []schema.Annotation { return table("addresses") }

// Release is what the clock will show: the whole document that is now hidden or cut.
type Release struct{ ent.Schema }

// Fields of a release; the id is the record's.
func (Release) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.Int64("release_at"),
		// The record whose embargo holds this one back too.
		field.String("follows").Default(""),
		field.Bytes("body"),
	}
}

// Indexes of releases.
func (Release) Indexes() []ent.Index {
	return []ent.Index{index.Fields("release_at"), index.Fields("follows")}
}

// Annotations of releases.
func (Release) Annotations() []schema.Annotation { return table("releases") }

// Tombstone is what answers for a record that was withdrawn.
type Tombstone struct{ ent.Schema }

// Fields of a tombstone.
func (Tombstone) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("uri").Optional().Nillable().Immutable(),
		field.String("title").Immutable(),
		field.String("reason").Immutable(),
		field.Int64("at").Immutable(),
	}
}

// Indexes of tombstones.
func (Tombstone) Indexes() []ent.Index { return []ent.Index{index.Fields("uri")} }

// Annotations of tombstones.
func (Tombstone) Annotations() []schema.Annotation { return table("tombstones") }

// Term is one value that a publication is filtered by or linked through. Audience and sort key are copied from the
// publication, so that a filtered page walks one index.
type Term struct{ ent.Schema }

// Fields of a term.
func (Term) Fields() []ent.Field {
	return []ent.Field{
		field.String("publication_id").Immutable(),
		field.String("kind").Immutable(),
		field.String("field").Immutable(),
		field.String("value").Immutable(),
		field.String("audience").Immutable(),
		field.Int64("sort_key").Immutable(),
	}
}

// Indexes of terms.
func (Term) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("field", "value", "kind", "audience", "sort_key", "publication_id").Unique(),
		index.Fields("publication_id"),
	}
}

// Annotations of terms.
func (Term) Annotations() []schema.Annotation { return table("terms") }

// Head is the last number given out in a log.
type Head struct{ ent.Schema }

// Fields of a head; the id is the log's name.
func (Head) Fields() []ent.Field { return []ent.Field{id(), field.Int64("seq")} }

// Annotations of heads.
func (Head) Annotations() []schema.Annotation { return table("heads") }

// Change is one line of the private log: every write makes one for each record that it touches.
type Change struct{ ent.Schema }

// Fields of a change; the id is its dense number.
func (Change) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable(),
		field.Int64("at").Immutable(),
		field.String("kind").Immutable(),
		field.String("record_id").Immutable(),
		// The organisation whose it is; empty for what is the node's.
		field.String("publisher_id").Default("").Immutable(),
		field.Int("revision").Immutable(),
		field.String("actor").Immutable(),
		field.String("reason").Immutable(),
	}
}

// Indexes of changes: they are read by record, by organisation, and by kind.
func (Change) Indexes() []ent.Index {
	return []ent.Index{index.Fields("record_id", "id"), index.Fields("publisher_id", "id"), index.Fields("kind", "id")}
}

// Annotations of changes.
func (Change) Annotations() []schema.Annotation { return table("changes") }

// FeedEntry is one line of the public log: what an anonymous visitor may see of a record changed.
type FeedEntry struct{ ent.Schema }

// Fields of a feed entry; the id is its dense number on this node.
func (FeedEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable(),
		field.Int64("at").Immutable(),
		field.String("type").Immutable(),
		field.String("kind").Immutable(),
		field.String("record_id").Immutable(),
		field.String("publisher_id").Immutable(),
		// Dense per publisher in own custody; null for what is only spoken about.
		field.Int64("publisher_seq").Optional().Nillable().Immutable(),
		field.Int("version").Immutable(),
		// The public document; empty for a delete and after redaction.
		field.Bytes("payload").Optional(),
		// What became of the datasets that the record is catalogued as, by the keys of its outputs. It outlives redaction.
		field.JSON("datasets", map[string]string{}).Optional(),
		field.String("reason").Immutable(),
	}
}

// Indexes of the feed.
func (FeedEntry) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("publisher_id", "publisher_seq").Unique(),
		index.Fields("record_id", "id"),
		// Those that peers and harvesters read, counted off in their order.
		index.Fields("kind", "id").Annotations(entsql.IndexWhere("publisher_seq IS NOT NULL")),
	}
}

// Annotations of the feed.
func (FeedEntry) Annotations() []schema.Annotation { return table("feed") }

// Job is durable background work.
type Job struct{ ent.Schema }

// Fields of a job; the id is its unique key.
func (Job) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("kind").Immutable(),
		field.Bytes("args").Optional(),
		field.Int64("run_at"),
		// How often it was claimed: the fencing token of whoever claimed it last.
		field.Int("attempts").Default(0),
	}
}

// Indexes of jobs.
func (Job) Indexes() []ent.Index { return []ent.Index{index.Fields("run_at")} }

// Annotations of jobs.
func (Job) Annotations() []schema.Annotation { return table("jobs") }

// Organization publishes or takes part.
type Organization struct{ ent.Schema }

// Fields of an organisation.
func (Organization) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("slug").Unique(),
		field.String("name"),
		field.String("custody"),
		field.String("tooi_iri").Optional().Nillable().Unique(),
		// Source and name in the register that first named it, where nothing better identifies it.
		field.String("external_id").Optional().Nillable().Unique(),
		field.Int("revision"),
		field.Bytes("body"),
	}
}

// Annotations of organisations.
func (Organization) Annotations() []schema.Annotation { return table("organizations") }

// Municipality by CBS code.
type Municipality struct{ ent.Schema }

// Fields of a municipality; the id is the CBS code.
func (Municipality) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("name"),
		field.JSON("aliases", []string{}).Optional(),
		field.String("province"),
		field.Int("population"),
		field.Int("density"),
		field.Int("reference_year"),
		field.Int("urbanity").Default(0),
		field.String("tooi_iri"),
		field.Float("lon"),
		field.Float("lat"),
		field.String("successor").Default(""),
	}
}

// Annotations of municipalities.
func (Municipality) Annotations() []schema.Annotation { return table("municipalities") }

// Concept is a term of a vocabulary.
type Concept struct{ ent.Schema }

// Fields of a concept.
func (Concept) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("iri").Unique(),
		field.String("scheme"),
		field.String("notation"),
		field.JSON("label", map[string]string{}),
		// What else people call it, by language.
		field.JSON("alternatives", map[string][]string{}).Optional(),
		field.JSON("definition", map[string]string{}).Optional(),
		field.String("broader_iri").Default(""),
		// Terms that have to do with it without being wider or narrower.
		field.JSON("related_iris", []string{}).Optional(),
		field.Bool("deprecated").Default(false),
		field.Int("level").Default(0),
		// Place in its vocabulary.
		field.Int("position"),
		field.Int("revision").Default(1),
	}
}

// Annotations of concepts.
func (Concept) Annotations() []schema.Annotation { return table("concepts") }

// DataSource is a register or data set that projects use.
type DataSource struct{ ent.Schema }

// Fields of a data source.
func (DataSource) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("iri").Unique(),
		field.String("name"),
		field.String("holder"),
		field.String("catalogue_uri").Default(""),
		field.Bool("is_microdata").Default(false),
		// Who added it, and who may change it.
		field.String("organization_id"),
		field.Int("revision"),
	}
}

// Annotations of data sources.
func (DataSource) Annotations() []schema.Annotation { return table("data_sources") }

// Miss counts how many visitors of a month searched for something and found nothing. What they typed is only kept once
// enough of them typed the same; until then there is a keyed hash of it.
type Miss struct{ ent.Schema }

// Fields of a miss.
func (Miss) Fields() []ent.Field {
	return []ent.Field{
		id(),
		// The month, as 2027-01.
		field.String("month"),
		field.String("words").Default(""),
		field.Int("visitors"),
	}
}

// Annotations of misses.
func (Miss) Annotations() []schema.Annotation { return table("misses") }

// Token lets a program act for an organisation. Only the hash of the secret is kept.
type Token struct{ ent.Schema }

// Fields of a token.
func (Token) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("hash").Unique().Immutable(),
		field.String("name"),
		field.String("organization_id").Immutable(),
		field.JSON("scopes", []string{}),
		field.Int64("created_at").Immutable(),
		field.Int64("expires_at"),
		field.Int64("last_used_at").Default(0),
		field.Int64("revoked_at").Default(0),
	}
}

// Indexes of tokens.
func (Token) Indexes() []ent.Index { return []ent.Index{index.Fields("organization_id")} }

// Annotations of tokens.
func (Token) Annotations() []schema.Annotation { return table("tokens") }
