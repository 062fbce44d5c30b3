package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/record"
)

// WireForm is a public document, as it is stored, in the form in which other nodes read it, and the canonical address of
// its record. The client may be a transaction's.
func (c *Catalog) WireForm(ctx context.Context, client *ent.Client, recordID string, body []byte) (object string, graph json.RawMessage, err error) {
	r, err := record.Decode(recordID, body)
	if err != nil {
		return "", nil, err
	}
	uris, err := c.uris(ctx, client, append(record.Mentioned(r), recordID))
	if err != nil {
		return "", nil, err
	}
	graph, err = record.ToWire(r, c.Reference(), record.Names{Record: func(id string) string { return uris[id] }, Organization: c.OrganizationIRI(r), Home: c.BaseURL})
	return uris[recordID], graph, err
}

// OrganizationIRI tells by what address other nodes know an organisation that a document names: a government body by
// TOOI's, everybody else, and whoever speaks in the document, by that of this node.
func (c *Catalog) OrganizationIRI(in record.Record) func(id string) string {
	ref := c.Reference()
	return func(id string) string {
		if o := ref.Organization(id); o != nil && o.TooiIRI != "" && id != in.Base().PublisherID {
			return o.TooiIRI
		}
		return c.address(id)
	}
}

// uris are the canonical addresses of records, whether they can be seen or not.
func (c *Catalog) uris(ctx context.Context, client *ent.Client, ids []string) (map[string]string, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make(map[string]string, len(ids))
	known := func(id string, uri *string) {
		if uri != nil {
			out[id] = *uri
		}
	}
	published, err := client.Publication.Query().Where(publication.IDIn(ids...)).Select(publication.FieldID, publication.FieldURI).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up addresses: %w", err)
	}
	for _, row := range published {
		known(row.ID, row.URI)
	}
	rest := without(ids, out)
	if len(rest) == 0 {
		return out, nil
	}
	elsewhere, err := client.Replica.Query().Where(replica.IDIn(rest...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up addresses elsewhere: %w", err)
	}
	for _, row := range elsewhere {
		known(row.ID, &row.URI)
	}
	gone, err := client.Tombstone.Query().Where(tombstone.IDIn(rest...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up addresses of what was withdrawn: %w", err)
	}
	for _, row := range gone {
		known(row.ID, row.URI)
	}
	for _, id := range without(rest, out) {
		out[id] = c.address(id)
	}
	return out, nil
}

func without(ids []string, known map[string]string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] != "" })
}
