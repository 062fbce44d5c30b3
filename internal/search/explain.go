package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Expansion is something that was searched for besides what was typed.
type Expansion struct {
	// Typed is what it stands for, folded.
	Typed    string
	Relation Relation
	// Says is a label of Concept, or a word as it stands in a record that was found; then there is no concept.
	Says    string
	Concept *record.Concept
}

// NextStepKind is something to do for who found little.
type NextStepKind string

// Next steps.
const (
	// BroadenFilter leaves one filter out.
	BroadenFilter NextStepKind = "BROADEN_FILTER"
	// TryTerm searches for something else.
	TryTerm NextStepKind = "TRY_TERM"
)

// NextStep is a search that finds more, ready to be done.
type NextStep struct {
	Kind  NextStepKind
	Label record.Text
	// Query is what to type. Field, of BroadenFilter, is the filter to leave out; Total what is found then.
	Query string
	Field record.Field
	Total int
}

const (
	// littleFound is below how many records next steps are given.
	littleFound = 3
	// mostSteps and mostExpansions bound what is told.
	mostSteps      = 6
	mostExpansions = 50
)

// explain tells how the question was taken, once the hits of a page are known.
func (r *run) explain(ctx context.Context, x *Index, out *Result) error {
	if len(r.units) == 0 {
		out.Exact = out.Total
	} else {
		words := r.surfaces(x, out.Hits)
		out.Expansions = r.expansions(words)
		out.Suggestion = r.suggestion(words)
		for _, c := range r.reading.clauses {
			if c.unknown {
				out.Missing = append(out.Missing, r.Text[c.words[0].start:c.words[len(c.words)-1].end])
			}
		}
		out.Notice = r.notice(out)
	}
	if out.Exact >= littleFound || r.after != nil {
		return nil
	}
	var err error
	out.NextSteps, err = r.nextSteps(ctx, out)
	return err
}

// lookalikeOf is a term of a field that stands in for what was typed because it looks like it.
type lookalikeOf struct{ field, term string }

// surfaces are the lookalikes that were searched for, as they stand in the records that were found: the index has only
// their stems, and what no record says is never suggested.
func (r *run) surfaces(x *Index, hits []Hit) map[lookalikeOf]string {
	out := map[lookalikeOf]string{}
	if !slices.ContainsFunc(r.reading.alternatives, func(a *alternative) bool { return a.relation == Spelling || a.relation == Form }) {
		return out
	}
	wanted := map[lookalikeOf]bool{}
	for _, a := range r.reading.alternatives {
		if a.relation == Spelling || a.relation == Form {
			l := a.all[0].leaves[0]
			wanted[lookalikeOf{l.field, a.says}] = true
		}
	}
	for _, h := range hits {
		ws := h.Record.Words()
		for _, t := range slices.Concat([]record.Text{ws.Title, ws.Summary}, ws.Concepts, ws.Body) {
			for code, text := range t {
				l := x.languages.of(code)
				eachWord(text, func(w string, _, _ int) {
					t := l.analyzer.terms(w)
					if t == nil {
						return
					}
					key := lookalikeOf{l.field(wordField), string(t.whole)}
					if wanted[key] && out[key] == "" {
						out[key] = strings.ToLower(w)
					}
				})
			}
		}
	}
	return out
}

// expansions are what was searched for, without what is only the word itself in another form of writing.
func (r *run) expansions(words map[lookalikeOf]string) []Expansion {
	var out []Expansion
	for _, a := range r.reading.alternatives {
		e := Expansion{Typed: a.typed, Relation: a.relation, Says: a.says, Concept: a.concept}
		switch a.relation {
		case Typed, Compound:
			continue
		case Spelling, Form:
			if e.Says = words[lookalikeOf{a.all[0].leaves[0].field, a.says}]; e.Says == "" {
				continue
			}
		}
		if record.Fold(e.Says) != e.Typed && !slices.Contains(out, e) && len(out) < mostExpansions {
			out = append(out, e)
		}
	}
	return out
}

// suggestion is what was typed with the unknown words as they are probably spelled; empty when there is no better way
// to spell it.
func (r *run) suggestion(words map[lookalikeOf]string) string {
	var b strings.Builder
	at := 0
	for i, c := range r.reading.clauses {
		if !c.unknown || c.quoted {
			continue
		}
		best, weight := "", 0.0
		for _, a := range r.reading.alternatives {
			if a.relation != Spelling && a.relation != Form || a.from != i || a.weight <= weight {
				continue
			}
			w := words[lookalikeOf{a.all[0].leaves[0].field, a.says}]
			if w == "" {
				continue
			}
			// An error in an ending is small in the word and may be large in its stem.
			typed := c.words[0].text
			if a.relation == Spelling || edits(typed, normal(w)) <= editsAllowed(len(typed)) {
				best, weight = w, a.weight
			}
		}
		if best != "" {
			b.WriteString(r.Text[at:c.words[0].start])
			b.WriteString(best)
			at = c.words[0].end
		}
	}
	if at == 0 {
		return ""
	}
	return b.String() + r.Text[at:]
}

