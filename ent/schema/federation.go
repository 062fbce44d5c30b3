package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Key is an Ed25519 key of a publisher in own custody.
type Key struct{ ent.Schema }

// Fields of a key; the id is the public half as a Multikey.
func (Key) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("publisher_id").Immutable(),
		// CURRENT signs, NEXT was promised, RETIRED signed before.
		field.String("state"),
		// The private half, sealed; empty once it is retired.
		field.Bytes("sealed").Optional(),
		// The first member that it signs.
		field.Int64("from_epoch").Default(0),
		field.Int64("from_seq").Default(0),
		// What the key before it said of this one, with its proof; empty for a publisher's first key.
		field.Bytes("statement").Optional(),
		field.Int64("created_at").Immutable(),
		// Fingerprint of the place of the database in which the key signs: a copy is elsewhere.
		field.String("place").Default(""),
	}
}

// Indexes of keys.
func (Key) Indexes() []ent.Index { return []ent.Index{index.Fields("publisher_id", "state")} }

// Annotations of keys.
func (Key) Annotations() []schema.Annotation { return table("keys") }

// Member is one entry of a publisher's signed log: our own, or another's as it came.
type Member struct{ ent.Schema }

// Fields of a member.
func (Member) Fields() []ent.Field {
	return []ent.Field{
		// The organisation whose log it is.
		field.String("publisher_id").Immutable(),
		field.Int64("epoch").Immutable(),
		field.Int64("seq").Immutable(),
		field.String("type").Immutable(),
		// The canonical address of the record.
		field.String("object").Immutable(),
		field.Int("version").Immutable(),
		field.Int64("published").Immutable(),
		field.String("prev").Immutable(),
		field.String("digest").Immutable(),
		// What the next member names as the one before it.
		field.String("hash").Immutable(),
		// The bytes that were signed; empty after redaction.
		field.Bytes("raw").Optional(),
		// Dense number among the members of others, in the order in which they came: what a hub passes on.
		field.Int64("relay_seq").Optional().Nillable().Immutable(),
	}
}

// Indexes of members.
func (Member) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("publisher_id", "epoch", "seq").Unique(),
		index.Fields("relay_seq").Unique(),
		index.Fields("object"),
	}
}

// Annotations of members.
func (Member) Annotations() []schema.Annotation { return table("members") }

// Peer is another node, known by its base URL.
type Peer struct{ ent.Schema }

// Fields of a peer; the id is made of the base URL.
func (Peer) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("base_url").Unique().Immutable(),
		field.String("name").Default(""),
		field.String("software").Default(""),
		// PROPOSED, ACTIVE, PAUSED or BLOCKED.
		field.String("state"),
		field.Int64("added_at").Immutable(),
		field.Int64("attempted_at").Default(0),
		field.Int64("succeeded_at").Default(0),
		// Failures in a row, and when it is tried again.
		field.Int("failures").Default(0),
		field.Int64("next_at").Default(0),
		// What went wrong last: a code, and words for the administrator.
		field.String("problem").Default(""),
		field.String("detail").Default(""),
		// Place in what it passes on of others.
		field.Int64("relay_epoch").Default(0),
		field.Int64("relay_seq").Default(0),
		// Members that it still had for us when it was last asked.
		field.Int64("behind").Default(0),
	}
}

// Annotations of peers.
func (Peer) Annotations() []schema.Annotation { return table("peers") }

// Publisher is an organisation elsewhere, with its own key and log.
type Publisher struct{ ent.Schema }

// Fields of a publisher; the id is made of its address.
func (Publisher) Fields() []ent.Field {
	return []ent.Field{
		id(),
		// Canonical address of the organisation at home.
		field.String("iri").Unique().Immutable(),
		field.String("name"),
		// Base URL of the node where it publishes.
		field.String("home"),
		field.String("did").Immutable(),
		field.String("feed").Immutable(),
		// The organisation that it is here; empty until it is admitted.
		field.String("organization_id").Default(""),
		// The peer that named it first, and through which it may come.
		field.String("peer_id"),
		// PROPOSED, ACTIVE, PAUSED or BLOCKED.
		field.String("state"),
		// Its description of itself as it came, with its proof.
		field.Bytes("card"),
		// Its key now as a Multikey, and the commitment to the next.
		field.String("key"),
		field.String("next"),
		// The key that it shows instead, while nothing vouches for that one.
		field.String("key_shown").Default(""),
		// Place in its log: everything up to this member was taken in.
		field.Int64("epoch").Default(0),
		field.Int64("seq").Default(0),
		field.String("hash").Default(""),
		// When its log was last read to its end.
		field.Int64("seen_at").Default(0),
		field.String("problem").Default(""),
		field.String("detail").Default(""),
		// An administrator let this many withdrawals through, and when: it holds for a day.
		field.Int("deletes_allowed").Default(0),
		field.Int64("allowed_at").Default(0),
		// How many wait for that.
		field.Int("deletes_waiting").Default(0),
	}
}

// Indexes of publishers.
func (Publisher) Indexes() []ent.Index {
	return []ent.Index{index.Fields("organization_id"), index.Fields("peer_id")}
}

// Annotations of publishers.
func (Publisher) Annotations() []schema.Annotation { return table("publishers") }

// Replica is what is known of a record of another node: the id that it has here, and the version of which this is a copy. A
// record that others only point at has one too, so that the pointers hold when it comes.
type Replica struct{ ent.Schema }

// Fields of a replica; the id is the record's.
func (Replica) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("uri").Unique().Immutable(),
		// The organisation that publishes it; empty while it is only pointed at.
		field.String("publisher_id").Default(""),
		// The organisation that was the first to point at it; empty once it came.
		field.String("named_by").Default(""),
		field.Int64("epoch").Default(0),
		field.Int("version").Default(0),
		// Fingerprint of what this version says.
		field.String("hash").Default(""),
		field.Bool("deleted").Default(false),
		// Its publisher withdrew it, and that waits for an administrator.
		field.Bool("withdrawal_waits").Default(false),
	}
}

// Indexes of replicas.
func (Replica) Indexes() []ent.Index {
	return []ent.Index{index.Fields("publisher_id", "deleted"), index.Fields("named_by")}
}

// Annotations of replicas.
func (Replica) Annotations() []schema.Annotation { return table("replicas") }

// Quarantined is a member that was not taken in, for an administrator to look at.
type Quarantined struct{ ent.Schema }

// Fields of what is in quarantine.
func (Quarantined) Fields() []ent.Field {
	return []ent.Field{
		field.String("publisher_id").Immutable(),
		field.String("peer_id").Immutable(),
		field.Int64("epoch").Immutable(),
		field.Int64("seq").Immutable(),
		field.String("object").Immutable(),
		field.String("reason").Immutable(),
		field.String("detail").Immutable(),
		field.Bytes("raw").Immutable(),
		field.Int64("at").Immutable(),
	}
}

// Indexes of the quarantine.
func (Quarantined) Indexes() []ent.Index { return []ent.Index{index.Fields("publisher_id")} }

// Annotations of the quarantine.
func (Quarantined) Annotations() []schema.Annotation { return table("quarantine") }
