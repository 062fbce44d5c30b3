package policy_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func TestWhoMayDoWhat(t *testing.T) {
	own := &record.Organization{ID: "org_own", Custody: record.CustodyOwn}
	reference := &record.Organization{ID: "org_ref", Custody: record.CustodyReference}
	with := func(organization string, scopes ...identity.Scope) identity.Viewer {
		return identity.Viewer{TokenID: "tok_x", OrganizationID: organization, Scopes: scopes}
	}
	read, write := identity.ReadOrganization, identity.WriteRecords
	for _, c := range []struct {
		who                        string
		viewer                     identity.Viewer
		community, drafts          bool
		writesOwn, writesReference error
		writesNobody               error
	}{
		{"a stranger", identity.Viewer{}, false, false, policy.ErrUnauthenticated, policy.ErrUnauthenticated, policy.ErrUnauthenticated},
		{"a stranger who claims an organisation", identity.Viewer{OrganizationID: own.ID}, false, false, policy.ErrUnauthenticated, policy.ErrUnauthenticated, policy.ErrUnauthenticated},
		{"a token without scopes", with(own.ID), false, false, policy.ErrForbidden, policy.ErrForbidden, policy.ErrForbidden},
		{"its reader", with(own.ID, read), true, true, policy.ErrForbidden, policy.ErrForbidden, policy.ErrForbidden},
		{"its writer", with(own.ID, write), false, true, nil, policy.ErrForbidden, policy.ErrForbidden},
		{"its reader and writer", with(own.ID, read, write), true, true, nil, policy.ErrForbidden, policy.ErrForbidden},
		{"another organisation's", with("org_other", read, write), true, false, policy.ErrForbidden, policy.ErrForbidden, policy.ErrForbidden},
		{"one that is only spoken about", with(reference.ID, read, write), true, false, policy.ErrForbidden, policy.ErrForbidden, policy.ErrForbidden},
		{"a token of nobody", with("", read, write), true, false, policy.ErrForbidden, policy.ErrForbidden, policy.ErrForbidden},
		{"the system", identity.Viewer{System: true}, true, true, nil, nil, nil},
	} {
		if got := slices.Contains(policy.Audiences(c.viewer), string(record.Community)); got != c.community {
			t.Errorf("%s reads what is for the community: %v", c.who, got)
		}
		if !slices.Contains(policy.Audiences(c.viewer), string(record.Public)) {
			t.Errorf("%s does not read what is public", c.who)
		}
		if got := policy.MayReadDrafts(c.viewer, own.ID); got != c.drafts {
			t.Errorf("%s reads drafts: %v", c.who, got)
		}
		if got := policy.MayReadDrafts(c.viewer, ""); got != c.viewer.System {
			t.Errorf("%s reads drafts of nobody: %v", c.who, got)
		}
		for _, x := range []struct {
			of   string
			o    *record.Organization
			want error
		}{{"own", own, c.writesOwn}, {"reference", reference, c.writesReference}, {"nobody", nil, c.writesNobody}} {
			if got := policy.MayWrite(c.viewer, x.o); !errors.Is(got, x.want) {
				t.Errorf("%s writes for %s: %v, want %v", c.who, x.of, got, x.want)
			}
		}
	}
}
