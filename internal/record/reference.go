package record

import (
	"net/url"
	"slices"
	"strings"
)

// Municipality is a Dutch municipality by its CBS code.
type Municipality struct {
	Code     string
	Name     string
	Aliases  []string
	Province string
	// Population is the number of inhabitants about 1 January of ReferenceYear; 0 is unknown.
	Population int
	// Density is inhabitants per km² of land, which is not CBS's urbanity; 0 is unknown.
	Density       int
	ReferenceYear int
	// Urbanity is CBS's class by addresses per km², 1 (very strongly urban) to 5 (not urban); 0 is unknown.
	Urbanity int
	TooiIRI  string
	Lon, Lat float64
	// Successor is the code of the municipality that this one merged into.
	Successor string
}

// Location is a place on earth in degrees (WGS 84).
type Location struct{ Latitude, Longitude float64 }

// Location is a point in the municipality, nil when it is unknown: no municipality is at 0° north, 0° east.
func (m *Municipality) Location() *Location {
	if m.Lat == 0 && m.Lon == 0 {
		return nil
	}
	return &Location{Latitude: m.Lat, Longitude: m.Lon}
}

// ID of the municipality in the public contract.
func (m *Municipality) ID() string { return "mun_" + m.Code }

// SizeClass is a class of municipalities by inhabitants.
type SizeClass string

// CBS's classes.
const (
	SizeLT5K    SizeClass = "LT_5K"
	SizeK510    SizeClass = "K5_10"
	SizeK1020   SizeClass = "K10_20"
	SizeK2050   SizeClass = "K20_50"
	SizeK50100  SizeClass = "K50_100"
	SizeK100150 SizeClass = "K100_150"
	SizeK150250 SizeClass = "K150_250"
	SizeGE250K  SizeClass = "GE_250K"
)

var sizeClasses = []struct {
	below int
	class SizeClass
}{{5_000, SizeLT5K}, {10_000, SizeK510}, {20_000, SizeK1020}, {50_000, SizeK2050}, {100_000, SizeK50100}, {150_000, SizeK100150}, {250_000, SizeK150250}}

// SizeClass by inhabitants; empty when the population is unknown.
func (m *Municipality) SizeClass() SizeClass {
	if m.Population == 0 {
		return ""
	}
	for _, c := range sizeClasses {
		if m.Population < c.below {
			return c.class
		}
	}
	return SizeGE250K
}

// KnownSizeClass is nil when the population is unknown.
func (m *Municipality) KnownSizeClass() *SizeClass { return known(m.SizeClass()) }

// KnownPopulation is nil when it is unknown.
func (m *Municipality) KnownPopulation() *int { return known(m.Population) }

// KnownDensity is nil when it is unknown.
func (m *Municipality) KnownDensity() *int { return known(m.Density) }

// KnownUrbanity is nil when it is unknown.
func (m *Municipality) KnownUrbanity() *int { return known(m.Urbanity) }

// known is nil for a value that nobody gave.
func known[T comparable](v T) *T {
	var unknown T
	if v == unknown {
		return nil
	}
	return &v
}

// TooiNamespace is where the addresses of government bodies in TOOI's registers begin.
const TooiNamespace = "https://identifier.overheid.nl/tooi/id/"

// Custody says who speaks for an organisation: OWN has a key and a feed here, REFERENCE is only spoken about.
type Custody string

// The two kinds of custody.
const (
	CustodyOwn       Custody = "OWN"
	CustodyReference Custody = "REFERENCE"
)

// OrganizationKind says what sort of body an organisation is.
type OrganizationKind string

// Kinds of organisation.
const (
	MunicipalUDC     OrganizationKind = "MUNICIPAL_UDC"
	RegionalUDC      OrganizationKind = "REGIONAL_UDC"
	ProvincialUDC    OrganizationKind = "PROVINCIAL_UDC"
	StatisticsOffice OrganizationKind = "STATISTICS_OFFICE"
	KnowledgePartner OrganizationKind = "KNOWLEDGE_PARTNER"
	OtherPublicBody  OrganizationKind = "OTHER_PUBLIC_BODY"
)

