// Package identity knows who is asking: a stranger, a person who signed in, a program with a token, or the system itself.
// It keeps accounts, sessions, single-use links, tokens, and the mail about them. It does not know what anybody may do:
// callers ask policy before they change an account that is not the asker's own.
package identity

import (
	"context"
	"slices"
)

// Scope is something that a token lets its holder do.
type Scope string

// Scopes of tokens.
const (
	// ReadOrganization reads the working copies of one's own organisation, and what is for the community.
	ReadOrganization Scope = "READ_ORGANISATION"
	// WriteRecords makes, changes, publishes and withdraws records of one's own organisation.
	WriteRecords Scope = "WRITE_RECORDS"
	// WriteThesaurus edits the words that everybody's searches are widened with.
	WriteThesaurus Scope = "WRITE_THESAURUS"
)

// Scopes lists all of them in the order of the public contract.
var Scopes = []Scope{ReadOrganization, WriteRecords, WriteThesaurus}

// Viewer is who is asking. The zero Viewer is a stranger.
type Viewer struct {
	// TokenID is set for a program that showed a token.
	TokenID string
	// UserID and SessionID are set for a person who signed in.
	UserID, SessionID string
	// OrganizationID is the organisation that the viewer acts for: a token's own, or the first that a person belongs to.
	OrganizationID string
	// Scopes are a token's.
	Scopes []Scope
	// Memberships, Guest (ids of projects), NodeAdmin and Moderator are a person's.
	Memberships          []Membership
	Guest                []string
	NodeAdmin, Moderator bool
	// System is the node itself: its clock, its starter content, its administrator at the command line.
	System bool
}

// Has tells whether a token was given a scope. People have roles instead.
func (v Viewer) Has(s Scope) bool { return v.System || slices.Contains(v.Scopes, s) }

// Anonymous tells whether nothing is known of the viewer.
func (v Viewer) Anonymous() bool { return v.TokenID == "" && v.UserID == "" && !v.System }

// RoleIn is what a person is in an organisation; empty when nothing.
func (v Viewer) RoleIn(organizationID string) Role {
	for _, m := range v.Memberships {
		if m.OrganizationID == organizationID {
			return m.Role
		}
	}
	return ""
}

// Organizations are those that the viewer belongs to: of a token its own, of a person all of theirs.
func (v Viewer) Organizations() []string {
	if v.TokenID != "" && v.OrganizationID != "" {
		return []string{v.OrganizationID}
	}
	out := make([]string, len(v.Memberships))
	for i, m := range v.Memberships {
		out[i] = m.OrganizationID
	}
	return out
}

// For is the same person acting for another organisation of theirs; without a change where they do not belong to it.
func (v Viewer) For(organizationID string) Viewer {
	if v.RoleIn(organizationID) != "" {
		v.OrganizationID = organizationID
	}
	return v
}

// Names in the private log of who is neither a person nor a program.
const (
	SystemActor   = "system"
	StrangerActor = "stranger"
)

// Actor names the viewer in the private log, without personal data.
func (v Viewer) Actor() string {
	switch {
	case v.System:
		return SystemActor
	case v.TokenID != "":
		return v.TokenID
	case v.UserID != "":
		return v.UserID
	}
	return StrangerActor
}

type viewerKey struct{}

// With puts the viewer in a context.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// From takes the viewer from a context.
func From(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// AsSystem is a context in which the node itself acts.
func AsSystem(ctx context.Context) context.Context { return With(ctx, Viewer{System: true}) }

// AsStranger is a context in which nothing is known of the viewer, whoever was in it before.
func AsStranger(ctx context.Context) context.Context { return With(ctx, Viewer{}) }
