package evaluate

import (
	"fmt"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// document is what a catalogue holds of one line of the corpus.
type document struct {
	// id is what the corpus calls it, record what the catalogue does.
	id, record  string
	title, text string
}

// corpus is what is searched.
type corpus struct {
	documents []document
	// byRecord and byID give the place of a document, groups that of the first one that says the same.
	byRecord, byID, groups map[string]int
}

func newCorpus(ds []document) *corpus {
	c := &corpus{documents: ds, byRecord: map[string]int{}, byID: map[string]int{}, groups: map[string]int{}}
	first := map[string]int{}
	for i, d := range ds {
		c.byRecord[d.record], c.byID[d.id] = i, i
		key := sameText(d)
		if _, known := first[key]; !known {
			first[key] = i
		}
		c.groups[d.id] = first[key]
	}
	return c
}

// idOf is what the corpus calls a record, recordOf the record of a document.
func (c *corpus) idOf(record string) string { return c.documents[c.byRecord[record]].id }
func (c *corpus) recordOf(id string) string { return c.documents[c.byID[id]].record }

// sameText is equal for documents that say the same: in their descriptions or, without those, in their titles.
func sameText(d document) string {
	words := func(s string) string { return strings.Join(strings.Fields(record.Fold(s)), " ") }
	if text := words(d.text); text != "" {
		return text
	}
	return "title\n" + words(d.title)
}

// different is how many documents remain when copies are counted once.
func (c *corpus) different() int {
	n := 0
	for i, d := range c.documents {
		if c.groups[d.id] == i {
			n++
		}
	}
	return n
}

// collapse gives the groups of documents, each at the place of its first member. The query's own is left out.
func (c *corpus) collapse(q Query, ranked []string) ([]int, error) {
	var out []int
	seen := c.own(q)
	for _, id := range ranked {
		g, ok := c.groups[id]
		if !ok {
			return nil, fmt.Errorf("the corpus has no document %q", id)
		}
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out, nil
}

// grades are the judgments of a query by group: the highest of each, without the query's own.
func (c *corpus) grades(q Query, j Judgments) (map[int]int, error) {
	out := map[int]int{}
	own := c.own(q)
	for id, grade := range j[q.ID] {
		g, ok := c.groups[id]
		if !ok {
			return nil, fmt.Errorf("the judgments name %q, which the corpus does not have: is this the right corpus?", id)
		}
		if !own[g] {
			out[g] = max(grade, out[g])
		}
	}
	return out, nil
}

// own is the group of the document that a query compares with.
func (c *corpus) own(q Query) map[int]bool {
	out := map[int]bool{}
	if g, ok := c.groups[q.Document]; ok {
		out[g] = true
	}
	return out
}
