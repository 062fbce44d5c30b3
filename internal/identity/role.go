package identity

import "slices"

// Role is what a user is in an organisation. Each role may do what those before it may.
type Role string

// Roles, from the one that may do least.
const (
	// Member reads what is for the community, asks and comments.
	Member Role = "MEMBER"
	// Author writes drafts.
	Author Role = "AUTHOR"
	// Coordinator reviews, publishes and decides.
	Coordinator Role = "COORDINATOR"
	// Administrator looks after members and tokens.
	Administrator Role = "ADMINISTRATOR"
)

// Roles lists all of them, from the one that may do least.
var Roles = []Role{Member, Author, Coordinator, Administrator}

// AtLeast tells whether a role may do what another may. No role is at least one that does not exist.
func (r Role) AtLeast(least Role) bool {
	mine, want := slices.Index(Roles, r), slices.Index(Roles, least)
	return want >= 0 && mine >= want
}

// Membership is a role in an organisation.
type Membership struct {
	OrganizationID string `json:"organizationId"`
	Role           Role   `json:"role"`
}
