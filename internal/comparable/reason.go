package comparable

import (
	"cmp"
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// Factor is one thing by which projects are compared.
type Factor string

// The factors.
const (
	QuestionText       Factor = "QUESTION_TEXT"
	PolicyDomain       Factor = "POLICY_DOMAIN"
	Method             Factor = "METHOD"
	DataSource         Factor = "DATA_SOURCE"
	SizeClass          Factor = "SIZE_CLASS"
	Urbanity           Factor = "URBANITY"
	Region             Factor = "REGION"
	ResearchDepartment Factor = "RESEARCH_DEPARTMENT"
)

// Reason is what one factor says, in words that a civil servant can repeat.
type Reason struct {
	Factor Factor
	// Contribution is the factor's part of the score. Those of all reasons and differences add up to the score.
	Contribution float64
	Text         record.Text
	// Ours and Theirs are what was compared; nil where a side has nothing.
	Ours, Theirs record.Text
}

// Candidate is a project that may be comparable.
type Candidate struct {
	// Text is the share of the asker's words that it has, by their weight. OurWords are those words by language as the
	// asker wrote them, the most telling first; TheirWords as the candidate did. A language in which they have none in
	// common is left out.
	Text                 float64
	OurWords, TheirWords map[string][]string
	Domains, Methods     []*record.Concept
	Sources              []*record.DataSource
	Municipalities       []*record.Municipality
	// Department tells whether its publisher has a research department of its own; nil is unknown.
	Department *bool
}

// Comparison is what came out.
type Comparison struct {
	Score, Topic float64
	// Municipality is nil when nothing is known that could be compared.
	Municipality *float64
	// Reasons are what makes it comparable, most important first; what is unknown comes last, with contribution 0.
	// Differences are what makes it less so, the greatest loss first.
	Reasons, Differences []Reason
}

// Compare explains how comparable a candidate is.
func (a *Asker) Compare(c Candidate) Comparison {
	shares := a.shares(c)
	place := a.nearest(c.Municipalities)
	likeness := a.Place(place).And(a.Research(c.Department))
	out := Comparison{Topic: a.Topic(shares)}
	out.Score = a.Score(out.Topic, likeness)
	municipal := 0.0
	if share, known := likeness.Share(); known {
		out.Municipality, municipal = &share, a.Weights.Municipality
	}
	fs := a.topicFindings(c, shares, 1-municipal)
	out.Reasons, out.Differences = told(append(fs, a.placeFindings(place, c.Department, likeness.weight, municipal)...))
	return out
}

// Similar explains how alike two municipalities are, without a topic. Departments tell whether each has a research
// department of its own; nil is unknown.
func Similar(ours, theirs *record.Municipality, ourDepartment, theirDepartment *bool) Comparison {
	a := &Asker{Municipality: ours, Department: ourDepartment}
	likeness := a.Place(theirs).And(a.Research(theirDepartment))
	var out Comparison
	if share, known := likeness.Share(); known {
		out.Score, out.Municipality = share, &share
	}
	out.Reasons, out.Differences = told(a.placeFindings(theirs, theirDepartment, likeness.weight, 1))
	return out
}

func (a *Asker) shares(c Candidate) Shares {
	var m Meeting
	for _, d := range c.Domains {
		m = m.And(a.Meets(d))
	}
	return a.Share(c.Text, m, len(common(a.Methods, c.Methods, conceptIRI)), len(common(a.Sources, c.Sources, sourceIRI)))
}

// nearest is the municipality that is most like the asker's: a project of several is as comparable as the best of them.
func (a *Asker) nearest(ms []*record.Municipality) (best *record.Municipality) {
	var most Likeness
	for _, m := range ms {
		if l := a.Place(m); best == nil || l.Over(most) {
			best, most = m, l
		}
	}
	return best
}

func conceptIRI(c *record.Concept) string   { return c.IRI }
func sourceIRI(d *record.DataSource) string { return d.IRI }

// common are those of ours that are among theirs.
func common[T any](ours, theirs []T, key func(T) string) []T {
	var out []T
	for _, x := range ours {
		if slices.ContainsFunc(theirs, func(y T) bool { return key(x) == key(y) }) {
			out = append(out, x)
		}
	}
	return out
}

// finding is what one factor says, and what it says it with.
type finding struct {
	Reason
	// most is what the factor could have contributed.
	most float64
	// apart tells that it makes the candidate less comparable.
	apart bool
}

// told parts findings into reasons and differences, in the order in which they matter.
func told(fs []finding) (reasons, differences []Reason) {
	slices.SortStableFunc(fs, func(a, b finding) int {
		if a.apart && b.apart {
			return cmp.Compare(b.most-b.Contribution, a.most-a.Contribution)
		}
		return cmp.Compare(b.Contribution, a.Contribution)
	})
	for _, f := range fs {
		if f.apart {
			differences = append(differences, f.Reason)
		} else {
			reasons = append(reasons, f.Reason)
		}
	}
	return reasons, differences
}

// topicFindings says what the topics have in common; scale is the share of the topic in the score.
func (a *Asker) topicFindings(c Candidate, s Shares, scale float64) []finding {
	w := a.stated()
	if w.topic() == 0 {
		return nil
	}
	var out []finding
	add := func(factor Factor, weight, share float64, say func() saying) {
		if weight == 0 {
			return
		}
		most := scale * weight / w.topic()
		x := say()
		if x.text == nil {
			return
		}
		out = append(out, finding{Reason{factor, most * share, x.text, x.ours, x.theirs}, most, share == 0})
	}
	add(QuestionText, w.Text, s.Text, func() saying { return sayWords(c.OurWords, c.TheirWords) })
	add(PolicyDomain, w.Domain, s.Domain, func() saying { return sayDomains(a.domains(), c.Domains) })
	add(Method, w.Method, s.Method, func() saying { return sayMethods(a.Methods, c.Methods) })
	add(DataSource, w.Source, s.Source, func() saying { return saySources(a.Sources, c.Sources) })
	return out
}

// placeFindings says how alike the municipalities are. known is the weight of the parts that are known of both, scale
// the share of the municipality in the score.
func (a *Asker) placeFindings(theirs *record.Municipality, department *bool, known, scale float64) []finding {
	var out []finding
	add := func(factor Factor, weight, share float64, x saying) {
		most := 0.0
		if known > 0 {
			most = scale * weight / known
		}
		out = append(out, finding{Reason{factor, most * share, x.text, x.ours, x.theirs}, most, x.apart})
	}
	ours := a.Municipality
	switch {
	case ours == nil || theirs == nil:
	case ours.Code == theirs.Code:
		l := a.Place(theirs)
		add(Region, l.weight, 1, saySameMunicipality(ours))
	default:
		if ours.Population > 0 && theirs.Population > 0 {
			add(SizeClass, sizeWeight, sameSize(ours, theirs), saySize(ours, theirs))
		} else {
			add(SizeClass, 0, 0, sayUnknownSize(ours, theirs))
		}
		if ours.Urbanity > 0 && theirs.Urbanity > 0 {
			add(Urbanity, urbanityWeight, sameUrbanity(ours, theirs), sayUrbanity(ours, theirs))
		} else {
			add(Urbanity, 0, 0, sayUnknownUrbanity(ours, theirs))
		}
		if ours.Province != "" && theirs.Province != "" {
			add(Region, regionWeight, one(ours.Province == theirs.Province), sayProvince(ours, theirs))
		}
	}
	if ours != nil && a.Department != nil && department != nil {
		add(ResearchDepartment, departmentWeight, one(*a.Department == *department), sayDepartment(*a.Department, *department))
	}
	return out
}
