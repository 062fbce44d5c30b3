package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/organization"
)

// Provision says which part of a catalogue's organisations came from one source.
type Provision struct {
	// From came from the source, Others did not.
	From, Others int
	// Since is when the first from the source came in; the zero moment when there is none.
	Since time.Time
}

// ProvisionOf counts the organisations with external ids that begin with source.
func (c *Catalog) ProvisionOf(ctx context.Context, source string) (Provision, error) {
	all, err := c.Client.Organization.Query().Count(ctx)
	if err != nil {
		return Provision{}, fmt.Errorf("count organisations: %w", err)
	}
	ids, err := c.Client.Organization.Query().Where(organization.ExternalIDHasPrefix(source)).IDs(ctx)
	if err != nil {
		return Provision{}, fmt.Errorf("look up the organisations of %s: %w", source, err)
	}
	out := Provision{From: len(ids), Others: all - len(ids)}
	if out.From == 0 {
		return out, nil
	}
	first, err := c.Client.Change.Query().Where(change.RecordIDIn(ids...)).Order(change.ByID()).First(ctx)
	if err != nil {
		return Provision{}, fmt.Errorf("look up when %s came in: %w", source, err)
	}
	out.Since = moment(first.At)
	return out, nil
}
