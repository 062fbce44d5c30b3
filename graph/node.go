package graph

import (
	"context"
	"strings"

	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// nodes answers ids of anything: all records in one statement, parts through the record that they are part of, files
// through the one that refers to them, people and what is theirs, nodes of the federation and reference data from memory. What is not there and what may not be seen are both nil.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]record.Node, error) {
	out := make([]record.Node, len(ids))
	wanted := make([]string, len(ids))
	for i, id := range ids {
		if owner, _, ok := record.SplitPartID(id); ok {
			wanted[i] = owner
		} else {
			wanted[i] = id
		}
	}
	rs, err := r.Catalog.ByID(ctx, wanted...)
	if err != nil {
		return nil, err
	}
	uploads, err := r.uploads(ctx, ids)
	if err != nil {
		return nil, err
	}
	personal, err := r.personalNodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		_, key, isPart := record.SplitPartID(id)
		switch {
		case personal[id] != nil:
			out[i] = personal[id]
		case uploads[id] != nil:
			out[i] = uploads[id]
		case federation.IsID(id):
			out[i] = r.federationNode(ctx, id)
		case rs[i] == nil:
			out[i] = r.referenceNode(id)
		case isPart:
			out[i] = part(rs[i], key)
		default:
			out[i] = rs[i]
		}
	}
	bindOrganizations(out)
	return out, r.withReuses(ctx, out)
}

// uploads are the files among ids that the viewer may read; no statement where there are no ids of files.
func (r *Resolver) uploads(ctx context.Context, ids []string) (map[string]*record.File, error) {
	var asked []string
	for _, id := range ids {
		if strings.HasPrefix(id, record.FilePrefix+"_") {
			asked = append(asked, id)
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	found, err := r.Files.Find(ctx, asked...)
	if err != nil {
		return nil, err
	}
	out := map[string]*record.File{}
	for i, f := range found {
		if f != nil {
			out[asked[i]] = f.File
		}
	}
	return out, nil
}

// bindOrganizations lets organisations among nodes know each other, so that what one needs is read for all.
func bindOrganizations(ns []record.Node) {
	var os []*record.Organization
	for _, n := range ns {
		if o, ok := n.(*record.Organization); ok {
			os = append(os, o)
		}
	}
	os = record.GroupOrganizations(os)
	for i, n := range ns {
		if _, ok := n.(*record.Organization); ok {
			ns[i], os = os[0], os[1:]
		}
	}
}

func part(of record.Record, key string) record.Node {
	if p, ok := of.(interface{ Part(string) record.Node }); ok {
		return p.Part(key)
	}
	return nil
}

func (r *Resolver) referenceNode(id string) record.Node {
	ref := r.Catalog.Reference()
	if o := ref.Organization(id); o != nil {
		return o
	}
	if c := ref.Concept(id); c != nil && c.ID == id {
		return c
	}
	if m := ref.Municipality(id); m != nil && m.ID() == id {
		return m
	}
	if d := ref.DataSource(id); d != nil && d.ID == id {
		return d
	}
	return nil
}

// revision is the lock of a record's working copy, for those who may write it.
func (r *Resolver) revision(ctx context.Context, obj record.Record) (*int, error) {
	v, s := identity.From(ctx), obj.Base()
	if v.Anonymous() {
		return nil, nil
	}
	if s.Revision > 0 { // a working copy, which a link may have led to
		if policy.May(v, policy.ReadDraft, policy.Target{OrganizationID: s.PublisherID, Own: true, ProjectID: s.ID}) != nil {
			return nil, nil
		}
		return &s.Revision, nil
	}
	all, err := record.ForAll(obj, "revision", func(rs []record.Record) (map[string]int, error) {
		return r.Catalog.Revisions(ctx, record.IDs(rs))
	})
	if err != nil || all[obj.Base().ID] == 0 {
		return nil, err
	}
	n := all[obj.Base().ID]
	return &n, nil
}

// linked loads, for all documents of obj's group, the records that link names, in one statement.
func (r *Resolver) linked(ctx context.Context, obj record.Record, key string, link func(record.Record) []string) (map[string]record.Record, error) {
	return record.ForAll(obj, key, func(rs []record.Record) (map[string]record.Record, error) {
		var ids []string
		for _, x := range rs {
			ids = append(ids, link(x)...)
		}
		found, err := r.Catalog.ByID(ctx, ids...)
		if err != nil {
			return nil, err
		}
		out := make(map[string]record.Record, len(found))
		for i, id := range ids {
			if found[i] != nil {
				out[id] = found[i]
			}
		}
		return out, nil
	})
}

// version is a template version among what was linked, or nil.
func version(all map[string]record.Record, id string) *record.TemplateVersion {
	v, _ := all[id].(*record.TemplateVersion)
	return v
}
