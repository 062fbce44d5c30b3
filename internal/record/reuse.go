package record

import (
	"slices"
)

// ReuseKind says how a project builds on another one.
type ReuseKind string

// Done again as it was, done in another way, begun because of it, or carried on.
const (
	Repeated ReuseKind = "REPEATED"
	Adapted  ReuseKind = "ADAPTED"
	Inspired ReuseKind = "INSPIRED"
	Extended ReuseKind = "EXTENDED"
)

// ReuseKinds in the order of the public contract.
var ReuseKinds = []ReuseKind{Repeated, Adapted, Inspired, Extended}

const (
	mostReuses = 20
	// mostHidden is how many projects a project may say of that they do not build on it.
	mostHidden = 100
)

// Reuse says that a project builds on another one. It is the words of whoever builds on it, so it is in their document.
type Reuse struct {
	Key       string    `json:"key" plein:"part"`
	SubjectID string    `json:"subject" plein:"part,id=PROJECT"`
	Kind      ReuseKind `json:"kind" plein:"part"`
	// Difference is what was done differently.
	Difference Text `json:"difference,omitempty" plein:"part"`

	ID      string `json:"-" plein:"part"`
	project *Project
}

// IsNode marks what has an id of its own.
func (*Reuse) IsNode() {}

// Project that builds on the other one.
func (r *Reuse) Project() *Project { return r.project }

// URI of the reuse: a part of the document of the project that builds on the other one.
func (r *Reuse) URI() string { return r.project.URI + "#" + r.Key }

func (p *Project) checkReuses(c *checks) {
	if len(p.BasedOn) > mostReuses {
		c.add(tooMany(mostReuses, "basedOn"))
	}
	if len(p.HiddenReuseIDs) > mostHidden {
		c.add(tooMany(mostHidden, "hiddenReuses"))
	}
	seen := map[string]bool{}
	for _, r := range p.BasedOn {
		switch {
		case r.SubjectID == "":
			c.add(missing("basedOn", "subject"))
		case r.SubjectID == p.ID:
			c.add(Wrong(Invalid, "Een project bouwt niet voort op zichzelf.", "A project does not build on itself.", "basedOn", "subject"))
		case seen[r.SubjectID]:
			c.add(Wrong(Duplicate, "Dit project staat er twee keer.", "This project is there twice.", "basedOn", "subject"))
		}
		seen[r.SubjectID] = true
		if !slices.Contains(ReuseKinds, r.Kind) {
			c.add(Wrong(Invalid, "Kies hoe dit project voortbouwt op het andere.", "Choose how this project builds on the other one.", "basedOn", "kind"))
		}
		c.text(r.Difference, longText, "basedOn")
	}
}

// SetReuses says what the project builds on. What it builds on already keeps its key, and so the reuse its id.
func (p *Project) SetReuses(rs []*Reuse) {
	var used []string
	keys := map[string]string{}
	for _, old := range p.BasedOn {
		used = append(used, old.Key)
		keys[old.SubjectID] = old.Key
	}
	for _, r := range rs {
		if r.Key = keys[r.SubjectID]; r.Key == "" {
			r.Key = p.NewPartKey("b", used...)
			used = append(used, r.Key)
		}
		delete(keys, r.SubjectID)
	}
	p.BasedOn = rs
}

// HideReuse says that a project does not build on this one, or takes that back. It tells whether anything changed.
func (p *Project) HideReuse(projectID string, hidden bool) bool {
	if slices.Contains(p.HiddenReuseIDs, projectID) == hidden {
		return false
	}
	if hidden {
		p.HiddenReuseIDs = append(slices.Clone(p.HiddenReuseIDs), projectID)
	} else {
		p.HiddenReuseIDs = slices.DeleteFunc(slices.Clone(p.HiddenReuseIDs), func(id string) bool { return id == projectID })
	}
	return true
}

// Repeat makes the beginning of a project that builds on this one: what was asked and how it was found out, never what
// came out, who did it, or where. What was for the community stays so until its maker decides otherwise.
func (p *Project) Repeat(kind ReuseKind) *Project {
	out := &Project{
		Spine: Spine{Title: p.Title, Summary: p.Summary, Language: p.Language, Audience: p.Audience},
		Phase: Idea, Question: p.Question, PolicyDomainIRIs: p.PolicyDomainIRIs, TargetGroupIRIs: p.TargetGroupIRIs,
		GeoLevelIRI: p.GeoLevelIRI, MethodIRIs: p.MethodIRIs, TemplateID: p.TemplateID, TemplateVersionID: p.TemplateVersionID,
	}
	for _, s := range p.Sources {
		out.Sources = append(out.Sources, &SourceUse{SourceIRI: s.SourceIRI, AccessRouteIRI: s.AccessRouteIRI, LinkedWithIRIs: s.LinkedWithIRIs, Note: s.Note})
	}
	out.SetReuses([]*Reuse{{SubjectID: p.ID, Kind: kind}})
	return out
}
