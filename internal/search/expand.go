package search

import (
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Relation says what something that was searched for has to do with what was typed.
type Relation string

// Relations. The first three answer a word as well as the word itself would; the others only bring records into sight
// when few have all the words.
const (
	// Typed is the word itself, in all its inflections.
	Typed Relation = "TYPED"
	// Compound is what a compound says in words apart, such as "regelingen voor minima".
	Compound Relation = "COMPOUND"
	// Synonym is another word for the same in the thesaurus, in any language.
	Synonym Relation = "SYNONYM"
	// Narrower is a kind or part of it.
	Narrower Relation = "NARROWER"
	// Related and Broader come from the thesaurus too.
	Related Relation = "RELATED"
	Broader Relation = "BROADER"
	// Spelling is a word in the catalogue that is spelled almost like an unknown one.
	Spelling Relation = "SPELLING"
	// Form is a word that looks like it and is often of the same family, such as notulen and notuleren.
	Form Relation = "FORM"
)

// How much less an answer counts than the word itself. Chosen on a judged set; see docs/search.md.
var weightOfRelation = map[Relation]float64{Typed: 1, Compound: .5, Synonym: .5, Narrower: .2, Related: .15, Broader: .1, Spelling: .8, Form: .5}

// clause is a word or a phrase that was typed, and what answers it.
type clause struct {
	unit
	// mass is what it is worth when not all clauses can be answered: rare words say more.
	mass float64
	// unknown tells that no record has the word or one that means the same.
	unknown bool
}

// reading is what a question is taken to mean in one snapshot.
type reading struct {
	clauses      []clause
	alternatives []*alternative
	excluded     [][]anyOf
}

// read makes clauses of a question. literal leaves out what the thesaurus adds.
func (x *Index) read(m *matcher, q *question, literal bool) (*reading, error) {
	r := &reading{}
	for _, u := range q.excluded {
		sets, err := x.literally(m, u)
		if err != nil {
			return nil, err
		}
		if sets != nil {
			r.excluded = append(r.excluded, sets)
		}
	}
	for i, u := range q.units {
		r.clauses = append(r.clauses, clause{unit: u})
		if u.quoted {
			sets, err := x.literally(m, u)
			if err != nil {
				return nil, err
			}
			r.add(&alternative{relation: Typed, weight: 1, all: sets, from: i, to: i + 1})
			continue
		}
		if err := x.itself(m, r, i); err != nil {
			return nil, err
		}
	}
	if !literal {
		if err := x.meanings(m, r, q.units); err != nil {
			return nil, err
		}
	}
	for i := range r.clauses {
		r.clauses[i].unknown = !slices.ContainsFunc(r.alternatives, func(a *alternative) bool { return i >= a.from && i < a.to && !a.weak })
	}
	r.weigh(m)
	return r, nil
}

// add takes up an alternative if any record can have it.
func (r *reading) add(a *alternative) {
	if len(a.all) == 0 {
		return
	}
	for _, set := range a.all {
		if set.frequency == 0 {
			return
		}
	}
	r.alternatives = append(r.alternatives, a)
}

// weigh says what each clause is worth: as much as its word is rare or, when no record has it, what answers in its
// place; nothing when nothing does.
func (r *reading) weigh(m *matcher) {
	for c := range r.clauses {
		r.clauses[c].mass = 0
		most := 0
		for _, a := range r.alternatives {
			if c >= a.from && c < a.to && (a.relation == Typed || most == 0) {
				most = max(most, a.all[0].frequency)
			}
		}
		if most > 0 {
			r.clauses[c].mass = m.rarity(most)
		}
	}
}

// itself answers a clause by its word and, for a compound, by its parts.
func (x *Index) itself(m *matcher, r *reading, i int) error {
	w := r.clauses[i].words[0]
	var leaves []leaf
	for l, t := range w.terms {
		leaves = append(leaves, x.languages[l].leaves(t.whole)...)
	}
	set, err := m.set(leaves)
	if err != nil {
		return err
	}
	r.add(&alternative{relation: Typed, weight: weightOfRelation[Typed], all: []anyOf{set}, from: i, to: i + 1})
	for l, t := range w.terms {
		sets, err := x.languages[l].apart(m, t)
		if err != nil {
			return err
		}
		r.add(&alternative{relation: Compound, weight: weightOfRelation[Compound], all: sets, from: i, to: i + 1})
	}
	return nil
}

// leaves are the places in which a word of this language can be: by itself and as a part of a compound.
func (l *language) leaves(whole []byte) []leaf {
	out := []leaf{{l.field(wordField), whole}}
	if l.analyzer.split != nil {
		out = append(out, leaf{l.field(wordField), append([]byte{partMark}, whole...)})
	}
	return out
}

// apart are the parts of a compound, of which every one has to be there; nil for another word.
func (l *language) apart(m *matcher, t *terms) ([]anyOf, error) {
	var out []anyOf
	for _, p := range t.parts {
		set, err := m.set(l.leaves(p[1:]))
		if err != nil {
			return nil, err
		}
		out = append(out, set)
	}
	return out, nil
}

// set puts together leaves that stand for one word.
func (m *matcher) set(leaves []leaf) (anyOf, error) {
	out := anyOf{}
	for _, l := range leaves {
		n, err := m.count(l.field, l.term)
		if err != nil {
			return out, err
		}
		if n > 0 {
			out.leaves = append(out.leaves, l)
			out.frequency += n
		}
	}
	return out, nil
}

// literally asks for a word, or for all pairs of neighbours in a phrase, as they were typed; nil when no record has it.
func (x *Index) literally(m *matcher, u unit) ([]anyOf, error) {
	var out []anyOf
	add := func(name string, term func(language int) []byte) error {
		var leaves []leaf
		for l := range x.languages {
			leaves = append(leaves, leaf{x.languages[l].field(name), term(l)})
		}
		set, err := m.set(leaves)
		if err != nil {
			return err
		}
		out = append(out, set)
		return nil
	}
	if len(u.words) == 1 {
		err := add(wordField, func(l int) []byte { return u.words[0].terms[l].whole })
		return known(out), err
	}
	for i := 1; i < len(u.words); i++ {
		err := add(pairField, func(l int) []byte { return pair(u.words[i-1].terms[l].whole, u.words[i].terms[l].whole) })
		if err != nil {
			return nil, err
		}
	}
	return known(out), nil
}

// known are the sets if records have something of each of them, else nothing.
func known(sets []anyOf) []anyOf {
	if slices.ContainsFunc(sets, func(s anyOf) bool { return s.frequency == 0 }) {
		return nil
	}
	return sets
}

// meanings adds what the thesaurus has for the words.
func (x *Index) meanings(m *matcher, r *reading, us []unit) error {
	seen := map[string]bool{}
	last := -1
	for _, meant := range x.thesaurus().meanings(us) {
		if meant.from != last {
			last = meant.from
			clear(seen)
			if meant.to-meant.from > 1 {
				r.dropLetters(meant.from, meant.to)
			}
		}
		if err := x.mean(m, r, meant, seen); err != nil {
			return err
		}
	}
	return nil
}

// dropLetters leaves out what single letters found by themselves where they are part of a name, such as P-wet.
func (r *reading) dropLetters(from, to int) {
	r.alternatives = slices.DeleteFunc(r.alternatives, func(a *alternative) bool {
		return a.relation == Typed && a.from >= from && a.to <= to && len(r.clauses[a.from].words[0].text) == 1
	})
}

// mean answers clauses by the labels of a concept, each by itself and, if it is a compound, by its parts.
func (x *Index) mean(m *matcher, r *reading, of meaning, seen map[string]bool) error {
	typed := typedText(r.clauses[of.from:of.to])
	for _, l := range x.languages {
		for _, label := range labels(of.concept, l.code) {
			ts := l.analyzer.all(label)
			if key := l.code + joined(ts); len(ts) == 0 || seen[key] {
				continue
			} else {
				seen[key] = true
			}
			add := func(weight float64, sets []anyOf) {
				r.add(&alternative{relation: of.relation, weight: weightOfRelation[of.relation] * weight, all: sets, from: of.from, to: of.to,
					weak: of.relation == Related || of.relation == Broader, says: label, typed: typed, concept: of.concept})
			}
			var sets []anyOf
			for _, t := range ts {
				set, err := m.set(l.leaves(t.whole))
				if err != nil {
					return err
				}
				sets = append(sets, set)
			}
			add(1, sets)
			if len(ts) == 1 {
				sets, err := l.apart(m, ts[0])
				if err != nil {
					return err
				}
				add(weightOfRelation[Compound], sets)
			}
		}
	}
	return nil
}

func typedText(cs []clause) string {
	var out []string
	for _, c := range cs {
		for _, w := range c.words {
			out = append(out, w.text)
		}
	}
	return strings.Join(out, " ")
}

// all are the terms of the words of a text.
func (a *analyzer) all(text string) []*terms {
	var out []*terms
	eachWord(text, func(w string, _, _ int) {
		if t := a.terms(w); t != nil {
			out = append(out, t)
		}
	})
	return out
}

func joined(ts []*terms) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteByte(' ')
		b.Write(t.whole)
	}
	return b.String()
}

