package graph

import (
	"fmt"
	"strings"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// reasonWords are the words for reasons in the private log that begin alike.
type reasonWords struct{ begins, nl, en string }

// accountReasons are the words for what the private log says was done with an account. What a reason ends with is filled
// in where there is a mark for it.
var accountReasons = []reasonWords{
	{"created", "Account gemaakt", "Account made"},
	{"invited org_", "Uitgenodigd als %s", "Invited as %s"},
	{"invited prj_", "Uitgenodigd als gast in een project", "Invited as a guest in a project"},
	{"invited", "Uitgenodigd", "Invited"},
	{"role org_", "Nu %s", "Now %s"},
	{"guest of ", "Gast in een project", "Guest in a project"},
	{"no longer guest of ", "Niet langer gast in een project", "No longer guest in a project"},
	{"disabled", "Account uitgezet", "Account disabled"},
	{"enabled", "Account weer aangezet", "Account enabled again"},
	{"renamed", "Naam gewijzigd", "Name changed"},
	{"link used", "Wachtwoord gekozen met een link", "Password chosen with a link"},
	{"link given", "Link gegeven om een wachtwoord te kiezen", "Link given to choose a password"},
	{"password changed", "Wachtwoord gewijzigd", "Password changed"},
	{"erased", "Account gewist", "Account erased"},
	{"node administrator true, moderator true", "Nu beheerder van de node, en moderator", "Now administrator of the node, and moderator"},
	{"node administrator true", "Nu beheerder van de node", "Now administrator of the node"},
	{"node administrator false, moderator true", "Nu moderator", "Now moderator"},
	{"node administrator false", "Geen beheerder van de node en geen moderator", "Neither administrator of the node nor moderator"},
	{"linked to ", "Gekoppeld aan %s", "Linked to %s"},
	{"token made: ", "Token gemaakt: %s", "Token made: %s"},
	{"token taken back", "Token ingetrokken", "Token taken back"},
}

var roleNames = map[identity.Role]record.Text{
	identity.Member:        {record.Dutch: "lid", record.English: "member"},
	identity.Author:        {record.Dutch: "auteur", record.English: "author"},
	identity.Coordinator:   {record.Dutch: "coördinator", record.English: "coordinator"},
	identity.Administrator: {record.Dutch: "beheerder", record.English: "administrator"},
}

// peerReasons are the words for what the private log says was decided about other nodes and keys.
var peerReasons = []reasonWords{
	{"added ", "Node toegevoegd: %s", "Node added: %s"},
	{"removed ", "Node vergeten: %s", "Node forgotten: %s"},
	{"state ACTIVE", "Wordt overgenomen", "Is taken in"},
	{"state PAUSED", "Gepauzeerd", "Paused"},
	{"state BLOCKED", "Geblokkeerd", "Blocked"},
	{"admitted ", "Toegelaten met vingerafdruk %s", "Admitted with fingerprint %s"},
	{"deletes allowed", "Intrekkingen doorgelaten", "Withdrawals let through"},
	{"key rotated", "Sleutel vervangen", "Key replaced"},
	{"keys claimed", "Hier wordt voortaan ondertekend", "Signs here from now on"},
}

// reasonWith puts a reason in the words that a table has for it.
func reasonWith(words []reasonWords, ref *record.Reference, reason string) record.Text {
	for _, x := range words {
		rest, ok := strings.CutPrefix(reason, x.begins)
		if !ok {
			continue
		}
		out := record.Text{record.Dutch: x.nl, record.English: x.en}
		if !strings.Contains(x.nl, "%s") {
			return out
		}
		what := record.NL(rest)
		if strings.HasSuffix(x.begins, "org_") {
			what = placeOf(ref, "org_"+rest)
		}
		for l, format := range out {
			out[l] = fmt.Sprintf(format, what.In(l))
		}
		return out
	}
	return record.NL(reason)
}

// placeOf is what somebody is in an organisation, in words.
func placeOf(ref *record.Reference, what string) record.Text {
	id, role, _ := strings.Cut(what, " ")
	name := id
	if o := ref.Organization(id); o != nil {
		name = o.Name
	}
	if role == "" {
		return record.Text{record.Dutch: "niet meer bij " + name, record.English: "no longer with " + name}
	}
	of := roleNames[identity.Role(role)]
	return record.Text{record.Dutch: of[record.Dutch] + " bij " + name, record.English: of[record.English] + " of " + name}
}
