package catalog

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/address"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/record"
)

// slug is the title as a part of an address. A working copy has it as it is; what can be seen gets one of its own.
func slug(r record.Record) string {
	s := r.Base()
	if out := record.Slug(s.Title.In(s.Language)); out != "" {
		return out
	}
	return "zonder-titel"
}

// giveAddress lets the address of what readers will see follow its title. Only addresses that were given count, so that
// one tells nobody of a working copy. An address that was given stays the record's: it leads there when the title is
// another one, and comes back with the title.
func (w *Writer) giveAddress(ctx context.Context, visible record.Record) error {
	s := visible.Base()
	kind := record.KindOf(s.ID)
	if kind.Pages == "" {
		return nil
	}
	base := slug(visible)
	alike := address.And(address.SlugGTE(base), address.SlugLT(base+"."))
	if isCopy(visible) { // of which there are as many with one title as another node likes
		alike = address.SlugIn(base, apart(s, base))
	}
	rows, err := w.tx.Address.Query().Where(address.Kind(string(kind.Type)), address.PublisherID(s.PublisherID), alike).All(ctx)
	if err != nil {
		return fmt.Errorf("look up addresses: %w", err)
	}
	given := make(map[string]string, len(rows))
	for _, row := range rows {
		given[row.Slug] = row.RecordID
	}
	if s.Slug = choose(s, base, given); given[s.Slug] == s.ID {
		return nil
	}
	err = w.tx.Address.Create().SetKind(string(kind.Type)).SetPublisherID(s.PublisherID).SetSlug(s.Slug).SetRecordID(s.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("give %s an address: %w", s.ID, err)
	}
	return nil
}

// choose takes the title itself or, where another record has that, the title with a number behind it. What the record
// has already it keeps. A record that only the community sees gets a piece of its id instead of a number: the numbers of
// what is public would show that it is there. So does a copy, whose number would take longer to find with every other one.
func choose(s *record.Spine, base string, given map[string]string) string {
	numbered := func(n int) string {
		if n == 1 {
			return base
		}
		return base + "-" + strconv.Itoa(n)
	}
	for n := 1; n <= len(given); n++ {
		if given[numbered(n)] == s.ID {
			return numbered(n)
		}
	}
	if s.Audience != record.Public || s.Provenance == record.Peer && given[base] != "" {
		return apart(s, base)
	}
	n := 1
	for given[numbered(n)] != "" {
		n++
	}
	return numbered(n)
}

// apart is a title with a piece of the id behind it, long enough for no two to be the same.
func apart(s *record.Spine, base string) string { return base + "-" + s.ID[len(s.ID)-12:] }

// Address is what is at the address of a page.
type Address struct {
	// Path is the page's address now: it differs from the one that was asked when the title changed since.
	Path string
	// Record is nil when it was withdrawn; there is a Tombstone then.
	Record    record.Record
	Tombstone *Tombstone
}

// At tells what is at the address of a page: where the pages of its kind are, the publisher and the record, such as
// /projecten/udc-leiden/verkamering. It is nil when there is nothing to see: what is not there, what was never public and
// what may not be seen take the same statements.
func (c *Catalog) At(ctx context.Context, path string) (*Address, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) != 3 {
		return nil, nil
	}
	kind := record.KindOfPages(parts[0])
	publisher := c.Reference().OrganizationBySlug(parts[1])
	if kind.New == nil || publisher == nil {
		return nil, nil
	}
	given := func(s *sql.Selector, id string) {
		a := sql.Table(address.Table)
		s.Where(sql.In(s.C(id), sql.Dialect(s.Dialect()).Select(a.C(address.FieldRecordID)).From(a).Where(sql.And(
			sql.EQ(a.C(address.FieldKind), string(kind.Type)), sql.EQ(a.C(address.FieldPublisherID), publisher.ID), sql.EQ(a.C(address.FieldSlug), parts[2])))))
	}
	row, err := c.published(ctx).Where(func(s *sql.Selector) { given(s, publication.FieldID) }).Select(shown...).Only(ctx)
	if ent.IsNotFound(err) {
		left, err := c.Client.Tombstone.Query().Where(func(s *sql.Selector) { given(s, tombstone.FieldID) }).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, nil
		} else if err != nil {
			return nil, fmt.Errorf("read the tombstone at an address: %w", err)
		}
		return &Address{Path: "/" + strings.Join(parts, "/"), Tombstone: c.tombstone(left)}, nil
	} else if err != nil {
		return nil, fmt.Errorf("read the record at an address: %w", err)
	}
	rs, err := c.records([]*ent.Publication{row})
	if err != nil {
		return nil, err
	}
	return &Address{Path: record.PagePath(rs[0]), Record: rs[0]}, nil
}