// labels of a concept in a language, the preferred one first.
func labels(c *record.Concept, code string) []string {
	var out []string
	if l := c.Label[code]; l != "" {
		out = append(out, l)
	}
	return append(out, c.Alternatives[code]...)
}

// widen adds answers that are less than what was asked for: words that are spelled almost like an unknown one, and words
// that look like a known one.
func (x *Index) widen(m *matcher, r *reading, words viewed) error {
	for i := range r.clauses {
		c := &r.clauses[i]
		if c.quoted {
			continue
		}
		w := c.words[0]
		for l, t := range w.terms {
			of := x.languages[l]
			similar, err := words.similar(of.field(wordField), string(t.whole))
			if err != nil {
				return err
			}
			for _, s := range similar {
				relation, weight := Form, weightOfRelation[Form]*s.likeness
				switch {
				case c.unknown && s.edits <= editsAllowed(len(t.whole)):
					relation, weight = Spelling, weightOfRelation[Spelling]/float64(s.edits)
				case s.likeness <= leastLikeness:
					continue
				}
				set, err := m.set(of.leaves([]byte(s.term)))
				if err != nil {
					return err
				}
				r.add(&alternative{relation: relation, weight: weight, all: []anyOf{set}, from: i, to: i + 1, weak: true, says: s.term, typed: w.text})
			}
		}
	}
	r.weigh(m)
	return nil
}

// editsAllowed is how many letters may be wrong in a word of so many.
func editsAllowed(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}
