package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// OidcLogin is a sign-in that was sent to the provider and has not come back yet. It is used once. Only the hashes of
// what the browser brings back are kept.
type OidcLogin struct{ ent.Schema }

// Fields of a pending sign-in.
func (OidcLogin) Fields() []ent.Field {
	return []ent.Field{
		field.String("state_hash").Unique().Immutable(),
		// Of the secret in the cookie of the browser that began: no other may finish.
		field.String("browser_hash").Immutable(),
		field.String("nonce").Immutable().Sensitive(),
		// Of PKCE.
		field.String("verifier").Immutable().Sensitive(),
		// The page to go on to.
		field.String("next").Immutable(),
		field.Int64("expires_at").Immutable(),
	}
}

// Annotations of pending sign-ins.
func (OidcLogin) Annotations() []schema.Annotation { return table("oidc_logins") }

// OidcIdentity says whose account somebody is whom a provider knows.
type OidcIdentity struct{ ent.Schema }

// Fields of an identity.
func (OidcIdentity) Fields() []ent.Field {
	return []ent.Field{
		field.String("issuer").Immutable(),
		field.String("subject").Immutable(),
		field.String("user_id").Immutable(),
		field.Int64("created_at").Immutable(),
	}
}

// Indexes of identities. An account is one person at a provider, so that an address that passes to somebody else does
// not bring the account along.
func (OidcIdentity) Indexes() []ent.Index {
	return []ent.Index{index.Fields("issuer", "subject").Unique(), index.Fields("user_id", "issuer").Unique()}
}

// Annotations of identities.
func (OidcIdentity) Annotations() []schema.Annotation { return table("oidc_identities") }