// OrganizationKinds in the order of the public contract.
var OrganizationKinds = []OrganizationKind{MunicipalUDC, RegionalUDC, ProvincialUDC, StatisticsOffice, KnowledgePartner, OtherPublicBody}

// Organization is a UDC, or another body that publishes or takes part. Every number may be unknown (nil).
type Organization struct {
	ID                    string           `json:"id"`
	Slug                  string           `json:"slug"`
	Name                  string           `json:"name"`
	Kind                  OrganizationKind `json:"kind"`
	Custody               Custody          `json:"custody"`
	TooiIRI               string           `json:"tooiIri,omitempty"`
	MunicipalityCodes     []string         `json:"municipalities,omitempty"`
	ActiveSince           Date             `json:"activeSince,omitempty"`
	ActiveUntil           Date             `json:"activeUntil,omitempty"`
	Approach              Text             `json:"approach,omitempty"`
	ResearcherCount       *int             `json:"researcherCount,omitempty"`
	CBSColleagueCount     *int             `json:"cbsColleagueCount,omitempty"`
	CBSDaysPerWeek        *float64         `json:"cbsDaysPerWeek,omitempty"`
	HasResearchDepartment *bool            `json:"hasResearchDepartment,omitempty"`
	WIPLimit              *int             `json:"wipLimit,omitempty"`
	// ContactEmail is of a function, never of a person.
	ContactEmail string   `json:"contactEmail,omitempty"`
	SourceLinks  []string `json:"sourceLinks,omitempty"`
	// URI is the canonical web address; Revision the lock that an update takes.
	URI      string `json:"-"`
	Revision int    `json:"-"`

	ref   *Reference
	group *organizationGroup
}

// Municipalities are the members of this organisation.
func (o *Organization) Municipalities() []*Municipality {
	return o.ref.Municipalities(o.MunicipalityCodes)
}

// Check lists what is wrong with an organisation.
func (o *Organization) Check(ref *Reference) Problems {
	var c checks
	if strings.TrimSpace(o.Name) == "" {
		c.add(missing("name"))
	}
	c.string(o.Name, 200, "name")
	if !slices.Contains(OrganizationKinds, o.Kind) {
		c.add(Wrong(Invalid, "Kies een soort organisatie.", "Choose a kind of organisation.", "kind"))
	}
	if Slug(o.Slug) != o.Slug || o.Slug == "" {
		c.add(Wrong(Invalid, "Gebruik in de korte naam alleen kleine letters, cijfers en streepjes.",
			"Use only lower-case letters, digits and dashes in the short name.", "slug"))
	}
	for _, m := range o.MunicipalityCodes {
		if ref.Municipality(m) == nil {
			c.add(noMunicipality(m, "municipalities"))
		}
	}
	if len(o.MunicipalityCodes) > 400 {
		c.add(tooMany(400, "municipalities"))
	}
	c.amount(o.ResearcherCount, "researcherCount")
	c.amount(o.CBSColleagueCount, "cbsColleagueCount")
	c.amount(o.WIPLimit, "wipLimit")
	if d := o.CBSDaysPerWeek; d != nil && !(*d >= 0 && *d <= 7) { // NaN is neither
		c.add(Wrong(Invalid, "Een week heeft 0 tot en met 7 dagen.", "A week has 0 to 7 days.", "cbsDaysPerWeek"))
	}
	if len(o.SourceLinks) > 20 {
		c.add(tooMany(20, "sourceLinks"))
	}
	for _, l := range o.SourceLinks {
		c.web(l, "sourceLinks")
	}
	c.date(o.ActiveSince, "activeSince")
	c.date(o.ActiveUntil, "activeUntil")
	c.text(o.Approach, longText, "approach")
	if o.ContactEmail != "" && !isEmail(o.ContactEmail) {
		c.add(Wrong(Invalid, "Dit is geen e-mailadres.", "This is not an e-mail address.", "contactEmail"))
	}
	if o.TooiIRI != "" && !strings.HasPrefix(o.TooiIRI, TooiNamespace) {
		c.add(Wrong(Invalid, "Een TOOI-adres begint met https://identifier.overheid.nl/tooi/id/.",
			"A TOOI address begins with https://identifier.overheid.nl/tooi/id/.", "tooiIri"))
	}
	return c.found
}

