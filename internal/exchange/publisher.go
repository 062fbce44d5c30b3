package exchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// publisher is an organisation as a register names it. What it is known by (key) is, in this order:
//
//  1. the municipality whose code the register gives;
//  2. the municipality that the name says. "Gemeente X" asks for a municipality with that name or alias; the bare name X
//     does too, unless a province is called so as well (Groningen, Utrecht). A name that several municipalities have
//     ("Gemeente Bergen") makes the line a bad one: it is never guessed which of them is meant;
//  3. the TOOI address of the organisation with exactly this name, here or in the list that the user gave;
//  4. the register and the name itself.
//
// A municipality that a register merely names is not an Urban Data Center, so all of them become OTHER_PUBLIC_BODY in
// custody REFERENCE: they are spoken about until they join.
type publisher struct {
	key          string
	name         string
	tooi         string
	municipality *record.Municipality
}

// publishers tells which organisations a register names.
type publishers struct {
	source string
	places *gazetteer
	tooi   map[string]string
}

func newPublishers(source string, ref *record.Reference, places *gazetteer, names map[string]string) *publishers {
	p := &publishers{source: source, places: places, tooi: map[string]string{}}
	for name, iri := range names {
		p.tooi[plain(name)] = iri
	}
	for _, o := range ref.AllOrganizations() {
		if o.TooiIRI != "" {
			p.tooi[plain(o.Name)] = o.TooiIRI
		}
	}
	return p
}

// resolve tells which organisation a line is about.
func (p *publishers) resolve(name, code string) (publisher, *record.Problem) {
	name = strings.Join(strings.Fields(name), " ")
	if record.Slug(name) == "" {
		w := record.Wrong(record.Required, "Vul in van welke organisatie dit is.", "Say which organisation this is of.", "publisher")
		return publisher{}, &w
	}
	m, wrong := p.municipality(name, code)
	if wrong != nil {
		w := wrong.At("publisher")
		return publisher{}, &w
	}
	out := publisher{name: name, municipality: m, tooi: p.tooi[plain(name)]}
	if m != nil {
		out.tooi = m.TooiIRI
	}
	if out.key = out.tooi; out.key == "" {
		out.key = p.externalID(out)
	}
	o := out.organization()
	o.Slug = record.Slug(name)
	if ps := o.Check(p.places.ref); len(ps) > 0 {
		w := ps[0].At("publisher")
		return publisher{}, &w
	}
	return out, nil
}

// externalID is what an organisation is known by when nothing better is: register and name. Municipalities have none,
// because namesakes would share it.
func (p *publishers) externalID(x publisher) string {
	if x.municipality != nil {
		return ""
	}
	return p.source + ":" + plain(x.name)
}

func (p *publishers) municipality(name, code string) (*record.Municipality, *record.Problem) {
	bare := plain(name)
	rest, said := strings.CutPrefix(bare, "gemeente ")
	if !said && p.places.provinces[bare] {
		bare = "" // a province is called so too
	}
	named := p.places.byName[rest]
	if code != "" {
		m := p.places.ref.Municipality(strings.ToUpper(code))
		if m == nil {
			w := record.Wrong(record.NotFound, fmt.Sprintf("Er is geen gemeente met code %q.", code), fmt.Sprintf("There is no municipality with code %q.", code))
			return nil, &w
		}
		if said && len(named) > 0 && !slices.Contains(named, m) {
			w := record.Wrong(record.Invalid, fmt.Sprintf("De code %s is van %s, maar de naam is %q.", m.Code, m.Name, name),
				fmt.Sprintf("The code %s is that of %s, but the name is %q.", m.Code, m.Name, name))
			return nil, &w
		}
		return m, nil
	}
	if bare == "" || len(named) == 0 {
		return nil, nil
	}
	if len(named) > 1 {
		w := ambiguous(name, named)
		return nil, &w
	}
	return named[0], nil
}

// organization is the publisher as the catalogue holds it.
func (p publisher) organization() *record.Organization {
	o := &record.Organization{Name: p.name, Kind: record.OtherPublicBody, Custody: record.CustodyReference, TooiIRI: p.tooi}
	if p.municipality != nil {
		o.MunicipalityCodes = []string{p.municipality.Code}
	}
	return o
}

// bring finds the organisations of a list of publishers, makes those that are not there yet, all at once, and gives
// their ids by key.
func (p *publishers) bring(ctx context.Context, w *catalog.Writer, all []publisher) (ids map[string]string, made int, err error) {
	ids = make(map[string]string, len(all))
	var fresh []*record.Organization
	var keys, externalIDs []string
	for _, x := range all {
		o := w.Reference().OrganizationByTooi(x.tooi)
		externalID := p.externalID(x)
		if o == nil && externalID != "" {
			if o, err = w.OrganizationByExternalID(ctx, externalID); err != nil {
				return nil, 0, err
			}
		}
		if o != nil {
			ids[x.key] = o.ID
			continue
		}
		fresh, keys, externalIDs = append(fresh, x.organization()), append(keys, x.key), append(externalIDs, externalID)
	}
	if len(fresh) == 0 {
		return ids, 0, nil
	}
	if err := w.CreateOrganizations(ctx, fresh, externalIDs...); err != nil {
		return nil, 0, fmt.Errorf("make organisations: %w", err)
	}
	for i, o := range fresh {
		ids[keys[i]] = o.ID
	}
	return ids, len(fresh), nil
}

// ReadNames reads a list of organisations and their TOOI addresses, as TOOI's value lists give them: columns parted by
// tabs, without quotation, among them naam and uri. A name that stands for several organisations is left out: which of
// them is meant is not guessed.
func ReadNames(r io.Reader) (map[string]string, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	in.Scan()
	header := strings.Split(strings.TrimPrefix(in.Text(), byteOrderMark), "\t")
	nameAt, iriAt := slices.Index(header, "naam"), slices.Index(header, "uri")
	if nameAt < 0 || iriAt < 0 {
		return nil, errors.New("read the list of organisations: its first line needs the columns naam and uri, parted by a tab")
	}
	out := map[string]string{}
	for n := 2; in.Scan(); n++ {
		cells := strings.Split(in.Text(), "\t")
		if len(cells) != len(header) || !utf8.ValidString(in.Text()) {
			return nil, fmt.Errorf("read the list of organisations: line %d is not %d columns of UTF-8", n, len(header))
		}
		name, iri := plain(cells[nameAt]), strings.TrimSpace(cells[iriAt])
		if old, twice := out[name]; twice && old != iri {
			iri = ""
		}
		out[name] = iri
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read the list of organisations: %w", err)
	}
	maps.DeleteFunc(out, func(_, iri string) bool { return iri == "" })
	return out, nil
}
