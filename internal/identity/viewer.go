// Package identity knows who is asking: a stranger, a program with a token, or the system itself.
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
	// OrganizationID is the organisation that the viewer acts for.
	OrganizationID string
	Scopes         []Scope
	// System is the node itself: its clock, its starter content, its administrator at the command line.
	System bool
}

// Has tells whether the viewer was given a scope.
func (v Viewer) Has(s Scope) bool { return v.System || slices.Contains(v.Scopes, s) }

// Anonymous tells whether nothing is known of the viewer.
func (v Viewer) Anonymous() bool { return v.TokenID == "" && !v.System }

// Actor names the viewer in the private log, without personal data.
func (v Viewer) Actor() string {
	switch {
	case v.System:
		return "system"
	case v.TokenID != "":
		return v.TokenID
	}
	return "stranger"
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
