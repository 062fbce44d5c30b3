package identity

import (
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/udc-community/plein/ent"
)

// UserState is where an account is in its life.
type UserState string

// States of accounts.
const (
	// Invited has an address and no password yet.
	Invited UserState = "INVITED"
	// Active can sign in.
	Active UserState = "ACTIVE"
	// Disabled can not.
	Disabled UserState = "DISABLED"
)

// User is a person with an account.
type User struct {
	ID           string       `json:"id"`
	Email        string       `json:"email"`
	Name         string       `json:"name"`
	State        UserState    `json:"state"`
	NodeAdmin    bool         `json:"nodeAdmin"`
	Moderator    bool         `json:"moderator"`
	CreatedAt    time.Time    `json:"createdAt"`
	LastSignInAt time.Time    `json:"lastSignInAt,omitzero"`
	Revision     int          `json:"revision"`
	Memberships  []Membership `json:"memberships"`
	// Guest is the ids of the projects that the person works in as a guest.
	Guest []string `json:"guest"`
}

// IsNode marks what has an id of its own in the public contract.
func (*User) IsNode() {}

// Refusals of what somebody filled in.
var (
	ErrEmail = errors.New("this is not an e-mail address such as naam@gemeente.nl")
	ErrName  = errors.New("a name has 1 to 100 characters")
)

const maxEmail, maxName = 254, 100

// fold writes an address in the one way in which it is stored. What cannot be an address becomes one that nobody has.
func fold(email string) string {
	if len(email) > maxEmail || !utf8.ValidString(email) {
		return ""
	}
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

// address checks and folds an address that somebody gave for an account.
func address(email string) (string, error) {
	folded := fold(email)
	parsed, err := mail.ParseAddress(folded)
	if err != nil || parsed.Address != folded || parsed.Name != "" || strings.ContainsFunc(folded, unreadable) {
		return "", ErrEmail
	}
	return folded, nil
}

func unreadable(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// cleanName checks a name that somebody gave.
func cleanName(name string) (string, error) {
	name = norm.NFC.String(strings.TrimSpace(name))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", ErrName
	}
	return name, nil
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func fromUser(r *ent.User, members []*ent.Membership, projects []*ent.Guest) *User {
	return &User{ID: r.ID, Email: r.Email, Name: r.Name, State: UserState(r.State), NodeAdmin: r.IsNodeAdmin, Moderator: r.IsModerator,
		CreatedAt: at(r.CreatedAt), LastSignInAt: at(r.LastSignInAt), Revision: r.Revision, Memberships: memberships(members), Guest: guests(projects)}
}

func memberships(rows []*ent.Membership) []Membership {
	out := make([]Membership, len(rows))
	for i, r := range rows {
		out[i] = Membership{r.OrganizationID, Role(r.Role)}
	}
	return out
}

func guests(rows []*ent.Guest) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ProjectID
	}
	return out
}