// notice says in plain words that these are not all what was asked for; nil when they are.
func (r *run) notice(out *Result) record.Text {
	var nl, en []string
	switch {
	case !out.Relaxed:
	case out.Suggestion != "" && len(r.reading.clauses) == 1:
		nl = append(nl, "Niets gevonden met ‘"+r.Text+"’. Dit zijn resultaten met ‘"+out.Suggestion+"’.")
		en = append(en, "Nothing has ‘"+r.Text+"’. These results have ‘"+out.Suggestion+"’.")
	case out.Exact == 0 && len(r.reading.clauses) == 1:
		nl = append(nl, "Niets gevonden met ‘"+r.Text+"’. Dit zijn resultaten met woorden die erop lijken of ermee te maken hebben.")
		en = append(en, "Nothing has ‘"+r.Text+"’. These results have words that look like it or have to do with it.")
	case out.Exact == 0:
		nl = append(nl, "Geen resultaten met alle woorden. Dit zijn resultaten met een deel van de woorden.")
		en = append(en, "No results with all words. These results have some of them.")
	case out.Exact == 1:
		nl = append(nl, "Eén resultaat heeft alle woorden en staat bovenaan. Daaronder staan resultaten met een deel van de woorden.")
		en = append(en, "One result has all words and comes first. Below it are results with some of them.")
	default:
		n := strconv.Itoa(out.Exact)
		nl = append(nl, n+" resultaten hebben alle woorden en staan bovenaan. Daaronder staan resultaten met een deel van de woorden.")
		en = append(en, n+" results have all words and come first. Below them are results with some of them.")
	}
	if len(out.Missing) > 0 && len(r.reading.clauses) > 1 {
		list := "‘" + strings.Join(out.Missing, "’, ‘") + "’"
		nl = append(nl, "Niet gevonden: "+list+".")
		en = append(en, "Not found: "+list+".")
	}
	if nl == nil {
		return nil
	}
	return record.Text{record.Dutch: strings.Join(nl, " "), record.English: strings.Join(en, " ")}
}

// nextSteps are searches that find more: with a filter left out, without words that nothing has, and with terms of the
// thesaurus near to what was typed.
func (r *run) nextSteps(ctx context.Context, found *Result) ([]NextStep, error) {
	var out []NextStep
	for i, m := range r.matches {
		n, err := r.totalWithout(ctx, i)
		if err != nil {
			return nil, err
		}
		if n <= found.Total {
			continue
		}
		l := m.Field.Label()
		out = append(out, NextStep{Kind: BroadenFilter, Query: r.Text, Field: m.Field, Total: n, Label: record.Text{
			record.Dutch:   fmt.Sprintf("Laat het filter ‘%s’ weg (%d)", l.In(record.Dutch), n),
			record.English: fmt.Sprintf("Leave out the filter ‘%s’ (%d)", l.In(record.English), n)}})
	}
	if len(r.units) == 0 {
		return out, nil
	}
	try := func(query string) {
		step := NextStep{Kind: TryTerm, Query: query, Label: record.Text{record.Dutch: "Zoek op ‘" + query + "’", record.English: "Search for ‘" + query + "’"}}
		same := func(s NextStep) bool { return s.Kind == TryTerm && record.Fold(s.Query) == record.Fold(query) }
		if len(out) < mostSteps && record.Fold(query) != record.Fold(strings.TrimSpace(r.Text)) && !slices.ContainsFunc(out, same) {
			out = append(out, step)
		}
	}
	if found.Suggestion != "" {
		try(found.Suggestion)
	}
	if known := r.knownWords(); known != "" && len(found.Missing) > 0 {
		try(known)
	}
	for _, relation := range []Relation{Related, Narrower, Broader, Synonym} {
		for _, a := range r.reading.alternatives {
			if a.relation == relation && a.concept != nil {
				try(a.says)
			}
		}
	}
	return out, nil
}

// knownWords are the words that some record has, as they were typed.
func (r *run) knownWords() string {
	var out []string
	for _, c := range r.reading.clauses {
		if !c.unknown {
			out = append(out, r.Text[c.words[0].start:c.words[len(c.words)-1].end])
		}
	}
	return strings.Join(out, " ")
}

// totalWithout is how many records match when one of the filters is left out.
func (r *run) totalWithout(ctx context.Context, match int) (int, error) {
	wider := *r
	plan := *r.plan
	plan.matches = slices.Delete(slices.Clone(r.matches), match, match+1)
	plan.Facets = nil
	wider.plan = &plan
	c := wider.newCollection(func(hit) {})
	if err := wider.collect(ctx, c); err != nil {
		return 0, err
	}
	if len(r.units) > 0 && !r.few(c.exact) {
		return c.exact, nil // that search is not widened
	}
	return c.total, nil
}
