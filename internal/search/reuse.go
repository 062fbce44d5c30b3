package search

import (
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/record"
)

// pointing is a record of a segment and the id of one that it says something about.
type pointing struct {
	doc uint32
	id  string
}

// readPointings reads who points at what in a field.
func readPointings(seg *scorch.SegmentSnapshot, field string) ([]pointing, error) {
	var out []pointing
	var id string
	err := eachPosting(seg, field, func(term string) error {
		id = term
		return nil
	}, func(doc uint32) { out = append(out, pointing{doc, id}) })
	return slices.Clip(out), err
}

// countReuses counts, for the order MostReused, in how many municipalities each project was repeated, as
// catalog.Impacts does: in those of all public projects that say so, but for what its publisher hides. What is hidden
// from strangers since the snapshot, by id, does not count.
func (c *columns) countReuses(hidden []string) {
	type reuse struct{ subject, maker string }
	refused := map[reuse]bool{}
	for _, p := range c.pieces {
		for _, x := range p.refused {
			if p.alive(x.doc) {
				refused[reuse{p.ids.of(x.doc), x.id}] = true
			}
		}
	}
	places := map[string]map[int32]bool{} // by subject
	for i := range c.pieces {
		p := &c.pieces[i]
		for _, x := range p.reuses {
			maker := p.ids.of(x.doc)
			if !p.alive(x.doc) || refused[reuse{x.id, maker}] || slices.Contains(hidden, maker) {
				continue
			}
			if places[x.id] == nil {
				places[x.id] = map[int32]bool{}
			}
			for _, m := range c.of(record.FieldMunicipality, p.first+uint64(x.doc)) {
				places[x.id][m] = true
			}
		}
	}
	c.reused = make([][]int64, len(c.pieces))
	for i, p := range c.pieces {
		c.reused[i] = make([]int64, p.ids.len()+1)
		for subject, in := range places {
			if rank, exact := p.ids.find(subject); exact {
				c.reused[i][rank] = int64(len(in))
			}
		}
	}
}

// reuses is in how many municipalities a project was repeated; countReuses has counted.
func (c *columns) reuses(h hit) int64 { return c.reused[h.piece][c.pieces[h.piece].ids.rank[h.doc]] }

// alive tells whether a record is still there.
func (p *piece) alive(doc uint32) bool { return p.deleted == nil || !p.deleted.Contains(doc) }
