// Package comparable says how comparable a project is to a question, and why. It holds the formula, the reasons and the
// differences in plain Dutch and English, and nothing else: who may be compared, and where candidates come from, is for
// its callers.
//
// The score is 0 to 1: .7 for the topic and .3 for the municipality, unless the asker weighs otherwise. What the asker
// does not state drops out of the topic, and the rest is weighed again; what only the other lacks counts 0. In the
// municipality everything drops out that is unknown of either.
package comparable

import (
	"math"

	"github.com/udc-community/plein/internal/record"
)

// Weights say how much each likeness counts. Text, Domain, Method and Source are relative to each other within the
// topic; Municipality is the share of the municipality in the score. All are 0 to 1.
type Weights struct{ Text, Domain, Method, Source, Municipality float64 }

// Usual are the weights for who chose none.
func Usual() Weights {
	return Weights{Text: .45, Domain: .25, Method: .15, Source: .15, Municipality: .3}
}

// Check refuses weights that cannot be. Without any weight on the topic only the municipality would be left.
func (w Weights) Check() record.Problems {
	var out record.Problems
	for _, x := range []struct {
		field string
		value float64
	}{{"text", w.Text}, {"domain", w.Domain}, {"method", w.Method}, {"source", w.Source}, {"municipality", w.Municipality}} {
		if !(x.value >= 0 && x.value <= 1) { // NaN is neither
			out = append(out, record.Wrong(record.Invalid, "Geef een gewicht van 0 tot en met 1.", "Give a weight from 0 to 1.", "weights", x.field))
		}
	}
	if len(out) == 0 && w.Text+w.Domain+w.Method+w.Source == 0 {
		out = append(out, record.Wrong(record.Invalid, "Geef de woorden, het thema, de methode of de bronnen een gewicht boven 0: een gemeente die lijkt, maakt een project niet vergelijkbaar.",
			"Give the words, the theme, the method or the sources a weight above 0: a similar municipality does not make a project comparable.", "weights"))
	}
	return out
}

// Gate is the topic below which a project is not comparable, however similar the municipality.
const Gate = .15

// Parts of the likeness of municipalities.
const (
	sizeWeight       = .4
	urbanityWeight   = .4
	regionWeight     = .1
	departmentWeight = .1
)

// farthest is how many times larger a municipality is when its size says nothing for it any more.
const farthest = 8

// Asker is the side that asks: a project, or what somebody described before there is one. The zero value of anything is
// what it does not state.
type Asker struct {
	Weights Weights
	// HasText tells that it has words that others can have too.
	HasText bool
	// Domains are at most MaxDomains; more do not count.
	Domains []*record.Concept
	Methods []*record.Concept
	Sources []*record.DataSource
	// Municipality is from where one looks.
	Municipality *record.Municipality
	// Department tells whether that municipality has a research department of its own.
	Department *bool
}

// MaxDomains is how many policy domains a project has at the most.
const MaxDomains = 3

// Meeting says how far the domains of another answer to each of the asker's: 1 is the same, ½ the same main theme.
type Meeting [MaxDomains]float64

// Meets compares one of their domains with the asker's.
func (a *Asker) Meets(theirs *record.Concept) (m Meeting) {
	for i, ours := range a.domains() {
		m[i] = kinship(ours, theirs)
	}
	return m
}

func (a *Asker) domains() []*record.Concept { return a.Domains[:min(len(a.Domains), MaxDomains)] }

func kinship(a, b *record.Concept) float64 {
	switch {
	case a.IRI == b.IRI:
		return 1
	case a.BroaderIRI == b.IRI, b.BroaderIRI == a.IRI, a.BroaderIRI != "" && a.BroaderIRI == b.BroaderIRI:
		return .5
	}
	return 0
}

// And takes the better of two for each of the asker's domains.
func (m Meeting) And(n Meeting) Meeting {
	for i := range m {
		m[i] = max(m[i], n[i])
	}
	return m
}

// Shares are how much of what the asker states another has, 0 to 1 each.
type Shares struct{ Text, Domain, Method, Source float64 }