// amount is a number of people or projects.
func (c *checks) amount(n *int, field string) {
	if n != nil && (*n < 0 || *n > 10_000) {
		c.add(Wrong(Invalid, "Geef een aantal van 0 tot en met 10.000.", "Give a number from 0 to 10,000.", field))
	}
}

func noMunicipality(code string, field ...string) Problem {
	return Wrong(NotFound, "Er is geen gemeente met code "+quote(code)+".", "There is no municipality with code "+quote(code)+".", field...)
}

// DataSource is a register or data set that projects use. Its IRI is fixed: that of a public catalogue where there is
// one, else minted here once.
type DataSource struct {
	ID           string
	IRI          string
	Name         string
	Holder       string
	CatalogueURI string
	IsMicrodata  bool
	Revision     int
}

// Check lists what is wrong with a data source.
func (d *DataSource) Check() Problems {
	var c checks
	if strings.TrimSpace(d.Name) == "" {
		c.add(missing("name"))
	}
	if strings.TrimSpace(d.Holder) == "" {
		c.add(missing("holder"))
	}
	c.string(d.Name, 200, "name")
	c.string(d.Holder, 200, "holder")
	c.web(d.CatalogueURI, "catalogueUri")
	return c.found
}

// IsNode marks what has an id of its own.
func (*Municipality) IsNode() {}

// IsNode marks what has an id of its own.
func (*Organization) IsNode() {}

// IsNode marks what has an id of its own.
func (*DataSource) IsNode() {}

// Reference is the small data that every document refers to, as it stood at one moment: concepts, municipalities,
// organisations, data sources and what steps are called. It is immutable; readers share it without a lock.
type Reference struct {
	*Vocabularies
	Steps
	municipalities map[string]*Municipality // by code and by id
	allMunicipal   []*Municipality
	organizations  map[string]*Organization // by id
	bySlug         map[string]*Organization
	byTooi         map[string]*Organization
	byMunicipality map[string][]*Organization // by code
	allOrg         []*Organization
	sources        map[string]*DataSource // by IRI and by id
	allSources     []*DataSource
}

// NewReference builds the snapshot; each slice is in the order in which it will be listed.
func NewReference(vs *Vocabularies, steps Steps, ms []*Municipality, os []*Organization, ds []*DataSource) *Reference {
	r := &Reference{
		Vocabularies: vs, Steps: steps,
		municipalities: make(map[string]*Municipality, 2*len(ms)), allMunicipal: ms,
		organizations: make(map[string]*Organization, len(os)), bySlug: make(map[string]*Organization, len(os)),
		byTooi: map[string]*Organization{}, byMunicipality: map[string][]*Organization{}, allOrg: os,
		sources: make(map[string]*DataSource, 2*len(ds)), allSources: ds,
	}
	for _, m := range ms {
		r.municipalities[m.Code], r.municipalities[m.ID()] = m, m
	}
	for _, o := range os {
		o.ref = r
		r.organizations[o.ID], r.bySlug[o.Slug] = o, o
		if o.TooiIRI != "" {
			r.byTooi[o.TooiIRI] = o
		}
		for _, code := range o.MunicipalityCodes {
			r.byMunicipality[code] = append(r.byMunicipality[code], o)
		}
	}
	for _, d := range ds {
		r.sources[d.IRI], r.sources[d.ID] = d, d
	}
	return r
}

