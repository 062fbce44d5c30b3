package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// User is a person with an account. This is the one table with personal data: all others know a person by this id.
type User struct{ ent.Schema }

// Fields of a user.
func (User) Fields() []ent.Field {
	return []ent.Field{
		id(),
		// Folded, so that one mailbox is one account.
		field.String("email").Unique(),
		field.String("name"),
		// An argon2id hash; empty until the person has chosen a password.
		field.String("password").Default("").Sensitive(),
		field.String("state"),
		field.Bool("is_node_admin").Default(false),
		field.Bool("is_moderator").Default(false),
		field.Int64("created_at").Immutable(),
		field.Int64("last_sign_in_at").Default(0),
		field.Int("revision").Default(1),
	}
}

// Annotations of users.
func (User) Annotations() []schema.Annotation { return table("users") }

// Membership is what a user is in an organisation.
type Membership struct{ ent.Schema }

// Fields of a membership.
func (Membership) Fields() []ent.Field {
	return []ent.Field{
		field.String("user_id").Immutable(),
		field.String("organization_id").Immutable(),
		field.String("role"),
	}
}

// Indexes of memberships.
func (Membership) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "organization_id").Unique(), index.Fields("organization_id")}
}

// Annotations of memberships.
func (Membership) Annotations() []schema.Annotation { return table("memberships") }

// Guest is a user who works in one project of an organisation that is not their own.
type Guest struct{ ent.Schema }

// Fields of a guest.
func (Guest) Fields() []ent.Field {
	return []ent.Field{field.String("user_id").Immutable(), field.String("project_id").Immutable()}
}

// Indexes of guests.
func (Guest) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "project_id").Unique(), index.Fields("project_id")}
}

// Annotations of guests.
func (Guest) Annotations() []schema.Annotation { return table("guests") }

// Session is a browser in which somebody signed in. Only the hash of its secret is kept.
type Session struct{ ent.Schema }

// Fields of a session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("hash").Unique(),
		// What the hash was before the last renewal: requests that were under way then still bring it.
		field.String("former_hash").Default(""),
		field.Int64("renewed_at").Default(0),
		// The next request gets a new secret, because what the user may do has changed.
		field.Bool("renew").Default(false),
		field.String("user_id").Immutable(),
		field.Int64("created_at").Immutable(),
		field.Int64("last_seen_at"),
		field.Int64("expires_at").Immutable(),
	}
}

// Indexes of sessions.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id"), index.Fields("former_hash")}
}

// Annotations of sessions.
func (Session) Annotations() []schema.Annotation { return table("sessions") }

// Link lets whoever has its secret in, once. Only the hash of the secret is kept.
type Link struct{ ent.Schema }

// Fields of a link.
func (Link) Fields() []ent.Field {
	return []ent.Field{
		field.String("hash").Unique().Immutable(),
		field.String("kind").Immutable(),
		// Empty for the link that makes the first account.
		field.String("user_id").Immutable(),
		field.Int64("created_at").Immutable(),
		field.Int64("expires_at").Immutable(),
		field.Int64("used_at").Default(0),
	}
}

// Indexes of links.
func (Link) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id")} }

// Annotations of links.
func (Link) Annotations() []schema.Annotation { return table("links") }

// Mail is a message to a user that was sent or has yet to be.
type Mail struct{ ent.Schema }

// Fields of a mail.
func (Mail) Fields() []ent.Field {
	return []ent.Field{
		id(),
		field.String("recipient_id").Immutable(),
		field.String("kind").Immutable(),
		// The stretch of time, or the thing, about which a recipient gets one message of a kind.
		field.String("period").Immutable(),
		// The same at every attempt, so that a mailbox can tell a message that comes twice.
		field.String("message_id").Immutable(),
		field.String("subject").Immutable(),
		// Empty once it was sent.
		field.Text("body"),
		field.Int64("created_at").Immutable(),
		field.Int64("sent_at").Default(0),
		field.Int("attempts").Default(0),
		field.Int64("next_try_at"),
	}
}

// Indexes of the outbox.
func (Mail) Indexes() []ent.Index {
	return []ent.Index{index.Fields("recipient_id", "kind", "period").Unique(), index.Fields("sent_at", "next_try_at")}
}

// Annotations of the outbox.
func (Mail) Annotations() []schema.Annotation { return table("outbox") }

// Throttle counts the attempts to sign in to an account, or from an address.
type Throttle struct{ ent.Schema }

// Fields of a throttle; the id is a hash of what is counted.
func (Throttle) Fields() []ent.Field {
	return []ent.Field{
		id(),
		// Set where an account and an address are known together, so that erasure finds it.
		field.String("user_id").Default(""),
		field.Int("failures").Default(0),
		field.Int64("last_at"),
		field.Int64("blocked_until").Default(0),
		// Until when the account was seen to sign in from this address.
		field.Int64("known_until").Default(0),
	}
}

// Indexes of throttles.
func (Throttle) Indexes() []ent.Index { return []ent.Index{index.Fields("user_id")} }

// Annotations of throttles.
func (Throttle) Annotations() []schema.Annotation { return table("throttles") }
