package search

import (
	"slices"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// Homes say which node a record lives on, for who filters or counts by record.FieldNode: a copy lives where its publisher
// does, everything else here.
type Homes struct {
	// Self is the id of this node.
	Self string
	// Elsewhere has the id of the node of everybody who publishes on another one, by the organisation here. A copy of
	// somebody who is not in it is on no node that is known.
	Elsewhere map[string]string
}

// publishers are those who publish on one of these nodes, which may be this one.
func (h Homes) publishers(nodes []string) (out []string) {
	for organization, node := range h.Elsewhere {
		if slices.Contains(nodes, node) {
			out = append(out, organization)
		}
	}
	slices.Sort(out)
	return out
}

// inDatabase is a filter as the catalogue understands it.
func (h Homes) inDatabase(f catalog.Filter) catalog.Filter {
	split := func(ms []catalog.Match, not bool) (others []catalog.Match) {
		for _, m := range ms {
			if m.Field == record.FieldNode {
				f.Homes = append(f.Homes, catalog.Home{Here: slices.Contains(m.Values, h.Self), Publishers: h.publishers(m.Values), Not: not})
			} else {
				others = append(others, m)
			}
		}
		return others
	}
	f.Homes = slices.Clone(f.Homes)
	f.All, f.None = split(f.All, false), split(f.None, true)
	return f
}

// fold makes counts by node of how many records are no copies, and of the copies by who publishes them.
func (h Homes) fold(own int, copies []catalog.Count) []catalog.Count {
	by := map[string]int{h.Self: own}
	for _, c := range copies {
		if node, ok := h.Elsewhere[c.Value]; ok {
			by[node] += c.N
		}
	}
	var out []catalog.Count
	for node, n := range by {
		if n > 0 {
			out = append(out, catalog.Count{Value: node, N: n})
		}
	}
	sortCounts(out)
	return out
}

// residence is Homes in the numbers of a snapshot.
type residence struct {
	// publisher and provenance are columns, copied is the number of the provenance of copies.
	publisher, provenance int
	copied                int32
	// nodes are numbered, this one first; numbers holds 0, 1, 2, …
	nodes   []string
	numbers []int32
	// by has the node of a publisher by its number.
	by []int32
}

func (c *columns) residence(h Homes) *residence {
	out := &residence{publisher: c.terms.numbers[record.FieldPublisher], provenance: c.terms.numbers[record.FieldProvenance],
		copied: none, nodes: []string{h.Self}, numbers: []int32{0}}
	if n, ok := c.ordinal(record.FieldProvenance, string(record.Peer)); ok {
		out.copied = n
	}
	out.by = tabulate(c, record.FieldPublisher, func(organization string) int32 {
		node, ok := h.Elsewhere[organization]
		if !ok {
			return none
		}
		n := slices.Index(out.nodes, node)
		if n < 0 {
			n = len(out.nodes)
			out.nodes, out.numbers = append(out.nodes, node), append(out.numbers, int32(n))
		}
		return int32(n)
	})
	return out
}

// of gives the number of the node of a record.
func (r *residence) of(p *piece, doc uint32) []int32 {
	if !slices.Contains(p.fields[r.provenance].of(doc), r.copied) {
		return r.numbers[:1]
	}
	for _, publisher := range p.fields[r.publisher].of(doc) {
		if n := r.by[publisher]; n != none {
			return r.numbers[n : n+1]
		}
	}
	return nil
}

// axis is what records are filtered or counted by: a column, or where they live.
type axis struct {
	field  record.Field
	column int
	homes  *residence
}

// axis of a field.
func (c *collection) axis(f record.Field) axis {
	if f != record.FieldNode {
		return axis{field: f, column: c.terms.numbers[f]}
	}
	if c.residence == nil {
		c.residence = c.columns.residence(c.homes)
	}
	return axis{field: f, homes: c.residence}
}

// of gives the numbers of the values that a record has.
func (a *axis) of(p *piece, doc uint32) []int32 {
	if a.homes != nil {
		return a.homes.of(p, doc)
	}
	return p.fields[a.column].of(doc)
}

// distinct is one more than the highest number of a value.
func (c *collection) distinct(a axis) int {
	if a.homes != nil {
		return len(a.homes.nodes)
	}
	return c.columns.distinct(a.field)
}

// value is what a number stands for.
func (c *collection) value(a axis, number int32) string {
	if a.homes != nil {
		return a.homes.nodes[number]
	}
	return c.columns.value(a.field, number)
}

// set is the values of a match by number.
func (c *collection) set(a axis, m catalog.Match) []bool {
	out := make([]bool, c.distinct(a))
	for _, v := range m.Values {
		if a.homes != nil {
			if n := slices.Index(a.homes.nodes, v); n >= 0 {
				out[n] = true
			}
		} else if n, ok := c.ordinal(a.field, v); ok && int(n) < len(out) {
			out[n] = true
		}
	}
	return out
}