// With is the reference data with more in it, for as long as a write is not done: what is new stands last in its list.
func (r *Reference) With(os []*Organization, ds []*DataSource, cs []*Concept) *Reference {
	vs := r.Vocabularies
	if len(cs) > 0 {
		vs = vs.with(cs)
	}
	all := make([]*Organization, 0, len(r.allOrg)+len(os))
	for _, o := range slices.Concat(r.allOrg, os) {
		mine := *o
		all = append(all, &mine)
	}
	return NewReference(vs, r.Steps, r.allMunicipal, all, slices.Concat(r.allSources, ds))
}

// Municipality by code or id, following mergers to the municipality itself, not to its successor; nil when unknown.
func (r *Reference) Municipality(code string) *Municipality { return r.municipalities[code] }

// Municipalities by code; unknown ones are left out.
func (r *Reference) Municipalities(codes []string) []*Municipality {
	out := make([]*Municipality, 0, len(codes))
	for _, code := range codes {
		if m := r.municipalities[code]; m != nil {
			out = append(out, m)
		}
	}
	return out
}

// AllMunicipalities in alphabetical order.
func (r *Reference) AllMunicipalities() []*Municipality { return r.allMunicipal }

// MunicipalitiesFrom are those with a name, or another name that people use, that begins with prefix.
func (r *Reference) MunicipalitiesFrom(prefix string) []*Municipality {
	p := Fold(strings.TrimSpace(prefix))
	if p == "" {
		return r.allMunicipal
	}
	begins := func(s string) bool { return strings.HasPrefix(Fold(s), p) }
	var out []*Municipality
	for _, m := range r.allMunicipal {
		if begins(m.Name) || slices.ContainsFunc(m.Aliases, begins) {
			out = append(out, m)
		}
	}
	return out
}

// DataSourcesFrom are those with a name that begins with prefix, in alphabetical order.
func (r *Reference) DataSourcesFrom(prefix string) []*DataSource {
	p := Fold(strings.TrimSpace(prefix))
	var out []*DataSource
	for _, d := range r.allSources {
		if strings.HasPrefix(Fold(d.Name), p) {
			out = append(out, d)
		}
	}
	return out
}

// Organization by id; nil when unknown.
func (r *Reference) Organization(id string) *Organization { return r.organizations[id] }

// OrganizationBySlug is nil when unknown.
func (r *Reference) OrganizationBySlug(slug string) *Organization { return r.bySlug[slug] }

// OrganizationByTooi is nil when unknown.
func (r *Reference) OrganizationByTooi(iri string) *Organization { return r.byTooi[iri] }

// OrganizationsIn are those that a municipality takes part in, in alphabetical order.
func (r *Reference) OrganizationsIn(code string) []*Organization { return r.byMunicipality[code] }

// AllOrganizations in alphabetical order.
func (r *Reference) AllOrganizations() []*Organization { return r.allOrg }

// DataSource by IRI or id; nil when unknown.
func (r *Reference) DataSource(iri string) *DataSource { return r.sources[iri] }

// DataSources by IRI; unknown ones are left out.
func (r *Reference) DataSources(iris []string) []*DataSource {
	out := make([]*DataSource, 0, len(iris))
	for _, iri := range iris {
		if d := r.sources[iri]; d != nil {
			out = append(out, d)
		}
	}
	return out
}

// IsWebAddress tells whether s is an absolute http or https address with a host.
func IsWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2048
}

// IsIRI tells whether s can be the fixed address of something: absolute, such as urn:uuid:… or https://…, and without
// the characters that no IRI has (RFC 3987).
func IsIRI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && len(s) <= 2048 && Readable(s) && !strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`")
}

func isEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(host, ".") && !strings.ContainsAny(s, " \t\r\n<>,;") && len(s) <= 254
}

func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return "“" + s + "”"
}
