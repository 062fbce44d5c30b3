package record

import "sync"

// Group is the documents that one statement read, with the reference data of that moment. What one of them needs is
// read for all of them, so the number of statements follows the shape of a query and never the number of rows:
// through edges, unions, interfaces and lists in lists alike. A group belongs to one request.
type Group struct {
	records []Record
	ref     *Reference
	loads   sync.Map

	publishers, named boundOrganizations
}

// NewGroup binds documents together; nil entries stay out.
func NewGroup(ref *Reference, rs ...Record) *Group {
	g := &Group{ref: ref}
	for _, r := range rs {
		if r != nil {
			g.records = append(g.records, r)
			r.Base().group = g
			if b, ok := r.(binder); ok {
				b.bind(ref)
			}
		}
	}
	return g
}

// binder is a kind with parts that refer to reference data themselves.
type binder interface{ bind(*Reference) }

// ForAll answers what load gives for the whole group of r, once per key. The key names the load and its arguments.
func ForAll[T any](r Record, key string, load func([]Record) (T, error)) (T, error) {
	g := r.Base().group
	f, _ := g.loads.LoadOrStore(key, sync.OnceValues(func() (T, error) { return load(g.records) }))
	return f.(func() (T, error))()
}

// IDs lists the ids of documents.
func IDs(rs []Record) []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.Base().ID
	}
	return out
}

// boundOrganizations are organisations that the documents of a group name in one role, bound to each other.
type boundOrganizations struct {
	once sync.Once
	byID map[string]*Organization
}

func (b *boundOrganizations) get(g *Group, id string, names func(Record) []string) *Organization {
	b.once.Do(func() {
		b.byID = map[string]*Organization{}
		var os []*Organization
		for _, r := range g.records {
			for _, id := range names(r) {
				if o := g.ref.Organization(id); o != nil && b.byID[id] == nil {
					b.byID[id] = o
					os = append(os, o)
				}
			}
		}
		for _, o := range GroupOrganizations(os) {
			b.byID[o.ID] = o
		}
	})
	return b.byID[id]
}

// publisher is the organisation, bound to the other publishers of the group.
func (g *Group) publisher(id string) *Organization {
	return g.publishers.get(g, id, func(r Record) []string { return []string{r.Base().PublisherID} })
}

// organization is one that a part of a document names, bound to the others that parts of the group name.
func (g *Group) organization(id string) *Organization {
	return g.named.get(g, id, func(r Record) []string {
		if p, ok := r.(*Project); ok {
			return p.namedOrganizations()
		}
		return nil
	})
}

type organizationGroup struct {
	members []*Organization
	loads   sync.Map
}

// GroupOrganizations gives copies of organisations that know each other, as documents of one statement do.
func GroupOrganizations(os []*Organization) []*Organization {
	g := &organizationGroup{members: make([]*Organization, len(os))}
	for i, o := range os {
		c := *o
		c.group = g
		g.members[i] = &c
	}
	return g.members
}

// ForAllOrganizations answers what load gives for the whole group of o, once per key.
func ForAllOrganizations[T any](o *Organization, key string, load func([]*Organization) (T, error)) (T, error) {
	if o.group == nil {
		return load([]*Organization{o})
	}
	f, _ := o.group.loads.LoadOrStore(key, sync.OnceValues(func() (T, error) { return load(o.group.members) }))
	return f.(func() (T, error))()
}
