// Package policy holds who may see and do what: one predicate over publications and one table of actions. What is not
// public is not in the tables that readers query, so there is little to decide here.
package policy

import (
	"errors"

	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// ErrUnauthenticated and ErrForbidden are answers to a write by someone who may not; a read that may not be answers
// as if nothing were there.
var (
	ErrUnauthenticated = errors.New("sign in first; a program sends its token as Authorization: Bearer plein_…")
	ErrForbidden       = errors.New("this account or token may not do this")
)

// Audiences that the viewer belongs to. COMMUNITY is the members of this node.
func Audiences(v identity.Viewer) []string {
	if May(v, ReadCommunity, Node) == nil {
		return []string{string(record.Public), string(record.Community)}
	}
	return []string{string(record.Public)}
}

// Readable is the one rule of who reads which publication.
func Readable(v identity.Viewer) predicate.Publication {
	return publication.AudienceIn(Audiences(v)...)
}

// MayReadDrafts tells whether the viewer may see the working copies of an organisation.
func MayReadDrafts(v identity.Viewer, organizationID string) bool {
	return May(v, ReadDraft, Target{OrganizationID: organizationID, Own: true}) == nil
}

// MayWrite tells whether the viewer may write in the name of an organisation. Nobody but the system speaks for an
// organisation that is only spoken about.
func MayWrite(v identity.Viewer, o *record.Organization) error { return May(v, WriteDraft, In(o)) }

// MayEditThesaurus tells whether the viewer may change the words that searches are widened with. They are everybody's, so
// this is a scope of its own.
func MayEditThesaurus(v identity.Viewer) error { return May(v, EditThesaurus, Node) }

// MayEmbargo tells whether the viewer may place, extend and lift embargoes on what an organisation makes.
func MayEmbargo(v identity.Viewer, o *record.Organization) error { return May(v, Embargo, In(o)) }
