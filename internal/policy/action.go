package policy

import (
	"maps"
	"slices"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Action is something that somebody may or may not do.
type Action string

// Actions. Those below a heading are done for an organisation, or on a project of one; the others on the node.
const (
	// ReadCommunity reads what is for the members of this node.
	ReadCommunity Action = "READ_COMMUNITY"
	// SaveSearch keeps searches of one's own.
	SaveSearch Action = "SAVE_SEARCH"
	// HideComment hides what somebody else wrote, with a reason.
	HideComment Action = "HIDE_COMMENT"
	// Retract withdraws a record of whichever organisation, with a reason.
	Retract Action = "RETRACT"
	// EditThesaurus changes the words that everybody's searches are widened with.
	EditThesaurus Action = "EDIT_THESAURUS"
	// ManagePeers decides with which nodes is exchanged.
	ManagePeers Action = "MANAGE_PEERS"
	// ManageAccounts disables, enables and erases accounts, and makes organisations and node administrators.
	ManageAccounts Action = "MANAGE_ACCOUNTS"

	// As a member of an organisation.

	// Ask puts a question in the name of an organisation.
	Ask Action = "ASK"
	// Comment comments, and reports a mistake.
	Comment Action = "COMMENT"
	// Endorse says that a lesson was recognised or applied.
	Endorse Action = "ENDORSE"
	// ReadReason reads why something of the organisation is under embargo.
	ReadReason Action = "READ_REASON"
	// ReadHistory reads what was done with a record of the organisation, by whom and why; not what it changed.
	ReadHistory Action = "READ_HISTORY"

	// As an author.

	// ReadDraft reads working copies, and so what is under embargo.
	ReadDraft Action = "READ_DRAFT"
	// WriteDraft makes and changes working copies: content, steps and everything else.
	WriteDraft Action = "WRITE_DRAFT"
	// WriteResults changes the dummy models and the outputs of a project.
	WriteResults Action = "WRITE_RESULTS"
	// Submit offers a working copy for review.
	Submit Action = "SUBMIT"
	// ShareDraft gives an expert a link to a working copy, for a time.
	ShareDraft Action = "SHARE_DRAFT"

	// As a coordinator.

	// Review approves, or asks for changes.
	Review Action = "REVIEW"
	// Publish shows a record to its audience, and archives it.
	Publish Action = "PUBLISH"
	// Withdraw takes a record of one's own organisation back.
	Withdraw Action = "WITHDRAW"
	// Embargo places, extends and lifts an embargo.
	Embargo Action = "EMBARGO"
	// Commit promises to take part in a joint project.
	Commit Action = "COMMIT"
	// Decide decides on a joint project.
	Decide Action = "DECIDE"
	// InviteGuest lets somebody of another organisation work in one project.
	InviteGuest Action = "INVITE_GUEST"

	// As an administrator of an organisation.

	// ManageMembers invites people and gives them roles.
	ManageMembers Action = "MANAGE_MEMBERS"
	// ManageTokens makes and takes back API tokens.
	ManageTokens Action = "MANAGE_TOKENS"
	// ManageWebhooks says who is told of changes.
	ManageWebhooks Action = "MANAGE_WEBHOOKS"
	// EditOrganization changes the profile of the organisation.
	EditOrganization Action = "EDIT_ORGANIZATION"
	// ReadLog reads the private log of the organisation.
	ReadLog Action = "READ_LOG"
)

// rule is who may do an action: whoever one of its parts lets.
type rule struct {
	// role is the least role that a person needs in the organisation; with anywhere, in any.
	role     identity.Role
	anywhere bool
	// guest is for those who work in the one project.
	guest bool
	// moderator and nodeAdmin are roles on the node.
	moderator, nodeAdmin bool
	// scopes each let a token, for its own organisation; with anywhere, whichever that is.
	scopes []identity.Scope
}

// rules is the one table of who may do what. The system may do everything, and a stranger nothing of this. Moderators
// and node administrators have no part in what is not public: who looks after a node reads no drafts and no results that
// are under embargo.
var rules = map[Action]rule{
	ReadCommunity:  {role: identity.Member, anywhere: true, moderator: true, nodeAdmin: true, scopes: []identity.Scope{identity.ReadOrganization}},
	SaveSearch:     {role: identity.Member, anywhere: true, moderator: true, nodeAdmin: true},
	HideComment:    {moderator: true},
	Retract:        {moderator: true},
	EditThesaurus:  {anywhere: true, nodeAdmin: true, scopes: []identity.Scope{identity.WriteThesaurus}},
	ManagePeers:    {nodeAdmin: true},
	ManageAccounts: {nodeAdmin: true},

	Ask:        {role: identity.Member},
	Comment:    {role: identity.Member},
	Endorse:    {role: identity.Member},
	ReadReason: {role: identity.Member, guest: true, scopes: []identity.Scope{identity.ReadOrganization, identity.WriteRecords}},

	ReadHistory: {role: identity.Member, scopes: []identity.Scope{identity.ReadOrganization, identity.WriteRecords}},

	ReadDraft:    {role: identity.Author, guest: true, scopes: []identity.Scope{identity.ReadOrganization, identity.WriteRecords}},
	WriteDraft:   {role: identity.Author, scopes: []identity.Scope{identity.WriteRecords}},
	WriteResults: {role: identity.Author, guest: true, scopes: []identity.Scope{identity.WriteRecords}},
	Submit:       {role: identity.Author, scopes: []identity.Scope{identity.WriteRecords}},
	ShareDraft:   {role: identity.Author},

	// A program is nobody, so it reviews nothing.
	Review:      {role: identity.Coordinator},
	Publish:     {role: identity.Coordinator, scopes: []identity.Scope{identity.WriteRecords}},
	Withdraw:    {role: identity.Coordinator, scopes: []identity.Scope{identity.WriteRecords}},
	Embargo:     {role: identity.Coordinator, scopes: []identity.Scope{identity.WriteRecords}},
	Commit:      {role: identity.Coordinator},
	Decide:      {role: identity.Coordinator},
	InviteGuest: {role: identity.Coordinator},

	// Somebody has to invite the first administrator of an organisation, and the people of one that is only spoken about.
	ManageMembers:    {role: identity.Administrator, nodeAdmin: true},
	ManageTokens:     {role: identity.Administrator},
	ManageWebhooks:   {role: identity.Administrator},
	EditOrganization: {role: identity.Administrator, scopes: []identity.Scope{identity.WriteRecords}},
	ReadLog:          {role: identity.Administrator},
}

// Actions lists everything that has a rule, in the order of their names.
func Actions() []Action { return slices.Sorted(maps.Keys(rules)) }

// Target is what an action is done on.
type Target struct {
	// OrganizationID is whose it is; empty for what is the node's.
	OrganizationID string
	// Own tells that the organisation speaks for itself here: nobody but the system speaks for one that is only spoken about.
	Own bool
	// ProjectID is set where it is a project.
	ProjectID string
}

// Node is the target of what is done on the node itself.
var Node = Target{}

// In is what belongs to an organisation; nothing belongs to nil.
func In(o *record.Organization) Target {
	if o == nil {
		return Target{}
	}
	return Target{OrganizationID: o.ID, Own: o.Custody == record.CustodyOwn}
}

// May tells whether the viewer may do something: nil, ErrUnauthenticated or ErrForbidden. An action that has no rule is
// nobody's but the system's.
func May(v identity.Viewer, a Action, on Target) error {
	switch {
	case v.System:
		return nil
	case v.Anonymous():
		return ErrUnauthenticated
	case rules[a].lets(v, on):
		return nil
	}
	return ErrForbidden
}

// MayAnywhere tells whether there is an organisation for which the viewer may do something. Who may not is turned away
// before anything is looked up.
func MayAnywhere(v identity.Viewer, a Action) error {
	err := May(v, a, Target{OrganizationID: v.OrganizationID, Own: true})
	for _, m := range v.Memberships {
		if err != nil {
			err = May(v, a, Target{OrganizationID: m.OrganizationID, Own: true})
		}
	}
	for _, p := range v.Guest {
		if err != nil {
			err = May(v, a, Target{ProjectID: p})
		}
	}
	return err
}

func (r rule) lets(v identity.Viewer, on Target) bool {
	if v.TokenID != "" {
		return slices.ContainsFunc(r.scopes, v.Has) && (r.anywhere || on.Own && on.OrganizationID != "" && v.OrganizationID == on.OrganizationID)
	}
	return r.moderator && v.Moderator || r.nodeAdmin && v.NodeAdmin ||
		r.guest && on.ProjectID != "" && slices.Contains(v.Guest, on.ProjectID) ||
		r.letsMember(v, on)
}

func (r rule) letsMember(v identity.Viewer, on Target) bool {
	if r.anywhere {
		return slices.ContainsFunc(v.Memberships, func(m identity.Membership) bool { return m.Role.AtLeast(r.role) })
	}
	// Where an organisation is only spoken about its people are members and no more.
	return v.RoleIn(on.OrganizationID).AtLeast(r.role) && (on.Own || r.role == identity.Member)
}
