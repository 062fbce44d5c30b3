package record

import (
	"slices"
	"strings"
	"time"
)

// Schema is the number of the documents' shape. A document with a higher number comes from a newer Plein.
const Schema = 1

// Provenance says whose words a record holds.
type Provenance string

// Own work, starter content, taken from a register, a peer's, or invented to show what Plein does.
const (
	Own      Provenance = "OWN"
	Starter  Provenance = "STARTER"
	Register Provenance = "REGISTER"
	Peer     Provenance = "PEER"
	Demo     Provenance = "DEMO"
)

// Audience says who may read a record once it is published.
type Audience string

// Everybody, or the members of this node.
const (
	Public    Audience = "PUBLIC"
	Community Audience = "COMMUNITY"
)

// State is where a record stands on its way to the public.
type State string

// States of a record.
const (
	Draft            State = "DRAFT"
	InReview         State = "IN_REVIEW"
	ChangesRequested State = "CHANGES_REQUESTED"
	Published        State = "PUBLISHED"
	// Archived is public and no longer kept up.
	Archived  State = "ARCHIVED"
	Withdrawn State = "WITHDRAWN"
)

// Limits on text, in characters.
const (
	shortText  = 300
	middleText = 5_000
	longText   = 64_000
)

// Spine is what every record has. Its own tags say "spine": the catalogue writes those fields, authors do not.
type Spine struct {
	Schema      int        `json:"schema" plein:"spine"`
	ID          string     `json:"id" plein:"spine,id=record"`
	Slug        string     `json:"slug" plein:"spine"`
	PublisherID string     `json:"publisher" plein:"spine,id=organization"`
	Provenance  Provenance `json:"provenance" plein:"spine"`
	Audience    Audience   `json:"audience" plein:"content"`
	// Language is the language that the record was written in.
	Language string `json:"contentLanguage" plein:"content"`
	Title    Text   `json:"title" plein:"content"`
	Summary  Text   `json:"summary,omitempty" plein:"content"`
	// LicenseIRI is a concept of the scheme LICENSE.
	LicenseIRI string `json:"license" plein:"content"`
	// SourceLinks say where the facts come from, such as a publisher's page or a register entry.
	SourceLinks []string `json:"sourceLinks,omitempty" plein:"content"`
	// Version grows by one with every visible change.
	Version     int       `json:"version" plein:"spine"`
	CreatedAt   time.Time `json:"createdAt" plein:"spine"`
	UpdatedAt   time.Time `json:"updatedAt" plein:"spine"`
	PublishedAt time.Time `json:"publishedAt,omitzero" plein:"spine"`
	// ArchivedAt is since when a published record is no longer kept up.
	ArchivedAt time.Time `json:"archivedAt,omitzero" plein:"spine"`

	// URI, State and Revision are known to the catalogue, not to the document.
	URI      string `json:"-" plein:"spine"`
	State    State  `json:"-" plein:"spine"`
	Revision int    `json:"-" plein:"spine"`

	group *Group
}

// Record is a document of any kind.
type Record interface {
	Node
	IsCatalogRecord()
	Base() *Spine
	// Check lists what is wrong with the document as it stands: a draft may be incomplete, not wrong.
	Check(*Reference) Problems
	// Complete lists what is missing before a record of one's own may be published.
	Complete() Problems
	// Derive brings up to date what follows from the rest of the document, the reference data and the clock.
	Derive(*Reference, time.Time)
	// Terms are the values that the record can be filtered by and linked from.
	Terms() []Term
	// Words are what the record can be found by.
	Words() Words
}

// Base is the spine itself, through any kind.
func (s *Spine) Base() *Spine { return s }

// IsNode marks what has an id of its own.
func (*Spine) IsNode() {}

// IsCatalogRecord marks what is published and searched.
func (*Spine) IsCatalogRecord() {}

// SearchItem is what search can find.
type SearchItem interface{ IsSearchItem() }

// IsSearchItem marks what search can find.
func (*Spine) IsSearchItem() {}

// Derive does nothing for kinds without derived parts.
func (s *Spine) Derive(*Reference, time.Time) {}

// Reference is the reference data of the moment that the document was read.
func (s *Spine) Reference() *Reference { return s.group.ref }

// Publisher is the organisation that speaks.
func (s *Spine) Publisher() *Organization { return s.group.publisher(s.PublisherID) }

// License is the concept of the record's licence.
func (s *Spine) License() *Concept { return s.group.ref.Concept(s.LicenseIRI) }

// PublicVersion grows by one with every visible change.
func (s *Spine) PublicVersion() int { return s.Version }

// Shown is the state of a record that readers can see.
func (s *Spine) Shown() State {
	if s.ArchivedAt.IsZero() {
		return Published
	}
	return Archived
}

// Languages lists the languages that title and summary exist in.
func (s *Spine) Languages() []string {
	out := s.Title.Languages()
	for _, l := range s.Summary.Languages() {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func (s *Spine) check(c *checks, ref *Reference) {
	if strings.TrimSpace(s.Title.In(s.Language)) == "" {
		c.add(missing("title"))
	}
	c.text(s.Title, shortText, "title")
	c.text(s.Summary, middleText, "summary")
	if s.Audience != Public && s.Audience != Community {
		c.add(Wrong(Invalid, "Kies wie dit mag lezen.", "Choose who may read this.", "audience"))
	}
	if s.Language != Dutch && s.Language != English {
		c.add(Wrong(Invalid, "Kies Nederlands of Engels.", "Choose Dutch or English.", "contentLanguage"))
	}
	c.concept(ref, License, s.LicenseIRI, "license")
	if len(s.SourceLinks) > 20 {
		c.add(tooMany(20, "sourceLinks"))
	}
	for _, l := range s.SourceLinks {
		c.web(l, "sourceLinks")
	}
}

func (s *Spine) complete(c *checks) {
	if strings.TrimSpace(s.Title[Dutch]) == "" {
		c.add(missing("title"))
	}
	if strings.TrimSpace(s.Summary[Dutch]) == "" {
		c.add(missing("summary"))
	}
}
