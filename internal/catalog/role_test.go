package catalog_test

import (
	"errors"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func TestPeopleWriteAndPublishByTheirRole(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		as := func(organization string, r identity.Role) identity.Viewer {
			return identity.Viewer{UserID: "usr_x", OrganizationID: organization, Memberships: []identity.Membership{{OrganizationID: organization, Role: r}}}
		}
		for _, c := range []struct {
			who                      string
			viewer                   identity.Viewer
			create, publish, profile error
		}{
			{"an account that belongs nowhere", identity.Viewer{UserID: "usr_x"}, policy.ErrForbidden, nil, policy.ErrForbidden},
			{"a member", as(w.Leiden.ID, identity.Member), policy.ErrForbidden, nil, policy.ErrForbidden},
			{"an author", as(w.Leiden.ID, identity.Author), nil, policy.ErrForbidden, policy.ErrForbidden},
			{"a coordinator", as(w.Leiden.ID, identity.Coordinator), nil, nil, policy.ErrForbidden},
			{"an administrator", as(w.Leiden.ID, identity.Administrator), nil, nil, nil},
			{"an administrator of Delft", as(w.Delft.ID, identity.Administrator), policy.ErrForbidden, nil, policy.ErrForbidden},
			{"an administrator of the node", identity.Viewer{UserID: "usr_x", NodeAdmin: true}, policy.ErrForbidden, nil, policy.ErrForbidden},
		} {
			ctx := identity.With(t.Context(), c.viewer)
			var made record.Record
			err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
				made, err = tx.Create(ctx, w.Project("Project van "+c.who), catalog.Origin{})
				return err
			})
			if !errors.Is(err, c.create) {
				t.Errorf("%s creates: %v", c.who, err)
			}
			if err == nil {
				err = w.Write(ctx, func(tx *catalog.Writer) error {
					_, err := tx.Publish(ctx, made.Base().ID, made.Base().Revision)
					return err
				})
				if !errors.Is(err, c.publish) {
					t.Errorf("%s publishes: %v", c.who, err)
				}
			}
			err = w.Write(ctx, func(tx *catalog.Writer) error {
				o := *w.Reference().Organization(w.Leiden.ID)
				_, err := tx.EditOrganization(ctx, o.ID, o.Revision, func(*record.Organization) error { return nil })
				return err
			})
			if !errors.Is(err, c.profile) {
				t.Errorf("%s changes the profile: %v", c.who, err)
			}
		}
	})
}