// Share puts together what was found of each: the share of the words, the meeting of the domains, and how many of the
// asker's methods and sources the other has.
func (a *Asker) Share(text float64, domains Meeting, methods, sources int) Shares {
	s := Shares{Text: text}
	if n := len(a.domains()); n > 0 {
		for _, x := range domains {
			s.Domain += x
		}
		s.Domain /= float64(n)
	}
	if len(a.Methods) > 0 {
		s.Method = float64(methods) / float64(len(a.Methods))
	}
	if len(a.Sources) > 0 {
		s.Source = float64(sources) / float64(len(a.Sources))
	}
	return s
}

// stated are the weights of what the asker states.
func (a *Asker) stated() Weights {
	w := a.Weights
	if !a.HasText {
		w.Text = 0
	}
	if len(a.Domains) == 0 {
		w.Domain = 0
	}
	if len(a.Methods) == 0 {
		w.Method = 0
	}
	if len(a.Sources) == 0 {
		w.Source = 0
	}
	return w
}

func (w Weights) topic() float64 { return w.Text + w.Domain + w.Method + w.Source }

// Topic is how much the topics are alike, 0 to 1; 0 when the asker states nothing to compare by.
func (a *Asker) Topic(s Shares) float64 {
	w := a.stated()
	if w.topic() == 0 {
		return 0
	}
	return (w.Text*s.Text + w.Domain*s.Domain + w.Method*s.Method + w.Source*s.Source) / w.topic()
}

// Likeness adds up the parts of the municipality that are known of both.
type Likeness struct{ sum, weight float64 }

func (l Likeness) with(weight, share float64) Likeness {
	return Likeness{l.sum + weight*share, l.weight + weight}
}

// And adds the parts of another likeness.
func (l Likeness) And(o Likeness) Likeness { return Likeness{l.sum + o.sum, l.weight + o.weight} }

// Share is 0 to 1; false when nothing is known.
func (l Likeness) Share() (share float64, known bool) {
	if l.weight == 0 {
		return 0, false
	}
	return l.sum / l.weight, true
}

// Over tells whether this is the greater likeness; of two that are equal, the one of which more is known.
func (l Likeness) Over(o Likeness) bool {
	a, _ := l.Share()
	b, _ := o.Share()
	return a > b || a == b && l.weight > o.weight
}

// Place compares the size, the urbanity and the province of one of their municipalities with that of the asker.
func (a *Asker) Place(theirs *record.Municipality) (l Likeness) {
	ours := a.Municipality
	if ours == nil || theirs == nil {
		return l
	}
	if ours.Population > 0 && theirs.Population > 0 {
		l = l.with(sizeWeight, sameSize(ours, theirs))
	}
	if ours.Urbanity > 0 && theirs.Urbanity > 0 {
		l = l.with(urbanityWeight, sameUrbanity(ours, theirs))
	}
	if ours.Province != "" && theirs.Province != "" {
		l = l.with(regionWeight, one(ours.Province == theirs.Province))
	}
	return l
}

func sameSize(a, b *record.Municipality) float64 {
	return max(0, 1-math.Abs(math.Log(float64(a.Population)/float64(b.Population)))/math.Log(farthest))
}

func sameUrbanity(a, b *record.Municipality) float64 {
	return 1 - math.Abs(float64(a.Urbanity-b.Urbanity))/4
}

// Departments tells, by code, which municipalities have a research department of their own, as far as their
// organisations say so. One of a single municipality knows best.
func Departments(ref *record.Reference) map[string]bool {
	out, members := map[string]bool{}, map[string]int{}
	for _, o := range ref.AllOrganizations() {
		if o.HasResearchDepartment == nil {
			continue
		}
		for _, code := range o.MunicipalityCodes {
			if n, known := members[code]; !known || len(o.MunicipalityCodes) < n {
				out[code], members[code] = *o.HasResearchDepartment, len(o.MunicipalityCodes)
			}
		}
	}
	return out
}

// Research compares whether both have a research department of their own.
func (a *Asker) Research(theirs *bool) (l Likeness) {
	if a.Municipality == nil || a.Department == nil || theirs == nil {
		return l
	}
	return l.with(departmentWeight, one(*a.Department == *theirs))
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// Score joins both. Where nothing is known of the municipality the topic alone decides.
func (a *Asker) Score(topic float64, l Likeness) float64 {
	share, known := l.Share()
	if !known {
		return topic
	}
	return (1-a.Weights.Municipality)*topic + a.Weights.Municipality*share
}
